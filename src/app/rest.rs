//! The rest of the page: what nothing needs until somebody touches it.
//!
//! With the feature `split`, all that only [`table`] refers to is in a file of its own, which is
//! loaded at the first gesture, or at once where the address asks for more than the first scenario
//! or a session was kept. Without the feature it is there at once. What the reader asks for meanwhile
//! waits, also while it cannot be loaded.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::AddEventListenerOptions;
use yew::platform::spawn_local;
use yew::prelude::*;

use crate::cluster::{Command, Fact, Names, Phrase};

use super::address::{self, Wanted};
use super::keep;
use super::state::{Action, Dispatch, Page};

mod part;

pub use part::Part;

/// What the rest does.
#[derive(Clone, Copy)]
pub struct Rest {
    /// What the parameters of the address ask for.
    pub read: fn(Vec<(String, String)>) -> Wanted,
    /// The page as its address wants it.
    pub open: fn(&Wanted) -> Page,
    /// What an action makes of the page.
    pub follow: fn(Rc<Page>, Action) -> Rc<Page>,
    /// Keeps the session.
    pub keep: fn(&Page, &Dispatch),
    fact: fn(&Names, &Fact) -> Phrase,
    command: fn(&Names, &Command) -> Phrase,
    draw: fn(Part) -> Html,
}

#[cfg_attr(feature = "split", wasm_split_helpers::wasm_split(rest, fallible))]
fn table() -> Result<Rest, Missing> {
    Ok(Rest {
        read: address::read,
        open: Page::open,
        follow: Page::follow,
        keep: keep::keep,
        fact: |names, fact| names.fact(fact),
        command: |names, command| names.command(command),
        draw: part::draw,
    })
}

/// The rest could not be loaded.
struct Missing;

#[cfg(feature = "split")]
impl From<wasm_split_helpers::SplitLoaderError> for Missing {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
        Self
    }
}

/// Where the rest is.
#[derive(Clone, Copy, PartialEq)]
pub enum Arrival {
    /// Nobody needed it yet.
    Away,
    /// On its way.
    Coming,
    /// It could not be loaded.
    Failed,
    /// It is there.
    Here,
}

thread_local! {
    static REST: Cell<Option<Rest>> = const { Cell::new(None) };
    static ARRIVAL: Cell<Arrival> = const { Cell::new(Arrival::Away) };
    static HEARS: RefCell<Option<UseStateSetter<Arrival>>> = const { RefCell::new(None) };
    static WAITING: RefCell<Vec<Action>> = const { RefCell::new(Vec::new()) };
}

/// The rest, once it is there.
pub fn rest() -> Option<Rest> {
    REST.get()
}

/// Where the rest is.
pub fn arrival() -> Arrival {
    ARRIVAL.get()
}

fn set(arrival: Arrival) {
    ARRIVAL.set(arrival);
    HEARS.with_borrow(|hears| {
        if let Some(hears) = hears {
            hears.set(arrival);
        }
    });
}

/// Loads the rest, unless it is there or on its way.
pub fn load() {
    if matches!(arrival(), Arrival::Coming | Arrival::Here) {
        return;
    }
    set(Arrival::Coming);
    spawn_local(async {
        #[cfg(feature = "split")]
        let table = table().await;
        #[cfg(not(feature = "split"))]
        let table = table();
        REST.set(table.ok());
        set(match REST.get() {
            Some(_) => Arrival::Here,
            None => Arrival::Failed,
        });
    });
}

/// An action waits for the rest.
pub fn wait(action: Action) {
    WAITING.with_borrow_mut(|waiting| waiting.push(action));
    load();
}

/// The actions that have waited, in their order.
pub fn waited() -> Vec<Action> {
    WAITING.take()
}

/// Where the rest is, for the one component that is at the root of all others.
#[hook]
pub fn use_arrival() -> Arrival {
    let state = use_state_eq(arrival);
    let setter = state.setter();
    use_effect_with((), move |()| {
        setter.set(arrival());
        HEARS.set(Some(setter));
        at_first_gesture();
    });
    *state
}

/// The first gesture comes before the first need.
fn at_first_gesture() {
    let Some(window) = web_sys::window() else {
        return;
    };
    let loads = Closure::<dyn Fn()>::new(load).into_js_value();
    let once = AddEventListenerOptions::new();
    once.set_once(true);
    once.set_capture(true);
    for name in ["pointermove", "pointerdown", "keydown", "focusin", "click"] {
        let _ = window.add_event_listener_with_callback_and_add_event_listener_options(
            name,
            loads.unchecked_ref(),
            &once,
        );
    }
}

/// What happened, in words.
pub fn fact(names: &Names, fact: &Fact) -> Phrase {
    rest().map_or_else(Phrase::default, |rest| (rest.fact)(names, fact))
}

/// What was asked for, in words.
pub fn command(names: &Names, command: &Command) -> Phrase {
    rest().map_or_else(Phrase::default, |rest| (rest.command)(names, command))
}

/// A part of the page, or what stands there until it can be drawn.
pub fn part(part: Part) -> Html {
    match rest() {
        Some(rest) => (rest.draw)(part),
        None if part.is_quiet() => Html::default(),
        None => waiting(),
    }
}

/// That the rest is on its way, or cannot be loaded.
pub fn waiting() -> Html {
    match arrival() {
        Arrival::Failed => failed(),
        _ => html! { <p class="nothing" role="status">{ "Loading…" }</p> },
    }
}

/// That it cannot be loaded, and a way to try again.
pub fn failed() -> Html {
    let again = Callback::from(|_: MouseEvent| load());
    html! {
        <div class="notice wrong" role="alert">
            <p>{ "A part of the playground could not be loaded. What you do waits for it. If trying again does not help, reload the page." }</p>
            <button type="button" onclick={again}>{ "Try again" }</button>
        </div>
    }
}
