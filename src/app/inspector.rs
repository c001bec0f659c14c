//! The card of one process: its roles, what it holds, and what can be done to it.

use web_sys::{ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;

use crate::cluster::{Command, Roles};
use crate::protocol::{Amnesia, ProcessId};

use super::look::Look;
use super::stage::focus_stage;
use super::state::{Action, Dispatch, Page};

/// What the card needs.
#[derive(Properties, PartialEq)]
pub struct InspectorProps {
    /// The page.
    pub page: Page,
    /// Takes the gestures.
    pub dispatch: Dispatch,
    /// Whose card it is.
    pub process: ProcessId,
}

/// The card.
#[component]
pub fn Inspector(props: &InspectorProps) -> Html {
    let id = props.process;
    let card = use_node_ref();
    {
        let card = card.clone();
        use_effect_with((id, props.page.reveal), move |&(_, reveal)| {
            let card = card.cast::<web_sys::Element>().filter(|_| reveal);
            if let Some(card) = card {
                let options = ScrollIntoViewOptions::new();
                options.set_block(ScrollLogicalPosition::Nearest);
                card.scroll_into_view_with_scroll_into_view_options(&options);
            }
        });
    }
    let session = props.page.session.borrow();
    let run = session.run();
    let (setup, cluster) = (&run.scenario().setup, run.cluster());
    let Some(process) = cluster.process(id) else {
        return Html::default();
    };
    let look = Look::new(setup, cluster);
    let spec = setup.spec(id);
    let name = &spec.name;
    let send = |action: Action| {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| dispatch.dispatch(action.clone()))
    };
    let role = |label: &'static str, has: bool, with: fn(Roles, bool) -> Roles| {
        let changed = with(spec.roles, !has);
        let last = changed.is_empty();
        let dispatch = props.dispatch.clone();
        let onchange = Callback::from(move |_| dispatch.dispatch(Action::SetRoles(id, changed)));
        let title = last.then_some("A process has at least one role");
        html! {
            <label class="check" {title}>
                <input type="checkbox" checked={has} disabled={last} {onchange} />
                <span>{ label }</span>
            </label>
        }
    };
    let gone = |action: Action| {
        let dispatch = props.dispatch.clone();
        Callback::from(move |_: MouseEvent| {
            focus_stage();
            dispatch.dispatch(action.clone());
        })
    };
    let condition = look.condition(process);
    let (verb, command) = if process.up {
        (
            "Crash",
            Command::Crash {
                process: id,
                amnesia: Amnesia::NONE,
            },
        )
    } else {
        ("Restart", Command::Restart { process: id })
    };
    html! {
        <section ref={card} class="card inspector" aria-labelledby="inspector-title">
            <header>
                <h2 id="inspector-title">{ name.to_string() }</h2>
                <button type="button" class="icon" aria-label={format!("Close the card of {name}")} onclick={gone(Action::Select(None))}>{ "×" }</button>
            </header>
            <fieldset>
                <legend>{ "Roles" }</legend>
                { role("proposer", spec.roles.proposer, |roles, proposer| Roles { proposer, ..roles }) }
                { role("acceptor", spec.roles.acceptor, |roles, acceptor| Roles { acceptor, ..roles }) }
                { role("learner", spec.roles.learner, |roles, learner| Roles { learner, ..roles }) }
            </fieldset>
            if condition.is_empty() {
                <p class="nothing">{ "It has done nothing yet." }</p>
            } else {
                <ul class="condition">
                    { for condition.iter().map(|line| html! { <li>{ look.phrase(line) }</li> }) }
                </ul>
            }
            <div class="actions">
                <button type="button" onclick={send(Action::Do(command))}>{ format!("{verb} {name}") }</button>
                <button type="button" onclick={gone(Action::Remove(id))}>{ format!("Remove {name}") }</button>
            </div>
        </section>
    }
}
