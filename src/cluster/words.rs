//! What happened, in words: one sentence for each fact, with its reason.
//!
//! A sentence is a [`Phrase`], a list of parts, so that a page can colour a ballot and a terminal
//! print it. Values and names are never trusted to be short or harmless: they stay text, and long
//! values are shortened.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crate::protocol::{
    AcceptorStep, Ballot, Ignored, LearnerStep, Message, ProcessId, ProcessSet, ProposerStep,
    Value, ValueSource, Vote,
};

use super::{Cluster, Command, Fact, LossReason, Obstacle, Refusal, Setup};

/// How many characters of a value are shown.
pub const VALUE_SHOWN: usize = 24;

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

/// The first characters of a text, on one line, with an ellipsis if there are more. Characters
/// that would hide or turn around what stands beside them are shown as replaced; text that runs
/// from right to left is kept apart from what surrounds it.
pub fn shorten(text: &str, limit: usize) -> String {
    let mut shown: String = text
        .chars()
        .take(limit)
        .map(|c| match c {
            _ if c.is_control() => ' ',
            _ if is_hidden(c) => char::REPLACEMENT_CHARACTER,
            _ => c,
        })
        .collect();
    if text.chars().nth(limit).is_some() {
        shown.pop();
        shown.push('…');
    }
    let turned = |c| matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fefc}');
    if shown.contains(turned) {
        shown = format!("\u{2068}{shown}\u{2069}");
    }
    shown
}

/// Marks that have no width of their own or turn the direction of writing. The joiners are not
/// among them: scripts and emoji need those.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Whether nothing of a text would be seen.
pub(super) fn is_blank(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_whitespace() || c.is_control() || is_hidden(c))
}

/// Collects the parts of a phrase: words as they are, everything else with `names.…`.
macro_rules! phrase {
    ($($part:expr),* $(,)?) => { Phrase(vec![$(Part::from($part)),*]) };
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
    shown: usize,
}

impl<'a> Names<'a> {
    /// The names of a cluster that was made of this setup.
    pub fn new(setup: &'a Setup, cluster: &'a Cluster) -> Self {
        Self {
            setup,
            cluster,
            shown: VALUE_SHOWN,
        }
    }

    /// The same, with only so many characters of a value.
    pub fn shortened(self, shown: usize) -> Self {
        Self { shown, ..self }
    }

    /// The name of a process.
    pub fn process(&self, id: ProcessId) -> Part {
        Part::Process(self.name(id))
    }

    fn name(&self, id: ProcessId) -> Arc<str> {
        let spec = self.setup.processes.get(usize::from(id.0));
        spec.map_or_else(|| format!("#{}", id.0).into(), |spec| spec.name.clone())
    }

    /// A ballot: the round, a dot, the proposer.
    pub fn ballot(&self, ballot: Ballot) -> Part {
        Part::Ballot(ballot, self.ballot_text(ballot))
    }

    /// A ballot as plain text.
    pub fn ballot_text(&self, ballot: Ballot) -> String {
        format!("{}.{}", ballot.round.0, self.name(ballot.proposer))
    }

    /// A value in quotation marks.
    pub fn value(&self, value: Value) -> Part {
        Part::Value(format!("“{}”", self.value_text(value)))
    }

