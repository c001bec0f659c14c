//! The watch over random schedules is not asleep: made-up runs, each sound but for its last event.

mod support;

use paxos_playground::cluster::{Envelope, Event, Fact, LossReason, MessageId, Millis, Setup};
use paxos_playground::protocol::{
    AcceptorStep, Ballot, LearnerStep, Message, ProcessId, ProposerStep, Round, Value, ValueSource,
    Vote,
};
use support::play::processes;
use support::watch::Watch;

const P: ProcessId = ProcessId(0);
const Q: ProcessId = ProcessId(1);
const A: ProcessId = ProcessId(2);
const B: ProcessId = ProcessId(3);
const C: ProcessId = ProcessId(4);
const L: ProcessId = ProcessId(5);
const HELLO: Value = Value(0);
const WORLD: Value = Value(1);

const FIRST: Ballot = Ballot {
    round: Round(1),
    proposer: P,
};
const SECOND: Ballot = Ballot {
    round: Round(1),
    proposer: Q,
};

fn watch() -> Watch {
    let cast = "P proposer, Q proposer, A acceptor, B acceptor, C acceptor, L learner";
    Watch::new(&Setup {
        processes: processes(cast).unwrap(),
        ..Setup::default()
    })
}

/// What happened so far.
#[derive(Clone, Default)]
struct Run(Vec<Fact>);

impl Run {
    fn then(mut self, fact: Fact) -> Self {
        self.0.push(fact);
        self
    }

    fn started(self, ballot: Ballot, wish: Value) -> Self {
        let abandoned = None;
        let step = ProposerStep::Started {
            ballot,
            wish,
            abandoned,
        };
        self.then(Fact::Proposer {
            process: ballot.proposer,
            step,
        })
    }

    /// A promise leaves and arrives.
    fn promised(self, from: ProcessId, ballot: Ballot, vote: Option<Vote>) -> Self {
        let envelope = envelope(self.0.len(), from, Message::Promise { ballot, vote });
        self.then(Fact::Sent(envelope))
            .then(Fact::Delivered(envelope))
    }

    /// A whole first phase, in which nobody reports a vote.
    fn prepared(self, ballot: Ballot, wish: Value) -> Self {
        let run = self.started(ballot, wish);
        run.promised(A, ballot, None).promised(B, ballot, None)
    }

    fn voted(self, process: ProcessId, ballot: Ballot, value: Value) -> Self {
        self.then(voted(process, ballot, value))
    }

    /// Everything up to the instant at which A and B have voted.
    fn decided(self, ballot: Ballot, value: Value) -> Self {
        let run = self.prepared(ballot, value).then(proposed(ballot, value));
        run.voted(A, ballot, value).voted(B, ballot, value)
    }

