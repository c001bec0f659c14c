//! What the page has to say about itself.

use yew::prelude::*;

use crate::scenario::FIRST;

use super::act::button;
use super::rest::{Arrival, arrival, failed};
use super::state::{Action, Dispatch, Notice, Page};

/// The notices: above the stage, so that nothing moves when they come and go.
pub fn notices(page: &Page, dispatch: &Dispatch) -> Html {
    let notice = |notice: &Notice| {
        let (send, id) = (dispatch.clone(), notice.id);
        let onclick = Callback::from(move |_: MouseEvent| send.dispatch(Action::Dismiss(id)));
        let role = if notice.wrong { "alert" } else { "status" };
        html! {
            <div key={id} class={classes!("notice", notice.wrong.then_some("wrong"), (!notice.wrong && !notice.afresh).then_some("fades"))} {role}>
                <p>{ &notice.text }</p>
                if notice.afresh {
                    { button(dispatch, Action::Open(FIRST), None, "Start afresh".into(), None) }
                }
                <button type="button" class="icon" aria-label="Dismiss" {onclick}>{ "×" }</button>
            </div>
        }
    };
    html! {
        <>
            <p class="unseen" role="status">{ &page.said }</p>
            <div class="notices">
                { for page.notices.iter().map(notice) }
                if arrival() == Arrival::Failed {
                    { failed() }
                }
            </div>
        </>
    }
}
