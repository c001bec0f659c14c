//! What stands in the way of a choice.

use std::fmt;

use crate::protocol::{Ballot, Message, Phase, ProcessSet, Vote};

use super::{Cluster, Envelope};

/// Why nothing can be chosen as things stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// Nobody votes.
    NoAcceptor,
    /// Nobody proposes.
    NoProposer,
    /// Every proposer is down.
    NoProposerUp,
    /// Too few acceptors are up for a quorum.
    TooFewAcceptors {
        /// How many are up.
        up: u16,
        /// How many a ballot needs, in the phase that needs more.
        need: u16,
        /// How many there are.
        of: u16,
    },
}

impl Cluster {
    /// Why nothing can be chosen with the processes that are up now, if so: no ballot can succeed,
    /// not even one that is on its way, with the votes that crashed acceptors cast.
    pub fn obstacle(&self) -> Option<Obstacle> {
        let acceptors = self.quorums().acceptors();
        let of = acceptors.len();
        if of == 0 {
            return Some(Obstacle::NoAcceptor);
        }
        let need = self.quorums().phase1().max(self.quorums().phase2());
        let up = acceptors.iter().filter(|&id| self.is_up(id)).count() as u16;
        let proposers = || self.processes().filter(|(_, p)| p.proposer.is_some());
        let obstacle = if up < need {
            Obstacle::TooFewAcceptors { up, need, of }
        } else if proposers().next().is_none() {
            Obstacle::NoProposer
        } else if !proposers().any(|(_, process)| process.up) {
            Obstacle::NoProposerUp
        } else {
            return None;
        };
        (!self.may_still_be_chosen(up)).then_some(obstacle)
    }

    /// Whether what is on its way, or held, could complete a ballot.
    fn may_still_be_chosen(&self, up: u16) -> bool {
        self.under_way().any(|sent| match sent.message {
            Message::Accept { ballot, value } => {
                let vote = Vote { ballot, value };
                let voters = self
                    .under_way()
                    .filter(|other| other.message == sent.message && self.is_up(other.to))
                    .map(|other| other.to);
                let cast = self.votes_cast().iter().filter(|tally| tally.vote == vote);
                let voters: ProcessSet = cast
                    .flat_map(|tally| tally.voted_by.iter())
                    .chain(voters)
                    .collect();
                voters.len() >= self.quorums().phase2()
            }
            Message::Prepare { ballot } | Message::Promise { ballot, .. } => {
                up >= self.quorums().phase2() && self.may_get_promises(ballot)
            }
            _ => false,
        })
    }

    /// Whether what is on its way, or held, could complete phase 1 of a ballot.
    fn may_get_promises(&self, of: Ballot) -> bool {
        let asked = |sent: &&Envelope| sent.message == Message::Prepare { ballot: of };
        let promised = |sent: &&Envelope| matches!(sent.message, Message::Promise { ballot, .. } if ballot == of);
        let asked = self.under_way().filter(asked).map(|sent| sent.to);
        let asked: ProcessSet = asked.filter(|&id| self.is_up(id)).collect();
        let mut proposers = self.processes().filter(|(_, process)| process.up);
        proposers.any(|(id, process)| {
            let phase = process.proposer.as_ref().map(|proposer| proposer.phase());
            let Some(Phase::Preparing {
                ballot,
                promised_by,
                ..
            }) = phase
            else {
                return false;
            };
            let promised = self
                .under_way()
                .filter(promised)
                .filter(|sent| sent.to == id);
            let promised = promised.map(|sent| sent.from).chain(asked.iter());
            let all: ProcessSet = promised.chain(promised_by.iter()).collect();
            *ballot == of && all.len() >= self.quorums().phase1()
        })
    }

    fn is_up(&self, id: crate::protocol::ProcessId) -> bool {
        self.process(id).is_some_and(|process| process.up)
    }
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Obstacle::NoAcceptor => write!(f, "there is no acceptor to vote"),
            Obstacle::NoProposer => write!(f, "there is no proposer"),
            Obstacle::NoProposerUp => write!(f, "every proposer is down"),
            Obstacle::TooFewAcceptors { up, need, of } => write!(
                f,
                "{up} of {of} acceptors {} up, and a quorum needs {need}",
                if up == 1 { "is" } else { "are" }
            ),
        }
    }
}
