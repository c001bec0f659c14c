//! The small card of a thing in an embedded page: what it is, and what can be done to it.

use yew::prelude::*;

use crate::app::cards::{
    amnesia_actions, card_name, card_of, link_card, message_card, process_actions,
};
use crate::app::look::Look;
use crate::app::state::{Dispatch, Page, Thing};
use crate::protocol::ProcessId;

use super::chrome::escape;

/// The card of what is selected; `full` offers all that can be done to it.
pub(super) fn card(page: &Page, dispatch: &Dispatch, full: bool) -> Html {
    let card = match page.selected {
        None => return Html::default(),
        Some(Thing::Process(id)) => process_card(page, dispatch, id, full),
        Some(Thing::Message(id)) => message_card(page, dispatch, id),
        Some(Thing::Link(one, other)) => link_card(page, dispatch, one, other),
    };
    html! { <div class="over" onkeydown={escape(dispatch)}>{ card }</div> }
}

fn process_card(page: &Page, dispatch: &Dispatch, id: ProcessId, full: bool) -> Html {
    let session = page.session.borrow();
    let run = session.run();
    let (setup, cluster) = (&run.scenario().setup, run.cluster());
    let Some(process) = cluster.process(id) else {
        return Html::default();
    };
    let look = Look::new(setup, cluster);
    let spec = setup.spec(id);
    let roles = spec.roles.names().collect::<Vec<_>>().join(", ");
    let condition = look.condition(process);
    let body = html! {
        <>
            <p class="nothing">
                { roles }
                { for condition.iter().map(|line| html! { <>{ " · " }{ look.phrase(line) }</> }) }
            </p>
            <div class="actions">
                { process_actions(setup, cluster, dispatch, id) }
                if full && spec.roles.acceptor {
                    { amnesia_actions(cluster, dispatch, id) }
                }
            </div>
        </>
    };
    card_of(html! { { card_name(setup, id) } }, dispatch, body)
}
