//! The size of an element, kept up to date.

use gloo_timers::callback::Timeout;
use wasm_bindgen::prelude::*;
use web_sys::{Element, ResizeObserver};
use yew::prelude::*;

use super::frame::Frame;

/// The size of the element that the reference stands for, as it changes.
#[hook]
pub fn use_size(node: &NodeRef) -> Frame {
    let size = use_state_eq(|| Frame::UNMEASURED);
    let set = size.setter();
    let node = node.clone();
    use_effect_with((), move |()| {
        let measure = {
            let node = node.clone();
            move || {
                let Some(element) = node.cast::<Element>() else {
                    return;
                };
                let area = element.get_bounding_client_rect();
                if area.width() > 0.0 && area.height() > 0.0 {
                    set.set(Frame::new(area.width(), area.height()));
                }
            }
        };
        measure();
        // Not at once: what is drawn then may have another size, and browsers call that a loop.
        let callback = Closure::<dyn Fn()>::new(move || {
            Timeout::new(0, measure.clone()).forget();
        });
        let observer = ResizeObserver::new(callback.as_ref().unchecked_ref());
        if let (Ok(observer), Some(element)) = (&observer, node.cast::<Element>()) {
            observer.observe(&element);
        }
        move || {
            if let Ok(observer) = observer {
                observer.disconnect();
            }
            drop(callback);
        }
    });
    *size
}
