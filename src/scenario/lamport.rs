//! A run in the variables of Lamport's specification: `maxBal`, `maxVBal`, `maxVal`, `msgs`.
//!
//! `msgs` grows with what is sent, and an acceptor changes with what it does. One step of a
//! cluster can be several of the specification: a command can wait for a message and be carried
//! out when it is sent. So every fact is a step by itself.

use std::collections::{BTreeMap, BTreeSet};

use crate::cluster::{Cluster, Event, Fact};
use crate::protocol::{self, AcceptorStep, Ballot, ProcessId, Rules, Value};

/// A ballot and the value that was voted for in it.
pub type Vote = (Ballot, Value);

/// A message of the specification. It says nothing of the receiver: whoever can use it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Message {
    /// `Prepare`
    P1a(Ballot),
    /// `Promise`, from whom and with what it reports.
    P1b(ProcessId, Ballot, Option<Vote>),
    /// `Accept`
    P2a(Ballot, Value),
    /// `Accepted`, from whom.
    P2b(ProcessId, Ballot, Value),
}

impl Message {
    /// What is sent, as the specification's message; it has none for `Nack`.
    pub fn of(from: ProcessId, message: protocol::Message) -> Option<Self> {
        match message {
            protocol::Message::Prepare { ballot } => Some(Message::P1a(ballot)),
            protocol::Message::Promise { ballot, vote } => {
                Some(Message::P1b(from, ballot, vote.map(pair)))
            }
            protocol::Message::Accept { ballot, value } => Some(Message::P2a(ballot, value)),
            protocol::Message::Accepted { ballot, value } => {
                Some(Message::P2b(from, ballot, value))
            }
            protocol::Message::Nack { .. } => None,
        }
    }
}

/// What the specification knows of an acceptor: `maxBal`, and `maxVBal` with `maxVal`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Acceptor {
    /// `maxBal`
    pub max_bal: Option<Ballot>,
    /// `maxVBal` and `maxVal`
    pub vote: Option<Vote>,
}

/// All its variables. No message is ever taken out of `msgs`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Of every acceptor.
    pub acceptors: BTreeMap<ProcessId, Acceptor>,
    /// All that was ever sent.
    pub msgs: BTreeSet<Message>,
}

/// A vote as the specification writes it.
pub fn pair(vote: protocol::Vote) -> Vote {
    (vote.ballot, vote.value)
}

impl State {
    /// What it is at the start of a run: nothing was sent.
    pub fn at_start(cluster: &Cluster) -> Self {
        let acceptors = cluster.quorums().acceptors().iter();
        Self {
            acceptors: acceptors.map(|id| (id, Acceptor::default())).collect(),
            msgs: BTreeSet::new(),
        }
    }

    /// What the acceptors of a cluster really are.
    pub fn acceptors_of(cluster: &Cluster) -> BTreeMap<ProcessId, Acceptor> {
        let acceptors = cluster.processes().filter_map(|(id, process)| {
            let acceptor = process.acceptor.as_ref()?;
            Some((id, Acceptor::of(acceptor)))
        });
        acceptors.collect()
    }

    /// The first of these events happens; the others follow it. Whether it changed anything.
    ///
    /// An acceptor that promises or votes sends its message in the same step.
    pub fn follow(&mut self, events: &[Event], rules: Rules) -> bool {
        let Some((Event { fact, .. }, rest)) = events.split_first() else {
            return false;
        };
        match fact {
            Fact::Sent(sent) => {
                let message = Message::of(sent.from, sent.message);
                message.is_some_and(|message| self.msgs.insert(message))
            }
            Fact::Acceptor { process, step } => {
                let changed = self.change(*process, |acceptor| match *step {
                    AcceptorStep::Promised { ballot, .. } => {
                        acceptor.on_prepare(ballot, rules);
                    }
                    AcceptorStep::Voted { vote, .. } => {
                        acceptor.on_accept(vote.ballot, vote.value, rules);
                    }
                    _ => {}
                });
                let sends = matches!(
                    step,
                    AcceptorStep::Promised { .. } | AcceptorStep::Voted { .. }
                );
                let sent = sends.then(|| sent_next(rest, *process)).flatten();
                sent.is_some_and(|message| self.msgs.insert(message)) || changed
            }
            Fact::Crashed { process, lost } => {
                self.change(*process, |acceptor| acceptor.forget(*lost))
            }
            _ => false,
        }
    }

