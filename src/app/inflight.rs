//! The messages in flight as a list, for those who do not see the stage.

use std::cell::Cell;

use gloo_timers::callback::Timeout;
use web_sys::Element;
use yew::prelude::*;

use crate::cluster::{Cluster, Envelope, Phrase};

use super::cards::message_actions;
use super::keyed::{Keyed, set_all};
use super::look::Look;
use super::state::{Action, Dispatch, Mode, Page, Thing};

/// The list for those who listen.
pub fn roster(page: &Page) -> Html {
    html! { <Roster page={page.clone()} /> }
}

/// The list, with what can be done to each message.
pub fn in_flight(page: &Page, dispatch: &Dispatch) -> Html {
    let session = page.session.borrow();
    let run = session.run();
    let (setup, cluster) = (&run.scenario().setup, run.cluster());
    let look = Look::new(setup, cluster);
    let name = |id| setup.spec(id).name.to_string();
    let messages: Vec<_> = cluster.under_way().collect();
    let count = messages.len();
    html! {
        <section class="in-flight" aria-labelledby="in-flight-title">
            <h2 id="in-flight-title">{ format!("In flight: {count}") }</h2>
            if count == 0 {
                <p class="nothing">{ "Nothing is on its way." }</p>
            }
            <ul aria-label="Messages in flight" tabindex="0">
                { for messages.into_iter().map(|envelope| {
                    let message = &envelope.message;
                    html! {
                        <li key={envelope.id.0.to_string()}
                            data-message={message.kind().name()}
                            data-from={name(envelope.from)}
                            data-to={name(envelope.to)}>
                            <span class="route">{ format!("{} → {}", name(envelope.from), name(envelope.to)) }</span>
                            { look.phrase(&Phrase(vec![look.names.message(message)])) }
                            <span class="at">
                                { match envelope.held {
                                    true => "held".to_owned(),
                                    false => format!("arrives at {}", envelope.arrives),
                                } }
                            </span>
                            { more(page, dispatch, cluster, envelope, &look) }
                        </li>
                    }
                }) }
            </ul>
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct RosterProps {
    page: Page,
}

/// The list for those who listen. There may be a thousand messages, and a few of them come and go
/// at a time: so its entries are not rendered anew but kept.
#[component]
fn Roster(props: &RosterProps) -> Html {
    let list = use_node_ref();
    let entries = use_mut_ref(Keyed::<(bool, u64)>::default);
    let later = use_mut_ref(|| None);
    let pending = use_memo((), |()| Cell::new(false));
    let session = props.page.session.borrow();
    let run = session.run();
    let cluster = run.cluster();
    let count = cluster.under_way().count();
    {
        let (list, page) = (list.clone(), props.page.clone());
        use_effect(move || {
            let playing = page.mode == Mode::Playing;
            let write = move || {
                if let Some(list) = list.cast::<Element>() {
                    sync(&page, &list, &entries.borrow());
                }
            };
            if !playing {
                return write();
            }
            // While it plays the frame comes first.
            if !pending.replace(true) {
                let pending = pending.clone();
                let write = move || {
                    pending.set(false);
                    write();
                };
                later.replace(Some(Timeout::new(0, write)));
            }
        });
    }
    html! {
        <section class="in-flight unseen" aria-labelledby="in-flight-title">
            <h2 id="in-flight-title">{ format!("In flight: {count}") }</h2>
            <ul ref={list} aria-label="Messages in flight"></ul>
        </section>
    }
}

fn sync(page: &Page, list: &Element, entries: &Keyed<(bool, u64)>) {
    let session = page.session.borrow();
    let run = session.run();
    let (setup, cluster) = (&run.scenario().setup, run.cluster());
    let look = Look::new(setup, cluster);
    let messages = cluster.by_number();
    let signature = |envelope: &&Envelope| (envelope.id.0, (envelope.held, envelope.arrives.0));
    let wanted: Vec<_> = messages.iter().map(signature).collect();
    entries.sync(list, &wanted, |document, index| {
        let envelope = messages[index];
        let (from, to) = (
            &*setup.spec(envelope.from).name,
            &*setup.spec(envelope.to).name,
        );
        let entry = document.create_element("li").ok()?;
        let kind = envelope.message.kind().name();
        set_all(
            &entry,
            &[("data-message", kind), ("data-from", from), ("data-to", to)],
        );
        let what = Phrase(vec![look.names.message(&envelope.message)]);
        let when = match envelope.held {
            true => "held".to_owned(),
            false => format!("arrives at {}", envelope.arrives),
        };
        entry.set_text_content(Some(&format!("{from} → {to} {what} {when}")));
        Some(entry)
    });
}

/// A message in words that tell it from all others.
fn called(look: &Look, envelope: &Envelope) -> Phrase {
    let name = |id| look.names.process(id);
    Phrase(vec![
        look.names.message(&envelope.message),
        ", ".into(),
        name(envelope.from),
        " → ".into(),
        name(envelope.to),
        if envelope.copy {
            ", the second one of it"
        } else {
            ""
        }
        .into(),
    ])
}

/// What can be done to a message: behind a button, since there may be many.
fn more(
    page: &Page,
    dispatch: &Dispatch,
    cluster: &Cluster,
    envelope: &Envelope,
    look: &Look,
) -> Html {
    let thing = Thing::Message(envelope.id);
    let open = page.selected == Some(thing);
    let onclick = {
        let dispatch = dispatch.clone();
        let to = (!open).then_some(thing);
        Callback::from(move |_: MouseEvent| dispatch.dispatch(Action::Select(to)))
    };
    html! {
        <>
            <button type="button" aria-label={format!("Act on {}", called(look, envelope))} aria-expanded={open.to_string()} {onclick}>{ "Act" }</button>
            if open {
                { message_actions(cluster, dispatch, envelope) }
            }
        </>
    }
}
