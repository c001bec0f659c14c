//! The shortest way in which each broken rule and each bad quorum breaks the property.

use paxos_playground::checker::{Limits, Model, Property, Stop, Verdict, check};
use paxos_playground::protocol::{Invariant, Rule, Rules};

/// Steps to the shortest violation of the model's property; none if it holds.
fn shortest(model: &Model) -> Option<(Invariant, usize)> {
    let outcome = check(model, Limits::default()).unwrap();
    match outcome.verdict {
        Verdict::Holds => None,
        Verdict::Violated { invariant, trace } => {
            // The states on the way, the initial one included.
            assert_eq!(
                outcome.progress.depth as usize,
                trace.len() + 1,
                "{model:?}"
            );
            Some((invariant, trace.len()))
        }
        Verdict::Incomplete(why) => panic!("{why:?} {model:?}"),
    }
}

fn breaking(rule: Rule, ballots: u32) -> Model {
    Model {
        rules: Rules::breaking([rule]),
        ..Model::new(3, 2, ballots)
    }
}

fn steps(model: &Model) -> Option<usize> {
    shortest(model).map(|(invariant, steps)| {
        assert_eq!(invariant, Invariant::Agreement);
        steps
    })
}

#[test]
fn a_broken_rule_is_caught_in_the_fewest_steps() {
    let known = [
        (Rule::SharedBallots, 1, 9),
        (Rule::AcceptIgnoresPromise, 2, 12),
        (Rule::OwnValueAlways, 2, 12),
        (Rule::PromiseHidesVote, 2, 12),
        (Rule::Amnesia, 2, 13),
    ];
    for (rule, ballots, fewest) in known {
        assert_eq!(steps(&breaking(rule, ballots)), Some(fewest), "{rule:?}");
    }
}

#[test]
fn quorums_that_need_not_meet_are_caught_in_eight_steps() {
    let mut model = Model::new(3, 2, 2);
    (model.phase1, model.phase2) = (1, 1);
    assert_eq!(steps(&model), Some(8));
}

#[test]
fn some_mistakes_take_three_ballots_to_show() {
    for rule in [Rule::LowestVote, Rule::AnyVote, Rule::AcceptKeepsPromise] {
        assert_eq!(steps(&breaking(rule, 2)), None, "{rule:?}");
        assert_eq!(steps(&breaking(rule, 3)), Some(17), "{rule:?}");
    }
}

#[test]
fn forgetting_half_is_enough() {
    for rule in [Rule::AmnesiaPromise, Rule::AmnesiaVote] {
        assert_eq!(steps(&breaking(rule, 1)), None, "{rule:?}");
        assert_eq!(steps(&breaking(rule, 2)), Some(13), "{rule:?}");
    }
}

#[test]
fn a_shared_ballot_needs_no_second_one() {
    assert_eq!(steps(&breaking(Rule::SharedBallots, 2)), Some(9));
}

#[test]
fn symmetry_finds_ways_as_short() {
    for rule in [Rule::SharedBallots, Rule::Amnesia, Rule::PromiseHidesVote] {
        let mut model = breaking(rule, 2);
        let fewest = steps(&model);
        model.symmetry.acceptors = true;
        model.symmetry.values = true;
        assert_eq!(steps(&model), fewest, "{rule:?}");
    }
}

#[test]
fn each_invariant_falls_with_the_rule_that_it_rests_on() {
    let known = [
        (Rule::SharedBallots, Invariant::OneValuePerBallot, 7),
        (Rule::AcceptIgnoresPromise, Invariant::PromiseNeverFalls, 7),
        (Rule::AcceptKeepsPromise, Invariant::PromiseAtLeastVote, 5),
        (Rule::PromiseHidesVote, Invariant::ReportedVotesWereCast, 7),
        (Rule::PromiseHidesVote, Invariant::AcceptIsSafe, 9),
        (
            Rule::LearnerAddsBallots,
            Invariant::LearnedImpliesChosen,
            10,
        ),
        (Rule::Amnesia, Invariant::PromiseNeverFalls, 3),
    ];
    for (rule, invariant, steps) in known {
        let mut model = breaking(rule, 2);
        model.property = Property::One(invariant);
        assert_eq!(shortest(&model), Some((invariant, steps)), "{rule:?}");
    }
}

#[test]
fn all_properties_together_find_whatever_falls_first() {
    let mut model = breaking(Rule::PromiseHidesVote, 2);
    model.property = Property::All;
    let found = shortest(&model);
    assert_eq!(found, Some((Invariant::ReportedVotesWereCast, 7)));
}

#[test]
fn a_violation_is_told_though_a_limit_is_reached_at_the_same_time() {
    let model = breaking(Rule::SharedBallots, 1);
    let all = check(&model, Limits::default()).unwrap();
    let found = all.progress.distinct;
    let mut held = 0;
    for states in found - 200..=found {
        let limits = Limits {
            states,
            ..Limits::default()
        };
        match check(&model, limits).unwrap().verdict {
            Verdict::Incomplete(Stop::States) => held += 1,
            verdict => assert_eq!(verdict, all.verdict, "{states}"),
        }
    }
    // As many states as there are up to the violation are needed, and more are not.
    assert!((1..150).contains(&held), "{held}");
}
