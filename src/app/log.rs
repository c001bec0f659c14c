//! The log: what happened and why, in sentences.

use web_sys::Element;
use yew::prelude::*;

use crate::cluster::{Event as Happening, Fact};
use crate::history::Session;
use crate::protocol::LearnerStep;

use super::choice::Choice;
use super::look::Look;
use super::state::{Action, Dispatch, Page};

/// So many of the last rows are shown unless the reader asks for all.
const SHOWN: usize = 300;
/// Closer to the end than this, in pixels, the list follows what happens.
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
    let look = Look::new(&run.scenario().setup, run.cluster());
    let all = use_state(|| false);
    let list = use_node_ref();
    // Whoever reads further up is not pulled away.
    let follows = use_mut_ref(|| true);
    {
        let (list, follows) = (list.clone(), follows.clone());
        use_effect_with(run.events().len(), move |_| {
            if let (true, Some(list)) = (*follows.borrow(), list.cast::<Element>()) {
                list.set_scroll_top(list.scroll_height());
            }
        });
    }
    let onscroll = {
        let list = list.clone();
        Callback::from(move |_: Event| {
            if let Some(list) = list.cast::<Element>() {
                let below = list.scroll_height() - list.scroll_top() - list.client_height();
                *follows.borrow_mut() = below < FOLLOW;
            }
        })
    };
    let events = run.events();
    let rows: Vec<(usize, &Happening)> = events
        .iter()
        .enumerate()
        .filter(|(_, event)| is_told(&event.fact))
        .collect();
    let hidden = if *all {
        0
    } else {
        rows.len().saturating_sub(SHOWN)
    };
    let last = rows.last().map(|&(index, _)| index);
    let show_all = {
        let all = all.setter();
        Callback::from(move |_: MouseEvent| all.set(true))
    };
    html! {
        <section class="log" aria-labelledby="log-title">
            <header>
                <h2 id="log-title">{ "Events" }</h2>
                { runs(&session, &props.dispatch) }
            </header>
            if rows.is_empty() {
                <p class="nothing">{ "Nothing has happened yet. Press Play, or go step by step." }</p>
            }
            if hidden > 0 {
                <button type="button" class="more" onclick={show_all}>{ format!("Show {hidden} earlier events") }</button>
            }
            <ol ref={list} {onscroll} aria-label="Events" tabindex="0">
                { for rows[hidden..].iter().map(|&(index, event)| {
                    let kind = kind(&event.fact);
                    let class = classes!(kind, (Some(index) == last).then_some("last"));
                    html! {
                        <li key={index} {class} data-fact={kind}>
                            <span class="at">{ event.at.0 }</span>
                            <span class="what">{ look.phrase(&look.names.fact(&event.fact)) }</span>
                        </li>
                    }
                }) }
            </ol>
        </section>
    }
}

/// Which run is shown, once there are several.
fn runs(session: &Session, dispatch: &Dispatch) -> Html {
    let count = session.runs().len();
    if count < 2 {
        return Html::default();
    }
    let dispatch = dispatch.clone();
    let onchoose = Callback::from(move |index: String| {
        if let Ok(index) = index.parse() {
            dispatch.dispatch(Action::Show(index));
        }
    });
    let option = |index: usize| {
        let text = format!("{} of {count}", index + 1);
        (index.to_string().into(), text.into())
    };
    let options: Vec<_> = (0..count).map(option).collect();
    html! { <Choice label="Run" value={session.current().to_string()} {options} {onchoose} /> }
}

/// Whether a fact has a row: that a message left or came is told by what it led to, and that a
/// command of the script waits for its message by what it does to it.
fn is_told(fact: &Fact) -> bool {
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
