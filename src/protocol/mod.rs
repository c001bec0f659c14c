//! Single-decree Paxos as pure state machines.
//!
//! # The problem
//!
//! Some processes may each propose a value. Exactly one of the proposed values is to be *chosen*,
//! and whoever *learns* a value learns the one that was chosen. Messages may be late, lost,
//! doubled or out of order, and processes may stop and come back; no message is ever forged.
//!
//! # The roles
//!
//! * A [`Proposer`] asks for a value to be chosen. Each attempt has a [`Ballot`], a number that no
//!   other attempt of anyone ever has.
//! * An [`Acceptor`] remembers two things: the highest ballot that it has promised to, and the
//!   last [`Vote`] that it cast.
//! * A [`Learner`] counts votes, and knows the value once enough acceptors voted in one ballot.
//!
//! # The two phases
//!
//! | step | who | what | Lamport's action |
//! |---|---|---|---|
//! | 1a | proposer | sends `Prepare(n)` with a new ballot `n` | `Phase1a(b)` |
//! | 1b | acceptor | if `n` is higher than any promise of its own: promises, and reports its vote | `Phase1b(a)` |
//! | 2a | proposer | with promises from a phase-1 quorum: sends `Accept(n, v)`, where `v` is the value of the highest vote reported, or its own if there is none | `Phase2a(b, v)` |
//! | 2b | acceptor | unless it has promised a higher ballot: votes, and tells the learners | `Phase2b(a)` |
//!
//! A value is *chosen* at the instant at which a phase-2 quorum has voted for it in one ballot.
//! Nobody may know it yet. From then on every higher ballot meets, in its phase-1 quorum, an
//! acceptor that voted for it, and so proposes the same value: this is the whole of Paxos.
//!
//! # Sources
//!
//! L. Lamport, *Paxos Made Simple* (2001), cited below as PMS with its section; and the TLA+
//! module `Paxos` in tlaplus/Examples, whose variables are `maxBal` (here [`Acceptor::promised`])
//! and `maxVBal`, `maxVal` (together [`Acceptor::vote`]).
//!
//! # What is ours
//!
//! * `Nack` is not in the paper's rules; §2.4 suggests it so that a proposer gives up early.
//! * Acceptors send `Accepted` to the learners *and* to the proposer of the ballot, so that a
//!   proposer knows when it may stop. The paper leaves open who is told (§2.3).
//! * Quorums are sets of a given size, separately for each phase (H. Howard, D. Malkhi,
//!   A. Spiegelman, *Flexible Paxos*, 2016); majorities unless configured.
//!
//! Any rule can be broken with a [`Rule`] switch, to see why it is there; [`Rules::KEPT`] is Paxos.
//!
//! Nothing here knows of time, of a network or of a page: a handler takes a message, changes one
//! process and says what it did and why. What is to be sent follows from that.

mod acceptor;
mod ballot;
mod invariants;
mod learner;
mod message;
mod monitor;
mod process_set;
mod proposer;
mod quorum;
mod rules;

pub use acceptor::{Acceptor, AcceptorStep};
pub use ballot::{Ballot, ProcessId, Round, Value, Vote};
pub use invariants::{Broken, Invariant};
pub use learner::{Learner, LearnerStep, Tally};
pub use message::{Audience, Kind, Message};
pub use monitor::Monitor;
pub use process_set::ProcessSet;
pub use proposer::{Ignored, Phase, Proposer, ProposerStep, ValueSource};
pub use quorum::{QuorumError, Quorums};
pub use rules::{Amnesia, Rule, Rules};
