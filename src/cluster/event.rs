//! What happened: facts, each with the evidence for its reason.

use std::fmt;

use crate::protocol::{
    AcceptorStep, LearnerStep, Message, ProcessId, ProcessSet, ProposerStep, Vote,
};

use super::command::{Command, Refusal};

/// Virtual time since the start of the run, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Millis(pub u64);

impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A message's number in its run, in the order of sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub u64);

/// A message on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// Its number.
    pub id: MessageId,
    /// The sender.
    pub from: ProcessId,
    /// The receiver.
    pub to: ProcessId,
    /// What it says.
    pub message: Message,
    /// When it left.
    pub sent: Millis,
    /// When it arrives.
    pub arrives: Millis,
}

/// One thing that happened, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The instant.
    pub at: Millis,
    /// What happened.
    pub fact: Fact,
}

/// What can happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// A message left.
    Sent(Envelope),
    /// A message arrived. What the receiver made of it follows, one fact for each role that
    /// took part.
    Delivered(Envelope),
    /// A message is gone.
    Lost {
        /// The message.
        envelope: Envelope,
        /// Why.
        why: LossReason,
    },
    /// A proposer did something.
    Proposer {
        /// Who.
        process: ProcessId,
        /// What and why.
        step: ProposerStep,
    },
    /// An acceptor did something.
    Acceptor {
        /// Who.
        process: ProcessId,
        /// What and why.
        step: AcceptorStep,
    },
    /// A learner did something.
    Learner {
        /// Who.
        process: ProcessId,
        /// What and why.
        step: LearnerStep,
    },
    /// A phase-2 quorum has now voted for one value in one ballot. A fact about the whole
    /// cluster, at the instant of the last vote, before any process knows.
    Chosen {
        /// The ballot and the value.
        vote: Vote,
        /// Who voted.
        voted_by: ProcessSet,
        /// What had been chosen first, if this is not the first time. Another value here is what
        /// Paxos exists to prevent.
        before: Option<Vote>,
    },
    /// A process stopped. What is not durable is gone.
    Crashed {
        /// Who.
        process: ProcessId,
    },
    /// A process came back with what was durable.
    Restarted {
        /// Who.
        process: ProcessId,
    },
    /// A command that could not be followed; nothing changed.
    Refused {
        /// The command.
        command: Command,
        /// Why.
        why: Refusal,
    },
}

/// Why a message is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LossReason {
    /// The receiver was down when it arrived.
    ReceiverDown,
}
