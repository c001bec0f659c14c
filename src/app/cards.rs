//! The cards of a message and of a link: what they are, and what can be done to them.

use yew::prelude::*;

use crate::cluster::{
    Cluster, Command, Envelope, Link, MessageId, Phrase, Selector, Setup, shorten_name,
};
use crate::protocol::{Amnesia, Kind, ProcessId};

use super::act::act;
use super::look::Look;
use super::stage::focus_stage;
use super::state::{Action, Dispatch, Page};

/// How much later a message arrives when it is slowed down, in milliseconds.
const LATER: u32 = 50;

/// How many characters of a process's name are shown on its card.
const NAME: usize = 18;

/// The name of a process on its card.
pub fn card_name(setup: &Setup, process: ProcessId) -> String {
    shorten_name(&setup.spec(process).name, NAME)
}

/// The buttons for one process, but those that lose what it has on its disk.
pub fn process_actions(
    setup: &Setup,
    cluster: &Cluster,
    dispatch: &Dispatch,
    process: ProcessId,
) -> Html {
    let name = card_name(setup, process);
    let up = cluster.process(process).is_some_and(|process| process.up);
    let amnesia = Amnesia::NONE;
    let (switch, label) = match up {
        true => (Command::Crash { process, amnesia }, format!("Crash {name}")),
        false => (Command::Restart { process }, format!("Restart {name}")),
    };
    html! {
        <>
            { act(cluster, dispatch, switch, label) }
            if setup.spec(process).roles.proposer {
                { act(cluster, dispatch, Command::Timeout { process }, format!("Fire {name}’s timer")) }
            }
        </>
    }
}

/// The buttons that lose what an acceptor has on its disk.
pub fn amnesia_actions(cluster: &Cluster, dispatch: &Dispatch, process: ProcessId) -> Html {
    let kinds = [
        (Amnesia::ALL, "everything"),
        (Amnesia::PROMISE, "the promise"),
        (Amnesia::VOTE, "the vote"),
    ];
    kinds
        .into_iter()
        .map(|(amnesia, what)| {
            let crash = Command::Crash { process, amnesia };
            act(
                cluster,
                dispatch,
                crash,
                format!("Crash, forgetting {what}"),
            )
        })
        .collect()
}

/// What a kind of message says.
pub fn meaning(kind: Kind) -> &'static str {
    match kind {
        Kind::Prepare => "Phase 1a: will you promise to take part in no lower ballot?",
        Kind::Promise => "Phase 1b: I promise, and this is how I voted last.",
        Kind::Accept => "Phase 2a: vote for this value.",
        Kind::Accepted => "Phase 2b: I voted.",
        Kind::Nack => "No: I have promised a higher ballot.",
    }
}

/// The buttons for one message.
pub fn message_actions(cluster: &Cluster, dispatch: &Dispatch, envelope: &Envelope) -> Html {
    let message = Selector::Id(envelope.id);
    let held = envelope.held;
    let hold = if held {
        Command::Release {
            message: Some(message),
        }
    } else {
        Command::Hold {
            message: Some(message),
        }
    };
    let later = Command::Delay { message, by: LATER };
    html! {
        <div class="actions">
            { act(cluster, dispatch, Command::Deliver { message }, "Deliver now") }
            { act(cluster, dispatch, hold, if held { "Release" } else { "Hold" }) }
            { act(cluster, dispatch, Command::Drop { message }, "Drop") }
            { act(cluster, dispatch, Command::Duplicate { message }, "Duplicate") }
            { act(cluster, dispatch, later, "Delay by 50 ms") }
        </div>
    }
}

/// A card with this in it, and a button that closes it.
pub fn card_of(title: Html, dispatch: &Dispatch, body: Html) -> Html {
    let dispatch = dispatch.clone();
    let close = Callback::from(move |_: MouseEvent| {
        focus_stage();
        dispatch.dispatch(Action::Select(None));
    });
    html! {
        <section class="card inspector" aria-labelledby="card-title">
            <header>
                <h2 id="card-title">{ title }</h2>
                <button type="button" class="icon" aria-label="Close the card" onclick={close}>{ "×" }</button>
            </header>
            { body }
        </section>
    }
}

