//! The five messages.

use super::{Ballot, ProcessId, Value, Vote};

/// What one process says to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Message {
    /// 1a: "will you promise to take part in no ballot lower than this one?" (PMS §2.2)
    Prepare {
        /// The new ballot.
        ballot: Ballot,
    },
    /// 1b: the promise, and the vote that the acceptor cast last, which is what makes a later
    /// proposer keep to a value that may already be chosen.
    Promise {
        /// The ballot that is promised.
        ballot: Ballot,
        /// The acceptor's last vote, always in a lower ballot; `None` if it never voted.
        vote: Option<Vote>,
    },
    /// 2a: "vote for this value in this ballot".
    Accept {
        /// The ballot, for which a phase-1 quorum has promised.
        ballot: Ballot,
        /// The one value of that ballot.
        value: Value,
    },
    /// 2b: "I voted for this value in this ballot".
    Accepted {
        /// The ballot of the vote.
        ballot: Ballot,
        /// The value of the vote.
        value: Value,
    },
    /// "No: I have promised a higher ballot." Safety never needs it; it spares a proposer a
    /// useless wait (PMS §2.4).
    Nack {
        /// The ballot that is refused.
        ballot: Ballot,
        /// The higher ballot that the acceptor has promised.
        promised: Ballot,
    },
}

/// The kind of a message, without what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Phase 1, proposer to acceptors.
    Prepare,
    /// Phase 1, acceptor to proposer.
    Promise,
    /// Phase 2, proposer to acceptors.
    Accept,
    /// Phase 2, acceptor to learners and proposer.
    Accepted,
    /// Either phase, acceptor to proposer.
    Nack,
}

impl Kind {
    /// All kinds, in the order in which a ballot meets them.
    pub const ALL: [Kind; 5] = [
        Kind::Prepare,
        Kind::Promise,
        Kind::Accept,
        Kind::Accepted,
        Kind::Nack,
    ];

    /// The name in scenario files and in the page's attributes.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Prepare => "prepare",
            Kind::Promise => "promise",
            Kind::Accept => "accept",
            Kind::Accepted => "accepted",
            Kind::Nack => "nack",
        }
    }
}

/// To whom a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Every acceptor.
    Acceptors,
    /// The proposer of the ballot.
    Proposer(ProcessId),
    /// The proposer of the ballot and every learner.
    ProposerAndLearners(ProcessId),
}

impl Message {
    /// The ballot that the message is about.
    pub fn ballot(&self) -> Ballot {
        match *self {
            Message::Prepare { ballot }
            | Message::Promise { ballot, .. }
            | Message::Accept { ballot, .. }
            | Message::Accepted { ballot, .. }
            | Message::Nack { ballot, .. } => ballot,
        }
    }

    /// Its kind.
    pub fn kind(&self) -> Kind {
        match self {
            Message::Prepare { .. } => Kind::Prepare,
            Message::Promise { .. } => Kind::Promise,
            Message::Accept { .. } => Kind::Accept,
            Message::Accepted { .. } => Kind::Accepted,
            Message::Nack { .. } => Kind::Nack,
        }
    }

    /// Who is to get it. The ballot names its proposer, so an answer needs no return address.
    pub fn audience(&self) -> Audience {
        let proposer = self.ballot().proposer;
        match self.kind() {
            Kind::Prepare | Kind::Accept => Audience::Acceptors,
            Kind::Promise | Kind::Nack => Audience::Proposer(proposer),
            Kind::Accepted => Audience::ProposerAndLearners(proposer),
        }
    }
}
