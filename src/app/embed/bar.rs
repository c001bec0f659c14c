//! The few controls below an embedded stage.

use yew::prelude::*;

use crate::app::act::{button, shape_icon};
use crate::app::state::{Action, Dispatch, Mode, Page};
use crate::app::story::shown;
use crate::scenario::BUILT_IN;

use super::chrome::is_told;

/// More notes than this are counted instead of drawn.
const DOTS: usize = 8;

/// The controls.
pub(super) fn bar(page: &Page, dispatch: &Dispatch) -> Html {
    let session = page.session.borrow();
    let run = session.run();
    let told = is_told(page);
    let (at, count) = (shown(page, run), run.scenario().notes.len());
    let over = run.next_due().is_none();
    let start = run.cursor().steps == 0 && run.events().is_empty();
    let send = |action: Action| {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.dispatch(action.clone()))
    };
    let press = |name: &'static str, off: bool, onclick: Callback<MouseEvent>, d: &'static str| {
        let onclick = if off { Callback::noop() } else { onclick };
        html! {
            <button type="button" class="icon" aria-label={name} title={name} aria-disabled={if off { "true" } else { "false" }} {onclick}>
                { shape_icon(d) }
            </button>
        }
    };
    const BACK: &str = "M15 4L7 10l8 6z";
    const NEXT: &str = "M5 4l8 6-8 6z";
    let (back, next) = if told {
        (
            press(
                "Back",
                at == 0,
                send(Action::Note(at.saturating_sub(1))),
                BACK,
            ),
            press("Next", at + 1 >= count, send(Action::Walk(at + 1)), NEXT),
        )
    } else {
        (
            press("Step back", start, send(Action::StepBack), BACK),
            press("Step", over, send(Action::Step), NEXT),
        )
    };
    let again = {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| {
            dispatch.dispatch(Action::Restart);
            dispatch.dispatch(Action::Play);
        })
    };
    let (word, onclick, d) = match page.mode {
        Mode::Playing => ("Pause", send(Action::Pause), "M6 4v12M14 4v12"),
        _ if over && !start => ("Again", again, "M5 8a6 6 0 1 1 -1 4M4 3.5V8.5H9"),
        _ => ("Play", send(Action::Play), "M6 4l10 6-10 6z"),
    };
    let class = if word == "Again" { "icon line" } else { "icon" };
    html! {
        <div class="bar" role="group" aria-label="Time">
            { back }
            <button type="button" class="primary" aria-label={word} {onclick}>
                <svg {class} viewBox="0 0 20 20" aria-hidden="true"><path {d} /></svg>
                <span>{ word }</span>
            </button>
            { next }
            if told && count > 1 {
                { dots(at, count) }
            } else if run.is_touched() {
                { button(dispatch, Action::Restart, None, "Start over".into(), None) }
            }
            <span class="spring"></span>
            { open(Some(page)) }
        </div>
    }
}

/// How far the story is.
fn dots(at: usize, count: usize) -> Html {
    let name = format!("Note {} of {count}", at + 1);
    if count > DOTS {
        return html! { <span class="count" aria-label={name} role="img">{ format!("{} / {count}", at + 1) }</span> };
    }
    let dot = |index: usize| {
        let class = match index.cmp(&at) {
            std::cmp::Ordering::Less => "past",
            std::cmp::Ordering::Equal => "here",
            std::cmp::Ordering::Greater => "ahead",
        };
        html! { <i {class}></i> }
    };
    html! { <span class="dots" role="img" aria-label={name}>{ for (0..count).map(dot) }</span> }
}

/// The link to the playground, with what is shown here if there is something.
pub(super) fn open(page: Option<&Page>) -> Html {
    html! {
        <a class="leave" href={page.map_or("./".into(), address)} target="_blank" rel="noopener"
            aria-label="Open in the playground, in a new tab">{ "Open ↗" }</a>
    }
}

/// The address at which the playground shows what is shown here.
fn address(page: &Page) -> String {
    let session = page.session.borrow();
    let run = session.run();
    let id = &run.scenario().id;
    match BUILT_IN.iter().any(|(known, _)| known == id) && run.is_fresh() {
        true => format!("./?scenario={id}"),
        false => format!("./#{}", run.to_link(page.places())),
    }
}
