//! The numbers that Paxos is made of.

/// Which process: its position in the cluster's list. Names belong to the cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProcessId(pub u16);

/// The first part of a ballot, from 1. A proposer's next one is above all that it has heard of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Round(pub u32);

impl Round {
    /// The round after this one, or `None` once all four thousand million are used up.
    pub fn next(self) -> Option<Round> {
        self.0.checked_add(1).map(Round)
    }
}

/// A proposal number: ordered by round, then by proposer, so that all ballots of all proposers
/// are in one order and no two proposers ever share one (PMS §2.5, disjoint sets of numbers).
///
/// ```
/// # use paxos_playground::protocol::*;
/// let ballot = |round, proposer| Ballot { round: Round(round), proposer: ProcessId(proposer) };
/// assert!(ballot(1, 0) < ballot(1, 4));
/// assert!(ballot(1, 4) < ballot(2, 0));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ballot {
    /// The more significant part.
    pub round: Round,
    /// Who may use this ballot.
    pub proposer: ProcessId,
}

/// A value, as an index into the cluster's table: the protocol compares values and never looks
/// inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Value(pub u32);

/// What an acceptor accepted: `maxVBal` and `maxVal` of Lamport's specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Vote {
    /// The ballot in which the vote was cast.
    pub ballot: Ballot,
    /// The value of that ballot.
    pub value: Value,
}
