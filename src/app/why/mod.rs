//! Why things are as they are: the rules with the line that just ran, and what everybody holds.

pub mod counts;
pub mod pseudocode;

#[cfg(target_arch = "wasm32")]
mod holdings;
#[cfg(target_arch = "wasm32")]
mod rules;

#[cfg(target_arch = "wasm32")]
pub use holdings::holdings;
#[cfg(target_arch = "wasm32")]
pub use rules::{badge, rules};