    /// What an acceptor does is asked of the protocol itself.
    fn change(&mut self, who: ProcessId, how: impl FnOnce(&mut protocol::Acceptor)) -> bool {
        let Some(known) = self.acceptors.get_mut(&who) else {
            return false;
        };
        let vote = known
            .vote
            .map(|(ballot, value)| protocol::Vote { ballot, value });
        let mut acceptor = protocol::Acceptor::stored(known.max_bal, vote);
        how(&mut acceptor);
        let before = std::mem::replace(known, Acceptor::of(&acceptor));
        before != *known
    }
}

impl Acceptor {
    fn of(acceptor: &protocol::Acceptor) -> Self {
        Self {
            max_bal: acceptor.promised(),
            vote: acceptor.vote().map(pair),
        }
    }
}

/// The message that an acceptor sent next, before it did anything else.
fn sent_next(events: &[Event], who: ProcessId) -> Option<Message> {
    let facts = events.iter().map(|event| &event.fact);
    let mut facts =
        facts.take_while(|fact| !matches!(fact, Fact::Acceptor { process, .. } if *process == who));
    facts.find_map(|fact| match fact {
        Fact::Sent(sent) if sent.from == who => match sent.message {
            protocol::Message::Promise { .. } | protocol::Message::Accepted { .. } => {
                Message::of(who, sent.message)
            }
            _ => None,
        },
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::Millis;
    use crate::scenario::built_in;

    /// The events of "Hello" from the first promise of this acceptor on.
    fn promised(name: &str) -> (Cluster, ProcessId, Vec<Event>) {
        let hello = built_in("hello").unwrap();
        let id = hello.setup.id_of(name).unwrap();
        let mut events = Vec::new();
        let cluster = hello
            .play(|_, more| events.extend_from_slice(more))
            .unwrap();
        let promises = |event: &Event| matches!(event.fact, Fact::Acceptor { process, step: AcceptorStep::Promised { .. } } if process == id);
        let first = events.iter().position(promises).unwrap();
        (cluster, id, events.split_off(first))
    }

    #[test]
    fn a_promise_takes_its_own_message_along_and_no_other() {
        let (cluster, id, events) = promised("A");
        let mut state = State::at_start(&cluster);
        assert!(state.follow(&events, Rules::KEPT));
        let Fact::Acceptor {
            step: AcceptorStep::Promised { ballot, .. },
            ..
        } = events[0].fact
        else {
            panic!("the first is the promise");
        };
        let own = Message::P1b(id, ballot, None);
        assert_eq!(state.msgs, BTreeSet::from([own]));
        assert_eq!(state.acceptors[&id].max_bal, Some(ballot));
        assert!(
            !state.follow(&events[1..], Rules::KEPT),
            "it is there already"
        );

        // Somebody else's comes first.
        let vote = protocol::Vote {
            ballot,
            value: Value(0),
        };
        let mut other = events[1].clone();
        let Fact::Sent(envelope) = &mut other.fact else {
            panic!("a promise is sent at once: {other:?}");
        };
        envelope.from = ProcessId(3);
        envelope.message = protocol::Message::Promise {
            ballot,
            vote: Some(vote),
        };
        let mut mixed = events.clone();
        mixed.insert(1, other);
        let mut state = State::at_start(&cluster);
        assert!(state.follow(&mixed, Rules::KEPT));
        assert_eq!(state.msgs, BTreeSet::from([own]));
    }

    #[test]
    fn a_promise_whose_message_never_left_is_a_change_too() {
        let (cluster, id, events) = promised("B");
        let mut state = State::at_start(&cluster);
        assert!(state.follow(&events[..1], Rules::KEPT));
        assert_eq!(state.msgs, BTreeSet::new());
        assert!(state.acceptors[&id].max_bal.is_some());
        assert!(
            !state.follow(&events[..1], Rules::KEPT),
            "a second time it is none"
        );
        let at = Millis(0);
        let fact = Fact::Healed { link: None };
        assert!(!state.follow(&[Event { at, fact }], Rules::KEPT));
        assert!(!state.follow(&[], Rules::KEPT));
    }
}
