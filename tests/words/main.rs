//! Every fact has a sentence, and this is it.

mod faults;
#[path = "../support/mod.rs"]
mod support;

use paxos_playground::cluster::{
    Cluster, Command, Envelope, Event, Fact, LossReason, MessageId, Millis, Names, Refusal, Setup,
};
use paxos_playground::protocol::{
    AcceptorStep, Amnesia, Ballot, Ignored, LearnerStep, Message, ProcessId, ProposerStep, Round,
    Value, ValueSource, Vote,
};
use support::play::processes;

const P: ProcessId = ProcessId(0);
const A: ProcessId = ProcessId(1);
const B: ProcessId = ProcessId(2);
const L: ProcessId = ProcessId(3);
const HELLO: Value = Value(0);
const WORLD: Value = Value(1);
const LONG: Value = Value(2);

fn n(round: u32) -> Ballot {
    Ballot {
        round: Round(round),
        proposer: P,
    }
}

fn vote(round: u32, value: Value) -> Vote {
    Vote {
        ballot: n(round),
        value,
    }
}

/// Asks what each fact is in words; a new variant has to be added, and then to the tables below.
fn is_in_a_table(fact: &Fact) {
    use AcceptorStep as AS;
    use LearnerStep as LS;
    use ProposerStep as PS;
    match fact {
        Fact::Sent(_) | Fact::Delivered(_) | Fact::Chosen { .. } => {}
        Fact::Lost { why, .. } => match why {
            LossReason::ReceiverDown | LossReason::Chance | LossReason::ByHand => {}
            LossReason::CutWhenSent | LossReason::CutOnTheWay => {}
        },
        Fact::Duplicated { .. } | Fact::Held { .. } | Fact::Released { .. } => {}
        Fact::Delayed { .. } | Fact::TimedOut { .. } | Fact::BacksOff { .. } => {}
        Fact::Crashed { .. } | Fact::Restarted { .. } | Fact::Partitioned { .. } => {}
        Fact::Cut { .. } | Fact::Healed { .. } | Fact::LinkChanged { .. } => {}
        Fact::AllHeld | Fact::AllReleased | Fact::NetworkChanged { .. } => {}
        Fact::Waits { .. } | Fact::Violated { .. } => {}
        Fact::Refused { why, .. } => match why {
            Refusal::UnknownProcess | Refusal::NotAProposer | Refusal::Down => {}
            Refusal::Up | Refusal::EmptyValue | Refusal::OutOfRounds => {}
            Refusal::NothingToRetry | Refusal::SameProcess | Refusal::AlreadyCut => {}
            Refusal::NotCut | Refusal::MessageGone | Refusal::MessageNotSent => {}
            Refusal::OwnMessage | Refusal::AlreadyHeld | Refusal::NotHeld => {}
            Refusal::NoChange => {}
        },
        Fact::Proposer { step, .. } => match step {
            PS::Started { .. } | PS::PromiseCounted { .. } | PS::PromiseQuorum { .. } => {}
            PS::VoteCounted { .. } | PS::VoteQuorum { .. } | PS::NackNoted { .. } => {}
            PS::PromiseIgnored { why, .. }
            | PS::VoteIgnored { why, .. }
            | PS::NackIgnored { why, .. } => match why {
                Ignored::OtherBallot { .. } | Ignored::Repeated => {}
                Ignored::PhaseOver | Ignored::NotAnAcceptor | Ignored::OtherValue => {}
            },
        },
        Fact::Acceptor { step, .. } => match step {
            AS::Promised { .. } | AS::AlreadyPromised { .. } | AS::PrepareRefused { .. } => {}
            AS::Voted { .. } | AS::VotedAgain { .. } | AS::AcceptRefused { .. } => {}
        },
        Fact::Learner { step, .. } => match step {
            LS::Counted { .. } | LS::Learned { .. } | LS::Confirmed { .. } => {}
            LS::Contradicted { .. } | LS::Unneeded { .. } | LS::NotAnAcceptor { .. } => {}
        },
    }
}

