//! Mermaid: a sequence diagram, as Markdown pages show it.
//!
//! Time goes downwards and an arrow takes none, so a message stands where it arrives or is lost.

use std::fmt::Write as _;

use crate::cluster::{Envelope, Fact};
use crate::protocol::{Kind, LearnerStep, ProcessId};

use super::Played;
use super::names::one_line;

pub fn write(played: &Played) -> String {
    let setup = &played.scenario.setup;
    let names = played.names();
    let mut text = String::from("sequenceDiagram\n");
    let _ = writeln!(text, "    title {}", safe(played.title()));
    for id in setup.ids() {
        let spec = setup.spec(id);
        let roles = spec.roles.names().collect::<Vec<_>>().join(", ");
        let label = safe(&format!("{} ({roles})", spec.name));
        let _ = writeln!(text, "    participant p{} as {label}", id.0);
    }
    let arrow = |text: &mut String, arrow: &str, at: u64, envelope: &Envelope, more: &str| {
        let Envelope { from, to, .. } = envelope;
        let message = played.message(&envelope.message);
        let label = safe(&format!("{message}{more}, {at} ms"));
        let _ = writeln!(text, "    p{}{arrow}p{}: {label}", from.0, to.0);
    };
    let note = |text: &mut String, over: String, says: String| {
        let _ = writeln!(text, "    Note over {over}: {}", safe(&says));
    };
    let one = |id: ProcessId| format!("p{}", id.0);
    let all = match setup.processes.len() {
        0 | 1 => one(ProcessId(0)),
        count => format!("p0,p{}", count - 1),
    };
    for event in &played.events {
        let (at, fact) = (event.at.0, &event.fact);
        let says = || format!("{at} ms: {}", names.fact(fact));
        match fact {
            Fact::Delivered(envelope) => {
                let line = if is_answer(envelope) { "--)" } else { "-)" };
                arrow(&mut text, line, at, envelope, "");
            }
            Fact::Lost { envelope, .. } => {
                let line = if is_answer(envelope) { "--x" } else { "-x" };
                arrow(&mut text, line, at, envelope, " is lost");
            }
            Fact::Crashed { process, .. }
            | Fact::Restarted { process }
            | Fact::TimedOut { process, .. }
            | Fact::BacksOff { process, .. }
            | Fact::Learner {
                process,
                step: LearnerStep::Learned { .. } | LearnerStep::Contradicted { .. },
            } => note(&mut text, one(*process), says()),
            Fact::Chosen { .. }
            | Fact::Violated { .. }
            | Fact::Cut { .. }
            | Fact::Healed { .. }
            | Fact::Partitioned { .. } => note(&mut text, all.clone(), says()),
            _ => {}
        }
    }
    let open = played.cluster.under_way();
    for envelope in open {
        let held = if envelope.held { "held" } else { "on its way" };
        let message = played.message(&envelope.message);
        let to = &setup.spec(envelope.to).name;
        let says = format!("{message} to {to} is {held} at the end");
        note(&mut text, one(envelope.from), says);
    }
    text
}

fn is_answer(envelope: &Envelope) -> bool {
    !matches!(envelope.message.kind(), Kind::Prepare | Kind::Accept)
}

/// Text that Mermaid takes for nothing but text: whatever could mean something to it, or to the
/// page that it draws in, is written as the number of its character.
fn safe(text: &str) -> String {
    let mut safe = String::new();
    for c in one_line(text).chars() {
        match c {
            ' ' | '.' | ',' | '(' | ')' | '-' => safe.push(c),
            _ if c.is_alphanumeric() => safe.push(c),
            _ if c.is_ascii() => {
                let _ = write!(safe, "#{};", u32::from(c));
            }
            _ => safe.push(c),
        }
    }
    safe
}
