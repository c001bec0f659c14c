//! What is easy to get wrong about Paxos, and about this playground: each rule is a test of that
//! name.

mod support;

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::sync::Arc;

use paxos_playground::cluster::{Cluster, Envelope, Fact, Millis, Roles};
use paxos_playground::history::Session;
use paxos_playground::protocol::{
    Acceptor, AcceptorStep, Ballot, Ignored, Learner, Phase, ProcessId, Proposer, ProposerStep,
    Quorums, Round, Rules, Value, ValueSource, Vote,
};
use paxos_playground::scenario::{Place, built_in};
use support::play::transcript;
use support::schedule::Schedule;
use support::stage::Stage;

const P: ProcessId = ProcessId(0);
const ABC: [ProcessId; 3] = [ProcessId(1), ProcessId(2), ProcessId(3)];
const OWN: Value = Value(9);

fn three() -> Quorums {
    Quorums::majority(ABC.into_iter().collect())
}

fn n(round: u32) -> Ballot {
    Ballot {
        round: Round(round),
        proposer: P,
    }
}

#[test]
fn an_acceptor_that_votes_also_raises_its_promise() {
    let mut stage = Stage::new("P proposer, Q proposer, A acceptor, B acceptor, C acceptor");
    // C misses Q's Prepare, and gets Q's Accept.
    stage.crash("C");
    stage.propose("Q", "World");
    stage.until(15);
    stage.restart("C");
    assert_eq!(stage.acceptor("C").promised(), None);
    stage.until(35);
    let vote = stage.acceptor("C").vote().expect("it got the Accept");
    assert_eq!(stage.acceptor("C").promised(), Some(vote.ballot));
    // 1.P is lower than 1.Q, which C never promised by itself.
    stage.propose("P", "Hello");
    stage.finish();
    assert!(stage.said("C refuses Prepare(1.P): it has promised 1.Q"));
    assert_eq!(stage.chosen(), Some("World"));
}

#[test]
fn a_promise_is_durable_before_it_is_sent() {
    let mut stage = Stage::new("P proposer, Q proposer, A acceptor, B acceptor, C acceptor");
    stage.propose("Q", "World");
    while !stage.said("A sends Promise(1.Q)") {
        assert!(stage.cluster.step(&mut stage.events));
    }
    // The promise is on its way, and A dies at that instant.
    stage.crash("A");
    stage.restart("A");
    stage.propose("P", "Hello");
    stage.finish();
    assert!(stage.said("A refuses Prepare(1.P): it has promised 1.Q"));
}

#[test]
fn a_promise_carries_the_vote_and_a_crash_does_not_change_that() {
    let mut stage = Stage::new("P proposer, A acceptor");
    stage.propose("P", "Hello");
    stage.finish();
    let before = stage.acceptor("A").clone();
    stage.crash("A");
    stage.restart("A");
    assert_eq!(*stage.acceptor("A"), before);
    stage.propose("P", "World");
    stage.finish();
    assert!(stage.said("A sends Promise(2.P, 1.P Hello) to P"));
}

/// Every way in which three acceptors can have voted or not, answering in every order.
#[test]
fn a_proposer_takes_the_value_of_the_highest_vote_of_a_quorum_or_else_its_own() {
    let votes = [None, Some(1), Some(2), Some(3)];
    let orders = [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ];
    for (a, b, c) in cube(votes) {
        for order in orders {
            let mut proposer = Proposer::new(P);
            // Until its ballot is higher than all these votes.
            for _ in 1..=4 {
                proposer.propose(OWN);
            }
            let cast = [a, b, c];
            for index in order {
                // The value of each ballot is its round.
                let vote = cast[index].map(|round| Vote {
                    ballot: n(round),
                    value: Value(round),
                });
                proposer.on_promise(ABC[index], n(4), vote, &three(), Rules::KEPT);
            }
            let quorum = order[..2].iter().map(|&index| cast[index]);
            let expected = quorum.max().flatten().map_or(OWN, Value);
            let Phase::Accepting { value, .. } = proposer.phase() else {
                panic!("two of three promised");
            };
            assert_eq!(*value, expected, "{cast:?} in the order {order:?}");
        }
    }
}

fn cube<T: Copy>(of: [T; 4]) -> impl Iterator<Item = (T, T, T)> {
    let pairs = of.into_iter().flat_map(move |a| of.map(|b| (a, b)));
    pairs.flat_map(move |(a, b)| of.map(|c| (a, b, c)))
}

