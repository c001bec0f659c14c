//! What a user or a scenario can ask for.

use std::sync::Arc;

use crate::protocol::ProcessId;

/// One request. Everything that reaches a running cluster from outside is one of these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// A client asks a proposer to get this value chosen.
    Propose {
        /// The proposer.
        process: ProcessId,
        /// Any text.
        value: Arc<str>,
    },
    /// The process stops: it loses what is not durable, and the messages that reach it.
    Crash {
        /// Who.
        process: ProcessId,
    },
    /// The process comes back with what is durable.
    Restart {
        /// Who.
        process: ProcessId,
    },
}

impl Command {
    /// The process that it is about.
    pub fn process(&self) -> ProcessId {
        let (Command::Propose { process, .. }
        | Command::Crash { process }
        | Command::Restart { process }) = self;
        *process
    }

    /// The same, to be changed when ids move.
    pub fn process_mut(&mut self) -> &mut ProcessId {
        let (Command::Propose { process, .. }
        | Command::Crash { process }
        | Command::Restart { process }) = self;
        process
    }
}

/// Why a command cannot be followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such process.
    UnknownProcess,
    /// The process has no proposer role.
    NotAProposer,
    /// The process is down.
    Down,
    /// The process is up.
    Up,
    /// There is nothing to propose.
    EmptyValue,
    /// The proposer has used up its ballots.
    OutOfRounds,
}
