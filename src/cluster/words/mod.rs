//! What happened, in words: one sentence for each fact, with its reason.
//!
//! A sentence is a [`Phrase`], a list of parts, so that a page can colour a ballot and a terminal
//! print it. Values and names are never trusted to be short or harmless: they stay text, and long
//! values are shortened.

/// Collects the parts of a phrase: words as they are, everything else with `names.…`.
macro_rules! phrase {
    ($($part:expr),* $(,)?) => { Phrase(vec![$(Part::from($part)),*]) };
}

mod faults;
mod steps;
mod text;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crate::protocol::{Ballot, Message, ProcessId, ProcessSet, Value, Vote};

use super::{Cluster, Envelope, Fact, Setup};

use faults::{crashed, lost, network_changed, range};

pub use faults::refusal;
pub(crate) use text::is_blank;
pub use text::{shorten, shorten_name};

/// How many characters of a value are shown.
const VALUE_SHOWN: usize = 24;

/// A value as it is shown in sentences, however long it is and whatever is in it.
pub fn shorten_value(value: &str) -> String {
    shorten(value, VALUE_SHOWN)
}

/// A piece of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Plain words.
    Words(Cow<'static, str>),
    /// The name of a process.
    Process(Arc<str>),
    /// A ballot, such as `1.P`.
    Ballot(Ballot, String),
    /// A value, in quotation marks and shortened.
    Value(String),
    /// A message, such as `Accept(1.P, Hello)`.
    Message(Ballot, String),
}

/// A sentence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Phrase(pub Vec<Part>);

impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| match part {
            Part::Words(text) => f.write_str(text),
            Part::Process(name) => f.write_str(name),
            Part::Ballot(_, text) | Part::Value(text) | Part::Message(_, text) => f.write_str(text),
        })
    }
}

impl From<&'static str> for Part {
    fn from(words: &'static str) -> Self {
        Part::Words(words.into())
    }
}

impl From<String> for Part {
    fn from(words: String) -> Self {
        Part::Words(words.into())
    }
}

impl Phrase {
    fn and(mut self, more: Phrase) -> Self {
        self.0.extend(more.0);
        self
    }
}

/// What ids and values are called in one run.
#[derive(Clone, Copy)]
pub struct Names<'a> {
    setup: &'a Setup,
    cluster: &'a Cluster,
    values: &'a [Arc<str>],
    shown: usize,
    named: usize,
}

impl<'a> Names<'a> {
    /// The names of a cluster that was made of this setup.
    pub fn new(setup: &'a Setup, cluster: &'a Cluster) -> Self {
        Self {
            setup,
            cluster,
            values: cluster.values(),
            shown: VALUE_SHOWN,
            named: VALUE_SHOWN,
        }
    }

    /// The same for events that the cluster has still to see, with the texts of their values.
    pub fn knowing(self, values: &'a [Arc<str>]) -> Self {
        Self { values, ..self }
    }

    /// The same, with only so many characters of a value, and half as many of a ballot's owner.
    pub fn shortened(self, shown: usize) -> Self {
        let named = shown / 2;
        Self {
            shown,
            named,
            ..self
        }
    }

    /// The name of a process.
    pub fn process(&self, id: ProcessId) -> Part {
        Part::Process(self.name(id))
    }

    /// The same as plain text; a process that is not there has a number.
    pub fn name(&self, id: ProcessId) -> Arc<str> {
        let spec = self.setup.processes.get(usize::from(id.0));
        spec.map_or_else(|| format!("#{}", id.0).into(), |spec| spec.name.clone())
    }

    /// A ballot: the round, a dot, the proposer.
    pub fn ballot(&self, ballot: Ballot) -> Part {
        Part::Ballot(ballot, self.ballot_text(ballot))
    }

    /// A ballot as plain text.
    pub fn ballot_text(&self, ballot: Ballot) -> String {
        let name = shorten_name(&self.name(ballot.proposer), self.named);
        format!("{}.{name}", ballot.round.0)
    }

    /// The same with the whole name of its owner: no two read alike.
    pub fn whole_ballot(&self, ballot: Ballot) -> String {
        format!("{}.{}", ballot.round.0, self.name(ballot.proposer))
    }

    /// A value in quotation marks.
    pub fn value(&self, value: Value) -> Part {
        Part::Value(format!("“{}”", self.value_text(value)))
    }

    /// A value as plain text, shortened.
    pub fn value_text(&self, value: Value) -> String {
        let text = self.values.get(value.0 as usize);
        text.map_or_else(
            || format!("value {}", value.0),
            |text| shorten(text, self.shown),
        )
    }

    /// A message as the papers write it.
    pub fn message(&self, message: &Message) -> Part {
        let ballot = self.ballot_text(message.ballot());
        let text = match *message {
            Message::Prepare { .. } => format!("Prepare({ballot})"),
            Message::Promise { vote: None, .. } => format!("Promise({ballot})"),
            Message::Promise {
                vote: Some(vote), ..
            } => format!(
                "Promise({ballot}, {} {})",
                self.ballot_text(vote.ballot),
                self.value_text(vote.value)
            ),
            Message::Accept { value, .. } => {
                format!("Accept({ballot}, {})", self.value_text(value))
            }
            Message::Accepted { value, .. } => {
                format!("Accepted({ballot}, {})", self.value_text(value))
            }
            Message::Nack { promised, .. } => {
                format!("Nack({ballot}, {})", self.ballot_text(promised))
            }
        };
        Part::Message(message.ballot(), text)
    }

