//! The wheel, with the right to keep the page from scrolling or zooming itself.

use wasm_bindgen::prelude::*;
use web_sys::{AddEventListenerOptions, Element, WheelEvent};
use yew::prelude::*;

use super::geometry::within;

/// The factor by which so much of the wheel, in pixels, changes what is seen.
pub fn factor(turned: f64) -> f64 {
    within(1.0 + turned * 0.004, 0.5, 2.0)
}

/// Calls back for the wheel over an element; `true` says that it was used.
#[hook]
pub fn use_wheel(node: &NodeRef, used: impl Fn(&WheelEvent) -> bool + 'static) {
    let latest = use_mut_ref(|| None::<Box<dyn Fn(&WheelEvent) -> bool>>);
    latest.replace(Some(Box::new(used)));
    let node = node.clone();
    use_effect_with((), move |()| {
        let element = node.cast::<Element>();
        let callback = Closure::<dyn Fn(WheelEvent)>::new(move |event: WheelEvent| {
            if latest.borrow().as_ref().is_some_and(|used| used(&event)) {
                event.prevent_default();
            }
        });
        let function = callback
            .as_ref()
            .unchecked_ref::<js_sys::Function>()
            .clone();
        if let Some(element) = &element {
            // Only a listener that says so may keep the page from what it would do.
            let options = AddEventListenerOptions::new();
            options.set_passive(false);
            let _ = element.add_event_listener_with_callback_and_add_event_listener_options(
                "wheel", &function, &options,
            );
        }
        move || {
            if let Some(element) = element {
                let _ = element.remove_event_listener_with_callback("wheel", &function);
            }
            drop(callback);
        }
    });
}
