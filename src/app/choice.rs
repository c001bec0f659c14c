//! A list of which one thing is chosen.

use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// What the list needs.
#[derive(Properties, PartialEq)]
pub struct ChoiceProps {
    /// Its name.
    pub label: AttrValue,
    /// More classes for the label.
    #[prop_or_default]
    pub class: Classes,
    /// Value and text of each thing.
    pub options: Vec<(AttrValue, AttrValue)>,
    /// The value of the chosen one.
    pub value: AttrValue,
    /// Takes the value that the reader chose.
    pub onchoose: Callback<String>,
}

/// The list. A browser stops to follow the `selected` attribute once the reader has chosen, so
/// what is chosen is set on the element itself.
#[component]
pub fn Choice(props: &ChoiceProps) -> Html {
    let list = use_node_ref();
    {
        let (list, value) = (list.clone(), props.value.clone());
        use_effect(move || {
            if let Some(list) = list.cast::<HtmlSelectElement>() {
                list.set_value(&value);
            }
        });
    }
    let onchange = {
        let onchoose = props.onchoose.clone();
        Callback::from(move |event: Event| {
            if let Some(list) = event.target_dyn_into::<HtmlSelectElement>() {
                onchoose.emit(list.value());
            }
        })
    };
    html! {
        <label class={classes!("field", props.class.clone())}>
            <span>{ &props.label }</span>
            <select ref={list} aria-label={&props.label} {onchange}>
                { for props.options.iter().map(|(value, text)| html! {
                    <option key={value.to_string()} value={value.clone()}>{ text }</option>
                }) }
            </select>
        </label>
    }
}
