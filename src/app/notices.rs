//! What the page has to say about itself.

use yew::prelude::*;

use crate::scenario::FIRST;

use super::act::button;
use super::file::save;
use super::keep::aside;
use super::rest::{Arrival, arrival, failed};
use super::state::{Action, Dispatch, Notice, Offer, Page};

/// The notices: above the stage, so that nothing moves when they come and go.
pub fn notices(page: &Page, dispatch: &Dispatch) -> Html {
    let notice = |notice: &Notice| {
        let (send, id) = (dispatch.clone(), notice.id);
        let onclick = Callback::from(move |_: MouseEvent| send.dispatch(Action::Dismiss(id)));
        let role = if notice.wrong { "alert" } else { "status" };
        let fades = !notice.wrong && notice.offers == Offer::Nothing;
        html! {
            <div key={id} class={classes!("notice", notice.wrong.then_some("wrong"), fades.then_some("fades"))} {role}>
                <p>{ &notice.text }</p>
                { offer(notice.offers, dispatch) }
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

fn offer(offer: Offer, dispatch: &Dispatch) -> Html {
    match offer {
        Offer::Nothing => Html::default(),
        Offer::Afresh => button(
            dispatch,
            Action::Open(FIRST),
            None,
            "Start afresh".into(),
            None,
        ),
        Offer::Aside => {
            let name = "paxos-session-put-aside.json";
            let onclick = Callback::from(move |_: MouseEvent| {
                if let Some(text) = aside() {
                    save(name, "application/json", &text);
                }
            });
            html! { <button type="button" {onclick}>{ "Save it as a file" }</button> }
        }
    }
}
