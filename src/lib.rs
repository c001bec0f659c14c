//! Paxos Playground: single-decree Paxos as state machines, in a simulated network, on a timeline that
//! can be sought and branched, checked in every schedule, and drawn in a browser.
//!
//! Begin with [`protocol`]: proposer, acceptor and learner, rule by rule. Then [`cluster`], which puts
//! them on processes and lets messages be late, lost and doubled; [`checker`], which tries every
//! schedule instead of one; [`scenario`], what is written in files, and what a run can be exported
//! as; [`history`], a run that knows its past; and [`app`], the page. Each uses only those named
//! before it. `ARCHITECTURE.md` has their invariants.
//!
//! "Hello" in a few lines:
//!
//! ```
//! use paxos_playground::scenario::built_in;
//!
//! let hello = built_in("hello").expect("it is in the library");
//! let mut sentences = Vec::new();
//! let cluster = hello.play(|cluster, events| {
//!     let names = paxos_playground::cluster::Names::new(&hello.setup, cluster);
//!     sentences.extend(events.iter().map(|event| names.fact(&event.fact).to_string()));
//! })?;
//! assert!(cluster.chosen().is_some());
//! assert_eq!(sentences[0], "P starts ballot 1.P to propose “Hello”: it sends Prepare(1.P) to every acceptor");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod app;
pub mod checker;
pub mod cluster;
mod decimal;
pub mod history;
pub mod protocol;
pub mod scenario;
