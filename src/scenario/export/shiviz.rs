//! ShiViz: a log with vector clocks, from which it draws who could have known what.
//!
//! The first line is the expression by which ShiViz reads the rest, the second would separate
//! several runs and is empty. Each event is two lines: the host with its clock, and what happened.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::cluster::{Envelope, Fact, MessageId};
use crate::protocol::ProcessId;
use crate::scenario::json::quote;

use super::Played;
use super::names::{one_line, unique};

/// How ShiViz finds an event: its usual expression, the other way round.
const PARSER: &str = r"(?<host>\S*) (?<clock>{.*})\n(?<event>.*)";

/// How many events of each process are known.
type Clock = BTreeMap<ProcessId, u64>;

pub fn write(played: &Played) -> String {
    let setup = &played.scenario.setup;
    let hosts = unique(setup.processes.iter().map(|spec| host(&spec.name)));
    let names = played.names();
    let mut clocks: Vec<Clock> = vec![Clock::new(); hosts.len()];
    // What the sender knew when it sent a message that has not ended.
    let mut sent: BTreeMap<MessageId, Clock> = BTreeMap::new();
    let mut log = format!("{PARSER}\n\n");
    for event in &played.events {
        if let Fact::Duplicated { envelope, of, .. } = &event.fact
            && let Some(clock) = sent.get(of).cloned()
        {
            sent.insert(envelope.id, clock);
        }
        if let Fact::Lost { envelope, .. } = &event.fact {
            sent.remove(&envelope.id);
        }
        let Some(who) = actor(&event.fact) else {
            continue;
        };
        let Some(clock) = clocks.get_mut(usize::from(who.0)) else {
            continue;
        };
        *clock.entry(who).or_default() += 1;
        match &event.fact {
            Fact::Sent(Envelope { id, .. }) => {
                sent.insert(*id, clock.clone());
            }
            Fact::Delivered(Envelope { id, .. }) => {
                for (process, known) in sent.remove(id).into_iter().flatten() {
                    let own = clock.entry(process).or_default();
                    *own = known.max(*own);
                }
            }
            _ => {}
        }
        let _ = write!(log, "{} ", hosts[usize::from(who.0)]);
        write_clock(&mut log, clock, &hosts);
        let text = one_line(&names.fact(&event.fact).to_string());
        let _ = writeln!(log, "\n{} ms: {text}", event.at.0);
    }
    log
}

/// Where it happened. What happens to the network or to the whole cluster happens nowhere.
fn actor(fact: &Fact) -> Option<ProcessId> {
    match fact {
        Fact::Sent(envelope) => Some(envelope.from),
        Fact::Delivered(envelope) => Some(envelope.to),
        Fact::Proposer { process, .. }
        | Fact::Acceptor { process, .. }
        | Fact::Learner { process, .. }
        | Fact::TimedOut { process, .. }
        | Fact::BacksOff { process, .. }
        | Fact::Crashed { process, .. }
        | Fact::Restarted { process } => Some(*process),
        _ => None,
    }
}

/// A host has no spaces, and none of what JSON would escape.
fn host(name: &str) -> String {
    let bad = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '"' | '\\' | '{' | '}');
    name.replace(bad, "_")
}

fn write_clock(log: &mut String, clock: &Clock, hosts: &[String]) {
    log.push('{');
    for (index, (process, count)) in clock.iter().enumerate() {
        log.push_str(if index == 0 { "" } else { ", " });
        quote(log, &hosts[usize::from(process.0)]);
        let _ = write!(log, ":{count}");
    }
    log.push('}');
}
