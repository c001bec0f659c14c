//! What an embedded page shows.

use yew::prelude::*;

use crate::app::address::Controls;
use crate::app::controls::controls;
use crate::app::inflight::roster;
use crate::app::notices::notices;
use crate::app::painter::Painter;
use crate::app::state::{Action, Dispatch, Page};
use crate::app::status::status;
use crate::app::story::{shown, story};

use crate::scenario::BUILT_IN;

use super::bar::{bar, open};
use super::card::card;

/// The page, as its address wants it, with its stage and, where all of time is shown, the diagram.
pub fn embedded(
    page: &Page,
    dispatch: &Dispatch,
    painter: &Painter,
    stage: &Html,
    timeline: &Html,
) -> Html {
    let kind = page.embed.unwrap_or_default();
    if let Some(why) = &page.absent {
        let waits = why.is_empty();
        return html! {
            <main class="figure">
                <p class={if waits { "absent" } else { "absent wrong" }} role={if waits { "status" } else { "alert" }}>
                    { if waits { "The playground is loading…" } else { why } }
                    if !waits { { open(None) } }
                </p>
            </main>
        };
    }
    let full = kind == Controls::Full;
    let hidden = kind == Controls::None;
    let title = page.session.borrow().run().scenario().title.clone();
    html! {
        <main class={look(kind)}>
            <h1 class="unseen">{ title }</h1>
            if !hidden { { notices(page, dispatch) } }
            { stage.clone() }
            <div class={if hidden { "unseen" } else { "below" }}>
                { if full { story(page, dispatch) } else { telling(page) } }
                if full { { status(page) } }
                { card(page, dispatch, full) }
            </div>
            if full {
                { controls(page, dispatch, painter) }
                { timeline.clone() }
                { open(Some(page)) }
            } else if !hidden {
                { bar(page, dispatch) }
            }
            { roster(page) }
        </main>
    }
}

fn look(kind: Controls) -> &'static str {
    match kind {
        Controls::Full => "figure full",
        Controls::Minimal => "figure",
        Controls::None => "figure none",
    }
}

/// Whether the story is still about what is shown: not once the reader has changed what happens.
pub(super) fn is_told(page: &Page) -> bool {
    let session = page.session.borrow();
    let run = session.run();
    let told = run
        .scenario()
        .notes
        .iter()
        .any(|note| !note.text.is_empty());
    told && !run.is_touched()
}

/// The note of the moment, or how things stand. All notes are there and one is seen, so that the
/// page is as high as the longest and never jumps.
fn telling(page: &Page) -> Html {
    let session = page.session.borrow();
    let run = session.run();
    let told = is_told(page);
    let here = shown(page, run);
    // The last note of a built-in story is about what to try: an embed has no room for that.
    let built_in = BUILT_IN.iter().any(|(id, _)| *id == run.scenario().id);
    let count = if built_in {
        run.scenario().notes.len()
    } else {
        0
    };
    let notes = run.scenario().notes.iter().enumerate().map(|(index, note)| {
        let seen = told && index == here;
        let stop = if note.title.ends_with(['.', '!', '?', '…', ':']) {
            " "
        } else {
            ". "
        };
        html! {
            <p key={index} class={if seen { "note shown" } else { "note" }} aria-hidden={if seen { "false" } else { "true" }}>
                if !note.title.is_empty() {
                    <strong>{ &note.title }{ if index + 1 == count { " in the playground" } else { "" } }{ stop }</strong>
                }
                { &note.text }
            </p>
        }
    });
    html! {
        <section class="say" aria-label="Story">
            <div class="notes" aria-live="polite">{ for notes }</div>
            if told { { broken(page) } } else { { status(page) } }
        </section>
    }
}

/// What is broken, beside the story that tells of it.
fn broken(page: &Page) -> Html {
    let session = page.session.borrow();
    let mut failed = session.run().cluster().invariants();
    let first = failed.find(|(_, failure)| failure.is_some());
    first.map_or_else(Html::default, |(invariant, _)| {
        html! { <p class="failed" role="status">{ format!("✗ {} is broken", invariant.name()) }</p> }
    })
}

/// Closes the card with Escape.
pub(super) fn escape(dispatch: &Dispatch) -> Callback<KeyboardEvent> {
    let dispatch = dispatch.clone();
    Callback::from(move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.stop_propagation();
            dispatch.dispatch(Action::Select(None));
        }
    })
}
