//! The time of a run: the space-time diagram, its scrubber, and the branches.

#[cfg(target_arch = "wasm32")]
mod branches;
#[cfg(target_arch = "wasm32")]
mod drawing;
#[cfg(target_arch = "wasm32")]
mod panel;

#[cfg(target_arch = "wasm32")]
pub use drawing::Scale;
#[cfg(target_arch = "wasm32")]
pub use panel::Timeline;
