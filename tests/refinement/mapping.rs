//! From a running cluster to the variables of the specification.
//!
//! `msgs` grows with what is sent, and acceptors are what they are in the cluster. One step of the
//! cluster can be several of the specification: a command can wait for a message and be carried
//! out when it is sent. So every fact is a step by itself, and in the end nothing may have changed
//! without one.

use std::collections::{BTreeMap, BTreeSet};

use paxos_playground::cluster::{Cluster, Event, Fact};
use paxos_playground::protocol::{self, AcceptorStep, LearnerStep, ProcessId, ProposerStep};

use super::spec::{Acceptor, Message, Paxos, State, Step, Vote};

/// A cluster as the specification sees it, so far.
pub struct Shadow {
    pub paxos: Paxos,
    pub state: State,
    /// How many steps of each action there were.
    pub taken: BTreeMap<Step, u32>,
}

fn pair(vote: protocol::Vote) -> Vote {
    (vote.ballot, vote.value)
}

/// What is sent, as the specification's message; it has none for `Nack`.
fn message(from: ProcessId, message: protocol::Message) -> Option<Message> {
    match message {
        protocol::Message::Prepare { ballot } => Some(Message::P1a(ballot)),
        protocol::Message::Promise { ballot, vote } => {
            Some(Message::P1b(from, ballot, vote.map(pair)))
        }
        protocol::Message::Accept { ballot, value } => Some(Message::P2a(ballot, value)),
        protocol::Message::Accepted { ballot, value } => Some(Message::P2b(from, ballot, value)),
        protocol::Message::Nack { .. } => None,
    }
}

fn acceptors(cluster: &Cluster) -> BTreeMap<ProcessId, Acceptor> {
    let acceptors = cluster.processes().filter_map(|(id, process)| {
        let acceptor = process.acceptor.as_ref()?;
        let known = Acceptor {
            max_bal: acceptor.promised(),
            vote: acceptor.vote().map(pair),
        };
        Some((id, known))
    });
    acceptors.collect()
}

/// The next change of an acceptor in these facts: what it had promised before.
fn promised_before_the_next(events: &[Event], who: ProcessId) -> Option<Option<protocol::Ballot>> {
    events.iter().find_map(|event| match &event.fact {
        Fact::Acceptor {
            process,
            step: AcceptorStep::Promised { before, .. } | AcceptorStep::Voted { before, .. },
        } if *process == who => Some(*before),
        _ => None,
    })
}

/// The message that an acceptor sent next, before it did anything else.
fn sent_next(events: &[Event], who: ProcessId) -> Option<Message> {
    let facts = events.iter().map(|event| &event.fact);
    let mut facts =
        facts.take_while(|fact| !matches!(fact, Fact::Acceptor { process, .. } if *process == who));
    facts.find_map(|fact| match fact {
        Fact::Sent(sent) if sent.from == who => match sent.message {
            protocol::Message::Promise { .. } | protocol::Message::Accepted { .. } => {
                message(who, sent.message)
            }
            _ => None,
        },
        _ => None,
    })
}

impl Shadow {
    pub fn new(cluster: &Cluster, forgets: bool) -> Self {
        Self {
            paxos: Paxos {
                quorum1: cluster.quorums().phase1().into(),
                quorum2: cluster.quorums().phase2().into(),
                values: BTreeSet::new(),
                forgets,
            },
            state: State {
                acceptors: acceptors(cluster),
                msgs: BTreeSet::new(),
            },
            taken: BTreeMap::new(),
        }
    }

    /// This is what happened since the last time, and the cluster as it is now.
    pub fn follow(&mut self, cluster: &Cluster, events: &[Event]) -> Result<(), String> {
        let now = acceptors(cluster);
        for (index, event) in events.iter().enumerate() {
            let rest = &events[index + 1..];
            self.fact(&event.fact, rest, &now)
                .map_err(|why| format!("{why}: {event:?}"))?;
        }
        if self.state.acceptors != now {
            let was = &self.state.acceptors;
            return Err(format!("changed without a fact: {was:?} is {now:?}"));
        }
        Ok(())
    }

    fn fact(
        &mut self,
        fact: &Fact,
        rest: &[Event],
        now: &BTreeMap<ProcessId, Acceptor>,
    ) -> Result<(), String> {
        match fact {
            Fact::Sent(sent) => {
                let message = message(sent.from, sent.message);
                let new = message.filter(|message| !self.state.msgs.contains(message));
                // To one acceptor or learner more: nothing changes.
                let Some(new) = new else { return Ok(()) };
                let mut after = self.state.clone();
                after.msgs.insert(new);
                self.step(after)
            }
            // The network forges nothing.
            Fact::Delivered(envelope) | Fact::Duplicated { envelope, .. } => {
                let message = message(envelope.from, envelope.message);
                let sent = message.is_none_or(|message| self.state.msgs.contains(&message));
                require(sent, "was never sent")
            }
            Fact::Acceptor {
                process,
                step: AcceptorStep::Promised { .. },
            } => self.acceptor_changes(*process, None, rest, now),
            Fact::Acceptor {
                process,
                step: AcceptorStep::Voted { vote, .. },
            } => self.acceptor_changes(*process, Some(pair(*vote)), rest, now),
            Fact::Crashed { process, .. } => {
                let mut after = self.state.clone();
                if let Some(&acceptor) = now.get(process) {
                    after.acceptors.insert(*process, acceptor);
                }
                self.step(after)
            }
            Fact::Proposer {
                step: ProposerStep::Started { wish, .. },
                ..
            } => {
                self.paxos.values.insert(*wish);
                Ok(())
            }
            // What is chosen, and whoever believes it to be.
            Fact::Proposer {
                step: ProposerStep::VoteQuorum { ballot, value, .. },
                ..
            } => self.is_chosen((*ballot, *value)),
            Fact::Chosen { vote, .. }
            | Fact::Learner {
                step:
                    LearnerStep::Learned { vote, .. }
                    | LearnerStep::Confirmed { vote }
                    | LearnerStep::Contradicted { vote, .. },
                ..
            } => self.is_chosen(pair(*vote)),
            _ => Ok(()),
        }
    }

    /// An acceptor promised or voted, and sent its message in the same step. It is now what it is
    /// in the cluster, unless the same facts say that it changed once more.
    fn acceptor_changes(
        &mut self,
        who: ProcessId,
        voted: Option<Vote>,
        rest: &[Event],
        now: &BTreeMap<ProcessId, Acceptor>,
    ) -> Result<(), String> {
        let mut after = self.state.clone();
        let acceptor = after.acceptors.get_mut(&who).ok_or("is no acceptor")?;
        match promised_before_the_next(rest, who) {
            None => *acceptor = now[&who],
            Some(max_bal) => {
                acceptor.max_bal = max_bal;
                acceptor.vote = voted.or(acceptor.vote);
            }
        }
        after.msgs.extend(sent_next(rest, who));
        self.step(after)
    }

    fn step(&mut self, after: State) -> Result<(), String> {
        let step = self.paxos.is_step(&self.state, &after);
        let step = step.ok_or("is no step of the specification")?;
        *self.taken.entry(step).or_default() += 1;
        self.state = after;
        Ok(())
    }

    fn is_chosen(&self, vote: Vote) -> Result<(), String> {
        require(self.paxos.is_chosen(&self.state, vote), "is not chosen")
    }
}

fn require(holds: bool, otherwise: &str) -> Result<(), String> {
    holds.then_some(()).ok_or_else(|| otherwise.to_owned())
}
