//! Drawing the page for the first time, in acts behind a curtain.
//!
//! All at once it is half a second in which a slow phone hears nobody. Each act is a task of its own, with
//! room for others before the next. Until all is there the curtain, which is in `index.html`, gives the
//! reader something to read.

use gloo_timers::callback::Timeout;
use web_sys::Element;
use yew::prelude::*;

use super::dom::find;

/// How many of so many acts are on: one at first, and in each task one more. With the last the curtain
/// is gone.
#[hook]
pub fn use_acts(all: usize) -> usize {
    let acts = use_state(|| 1);
    let on = *acts;
    use_effect_with(on, move |&on| {
        if on < all {
            // Timers are slow where nobody looks.
            let next = if is_hidden() { all } else { on + 1 };
            Timeout::new(0, move || acts.set(next)).forget();
        } else {
            raise();
        }
    });
    on
}

fn is_hidden() -> bool {
    let document = web_sys::window().and_then(|window| window.document());
    document.is_some_and(|document| document.hidden())
}

/// Takes the curtain away.
pub fn raise() {
    if let Some(curtain) = find::<Element>("#curtain") {
        curtain.remove();
    }
}
