//! The document, and objects of JavaScript.

use js_sys::{JsString, Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

/// The first element of the document that a selector finds.
pub fn find<T: JsCast>(selector: &str) -> Option<T> {
    let document = web_sys::window()?.document()?;
    document.query_selector(selector).ok()??.dyn_into().ok()
}

/// The root of the document, which carries what tests and hosts look for.
pub fn root() -> Option<HtmlElement> {
    let document = web_sys::window()?.document()?;
    document.document_element()?.dyn_into().ok()
}

/// An object with these fields.
pub fn object<const N: usize>(fields: [(&str, JsValue); N]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        // A new object takes any field.
        let _ = Reflect::set(&object, &JsString::from(name), &value);
    }
    object.into()
}

/// What an object has under a name.
pub fn get(object: &JsValue, name: &str) -> JsValue {
    // Of what is no object there is nothing to get.
    Reflect::get(object, &JsString::from(name)).unwrap_or_default()
}

/// The number that it has there.
pub fn number(object: &JsValue, name: &str) -> Option<f64> {
    get(object, name).as_f64()
}

/// The text that it has there.
pub fn text(object: &JsValue, name: &str) -> Option<String> {
    get(object, name).as_string()
}
