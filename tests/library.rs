//! Every scenario of the library does what it promises, and always the same.
//!
//! `UPDATE_PLAYS=1 cargo test --test library` writes `tests/library` anew after a change that is
//! meant, to be reviewed like code.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use paxos_playground::scenario::{BUILT_IN, Expected, Occasion, Scenario, When, built_in};
use support::library::{TOLD, tell};

#[test]
fn every_scenario_gives_the_events_that_are_written_down() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/library");
    let update = std::env::var_os("UPDATE_PLAYS").is_some();
    let ids = |list: &[(&'static str, &str)]| list.iter().map(|(id, _)| *id).collect::<Vec<_>>();
    assert_eq!(ids(TOLD), ids(BUILT_IN));
    for (id, told) in TOLD {
        let (happened, _) = tell(&built_in(id).unwrap());
        if update {
            fs::write(folder.join(id).with_extension("txt"), happened).unwrap();
        } else {
            assert!(happened == *told, "{id}: compare with `paxos run {id}`");
        }
    }
    let files = fs::read_dir(folder).unwrap();
    assert_eq!(files.count(), TOLD.len(), "a file is left over");
}

#[test]
fn every_scenario_meets_its_expectations_and_names_only_messages_that_are_sent() {
    for (id, text) in BUILT_IN {
        let scenario = Scenario::parse(text).unwrap_or_else(|why| panic!("{id}: {why}"));
        let (told, cluster) = tell(&scenario);
        assert_eq!(scenario.expect.missed(&cluster), [], "{id}");
        assert!(cluster.waiting().is_empty(), "{id}");
        assert!(!told.contains(" cannot "), "{id}: a command is refused");
        assert_ne!(scenario.expect.violation, Expected::Anything, "{id}");
        let broken = scenario.title.starts_with("Broken");
        let expected = matches!(scenario.expect.violation, Expected::Just(_));
        assert_eq!(broken, expected, "{id}: its title says what it is");
    }
}

#[test]
fn every_note_has_its_moment_and_is_short() {
    for (id, _) in BUILT_IN {
        let scenario = built_in(id).unwrap();
        assert!(
            !scenario.title.is_empty() && !scenario.summary.is_empty(),
            "{id}"
        );
        assert!(scenario.notes.len() >= 3, "{id}");
        let last = scenario.notes.last().map(|note| &*note.title);
        assert!(matches!(last, Some("Your turn" | "Try next")), "{id}");
        let mut facts = Vec::new();
        let cluster = scenario
            .play(|_, events| facts.extend_from_slice(events))
            .unwrap();
        for note in &scenario.notes {
            let comes = match note.when {
                When::At(at) => at <= cluster.now(),
                When::On(occasion) => facts.iter().any(|event| occasion.is(&event.fact)),
            };
            assert!(comes, "{id}: “{}” is never shown", note.title);
            assert!(note.text.chars().count() <= 240, "{id}: {}", note.text);
        }
        let moments: BTreeSet<String> = scenario
            .notes
            .iter()
            .map(|its| format!("{:?}", its.when))
            .collect();
        assert_eq!(
            moments.len(),
            scenario.notes.len(),
            "{id}: two notes at one moment"
        );
    }
    assert_eq!(Occasion::Chosen.name(), "chosen");
}

#[test]
fn every_scenario_is_read_again_as_it_was_written() {
    for (id, _) in BUILT_IN {
        let scenario = built_in(id).unwrap();
        let written = scenario.to_json();
        assert_eq!(Scenario::parse(&written), Ok(scenario), "{id}\n{written}");
    }
}

/// What each scenario is for, as sentences that have to be said, in this order.
const PROMISES: &[(&str, &[&str])] = &[
    ("hello", &["“Hello” is chosen", "L learns “Hello”"]),
    (
        "chosen-is-not-learned",
        &[
            "150  “Hello” is chosen",
            "is held until it is let go",
            "900  Messages pass again",
            "L learns “Hello”",
        ],
    ),
    (
        "late-proposer",
        &[
            "“Hello” is chosen: ",
            "so it must send Accept(1.Q, Hello) and not “World”",
            "“Hello” is chosen once more",
        ],
    ),
    (
        "highest-ballot-wins",
        &[
            "A votes for “red” in ballot 1.P",
            "B votes for “green” in ballot 1.Q",
            "The highest vote reported is for “green” in ballot 1.Q, so it must send Accept(1.R, green) and not “blue”",
            "“green” is chosen",
        ],
    ),
    (
        "duel",
        &[
            "refuses to vote in ballot 1.P",
            "refuses to vote in ballot 1.Q",
            "refuses to vote in ballot 4.P",
            "refuses to vote in ballot 4.Q",
        ],
    ),
    (
        "duel-ends",
        &[
            "refuses to vote in ballot 1.P",
            "refuses to vote in ballot 1.Q",
            "refuses to vote in ballot 2.P",
            "is chosen: ",
        ],
    ),
    (
        "delayed-accept",
        &[
            "“World” is chosen",
            "A refuses to vote in ballot 1.P: it has promised 1.Q",
            "C refuses to vote in ballot 1.P",
        ],
    ),
    (
        "late-and-double-promise",
        &[
            "P has 1 of 2 promises for 1.P, now from A",
            "P does not count a promise for 1.P: it has counted that one already",
            "promises from A and B",
            "P does not count a promise for 1.P: its value is fixed already",
        ],
    ),
    (
        "proposer-dies",
        &[
            "P crashes",
            "A votes for “Hello” in ballot 1.P",
            "so it must send Accept(1.Q, Hello) and not “World”",
            "“Hello” is chosen: ",
        ],
    ),
    (
        "minority-down",
        &["C crashes", "A and B, 2 of 3, voted", "C restarts"],
    ),
    (
        "majority-down",
        &[
            "P has waited long enough for ballot 1.P",
            "B restarts",
            "A and B, 2 of 3, voted in ballot 4.P",
        ],
    ),
    (
        "crash-with-storage",
        &[
            "A and B, 2 of 3, voted in ballot 1.P",
            "B crashes: only what it had stored survives",
            "so it must send Accept(1.Q, Hello) and not “World”",
        ],
    ),
    (
        "rough-network",
        &[
            "is doubled by the network",
            "is lost: the network loses some",
            "“Hello” is chosen: ",
            "it must send Accept",
        ],
    ),
    (
        "minority-partition",
        &[
            "P has 2 of 3 promises",
            "C, D and E, 3 of 5, voted in ballot 1.Q",
            "All links work again",
            "so it must send Accept(3.P, World) and not “Hello”",
            "M learns “World”",
        ],
    ),
    (
        "one-way-link",
        &[
            "is lost at once: the link is cut",
            "A and B, 2 of 3, voted",
            "L learns “Hello”",
        ],
    ),
    (
        "quorum-loss",
        &[
            "B has 2 of 3 promises",
            "C, D and E, 3 of 5, voted in ballot 1.A",
            "A learns “World”",
        ],
    ),
    (
        "chained",
        &[
            "A and B, 2 of 3, voted in ballot 1.A",
            "so it must send Accept(1.C, Hello) and not “World”",
            "C learns “Hello”",
        ],
    ),
    (
        "flexible-quorums",
        &[
            "promises from A, B and C",
            "A and B, 2 of 4, voted",
            "Q has 2 of 3 promises",
            "C restarts",
            "and not “World”",
        ],
    ),
    (
        "accept-ignores-promise",
        &[
            "“World” is chosen: ",
            "A votes for “Hello” in ballot 1.P",
            "Two values are chosen!",
        ],
    ),
    (
        "own-value-always",
        &[
            "but that rule is broken: it sends Accept(1.Q, World)",
            "Two values are chosen!",
        ],
    ),
    (
        "shared-ballots",
        &[
            "“Hello” is chosen: ",
            "B votes for “World” in ballot 1.P",
            "one-value-per-ballot",
            "Two values are chosen!",
        ],
    ),
    (
        "accept-keeps-promise",
        &[
            "B and C, 2 of 3, voted in ballot 1.Q",
            "B votes for “Hello” in ballot 1.P",
            "so it must send Accept(1.R, Hello)",
            "Two values are chosen!",
        ],
    ),
    (
        "amnesia",
        &[
            "A crashes and loses what it had stored",
            "No vote was reported, so it is free to send Accept(1.Q, World)",
            "Two values are chosen!",
        ],
    ),
    (
        "quorums-that-do-not-meet",
        &[
            "“Hello” is chosen: A and B",
            "accept-is-safe",
            "“World” is: C and D",
            "M learns “World”",
        ],
    ),
    (
        "learner-adds-ballots",
        &[
            "L learns “Hello”",
            "learned-implies-chosen",
            "“World” is chosen: ",
            "but it has learned “Hello”",
        ],
    ),
];

#[test]
fn every_scenario_keeps_its_promise() {
    assert_eq!(PROMISES.len(), BUILT_IN.len());
    for (id, sentences) in PROMISES {
        let (told, _) = tell(&built_in(id).unwrap());
        let mut rest = told.as_str();
        for sentence in *sentences {
            let Some(at) = rest.find(sentence) else {
                panic!("{id}: “{sentence}” is not said, or too early");
            };
            rest = &rest[at..];
        }
    }
    let (duel, _) = tell(&built_in("duel").unwrap());
    assert!(!duel.contains("votes for"), "nobody ever votes");
    let (one_way, _) = tell(&built_in("one-way-link").unwrap());
    assert!(!one_way.contains("P knows that"), "P cannot know");
}