#[test]
fn what_arrives_twice_counts_once() {
    let mut acceptor = Acceptor::default();
    let mut proposer = Proposer::new(P);
    let mut learner = Learner::default();
    let quorums = three();
    proposer.propose(OWN);
    let [a, b, _] = ABC;

    acceptor.on_prepare(n(1), Rules::KEPT);
    unchanged(&mut acceptor, |acceptor| {
        acceptor.on_prepare(n(1), Rules::KEPT)
    });
    acceptor.on_accept(n(1), OWN, Rules::KEPT);
    unchanged(&mut acceptor, |acceptor| {
        acceptor.on_accept(n(1), OWN, Rules::KEPT)
    });
    unchanged(&mut acceptor, |acceptor| {
        acceptor.on_prepare(n(1), Rules::KEPT)
    });

    proposer.on_promise(a, n(1), None, &quorums, Rules::KEPT);
    unchanged(&mut proposer, |p| {
        p.on_promise(a, n(1), None, &quorums, Rules::KEPT)
    });
    assert!(matches!(proposer.phase(), Phase::Preparing { .. }));
    proposer.on_promise(b, n(1), None, &quorums, Rules::KEPT);
    proposer.on_accepted(a, n(1), OWN, &quorums);
    unchanged(&mut proposer, |p| p.on_accepted(a, n(1), OWN, &quorums));
    unchanged(&mut proposer, |p| {
        p.on_promise(b, n(1), None, &quorums, Rules::KEPT)
    });
    assert!(matches!(proposer.phase(), Phase::Accepting { .. }));

    learner.on_accepted(a, n(1), OWN, &quorums, Rules::KEPT);
    unchanged(&mut learner, |l| {
        l.on_accepted(a, n(1), OWN, &quorums, Rules::KEPT)
    });
    assert_eq!(learner.learned(), None);
}

fn unchanged<T: Clone + PartialEq + Debug, Step>(state: &mut T, act: impl FnOnce(&mut T) -> Step) {
    let before = state.clone();
    act(state);
    assert_eq!(*state, before);
}

#[test]
fn what_belongs_to_an_old_ballot_changes_nothing() {
    let quorums = three();
    let [a, b, c] = ABC;
    let mut proposer = Proposer::new(P);
    proposer.propose(OWN);
    proposer.on_promise(a, n(1), None, &quorums, Rules::KEPT);
    proposer.propose(OWN);
    let old = Some(Vote {
        ballot: n(1),
        value: Value(1),
    });
    unchanged(&mut proposer, |p| {
        p.on_promise(b, n(1), None, &quorums, Rules::KEPT)
    });
    unchanged(&mut proposer, |p| {
        p.on_promise(c, n(1), old, &quorums, Rules::KEPT)
    });
    unchanged(&mut proposer, |p| p.on_accepted(c, n(1), OWN, &quorums));
    // A late refusal ends nothing, and only tells how high the next ballot has to be.
    let phase = proposer.phase().clone();
    proposer.on_nack(c, n(1), n(7), &quorums);
    assert_eq!((proposer.phase(), proposer.refused_by().len()), (&phase, 0));

    let mut acceptor = Acceptor::default();
    acceptor.on_accept(n(2), OWN, Rules::KEPT);
    unchanged(&mut acceptor, |acceptor| {
        acceptor.on_prepare(n(1), Rules::KEPT)
    });
    unchanged(&mut acceptor, |acceptor| {
        acceptor.on_accept(n(1), Value(1), Rules::KEPT)
    });

    // One vote each in two ballots are no quorum of either.
    let mut learner = Learner::default();
    learner.on_accepted(a, n(1), OWN, &quorums, Rules::KEPT);
    learner.on_accepted(b, n(2), OWN, &quorums, Rules::KEPT);
    assert_eq!(learner.learned(), None);
}

#[test]
fn a_restarted_proposer_never_reuses_a_ballot() {
    let mut stage = Stage::new("P proposer, Q proposer, A acceptor, B acceptor, C acceptor");
    for time in 1..100 {
        for name in ["P", "Q"] {
            stage.propose(name, "Hello");
            stage.crash(name);
            stage.restart(name);
        }
        stage.until(time);
    }
    let started: Vec<Ballot> = stage
        .events
        .iter()
        .filter_map(|event| match &event.fact {
            Fact::Proposer {
                step: ProposerStep::Started { ballot, .. },
                ..
            } => Some(*ballot),
            _ => None,
        })
        .collect();
    let different: BTreeSet<Ballot> = started.iter().copied().collect();
    assert_eq!((started.len(), different.len()), (198, 198));
}

#[test]
fn quorums_are_decided_over_all_acceptors_crashed_ones_included() {
    let cast = "P proposer, A acceptor, B acceptor, C acceptor, D acceptor, E acceptor";
    let mut stage = Stage::new(cast);
    for name in ["C", "D", "E"] {
        stage.crash(name);
    }
    // A majority of those that are up, and of five only two.
    stage.propose("P", "Hello");
    stage.finish();
    assert_eq!(stage.chosen(), None);
    assert_eq!(stage.cluster.quorums().acceptors().len(), 5);
    assert_eq!(stage.cluster.quorums().phase1(), 3);
    assert!(stage.said("P has 2 of 3 promises for 1.P"));
    stage.restart("E");
    stage.propose("P", "Hello");
    stage.finish();
    assert_eq!(stage.chosen(), Some("Hello"));
}

