//! Several threads find what one finds.

use paxos_playground::checker::{
    Limits, Model, Progress, Property, Stop, Verdict, check, search_on,
};
use paxos_playground::protocol::{Rule, Rules};

fn on(threads: usize, model: &Model, limits: Limits) -> (Verdict, Progress) {
    let mut search = search_on(threads, model, limits).unwrap();
    loop {
        if let Some(verdict) = search.advance(50_000) {
            return (verdict, search.progress());
        }
    }
}

#[test]
fn counts_and_depth_do_not_depend_on_the_number_of_threads() {
    let mut full = Model::new(3, 2, 2);
    full.property = Property::All;
    let mut symmetric = Model::new(3, 2, 3);
    symmetric.symmetry.acceptors = true;
    let models = [Model::new(1, 1, 2), Model::new(3, 2, 3), full, symmetric];
    for model in models {
        let alone = check(&model, Limits::default()).unwrap().progress;
        // A key of eight bytes at least, and a parent.
        let least = 12 * alone.distinct;
        assert!(alone.bytes > least, "{alone:?} {model:?}");
        for threads in [2, 3, 8] {
            let (verdict, progress) = on(threads, &model, Limits::default());
            assert_eq!(verdict, Verdict::Holds);
            let bytes = progress.bytes;
            assert_eq!(progress, Progress { bytes, ..alone }, "{threads} {model:?}");
            assert!(bytes > least, "{threads} {bytes} {model:?}");
        }
    }
}

#[test]
fn violations_are_as_short() {
    for (rule, ballots) in [
        (Rule::SharedBallots, 1),
        (Rule::AcceptIgnoresPromise, 2),
        (Rule::OwnValueAlways, 2),
        (Rule::Amnesia, 2),
        (Rule::LowestVote, 3),
    ] {
        let mut model = Model::new(3, 2, ballots);
        model.rules = Rules::breaking([rule]);
        let alone = check(&model, Limits::default()).unwrap().verdict;
        let Verdict::Violated {
            trace: shortest, ..
        } = alone
        else {
            panic!("{rule:?} {alone:?}")
        };
        let (verdict, progress) = on(2, &model, Limits::default());
        let Verdict::Violated { trace, .. } = verdict else {
            panic!("{rule:?} {verdict:?}")
        };
        assert_eq!(trace.len(), shortest.len(), "{rule:?}");
        assert_eq!(progress.depth as usize, trace.len() + 1);
    }
}

#[test]
fn limits_end_it_too() {
    let model = Model::new(3, 2, 4);
    let few = Limits {
        states: 50_000,
        ..Limits::default()
    };
    let (verdict, progress) = on(2, &model, few);
    assert_eq!(verdict, Verdict::Incomplete(Stop::States));
    assert_eq!(progress.distinct, 50_000);
    let enough = Limits {
        states: 3_921,
        ..Limits::default()
    };
    for threads in [1, 2] {
        let (verdict, _) = on(threads, &Model::new(3, 2, 2), enough);
        assert_eq!(verdict, Verdict::Holds, "{threads}");
    }
    let little = Limits {
        bytes: 10_000_000,
        ..Limits::default()
    };
    let (verdict, progress) = on(2, &model, little);
    assert_eq!(verdict, Verdict::Incomplete(Stop::Memory));
    assert!(progress.bytes < 20_000_000, "{progress:?}");
}

#[test]
fn a_search_expands_as_many_states_as_it_is_asked_to() {
    let model = Model::new(3, 2, 2);
    for threads in [1, 2, 3] {
        let mut search = search_on(threads, &model, Limits::default()).unwrap();
        assert_eq!(search.advance(3_921), None, "the last of them is not told");
        assert_eq!(search.progress().frontier, 0);
        assert_eq!(search.advance(1), Some(Verdict::Holds), "{threads}");
    }
}
