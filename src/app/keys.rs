//! Keys that work wherever the focus is, unless a control has a use for them.

use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::cluster::{Command, Roles};

use super::address::Controls;
use super::dom::root;
use super::frame::Frame;
use super::geometry::free_place;
use super::keep::{read, write};
use super::state::{Action, Mode, Page, Tab, Tool};
use super::story::shown;
use super::tools::{NEARER, hold_or_release, zoom};

/// The keys with what they do, for the help.
pub const KEYS: [(&str, &str); 17] = [
    ("Space", "play or pause, when no control has the focus"),
    (". and ,", "one step forward, one step back"),
    (
        "Home, End",
        "to the beginning, to the end of what has happened",
    ),
    ("< and >", "slower, faster"),
    ("n, p", "the next note of the story, the one before"),
    ("u, r", "undo, redo"),
    ("o, a, l", "add a proposer, an acceptor, a learner"),
    ("x", "draw a partition, or put the line away"),
    ("m", "heal every link"),
    (
        "h",
        "hold all messages, or release them: you are the network",
    ),
    ("+, −, 0", "come closer, go away, show everything"),
    ("1 to 4", "events, rules, messages, state"),
    ("?", "this help"),
    ("Tab", "go to a process; then:"),
    ("Enter", "open its card; Escape closes it"),
    ("Arrows", "move it; with Shift, further"),
    (
        "c, t, Delete",
        "crash or restart it, fire its timer, remove it",
    ),
];

/// The paces that the keys go through.
pub const SPEEDS: [f64; 7] = [0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0];

/// Where it is kept that keys without Ctrl are off.
const KEPT: &str = "paxos-keys";

/// Whether letters and signs do anything by themselves: whoever speaks to the computer, or hits
/// keys by chance, can switch them off in the help.
pub fn are_on() -> bool {
    read(KEPT).as_deref() != Some("off")
}

/// Switches them on or off.
pub fn switch(on: bool) {
    write(KEPT, if on { "on" } else { "off" });
}

/// Listens to the keys.
#[hook]
pub fn use_keys(page: &UseReducerHandle<Page>) {
    let dispatch = page.dispatcher();
    let latest = use_mut_ref(|| Page::clone(page));
    latest.replace(Page::clone(page));
    use_effect_with((), move |()| {
        let callback = Closure::<dyn Fn(KeyboardEvent)>::new(move |event: KeyboardEvent| {
            let target = event
                .target()
                .and_then(|t| t.dyn_into::<web_sys::Element>().ok());
            let inside = |selector: &str| {
                let target = target.as_ref();
                target.is_some_and(|target| target.closest(selector).ok().flatten().is_some())
            };
            let command = event.ctrl_key() || event.meta_key();
            if event.alt_key() || inside("input:not([type=checkbox]), select, textarea, dialog") {
                return;
            }
            let key = event.key();
            if !command && key.chars().count() == 1 && key != " " && !are_on() {
                return;
            }
            let page = latest.borrow();
            // Whoever embeds it so leads alone, and by the same actions: here they can be told apart.
            if page.embed == Some(Controls::None) {
                return;
            }
            if command {
                let action = match (key.as_str(), event.shift_key()) {
                    ("z", false) => Action::Undo,
                    ("Z" | "z", true) | ("y", false) => Action::Redo,
                    _ => return,
                };
                event.prevent_default();
                return dispatch.dispatch(action);
            }
            // What has the focus has its own use for these.
            let taken = match key.as_str() {
                " " => inside("button, input, summary, [role=button], [role=slider], a[href]"),
                "Home" | "End" => inside("[role=slider], [role=tab], [tabindex='0']"),
                _ => false,
            };
            if taken || (event.repeat() && !matches!(key.as_str(), "." | ",")) {
                return;
            }
            let Some(action) = meant(&page, &key) else {
                return;
            };
            event.prevent_default();
            dispatch.dispatch(action);
        });
        let body = root().and_then(|root| root.owner_document()?.body());
        listen(body.as_ref(), &callback, true);
        move || listen(body.as_ref(), &callback, false)
    });
}

/// What a key asks for.
fn meant(page: &Page, key: &str) -> Option<Action> {
    let session = page.session.borrow();
    let run = session.run();
    let add = |roles| {
        let places = page.places();
        let frame = Frame::UNMEASURED.showing(Default::default(), places);
        Action::Add(roles, free_place(frame, roles, places))
    };
    let possible = |command: Command| {
        let may = run.cluster().check(&command).is_ok();
        may.then_some(Action::Do(command))
    };
    Some(match key {
        " " if page.mode == Mode::Playing => Action::Pause,
        " " => Action::Play,
        "." => Action::Step,
        "," => Action::StepBack,
        "Home" => Action::Seek(crate::cluster::Millis(0)),
        "End" => Action::SeekEvent(usize::MAX),
        "<" => Action::SetSpeed(*SPEEDS.iter().rev().find(|&&pace| pace < page.speed)?),
        ">" => Action::SetSpeed(*SPEEDS.iter().find(|&&pace| pace > page.speed)?),
        "n" => Action::Note(shown(page, run) + 1),
        "p" => Action::Note(shown(page, run).checked_sub(1)?),
        "u" => page.undoable().map(|_| Action::Undo)?,
        "r" => page.redoable().map(|_| Action::Redo)?,
        "o" => add(Roles::PROPOSER),
        "a" => add(Roles::ACCEPTOR),
        "l" => add(Roles::LEARNER),
        "x" if page.tool == Tool::Partition => Action::SetTool(Tool::Hand),
        "x" => Action::SetTool(Tool::Partition),
        "m" => possible(Command::Heal { link: None })?,
        "h" => Action::Do(hold_or_release(run.cluster())),
        "+" | "=" => zoom(page, NEARER),
        "-" | "−" => zoom(page, 1.0 / NEARER),
        "0" => zoom(page, 0.01),
        "1" => Action::ShowTab(Tab::Events),
        "2" => Action::ShowTab(Tab::Rules),
        "3" => Action::ShowTab(Tab::Messages),
        "4" => Action::ShowTab(Tab::State),
        "?" => {
            super::dialog::open("Help");
            return None;
        }
        _ => return None,
    })
}

fn listen(body: Option<&HtmlElement>, callback: &Closure<dyn Fn(KeyboardEvent)>, on: bool) {
    let Some(body) = body else { return };
    let function = callback.as_ref().unchecked_ref();
    let _ = if on {
        body.add_event_listener_with_callback("keydown", function)
    } else {
        body.remove_event_listener_with_callback("keydown", function)
    };
}
