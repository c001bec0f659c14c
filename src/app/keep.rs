//! Keeps the session in the browser's storage, so that it survives a reload.
//!
//! It is written a second after a change, and when the page is hidden or left. What cannot
//! be read again is put aside under another name, not lost, and so is what another page has kept
//! meanwhile; a browser that keeps nothing is told once, and all else works.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use wasm_bindgen::prelude::*;
use web_sys::Storage;
use yew::prelude::*;

use crate::history::Session;
use crate::scenario::limits::KEPT;

use super::dom::{root, text};
use super::rest::rest;
use super::state::{Action, Dispatch, Page};

/// Where the session is.
const SESSION: &str = "paxos-session";
/// Where one is that could not be read; where the next ones are, with a number behind.
const BROKEN: &str = "paxos-session-broken";
/// Where the latest one is that another page had kept in its place.
const OTHER: &str = "paxos-session-other";
/// From a change until it is written, in milliseconds.
const WAIT: u32 = 1_000;

thread_local! {
    /// Whether the session that is kept is the one of this page.
    static OURS: Cell<bool> = const { Cell::new(false) };
    /// Whether the reader knows that nothing is kept.
    static TOLD: Cell<bool> = const { Cell::new(false) };
    /// What this page has kept, or read, last.
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
    /// Where it is that this page could not read.
    static ASIDE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// The storage, if the browser has one and lets the page use it.
fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

/// What is kept under this name.
pub fn read(name: &str) -> Option<String> {
    storage()?.get_item(name).ok().flatten()
}

/// Keeps this under a name; `false` if the browser does not.
pub fn write(name: &str, text: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(name, text).is_ok())
}

/// Whether a session was kept.
pub fn is_kept() -> bool {
    read(SESSION).is_some()
}

/// What was kept, if anything. If it cannot be read it is put aside, and there are two sentences:
/// what is wrong with it, and where it is now.
pub fn kept() -> Option<Result<Session, String>> {
    let text = read(SESSION)?;
    let restored = Session::restore(&text);
    if restored.is_ok() {
        LAST.set(Some(text.clone()));
    }
    Some(restored.map_err(|error| {
        let now = match put_aside(&text) {
            true => "It was put aside",
            false => "There is no room to put it aside, so nothing of what you do now is kept",
        };
        format!("The session that was kept cannot be read: {error}. {now}.")
    }))
}

/// Moves what is kept to where nothing was put aside before; `false` if it does not fit.
fn put_aside(text: &str) -> bool {
    let numbered = (2..).map(|number| format!("{BROKEN}-{number}"));
    let mut names = std::iter::once(BROKEN.to_owned()).chain(numbered);
    let free = |name: &String| read(name).is_none_or(|before| before == text);
    let name = names.find(free).unwrap_or_default();
    let moved = move_to(&name, text);
    ASIDE.set(if moved { name } else { SESSION.to_owned() });
    moved
}

/// Moves what is kept to this name; it stays where it is, and this is `false`, if it does not fit.
fn move_to(name: &str, text: &str) -> bool {
    // A large one does not fit twice.
    delete(SESSION);
    let moved = write(name, text);
    if !moved {
        write(SESSION, text);
    }
    moved
}

/// What this page could not read.
pub fn aside() -> Option<String> {
    ASIDE.with_borrow(|name| read(name))
}

/// Whether that stays where the session of this page would go.
fn is_stuck() -> bool {
    ASIDE.with_borrow(|name| name == SESSION)
}

/// The names of all that was put aside, whenever that was.
pub fn put_aside_before() -> Vec<String> {
    let Some(storage) = storage() else {
        return Vec::new();
    };
    let count = storage.length().unwrap_or_default();
    let names = (0..count).filter_map(|index| storage.key(index).ok().flatten());
    let mut names: Vec<String> = names
        .filter(|name| name.starts_with(BROKEN) || name == OTHER)
        .collect();
    names.sort();
    names
}

/// Delete what is under this name.
pub fn delete(name: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(name);
    }
}

/// What another page had kept where this one has kept its session since.
pub fn other() -> Option<String> {
    read(OTHER)
}

/// Whether this page has kept or read nothing else since.
fn is_last(text: &str) -> bool {
    LAST.with_borrow(|last| last.as_deref() == Some(text))
}

