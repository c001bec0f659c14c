//! What every process holds, with what the last step changed, and what the run has cost.

use yew::prelude::*;

use crate::app::look::Look;
use crate::app::state::Page;
use crate::cluster::Phrase;
use crate::protocol::Kind;

use super::counts::Counts;

/// The tab.
pub fn holdings(page: &Page) -> Html {
    let session = page.session.borrow();
    let run = session.run();
    let (setup, cluster) = (&run.scenario().setup, run.cluster());
    let look = Look::new(setup, cluster);
    let before = run.before_last_step();
    let row = |(id, process): (_, &crate::cluster::Process)| {
        let lines = look.condition(process);
        let old = before.as_ref().and_then(|before| before.process(id));
        let old: Vec<String> = old.map_or_else(Vec::new, |old| {
            look.condition(old).iter().map(Phrase::to_string).collect()
        });
        let texts: Vec<String> = lines.iter().map(Phrase::to_string).collect();
        let line = |(line, text): (&Phrase, &String)| {
            let new = before.is_some() && !old.contains(text);
            html! {
                <li class={new.then_some("new")}>
                    { look.phrase(line) }
                    if new { <span class="by">{ " ◂ new" }</span> }
                </li>
            }
        };
        let gone = old.iter().filter(|text| !texts.contains(text));
        let gone = gone.map(|text| html! { <li class="gone"><span class="unseen">{ "no longer: " }</span><s>{ text }</s></li> });
        let roles: Vec<&str> = setup.spec(id).roles.names().collect();
        html! {
            <tr key={id.0} data-holds={setup.spec(id).name.to_string()}>
                <th scope="row">
                    { look.phrase(&Phrase(vec![look.names.process(id)])) }
                    <span class="roles">{ roles.join(", ") }</span>
                </th>
                <td>
                    if lines.is_empty() && old.is_empty() { <span class="roles">{ "nothing yet" }</span> }
                    <ul>{ for lines.iter().zip(&texts).map(line) }{ for gone }</ul>
                </td>
            </tr>
        }
    };
    let counts = Counts::of(cluster, run.events().iter());
    let chain = |chain: Option<u32>| chain.map_or("–".to_owned(), |chain| chain.to_string());
    let count = |name: String, number: String| html! { <><dt>{ name }</dt><dd>{ number }</dd></> };
    let kinds = Kind::ALL.iter().map(|&kind| {
        count(
            kind.name().to_owned(),
            counts.sent[kind as usize].to_string(),
        )
    });
    html! {
        <section class="holdings" aria-label="State" tabindex="0">
            <table>
                <caption class="unseen">{ "What every process holds" }</caption>
                <thead class="unseen"><tr><th scope="col">{ "Process" }</th><th scope="col">{ "Holds" }</th></tr></thead>
                <tbody>{ for cluster.processes().map(row) }</tbody>
            </table>
            <h3>{ "Counts" }</h3>
            <dl class="counts">
                { for kinds }
                { count("delivered".into(), counts.delivered.to_string()) }
                { count("lost".into(), counts.lost.to_string()) }
                { count("doubled".into(), counts.doubled.to_string()) }
                { count("bytes sent".into(), counts.bytes.to_string()) }
                { count("message delays to the choice".into(), chain(counts.to_choice)) }
                { count("message delays until learned".into(), chain(counts.to_knowledge)) }
            </dl>
            <p class="roles">{ "A message delay is one message that had to arrive before the next was sent. Bytes: 1 for the kind, 10 a ballot, 4 and its text a value." }</p>
        </section>
    }
}
