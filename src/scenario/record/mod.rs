//! Events and the state of a cluster for programs: the command line writes them as JSON, the
//! module for JavaScript hands them over as objects. The names of the fields are what others rely
//! on; they stay.

mod kinds;
mod shapes;
mod snapshot;

use serde::Serialize;

use crate::cluster::{Cluster, Event, Fact, Names, Setup};
use crate::protocol::{AcceptorStep, Ballot, LearnerStep, ProposerStep, Value, Vote};

pub use shapes::{Flight, LinkShape, VoteShape};
pub use snapshot::{
    AcceptorState, Choice, Count, LearnerState, ProcessState, ProposerState, Settings, Snapshot,
    Violation,
};

use shapes::Shapes;

/// An event. Fields that do not apply are left out.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Record {
    /// Virtual time in milliseconds.
    pub at: u64,
    /// What kind of event it is.
    pub event: &'static str,
    /// The sentence with its reason.
    pub text: String,
    /// Whom it happened to, or who did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub process: Option<String>,
    /// The ballot that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ballot: Option<String>,
    /// The value that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<Flight>,
    /// Why a message was lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<&'static str>,
    /// Who promised, if that made a quorum, or voted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<Vec<String>>,
    /// How many promises or votes there are now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub have: Option<u16>,
    /// How many it takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub need: Option<u16>,
    /// The link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<LinkShape>,
    /// The groups of a partition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub groups: Option<Vec<Vec<String>>>,
    /// The invariant that was violated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invariant: Option<&'static str>,
    /// The command that was refused or waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<&'static str>,
}

impl Record {
    /// An event of a cluster that was made of this setup.
    pub fn of(setup: &Setup, cluster: &Cluster, event: &Event) -> Self {
        let names = Names::new(setup, cluster);
        let shapes = Shapes::new(setup, cluster);
        let record = Record {
            at: event.at.0,
            event: kinds::kind(&event.fact),
            text: names.fact(&event.fact).to_string(),
            ..Record::default()
        };
        record.with(&shapes, &event.fact)
    }

    fn with(mut self, shapes: &Shapes, fact: &Fact) -> Self {
        match fact {
            Fact::Sent(envelope)
            | Fact::Delivered(envelope)
            | Fact::Lost { envelope, .. }
            | Fact::Duplicated { envelope, .. }
            | Fact::Held { envelope }
            | Fact::Released { envelope }
            | Fact::Delayed { envelope, .. } => {
                self.message = Some(shapes.flight(envelope));
                if let Fact::Lost { why, .. } = fact {
                    self.why = Some(kinds::loss(*why));
                }
            }
            Fact::Proposer { process, step } => {
                self.process = Some(shapes.name(*process));
                self.proposer(shapes, step);
            }
            Fact::Acceptor { process, step } => {
                self.process = Some(shapes.name(*process));
                self.acceptor(shapes, *step);
            }
            Fact::Learner { process, step } => {
                self.process = Some(shapes.name(*process));
                self.learner(shapes, step);
            }
            Fact::Chosen { vote, voted_by, .. } => {
                self.about(shapes, *vote);
                self.by = Some(shapes.list(voted_by));
            }
            Fact::TimedOut {
                process, ballot, ..
            }
            | Fact::BacksOff {
                process, ballot, ..
            } => {
                self.process = Some(shapes.name(*process));
                self.in_ballot(shapes, *ballot);
            }
            Fact::Crashed { process, .. } | Fact::Restarted { process } => {
                self.process = Some(shapes.name(*process));
            }
            Fact::Cut { link }
            | Fact::Healed { link: Some(link) }
            | Fact::LinkChanged { link, .. } => self.link = Some(shapes.link(*link)),
            Fact::Partitioned { groups } => {
                let names = |group: &Vec<_>| group.iter().map(|&id| shapes.name(id)).collect();
                self.groups = Some(groups.iter().map(names).collect());
            }
            Fact::Waits { command } | Fact::Refused { command, .. } => {
                self.command = Some(command.name());
                self.process = command.process().map(|id| shapes.name(id));
            }
            Fact::Violated { invariant } => self.invariant = Some(invariant.name()),
            Fact::Healed { link: None }
            | Fact::AllHeld
            | Fact::AllReleased
            | Fact::NetworkChanged { .. } => {}
        }
        self
    }

    fn proposer(&mut self, shapes: &Shapes, step: &ProposerStep) {
        match step {
            ProposerStep::Started {
                ballot,
                wish: value,
                ..
            } => {
                self.in_ballot(shapes, *ballot);
                self.for_value(shapes, *value);
            }
            ProposerStep::PromiseQuorum {
                ballot,
                promised_by: by,
                value,
                ..
            }
            | ProposerStep::VoteQuorum {
                ballot,
                value,
                voted_by: by,
            } => {
                self.in_ballot(shapes, *ballot);
                self.for_value(shapes, *value);
                self.by = Some(shapes.list(by));
            }
            ProposerStep::PromiseCounted {
                ballot, have, need, ..
            }
            | ProposerStep::VoteCounted {
                ballot, have, need, ..
            } => {
                self.in_ballot(shapes, *ballot);
                (self.have, self.need) = (Some(*have), Some(*need));
            }
            ProposerStep::PromiseIgnored { ballot, .. }
            | ProposerStep::VoteIgnored { ballot, .. }
            | ProposerStep::NackNoted { ballot, .. }
            | ProposerStep::NackIgnored { ballot, .. } => self.in_ballot(shapes, *ballot),
        }
    }

    fn acceptor(&mut self, shapes: &Shapes, step: AcceptorStep) {
        match step {
            AcceptorStep::Promised { ballot, .. }
            | AcceptorStep::AlreadyPromised { ballot }
            | AcceptorStep::PrepareRefused { ballot, .. }
            | AcceptorStep::AcceptRefused { ballot, .. } => self.in_ballot(shapes, ballot),
            AcceptorStep::Voted { vote, .. } | AcceptorStep::VotedAgain { vote } => {
                self.about(shapes, vote);
            }
        }
    }

    fn learner(&mut self, shapes: &Shapes, step: &LearnerStep) {
        match step {
            LearnerStep::Counted {
                vote, have, need, ..
            } => {
                self.about(shapes, *vote);
                (self.have, self.need) = (Some(*have), Some(*need));
            }
            LearnerStep::Learned { vote, voted_by, .. } => {
                self.about(shapes, *vote);
                self.by = Some(shapes.list(voted_by));
            }
            LearnerStep::Confirmed { vote }
            | LearnerStep::Contradicted { vote, .. }
            | LearnerStep::Unneeded { vote, .. }
            | LearnerStep::NotAnAcceptor { vote } => self.about(shapes, *vote),
        }
    }

    fn about(&mut self, shapes: &Shapes, vote: Vote) {
        self.in_ballot(shapes, vote.ballot);
        self.for_value(shapes, vote.value);
    }

    fn in_ballot(&mut self, shapes: &Shapes, ballot: Ballot) {
        self.ballot = Some(shapes.ballot(ballot));
    }

    fn for_value(&mut self, shapes: &Shapes, value: Value) {
        self.value = Some(shapes.value(value));
    }
}

#[cfg(test)]
mod tests;