/// Puts aside what another page has kept since this one has kept or read something: whether there
/// was anything, or `None` if there is no room for it.
fn spare_other() -> Option<bool> {
    let Some(other) = read(SESSION).filter(|now| !is_last(now)) else {
        return Some(false);
    };
    move_to(OTHER, &other).then_some(true)
}

/// Keeps a session: whether that of another page was in its place, or `None` if it is not kept.
fn keeps(text: String) -> Option<bool> {
    if is_stuck() || text.len() > KEPT {
        return None;
    }
    let over = spare_other()?;
    if !write(SESSION, &text) {
        return None;
    }
    LAST.set(Some(text));
    Some(over)
}

/// Keeps the session of the page, and says so where something is not as the reader expects.
pub fn keep(page: &Page, dispatch: &Dispatch) {
    let text = page.save();
    // A page that was only told something leaves what another one has kept.
    if is_last(&text) {
        return;
    }
    let kept = keeps(text);
    OURS.set(kept.is_some());
    if let Some(root) = root() {
        let _ = root.set_attribute("data-kept", &kept.is_some().to_string());
    }
    if kept == Some(true) {
        dispatch.dispatch(Action::Spared);
    }
    if kept.is_some() {
        TOLD.set(false);
    } else if !TOLD.replace(true) {
        let why = "This browser keeps nothing: a reload will lose the session.";
        dispatch.dispatch(Action::Notify(why.into()));
    }
}

/// Says when the page in another tab has kept its session over this one.
pub fn hear_others(dispatch: Dispatch) {
    // For as long as the window is there.
    let hears = Closure::<dyn Fn(JsValue)>::new(move |event: JsValue| {
        let key = text(&event, "key");
        // Where a session is only put aside, nothing is in its place.
        let over = key.as_deref() == Some(SESSION) && text(&event, "newValue").is_some();
        if over && OURS.take() {
            let why = "Another tab has kept its session in place of this one: a reload shows what was changed last. Share gives an address for this run.";
            dispatch.dispatch(Action::Notify(why.into()));
        }
    });
    let function = hears.into_js_value();
    if let Some(window) = web_sys::window() {
        let _ = window.add_event_listener_with_callback("storage", function.unchecked_ref());
    }
}

/// Whether the page is covered, since the core has failed (`www/rescue.js`): its state may be what
/// makes it fail.
fn has_failed() -> bool {
    root().is_some_and(|root| root.has_attribute("data-failed"))
}

/// Keeps the session from now on.
#[hook]
pub fn use_keeping(page: &UseReducerHandle<Page>, on: bool) {
    let latest = use_mut_ref(|| Page::clone(page));
    latest.replace(Page::clone(page));
    let waiting: Rc<RefCell<Option<Timeout>>> = use_mut_ref(|| None);
    let dispatch = page.dispatcher();
    let keep: Rc<dyn Fn()> = {
        let (latest, waiting) = (latest.clone(), waiting.clone());
        Rc::new(move || {
            if waiting.borrow_mut().take().is_none() || has_failed() {
                return;
            }
            // What was changed was changed by the rest.
            if let Some(rest) = rest() {
                let page = latest.borrow().clone();
                (rest.keep)(&page, &dispatch);
            }
        })
    };
    {
        let keep = keep.clone();
        let waiting = waiting.clone();
        use_effect_with(page.revision, move |_| {
            // The page as it opens is not worth keeping.
            if on && latest.borrow().revision > 0 && waiting.borrow().is_none() {
                let later = Timeout::new(WAIT, move || keep());
                waiting.replace(Some(later));
            }
        });
    }
    use_effect_with((), move |()| {
        if let Some(root) = root() {
            let _ = root.set_attribute("data-keeps", if on { "true" } else { "false" });
        }
        // For as long as the window is there.
        let callback = Closure::<dyn Fn()>::new(move || keep()).into_js_value();
        let window = web_sys::window();
        let document = window.as_ref().and_then(|window| window.document());
        if let Some(window) = window {
            let _ = window.add_event_listener_with_callback("pagehide", callback.unchecked_ref());
        }
        if let Some(document) = document {
            let name = "visibilitychange";
            let _ = document.add_event_listener_with_callback(name, callback.unchecked_ref());
        }
    });
}
