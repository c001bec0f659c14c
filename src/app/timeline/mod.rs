//! The time of a run: the space-time diagram, its scrubber, and the branches.

mod branches;
mod drawing;
mod panel;

pub use drawing::Scale;
pub use panel::Timeline;
