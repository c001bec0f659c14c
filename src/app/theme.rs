//! Light, dark, or as the reader's system has it.

use yew::prelude::*;

use super::address::THEMES;
use super::dom::root;
use super::keep::{read, write};

/// Where the choice is kept.
const KEPT: &str = "paxos-theme";

fn show(theme: &str) {
    if let Some(root) = root() {
        let _ = root.set_attribute("data-theme", theme);
    }
}

/// The button that goes from one to the next; the address may have asked for one.
#[component]
pub fn Theme(props: &ThemeProps) -> Html {
    let theme = use_state_eq(|| {
        let wanted = props.wanted.map(String::from).or_else(|| read(KEPT));
        THEMES
            .iter()
            .copied()
            .find(|known| Some(*known) == wanted.as_deref())
            .unwrap_or("auto")
    });
    use_effect_with(*theme, |theme| show(theme));
    let onclick = {
        let theme = theme.clone();
        Callback::from(move |_: MouseEvent| {
            let index = THEMES.iter().position(|known| known == &*theme);
            let next = THEMES[(index.unwrap_or_default() + 1) % THEMES.len()];
            write(KEPT, next);
            theme.set(next);
        })
    };
    let name = format!("Theme: {}", *theme);
    html! {
        <button type="button" class="icon" title={name.clone()} aria-label={name} {onclick}>
            <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
                <circle cx="10" cy="10" r="7" fill="none" /><path d="M10 3a7 7 0 0 1 0 14z" stroke="none" />
            </svg>
        </button>
    }
}

/// What the button needs.
#[derive(Properties, PartialEq)]
pub struct ThemeProps {
    /// What the address asks for.
    pub wanted: Option<&'static str>,
}
