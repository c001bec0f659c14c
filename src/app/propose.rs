//! Propose a value: any text, by any proposer.

use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::cluster::{Command, Refusal, refusal};
use crate::protocol::ProcessId;
use crate::scenario::limits;

use super::choice::Choice;
use super::state::{Action, Dispatch, Page, Thing};

/// What the form needs.
#[derive(Properties, PartialEq)]
pub struct ProposeProps {
    /// The page.
    pub page: Page,
    /// Takes the proposal.
    pub dispatch: Dispatch,
}

/// The form.
#[component]
pub fn Propose(props: &ProposeProps) -> Html {
    let ProposeProps { page, dispatch } = props;
    let value = use_state(String::new);
    // By name: ids move when a process leaves.
    let wanted = use_state(String::new);
    let session = page.session.borrow();
    let run = session.run();
    let setup = &run.scenario().setup;
    let proposers: Vec<ProcessId> = setup
        .ids()
        .filter(|&id| setup.spec(id).roles.proposer)
        .collect();
    // The process whose card is open comes first, then the one that was taken last.
    let proposer = [page.selected_process(), setup.id_of(&wanted)]
        .into_iter()
        .flatten()
        .find(|id| proposers.contains(id))
        .or(proposers.first().copied());

    let reason = match proposer {
        None => Some("There is no proposer: add one.".to_string()),
        Some(_) if value.chars().count() > limits::VALUE => {
            Some(format!("A value has at most {} characters.", limits::VALUE))
        }
        Some(process) => {
            let command = Command::Propose {
                process,
                value: value.as_str().into(),
            };
            let why = run.cluster().check(&command).err();
            why.map(|why| match why {
                Refusal::EmptyValue => "Type a value to propose.".to_string(),
                why => format!(
                    "{} cannot propose: {}.",
                    setup.spec(process).name,
                    refusal(why)
                ),
            })
        }
    };

    let onsubmit = {
        let (value, dispatch) = (value.clone(), dispatch.clone());
        let off = reason.is_some();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let (false, Some(process)) = (off, proposer) {
                dispatch.dispatch(Action::Do(Command::Propose {
                    process,
                    value: value.as_str().into(),
                }));
                value.set(String::new());
            }
        })
    };
    let oninput = {
        let value = value.setter();
        Callback::from(move |event: InputEvent| {
            if let Some(field) = event.target_dyn_into::<HtmlInputElement>() {
                value.set(field.value());
            }
        })
    };
    let onchoose = {
        let (wanted, dispatch) = (wanted.setter(), dispatch.clone());
        let selected = page.selected_process();
        let names: Vec<_> = proposers
            .iter()
            .map(|&id| (setup.spec(id).name.clone(), id))
            .collect();
        Callback::from(move |chosen: String| {
            let found = names.iter().find(|(name, _)| **name == *chosen);
            if let (Some(&(_, id)), true) = (found, selected.is_some()) {
                dispatch.dispatch(Action::Select(Some(Thing::Process(id))));
            }
            wanted.set(chosen);
        })
    };
    let name = |id: ProcessId| AttrValue::from(setup.spec(id).name.to_string());
    let options: Vec<_> = proposers.iter().map(|&id| (name(id), name(id))).collect();
    html! {
        <form class="propose" {onsubmit} aria-label="Propose a value">
            if proposers.len() > 1 {
                <Choice class="above" label="Proposer" value={proposer.map(name).unwrap_or_default()} {options} {onchoose} />
            }
            <label class="field above grows">
                <span>{ "Value" }</span>
                <input type="text" aria-label="Value" autocomplete="off" spellcheck="false" placeholder="any text" value={(*value).clone()} {oninput} />
            </label>
            <button type="submit" aria-disabled={reason.is_some().to_string()} aria-describedby="propose-why">{ "Propose" }</button>
            <p id="propose-why" class="why">{ reason.unwrap_or_else(|| match proposer {
                Some(id) => format!("{} starts a ballot for it.", setup.spec(id).name),
                None => String::new(),
            }) }</p>
        </form>
    }
}