/// The card of a message.
pub fn message_card(page: &Page, dispatch: &Dispatch, id: MessageId) -> Html {
    let session = page.session.borrow();
    let run = session.run();
    let (setup, cluster) = (&run.scenario().setup, run.cluster());
    let look = Look::new(setup, cluster);
    let mut all = cluster.under_way();
    let Some(envelope) = all.find(|envelope| envelope.id == id) else {
        let gone = html! { <p class="nothing">{ "It has arrived, or is lost: the events say what became of it." }</p> };
        return card_of(html! { "A message" }, dispatch, gone);
    };
    let message = &envelope.message;
    let name = |id| look.names.process(id);
    let way = Phrase(vec![
        name(envelope.from),
        " → ".into(),
        name(envelope.to),
        match envelope.held {
            true => ", held".into(),
            false => format!(", arrives at {}", envelope.arrives).into(),
        },
        if envelope.copy {
            ", the second one of it".into()
        } else {
            "".into()
        },
    ]);
    let title = look.phrase(&Phrase(vec![look.names.message(message)]));
    card_of(
        title,
        dispatch,
        html! {
            <>
                <p>{ look.phrase(&way) }</p>
                <p class="nothing">{ meaning(message.kind()) }</p>
                { message_actions(cluster, dispatch, envelope) }
            </>
        },
    )
}

/// The buttons that cut and heal a link.
pub fn link_actions(
    page: &Page,
    dispatch: &Dispatch,
    (one, other): (ProcessId, ProcessId),
) -> Html {
    let session = page.session.borrow();
    let run = session.run();
    let (setup, cluster) = (&run.scenario().setup, run.cluster());
    let name = |id| shorten_name(&setup.spec(id).name, 12);
    let (a, b) = (name(one), name(other));
    let cut = |link, label: String| act(cluster, dispatch, Command::Cut { link }, label);
    let link = Link::both_ways(one, other);
    let heal = Command::Heal { link: Some(link) };
    html! {
        <div class="actions" role="group" aria-label={format!("Link of {a} and {b}")}>
            { cut(link, format!("Cut {a} – {b}")) }
            { cut(Link::one_way(one, other), format!("Cut {a} → {b}")) }
            { cut(Link::one_way(other, one), format!("Cut {b} → {a}")) }
            { act(cluster, dispatch, heal, format!("Heal {a} – {b}")) }
        </div>
    }
}

/// The card of a link.
pub fn link_card(page: &Page, dispatch: &Dispatch, one: ProcessId, other: ProcessId) -> Html {
    let session = page.session.borrow();
    let run = session.run();
    let (setup, cluster) = (&run.scenario().setup, run.cluster());
    let count = setup.processes.len();
    if usize::from(one.0.max(other.0)) >= count {
        return Html::default();
    }
    let look = Look::new(setup, cluster);
    let name = |id| look.names.process(id);
    let title = Phrase(vec![
        "Link of ".into(),
        name(one),
        " and ".into(),
        name(other),
    ]);
    let state = match (cluster.is_cut(one, other), cluster.is_cut(other, one)) {
        (false, false) => Phrase(vec!["It is whole.".into()]),
        (true, true) => Phrase(vec!["Nothing gets through.".into()]),
        (true, false) => Phrase(vec![
            name(other),
            " does not hear ".into(),
            name(one),
            ".".into(),
        ]),
        (false, true) => Phrase(vec![
            name(one),
            " does not hear ".into(),
            name(other),
            ".".into(),
        ]),
    };
    card_of(
        look.phrase(&title),
        dispatch,
        html! {
            <>
                <p>{ look.phrase(&state) }</p>
                { link_actions(page, dispatch, (one, other)) }
            </>
        },
    )
}
