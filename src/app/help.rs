//! Help: what is seen, and what the keys do.

use yew::prelude::*;

use crate::cluster::Roles;

use super::dialog::Dialog;
use super::keys::{KEYS, are_on, switch};
use super::palette::sign;
use super::rest::{Part, part};

/// The button and the text that it opens.
pub fn help() -> Html {
    html! { <Dialog name="Help" title="How Paxos agrees">{ part(Part::Help) }</Dialog> }
}

/// The text.
#[component]
pub fn Help() -> Html {
    let keys = use_state_eq(are_on);
    let switch_keys = {
        let keys = keys.clone();
        Callback::from(move |_: Event| {
            switch(!*keys);
            keys.set(are_on());
        })
    };
    let key = |key: &'static str, does: &'static str| html! { <><dt><kbd>{ key }</kbd></dt><dd>{ does }</dd></> };
    let message = |kind: &'static str, word: &'static str, means: &'static str| {
        html! {
            <><dt><span class={classes!("pill", "hue-0", kind)}>{ word }</span></dt><dd>{ means }</dd></>
        }
    };
    html! {
        <>
            <p>{ "Several processes may propose values; only one value is ever chosen, even when messages are late or lost and machines crash. " }<a href="./paxos-explained.html">{ "Paxos, explained by breaking it" }</a>{ " tells it from the beginning." }</p>
            <dl>
                <dt>{ sign(Roles::PROPOSER) }{ "Proposer" }</dt>
                <dd>{ "asks for a value to be chosen. Each attempt is a ballot with a number of its own, such as 1.P: round 1 of proposer P. A higher round is higher; in the same round the proposer that joined later is." }</dd>
                <dt>{ sign(Roles::ACCEPTOR) }{ "Acceptor" }</dt>
                <dd>{ "promises and votes. The ring is its promise, the disc inside is its vote, each in the colour and pattern of the ballot's proposer." }</dd>
                <dt>{ sign(Roles::LEARNER) }{ "Learner" }</dt>
                <dd>{ "counts votes, and knows the value once it has heard of a quorum of votes in one ballot. The value was chosen earlier: at the very instant at which the last vote that it takes was cast." }</dd>
            </dl>
            <h3>{ "Messages" }</h3>
            <dl>
                { message("prepare", "Prepare(n)", "1a: will you promise to take part in no lower ballot than n?") }
                { message("promise", "Promise(n)", "1b: yes, and this is how I voted last.") }
                { message("accept", "Accept(n, v)", "2a: vote for v. It is the value of the highest vote reported, or the proposer's own if there is none.") }
                { message("accepted", "Accepted(n, v)", "2b: I voted.") }
                <dt>
                    <svg class="sign" viewBox="-10 -10 20 20" aria-hidden="true"><polygon points="-9,0 -5,-7 5,-7 9,0 5,7 -5,7" /></svg>
                    <span class="ballot">{ "Nack(n, m)" }</span>
                </dt>
                <dd>{ "no: I have promised the higher ballot m." }</dd>
            </dl>
            <p>{ "Round is phase 1, square is phase 2; hollow is a question, full an answer." }</p>
            <h3>{ "Keys" }</h3>
            <dl>
                { for KEYS.iter().map(|&(name, does)| key(name, does)) }
            </dl>
            <label class="check">
                <input type="checkbox" checked={*keys} onchange={switch_keys} />
                <span>{ "Letters and signs work by themselves" }</span>
            </label>
            <p>{ "Time is virtual: at speed 1×, 40 ms of it pass in a second." }</p>
            <h3>{ "Touch anything" }</h3>
            <p>{ "A click on a process, a message or a link opens its card with all that can be done to it. A dotted outline in the colour of a proposer is a quorum that forms; a golden one has chosen. Below, the space-time diagram has a line for each message: click or drag there to go to another moment. Whatever you do in the past begins a branch, and the old future stays." }</p>
            <h3>{ "Check every schedule" }</h3>
            <p>{ "Playing shows one order of things. The check tries them all, with every delay, loss and doubling of messages, for as many ballots as you say: either nothing can break, or you see the shortest way in which it does. A crash is a process that does nothing; one that forgets is a step of its own, if the rules or the script say so." }</p>
        </>
    }
}