/// The sentences, in a cluster that knows “Hello”, “World” and a value of 10,000 characters.
fn check(table: Vec<(Fact, &str)>) {
    let setup = Setup {
        processes: processes("P proposer, A acceptor, B acceptor, L learner").unwrap(),
        ..Setup::default()
    };
    let mut cluster = Cluster::new(&setup).unwrap();
    let mut events: Vec<Event> = Vec::new();
    for value in ["Hello", "World", &"<b>\n".repeat(2_500)] {
        let value = value.into();
        cluster.apply(Command::Propose { process: P, value }, &mut events);
    }
    let names = Names::new(&setup, &cluster);
    for (fact, sentence) in table {
        is_in_a_table(&fact);
        assert_eq!(names.fact(&fact).to_string(), sentence, "{fact:?}");
    }
}

fn envelope(message: Message) -> Envelope {
    Envelope {
        id: MessageId(0),
        from: P,
        to: A,
        nth: 1,
        message,
        sent: Millis(0),
        arrives: Millis(10),
        since: Millis(0),
        moved: 0,
        held: false,
        copy: false,
    }
}

#[test]
fn messages() {
    let ballot = n(2);
    let sent = |message| Fact::Sent(envelope(message));
    let prepare = Message::Prepare { ballot };
    check(vec![
        (sent(prepare), "P sends Prepare(2.P) to A"),
        (
            sent(Message::Promise { ballot, vote: None }),
            "P sends Promise(2.P) to A",
        ),
        (
            sent(Message::Promise {
                ballot,
                vote: Some(vote(1, HELLO)),
            }),
            "P sends Promise(2.P, 1.P Hello) to A",
        ),
        (
            sent(Message::Accept {
                ballot,
                value: HELLO,
            }),
            "P sends Accept(2.P, Hello) to A",
        ),
        (
            sent(Message::Accepted {
                ballot,
                value: HELLO,
            }),
            "P sends Accepted(2.P, Hello) to A",
        ),
        (
            sent(Message::Nack {
                ballot,
                promised: n(3),
            }),
            "P sends Nack(2.P, 3.P) to A",
        ),
        (
            Fact::Delivered(envelope(prepare)),
            "Prepare(2.P) from P reaches A",
        ),
        (
            Fact::Lost {
                envelope: envelope(prepare),
                why: LossReason::ReceiverDown,
            },
            "Prepare(2.P) from P to A is lost: the receiver is down",
        ),
        (
            sent(Message::Accept {
                ballot,
                value: LONG,
            }),
            "P sends Accept(2.P, <b> <b> <b> <b> <b> <b>…) to A",
        ),
    ]);
}

