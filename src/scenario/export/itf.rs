//! The Informal Trace Format (ADR 015 of Apalache): the run as the states of Lamport's variables.
//!
//! A ballot is a number: its place among all ballots of the run, in their order. `-1` is none.
//! The trace's `#meta` lists them; that of a state says what happened.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::cluster::{Envelope, Fact};
use crate::protocol::{Ballot, ProcessId, Value};
use crate::scenario::json::{list, quote};
use crate::scenario::lamport::{Message, State, Vote};

use super::{ExportError, Played};

/// Bytes of a trace. Every state has all messages so far, so a trace grows with the square of the
/// run.
const LIMIT: usize = 64 << 20;

/// What stands for no value.
pub const NO_VALUE: &str = "(none)";

pub fn write(played: &Played) -> Result<String, ExportError> {
    let writer = Writer::of(played);
    let mut state = State::at_start(&played.cluster);
    let mut text = writer.head();
    writer.state(&mut text, 0, 0, "the start", &state);
    let names = played.names();
    let mut count = 0;
    for (index, event) in played.events.iter().enumerate() {
        if !state.follow(&played.events[index..], played.cluster.rules()) {
            continue;
        }
        count += 1;
        text.push_str(",\n");
        let says = names.fact(&event.fact).to_string();
        writer.state(&mut text, count, event.at.0, &says, &state);
        if text.len() > LIMIT {
            return Err(ExportError::TooLong {
                format: "itf",
                limit: LIMIT,
                unit: "bytes",
            });
        }
    }
    text.push_str("\n  ]\n}\n");
    Ok(text)
}

struct Writer<'a> {
    played: &'a Played,
    /// In their order.
    ballots: Vec<Ballot>,
}

impl<'a> Writer<'a> {
    fn of(played: &'a Played) -> Self {
        let sent = played.events.iter().filter_map(|event| match &event.fact {
            Fact::Sent(Envelope { message, .. }) => Some(message.ballot()),
            _ => None,
        });
        let ballots: BTreeSet<Ballot> = sent.collect();
        Self {
            played,
            ballots: ballots.into_iter().collect(),
        }
    }

    fn head(&self) -> String {
        let mut text = String::from("{\n  \"#meta\": {\n    \"format\": \"ITF\",\n");
        text.push_str(
            "    \"format-description\": \"https://apalache-mc.org/docs/adr/015adr-trace.html\",\n",
        );
        text.push_str("    \"source\": ");
        quote(&mut text, self.played.title());
        text.push_str(",\n    \"description\": \"A run in the variables of Paxos\",\n");
        text.push_str("    \"ballots\": ");
        let names = self.played.names();
        let ballots = self.ballots.iter().enumerate();
        let ballots =
            ballots.map(|(number, ballot)| format!("{number} is {}", names.ballot_text(*ballot)));
        quote(&mut text, &ballots.collect::<Vec<_>>().join(", "));
        text.push_str("\n  },\n  \"vars\": [\"maxBal\", \"maxVBal\", \"maxVal\", \"msgs\"],\n");
        text.push_str("  \"states\": [\n");
        text
    }

    fn state(&self, text: &mut String, index: usize, at: u64, says: &str, state: &State) {
        let _ = write!(
            text,
            "    {{\"#meta\": {{\"index\": {index}, \"at\": \"{at} ms\", \"event\": "
        );
        quote(text, says);
        text.push('}');
        let acceptors = || state.acceptors.iter();
        let mut map = |name: &str, value: &dyn Fn(&mut String, ProcessId)| {
            let _ = write!(text, ",\n     \"{name}\": {{\"#map\": ");
            list(text, acceptors(), |text, (&id, _)| {
                text.push('[');
                self.process(text, id);
                text.push_str(", ");
                value(text, id);
                text.push(']');
            });
            text.push('}');
        };
        map("maxBal", &|text, id| {
            self.ballot(text, state.acceptors[&id].max_bal)
        });
        let vote = |id| state.acceptors[&id].vote;
        map("maxVBal", &|text, id| {
            self.ballot(text, vote(id).map(|(ballot, _)| ballot));
        });
        map("maxVal", &|text, id| {
            self.value(text, vote(id).map(|(_, value)| value));
        });
        text.push_str(",\n     \"msgs\": {\"#set\": [");
        for (index, message) in state.msgs.iter().enumerate() {
            text.push_str(if index == 0 {
                "\n       "
            } else {
                ",\n       "
            });
            self.message(text, message);
        }
        text.push_str("]}}");
    }

    /// A record with the fields of the specification.
    fn message(&self, text: &mut String, message: &Message) {
        let (kind, from, ballot) = match *message {
            Message::P1a(ballot) => ("1a", None, ballot),
            Message::P1b(from, ballot, _) => ("1b", Some(from), ballot),
            Message::P2a(ballot, _) => ("2a", None, ballot),
            Message::P2b(from, ballot, _) => ("2b", Some(from), ballot),
        };
        let _ = write!(text, "{{\"type\": \"{kind}\"");
        if let Some(from) = from {
            text.push_str(", \"acc\": ");
            self.process(text, from);
        }
        text.push_str(", \"bal\": ");
        self.ballot(text, Some(ballot));
        match *message {
            Message::P1a(_) => {}
            Message::P1b(_, _, vote) => self.reported(text, vote),
            Message::P2a(_, value) | Message::P2b(_, _, value) => {
                text.push_str(", \"val\": ");
                self.value(text, Some(value));
            }
        }
        text.push('}');
    }

    fn reported(&self, text: &mut String, vote: Option<Vote>) {
        text.push_str(", \"mbal\": ");
        self.ballot(text, vote.map(|(ballot, _)| ballot));
        text.push_str(", \"mval\": ");
        self.value(text, vote.map(|(_, value)| value));
    }

    fn ballot(&self, text: &mut String, ballot: Option<Ballot>) {
        let place = ballot.and_then(|ballot| self.ballots.binary_search(&ballot).ok());
        let number = place.map_or(-1, |place| place as i64);
        let _ = write!(text, "{{\"#bigint\": \"{number}\"}}");
    }

    /// A value that reads like none is put in quotation marks; in more of them if that is one, too.
    fn value(&self, text: &mut String, value: Option<Value>) {
        let cluster = &self.played.cluster;
        let mut name = Cow::from(value.map_or(NO_VALUE, |value| cluster.text(value)));
        if value.is_some() && name == NO_VALUE {
            while cluster.values().iter().any(|known| **known == *name) {
                name = format!("“{name}”").into();
            }
        }
        quote(text, &name);
    }

    fn process(&self, text: &mut String, id: ProcessId) {
        quote(text, &self.played.scenario.setup.spec(id).name);
    }
}
