//! The messages in flight as a list, for those who do not see the stage.

use yew::prelude::*;

use crate::cluster::{Cluster, Envelope};

use super::cards::message_actions;
use super::look::Look;
use super::state::{Action, Dispatch, Page, Thing};

/// The list; if it is not open, it is there for those who listen.
pub fn in_flight(page: &Page, dispatch: &Dispatch, open: bool) -> Html {
    let session = page.session.borrow();
    let run = session.run();
    let (setup, cluster) = (&run.scenario().setup, run.cluster());
    let look = Look::new(setup, cluster);
    let name = |id| setup.spec(id).name.to_string();
    let messages: Vec<_> = cluster.in_flight().chain(cluster.held()).collect();
    let count = messages.len();
    html! {
        <section class={classes!("in-flight", (!open).then_some("unseen"))} aria-labelledby="in-flight-title">
            <h2 id="in-flight-title">{ format!("In flight: {count}") }</h2>
            if open && count == 0 {
                <p class="nothing">{ "Nothing is on its way." }</p>
            }
            <ul aria-label="Messages in flight" tabindex={open.then_some("0")}>
                { for messages.into_iter().map(|envelope| {
                    let message = &envelope.message;
                    html! {
                        <li key={envelope.id.0.to_string()}
                            data-message={message.kind().name()}
                            data-from={name(envelope.from)}
                            data-to={name(envelope.to)}>
                            <span class="route">{ format!("{} → {}", name(envelope.from), name(envelope.to)) }</span>
                            { look.phrase(&crate::cluster::Phrase(vec![look.names.message(message)])) }
                            <span class="at">
                                { match envelope.held {
                                    true => "held".to_owned(),
                                    false => format!("arrives at {}", envelope.arrives),
                                } }
                            </span>
                            if open {
                                { more(page, dispatch, cluster, envelope) }
                            }
                        </li>
                    }
                }) }
            </ul>
        </section>
    }
}

/// What can be done to a message: behind a button, since there may be many.
fn more(page: &Page, dispatch: &Dispatch, cluster: &Cluster, envelope: &Envelope) -> Html {
    let thing = Thing::Message(envelope.id);
    let open = page.selected == Some(thing);
    let onclick = {
        let dispatch = dispatch.clone();
        let to = (!open).then_some(thing);
        Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::Select(to)))
    };
    html! {
        <>
            <button type="button" aria-expanded={open.to_string()} {onclick}>{ "Act" }</button>
            if open {
                { message_actions(cluster, dispatch, envelope) }
            }
        </>
    }
}
