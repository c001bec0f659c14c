//! The story: a scenario's notes, one at a time, at the reader's own pace.

use yew::prelude::*;

use crate::history::Run;
use crate::scenario::{Note, When};

use super::act::button;
use super::state::{Action, Dispatch, Page};

/// Which note is shown: the one that the reader went to, or else that of the moment.
pub fn shown(page: &Page, run: &Run) -> usize {
    page.note.or_else(|| current(run)).unwrap_or_default()
}

/// Which note belongs to the moment that is shown: the last one whose moment has come.
pub fn current(run: &Run) -> Option<usize> {
    let notes = &run.scenario().notes;
    let has_come = |note: &Note| match note.when {
        When::At(time) => run.cursor().time >= time,
        When::On(occasion) => run.events().iter().any(|event| occasion.is(&event.fact)),
    };
    notes.iter().rposition(has_come)
}

/// The card. Every note is in it, and one is seen: so the card is as high as the longest, and the
/// buttons stay where they are.
pub fn story(page: &Page, dispatch: &Dispatch) -> Html {
    let session = page.session.borrow();
    let run = session.run();
    let scenario = run.scenario();
    let notes = &scenario.notes;
    if notes.is_empty() {
        return Html::default();
    }
    let shown = shown(page, run);
    let note = |(index, note): (usize, &Note)| {
        let here = index == shown;
        html! {
            <div key={index} class={classes!("note", here.then_some("shown"))} aria-hidden={(!here).to_string()}>
                if !note.title.is_empty() { <h2>{ &note.title }</h2> }
                <p>{ &note.text }</p>
            </div>
        }
    };
    let count = notes.len();
    let first = (shown == 0).then_some("this is the first note");
    let last = (shown + 1 == count).then_some("this is the last note");
    html! {
        <section class="story" aria-label="Story">
            <div class="notes" aria-live="polite">{ for notes.iter().enumerate().map(note) }</div>
            <div class="walk">
                { button(dispatch, Action::Note(shown.saturating_sub(1)), first, "‹ Back".into(), Some("‹ Back: the note before".into())) }
                <span>{ format!("{} of {count}", shown + 1) }</span>
                { button(dispatch, Action::Note(shown + 1), last, "Next ›".into(), Some("Next ›: the next note".into())) }
            </div>
        </section>
    }
}
