//! State counts that others have published or measured, and laws that counts obey.

use paxos_playground::checker::{
    Limits, Model, Outcome, Progress, Property, Stop, Symmetry, Verdict, check, search,
};
use paxos_playground::protocol::{Invariant, Rule, Rules};

fn explored(model: &Model) -> Progress {
    let outcome = check(model, Limits::default()).unwrap();
    assert_eq!(outcome.verdict, Verdict::Holds, "{model:?}");
    assert_eq!(outcome.progress.frontier, 0);
    outcome.progress
}

fn count(model: &Model) -> (u64, u32) {
    let progress = explored(model);
    (progress.distinct, progress.depth)
}

/// The first and third from the manifest of tlaplus/Examples, the others counted by TLC.
const KNOWN: [(u32, u32, u32, u64, u32); 5] = [
    (1, 1, 2, 25, 9),
    (3, 2, 1, 73, 9),
    (3, 2, 2, 3_921, 17),
    (3, 2, 3, 185_369, 25),
    (3, 2, 4, 8_220_065, 33),
];

#[test]
fn distinct_states_and_depth_are_those_that_tlc_counts() {
    for (acceptors, values, ballots, distinct, depth) in KNOWN {
        let model = Model::new(acceptors, values, ballots);
        let progress = explored(&model);
        assert_eq!(
            (progress.distinct, progress.depth),
            (distinct, depth),
            "{model:?}"
        );
        // Small spaces are smaller than the least that is set aside.
        if distinct > 100_000 {
            assert!(progress.bytes <= 32 * distinct, "{model:?}: {progress:?}");
        }
    }
}

#[test]
fn the_full_states_are_as_many_as_the_small_ones() {
    let sizes = [
        (1, 1, 2),
        (3, 2, 2),
        (2, 3, 2),
        (4, 1, 2),
        (2, 2, 3),
        (3, 2, 3),
    ];
    for (acceptors, values, ballots) in sizes {
        for rule in [None, Some(Rule::LowestVote), Some(Rule::AnyVote)] {
            if rule.is_some() && ballots == 3 {
                continue;
            }
            let mut model = Model::new(acceptors, values, ballots);
            model.rules = Rules::breaking(rule);
            let small = explored(&model);
            // Any property but agreement takes the full states.
            model.property = Property::One(Invariant::LearnedImpliesChosen);
            let full = explored(&model);
            assert_eq!(
                (small.distinct, small.generated, small.depth),
                (full.distinct, full.generated, full.depth),
                "{model:?}"
            );
        }
    }
}

#[test]
fn every_invariant_holds_in_every_state_of_paxos() {
    for (acceptors, values, ballots) in [(3, 2, 2), (4, 2, 2), (2, 2, 3), (3, 3, 2)] {
        let mut model = Model::new(acceptors, values, ballots);
        model.property = Property::All;
        explored(&model);
    }
    let mut flexible = Model::new(4, 2, 2);
    (flexible.phase1, flexible.phase2) = (3, 2);
    flexible.property = Property::All;
    explored(&flexible);
}

#[test]
fn symmetry_counts_fewer_states_and_reaches_the_same_verdict() {
    for property in [Property::One(Invariant::Agreement), Property::All] {
        let mut model = Model::new(3, 2, 2);
        model.property = property;
        let mut counts = Vec::new();
        for name in ["none", "acceptors", "values", "both"] {
            model.symmetry = Symmetry::named(name).unwrap();
            counts.push(count(&model));
        }
        let depth = counts[0].1;
        assert!(counts.iter().all(|count| count.1 == depth), "{counts:?}");
        let [none, acceptors, values, both] = [0, 1, 2, 3].map(|index: usize| counts[index].0);
        assert!(both < acceptors && acceptors < none, "{counts:?}");
        assert!(both < values && values < none, "{counts:?}");
        // A class has at most as many states as there are ways to rename.
        assert!(none <= 6 * acceptors && none <= 2 * values && none <= 12 * both);
    }
}

#[test]
fn both_packings_have_the_same_classes() {
    for name in ["acceptors", "values", "both"] {
        let mut model = Model::new(3, 2, 2);
        model.symmetry = Symmetry::named(name).unwrap();
        let small = count(&model);
        model.property = Property::One(Invariant::LearnedImpliesChosen);
        assert_eq!(count(&model), small, "{name}");
    }
}

#[test]
fn ballots_with_values_of_their_own_have_fewer_states() {
    let any = Model::new(3, 2, 2);
    let mut owned = any.clone();
    owned.wishes = Some(vec![0, 1]);
    assert!(count(&owned).0 < count(&any).0);
    let mut alike = any;
    alike.wishes = Some(vec![1, 1]);
    assert_eq!(count(&alike), count(&Model::new(3, 1, 2)));
}

#[test]
fn wide_states_are_searched_until_the_limit_says_stop() {
    // 1 + 2 + 2 * 9 bits for each of 8 ballots: more than 128.
    let model = Model::new(9, 2, 8);
    let limits = Limits {
        states: 30_000,
        ..Limits::default()
    };
    let Outcome { verdict, progress } = check(&model, limits).unwrap();
    assert_eq!(verdict, Verdict::Incomplete(Stop::States));
    assert_eq!(Stop::States.name(), "max-states");
    assert_eq!(Stop::Memory.name(), "max-memory");
    assert_eq!(progress.distinct, 30_000);
    assert!(progress.frontier > 0 && progress.depth > 3);
}

#[test]
fn memory_beyond_the_limit_is_not_used() {
    for bytes in [0, 10_000, 1_000_000, 20_000_000] {
        for property in [Property::One(Invariant::Agreement), Property::All] {
            let mut model = Model::new(3, 2, 4);
            model.property = property;
            let limits = Limits {
                bytes,
                ..Limits::default()
            };
            let Outcome { verdict, progress } = check(&model, limits).unwrap();
            assert_eq!(verdict, Verdict::Incomplete(Stop::Memory));
            // What a search begins with, and the pieces that were under way.
            assert!(progress.bytes <= bytes + 3_000_000, "{bytes} {progress:?}");
        }
    }
}

#[test]
fn a_search_can_be_taken_in_small_steps() {
    let model = Model::new(3, 2, 2);
    let mut search = search(&model, Limits::default()).unwrap();
    let mut calls = 0;
    let verdict = loop {
        calls += 1;
        let before = search.progress();
        if let Some(verdict) = search.advance(7) {
            break verdict;
        }
        assert!(search.progress().distinct >= before.distinct);
    };
    assert_eq!(verdict, Verdict::Holds);
    assert_eq!(search.progress(), {
        let whole = check(&model, Limits::default()).unwrap().progress;
        Progress {
            bytes: search.progress().bytes,
            ..whole
        }
    });
    assert!(calls > 500);
}
