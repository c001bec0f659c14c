//! Links that were made once open for ever, and what they show is written beside them.
//!
//! Each file of this folder is a link and what it shows. A link in a file is never made anew: if
//! one does not open any more, or shows something else, people's links are broken. After a change
//! of words that is meant, `UPDATE_LINKS=1 cargo test --test links` writes what they show anew. A
//! link that is to be kept for the first time is printed by the test that makes it.

#[path = "../support/mod.rs"]
mod support;

mod made;

use std::fmt::Write;
use std::fs;
use std::path::Path;

use paxos_playground::cluster::Cluster;
use paxos_playground::history::{Branch, LINK_LIMIT, Position, Run};
use paxos_playground::scenario::{Expect, Scenario, built_in};
use support::play::transcript;

/// All that a link shows, for people. What is the library's to say is left out: it may change.
fn told(run: &Run) -> String {
    let mut scenario = Scenario::clone(run.scenario());
    if let Some(known) = built_in(&scenario.id) {
        if scenario.notes == known.notes {
            scenario.notes.clear();
        }
        if scenario.expect == known.expect {
            scenario.expect = Expect::default();
        }
        if scenario.summary == known.summary {
            scenario.summary.clear();
        }
    }
    let mut text = scenario.to_json();
    let at = |at: Position| format!("{} steps, {} ms", at.steps, at.time);
    for branch in run.branches() {
        let mut shown = run.clone();
        shown.switch(branch.id()).unwrap();
        writeln!(
            text,
            "\nbranch {}{}{}\n  ends after {}, was left after {}",
            branch.id().0,
            branch
                .name()
                .map_or(String::new(), |name| format!(" “{name}”")),
            branch.parent().map_or(String::new(), |id| {
                format!(" left branch {} after {}", id.0, at(branch.fork()))
            }),
            at(branch.end()),
            at(shown.cursor()),
        )
        .unwrap();
        for (given, command) in shown.commands() {
            let script = vec![(given.time, command.clone())];
            let file = Scenario::new(scenario.setup.clone(), script).to_json();
            let entry = file.lines().find(|line| line.contains("\"do\"")).unwrap();
            writeln!(text, "  after {} steps {}", given.steps, entry.trim()).unwrap();
        }
    }
    let cluster: &Cluster = run.cluster();
    let events = run.events().to_vec();
    write!(
        text,
        "\nshown is branch {} after {}\n{}",
        run.branch().id().0,
        at(run.cursor()),
        transcript(&run.scenario().setup, cluster, &events)
    )
    .unwrap();
    text
}

fn ids(run: &Run) -> Vec<u32> {
    run.branches()
        .iter()
        .map(Branch::id)
        .map(|id| id.0)
        .collect()
}

#[test]
fn every_link_that_was_made_once_shows_what_is_written_beside_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/links");
    let update = std::env::var_os("UPDATE_LINKS").is_some();
    let mut count = 0;
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "txt") {
            continue;
        }
        count += 1;
        let written = fs::read_to_string(&path).unwrap();
        let link = written.lines().next().unwrap();
        let run = Run::from_link(link).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
        let now = format!("{link}\n\n{}", told(&run));
        if update {
            fs::write(&path, now).unwrap();
        } else {
            assert!(
                now == written,
                "{}: see with UPDATE_LINKS=1",
                path.display()
            );
        }
    }
    assert!(count >= 6, "{count}");
}

#[test]
fn a_hundred_deeds_on_any_scenario_of_the_library_make_a_link_of_2000_characters_at_most() {
    for (id, _) in paxos_playground::scenario::BUILT_IN {
        let run = made::hundred_deeds(id);
        let deeds: usize = ids(&run).len() - 1 + run.commands().count();
        let link = run.to_link(&run.scenario().places);
        println!(
            "{id}: {} characters, {deeds} commands and branches",
            link.len()
        );
        assert!(link.len() <= 2_000, "{id}: {} characters", link.len());
        made::same(&Run::from_link(&link).unwrap(), &run);
    }
}

#[test]
fn what_is_wrong_with_a_link_is_said() {
    let run = made::branches();
    let link = run.to_link(&run.scenario().places);
    let error = |link: &str| Run::from_link(link).unwrap_err().to_string();
    assert_eq!(
        error(""),
        "the link begins with “”, and the only version that is known is 1"
    );
    assert_eq!(
        error("<img src=x onerror=alert(1)>"),
        "the link begins with “<”, and the only version that is known is 1"
    );
    let newer = link.replacen('1', "2", 1);
    assert_eq!(
        error(&newer),
        "the link begins with “2”, and the only version that is known is 1"
    );
    for cut in 1..link.len() {
        let said = error(&link[..cut]);
        assert!(said.starts_with("the link is damaged: "), "{cut}: {said}");
    }
    let mut damaged = link.clone().into_bytes();
    damaged.swap(20, 21);
    let damaged = String::from_utf8(damaged).unwrap();
    assert_eq!(
        error(&damaged),
        "the link is damaged: some of it is missing or was changed"
    );
    let long = "1".repeat(LINK_LIMIT + 1);
    assert_eq!(
        error(&long),
        "the link has 8001 characters, and 8000 is the limit"
    );
}

#[test]
fn what_would_keep_a_page_busy_is_refused_and_said() {
    let error = |run: &Run| {
        let link = run.to_link(&run.scenario().places);
        Run::from_link(&link).unwrap_err().to_string()
    };
    assert_eq!(
        error(&made::crowd(301)),
        "the link's cast has more than 300 processes"
    );
    assert_eq!(
        error(&made::endless(60_000)),
        "the link's branch 1 makes more to be played again than 50000 events"
    );
}
