//! The small states are the full states.
//!
//! Both are walked together from the initial state: wherever one has a step the other has the
//! same, the two successors belong together and to nobody else, and unpacked they are equal.

use std::collections::hash_map::{Entry, HashMap};

use super::plain::Unpack;
use super::{SMALL, breaking, up_to_two};
use crate::checker::full::Full;
use crate::checker::messages::Messages;
use crate::checker::model::{Action, Model};
use crate::checker::space::Space;
use crate::protocol::Broken;
use crate::protocol::Rule;

fn steps<S: Space>(space: &S, state: S::Key) -> HashMap<Action, S::Key> {
    let mut steps = HashMap::new();
    space.steps(state, |action, next, broken| {
        // Agreement is asked for: no step breaks it by itself.
        assert_eq!(broken, Broken::NOTHING);
        assert!(steps.insert(action, next).is_none(), "{action:?} twice");
    });
    steps
}

/// Walks both together; how many states there are.
fn are_one(model: &Model) -> usize {
    let small = Messages::<u128>::new(model).unwrap();
    let full = Full::<u128>::new(model).unwrap();
    // For each small state its full one, and the number of its messages.
    let mut known = HashMap::from([(0, (0, 0))]);
    let mut by_full = HashMap::from([(0, 0)]);
    let mut left = vec![0];
    while let Some(state) = left.pop() {
        let (other, sent) = known[&state];
        let plain = small.plain(state, model);
        assert_eq!(plain, full.plain(other, model), "{model:?}");
        assert_eq!(small.broken(state), full.broken(other), "{plain:?}");
        let mut others = steps(&full, other);
        for (action, next) in steps(&small, state) {
            let Some(next_other) = others.remove(&action) else {
                panic!("{action:?} of the small states alone, in {plain:?} of {model:?}");
            };
            // Every path to a state is as long: what lets the small search forget old levels.
            let pair = (next_other, sent + 1);
            match known.entry(next) {
                Entry::Occupied(before) => assert_eq!(*before.get(), pair, "{action:?}"),
                Entry::Vacant(new) => {
                    new.insert(pair);
                    left.push(next);
                }
            }
            let owner = *by_full.entry(next_other).or_insert(next);
            assert_eq!(owner, next, "{action:?} in {plain:?} of {model:?}");
        }
        assert!(
            others.is_empty(),
            "{others:?} of the full states alone, in {plain:?} of {model:?}"
        );
    }
    known.len()
}

#[test]
fn in_every_state_of_paxos() {
    assert_eq!(are_one(&Model::new(3, 2, 1)), 73);
    assert_eq!(are_one(&Model::new(3, 2, 2)), 3_921);
    for (acceptors, values, ballots) in [(1, 3, 4), (2, 2, 3), (2, 3, 3), (4, 2, 2), (5, 1, 2)] {
        are_one(&Model::new(acceptors, values, ballots));
    }
}

#[test]
fn with_any_two_of_the_rules_broken_that_they_serve() {
    for rules in up_to_two(&SMALL) {
        for (acceptors, values, ballots) in [(3, 2, 2), (2, 2, 3), (1, 2, 4)] {
            are_one(&breaking(&rules, acceptors, values, ballots));
        }
    }
}

#[test]
fn with_three_ballots_and_votes_to_choose_from() {
    let mut models = [Rule::LowestVote, Rule::AnyVote].map(|rule| breaking(&[rule], 3, 2, 3));
    for model in &mut models {
        model.wishes = Some(vec![0, 1, 0]);
    }
    // The two rules differ, and from Paxos, so that this is not the same thrice.
    let mut paxos = Model::new(3, 2, 3);
    paxos.wishes = Some(vec![0, 1, 0]);
    let [lowest, any] = models.each_ref().map(are_one);
    let kept = are_one(&paxos);
    assert!(kept != lowest && lowest != any, "{kept} {lowest} {any}");
}

#[test]
fn with_quorums_of_any_size_and_ballots_with_values_of_their_own() {
    for (phase1, phase2) in [(1, 1), (1, 3), (3, 1), (2, 1)] {
        for rules in up_to_two(&SMALL[..3]) {
            let mut model = breaking(&rules, 3, 2, 2);
            (model.phase1, model.phase2) = (phase1, phase2);
            are_one(&model);
            model.wishes = Some(vec![1, 0]);
            are_one(&model);
        }
    }
}

#[test]
fn the_lowest_vote_binds_though_an_acceptor_has_several_below_another() {
    let space = Messages::<u128>::new(&breaking(&[Rule::LowestVote], 3, 2, 4)).unwrap();
    // Acceptor 0 votes for 0 in ballots 0 and 1, acceptor 1 for 1 in ballot 2; both promise 3.
    let promise = |acceptor, ballot| Action::Phase1b { acceptor, ballot };
    let ask = |ballot| Action::Phase1a { ballot };
    let voted = |acceptor, ballot, value| {
        let send = Action::Phase2a { ballot, value };
        let vote = Action::Phase2b {
            acceptor,
            ballot,
            value,
        };
        let promises = [acceptor, 2].map(|acceptor| promise(acceptor, ballot));
        [ask(ballot), promises[0], promises[1], send, vote]
    };
    let way = [voted(0, 0, 0), voted(0, 1, 0), voted(1, 2, 1)];
    let last = [ask(3), promise(0, 3), promise(1, 3)];
    let way = way.iter().flatten().chain(&last);
    let state = way.fold(0, |state, action| steps(&space, state)[action]);
    let sent = steps(&space, state).into_keys();
    let sent: Vec<Action> = sent
        .filter(|action| matches!(action, Action::Phase2a { ballot: 3, .. }))
        .collect();
    let only = Action::Phase2a {
        ballot: 3,
        value: 0,
    };
    assert_eq!(sent, [only]);
}
