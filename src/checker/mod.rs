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

mod full;
mod key;
mod messages;
mod model;
mod search;
mod space;
mod store;
#[cfg(test)]
mod tests;
mod visited;

pub use key::{Key, Wide};
pub use model::{
    ACCEPTOR_LIMIT, Action, BALLOT_LIMIT, Model, ModelError, Property, SYMMETRIC_VALUE_LIMIT,
    Symmetry, VALUE_LIMIT,
};
pub use search::{Limits, Outcome, Progress, Search, Stop, Verdict};

use crate::protocol::Invariant;
use full::Full;
use messages::Messages;
use search::Bfs;

/// A search of this model that has not begun.
///
/// # Errors
/// If the model is out of range or its states are too wide.
pub fn search(model: &Model, limits: Limits) -> Result<Box<dyn Search>, ModelError> {
    model.validate()?;
    // The small states leave no room for the other invariants to fail.
    if model.messages_say_all() && model.property == Property::One(Invariant::Agreement) {
        if let Ok(space) = Messages::<u64>::new(model) {
            return Ok(Box::new(Bfs::new(space, limits)));
        }
        if let Ok(space) = Messages::<u128>::new(model) {
            return Ok(Box::new(Bfs::new(space, limits)));
        }
        let space = Messages::<Wide>::new(model)?;
        return Ok(Box::new(Bfs::new(space, limits)));
    }
    if let Ok(space) = Full::<u64>::new(model) {
        return Ok(Box::new(Bfs::new(space, limits)));
    }
    if let Ok(space) = Full::<u128>::new(model) {
        return Ok(Box::new(Bfs::new(space, limits)));
    }
    let space = Full::<Wide>::new(model)?;
    Ok(Box::new(Bfs::new(space, limits)))
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
