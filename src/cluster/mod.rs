//! The deterministic world in which Paxos runs: processes, a network and a clock.
//!
//! A [`Cluster`] is a function of its [`Setup`] and of the [`Command`]s that it is given: it draws
//! from one seeded generator and reads no clock, so the same commands give the same [`Event`]s,
//! byte for byte, on every machine.
//!
//! Time is virtual, in whole milliseconds. Processing takes none; a message to another process
//! takes a delay drawn evenly from the network's range; a message to oneself takes none and cannot
//! be lost. At the same instant things happen in the order in which they were sent or scheduled.

mod command;
mod event;
mod network;
mod process;
mod rng;
mod setup;
mod words;
mod world;

pub use command::{Command, Refusal};
pub use event::{Envelope, Event, Fact, LossReason, MessageId, Millis};
pub use network::Network;
pub use process::Process;
pub use setup::{NAME_LIMIT, PROCESS_LIMIT, ProcessSpec, Roles, Setup, SetupError};
pub use words::{Names, Part, Phrase, VALUE_SHOWN, refusal, shorten};
pub use world::{Cluster, Obstacle};