#[test]
fn proposers() {
    let ballot = n(2);
    let quorum = || [A, B].into_iter().collect();
    let did = |step| Fact::Proposer { process: P, step };
    let promise = |why| did(ProposerStep::PromiseIgnored { ballot: n(1), why });
    let vote_ignored = |why| did(ProposerStep::VoteIgnored { ballot: n(1), why });
    let nack = |why| did(ProposerStep::NackIgnored { ballot: n(1), why });
    let noted = |hopeless| {
        did(ProposerStep::NackNoted {
            ballot,
            from: A,
            promised: n(3),
            hopeless,
        })
    };
    let counted = |vote| {
        did(ProposerStep::PromiseCounted {
            ballot,
            from: A,
            vote,
            have: 1,
            need: 2,
        })
    };
    let adopted = |instead_of| ProposerStep::PromiseQuorum {
        ballot,
        promised_by: quorum(),
        value: HELLO,
        source: ValueSource::Adopted {
            vote: vote(1, HELLO),
            instead_of,
        },
    };
    let started = |abandoned| {
        did(ProposerStep::Started {
            ballot,
            wish: HELLO,
            abandoned,
        })
    };
    let own = ProposerStep::PromiseQuorum {
        ballot,
        promised_by: quorum(),
        value: HELLO,
        source: ValueSource::Own,
    };
    let current = Some(ballot);
    check(vec![
        (
            started(None),
            "P starts ballot 2.P to propose “Hello”: it sends Prepare(2.P) to every acceptor",
        ),
        (
            started(Some(n(1))),
            "P starts ballot 2.P to propose “Hello”: it sends Prepare(2.P) to every acceptor, \
             and leaves 1.P behind",
        ),
        (counted(None), "P has 1 of 2 promises for 2.P, now from A"),
        (
            counted(Some(vote(1, HELLO))),
            "P has 1 of 2 promises for 2.P, now from A, which voted for “Hello” in ballot 1.P",
        ),
        (
            did(own),
            "P has promises from A and B, a quorum for 2.P. No vote was reported, so it is free \
             to send Accept(2.P, Hello)",
        ),
        (
            did(adopted(WORLD)),
            "P has promises from A and B, a quorum for 2.P. The highest vote reported is for \
             “Hello” in ballot 1.P, so it must send Accept(2.P, Hello) and not “World”",
        ),
        (
            did(adopted(HELLO)),
            "P has promises from A and B, a quorum for 2.P. The highest vote reported is for \
             “Hello” in ballot 1.P, so it must send Accept(2.P, Hello)",
        ),
        (
            promise(Ignored::OtherBallot { current }),
            "P does not count a promise for 1.P: its ballot is 2.P now",
        ),
        (
            promise(Ignored::OtherBallot { current: None }),
            "P does not count a promise for 1.P: it has no ballot now",
        ),
        (
            promise(Ignored::Repeated),
            "P does not count a promise for 1.P: it has counted that one already",
        ),
        (
            promise(Ignored::PhaseOver),
            "P does not count a promise for 1.P: its value is fixed already",
        ),
        (
            promise(Ignored::NotAnAcceptor),
            "P does not count a promise for 1.P: the sender is no acceptor",
        ),
        (
            did(ProposerStep::VoteCounted {
                ballot,
                from: A,
                have: 1,
                need: 2,
            }),
            "P knows of 1 of 2 votes in 2.P, now from A",
        ),
        (
            did(ProposerStep::VoteQuorum {
                ballot,
                value: HELLO,
                voted_by: quorum(),
            }),
            "P knows that “Hello” is chosen: A and B voted in 2.P",
        ),
        (
            vote_ignored(Ignored::PhaseOver),
            "P does not need a vote in 1.P: it knows already that the value is chosen",
        ),
        (
            vote_ignored(Ignored::OtherBallot { current }),
            "P does not need a vote in 1.P: its ballot is 2.P now",
        ),
        (
            noted(false),
            "P hears that A refuses 2.P, having promised 3.P. A quorum of the others may still do",
        ),
        (
            noted(true),
            "P hears that A refuses 2.P, having promised 3.P. No quorum is left for this ballot: \
             it takes a higher one",
        ),
        (
            vote_ignored(Ignored::OtherValue),
            "P does not need a vote in 1.P: it is for another value, which somebody else proposed \
             in that ballot",
        ),
        (
            nack(Ignored::PhaseOver),
            "P ignores a refusal of 1.P: the value of that ballot is chosen",
        ),
        (
            nack(Ignored::OtherBallot { current }),
            "P ignores a refusal of 1.P: its ballot is 2.P now",
        ),
    ]);
}

#[test]
fn acceptors() {
    let did = |step| Fact::Acceptor { process: A, step };
    let promised = |before, vote| {
        did(AcceptorStep::Promised {
            ballot: n(2),
            before,
            vote,
            hides: false,
        })
    };
    let voted = |before| {
        did(AcceptorStep::Voted {
            vote: vote(2, HELLO),
            before,
        })
    };
    check(vec![
        (
            promised(None, None),
            "A promises 2.P: it had promised nothing",
        ),
        (
            promised(Some(n(1)), None),
            "A promises 2.P: higher than 1.P",
        ),
        (
            promised(Some(n(1)), Some(vote(1, HELLO))),
            "A promises 2.P: higher than 1.P. It reports its vote for “Hello” in ballot 1.P",
        ),
        (
            did(AcceptorStep::AlreadyPromised { ballot: n(2) }),
            "A does nothing: it is in ballot 2.P already",
        ),
        (
            did(AcceptorStep::PrepareRefused {
                ballot: n(1),
                promised: n(2),
            }),
            "A refuses Prepare(1.P): it has promised 2.P",
        ),
        (
            voted(None),
            "A votes for “Hello” in ballot 2.P: it had promised nothing",
        ),
        (
            voted(Some(n(2))),
            "A votes for “Hello” in ballot 2.P: it has promised nothing higher",
        ),
        (
            voted(Some(n(1))),
            "A votes for “Hello” in ballot 2.P: higher than its promise to 1.P",
        ),
        (
            did(AcceptorStep::VotedAgain {
                vote: vote(2, HELLO),
            }),
            "A says again that it voted for “Hello” in ballot 2.P",
        ),
        (
            did(AcceptorStep::AcceptRefused {
                ballot: n(1),
                promised: n(2),
            }),
            "A refuses to vote in ballot 1.P: it has promised 2.P",
        ),
    ]);
}

