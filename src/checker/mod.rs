//! All schedules instead of one: an exhaustive search of everything that can happen.
//!
//! # The model
//!
//! Lamport's TLA+ module `Paxos`, bounded in acceptors, values and ballots ([`Model`]). Every
//! message that was ever sent can be received at any time, any number of times, or never: so
//! loss, delay, reordering and duplication are all covered at once. An acceptor that has crashed
//! is one that does nothing for a while; a crash that forgets is a step of its own.
//!
//! # The search
//!
//! Breadth-first, so that the first violation found is one of the fewest steps. A state is packed
//! into a key of 64, 128 or 256 bits. There are two packings: `messages`, small and fast, for
//! acceptors that keep their rules, and `full`, which has every variable of the specification and
//! asks `protocol` what an acceptor does. [`search`] picks the smallest that does.
//!
//! # What a result means
//!
//! [`Verdict::Holds`]: no schedule of so many acceptors, values and ballots breaks the property.
//! It says nothing of larger bounds: some mistakes take three ballots to show.

mod cast;
mod full;
mod key;
mod messages;
mod model;
mod replay;
mod search;
mod space;
mod store;
#[cfg(test)]
mod tests;
#[cfg(not(target_arch = "wasm32"))]
mod threads;
mod visited;
mod words;

pub use cast::Cast;
pub(crate) use cast::first_free;
pub use key::{Key, Wide};
pub use model::{
    ACCEPTOR_LIMIT, Action, BALLOT_LIMIT, Model, ModelError, Property, SYMMETRIC_VALUE_LIMIT,
    Symmetry, VALUE_LIMIT,
};
pub use replay::{Replay, ReplayError, replay};
pub use search::{Limits, Outcome, Progress, Search, Stop, Verdict};

use crate::protocol::Invariant;
use full::Full;
use messages::Messages;
use search::Bfs;
use space::Space;

/// A search of this model that has not begun, on one thread.
///
/// # Errors
/// If the model is out of range or its states are too wide.
pub fn search(model: &Model, limits: Limits) -> Result<Box<dyn Search>, ModelError> {
    search_with(model, &OneThread(limits))
}

/// The same on so many threads, which finds the same states and violations of as few steps.
///
/// # Errors
/// As [`search`].
#[cfg(not(target_arch = "wasm32"))]
pub fn search_on(
    threads: usize,
    model: &Model,
    limits: Limits,
) -> Result<Box<dyn Search>, ModelError> {
    match threads {
        0 | 1 => search(model, limits),
        _ => search_with(model, &ManyThreads(limits, threads)),
    }
}

/// How a search of some space begins.
trait Begin {
    fn begin<S: Space + Send + 'static>(&self, space: S) -> Box<dyn Search>;
}

struct OneThread(Limits);

impl Begin for OneThread {
    fn begin<S: Space + Send + 'static>(&self, space: S) -> Box<dyn Search> {
        Box::new(Bfs::new(space, self.0))
    }
}

#[cfg(not(target_arch = "wasm32"))]
struct ManyThreads(Limits, usize);

#[cfg(not(target_arch = "wasm32"))]
impl Begin for ManyThreads {
    fn begin<S: Space + Send + 'static>(&self, space: S) -> Box<dyn Search> {
        Box::new(threads::Threads::new(space, self.0, self.1))
    }
}

/// Picks the smallest states that do.
fn search_with(model: &Model, how: &impl Begin) -> Result<Box<dyn Search>, ModelError> {
    model.validate()?;
    // The small states leave no room for the other invariants to fail.
    if model.messages_say_all() && model.property == Property::One(Invariant::Agreement) {
        return Messages::<u64>::new(model)
            .map(|space| how.begin(space))
            .or_else(|_| Messages::<u128>::new(model).map(|space| how.begin(space)))
            .or_else(|_| Messages::<Wide>::new(model).map(|space| how.begin(space)));
    }
    Full::<u64>::new(model)
        .map(|space| how.begin(space))
        .or_else(|_| Full::<u128>::new(model).map(|space| how.begin(space)))
        .or_else(|_| Full::<Wide>::new(model).map(|space| how.begin(space)))
}

/// Search this model to the end.
///
/// # Errors
/// As [`search`].
pub fn check(model: &Model, limits: Limits) -> Result<Outcome, ModelError> {
    let mut search = search(model, limits)?;
    loop {
        if let Some(verdict) = search.advance(usize::MAX) {
            let progress = search.progress();
            return Ok(Outcome { verdict, progress });
        }
    }
}
