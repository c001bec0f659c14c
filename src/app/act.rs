//! Buttons that give a command; off, with the reason, when it would change nothing.

use yew::prelude::*;

use crate::cluster::{Cluster, Command, refusal};

use super::state::{Action, Dispatch};

/// A button for a command.
pub fn act(
    cluster: &Cluster,
    dispatch: &Dispatch,
    command: Command,
    label: impl Into<AttrValue>,
) -> Html {
    let why = cluster.check(&command).err().map(refusal);
    button(dispatch, Action::Do(command), why, label.into(), None)
}

/// A button for any action; off, if there is a reason, which it says when it is pressed.
pub fn button(
    dispatch: &Dispatch,
    action: Action,
    off: Option<&'static str>,
    label: AttrValue,
    name: Option<AttrValue>,
) -> Html {
    let dispatch = dispatch.clone();
    let onclick = Callback::from(move |_: MouseEvent| {
        dispatch.dispatch(match off {
            None => action.clone(),
            // Not everybody has a mouse that could rest on the button.
            Some(why) => Action::Explain(why),
        });
    });
    html! {
        <button type="button" aria-disabled={off.is_some().to_string()} title={off} aria-label={name} {onclick}>
            { label }
        </button>
    }
}

/// The sign on a button.
pub fn shape_icon(d: &'static str) -> Html {
    html! { <svg class="icon" viewBox="0 0 20 20" aria-hidden="true"><path {d} /></svg> }
}
