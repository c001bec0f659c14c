//! The face for JavaScript: the core as a WebAssembly module of its own, without a page.
//!
//! `www/paxos_playground.js` is what people import; it runs this in a worker.

#[cfg(target_arch = "wasm32")]
mod checker;
#[cfg(target_arch = "wasm32")]
mod export;

fn main() {
    #[cfg(not(target_arch = "wasm32"))]
    println!("This is a module for JavaScript: import paxos_playground.js.");
}
