//! A machine and the roles that it plays.

use crate::protocol::{Acceptor, Amnesia, Learner, ProcessId, Proposer};

use super::{Millis, Roles};

/// A process: any of the three roles together on one machine, which crash together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// Whether it runs.
    pub up: bool,
    /// Its proposer role.
    pub proposer: Option<Proposer>,
    /// Its acceptor role.
    pub acceptor: Option<Acceptor>,
    /// Its learner role.
    pub learner: Option<Learner>,
    /// The retry timer of its proposer, if it runs. Volatile.
    pub(super) timer: Option<Timer>,
    /// How many ballots in a row it has started because one before timed out. Volatile.
    pub(super) retries: u32,
}

/// A running retry timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Timer {
    /// When it fires, and its place among what happens at that instant.
    pub(super) due: (Millis, u64),
    /// Whether it was set anew because the ballot has become hopeless.
    pub(super) early: bool,
}

impl Process {
    /// A process whose ballots bear this id.
    pub(super) fn new(ballots: ProcessId, roles: Roles) -> Self {
        Self {
            up: true,
            proposer: roles.proposer.then(|| Proposer::new(ballots)),
            acceptor: roles.acceptor.then(Acceptor::default),
            learner: roles.learner.then(Learner::default),
            timer: None,
            retries: 0,
        }
    }

    /// When its proposer starts the next ballot unless this one is finished by then.
    pub fn retries_at(&self) -> Option<Millis> {
        self.timer.map(|timer| timer.due.0)
    }

    /// Stops: the acceptor's promise and vote and the proposer's round are durable, except for
    /// what of the acceptor's is lost; the rest goes.
    pub(super) fn crash(&mut self, lost: Amnesia) {
        self.up = false;
        self.retries = 0;
        if let Some(proposer) = &mut self.proposer {
            proposer.forget();
        }
        if let Some(acceptor) = &mut self.acceptor {
            acceptor.forget(lost);
        }
        if let Some(learner) = &mut self.learner {
            learner.forget();
        }
    }
}
