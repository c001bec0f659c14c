//! A button, and the dialog that it opens. What is in it is there only while it is open.

use web_sys::{HtmlDialogElement, HtmlElement};
use yew::prelude::*;

use super::dom::find;

/// What a dialog is.
#[derive(Properties, PartialEq)]
pub struct DialogProps {
    /// What it is called, on its button unless that says more.
    pub name: &'static str,
    /// What the button says beside its name.
    #[prop_or_default]
    pub label: Option<AttrValue>,
    /// What stands above it.
    pub title: &'static str,
    /// What is in it.
    pub children: Html,
}

/// What stands in an element of a dialog until the script that fills it is there. It takes that away.
pub fn coming() -> Html {
    html! { <p class="nothing" role="status">{ "Loading… If nothing comes, this part could not be loaded: close this and open it again." }</p> }
}

/// Presses the button of this dialog.
pub fn open(name: &str) {
    let selector = format!("button.opens-{}", name.to_lowercase());
    if let Some(button) = find::<HtmlElement>(&selector) {
        button.click();
    }
}

/// Closes the dialog that is open.
pub fn close() {
    if let Some(dialog) = find::<HtmlDialogElement>("dialog[open]") {
        dialog.close();
    }
}

/// The button and its dialog.
#[component]
pub fn Dialog(props: &DialogProps) -> Html {
    let name = props.name.to_lowercase();
    let full = props
        .label
        .as_ref()
        .map(|label| format!("{}: {label}", props.name));
    let node = use_node_ref();
    let shown = use_state_eq(|| false);
    {
        let node = node.clone();
        use_effect_with(*shown, move |shown| {
            let dialog = node.cast::<HtmlDialogElement>().filter(|_| *shown);
            let _ = dialog.map(|dialog| dialog.show_modal());
        });
    }
    let onclick = {
        let shown = shown.setter();
        Callback::from(move |_: MouseEvent| shown.set(true))
    };
    let onclose = {
        let shown = shown.setter();
        Callback::from(move |_: Event| shown.set(false))
    };
    let closes = Callback::from(|_: MouseEvent| close());
    let heading = format!("{name}-title");
    html! {
        <>
            <button type="button" class={format!("opens-{name}")} aria-haspopup="dialog" aria-label={full} {onclick}>
                if let Some(label) = &props.label { <span>{ label }</span>{ "▾" } } else { { props.name } }
            </button>
            <dialog ref={node} closedby="any" class={classes!("dialog", name.clone())} aria-labelledby={heading.clone()} {onclose}>
                if *shown {
                    // In the page's own header this is no other landmark.
                    <header role="none">
                        <h2 id={heading}>{ props.title }</h2>
                        <button type="button" class="icon" aria-label={format!("Close {name}")} onclick={closes}>{ "×" }</button>
                    </header>
                    { props.children.clone() }
                }
            </dialog>
        </>
    }
}
