//! The scenario that the page opens on, as a value: on a first visit the page has no reader of files.

use crate::cluster::{Command, Millis, ProcessSpec, Roles, Setup};
use crate::protocol::ProcessId;

use super::{Expect, Expected, Note, Occasion, Place, Scenario, When};

/// Its id.
pub const FIRST: &str = "hello";

/// The same as the built-in scenario of that id.
pub fn first() -> Scenario {
    let process = |name: &str, roles| ProcessSpec {
        name: name.into(),
        roles,
    };
    let place = |x, y| Place { x, y };
    let note = |when, title: &str, text: &str| Note {
        when,
        title: title.into(),
        text: text.into(),
    };
    let at = |time| When::At(Millis(time));
    let setup = Setup {
        seed: 7,
        processes: vec![
            process("P", Roles::PROPOSER),
            process("A", Roles::ACCEPTOR),
            process("B", Roles::ACCEPTOR),
            process("C", Roles::ACCEPTOR),
            process("L", Roles::LEARNER),
        ],
        ..Setup::default()
    };
    let propose = Command::Propose {
        process: ProcessId(0),
        value: "Hello".into(),
    };
    Scenario {
        id: FIRST.into(),
        title: "Hello".into(),
        summary: "One proposer, three acceptors, one learner. P wants “Hello”, and nothing fails."
            .into(),
        places: vec![
            place(90.0, 300.0),
            place(420.0, 90.0),
            place(600.0, 300.0),
            place(420.0, 510.0),
            place(910.0, 300.0),
        ],
        notes: vec![
            note(
                at(0),
                "One value, and only one",
                "Three acceptors are to choose one value, whatever gets lost and whoever crashes. Press Play, or walk with Next at your own pace: P is about to ask for “Hello”.",
            ),
            note(
                at(30),
                "A ballot begins",
                "P takes a ballot number that nobody else will ever use, 1.P, and asks every acceptor for a promise: Prepare(1.P).",
            ),
            note(
                at(70),
                "Promises",
                "An acceptor that promises 1.P will take no part in any lower ballot, and reports the vote it cast last. So far nobody has voted.",
            ),
            note(
                When::On(Occasion::Chosen),
                "The moment of choice",
                "Two of three acceptors have voted for “Hello” in the same ballot. It is chosen from now on, and nobody knows it yet.",
            ),
            note(
                When::On(Occasion::Learned),
                "Now it is known",
                "L has heard of enough votes. Knowing comes after the fact.",
            ),
            note(
                at(253),
                "Your turn",
                "Go back, click A and crash it: two of three are enough. Or add a proposer, play until “Hello” is chosen, and let it propose “World”: it ends up with “Hello”. Then break a rule, under Rules.",
            ),
        ],
        expect: Expect {
            chosen: Expected::Just("Hello".into()),
            learned: Expected::Just("Hello".into()),
            violation: Expected::Nothing,
        },
        ..Scenario::new(setup, vec![(Millis(0), propose)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{BUILT_IN, built_in};

    #[test]
    fn it_is_the_first_of_the_library() {
        assert_eq!(BUILT_IN[0].0, FIRST);
        assert_eq!(Some(first()), built_in(FIRST));
    }
}