    /// What the watch says to the last event; it must say nothing before.
    fn verdict(self) -> Result<(), String> {
        let mut watch = watch();
        let last = self.0.len() - 1;
        for (index, fact) in self.0.into_iter().enumerate() {
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

    fn objection(&self, fact: Fact) -> String {
        let run = self.clone().then(fact.clone());
        run.verdict()
            .expect_err(&format!("{fact:?} is let through"))
    }
}

fn envelope(id: usize, from: ProcessId, message: Message) -> Envelope {
    Envelope {
        id: MessageId(id as u64),
        from,
        to: message.ballot().proposer,
        nth: 1,
        message,
        sent: Millis(0),
        arrives: Millis(0),
        since: Millis(0),
        moved: 0,
        held: false,
        copy: false,
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
fn hello() -> Run {
    let run = Run::default().decided(FIRST, HELLO);
    run.then(chosen(FIRST, HELLO, [A, B]))
}

fn assert_says(objection: String, expected: &str) {
    assert!(
        objection.contains(expected),
        "“{expected}” is not in “{objection}”"
    );
}

#[test]
fn a_sound_run_is_accepted() {
    let run = hello().then(learned(FIRST, HELLO, [A, B]));
    assert_eq!(run.verdict(), Ok(()));
}

#[test]
fn two_chosen_values() {
    let lower = Run::default()
        .prepared(FIRST, WORLD)
        .then(proposed(FIRST, WORLD));
    let higher = lower
        .decided(SECOND, HELLO)
        .then(chosen(SECOND, HELLO, [A, B]));
    let run = higher.voted(B, FIRST, WORLD);
    assert_says(
        run.objection(voted(C, FIRST, WORLD)),
        "two values are chosen",
    );
}

#[test]
fn another_value_above_the_chosen_one() {
    let run = hello().prepared(SECOND, WORLD);
    assert_says(run.objection(proposed(SECOND, WORLD)), "above the chosen");
    let run = Run::default()
        .prepared(FIRST, HELLO)
        .then(proposed(FIRST, HELLO));
    let run = run.prepared(SECOND, WORLD).then(proposed(SECOND, WORLD));
    let run = run.voted(A, FIRST, HELLO);
    assert_says(
        run.objection(voted(B, FIRST, HELLO)),
        "under a higher proposal",
    );
}

#[test]
fn a_proposal_that_the_promises_forbid() {
    let run = Run::default().started(SECOND, WORLD);
    let lower = Ballot {
        round: Round(0),
        ..FIRST
    };
    let vote = |ballot, value| Some(Vote { ballot, value });
    let torn = run.promised(A, SECOND, vote(FIRST, HELLO));
    let torn = torn.promised(B, SECOND, vote(lower, WORLD));
    assert_says(torn.objection(proposed(SECOND, WORLD)), "has to be");
    let alone = Run::default()
        .started(FIRST, HELLO)
        .promised(A, FIRST, None);
    assert_says(alone.objection(proposed(FIRST, HELLO)), "did not promise");
    let free = Run::default().prepared(FIRST, HELLO);
    assert_says(free.objection(proposed(FIRST, WORLD)), "has to be");
    let step = ProposerStep::PromiseQuorum {
        ballot: FIRST,
        promised_by: [A].into_iter().collect(),
        value: HELLO,
        source: ValueSource::Own,
    };
    assert_says(
        free.objection(Fact::Proposer { process: P, step }),
        "are no quorum",
    );
}

#[test]
fn a_ballot_that_is_used_twice_or_by_another() {
    assert_says(hello().objection(proposed(FIRST, HELLO)), "two proposals");
    let start = |process| {
        let (wish, abandoned) = (HELLO, None);
        let step = ProposerStep::Started {
            ballot: FIRST,
            wish,
            abandoned,
        };
        Fact::Proposer { process, step }
    };
    assert_says(hello().objection(start(P)), "started twice");
    assert_says(Run::default().objection(start(Q)), "uses");
}

#[test]
fn a_vote_out_of_nowhere() {
    assert_says(
        hello().objection(voted(C, FIRST, WORLD)),
        "which nobody proposed",
    );
    assert_says(hello().objection(voted(L, FIRST, HELLO)), "is no acceptor");
    // Both report a vote for a value that no proposer ever wanted.
    let vote = Some(Vote {
        ballot: FIRST,
        value: Value(7),
    });
    let run = Run::default().started(SECOND, HELLO);
    let run = run.promised(A, SECOND, vote).promised(B, SECOND, vote);
    let run = run
        .then(proposed(SECOND, Value(7)))
        .voted(A, SECOND, Value(7));
    assert_says(
        run.objection(voted(B, SECOND, Value(7))),
        "nobody wanted it",
    );
}

#[test]
fn a_choice_that_is_not_said_or_not_true() {
    let decided = Run::default().decided(FIRST, HELLO);
    assert_says(
        decided.objection(learned(FIRST, HELLO, [A, B])),
        "nobody says that",
    );
    assert_says(
        decided.objection(chosen(FIRST, HELLO, [A, C])),
        "did not vote",
    );
    let prepared = Run::default()
        .prepared(FIRST, HELLO)
        .then(proposed(FIRST, HELLO));
    let one = prepared.voted(A, FIRST, HELLO);
    assert_says(
        one.objection(chosen(FIRST, HELLO, [A, B])),
        "not chosen at this instant",
    );
    assert_says(
        one.objection(learned(FIRST, HELLO, [A, B])),
        "believes that",
    );
    assert_says(
        hello().objection(learned(FIRST, HELLO, [A, C])),
        "did not vote",
    );
    assert_says(
        hello().objection(learned(FIRST, WORLD, [A, B])),
        "believes that",
    );
    let vote = Vote {
        ballot: SECOND,
        value: WORLD,
    };
    let learned = Vote {
        ballot: FIRST,
        value: HELLO,
    };
    let step = LearnerStep::Contradicted { vote, learned };
    assert_says(
        hello().objection(Fact::Learner { process: L, step }),
        "has learned",
    );
}

#[test]
fn a_message_at_the_wrong_time() {
    let prepare = Message::Prepare { ballot: FIRST };
    let late = Envelope {
        arrives: Millis(5),
        to: A,
        ..envelope(0, P, prepare)
    };
    let unsent = Run::default();
    assert_says(unsent.objection(Fact::Delivered(late)), "was due at");
    let sent = unsent.then(Fact::Sent(late));
    assert_says(sent.objection(Fact::Delivered(late)), "was due at");
    let why = LossReason::ReceiverDown;
    assert_says(
        sent.objection(Fact::Lost {
            envelope: late,
            why,
        }),
        "was due at",
    );
    let to_itself = Envelope { to: P, ..late };
    assert_says(
        Run::default().objection(Fact::Sent(to_itself)),
        "takes time",
    );
}

#[test]
fn an_acceptor_that_forgets() {
    let (low, high) = (Some(FIRST), Some(SECOND));
    let vote = |ballot: Option<Ballot>| {
        ballot.map(|ballot| Vote {
            ballot,
            value: HELLO,
        })
    };
    let then = |promised, voted| {
        let mut watch = watch();
        assert_eq!(watch.promise(A, high, vote(low)), Ok(()));
        watch.promise(A, promised, voted).unwrap_err()
    };
    assert_says(then(low, vote(low)), "the promise of");
    assert_says(then(None, None), "the promise of");
    assert_says(then(high, None), "the vote of");
    assert_says(
        watch().promise(A, low, vote(high)).unwrap_err(),
        "promised only",
    );
}
