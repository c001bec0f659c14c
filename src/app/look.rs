//! How things of the protocol look: colours of ballots, words on processes, phrases as markup.

use yew::prelude::*;

use crate::cluster::{Cluster, Names, Part, Phrase, Process, Setup};
use crate::history::Run;
use crate::protocol::{Ballot, Phase, ProcessId};

/// How many colours, each with a line pattern of its own, there are.
const HUES: usize = 6;

/// What the processes of one run are called and which colour is whose.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    /// The names.
    pub names: Names<'a>,
    setup: &'a Setup,
    cluster: &'a Cluster,
}

impl<'a> Look<'a> {
    /// The look of a cluster that was made of this setup.
    pub fn new(setup: &'a Setup, cluster: &'a Cluster) -> Self {
        Self {
            names: Names::new(setup, cluster),
            setup,
            cluster,
        }
    }

    /// The same, with only so many characters of a value.
    pub fn shortened(self, shown: usize) -> Self {
        Self {
            names: self.names.shortened(shown),
            ..self
        }
    }

    /// The same for all that is recorded of a run, also what lies ahead.
    pub fn knowing(self, run: &'a Run) -> Self {
        Self {
            names: self.names.knowing(run.values()),
            ..self
        }
    }

    /// The class that gives a ballot the colour and the pattern of its proposer.
    pub fn hue(&self, ballot: Ballot) -> &'static str {
        self.hue_of(ballot.proposer)
    }

    /// The class of a proposer.
    pub fn hue_of(&self, proposer: ProcessId) -> &'static str {
        let earlier = self.setup.processes.iter().take(usize::from(proposer.0));
        let rank = earlier.filter(|spec| spec.roles.proposer).count();
        ["hue-0", "hue-1", "hue-2", "hue-3", "hue-4", "hue-5"][rank % HUES]
    }

    /// A phrase, with its ballots and messages coloured.
    pub fn phrase(&self, phrase: &Phrase) -> Html {
        phrase.0.iter().map(|part| self.part(part, false)).collect()
    }

    /// The same inside a drawing.
    pub fn spans(&self, phrase: &Phrase) -> Html {
        phrase.0.iter().map(|part| self.part(part, true)).collect()
    }

    fn part(&self, part: &Part, drawn: bool) -> Html {
        let (class, text) = match part {
            Part::Words(words) => (Classes::new(), words.to_string()),
            Part::Process(name) => (classes!("name"), name.to_string()),
            Part::Value(text) => (classes!("value"), text.clone()),
            Part::Ballot(ballot, text) | Part::Message(ballot, text) => {
                (classes!("ballot", self.hue(*ballot)), text.clone())
            }
        };
        if drawn {
            html! { <tspan {class}>{ text }</tspan> }
        } else if class.is_empty() {
            html! { { text } }
        } else {
            html! { <bdi {class}>{ text }</bdi> }
        }
    }

    /// What an onlooker sees of a process: a line for each thing that it holds.
    pub fn condition(&self, process: &Process) -> Vec<Phrase> {
        let mut lines = Vec::new();
        if !process.up {
            lines.push(words("down"));
        }
        if let Some(proposer) = &process.proposer {
            lines.extend(self.attempt(proposer.phase()));
            if let (Some(wish), Phase::Preparing { .. }) = (proposer.wish(), proposer.phase()) {
                lines.push(Phrase(vec!["wants ".into(), self.names.value(wish)]));
            }
        }
        if let Some(acceptor) = &process.acceptor {
            if let Some(ballot) = acceptor.promised() {
                lines.push(Phrase(vec!["promised ".into(), self.names.ballot(ballot)]));
            }
            if let Some(vote) = acceptor.vote() {
                let mut line = vec!["voted ".into(), self.names.value(vote.value)];
                if acceptor.promised() != Some(vote.ballot) {
                    line.extend([" in ".into(), self.names.ballot(vote.ballot)]);
                }
                lines.push(Phrase(line));
            }
        }
        if let Some(learner) = &process.learner {
            if let Some(vote) = learner.learned() {
                lines.push(Phrase(vec![
                    "learned ".into(),
                    self.names.value(vote.value),
                ]));
            } else if let Some(tally) = learner.tallies().iter().max_by_key(|t| t.vote.ballot) {
                lines.push(Phrase(vec![
                    self.count(
                        tally.voted_by.len(),
                        self.cluster.quorums().phase2(),
                        "votes",
                    )
                    .into(),
                    " in ".into(),
                    self.names.ballot(tally.vote.ballot),
                ]));
            }
        }
        lines
    }

    fn attempt(&self, phase: &Phase) -> Vec<Phrase> {
        let quorums = self.cluster.quorums();
        match phase {
            Phase::Idle => Vec::new(),
            Phase::Preparing { promised_by, .. } => vec![words(self.count(
                promised_by.len(),
                quorums.phase1(),
                "promises",
            ))],
            Phase::Accepting {
                value, voted_by, ..
            } => vec![
                words(self.count(voted_by.len(), quorums.phase2(), "votes")),
                Phrase(vec!["sends ".into(), self.names.value(*value)]),
            ],
            Phase::Done { value, .. } => {
                vec![Phrase(vec!["knows ".into(), self.names.value(*value)])]
            }
        }
    }

    fn count(&self, have: u16, need: u16, of_what: &str) -> String {
        format!("{have} of {need} {of_what}")
    }
}

fn words(text: impl Into<std::borrow::Cow<'static, str>>) -> Phrase {
    Phrase(vec![Part::Words(text.into())])
}
