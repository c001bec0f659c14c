//! The card of one process: its roles, what it holds, and what can be done to it.

use web_sys::{HtmlInputElement, ScrollIntoViewOptions, ScrollLogicalPosition};
use yew::prelude::*;

use crate::cluster::{NAME_LIMIT, Roles, shorten};
use crate::protocol::ProcessId;

use super::cards::{amnesia_actions, card_name, link_actions, process_actions};
use super::look::Look;
use super::stage::{focus_selected, focus_stage, links};
use super::state::{Action, Dispatch, Page};

/// No more links than this are listed.
const PEERS: usize = 24;

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
    let name = &card_name(setup, id);
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
    let close = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |()| {
            focus_selected();
            dispatch.dispatch(Action::Select(None));
        })
    };
    let onkeydown = {
        let close = close.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                close.emit(());
            }
        })
    };
    let condition = look.condition(process);
    let peers = setup
        .ids()
        .filter(|&other| other != id && links::talk(spec.roles, setup.spec(other).roles));
    let peers: Vec<ProcessId> = peers.take(PEERS).collect();
    html! {
        <section ref={card} class="card inspector" aria-labelledby="inspector-title" {onkeydown}>
            <header>
                <h2 id="inspector-title" tabindex="-1">{ shorten(&spec.name, NAME_LIMIT) }</h2>
                <button type="button" class="icon" aria-label={format!("Close the card of {name}")} onclick={close.reform(|_: MouseEvent| ())}>{ "×" }</button>
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
                <ul>
                    { for condition.iter().map(|line| html! { <li>{ look.phrase(line) }</li> }) }
                </ul>
            }
            <div class="actions">
                { process_actions(setup, cluster, &props.dispatch, id) }
                <button type="button" onclick={gone(Action::Remove(id))}>{ format!("Remove {name}") }</button>
            </div>
            if spec.roles.acceptor {
                <details>
                    <summary>{ "Crash with amnesia" }</summary>
                    <p class="nothing">{ "It loses what Paxos needs on its disk." }</p>
                    <div class="actions">{ amnesia_actions(cluster, &props.dispatch, id) }</div>
                </details>
            }
            if !peers.is_empty() {
                <details>
                    <summary>{ "Links" }</summary>
                    { for peers.iter().map(|&other| link_actions(&props.page, &props.dispatch, (id, other))) }
                </details>
            }
            <Rename key={id.0} {id} name={spec.name.to_string()} dispatch={props.dispatch.clone()} />
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct RenameProps {
    id: ProcessId,
    name: String,
    dispatch: Dispatch,
}

/// A field for another name.
#[component]
fn Rename(props: &RenameProps) -> Html {
    let field = use_node_ref();
    let onsubmit = {
        let (field, id, dispatch) = (field.clone(), props.id, props.dispatch.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(field) = field.cast::<HtmlInputElement>() {
                dispatch.dispatch(Action::Rename(id, field.value()));
            }
        })
    };
    html! {
        <details>
            <summary>{ "Rename" }</summary>
            <form class="actions" {onsubmit}>
                <input ref={field} type="text" aria-label={format!("New name of {}", props.name)}
                    autocomplete="off" spellcheck="false" value={props.name.clone()} />
                <button type="submit">{ "Rename" }</button>
            </form>
        </details>
    }
}
