//! The face for JavaScript: the core as a WebAssembly module of its own, without a page.
//!
//! `www/paxos_playground.js` is what people import; checks run in a worker.

#[cfg(target_arch = "wasm32")]
mod checker;
#[cfg(target_arch = "wasm32")]
mod cluster;
#[cfg(target_arch = "wasm32")]
mod export;

fn main() {
    #[cfg(not(target_arch = "wasm32"))]
    println!("This is a module for JavaScript: import paxos_playground.js.");
}

/// A plain object or list.
#[cfg(target_arch = "wasm32")]
fn to_js(value: &impl serde::Serialize) -> Result<wasm_bindgen::JsValue, wasm_bindgen::JsError> {
    Ok(value.serialize(&serde_wasm_bindgen::Serializer::json_compatible())?)
}
