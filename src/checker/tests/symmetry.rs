//! All states that differ only in what acceptors and values are called have one form, which is one
//! of them.

use rand_core::Rng as _;
use rand_pcg::Pcg32;

use super::breaking;
use crate::checker::full::{Full, orders};
use crate::checker::key::Wide;
use crate::checker::messages::Messages;
use crate::checker::model::{Action, Model, Symmetry};
use crate::checker::space::Space;
use crate::protocol::Rule;

/// What is done by acceptors and with values of other names.
fn renamed(action: Action, acceptors: &[u32], values: &[u32]) -> Action {
    let who = |acceptor: u32| acceptors[acceptor as usize];
    let what = |value: u32| values[value as usize];
    match action {
        Action::Phase1a { .. } => action,
        Action::Phase1b { acceptor, ballot } => Action::Phase1b {
            acceptor: who(acceptor),
            ballot,
        },
        Action::Phase2a { ballot, value } => Action::Phase2a {
            ballot,
            value: what(value),
        },
        Action::Phase2b {
            acceptor,
            ballot,
            value,
        } => Action::Phase2b {
            acceptor: who(acceptor),
            ballot,
            value: what(value),
        },
        Action::Forget { acceptor, lost } => Action::Forget {
            acceptor: who(acceptor),
            lost,
        },
    }
}

/// Walks at random, and takes each step under all other names, too.
fn have_one_form<S: Space<Key: std::fmt::Debug>>(space: &S, model: &Model, walks: u64) {
    assert!(space.is_symmetric());
    let names = |symmetric: bool, count: u32| match symmetric {
        true => orders(count),
        false => vec![(0..count).collect()],
    };
    let acceptors = names(model.symmetry.acceptors, model.acceptors);
    let values = &names(model.symmetry.values, model.values);
    let pairs = |who| values.iter().map(move |what| (who, what));
    let named: Vec<_> = acceptors.iter().flat_map(pairs).collect();
    let is_plain = |names: &[u32]| names.is_sorted();
    let plain = named
        .iter()
        .position(|(who, what)| is_plain(who) && is_plain(what))
        .expect("one of the orders changes nothing");
    for walk in 0..walks {
        let mut dice = Pcg32::new(walk, 1);
        let mut states = vec![S::Key::default(); named.len()];
        for _ in 0..60 {
            let mut actions = vec![];
            space.steps(states[plain], |action, _, _| actions.push(action));
            if actions.is_empty() {
                break;
            }
            let action = actions[dice.next_u32() as usize % actions.len()];
            for (state, (who, what)) in states.iter_mut().zip(&named) {
                let action = renamed(action, who, what);
                *state = after(space, *state, action);
            }
            let form = space.canonical(states[plain]);
            assert!(states.contains(&form), "{form:?} after {action:?}");
            for &state in &states {
                assert_eq!(space.canonical(state), form, "{state:?} after {action:?}");
            }
        }
    }
}

fn after<S: Space<Key: std::fmt::Debug>>(space: &S, state: S::Key, wanted: Action) -> S::Key {
    let mut found = None;
    space.steps(state, |action, next, _| {
        if action == wanted {
            found = Some(next);
        }
    });
    found.unwrap_or_else(|| panic!("{wanted:?} cannot be done in {state:?}"))
}

fn symmetric(name: &str, model: Model) -> Model {
    Model {
        symmetry: Symmetry::named(name).expect("a symmetry"),
        ..model
    }
}

#[test]
fn the_full_states_of_a_cluster_have_one_form() {
    for name in ["acceptors", "values", "both"] {
        for rules in [&[][..], &[Rule::AcceptKeepsPromise, Rule::Amnesia]] {
            let model = symmetric(name, breaking(rules, 3, 3, 3));
            have_one_form(&Full::<Wide>::new(&model).unwrap(), &model, 5);
        }
    }
}

#[test]
fn blocks_of_more_than_a_word_are_sorted_as_a_whole() {
    let model = symmetric("both", Model::new(3, 3, 6));
    have_one_form(&Full::<Wide>::new(&model).unwrap(), &model, 5);
}

#[test]
fn the_small_states_of_a_cluster_have_one_form() {
    for name in ["acceptors", "values", "both"] {
        let model = symmetric(name, Model::new(3, 3, 3));
        have_one_form(&Messages::<u128>::new(&model).unwrap(), &model, 5);
        let model = symmetric(name, breaking(&[Rule::AnyVote], 4, 2, 3));
        have_one_form(&Messages::<u128>::new(&model).unwrap(), &model, 5);
    }
}