#[test]
fn learners() {
    let did = |step| Fact::Learner { process: L, step };
    let (vote, learned) = (vote(2, HELLO), vote(1, WORLD));
    let voted_by = [A, B].into_iter().collect();
    let unneeded = |repeated| did(LearnerStep::Unneeded { vote, repeated });
    check(vec![
        (
            did(LearnerStep::Counted {
                vote,
                from: A,
                have: 1,
                need: 2,
            }),
            "L has heard 1 of 2 votes for “Hello” in ballot 2.P, now from A",
        ),
        (
            did(LearnerStep::Learned { vote, voted_by }),
            "L learns “Hello”: A and B voted in ballot 2.P",
        ),
        (
            did(LearnerStep::Confirmed { vote }),
            "L hears that ballot 2.P chose “Hello” too, which it knows",
        ),
        (
            did(LearnerStep::Contradicted { vote, learned }),
            "L hears that a quorum voted for “Hello” in ballot 2.P, but it has learned “World” \
             in ballot 1.P",
        ),
        (
            unneeded(true),
            "L needs no further vote in 2.P: it has counted that one",
        ),
        (
            unneeded(false),
            "L needs no further vote in 2.P: it had enough votes of that ballot",
        ),
        (
            did(LearnerStep::NotAnAcceptor { vote }),
            "L does not count a vote in 2.P: the sender is no acceptor",
        ),
    ]);
}

#[test]
fn the_choice() {
    let chosen = |before| Fact::Chosen {
        vote: vote(2, HELLO),
        voted_by: [A, B].into_iter().collect(),
        before,
    };
    check(vec![
        (
            chosen(None),
            "“Hello” is chosen: A and B, 2 of 2, voted in ballot 2.P",
        ),
        (
            chosen(Some(vote(1, HELLO))),
            "“Hello” is chosen once more, as it must be: A and B, 2 of 2, voted in ballot 2.P",
        ),
        (
            chosen(Some(vote(1, WORLD))),
            "Two values are chosen! “World” was, and now “Hello” is: A and B, 2 of 2, voted in \
             ballot 2.P",
        ),
    ]);
}

#[test]
fn commands() {
    let propose = |value: &str| Command::Propose {
        process: P,
        value: value.into(),
    };
    let refused = |command, why| Fact::Refused { command, why };
    let (crash, restart) = (
        Command::Crash {
            process: A,
            amnesia: Amnesia::NONE,
        },
        Command::Restart { process: A },
    );
    let nobody = Command::Crash {
        process: ProcessId(77),
        amnesia: Amnesia::NONE,
    };
    check(vec![
        (
            Fact::Crashed {
                process: A,
                lost: Amnesia::NONE,
            },
            "A crashes: only what it had stored survives",
        ),
        (
            Fact::Restarted { process: A },
            "A restarts with what it had stored",
        ),
        (
            refused(propose(" "), Refusal::EmptyValue),
            "P cannot propose “ ”: the value is empty",
        ),
        (
            refused(propose("Hello"), Refusal::Down),
            "P cannot propose “Hello”: it is down",
        ),
        (
            refused(propose("Hello"), Refusal::NotAProposer),
            "P cannot propose “Hello”: it is no proposer",
        ),
        (
            refused(propose("Hello"), Refusal::OutOfRounds),
            "P cannot propose “Hello”: its ballots are used up",
        ),
        (refused(crash, Refusal::Down), "A cannot crash: it is down"),
        (refused(restart, Refusal::Up), "A cannot restart: it is up"),
        (
            refused(nobody, Refusal::UnknownProcess),
            "#77 cannot crash: there is no such process",
        ),
    ]);
}
