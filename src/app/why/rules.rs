//! The rules: the pseudocode with the lines that just ran, the switches that break it, and the
//! invariants that are to hold all the same.

use yew::prelude::*;

use crate::app::act::button;
use crate::app::dom::find;
use crate::app::state::{Action, Dispatch, Page, Tab};
use crate::cluster::{Cluster, shorten_name};
use crate::history::Run;
use crate::protocol::{Invariant, Rule};

use super::pseudocode::{ACCEPTOR, LEARNER, Line, PROPOSER, ran};

/// The tab.
pub fn rules(page: &Page, dispatch: &Dispatch) -> Html {
    let session = page.session.borrow();
    let run = session.run();
    let now = running(run);
    let part = |name: &'static str, lines: &[Line]| {
        html! {
            <>
                <h3>{ name }</h3>
                <ol class="code" aria-label={format!("Pseudocode of the {}", name.to_lowercase())}>
                    { for lines.iter().map(|line| code(run, dispatch, &now, line)) }
                </ol>
            </>
        }
    };
    html! {
        <section class="rules" aria-label="Rules">
            { part("Proposer", &PROPOSER) }
            { part("Acceptor", &ACCEPTOR) }
            { part("Learner", &LEARNER) }
            { quorums(run.cluster(), dispatch) }
            <h3>{ "Invariants at this moment" }</h3>
            { invariants(run, dispatch) }
        </section>
    }
}

/// Which lines ran in the last step, and by whom.
fn running(run: &Run) -> Vec<(&'static str, String)> {
    let events = run.events();
    let setup = &run.scenario().setup;
    let last = events.iter().skip(run.last_step());
    last.filter_map(|event| ran(&event.fact))
        .flat_map(|(process, lines)| {
            let spec = setup.spec(process);
            let name = shorten_name(&spec.name, 12);
            // Whatever crashes: what an acceptor stores is an acceptor's.
            let its = |line: &&&str| spec.roles.acceptor || !line.starts_with('A');
            let its = lines.iter().filter(its).copied();
            its.map(move |line| (line, name.clone()))
        })
        .collect()
}

fn code(run: &Run, dispatch: &Dispatch, now: &[(&'static str, String)], line: &Line) -> Html {
    let broken = |rule: &Rule| run.cluster().rules().breaks(*rule);
    let who = now.iter().find(|(id, _)| *id == line.id);
    let off = line.rules.iter().any(broken);
    let class = classes!(
        who.map(|_| "ran"),
        off.then_some("off"),
        (line.indent > 0).then_some("deep"),
    );
    let switch = |&rule: &Rule| {
        let is = broken(&rule);
        let dispatch = dispatch.clone();
        let onchange =
            Callback::from(move |_: Event| dispatch.dispatch(Action::SetRule(rule, !is)));
        html! {
            <div class="switch" key={rule.name()}>
                <label class="check">
                    <input type="checkbox" checked={is} {onchange} />
                    <span>{ format!("break: {}", rule.name()) }</span>
                </label>
                <details>
                    <summary aria-label={format!("Why: {}", rule.name())}>{ "Why" }</summary>
                    <p>{ rule.meaning() }</p>
                    <p class="source">{ rule.source() }</p>
                </details>
            </div>
        }
    };
    html! {
        <li key={line.id} {class} data-line={line.id} data-ran={who.map(|(_, name)| name.clone())}>
            <span class="text">{ line.text }</span>
            if let Some((_, name)) = who {
                <span class="by">{ format!("◂ {name}") }</span>
            }
            if off {
                <span class="by broken">{ "broken" }</span>
            }
            { for line.rules.iter().map(switch) }
        </li>
    }
}

/// The sizes of quorums, and whether any two of them meet.
fn quorums(cluster: &Cluster, dispatch: &Dispatch) -> Html {
    let quorums = cluster.quorums();
    let (one, two) = (quorums.phase1(), quorums.phase2());
    let count = quorums.acceptors().len();
    let size = |label: &'static str, now: u16, set: fn(u16, u16, u16) -> Action| {
        let more = (now >= count).then_some("there are no more acceptors");
        let less = (now <= 1).then_some("a quorum has a member");
        let change = |to: u16| set(one, two, to);
        html! {
            <div class="size" role="group" aria-label={label}>
                <span>{ label }</span>
                { button(dispatch, change(now.saturating_sub(1)), less, "−".into(), Some(format!("Smaller {label}").into())) }
                <output>{ format!("{now} of {count}") }</output>
                { button(dispatch, change(now + 1), more, "+".into(), Some(format!("Larger {label}").into())) }
            </div>
        }
    };
    let meet = quorums.intersect();
    html! {
        <>
            <h3>{ "Quorums" }</h3>
            { size("promises", one, |_, two, to| Action::SetQuorums(to, two)) }
            { size("votes", two, |one, _, to| Action::SetQuorums(one, to)) }
            <p class={if meet { "fine" } else { "wrong" }}>
                { if meet {
                    "✓ Each quorum of promises meets each quorum of votes."
                } else {
                    "✗ Two quorums may have nobody in common: then nobody tells of a choice."
                } }
            </p>
        </>
    }
}

fn invariants(run: &Run, dispatch: &Dispatch) -> Html {
    let row = |(invariant, failure): (Invariant, Option<crate::cluster::Failure>)| {
        html! {
            <li key={invariant.name()} class={if failure.is_some() { "wrong" } else { "fine" }} data-invariant={invariant.name()}
                data-holds={failure.is_none().to_string()}>
                <span>{ if failure.is_some() { "✗ " } else { "✓ " } }<strong>{ invariant.name() }</strong></span>
                if let Some(failure) = failure {
                    { button(dispatch, Action::Seek(failure.at), None, format!("broken since {} ms", failure.at).into(), None) }
                }
                <span class="meaning">{ invariant.meaning() }</span>
            </li>
        }
    };
    html! { <ul class="invariants">{ for run.cluster().invariants().map(row) }</ul> }
}

/// Whether all invariants hold, for the header; it opens the tab.
pub fn badge(page: &Page, dispatch: &Dispatch) -> Html {
    let session = page.session.borrow();
    let cluster = session.run().cluster();
    let all = cluster.invariants().count();
    let mut broken = cluster
        .invariants()
        .filter(|(_, failure)| failure.is_some());
    let (class, sign, text) = match broken.next() {
        None => ("fine", "✓", format!("{all} of {all} invariants hold")),
        Some((invariant, _)) => ("wrong", "✗", format!("{} is broken", invariant.name())),
    };
    let dispatch = dispatch.clone();
    let onclick = Callback::from(move |_: MouseEvent| {
        dispatch.dispatch(Action::ShowTab(Tab::Rules));
        // The invariants are at the end of the tab, which is not there yet.
        gloo_timers::callback::Timeout::new(0, || {
            if let Some(list) = find::<web_sys::Element>(".invariants") {
                list.scroll_into_view();
            }
        })
        .forget();
    });
    html! {
        <button type="button" class={classes!("badge", class)} {onclick} aria-label={format!("{sign} {text}")}>
            <span aria-hidden="true">{ sign }</span><span class="words">{ text }</span>
        </button>
    }
}
