//! A machine and the roles that it plays.

use crate::protocol::{Acceptor, Learner, ProcessId, Proposer};

use super::Roles;

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
}

impl Process {
    pub(super) fn new(id: ProcessId, roles: Roles) -> Self {
        Self {
            up: true,
            proposer: roles.proposer.then(|| Proposer::new(id)),
            acceptor: roles.acceptor.then(Acceptor::default),
            learner: roles.learner.then(Learner::default),
        }
    }

    /// Stops: the acceptor's promise and vote and the proposer's round are durable, the rest goes.
    pub(super) fn crash(&mut self) {
        self.up = false;
        if let Some(proposer) = &mut self.proposer {
            proposer.forget();
        }
        if let Some(learner) = &mut self.learner {
            learner.forget();
        }
    }
}
