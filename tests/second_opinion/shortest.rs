//! Counterexamples as short, and ours is one in the other model too.

use paxos_playground::checker::{self, Verdict};
use paxos_playground::protocol::Invariant;
use stateright::{Checker, Model as _};

use super::paxos::Action;
use super::{Question, RULES};

fn theirs(action: checker::Action) -> Action {
    match action {
        checker::Action::Phase1a { ballot } => Action::Phase1a(ballot),
        checker::Action::Phase1b { acceptor, ballot } => Action::Phase1b(acceptor as usize, ballot),
        checker::Action::Phase2a { ballot, value } => Action::Phase2a(ballot, value),
        checker::Action::Phase2b {
            acceptor,
            ballot,
            value,
        } => Action::Phase2b(acceptor as usize, ballot, value),
        checker::Action::Forget { acceptor, lost } => Action::Forget {
            acceptor: acceptor as usize,
            promise: lost.promise,
            vote: lost.vote,
        },
    }
}

/// The steps to the shortest violation of agreement, on which both agree.
fn agree_on(question: &Question) -> Option<usize> {
    let found = question.theirs(true);
    let shortest = found
        .discovery("property")
        .map(|path| path.into_actions().len());
    let trace = match question.ours(Invariant::Agreement).verdict {
        Verdict::Holds => None,
        Verdict::Violated { trace, .. } => Some(trace),
        Verdict::Incomplete(why) => panic!("{why:?} {question:?}"),
    };
    assert_eq!(trace.as_ref().map(Vec::len), shortest, "{question:?}");
    if let Some(trace) = trace {
        let paxos = found.model();
        let agreed = paxos.properties()[0].condition;
        let mut state = paxos.init_states().remove(0);
        for action in trace {
            assert!(agreed(paxos, &state), "{question:?}: violated before");
            let next = paxos.next_state(&state, theirs(action));
            state = next.unwrap_or_else(|| panic!("{question:?}: {action:?} in {state:?}"));
        }
        assert!(!agreed(paxos, &state), "{question:?}: not violated");
    }
    shortest
}

#[test]
fn with_two_ballots() {
    let known = [
        ("shared-ballots", Some(9)),
        ("accept-ignores-promise", Some(12)),
        ("accept-keeps-promise", None),
        ("own-value-always", Some(12)),
        ("lowest-vote", None),
        ("any-vote", None),
        ("promise-hides-vote", Some(12)),
        ("amnesia-promise", Some(13)),
        ("amnesia-vote", Some(13)),
        ("learner-adds-ballots", None),
    ];
    for (rule, steps) in known {
        let found = agree_on(&Question::new(3, 2, 2).breaking(&[rule]));
        assert_eq!(found, steps, "{rule}");
    }
}

#[test]
fn of_a_crash_that_forgets_everything() {
    let forgets = Question::new(3, 2, 2)
        .wishes(&[0, 1])
        .breaking(&["amnesia"]);
    assert_eq!(agree_on(&forgets), Some(13));
}

#[test]
fn with_three_ballots() {
    for rule in ["accept-keeps-promise", "lowest-vote", "any-vote"] {
        let three = Question::new(3, 2, 3).wishes(&[0, 1, 0]);
        assert_eq!(agree_on(&three.breaking(&[rule])), Some(17), "{rule}");
    }
}

#[test]
fn of_quorums_that_need_not_meet() {
    assert_eq!(agree_on(&Question::new(3, 2, 2).quorums(1, 1)), Some(8));
    assert_eq!(agree_on(&Question::new(2, 2, 2).quorums(1, 1)), Some(8));
    assert!(agree_on(&Question::new(4, 2, 2).quorums(2, 2)).is_some());
    assert!(agree_on(&Question::new(3, 2, 2).quorums(2, 1)).is_some());
    assert_eq!(agree_on(&Question::new(3, 2, 2).quorums(3, 1)), None);
}

#[test]
fn of_any_two_broken_rules() {
    for (index, one) in RULES.into_iter().enumerate() {
        for two in &RULES[index + 1..] {
            agree_on(&Question::new(2, 2, 2).wishes(&[0, 1]).breaking(&[one, two]));
            agree_on(&Question::new(1, 2, 2).breaking(&[one, two]));
        }
    }
}
