//! As many states, as many steps and as deep.

use paxos_playground::checker::Verdict;
use paxos_playground::protocol::Invariant;
use stateright::Checker;

use super::{Question, RULES};

/// Whether both count the same states, the same steps and the same depth; how many states.
fn agree_on(question: &Question) -> u64 {
    // Validity holds whatever is broken, so that all states are counted: the full ones.
    let ours = question.ours(Invariant::Validity);
    assert_eq!(ours.verdict, Verdict::Holds, "{question:?}");
    let ours = ours.progress;
    let theirs = question.theirs(false);
    let theirs = (
        theirs.unique_state_count() as u64,
        theirs.state_count() as u64,
        theirs.max_depth() as u32,
    );
    let counted = (ours.distinct, ours.generated, ours.depth);
    assert_eq!(counted, theirs, "{question:?}");
    // For agreement the small states are counted, if there are such; all of them if it holds.
    let small = question.ours(Invariant::Agreement);
    if small.verdict == Verdict::Holds {
        let small = small.progress;
        let counted = (small.distinct, small.generated, small.depth);
        assert_eq!(counted, theirs, "{question:?}");
    }
    ours.distinct
}

/// The same where agreement holds, so that the small states are counted too.
fn agree_on_both_packings(question: &Question) {
    let small = question.ours(Invariant::Agreement);
    assert_eq!(small.verdict, Verdict::Holds, "{question:?}");
    agree_on(question);
}

#[test]
fn of_paxos_in_many_sizes() {
    for (acceptors, values, ballots) in [
        (1, 1, 2),
        (3, 2, 1),
        (3, 2, 2),
        (2, 2, 3),
        (4, 1, 2),
        (5, 1, 1),
        (1, 3, 3),
        (2, 3, 2),
        (2, 1, 4),
    ] {
        agree_on_both_packings(&Question::new(acceptors, values, ballots));
    }
}

#[test]
fn of_flexible_quorums_and_of_some_that_need_not_meet() {
    for (phase1, phase2) in [(3, 2), (2, 3), (4, 1)] {
        agree_on_both_packings(&Question::new(4, 1, 2).quorums(phase1, phase2));
    }
    for (phase1, phase2) in [(3, 1), (1, 3)] {
        agree_on_both_packings(&Question::new(3, 2, 2).quorums(phase1, phase2));
    }
    for (phase1, phase2) in [(1, 2), (1, 1)] {
        agree_on(&Question::new(3, 2, 2).quorums(phase1, phase2));
    }
    agree_on_both_packings(&Question::new(4, 2, 2).quorums(3, 2));
}

#[test]
fn of_ballots_with_values_of_their_own() {
    agree_on_both_packings(&Question::new(3, 2, 2).wishes(&[0, 1]));
    agree_on_both_packings(&Question::new(3, 2, 2).wishes(&[1, 1]));
    agree_on_both_packings(&Question::new(2, 3, 3).wishes(&[2, 0, 1]));
    agree_on_both_packings(&Question::new(2, 2, 4).wishes(&[0, 1, 0, 1]));
    for rule in RULES.into_iter().filter(|&rule| rule != "amnesia") {
        agree_on(&Question::new(3, 2, 2).wishes(&[0, 1]).breaking(&[rule]));
    }
}

/// With three ballots there can be two reported votes to choose from. Where all have to vote, not
/// even the wrong choice breaks agreement so soon.
#[test]
fn of_three_ballots() {
    let three = Question::new(3, 2, 3).wishes(&[0, 1, 0]).quorums(2, 3);
    agree_on_both_packings(&three);
    for rule in ["lowest-vote", "any-vote"] {
        agree_on_both_packings(&three.clone().breaking(&[rule]));
    }
}

#[test]
fn of_each_broken_rule_in_small_sizes() {
    for rule in RULES {
        for (acceptors, values, ballots) in [(1, 1, 2), (1, 2, 3), (2, 2, 2), (3, 2, 1), (5, 1, 1)]
        {
            agree_on(&Question::new(acceptors, values, ballots).breaking(&[rule]));
        }
    }
}

#[test]
fn of_each_broken_rule_of_the_messages() {
    let changed: Vec<u64> = RULES[..7]
        .iter()
        .map(|rule| agree_on(&Question::new(3, 2, 2).breaking(&[rule])))
        .collect();
    // A rule that changes nothing would be agreed on too. With two ballots there is one vote to
    // choose from.
    let paxos = 3_921;
    let (lowest, any) = (changed[4], changed[5]);
    assert_eq!((lowest, any), (paxos, paxos));
    let others = [0, 1, 2, 3, 6].map(|rule: usize| changed[rule]);
    assert!(others.iter().all(|&count| count > paxos), "{changed:?}");
}

#[test]
fn of_each_broken_rule_of_storage() {
    for rule in ["amnesia-promise", "amnesia-vote"] {
        agree_on(&Question::new(3, 1, 2).breaking(&[rule]));
        agree_on(&Question::new(2, 2, 2).quorums(1, 2).breaking(&[rule]));
    }
    agree_on(&Question::new(2, 1, 2).breaking(&["amnesia"]));
    agree_on(&Question::new(2, 2, 2).quorums(2, 1).breaking(&["amnesia"]));
}

#[test]
fn of_any_two_broken_rules() {
    for (index, one) in RULES.into_iter().enumerate() {
        for two in &RULES[index + 1..] {
            for (acceptors, values, ballots) in [(1, 2, 2), (2, 1, 2), (3, 1, 1)] {
                agree_on(&Question::new(acceptors, values, ballots).breaking(&[one, two]));
            }
        }
    }
}
