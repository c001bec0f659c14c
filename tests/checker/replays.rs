//! Every counterexample, played: the cluster goes the same way to the same violation.

use paxos_playground::checker::{Cast, Limits, Model, Property, Verdict, check, replay};
use paxos_playground::cluster::Cluster;
use paxos_playground::protocol::{Invariant, Rule, Rules};
use paxos_playground::scenario::Scenario;

/// Checks, and plays what was found; whether something was.
fn plays(model: &Model) -> bool {
    plays_with(model, &Cast::usual(model))
}

fn plays_with(model: &Model, cast: &Cast) -> bool {
    let outcome = check(model, Limits::default()).unwrap();
    let Verdict::Violated { invariant, trace } = outcome.verdict else {
        assert_eq!(outcome.verdict, Verdict::Holds);
        return false;
    };
    let replay =
        replay(model, &trace, invariant, cast).unwrap_or_else(|why| panic!("{why}: {trace:#?}"));
    // Through a file, as a user would keep it.
    let scenario = Scenario::new(replay.setup, replay.script);
    let scenario = Scenario::parse(&scenario.to_json()).unwrap();
    let mut early = None;
    let last = replay.end.0 - 100;
    let played = scenario.play(|cluster: &Cluster, _| {
        if cluster
            .failure(invariant)
            .is_some_and(|failure| failure.at.0 < last)
        {
            early = Some(cluster.now());
        }
    });
    let played = played.unwrap();
    assert!(played.waiting().is_empty(), "{:?}", played.waiting());
    assert!(
        played.failure(invariant).is_some(),
        "{invariant:?} {trace:#?} {scenario:#?}"
    );
    assert_eq!(
        early, None,
        "{invariant:?} before the last step of {trace:#?}"
    );
    true
}

#[test]
fn every_rule_switch_leads_the_cluster_astray() {
    for rule in Rule::ALL.into_iter() {
        let broken = |ballots| Model {
            rules: Rules::breaking([rule]),
            ..Model::new(3, 2, ballots)
        };
        let found = (1..=3).any(|ballots| plays(&broken(ballots)));
        // A learner that adds up wrongly harms nobody but itself.
        assert_eq!(found, rule != Rule::LearnerAddsBallots, "{rule:?}");
    }
}

#[test]
fn every_bad_quorum_leads_the_cluster_astray() {
    for acceptors in 1..=4 {
        for phase1 in 1..=acceptors {
            for phase2 in 1..=acceptors {
                let mut model = Model::new(acceptors, 2, 2);
                (model.phase1, model.phase2) = (phase1, phase2);
                let bad = phase1 + phase2 <= acceptors;
                assert_eq!(plays(&model), bad, "{model:?}");
            }
        }
    }
}

#[test]
fn every_invariant_that_the_model_breaks_the_cluster_breaks_too() {
    let mut found = 0;
    for rule in Rule::ALL.into_iter() {
        for invariant in Invariant::ALL {
            // Two acceptors keep the spaces of storage that forgets small.
            for acceptors in [2, 3] {
                let forgets = !Rules::breaking([rule]).amnesia().is_none();
                if forgets && acceptors == 3 {
                    continue;
                }
                let mut model = Model::new(acceptors, 2, 2);
                model.rules = Rules::breaking([rule]);
                model.property = Property::One(invariant);
                found += u32::from(plays(&model));
            }
        }
    }
    assert!(found >= 25, "{found}");
}

#[test]
fn two_broken_rules_are_played_too() {
    for first in Rule::ALL.into_iter() {
        for second in Rule::ALL.into_iter().filter(|&second| second > first) {
            let mut model = Model::new(3, 2, 2);
            model.rules = Rules::breaking([first, second]);
            plays(&model);
        }
    }
}

#[test]
fn values_of_their_own_and_symmetry_are_played_too() {
    for rule in [Rule::SharedBallots, Rule::OwnValueAlways, Rule::Amnesia] {
        let mut model = Model::new(3, 2, 2);
        model.rules = Rules::breaking([rule]);
        model.symmetry.acceptors = true;
        model.symmetry.values = true;
        assert!(plays(&model), "{rule:?}");
        model.symmetry.values = false;
        model.wishes = Some(vec![1, 0]);
        assert!(plays(&model), "{rule:?}");
    }
}

#[test]
fn a_learner_that_is_called_in_takes_a_name_and_a_place_that_are_free() {
    let mut model = Model::new(3, 2, 2);
    model.rules = Rules::breaking([Rule::LearnerAddsBallots]);
    model.property = Property::One(Invariant::LearnedImpliesChosen);
    let mut cast = Cast::usual(&model);
    cast.acceptors[0] = "L".into();
    assert!(plays_with(&model, &cast));
    cast.learners = (0..996).map(|number| format!("L{number}").into()).collect();
    assert!(plays_with(&model, &cast));
}
