//! The graph that the search walks.

use crate::protocol::Broken;

use super::key::Key;
use super::model::Action;

/// All states of a model and the steps between them.
pub(super) trait Space: Sync {
    /// A packed state; the initial one is the default.
    type Key: Key;

    /// Whether every step sends a message that was not sent before. A state is then reached by
    /// paths of one length only, so that only states of the same depth can be equal.
    fn is_graded(&self) -> bool;

    /// Hands over every step that changes the state: what it is, where it leads, and what of the
    /// property the step itself breaks.
    fn steps(&self, state: Self::Key, each: impl FnMut(Action, Self::Key, Broken));

    /// What of the property is broken in a state.
    fn broken(&self, state: Self::Key) -> Broken;

    /// Whether [`Space::canonical`] has anything to do.
    fn is_symmetric(&self) -> bool;

    /// The one that stands for all states that differ only in names.
    fn canonical(&self, state: Self::Key) -> Self::Key;
}
