//! Thousands of random schedules, in which nothing forbidden ever happens and everybody learns in
//! the end.
//!
//! `PAXOS_SEED=7 cargo test --test schedules` plays one schedule, `PAXOS_SCHEDULES=100000` more.

mod support;

use paxos_playground::cluster::{Event, Fact, LossReason, Millis};
use paxos_playground::protocol::{
    AcceptorStep, Ballot, Ignored, LearnerStep, ProcessId, ProposerStep, Round, Value, ValueSource,
    Vote,
};
use support::play::processes;
use support::schedule::{DIGEST, Schedule, digest};
use support::watch::Watch;

use paxos_playground::cluster::Setup;

/// A number from the environment.
fn variable(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{name} is {text}, and must be a number")),
    )
}

#[test]
fn at_most_one_value_is_chosen_and_in_the_end_everybody_learns_it() {
    let seeds = match variable("PAXOS_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..variable("PAXOS_SCHEDULES").unwrap_or(5_000),
    };
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
    assert!(two_values.count() > 50, "{} objections", objections.len());
}

// The watch itself: made-up events, each list sound but for its end.

const P: ProcessId = ProcessId(0);
const Q: ProcessId = ProcessId(1);
const A: ProcessId = ProcessId(2);
const B: ProcessId = ProcessId(3);
const C: ProcessId = ProcessId(4);
const L: ProcessId = ProcessId(5);
const HELLO: Value = Value(0);
const WORLD: Value = Value(1);

fn n(round: u32, proposer: ProcessId) -> Ballot {
    let round = Round(round);
    Ballot { round, proposer }
}

fn started(ballot: Ballot, wish: Value) -> Fact {
    let step = ProposerStep::Started {
        ballot,
        wish,
        abandoned: None,
    };
    Fact::Proposer {
        process: ballot.proposer,
        step,
    }
}

fn proposed(ballot: Ballot, value: Value) -> Fact {
    let step = ProposerStep::PromiseQuorum {
        ballot,
        promised_by: [A, B].into_iter().collect(),
        value,
        source: ValueSource::Own,
    };
    Fact::Proposer {
        process: ballot.proposer,
        step,
    }
}

fn voted(process: ProcessId, ballot: Ballot, value: Value) -> Fact {
    let vote = Vote { ballot, value };
    let step = AcceptorStep::Voted { vote, before: None };
    Fact::Acceptor { process, step }
}

fn chosen(ballot: Ballot, value: Value, voters: [ProcessId; 2]) -> Fact {
    Fact::Chosen {
        vote: Vote { ballot, value },
        voted_by: voters.into_iter().collect(),
        before: None,
    }
}

fn learned(ballot: Ballot, value: Value, voters: [ProcessId; 2]) -> Fact {
    let step = LearnerStep::Learned {
        vote: Vote { ballot, value },
        voted_by: voters.into_iter().collect(),
    };
    Fact::Learner { process: L, step }
}

/// “Hello” is chosen in 1.P by A and B.
fn hello() -> Vec<Fact> {
    let ballot = n(1, P);
    vec![
        started(ballot, HELLO),
        proposed(ballot, HELLO),
        voted(A, ballot, HELLO),
        voted(B, ballot, HELLO),
        chosen(ballot, HELLO, [A, B]),
    ]
}

fn watch() -> Watch {
    let cast = "P proposer, Q proposer, A acceptor, B acceptor, C acceptor, L learner";
    Watch::new(&Setup {
        processes: processes(cast).unwrap(),
        ..Setup::default()
    })
}

/// What the watch says to these facts; it must say nothing before the last one.
fn verdict(facts: Vec<Fact>) -> Result<(), String> {
    let mut watch = watch();
    let last = facts.len() - 1;
    for (index, fact) in facts.into_iter().enumerate() {
        let said = watch.see(&Event {
            at: Millis(0),
            fact,
        });
        if index == last {
            return said;
        }
        assert_eq!(said, Ok(()), "too early, at {index}");
    }
    Ok(())
}

#[test]
fn the_watch_accepts_a_sound_run() {
    let mut facts = hello();
    facts.push(learned(n(1, P), HELLO, [A, B]));
    assert_eq!(verdict(facts), Ok(()));
}

#[test]
fn the_watch_objects_to_what_must_never_happen() {
    let (first, second) = (n(1, P), n(1, Q));
    let objects = |before: &[Fact], fact: Fact, expected: &str| {
        let facts = [before, &[fact]].concat();
        let why = verdict(facts).expect_err(expected);
        assert!(why.contains(expected), "{why}");
    };
    let hello = hello();
    // Q's proposal of another value is made before “Hello” is chosen, and voted for after.
    let mut split = hello.clone();
    split.splice(1..1, [started(second, WORLD)]);
    objects(&split, proposed(second, WORLD), "above the chosen");
    let mut split = hello[..3].to_vec();
    split.extend([started(second, WORLD), proposed(second, WORLD)]);
    objects(&split, voted(B, first, HELLO), "under a higher proposal");
    let lower = [started(n(1, P), WORLD), proposed(n(1, P), WORLD)];
    let higher = [
        started(second, HELLO),
        proposed(second, HELLO),
        voted(A, second, HELLO),
        voted(B, second, HELLO),
        chosen(second, HELLO, [A, B]),
        voted(B, first, WORLD),
    ];
    let split = [&lower[..], &higher[..]].concat();
    objects(&split, voted(C, first, WORLD), "two values are chosen");

    objects(
        &hello[..4],
        learned(first, HELLO, [A, B]),
        "nobody says that",
    );
    objects(
        &hello[..3],
        chosen(first, HELLO, [A, B]),
        "is not chosen at this instant",
    );
    objects(&hello[..4], chosen(first, HELLO, [A, C]), "did not vote");
    objects(&hello[..3], learned(first, HELLO, [A, B]), "believes that");
    objects(&hello, learned(first, HELLO, [A, C]), "did not vote");
    objects(&hello, learned(first, WORLD, [A, B]), "believes that");
    objects(&hello, started(first, HELLO), "started twice");
    objects(&hello, proposed(first, HELLO), "two proposals");
    objects(&hello, voted(C, first, WORLD), "which nobody proposed");
    objects(&hello, voted(L, first, HELLO), "is no acceptor");
    let unwanted = [proposed(first, WORLD), voted(A, first, WORLD)];
    objects(&unwanted, voted(B, first, WORLD), "nobody wanted it");
    let step = LearnerStep::Contradicted {
        vote: Vote {
            ballot: second,
            value: WORLD,
        },
        learned: Vote {
            ballot: first,
            value: HELLO,
        },
    };
    objects(&hello, Fact::Learner { process: L, step }, "has learned");
}

#[test]
fn the_watch_objects_to_an_acceptor_that_forgets() {
    let (low, high) = (n(1, P), n(2, P));
    let vote = |ballot| {
        Some(Vote {
            ballot,
            value: HELLO,
        })
    };
    let mut fresh = watch();
    assert_eq!(fresh.promise(A, Some(high), vote(low)), Ok(()));
    assert!(
        fresh
            .promise(A, Some(low), vote(low))
            .unwrap_err()
            .contains("falls")
    );
    let mut fresh = watch();
    assert_eq!(fresh.promise(A, Some(high), vote(low)), Ok(()));
    assert!(
        fresh
            .promise(A, Some(high), None)
            .unwrap_err()
            .contains("falls")
    );
    assert!(
        watch()
            .promise(A, Some(low), vote(high))
            .unwrap_err()
            .contains("promised only")
    );
}
