//! The tabs of the details: one is shown at a time.

use web_sys::HtmlElement;
use yew::prelude::*;

use super::dom::find;
use super::inflight::roster;
use super::log::Log;
use super::rest::{Part, part};
use super::state::{Action, Dispatch, Page, Tab};

/// All tabs, with their names.
const TABS: [(Tab, &str); 4] = [
    (Tab::Events, "Events"),
    (Tab::Rules, "Rules"),
    (Tab::Messages, "Messages"),
    (Tab::State, "State"),
];

/// The tabs and the panel of the one that is shown.
pub fn tabs(page: &Page, dispatch: &Dispatch) -> Html {
    let shown = TABS.iter().position(|&(tab, _)| tab == page.tab);
    let tab = |index: usize| {
        let (tab, name) = TABS[index];
        let onclick = {
            let dispatch = dispatch.clone();
            Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::ShowTab(tab)))
        };
        let onkeydown = {
            let dispatch = dispatch.clone();
            Callback::from(move |event: KeyboardEvent| {
                let count = TABS.len();
                let to = match event.key().as_str() {
                    "ArrowRight" => (index + 1) % count,
                    "ArrowLeft" => (index + count - 1) % count,
                    "Home" => 0,
                    "End" => count - 1,
                    _ => return,
                };
                event.prevent_default();
                dispatch.dispatch(Action::ShowTab(TABS[to].0));
                if let Some(tab) = find::<HtmlElement>(&format!("#tab-{}", TABS[to].1)) {
                    let _ = tab.focus();
                }
            })
        };
        let here = shown == Some(index);
        html! {
            <button key={name} type="button" role="tab" id={format!("tab-{name}")} aria-controls="tab-panel"
                aria-selected={here.to_string()} tabindex={if here { "0" } else { "-1" }} {onclick} {onkeydown}>
                { name }
            </button>
        }
    };
    let name = shown.map_or("", |index| TABS[index].1);
    html! {
        <div class="details">
            <div class="tabs" role="tablist" aria-label="Details">{ for (0..TABS.len()).map(tab) }</div>
            <div class="panel" role="tabpanel" id="tab-panel" aria-labelledby={format!("tab-{name}")}>
                { match page.tab {
                    Tab::Events => html! { <Log page={page.clone()} dispatch={dispatch.clone()} /> },
                    Tab::Rules => part(Part::Rules(page, dispatch)),
                    Tab::State => part(Part::Holdings(page)),
                    Tab::Messages => part(Part::InFlight(page, dispatch)),
                } }
                // What flies is not only for those who see it.
                if page.tab != Tab::Messages {
                    { roster(page) }
                }
            </div>
        </div>
    }
}
