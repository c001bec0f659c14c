//! The dialog for authors: what to paste into a page. `www/author.js` fills it, and is loaded when
//! it is opened; it asks for the scenario with an event, which `Around` hears.

use js_sys::{JsString, Reflect};
use web_sys::CustomEvent;
use yew::prelude::*;

use crate::app::dialog::{Dialog, coming};
use crate::app::rest::{Part, part};
use crate::app::state::Page;
use crate::scenario::built_in;

/// Asks for the scenario that is shown.
pub(super) const ASKS: &str = "paxos:author";

/// The button and its dialog.
pub fn dialog() -> Html {
    html! {
        <Dialog name="Embed" title="Embed this in a page of yours">
            { part(Part::Author) }
        </Dialog>
    }
}

/// What is in it.
#[component]
pub fn Author() -> Html {
    html! {
        <>
            <@{"paxos-author"}>{ coming() }</@>
            <script type="module" src="./author.js"></script>
        </>
    }
}

/// Puts into the event what is shown: the name of a built-in scenario, or a whole one as JSON; for
/// `www/export.js`, which asks for it, the session.
pub(super) fn answer(page: &Page, event: &CustomEvent) {
    let session = JsString::from("session");
    if Reflect::has(&event.detail(), &session).unwrap_or_default() {
        let _ = Reflect::set(&event.detail(), &session, &page.save().into());
        return;
    }
    let shown = page.as_scenario();
    let (name, text) = match built_in(&shown.id) {
        Some(known) if known == shown => ("id", shown.id),
        _ => ("json", shown.to_json()),
    };
    let _ = Reflect::set(&event.detail(), &JsString::from(name), &text.into());
}
