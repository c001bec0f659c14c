//! A running cluster, followed in the variables of the specification, each step judged.
//!
//! `scenario::lamport` follows the facts. In the end of each step of the cluster its acceptors have
//! to be what they really are: nothing may have changed without a fact.

use std::collections::{BTreeMap, BTreeSet};

use paxos_playground::cluster::{Cluster, Event, Fact};
use paxos_playground::protocol::{AcceptorStep, LearnerStep, ProposerStep};
use paxos_playground::scenario::lamport::pair;

use super::spec::{Message, Paxos, State, Step, Vote};

/// A cluster as the specification sees it, so far.
pub struct Shadow {
    pub paxos: Paxos,
    pub state: State,
    /// How many steps of each action there were.
    pub taken: BTreeMap<Step, u32>,
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
            state: State::at_start(cluster),
            taken: BTreeMap::new(),
        }
    }

    /// This is what happened since the last time, and the cluster as it is now.
    pub fn follow(&mut self, cluster: &Cluster, events: &[Event]) -> Result<(), String> {
        for (index, event) in events.iter().enumerate() {
            self.fact(cluster, &events[index..])
                .map_err(|why| format!("{why}: {event:?}"))?;
        }
        let (was, now) = (&self.state.acceptors, State::acceptors_of(cluster));
        if *was != now {
            return Err(format!("changed without a fact: {was:?} is {now:?}"));
        }
        Ok(())
    }

    fn fact(&mut self, cluster: &Cluster, events: &[Event]) -> Result<(), String> {
        let fact = &events[0].fact;
        if let Fact::Delivered(envelope) | Fact::Duplicated { envelope, .. } = fact {
            // The network forges nothing.
            let message = Message::of(envelope.from, envelope.message);
            let sent = message.is_none_or(|message| self.state.msgs.contains(&message));
            require(sent, "was never sent")?;
        }
        let mut after = self.state.clone();
        let changed = after.follow(events, cluster.rules());
        if changed || is_a_step(fact) {
            self.step(after)?;
        }
        match fact {
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

/// Whether the specification has to allow this even if it changes nothing.
fn is_a_step(fact: &Fact) -> bool {
    let acceptor = |step: &AcceptorStep| {
        matches!(
            step,
            AcceptorStep::Promised { .. } | AcceptorStep::Voted { .. }
        )
    };
    match fact {
        Fact::Acceptor { step, .. } => acceptor(step),
        Fact::Crashed { .. } => true,
        _ => false,
    }
}

fn require(holds: bool, otherwise: &str) -> Result<(), String> {
    holds.then_some(()).ok_or_else(|| otherwise.to_owned())
}
