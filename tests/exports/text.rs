//! What users typed stays text: in a drawing, a diagram and a module.

use std::collections::BTreeSet;

use paxos_playground::cluster::{Fact, ProcessSpec, Roles, Setup};
use paxos_playground::scenario::export::{ExportError, Format, Played, export};
use paxos_playground::scenario::{Question, Scenario};

use super::{all, awkward, files, play, written};

#[test]
fn a_drawing_is_xml_without_anything_active() {
    for (id, played) in all() {
        let svg = written(&played, Format::Svg);
        let tree = roxmltree::Document::parse(&svg).unwrap_or_else(|why| panic!("{id}: {why}"));
        let elements = tree.descendants().filter(roxmltree::Node::is_element);
        let known: BTreeSet<&str> = elements.clone().map(|its| its.tag_name().name()).collect();
        let allowed = [
            "circle", "desc", "g", "path", "rect", "style", "svg", "text", "title",
        ];
        assert!(known.iter().all(|name| allowed.contains(name)), "{known:?}");
        let attributes = elements.flat_map(|its| its.attributes());
        for attribute in attributes {
            assert!(!attribute.name().starts_with("on"));
            assert!(!attribute.value().contains("NaN") && !attribute.value().contains("inf"));
        }
        let root = tree.root_element();
        assert_eq!(root.attribute("role"), Some("img"));
        let count = |kind: fn(&Fact) -> bool| {
            let events = played.events().iter();
            events.filter(|event| kind(&event.fact)).count()
        };
        let sent = count(|fact| matches!(fact, Fact::Sent(_) | Fact::Duplicated { .. }));
        let strokes = svg.matches(", sent at ").count();
        assert_eq!(strokes, sent, "{id}: every message has its line");
    }
}

#[test]
fn a_drawing_shows_names_as_they_are() {
    let svg = written(&awkward(), Format::Svg);
    let tree = roxmltree::Document::parse(&svg).unwrap();
    let texts: Vec<&str> = tree.descendants().filter_map(|node| node.text()).collect();
    for name in ["P;#<b>\"%%{x}", "a b\\\"c", "żółw 🐢"] {
        assert!(texts.contains(&name), "{name}");
    }
}

/// The grammar ends a text at `;`, `#` and the end of the line, and reads `%%` as a comment.
#[test]
fn a_diagram_has_nothing_but_its_own_signs() {
    for (id, played) in all() {
        let diagram = written(&played, Format::Mermaid);
        for line in diagram.lines().skip(1) {
            let text = match line.split_once(": ") {
                Some((_, text)) => text,
                None => line.trim_start(),
            };
            let mut rest = text;
            while let Some(at) = rest.find(['#', ';', '<', '>', '"', '%', '{', ':', '&', '\\']) {
                assert!(rest[at..].starts_with('#'), "{id}: {line}");
                let number = rest[at + 1..].split(';').next().unwrap();
                assert!(number.parse::<u32>().is_ok(), "{id}: {line}");
                rest = &rest[at + 2 + number.len()..];
            }
        }
    }
}

#[test]
fn every_message_that_ended_and_every_crash_is_in_the_diagram() {
    for (id, played) in all() {
        let diagram = written(&played, Format::Mermaid);
        let count = |kind: fn(&Fact) -> bool| {
            let events = played.events().iter();
            events.filter(|event| kind(&event.fact)).count()
        };
        let lines = |what: &str| diagram.lines().filter(|line| line.contains(what)).count();
        let delivered = count(|fact| matches!(fact, Fact::Delivered(_)));
        assert_eq!(lines("-)p"), delivered, "{id}");
        let lost = count(|fact| matches!(fact, Fact::Lost { .. }));
        assert_eq!(lines("-xp"), lost, "{id}");
        let chosen = count(|fact| matches!(fact, Fact::Chosen { .. }));
        assert!(lines("Note over") >= chosen);
        let participants = played.scenario().setup.processes.len();
        assert_eq!(lines("    participant "), participants);
    }
}

#[test]
fn a_module_is_ascii_and_named_like_its_files() {
    for (id, played) in all() {
        let files = files(&played, Format::Tla);
        let [module, cfg] = files.as_slice() else {
            panic!("two files")
        };
        let name = module.name.strip_suffix(".tla").unwrap();
        assert_eq!(cfg.name, format!("{name}.cfg"));
        assert!(module.text.contains(&format!(" MODULE {name} ")), "{id}");
        assert!(module.text.is_ascii(), "{id}");
        assert!(cfg.text.contains("\nINVARIANT Agreement\n"), "{id}");
    }
    let awkward = written(&awkward(), Format::Tla);
    assert!(
        awkward.contains("Acceptors == {\"end\", \"a2\", \"a_b__c\", \"a4\"}"),
        "{awkward}"
    );
}

#[test]
fn what_no_model_can_hold_is_said_with_the_name_of_the_option() {
    let spec = |index: u32| ProcessSpec {
        name: format!("A{index}").into(),
        roles: Roles::ACCEPTOR,
    };
    let setup = Setup {
        processes: (0..40).map(spec).collect(),
        ..Setup::default()
    };
    let many = Played::of(Scenario::new(setup, Vec::new())).unwrap();
    let said = |played: &Played, question: &Question| {
        let error = export(Format::Tla, played, question).unwrap_err();
        assert!(matches!(error, ExportError::Model(_)));
        error.to_string()
    };
    assert_eq!(
        said(&many, &Question::default()),
        "acceptors is 40, and must be from 1 to 32"
    );
    let question = Question {
        ballots: Some(17),
        ..Question::default()
    };
    assert_eq!(
        said(&play("hello"), &question),
        "ballots is 17, and must be from 1 to 16"
    );
}
