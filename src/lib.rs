//! Paxos Playground: the rooms are described in `ARCHITECTURE.md`, each below in its own words.

pub mod cluster;
pub mod history;
pub mod protocol;
pub mod scenario;

#[cfg(target_arch = "wasm32")]
pub mod app;
