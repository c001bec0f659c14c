//! A button, and the dialog that it opens. What is in it is there only while it is open.

use web_sys::{HtmlDialogElement, HtmlElement};
use yew::prelude::*;

use super::painter::find;

/// What a dialog is.
#[derive(Properties, PartialEq)]
pub struct DialogProps {
    /// What the button says; in small letters it names the dialog too.
    pub label: &'static str,
    /// What stands above it.
    pub title: &'static str,
    /// What is in it.
    pub children: Html,
}

/// Presses the button of this dialog.
pub fn open(label: &str) {
    let selector = format!("button.opens-{}", label.to_lowercase());
    if let Some(button) = find::<HtmlElement>(&selector) {
        button.click();
    }
}

/// The button and its dialog.
#[component]
pub fn Dialog(props: &DialogProps) -> Html {
    let name = props.label.to_lowercase();
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
    let close = {
        let node = node.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(dialog) = node.cast::<HtmlDialogElement>() {
                dialog.close();
            }
        })
    };
    let heading = format!("{name}-title");
    html! {
        <>
            <button type="button" class={format!("opens-{name}")} aria-haspopup="dialog" {onclick}>{ props.label }</button>
            <dialog ref={node} closedby="any" class={classes!("dialog", name.clone())} aria-labelledby={heading.clone()} {onclose}>
                if *shown {
                    <header role="none">
                        <h2 id={heading}>{ props.title }</h2>
                        <button type="button" class="icon" aria-label={format!("Close {name}")} onclick={close}>{ "×" }</button>
                    </header>
                    { props.children.clone() }
                }
            </dialog>
        </>
    }
}
