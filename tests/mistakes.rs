//! What earlier pages about Paxos got wrong: each mistake has a test here.
//!
//! Two of them concern the page alone, and the stories in `tests/site` look for them:
//! - Pictures of 450 × 430 pixels, whatever the screen: `everything_fits_on_a_phone`,
//!   `everything_fits_on_a_desk` and `everything_fits_on_the_narrowest_screen` in `reaching.rs`.
//! - Red and green as the only difference: the stories find what is chosen, learned or down by its
//!   words and never by its colour, as `the_choice_is_marked_before_any_learner_knows` in
//!   `playing.rs` and `a_process_crashes_and_comes_back` in `breaking.rs`.

mod support;

use std::collections::BTreeSet;

use paxos_playground::cluster::{Cluster, Command, DelayRange, Fact, Link, MessageId};
use paxos_playground::protocol::{
    Acceptor, Ballot, Invariant, Phase, ProcessId, ProposerStep, Round, Rule, Rules, Value,
};
use paxos_playground::scenario::{Scenario, built_in};
use support::library::tell;
use support::stage::Stage;
use support::voyage::{Voyage, replay};

const CAST: &str = "P proposer, Q proposer, A acceptor, B acceptor, C acceptor, L learner";

/// The cluster at the end of a built-in scenario.
fn after(id: &str) -> Cluster {
    tell(&built_in(id).unwrap()).1
}

fn ballots(voyage: &Voyage) -> Vec<Ballot> {
    let facts = voyage.events.iter().map(|event| &event.fact);
    facts
        .filter_map(|fact| match fact {
            Fact::Proposer {
                step: ProposerStep::Started { ballot, .. },
                ..
            } => Some(*ballot),
            _ => None,
        })
        .collect()
}

#[test]
fn two_proposers_with_the_same_ballot() {
    let shared = |rules| {
        let voyages = (0..200).map(|seed| ballots(&Voyage::squall(seed, rules)));
        let mut voyages = voyages.map(|all| {
            let different: BTreeSet<Ballot> = all.iter().copied().collect();
            all.len() - different.len()
        });
        voyages.any(|twice| twice > 0)
    };
    assert!(!shared(Rules::KEPT));
    assert!(shared(Rules::breaking([Rule::SharedBallots])));
    assert!(
        after("shared-ballots")
            .failure(Invariant::Agreement)
            .is_some()
    );
}

#[test]
fn an_acceptor_that_has_voted_answers_a_prepare_without_raising_its_promise() {
    let n = |round| Ballot {
        round: Round(round),
        proposer: ProcessId(0),
    };
    let (red, green) = (Value(0), Value(1));
    let mut acceptor = Acceptor::default();
    acceptor.on_accept(n(1), red, Rules::KEPT);
    let vote = acceptor.vote();
    acceptor.on_prepare(n(3), Rules::KEPT);
    assert_eq!((acceptor.promised(), acceptor.vote()), (Some(n(3)), vote));
    acceptor.on_accept(n(2), green, Rules::KEPT);
    assert_eq!((acceptor.promised(), acceptor.vote()), (Some(n(3)), vote));
}

#[test]
fn a_proposer_that_hears_of_a_vote_believes_its_value_chosen_without_phase_2() {
    let mut stage = Stage::new(CAST);
    stage.propose("P", "Hello");
    stage.until(25);
    // Only A gets P's Accept, so nothing is chosen.
    for name in ["P", "B", "C"] {
        stage.crash(name);
    }
    stage.until(35);
    stage.restart("B");
    stage.propose("Q", "World");
    stage.until(56);
    assert!(stage.said("so it must send Accept(1.Q, Hello) and not “World”"));
    assert_eq!(stage.chosen(), None);
    let q = stage.cluster.process(stage.id("Q")).unwrap();
    let phase = q.proposer.as_ref().unwrap().phase();
    assert!(matches!(phase, Phase::Accepting { .. }), "{phase:?}");
    let l = stage.cluster.process(stage.id("L")).unwrap();
    assert_eq!(l.learner.as_ref().unwrap().learned(), None);
    stage.finish();
    assert_eq!(stage.chosen(), Some("Hello"));
    assert!(stage.said("A and B, 2 of 3, voted in ballot 1.Q"));
}

#[test]
fn nobody_tries_again_and_so_no_duel_can_be_shown() {
    let (told, duel) = tell(&built_in("duel").unwrap());
    assert_eq!(duel.chosen(), None);
    for ballot in ["1.P", "1.Q", "2.P", "2.Q", "3.P", "3.Q"] {
        assert!(
            told.contains(&format!("starts ballot {ballot}")),
            "{ballot}"
        );
    }
    assert!(after("duel-ends").chosen().is_some());
}

#[test]
fn a_delayed_process_loses_what_it_wanted_to_send() {
    let mut stage = Stage::new(CAST);
    for other in ["P", "Q", "B", "C", "L"] {
        let link = Link::one_way(stage.id("A"), stage.id(other));
        let delay = DelayRange::new(3_000, 3_000).ok();
        stage.apply(Command::Link { link, delay });
    }
    stage.propose("P", "Hello");
    stage.until(15);
    stage.apply(Command::Hold { message: None });
    stage.until(10_000);
    stage.apply(Command::Release { message: None });
    stage.finish();
    let ids = |wanted: fn(&Fact) -> Option<MessageId>| {
        let facts = stage.events.iter().map(|event| &event.fact);
        let mut ids: Vec<MessageId> = facts.filter_map(wanted).collect();
        ids.sort();
        ids
    };
    let sent = ids(|fact| match fact {
        Fact::Sent(envelope) => Some(envelope.id),
        _ => None,
    });
    let delivered = ids(|fact| match fact {
        Fact::Delivered(envelope) => Some(envelope.id),
        _ => None,
    });
    assert_eq!(sent, delivered);
    assert!(stage.said("from A reaches L"));
    assert_eq!(stage.chosen(), Some("Hello"));
}

#[test]
fn random_numbers_without_a_seed_so_that_a_replay_differs() {
    let rough = |seed| {
        let mut scenario = built_in("rough-network").unwrap();
        scenario.setup.seed = seed;
        tell(&scenario).0
    };
    assert_eq!(rough(1), rough(1));
    assert_ne!(rough(1), rough(2));
    let voyage = Voyage::squall(1, Rules::KEPT);
    let (_, again) = replay(&voyage.scenario().to_json());
    assert!(again.starts_with(&voyage.events));
}

#[test]
fn learners_that_add_up_votes_of_different_ballots() {
    let mut scenario = built_in("learner-adds-ballots").unwrap();
    let fails = |scenario: &Scenario| {
        let (_, cluster) = tell(scenario);
        cluster.failure(Invariant::LearnedImpliesChosen).is_some()
    };
    assert!(fails(&scenario));
    scenario.setup.rules = Rules::KEPT;
    assert!(!fails(&scenario));
}

#[test]
fn games_of_breaking_it_that_cannot_be_won_because_no_rule_can_be_broken() {
    for rule in Rule::ALL {
        let mut voyages = (0..2_000).map(|seed| Voyage::squall(seed, Rules::breaking([rule])));
        let won = voyages.any(|voyage| voyage.first_failure().is_some());
        assert!(won, "{}", rule.name());
    }
}
