//! The messages in flight as a list, for those who do not see the stage.

use yew::prelude::*;

use super::look::Look;
use super::state::Page;

/// What the list needs.
#[derive(Properties, PartialEq)]
pub struct InFlightProps {
    /// The page.
    pub page: Page,
}

/// The list.
#[component]
pub fn InFlight(props: &InFlightProps) -> Html {
    let session = props.page.session.borrow();
    let run = session.run();
    let (setup, cluster) = (&run.scenario().setup, run.cluster());
    let look = Look::new(setup, cluster);
    let name = |id| setup.spec(id).name.to_string();
    let messages: Vec<_> = cluster.in_flight().chain(cluster.held()).collect();
    let count = messages.len();
    html! {
        <section class="in-flight" aria-labelledby="in-flight-title">
            <h2 id="in-flight-title">{ format!("In flight: {count}") }</h2>
            <ul aria-label="Messages in flight" tabindex="0">
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
                        </li>
                    }
                }) }
            </ul>
        </section>
    }
}
