//! The deterministic world in which Paxos runs: processes, a network and a clock.
//!
//! A [`Cluster`] is a function of its [`Setup`] and of the [`Command`]s that it is given: it draws
//! from one seeded generator and reads no clock, so the same commands give the same [`Event`]s,
//! byte for byte, on every machine.
//!
//! # Time
//!
//! Time is virtual, in whole milliseconds. Processing takes none; a message to another process
//! takes a delay drawn evenly from the range of its link or of the network; a message to oneself
//! takes none, cannot be doubled, held or cut, and is lost only if the process crashes at that instant. At the same instant things happen in the
//! order in which they were sent or scheduled.
//!
//! # What can go wrong
//!
//! Every fault is a [`Command`], and what came of it a [`Fact`] with its reason. A message may be
//! lost or doubled by chance, or taken out, doubled, delayed, held, released or delivered by hand;
//! it is lost if its link is cut when it leaves or when it arrives, or if the receiver is down
//! then. A process may crash, with what is durable or without, and restart. Whatever happens, a
//! message between two processes costs the same number of draws, so that changing one setting
//! leaves the chances of the others alone.
//!
//! The live monitor ([`Cluster::invariants`]) says at each instant which invariants hold.

mod command;
mod event;
mod follow;
mod links;
mod network;
mod obstacle;
mod post;
mod process;
mod rng;
mod routes;
mod setup;
mod storm;
#[cfg(test)]
mod tests;
mod timers;
mod transit;
mod waiting;
mod watch;
mod words;
mod world;

pub use command::{Command, Nth, Refusal, Selector};
pub use event::{Envelope, Event, Fact, LossReason, MessageId, Millis};
pub use network::{Chance, DelayRange, Link, Network, NetworkChange};
pub use obstacle::Obstacle;
pub use process::Process;
pub use setup::{
    Backoff, NAME_LIMIT, PROCESS_LIMIT, PrepareTo, ProcessSpec, Retry, Roles, Setup, SetupError,
    is_name,
};
pub use storm::Storm;
pub use watch::Failure;
pub(crate) use words::is_blank;
pub use words::{Names, Part, Phrase, refusal, shorten, shorten_name, shorten_value};
pub use world::Cluster;
