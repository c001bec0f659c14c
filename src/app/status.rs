//! Where things stand, in one line: what is chosen and who knows, or why nothing can be.

use yew::prelude::*;

use crate::cluster::{Cluster, Obstacle, Phrase};
use crate::protocol::{ProcessId, Tally, Value};

use super::look::Look;
use super::state::Page;

/// The line.
pub fn status(page: &Page) -> Html {
    let session = page.session.borrow();
    let run = session.run();
    let cluster = run.cluster();
    let look = Look::new(&run.scenario().setup, cluster);
    let obstacle = cluster.obstacle().map(|obstacle| {
        let effect = match (cluster.chosen(), obstacle) {
            (Some(_), _) => "No further ballot can succeed",
            (None, Obstacle::NoAcceptor | Obstacle::TooFewAcceptors { .. }) => {
                "Nothing can be chosen"
            }
            (None, Obstacle::NoProposer | Obstacle::NoProposerUp) => "Nothing can be proposed",
        };
        html! { <p class="obstacle" data-obstacle="">{ format!("{effect}: {obstacle}.") }</p> }
    });
    let line = match cluster.chosen() {
        None if obstacle.is_some() => Html::default(),
        None => html! { <p class="open">{ "Nothing is chosen yet." }</p> },
        Some(vote) => {
            let tally = cluster.votes_cast().iter().find(|tally| tally.vote == vote);
            let who = tally.map_or_else(Phrase::default, |tally| match tally.voted_by.len() {
                many if many > 8 => Phrase(vec![format!("{many} acceptors").into()]),
                _ => look.names.list(&tally.voted_by),
            });
            let (value, ballot) = (look.names.value(vote.value), look.names.ballot(vote.ballot));
            html! {
                <p class="chosen">
                    <span class="mark" aria-hidden="true">{ "◆" }</span>
                    <strong>{ look.phrase(&Phrase(vec![value, " is chosen".into()])) }</strong>
                    { ": " }{ look.phrase(&who) }
                    { look.phrase(&Phrase(vec![" voted in ".into(), ballot])) }
                    { ". " }{ knowledge(cluster, &look, vote.value) }
                </p>
            }
        }
    };
    let broken = cluster.invariants().find_map(|(invariant, failure)| {
        let at = failure?.at;
        Some(html! {
            <p class="obstacle">
                { format!("{} is broken since {at} ms.", invariant.name()) }
                { for others(cluster, &look) }
            </p>
        })
    });
    html! { <div class="status" role="status">{ line }{ for broken }{ for obstacle }</div> }
}

/// The values that are chosen beside the first one, each with who voted for it.
fn others(cluster: &Cluster, look: &Look) -> Vec<Html> {
    let first = cluster.chosen().map(|vote| vote.value);
    let quorum = cluster.quorums().phase2();
    let tallies = cluster.votes_cast().iter();
    let others =
        tallies.filter(|tally| tally.voted_by.len() >= quorum && Some(tally.vote.value) != first);
    let says = |tally: &Tally| {
        let mut phrase = vec![" ".into(), look.names.value(tally.vote.value)];
        phrase.push(" is chosen too: ".into());
        phrase.extend(look.names.list(&tally.voted_by).0);
        phrase.extend([
            " voted in ".into(),
            look.names.ballot(tally.vote.ballot),
            ".".into(),
        ]);
        look.phrase(&Phrase(phrase))
    };
    others.map(says).collect()
}

/// Which learners know that this value is chosen.
fn knowledge(cluster: &Cluster, look: &Look, value: Value) -> Html {
    let learners = || {
        cluster
            .processes()
            .filter_map(|(id, p)| Some((id, p.learner.as_ref()?)))
    };
    let knowing: Vec<ProcessId> = learners()
        .filter(|(_, learner)| learner.learned().is_some_and(|known| known.value == value))
        .map(|(id, _)| id)
        .collect();
    if learners().next().is_none() {
        return html! { { "There is no learner to be told." } };
    }
    if knowing.is_empty() {
        return html! { { "No learner knows it." } };
    }
    let verb = if knowing.len() == 1 {
        " has learned it."
    } else {
        " have learned it."
    };
    html! { <>{ look.phrase(&look.names.list(&knowing.into_iter().collect())) }{ verb }</> }
}
