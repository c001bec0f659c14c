//! Paxos Playground: the rooms are described in `ARCHITECTURE.md`, each below in its own words.

pub mod app;
pub mod checker;
pub mod cluster;
mod decimal;
pub mod history;
pub mod protocol;
pub mod scenario;
