//! What the page around an embedded one is told: what happened, and how things stand.

use js_sys::Array;
use wasm_bindgen::prelude::*;

use crate::cluster::{Event, Fact, Names};
use crate::history::Run;
use crate::protocol::{LearnerStep, ProcessId, Vote};

use crate::app::dom::object;
use crate::app::state::{Mode, Page};

/// An event of the element, as its name and its detail.
fn told(name: &str, detail: JsValue) -> JsValue {
    Array::of2(&name.into(), &detail).into()
}

/// That something went wrong.
pub fn error(message: &str) -> JsValue {
    told("error", object([("message", message.into())]))
}

/// That the page is there.
pub fn ready(page: &Page) -> JsValue {
    told("ready", standing(page, false))
}

/// What the element tells of one thing that happened.
pub fn happened(run: &Run, event: &Event, into: &Array) {
    let cluster = run.cluster();
    let setup = &run.scenario().setup;
    let names = Names::new(setup, cluster);
    let time = || JsValue::from(event.at.0 as f64);
    let (kind, process) = kind(&event.fact);
    let process = process.map(|id| JsValue::from(&*setup.spec(id).name));
    let process = process.unwrap_or(JsValue::NULL);
    let text = names.fact(&event.fact).to_string();
    let detail = object([
        ("time", time()),
        ("kind", kind.into()),
        ("process", process.clone()),
        ("text", text.into()),
    ]);
    into.push(&told("event", detail));
    let value = |vote: Vote| JsValue::from(&**cluster.text(vote.value));
    let ballot = |vote: Vote| JsValue::from(names.whole_ballot(vote.ballot));
    match &event.fact {
        // That a later ballot chooses the same value again is no news.
        Fact::Chosen { vote, before, .. } if before.is_none_or(|it| it.value != vote.value) => {
            let detail = object([
                ("value", value(*vote)),
                ("ballot", ballot(*vote)),
                ("time", time()),
            ]);
            into.push(&told("chosen", detail));
        }
        Fact::Learner {
            step: LearnerStep::Learned { vote, .. },
            ..
        } => {
            let detail = object([
                ("process", process),
                ("value", value(*vote)),
                ("ballot", ballot(*vote)),
                ("time", time()),
            ]);
            into.push(&told("learned", detail));
        }
        Fact::Violated { invariant } => {
            let detail = object([
                ("invariant", invariant.name().into()),
                ("meaning", invariant.meaning().into()),
                ("time", time()),
            ]);
            into.push(&told("violation", detail));
        }
        _ => {}
    }
}

/// What kind of thing happened, and to whom.
fn kind(fact: &Fact) -> (&'static str, Option<ProcessId>) {
    match fact {
        Fact::Sent(envelope) => ("sent", Some(envelope.from)),
        Fact::Delivered(envelope) => ("delivered", Some(envelope.to)),
        Fact::Lost { .. } => ("lost", None),
        Fact::Duplicated { .. } => ("duplicated", None),
        Fact::Held { .. } => ("held", None),
        Fact::Released { .. } => ("released", None),
        Fact::Delayed { .. } => ("delayed", None),
        Fact::Proposer { process, .. } => ("proposer", Some(*process)),
        Fact::Acceptor { process, .. } => ("acceptor", Some(*process)),
        Fact::Learner { process, .. } => ("learner", Some(*process)),
        Fact::Chosen { .. } => ("chosen", None),
        Fact::TimedOut { process, .. } => ("timed-out", Some(*process)),
        Fact::BacksOff { process, .. } => ("backs-off", Some(*process)),
        Fact::Crashed { process, .. } => ("crashed", Some(*process)),
        Fact::Restarted { process } => ("restarted", Some(*process)),
        Fact::Violated { .. } => ("violated", None),
        Fact::Waits { command } => ("waits", command.process()),
        Fact::Refused { command, .. } => ("refused", command.process()),
        _ => ("network", None),
    }
}

/// How things stand. `resumes`: it plays as soon as it is seen.
pub fn standing(page: &Page, resumes: bool) -> JsValue {
    let session = page.session.borrow();
    let run = session.run();
    let (scenario, cluster) = (run.scenario(), run.cluster());
    let names = Names::new(&scenario.setup, cluster);
    let processes = Array::new();
    for (id, process) in cluster.processes() {
        let spec = scenario.setup.spec(id);
        let roles = spec.roles.names().map(JsValue::from).collect::<Array>();
        let learned = process.learner.as_ref().and_then(|l| l.learned());
        let vote = process.acceptor.as_ref().and_then(|a| a.vote());
        let promised = process.acceptor.as_ref().and_then(|a| a.promised());
        let value = |vote: Option<Vote>| {
            vote.map_or(JsValue::NULL, |vote| (&**cluster.text(vote.value)).into())
        };
        let promised = promised.map_or(JsValue::NULL, |ballot| names.whole_ballot(ballot).into());
        processes.push(&object([
            ("id", (&*spec.name).into()),
            ("roles", roles.into()),
            ("up", process.up.into()),
            ("promised", promised),
            ("voted", value(vote)),
            ("learned", value(learned)),
        ]));
    }
    let value = |vote: Vote| JsValue::from(&**cluster.text(vote.value));
    let chosen = cluster.chosen().map_or(JsValue::NULL, |vote| {
        object([
            ("value", value(vote)),
            ("ballot", names.whole_ballot(vote.ballot).into()),
        ])
    });
    let learned = cluster.processes().find_map(|(_, process)| {
        let learner = process.learner.as_ref()?;
        learner.learned().map(value)
    });
    let mut broken = cluster.invariants();
    let broken = broken.find_map(|(invariant, failure)| failure.map(|_| invariant.name().into()));
    object([
        ("time", (page.instant.get().floor()).into()),
        ("playing", (page.mode == Mode::Playing || resumes).into()),
        ("over", run.next_due().is_none().into()),
        ("chosen", chosen),
        ("learned", learned.unwrap_or(JsValue::NULL)),
        ("violation", broken.unwrap_or(JsValue::NULL)),
        (
            "scenario",
            object([
                ("id", (&*scenario.id).into()),
                ("title", (&*scenario.title).into()),
            ]),
        ),
        ("processes", processes.into()),
    ])
}
