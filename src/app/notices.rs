//! What the page has to say about itself.

use yew::prelude::*;

use crate::scenario::FIRST;

use super::file::save;
use super::keep::{aside, other};
use super::rest::{Arrival, arrival, failed};
use super::stage::focus_stage;
use super::state::{Action, Dispatch, Notice, Offer, Page};

/// The notices: above the stage, so that nothing moves when they come and go.
pub fn notices(page: &Page, dispatch: &Dispatch) -> Html {
    let notice = |notice: &Notice| {
        let (send, id) = (dispatch.clone(), notice.id);
        let onclick = Callback::from(move |_: MouseEvent| {
            focus_stage();
            send.dispatch(Action::Dismiss(id));
        });
        let role = notice.wrong.then_some("alert");
        let fades = !notice.wrong && notice.offers == Offer::Nothing;
        html! {
            <div key={id} class={classes!("notice", notice.wrong.then_some("wrong"), fades.then_some("fades"))} {role}>
                <p>{ &notice.text }</p>
                { offer(notice, dispatch) }
                <button type="button" class="icon" aria-label="Dismiss" {onclick}>{ "×" }</button>
            </div>
        }
    };
    html! {
        <>
            <p class="unseen" role="status">{ &page.said }</p>
            <div class="notices">
                // Not all are told of an element that comes with its words: this one is there before.
                <div aria-live="polite">{ for page.notices.iter().filter(|it| !it.wrong).map(notice) }</div>
                { for page.notices.iter().filter(|it| it.wrong).map(notice) }
                if arrival() == Arrival::Failed {
                    { failed() }
                }
            </div>
        </>
    }
}

fn offer(notice: &Notice, dispatch: &Dispatch) -> Html {
    match notice.offers {
        Offer::Nothing => Html::default(),
        Offer::Afresh => {
            let dispatch = dispatch.clone();
            let onclick = Callback::from(move |_: MouseEvent| {
                focus_stage();
                dispatch.dispatch(Action::Open(FIRST));
            });
            html! { <button type="button" {onclick}>{ "Start afresh" }</button> }
        }
        Offer::Aside => {
            let name = "paxos-session-put-aside.json";
            let onclick = Callback::from(move |_: MouseEvent| {
                if let Some(text) = aside() {
                    save(name, "application/json", &text);
                }
            });
            html! { <button type="button" {onclick}>{ "Save it as a file" }</button> }
        }
        Offer::Other => {
            let (dispatch, id) = (dispatch.clone(), notice.id);
            let onclick = Callback::from(move |_: MouseEvent| {
                focus_stage();
                dispatch.dispatch(Action::Dismiss(id));
                if let Some(text) = other() {
                    let name = "What was kept".into();
                    dispatch.dispatch(Action::OpenText { name, text });
                }
            });
            html! { <button type="button" {onclick}>{ "Open that one here, too" }</button> }
        }
    }
}