    /// A list such as "A, B and C".
    pub fn list(&self, set: &ProcessSet) -> Phrase {
        let mut phrase = Phrase::default();
        let last = set.len().saturating_sub(1);
        for (index, id) in (0..).zip(set.iter()) {
            match index {
                0 => {}
                _ if index == last => phrase.0.push(" and ".into()),
                _ => phrase.0.push(", ".into()),
            }
            phrase.0.push(self.process(id));
        }
        phrase
    }

    fn travels(&self, envelope: &Envelope) -> Phrase {
        phrase![
            self.message(&envelope.message),
            " from ",
            self.process(envelope.from),
            " to ",
            self.process(envelope.to)
        ]
    }

    fn vote(&self, vote: Vote) -> Phrase {
        phrase![
            self.value(vote.value),
            " in ballot ",
            self.ballot(vote.ballot)
        ]
    }

    /// The sentence for a fact.
    pub fn fact(&self, fact: &Fact) -> Phrase {
        match fact {
            Fact::Sent(envelope) => phrase![
                self.process(envelope.from),
                " sends ",
                self.message(&envelope.message),
                " to ",
                self.process(envelope.to),
            ],
            Fact::Delivered(envelope) => phrase![
                self.message(&envelope.message),
                " from ",
                self.process(envelope.from),
                " reaches ",
                self.process(envelope.to),
            ],
            Fact::Lost { envelope, why } => self.travels(envelope).and(phrase![lost(*why)]),
            Fact::Duplicated {
                envelope, by_hand, ..
            } => self.travels(envelope).and(phrase![if *by_hand {
                " is doubled by hand: the second one is on its own way"
            } else {
                " is doubled by the network: the second one is on its own way"
            }]),
            Fact::Held { envelope } => self
                .travels(envelope)
                .and(phrase![" is held until it is let go"]),
            Fact::Released { envelope } => self.travels(envelope).and(phrase![format!(
                " goes on: it has {} ms left",
                envelope.arrives.since(envelope.since)
            )]),
            Fact::Delayed { envelope, by } => self.travels(envelope).and(phrase![format!(
                " takes {by} ms longer: it was slowed down by hand"
            )]),
            Fact::Proposer { process, step } => self.proposer(*process, step),
            Fact::Acceptor { process, step } => self.acceptor(*process, step),
            Fact::Learner { process, step } => self.learner(*process, step),
            Fact::Chosen {
                vote,
                voted_by,
                before,
            } => self.chosen(*vote, voted_by, *before),
            Fact::TimedOut {
                process,
                ballot,
                by_hand,
            } => phrase![
                self.process(*process),
                if *by_hand {
                    " is told to give up ballot "
                } else {
                    " has waited long enough for ballot "
                },
                self.ballot(*ballot),
                " and tries a higher one"
            ],
            Fact::BacksOff {
                process,
                ballot,
                until,
            } => phrase![
                self.process(*process),
                " gives up ballot ",
                self.ballot(*ballot),
                format!(
                    ", which no quorum is left for, and waits a random while, until {until} ms"
                )
            ],
            Fact::Crashed { process, lost } => phrase![self.process(*process), crashed(*lost)],
            Fact::Restarted { process } => {
                phrase![self.process(*process), " restarts with what it had stored"]
            }
            Fact::Cut { link } => phrase!["The link "]
                .and(self.link(*link))
                .and(phrase![" is cut: nothing gets through"]),
            Fact::Healed { link: Some(link) } => phrase!["The link "]
                .and(self.link(*link))
                .and(phrase![" works again"]),
            Fact::Healed { link: None } => phrase!["All links work again"],
            Fact::Partitioned { groups } => self.partitioned(groups),
            Fact::AllHeld => {
                phrase!["Every message is held from now on: whoever holds them is the network"]
            }
            Fact::AllReleased => phrase!["Messages pass again, those that were held too"],
            Fact::NetworkChanged { network } => network_changed(network),
            Fact::LinkChanged { link, delay } => {
                phrase!["The link "]
                    .and(self.link(*link))
                    .and(phrase![match delay {
                        Some(delay) => format!(" takes {} from now on", range(*delay)),
                        None => " is as fast as the network again".into(),
                    }])
            }
            Fact::Waits { command } => phrase!["A command waits for its message: "]
                .and(self.wanted(command))
                .and(phrase![" is not sent yet"]),
            Fact::Refused { command, why } => self.refused(command, *why),
            Fact::Violated { invariant } => phrase![
                "An invariant is broken: ",
                invariant.name(),
                ". ",
                invariant.meaning()
            ],
        }
    }

    fn chosen(&self, vote: Vote, voted_by: &ProcessSet, before: Option<Vote>) -> Phrase {
        let of = self.cluster.quorums().acceptors().len();
        let evidence = self.list(voted_by).and(phrase![
            format!(", {} of {of}, voted in ballot ", voted_by.len()),
            self.ballot(vote.ballot)
        ]);
        let value = self.value(vote.value);
        match before {
            None => phrase![value, " is chosen: "].and(evidence),
            Some(before) if before.value == vote.value => {
                phrase![value, " is chosen once more, as it must be: "].and(evidence)
            }
            Some(before) => phrase![
                "Two values are chosen! ",
                self.value(before.value),
                " was, and now ",
                value,
                " is: "
            ]
            .and(evidence),
        }
    }
}