    /// A value as plain text, shortened.
    pub fn value_text(&self, value: Value) -> String {
        shorten(self.cluster.text(value), self.shown)
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
            Fact::Lost { envelope, why } => phrase![
                self.message(&envelope.message),
                " from ",
                self.process(envelope.from),
                " to ",
                self.process(envelope.to),
                match why {
                    LossReason::ReceiverDown => " is lost: the receiver is down",
                },
            ],
            Fact::Proposer { process, step } => self.proposer(*process, step),
            Fact::Acceptor { process, step } => self.acceptor(*process, step),
            Fact::Learner { process, step } => self.learner(*process, step),
            Fact::Chosen {
                vote,
                voted_by,
                before,
            } => self.chosen(*vote, voted_by, *before),
            Fact::Crashed { process } => phrase![
                self.process(*process),
                " crashes: only what it had stored survives"
            ],
            Fact::Restarted { process } => {
                phrase![self.process(*process), " restarts with what it had stored"]
            }
            Fact::Refused { command, why } => self.refused(command, *why),
        }
    }

    fn proposer(&self, process: ProcessId, step: &ProposerStep) -> Phrase {
        let me = self.process(process);
        match step {
            ProposerStep::Started {
                ballot,
                wish,
                abandoned,
            } => {
                let started = phrase![
                    me,
                    " starts ballot ",
                    self.ballot(*ballot),
                    " to propose ",
                    self.value(*wish),
                    ": it sends ",
                    self.message(&Message::Prepare { ballot: *ballot }),
                    " to every acceptor"
                ];
                match abandoned {
                    None => started,
                    Some(old) => {
                        started.and(phrase![", and leaves ", self.ballot(*old), " behind"])
                    }
                }
            }
            ProposerStep::PromiseCounted {
                ballot,
                from,
                vote,
                have,
                need,
            } => {
                let counted = phrase![
                    me,
                    format!(" has {have} of {need} promises for "),
                    self.ballot(*ballot),
                    ", now from ",
                    self.process(*from)
                ];
                match vote {
                    None => counted,
                    Some(vote) => counted
                        .and(phrase![", which voted for "])
                        .and(self.vote(*vote)),
                }
            }
            ProposerStep::PromiseQuorum {
                ballot,
                promised_by,
                value,
                source,
            } => {
                let quorum = phrase![me, " has promises from "]
                    .and(self.list(promised_by))
                    .and(phrase![", a quorum for ", self.ballot(*ballot)]);
                let sends = self.message(&Message::Accept {
                    ballot: *ballot,
                    value: *value,
                });
                match source {
                    ValueSource::Own => quorum.and(phrase![
                        ". No vote was reported, so it is free to send ",
                        sends
                    ]),
                    ValueSource::Adopted { vote, instead_of } => {
                        let must = quorum
                            .and(phrase![". The highest vote reported is for "])
                            .and(self.vote(*vote))
                            .and(phrase![", so it must send ", sends]);
                        if instead_of == value {
                            must
                        } else {
                            must.and(phrase![" and not ", self.value(*instead_of)])
                        }
                    }
                }
            }
            ProposerStep::PromiseIgnored { ballot, why } => phrase![
                me,
                " does not count a promise for ",
                self.ballot(*ballot),
                ": "
            ]
            .and(self.ignored(*why, "its value is fixed already")),
            ProposerStep::VoteCounted {
                ballot,
                from,
                have,
                need,
            } => phrase![
                me,
                format!(" knows of {have} of {need} votes in "),
                self.ballot(*ballot),
                ", now from ",
                self.process(*from)
            ],
            ProposerStep::VoteQuorum {
                ballot,
                value,
                voted_by,
            } => phrase![me, " knows that ", self.value(*value), " is chosen: "]
                .and(self.list(voted_by))
                .and(phrase![" voted in ", self.ballot(*ballot)]),
            ProposerStep::VoteIgnored { ballot, why } => {
                phrase![me, " does not need a vote in ", self.ballot(*ballot), ": "]
                    .and(self.ignored(*why, "it knows already that the value is chosen"))
            }
            ProposerStep::NackNoted {
                ballot,
                from,
                promised,
                hopeless,
            } => {
                let noted = phrase![
                    me,
                    " hears that ",
                    self.process(*from),
                    " refuses ",
                    self.ballot(*ballot),
                    ", having promised ",
                    self.ballot(*promised)
                ];
                let rest = if *hopeless {
                    ". No quorum is left for this ballot: it takes a higher one"
                } else {
                    ". A quorum of the others may still do"
                };
                noted.and(phrase![rest])
            }
            ProposerStep::NackIgnored { ballot, why } => {
                phrase![me, " ignores a refusal of ", self.ballot(*ballot), ": "]
                    .and(self.ignored(*why, "the value of that ballot is chosen"))
            }
        }
    }

    fn ignored(&self, why: Ignored, phase_over: &'static str) -> Phrase {
        match why {
            Ignored::OtherBallot {
                current: Some(current),
            } => phrase!["its ballot is ", self.ballot(current), " now"],
            Ignored::OtherBallot { current: None } => {
                phrase!["it lost that ballot when it crashed"]
            }
            Ignored::Repeated => phrase!["it has counted that one already"],
            Ignored::PhaseOver => phrase![phase_over],
            Ignored::NotAnAcceptor => phrase!["the sender is no acceptor"],
        }
    }

    fn acceptor(&self, process: ProcessId, step: &AcceptorStep) -> Phrase {
        let me = self.process(process);
        match step {
            AcceptorStep::Promised {
                ballot,
                before,
                vote,
            } => {
                let promises = phrase![me, " promises ", self.ballot(*ballot)];
                let reason = match before {
                    None => phrase![": it had promised nothing"],
                    Some(before) => phrase![": higher than ", self.ballot(*before)],
                };
                let promises = promises.and(reason);
                match vote {
                    None => promises,
                    Some(vote) => promises
                        .and(phrase![". It reports its vote for "])
                        .and(self.vote(*vote)),
                }
            }
            AcceptorStep::AlreadyPromised { ballot } => phrase![
                me,
                " does nothing: it is in ballot ",
                self.ballot(*ballot),
                " already"
            ],
            AcceptorStep::PrepareRefused { ballot, promised } => phrase![
                me,
                " refuses ",
                self.message(&Message::Prepare { ballot: *ballot }),
                ": it has promised ",
                self.ballot(*promised)
            ],
            AcceptorStep::Voted { vote, before } => {
                let votes = phrase![me, " votes for "].and(self.vote(*vote));
                let reason = match before {
                    Some(before) if *before == vote.ballot => {
                        phrase![": it has promised nothing higher"]
                    }
                    Some(before) => phrase![": higher than its promise to ", self.ballot(*before)],
                    None => phrase![": it had promised nothing"],
                };
                votes.and(reason)
            }
            AcceptorStep::VotedAgain { vote } => {
                phrase![me, " says again that it voted for "].and(self.vote(*vote))
            }
            AcceptorStep::AcceptRefused { ballot, promised } => phrase![
                me,
                " refuses to vote in ballot ",
                self.ballot(*ballot),
                ": it has promised ",
                self.ballot(*promised)
            ],
        }
    }

    fn learner(&self, process: ProcessId, step: &LearnerStep) -> Phrase {
        let me = self.process(process);
        match step {
            LearnerStep::Counted {
                vote,
                from,
                have,
                need,
            } => phrase![me, format!(" has heard {have} of {need} votes for ")]
                .and(self.vote(*vote))
                .and(phrase![", now from ", self.process(*from)]),
            LearnerStep::Learned { vote, voted_by } => {
                phrase![me, " learns ", self.value(vote.value), ": "]
                    .and(self.list(voted_by))
                    .and(phrase![" voted in ballot ", self.ballot(vote.ballot)])
            }
            LearnerStep::Confirmed { vote } => phrase![
                me,
                " hears that ballot ",
                self.ballot(vote.ballot),
                " chose ",
                self.value(vote.value),
                " too, which it knows"
            ],
            LearnerStep::Contradicted { vote, learned } => {
                phrase![me, " hears that a quorum voted for "]
                    .and(self.vote(*vote))
                    .and(phrase![", but it has learned "])
                    .and(self.vote(*learned))
            }
            LearnerStep::Unneeded { vote, repeated } => {
                let why = if *repeated {
                    ": it has counted that one"
                } else {
                    ": it had enough votes of that ballot"
                };
                phrase![
                    me,
                    " needs no further vote in ",
                    self.ballot(vote.ballot),
                    why
                ]
            }
            LearnerStep::NotAnAcceptor { vote } => phrase![
                me,
                " does not count a vote in ",
                self.ballot(vote.ballot),
                ": the sender is no acceptor"
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

    fn refused(&self, command: &Command, why: Refusal) -> Phrase {
        let wanted = match command {
            Command::Propose { process, value } => phrase![
                self.process(*process),
                " cannot propose ",
                Part::Value(format!("“{}”", shorten(value, self.shown)))
            ],
            Command::Crash { process } => phrase![self.process(*process), " cannot crash"],
            Command::Restart { process } => phrase![self.process(*process), " cannot restart"],
        };
        wanted.and(phrase![": ", refusal(why)])
    }
}

/// Why a command cannot be followed, in words.
pub fn refusal(why: Refusal) -> &'static str {
    match why {
        Refusal::UnknownProcess => "there is no such process",
        Refusal::NotAProposer => "it is no proposer",
        Refusal::Down => "it is down",
        Refusal::Up => "it is up",
        Refusal::EmptyValue => "the value is empty",
        Refusal::OutOfRounds => "its ballots are used up",
    }
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Obstacle::NoAcceptor => write!(f, "there is no acceptor to vote"),
            Obstacle::NoProposer => write!(f, "there is no proposer"),
            Obstacle::NoProposerUp => write!(f, "every proposer is down"),
            Obstacle::TooFewAcceptors { up, need, of } => write!(
                f,
                "{up} of {of} acceptors {} up, and a quorum needs {need}",
                if up == 1 { "is" } else { "are" }
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_value_is_cut_at_a_character_and_says_so() {
        assert_eq!(shorten("Hello", 5), "Hello");
        assert_eq!(shorten("Hello!", 5), "Hell…");
        assert_eq!(shorten("żółwżółw", 4), "żół…");
        assert_eq!(shorten(&"x".repeat(10_000), 24).chars().count(), 24);
    }

    #[test]
    fn a_value_stays_on_its_line() {
        assert_eq!(shorten("a\nb\tc\u{7}", 10), "a b c ");
    }

    #[test]
    fn a_value_cannot_turn_around_what_stands_beside_it() {
        assert_eq!(shorten("\u{202e}abc", 10), "\u{fffd}abc");
        assert_eq!(shorten("שלום", 10), "\u{2068}שלום\u{2069}");
        assert!(is_blank(" \u{200b}\n"));
        assert!(!is_blank("👩\u{200d}🚀"));
    }
}
