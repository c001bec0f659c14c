//! The sentences of faults, retries and broken rules.

use paxos_playground::cluster::{
    Chance, Command, DelayRange, Fact, Link, LossReason, MessageId, Millis, Network, Nth, Refusal,
    Selector,
};
use paxos_playground::protocol::{
    AcceptorStep, Amnesia, Invariant, Kind, Message, ProposerStep, ValueSource,
};

use super::{A, B, HELLO, P, WORLD, check, envelope, n, vote};

const FIRST: Selector = Selector::Nth(Nth {
    kind: Kind::Accept,
    from: P,
    to: A,
    nth: 1,
});

#[test]
fn faults_of_messages() {
    let envelope = || envelope(Message::Prepare { ballot: n(2) });
    let lost = |why| Fact::Lost {
        envelope: envelope(),
        why,
    };
    let doubled = |by_hand| Fact::Duplicated {
        envelope: envelope(),
        of: MessageId(0),
        by_hand,
    };
    check(vec![
        (
            lost(LossReason::CutWhenSent),
            "Prepare(2.P) from P to A is lost at once: the link is cut",
        ),
        (
            lost(LossReason::CutOnTheWay),
            "Prepare(2.P) from P to A is lost on its way: the link was cut before it arrived",
        ),
        (
            lost(LossReason::Chance),
            "Prepare(2.P) from P to A is lost: the network loses some",
        ),
        (
            lost(LossReason::ByHand),
            "Prepare(2.P) from P to A is lost: it was taken out by hand",
        ),
        (
            doubled(true),
            "Prepare(2.P) from P to A is doubled by hand: the second one is on its own way",
        ),
        (
            doubled(false),
            "Prepare(2.P) from P to A is doubled by the network: the second one is on its own way",
        ),
        (
            Fact::Held {
                envelope: envelope(),
            },
            "Prepare(2.P) from P to A is held until it is let go",
        ),
        (
            Fact::Released {
                envelope: envelope(),
            },
            "Prepare(2.P) from P to A goes on: it has 10 ms left",
        ),
        (
            Fact::Delayed {
                envelope: envelope(),
                by: 50,
            },
            "Prepare(2.P) from P to A takes 50 ms longer: it was slowed down by hand",
        ),
        (
            Fact::AllHeld,
            "Every message is held from now on: whoever holds them is the network",
        ),
        (
            Fact::AllReleased,
            "Messages pass again, those that were held too",
        ),
    ]);
}

#[test]
fn faults_of_links_and_of_the_network() {
    let link = Link::both_ways(P, A);
    let one_way = Link::one_way(P, A);
    let network = Network {
        loss: Chance::per_million_of(125_000).unwrap(),
        ..Network::default()
    };
    let delay = DelayRange::new(5, 5).ok();
    check(vec![
        (
            Fact::Cut { link },
            "The link between P and A is cut: nothing gets through",
        ),
        (
            Fact::Cut { link: one_way },
            "The link from P to A is cut: nothing gets through",
        ),
        (
            Fact::Healed { link: Some(link) },
            "The link between P and A works again",
        ),
        (Fact::Healed { link: None }, "All links work again"),
        (
            Fact::Partitioned {
                groups: vec![vec![P, A], vec![B]],
            },
            "The cluster is split: P and A | B. Nothing passes between the groups",
        ),
        (
            Fact::NetworkChanged { network },
            "From now on messages take 40 to 80 ms, 12.5 % are lost and 0 % are doubled",
        ),
        (
            Fact::LinkChanged { link, delay },
            "The link between P and A takes 5 ms from now on",
        ),
        (
            Fact::LinkChanged { link, delay: None },
            "The link between P and A is as fast as the network again",
        ),
    ]);
}

