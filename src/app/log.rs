//! The log: what happened and why, in sentences.

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement};
use yew::prelude::*;

use crate::cluster::{Event as Happening, Fact};
use crate::protocol::LearnerStep;

use super::look::Look;
use super::rest::fact;
use super::state::{Action, Dispatch, Mode, Page};

/// So many of the last rows are shown unless the reader asks for all.
const SHOWN: usize = 300;
/// While it plays, so many as are seen, if each is as low as this, in pixels, and a few.
const LOWEST: i32 = 36;
const FEW: usize = 4;
/// And so many of those that are still ahead.
const AHEAD: usize = 40;
/// While this moment is no further below than this, in pixels, the list follows it.
const FOLLOW: i32 = 80;

/// What the log needs.
#[derive(Properties, PartialEq)]
pub struct LogProps {
    /// The page.
    pub page: Page,
    /// Takes the gestures.
    pub dispatch: Dispatch,
}

/// The log.
#[component]
pub fn Log(props: &LogProps) -> Html {
    let session = props.page.session.borrow();
    let run = session.run();
    let look = Look::new(&run.scenario().setup, run.cluster()).knowing(run);
    let all = use_state(|| false);
    let word = use_state(String::new);
    let list = use_node_ref();
    // Whoever reads further up is not pulled away.
    let follows = use_mut_ref(|| true);
    let following = use_mut_ref(|| None);
    let height = use_mut_ref(|| 900);
    {
        let (list, follows, height) = (list.clone(), follows.clone(), height.clone());
        // Also when there are other rows above it, or more of them.
        let rows = (run.events().len(), props.page.mode, (*word).clone(), *all);
        use_effect_with(rows, move |_| {
            // Only when the browser has laid out the rows by itself: to ask earlier makes it lay
            // out the whole page within the frame.
            let later = Timeout::new(0, move || {
                if let (true, Some(list)) = (*follows.borrow(), list.cast::<Element>()) {
                    // The row of this moment, and a little of what lies ahead.
                    let below = bottom(&list).map_or(0, |bottom| bottom + FOLLOW);
                    let seen = list.client_height();
                    list.set_scroll_top(below - seen);
                    height.replace(seen);
                }
            });
            following.replace(Some(later));
        });
    }
    let onscroll = {
        let list = list.clone();
        Callback::from(move |_: Event| {
            if let Some(list) = list.cast::<Element>() {
                let seen = list.scroll_top() + list.client_height();
                *follows.borrow_mut() = bottom(&list).unwrap_or_default() - seen < FOLLOW;
            }
        })
    };
    // What is recorded beyond the cursor is shown too: it can be gone to.
    let seen = run.events().len();
    let recorded = run.recorded();
    let wanted = word.trim().to_lowercase();
    let told: Vec<(usize, &Happening)> = recorded
        .iter()
        .enumerate()
        .filter(|(_, event)| is_told(&event.fact))
        .collect();
    let of = told.len();
    let meets = |event: &Happening| {
        let text = fact(&look.names, &event.fact).to_string();
        text.to_lowercase().contains(&wanted)
    };
    let rows: Vec<(usize, &Happening)> = match wanted.as_str() {
        "" => told,
        _ => told.into_iter().filter(|(_, event)| meets(event)).collect(),
    };
    let here = rows.partition_point(|&(index, _)| index < seen);
    // While it plays nobody reads far back, and every row is rendered anew for every event.
    let shown = match props.page.mode {
        Mode::Playing => (*height.borrow() / LOWEST).unsigned_abs() as usize + FEW,
        _ => SHOWN,
    };
    let first = if *all { 0 } else { here.saturating_sub(shown) };
    let end = if *all {
        rows.len()
    } else {
        rows.len().min(here + AHEAD)
    };
    let last = here.checked_sub(1).map(|row| rows[row].0);
    let show_all = {
        let all = all.setter();
        Callback::from(move |_: MouseEvent| all.set(true))
    };
    let oninput = {
        let word = word.setter();
        Callback::from(move |event: InputEvent| {
            if let Some(field) = event.target_dyn_into::<HtmlInputElement>() {
                word.set(field.value());
            }
        })
    };
    // Where they are missing.
    let more = |hidden: usize, onclick: Callback<MouseEvent>| {
        (hidden > 0).then(|| {
            html! { <button type="button" class="more" {onclick}>{ format!("Show {hidden} more events") }</button> }
        })
    };
    let row = |&(index, event): &(usize, &Happening)| {
        let kind = kind(&event.fact);
        let is_last = Some(index) == last;
        let ahead = index >= seen;
        let class = classes!(kind, is_last.then_some("last"), ahead.then_some("ahead"));
        let dispatch = props.dispatch.clone();
        let onclick =
            Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::SeekEvent(index)));
        html! {
            <li key={index} {class} data-fact={kind}>
                <button type="button" {onclick} aria-current={is_last.then_some("step")}>
                    <span class="at">{ event.at.0 }</span>
                    <span class="what">{ look.phrase(&fact(&look.names, &event.fact)) }</span>
                    if ahead { <span class="unseen">{ ", not yet at this moment" }</span> }
                </button>
            </li>
        }
    };
    html! {
        <section class="log" aria-labelledby="log-title">
            <header>
                <h2 id="log-title" class="unseen">{ "Events" }</h2>
                <input type="search" aria-label="Filter events" placeholder="filter: a name, a ballot, a word" value={(*word).clone()} {oninput} />
                if !wanted.is_empty() {
                    <span class="count" role="status">{ format!("{} of {of}", rows.len()) }</span>
                }
            </header>
            if of == 0 {
                <p class="nothing">{ "Nothing has happened yet. Press Play, or go step by step." }</p>
            } else if rows.is_empty() {
                <p class="nothing">{ "No event says that." }</p>
            }
            { for more(first, show_all.clone()) }
            <ol ref={list} {onscroll} aria-label="Events">
                { for rows[first..end].iter().map(row) }
            </ol>
            { for more(rows.len() - end, show_all) }
        </section>
    }
}

/// Where the row of this moment ends, if there is one.
fn bottom(list: &Element) -> Option<i32> {
    let last = list.query_selector(".last").ok()??;
    let last: HtmlElement = last.dyn_into().ok()?;
    Some(last.offset_top() + last.offset_height())
}

/// Whether a fact has a row: that a message left or came is told by what it led to, and that a
/// command of the script waits for its message by what it does to it.
pub fn is_told(fact: &Fact) -> bool {
    !matches!(
        fact,
        Fact::Sent(_) | Fact::Delivered(_) | Fact::Waits { .. }
    )
}

fn kind(fact: &Fact) -> &'static str {
    match fact {
        Fact::Chosen { .. } => "chosen",
        Fact::Learner {
            step: LearnerStep::Learned { .. },
            ..
        } => "learned",
        Fact::Lost { .. } => "lost",
        Fact::Crashed { .. }
        | Fact::Restarted { .. }
        | Fact::Cut { .. }
        | Fact::Healed { .. }
        | Fact::Partitioned { .. } => "fault",
        Fact::Violated { .. } => "violated",
        Fact::Refused { .. } => "refused",
        _ => "ordinary",
    }
}
