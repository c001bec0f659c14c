//! Thousands of random schedules, in which nothing forbidden ever happens and everybody learns in
//! the end.
//!
//! `PAXOS_SEED=7 cargo test --test schedules` plays one schedule, `PAXOS_SEEDS=100000` more.

mod support;

use paxos_playground::cluster::{Fact, LossReason};
use paxos_playground::protocol::{AcceptorStep, Ignored, LearnerStep, ProposerStep, ValueSource};
use support::schedule::{DIGEST, Schedule, digest};
use support::seeds::seeds;

#[test]
fn at_most_one_value_is_chosen_and_in_the_end_everybody_learns_it() {
    let seeds = seeds(5_000);
    let complete = seeds.end - seeds.start >= 1_000;
    let mut missing = sights();
    let mut events = 0;
    for seed in seeds.clone() {
        let happened = Schedule::random(seed).run().unwrap_or_else(|why| {
            panic!("{why}\nagain: PAXOS_SEED={seed} cargo test --test schedules")
        });
        events += happened.len();
        missing.retain(|(_, seen)| !happened.iter().any(|event| seen(&event.fact)));
    }
    println!("seeds {seeds:?}: {events} events");
    let missing: Vec<&str> = missing.iter().map(|(name, _)| *name).collect();
    assert!(missing.is_empty() || !complete, "never seen: {missing:?}");
}

type Sight = (&'static str, fn(&Fact) -> bool);

/// What the schedules have to bring about, or they would try too little.
fn sights() -> Vec<Sight> {
    use AcceptorStep::{AcceptRefused, PrepareRefused, Promised, Voted};
    use LearnerStep::{Confirmed, Learned};
    use ProposerStep::{
        NackNoted, PromiseIgnored, PromiseQuorum, Started, VoteIgnored, VoteQuorum,
    };
    macro_rules! sight {
        ($role:ident, $step:pat) => {{
            let seen: fn(&Fact) -> bool = |fact| matches!(fact, Fact::$role { step: $step, .. });
            (stringify!($step), seen)
        }};
    }
    vec![
        sight!(
            Proposer,
            Started {
                abandoned: Some(_),
                ..
            }
        ),
        sight!(
            Proposer,
            PromiseQuorum {
                source: ValueSource::Adopted { .. },
                ..
            }
        ),
        sight!(
            Proposer,
            PromiseIgnored {
                why: Ignored::PhaseOver,
                ..
            }
        ),
        sight!(
            Proposer,
            PromiseIgnored {
                why: Ignored::OtherBallot { current: None },
                ..
            }
        ),
        sight!(
            Proposer,
            PromiseIgnored {
                why: Ignored::OtherBallot { current: Some(_) },
                ..
            }
        ),
        sight!(
            Proposer,
            VoteIgnored {
                why: Ignored::OtherBallot { .. },
                ..
            }
        ),
        sight!(Proposer, VoteQuorum { .. }),
        sight!(
            Proposer,
            NackNoted {
                hopeless: false,
                ..
            }
        ),
        sight!(Proposer, NackNoted { hopeless: true, .. }),
        sight!(Acceptor, Promised { vote: Some(_), .. }),
        sight!(Acceptor, PrepareRefused { .. }),
        sight!(Acceptor, AcceptRefused { .. }),
        sight!(Acceptor, Voted { before: None, .. }),
        sight!(Learner, Learned { .. }),
        sight!(Learner, Confirmed { .. }),
        ("Lost", |fact| {
            matches!(
                fact,
                Fact::Lost {
                    why: LossReason::ReceiverDown,
                    ..
                }
            )
        }),
        ("Chosen again", |fact| {
            matches!(
                fact,
                Fact::Chosen {
                    before: Some(_),
                    ..
                }
            )
        }),
        ("Refused", |fact| matches!(fact, Fact::Refused { .. })),
    ]
}

#[test]
fn the_same_schedule_gives_the_same_events() {
    for seed in 0..50 {
        let events = || Schedule::random(seed).run().unwrap();
        assert_eq!(events(), events(), "seed {seed}");
    }
}

#[test]
fn the_events_are_those_of_every_other_machine() {
    let now = digest();
    assert_eq!(
        now, DIGEST,
        "DIGEST is {now:#x} now; if that is meant, write it down"
    );
}

#[test]
fn quorums_that_do_not_meet_are_found_out() {
    let objections: Vec<String> = (0..1_000)
        .filter_map(|seed| {
            let mut schedule = Schedule::random(seed);
            schedule.setup.phase1 = Some(1);
            schedule.setup.phase2 = Some(1);
            schedule.run().err()
        })
        .collect();
    let two_values = objections
        .iter()
        .filter(|why| why.contains("two values are chosen"));
    // Most are found out before it comes to that: by an Accept that is not safe at its ballot.
    let two_values = two_values.count();
    assert!(
        objections.len() > 700 && two_values > 20,
        "{} objections, {two_values} of them with two values",
        objections.len()
    );
}