#[test]
fn crashes_and_retries() {
    let crashed = |lost| Fact::Crashed { process: A, lost };
    let timed_out = |by_hand| Fact::TimedOut {
        process: P,
        ballot: n(2),
        by_hand,
    };
    check(vec![
        (
            crashed(Amnesia::ALL),
            "A crashes and loses what it had stored: its promise and its vote",
        ),
        (
            crashed(Amnesia::PROMISE),
            "A crashes and loses its stored promise; only its vote is left",
        ),
        (
            crashed(Amnesia::VOTE),
            "A crashes and loses its stored vote; only its promise is left",
        ),
        (
            timed_out(false),
            "P has waited long enough for ballot 2.P and tries a higher one",
        ),
        (
            timed_out(true),
            "P is told to give up ballot 2.P and tries a higher one",
        ),
        (
            Fact::BacksOff {
                process: P,
                ballot: n(2),
                until: Millis(90),
            },
            "P gives up ballot 2.P, which no quorum is left for, and waits a random while, until \
             90 ms",
        ),
    ]);
}

#[test]
fn broken_rules() {
    let quorum = |source| Fact::Proposer {
        process: P,
        step: ProposerStep::PromiseQuorum {
            ballot: n(3),
            promised_by: [A, B].into_iter().collect(),
            value: WORLD,
            source,
        },
    };
    check(vec![
        (
            quorum(ValueSource::Insisted {
                highest: vote(2, HELLO),
            }),
            "P has promises from A and B, a quorum for 3.P. The highest vote reported is for \
             “Hello” in ballot 2.P, but that rule is broken: it sends Accept(3.P, World)",
        ),
        (
            quorum(ValueSource::Misled {
                vote: vote(1, WORLD),
                highest: vote(2, HELLO),
            }),
            "P has promises from A and B, a quorum for 3.P. The highest vote reported is for \
             “Hello” in ballot 2.P, but that rule is broken: it goes by the vote for “World” in \
             ballot 1.P and sends Accept(3.P, World)",
        ),
        (
            Fact::Acceptor {
                process: A,
                step: AcceptorStep::Promised {
                    ballot: n(2),
                    before: None,
                    vote: None,
                    hides: true,
                },
            },
            "A promises 2.P: it had promised nothing. It does not report its vote: that rule is \
             broken",
        ),
        (
            Fact::Violated {
                invariant: Invariant::Agreement,
            },
            "An invariant is broken: agreement. At most one value is ever chosen.",
        ),
    ]);
}

#[test]
fn what_waits_and_what_is_refused() {
    let refused = |command, why| Fact::Refused { command, why };
    let by_number = Selector::Id(MessageId(4));
    let link = Link::both_ways(P, A);
    check(vec![
        (
            Fact::Waits {
                command: Command::Drop { message: FIRST },
            },
            "A command waits for its message: accept number 1 from P to A is not sent yet",
        ),
        (
            refused(Command::Timeout { process: P }, Refusal::NothingToRetry),
            "P cannot try again: it has no unfinished ballot",
        ),
        (
            refused(Command::Cut { link }, Refusal::AlreadyCut),
            "The link between P and A cannot be cut: it is cut already",
        ),
        (
            refused(Command::Cut { link }, Refusal::SameProcess),
            "The link between P and A cannot be cut: a process always reaches itself",
        ),
        (
            refused(Command::Heal { link: None }, Refusal::NotCut),
            "No link can be mended: nothing is cut there",
        ),
        (
            refused(Command::Drop { message: FIRST }, Refusal::MessageGone),
            "accept number 1 from P to A cannot be dropped: it has arrived or is lost",
        ),
        (
            refused(
                Command::Deliver { message: by_number },
                Refusal::MessageNotSent,
            ),
            "message 4 cannot be delivered: it was not sent yet",
        ),
        (
            refused(Command::Duplicate { message: FIRST }, Refusal::OwnMessage),
            "accept number 1 from P to A cannot be doubled: what a process tells itself takes no \
             time and cannot go wrong",
        ),
        (
            refused(Command::Hold { message: None }, Refusal::AlreadyHeld),
            "The messages cannot be held: held already",
        ),
        (
            refused(Command::Release { message: None }, Refusal::NotHeld),
            "The messages cannot be let go: not held",
        ),
        (
            refused(Command::Partition { groups: Vec::new() }, Refusal::NoChange),
            "The cluster cannot be split like that: it is like that already",
        ),
    ]);
}