#[test]
fn another_acceptor_means_another_run_and_the_old_one_is_kept() {
    let mut session = Session::new(Arc::new(built_in("hello").unwrap())).unwrap();
    session.run_mut().run_until(Millis(150));
    let old = session.run().clone();
    let mut larger = old.scenario().as_ref().clone();
    larger.add(Roles::ACCEPTOR, Place { x: 500.0, y: 500.0 });
    session.begin(Arc::new(larger), true).unwrap();
    assert_eq!(session.run().cluster().now(), Millis(0));
    assert!(session.run().is_fresh());
    assert_eq!(session.run().cluster().quorums().phase2(), 3);
    assert_eq!(session.runs()[0].events(), old.events());
    assert_eq!(session.runs()[0].cluster().quorums().phase2(), 2);
}

#[test]
fn a_message_to_oneself_takes_no_time_is_not_lost_and_is_shown() {
    let mut stage = Stage::new("X proposer+acceptor+learner, A acceptor, B acceptor");
    stage.propose("X", "Hello");
    stage.finish();
    let x = stage.id("X");
    let to_oneself = |envelope: &Envelope| (envelope.from, envelope.to) == (x, x);
    let (mut sent, mut delivered) = (Vec::new(), Vec::new());
    for event in &stage.events {
        match &event.fact {
            Fact::Sent(envelope) if to_oneself(envelope) => sent.push((event.at, *envelope)),
            Fact::Delivered(envelope) if to_oneself(envelope) => {
                delivered.push((event.at, *envelope));
            }
            _ => {}
        }
    }
    assert_eq!(sent, delivered, "at the same times");
    let kinds: Vec<&str> = sent.iter().map(|(_, e)| e.message.kind().name()).collect();
    assert_eq!(kinds, ["prepare", "promise", "accept", "accepted"]);
}

#[test]
fn what_is_refused_or_ignored_says_why() {
    let mut seen = BTreeSet::new();
    for seed in 0..200 {
        let schedule = Schedule::random(seed);
        let mut cluster = Cluster::new(&schedule.setup).unwrap();
        for (at, command) in schedule.script {
            cluster.schedule(at, command);
        }
        let mut events = Vec::new();
        while cluster.step(&mut events) {
            for event in events.drain(..) {
                let Some(reason) = reason(&event.fact) else {
                    continue;
                };
                let text = transcript(&schedule.setup, &cluster, &[event]);
                assert!(text.contains(reason), "no “{reason}” in {text}");
                seen.insert(reason);
            }
        }
    }
    assert!(seen.len() >= 9, "{seen:?}");
}

/// Words that belong into the sentence of a fact that changes nothing.
fn reason(fact: &Fact) -> Option<&'static str> {
    Some(match fact {
        Fact::Lost { .. } => ": the receiver is down",
        Fact::Refused { .. } => ": it is ",
        Fact::Acceptor { step, .. } => match step {
            AcceptorStep::AcceptRefused { .. } | AcceptorStep::PrepareRefused { .. } => {
                ": it has promised "
            }
            AcceptorStep::AlreadyPromised { .. } => ": it is in ballot ",
            _ => return None,
        },
        Fact::Proposer { step, .. } => match step {
            ProposerStep::PromiseIgnored { why, .. }
            | ProposerStep::VoteIgnored { why, .. }
            | ProposerStep::NackIgnored { why, .. } => match why {
                Ignored::OtherBallot { current: Some(_) } => ": its ballot is ",
                Ignored::OtherBallot { current: None } => ": it has no ballot now",
                Ignored::Repeated => ": it has counted that one already",
                Ignored::PhaseOver => ": ",
                Ignored::NotAnAcceptor | Ignored::OtherValue => ": the sender is no acceptor",
            },
            ProposerStep::PromiseQuorum {
                source: ValueSource::Own,
                ..
            } => "No vote was reported",
            ProposerStep::PromiseQuorum { .. } => "The highest vote reported is for",
            _ => return None,
        },
        _ => return None,
    })
}

#[test]
fn the_same_seed_gives_the_same_events_and_another_one_does_not() {
    let run = |seed| {
        let mut scenario = built_in("hello").unwrap();
        scenario.setup.seed = seed;
        let mut session = Session::new(Arc::new(scenario)).unwrap();
        while session.run_mut().step() {}
        format!("{:?}", session.run().events())
    };
    assert_eq!(run(7), run(7));
    assert_ne!(run(7), run(8));
}
