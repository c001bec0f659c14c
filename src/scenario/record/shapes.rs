//! What events and states are made of: names instead of numbers.

use serde::Serialize;

use crate::cluster::{Cluster, Envelope, Link, Names, Setup};
use crate::protocol::{Ballot, Message, ProcessId, ProcessSet, Value, Vote};

/// A vote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VoteShape {
    /// The ballot, as in `1.P`.
    pub ballot: String,
    /// The value.
    pub value: String,
}

/// A link, one way or both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkShape {
    /// One end.
    pub from: String,
    /// The other.
    pub to: String,
    /// Whether only this direction is meant.
    pub one_way: bool,
}

/// A message. Fields that its kind does not have are left out.
#[derive(Clone, Debug, Serialize)]
pub struct Flight {
    /// Its number in the run.
    pub id: u64,
    /// `prepare`, `promise`, `accept`, `accepted` or `nack`.
    pub kind: &'static str,
    /// The sender.
    pub from: String,
    /// The receiver.
    pub to: String,
    /// Which message of its kind between these two it is, from 1.
    pub nth: u32,
    /// The ballot.
    pub ballot: String,
    /// The value, of a promise that of the vote that it reports.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The vote that a promise reports.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vote: Option<VoteShape>,
    /// The ballot that the sender of a refusal has promised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub promised: Option<String>,
    /// When it left, in milliseconds.
    pub sent: u64,
    /// When it arrives; of a held one, when it would have.
    pub arrives: u64,
    /// Whether it stands until it is let go.
    pub held: bool,
    /// Whether it is the second one of a message.
    pub copy: bool,
    /// How far it is, from 0 to 1, in a state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub progress: Option<f64>,
}

/// Gives what belongs to one cluster its shape.
pub(super) struct Shapes<'a> {
    setup: &'a Setup,
    cluster: &'a Cluster,
}

impl<'a> Shapes<'a> {
    pub fn new(setup: &'a Setup, cluster: &'a Cluster) -> Self {
        Self { setup, cluster }
    }

    pub fn name(&self, id: ProcessId) -> String {
        Names::new(self.setup, self.cluster).name(id).to_string()
    }

    pub fn list(&self, set: &ProcessSet) -> Vec<String> {
        set.iter().map(|id| self.name(id)).collect()
    }

    pub fn ballot(&self, ballot: Ballot) -> String {
        Names::new(self.setup, self.cluster).whole_ballot(ballot)
    }

    /// The whole of it, however long.
    pub fn value(&self, value: Value) -> String {
        self.cluster.text(value).to_string()
    }

    pub fn vote(&self, vote: Vote) -> VoteShape {
        VoteShape {
            ballot: self.ballot(vote.ballot),
            value: self.value(vote.value),
        }
    }

    pub fn link(&self, link: Link) -> LinkShape {
        LinkShape {
            from: self.name(link.from),
            to: self.name(link.to),
            one_way: link.one_way,
        }
    }

    pub fn flight(&self, envelope: &Envelope) -> Flight {
        let (value, vote, promised) = match envelope.message {
            Message::Accept { value, .. } | Message::Accepted { value, .. } => {
                (Some(value), None, None)
            }
            Message::Promise { vote, .. } => (vote.map(|vote| vote.value), vote, None),
            Message::Nack { promised, .. } => (None, None, Some(promised)),
            Message::Prepare { .. } => (None, None, None),
        };
        Flight {
            id: envelope.id.0,
            kind: envelope.message.kind().name(),
            from: self.name(envelope.from),
            to: self.name(envelope.to),
            nth: envelope.nth,
            ballot: self.ballot(envelope.message.ballot()),
            value: value.map(|value| self.value(value)),
            vote: vote.map(|vote| self.vote(vote)),
            promised: promised.map(|ballot| self.ballot(ballot)),
            sent: envelope.sent.0,
            arrives: envelope.arrives.0,
            held: envelope.held,
            copy: envelope.copy,
            progress: None,
        }
    }
}
