//! Exports: a run that was played, for tools that outlive the page.
//!
//! Each format is text, made here without any library for drawing or parsing, so that the page and
//! the command line give the same bytes. What users typed is escaped as each format wants it.

mod itf;
mod mermaid;
mod names;
mod shiviz;
mod svg;
mod tla;

use std::fmt;

use crate::checker::ModelError;
use crate::cluster::{Cluster, Event, Millis, Names, Phrase, SetupError};
use crate::protocol::Message;

use super::{Expect, Expected, Question, Scenario, ScenarioError, limits};

/// A format of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A sequence diagram of Mermaid.
    Mermaid,
    /// The space-time diagram as a drawing.
    Svg,
    /// A trace of states, as the tools of TLA+ exchange it.
    Itf,
    /// A log with vector clocks.
    ShiViz,
    /// A TLA+ module of the cluster and its configuration: two files.
    Tla,
    /// The run as a scenario that plays it again.
    Scenario,
}

impl Format {
    /// All of them.
    pub const ALL: [Format; 6] = [
        Format::Mermaid,
        Format::Svg,
        Format::Itf,
        Format::ShiViz,
        Format::Tla,
        Format::Scenario,
    ];

    /// The name after `--as`.
    pub fn name(self) -> &'static str {
        match self {
            Format::Mermaid => "mermaid",
            Format::Svg => "svg",
            Format::Itf => "itf",
            Format::ShiViz => "shiviz",
            Format::Tla => "tla",
            Format::Scenario => "scenario",
        }
    }

    /// The format with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name() == name)
    }

    /// What it is, in a few words.
    pub fn meaning(self) -> &'static str {
        match self {
            Format::Mermaid => "a sequence diagram for Mermaid, as Markdown pages show it",
            Format::Svg => "the space-time diagram as a drawing that needs nothing else",
            Format::Itf => "the trace of Lamport's variables, as Apalache and others read it",
            Format::ShiViz => "a log with vector clocks, for ShiViz",
            Format::Tla => "a TLA+ module of the cluster and its configuration, for TLC",
            Format::Scenario => "the run as a scenario, which plays it again",
        }
    }
}

/// A file of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportFile {
    /// A name for it, safe on any system.
    pub name: String,
    /// What kind of file it is.
    pub media_type: &'static str,
    /// What is in it.
    pub text: String,
}

/// Why there is no export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExportError {
    /// What is written could not be read again.
    Scenario(ScenarioError),
    /// The cluster is too large for a model; the fields are options of the command line.
    Model(ModelError),
    /// The run is too long for this format.
    TooLong {
        /// The format.
        format: &'static str,
        /// How many there can be.
        limit: usize,
        /// Of what.
        unit: &'static str,
    },
}

impl fmt::Display for ExportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExportError::Scenario(error) => {
                write!(f, "no scenario file can hold this run: {error}")
            }
            ExportError::Model(error) => error.fmt(f),
            ExportError::TooLong {
                format,
                limit,
                unit,
            } => write!(
                f,
                "the run is too long for {format}: {limit} {unit} is the limit"
            ),
        }
    }
}

impl std::error::Error for ExportError {}

/// A run that was played: its scenario, all that happened, and the cluster at its end.
#[derive(Clone, Debug)]
pub struct Played {
    scenario: Scenario,
    cluster: Cluster,
    events: Vec<Event>,
}

impl Played {
    /// Play a scenario to its end.
    ///
    /// # Errors
    /// If its setup is unsound.
    pub fn of(scenario: Scenario) -> Result<Self, SetupError> {
        let mut events = Vec::new();
        let cluster = scenario.play(|_, more| events.extend_from_slice(more))?;
        Ok(Self {
            scenario,
            cluster,
            events,
        })
    }

    /// The scenario.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The cluster at the end.
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// All that happened.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The scenario ends at this time, before which nothing more happens.
    pub(crate) fn end_at(&mut self, until: Millis) {
        self.scenario.until = until;
    }

    /// The same, with a scenario that expects what has come out.
    pub fn expected(mut self) -> Self {
        let chosen = self.cluster.chosen();
        let failed = self.cluster.invariants();
        let first = failed
            .filter_map(|(invariant, failure)| Some((failure?.event, invariant)))
            .min_by_key(|(event, _)| *event);
        self.scenario.expect = Expect {
            chosen: chosen.map_or(Expected::Nothing, |vote| {
                Expected::Just(self.cluster.text(vote.value).clone())
            }),
            learned: Expected::Anything,
            violation: first.map_or(Expected::Nothing, |(_, invariant)| {
                Expected::Just(invariant)
            }),
        };
        self
    }

    fn names(&self) -> Names<'_> {
        Names::new(&self.scenario.setup, &self.cluster)
    }

    /// A message as the papers write it.
    fn message(&self, message: &Message) -> String {
        Phrase(vec![self.names().message(message)]).to_string()
    }

    /// What the run is called.
    fn title(&self) -> &str {
        let Scenario { title, id, .. } = &self.scenario;
        let named = [title, id].into_iter().find(|name| !name.is_empty());
        named.map_or("A run of Paxos", |name| name)
    }
}

/// The export of a run in this format. The question is only asked of a model (`tla`), as of
/// `paxos check`.
///
/// # Errors
/// If the model would be out of range, the run is too long for the format, or no scenario can hold it.
pub fn export(
    format: Format,
    played: &Played,
    question: &Question,
) -> Result<Vec<ExportFile>, ExportError> {
    let stem = names::stem(&played.scenario.id);
    let one = |ending: &str, media_type, text| {
        Ok(vec![ExportFile {
            name: format!("{stem}{ending}"),
            media_type,
            text,
        }])
    };
    match format {
        Format::Mermaid => one(".mmd", "text/vnd.mermaid", mermaid::write(played)),
        Format::Svg => one(".svg", "image/svg+xml", svg::write(played)),
        Format::Itf => one(".itf.json", "application/json", itf::write(played)?),
        Format::ShiViz => one(".log", "text/plain", shiviz::write(played)),
        Format::Scenario => one(".json", "application/json", scenario(&played.scenario)?),
        Format::Tla => {
            let tla::Module { name, module, cfg } =
                tla::write(played, question).map_err(ExportError::Model)?;
            let file = |ending: &str, text| ExportFile {
                name: format!("{name}{ending}"),
                media_type: "text/plain",
                text,
            };
            Ok(vec![file(".tla", module), file(".cfg", cfg)])
        }
    }
}

/// The scenario as text, if it could be read again.
fn scenario(scenario: &Scenario) -> Result<String, ExportError> {
    let text = scenario.to_json();
    let too_long = |limit, unit| ExportError::TooLong {
        format: "scenario",
        limit,
        unit,
    };
    if scenario.asked.len() > limits::SCRIPT {
        return Err(too_long(limits::SCRIPT, "commands"));
    }
    if text.len() > limits::FILE {
        return Err(too_long(limits::FILE, "bytes"));
    }
    Scenario::parse(&text).map_err(ExportError::Scenario)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::Command;
    use crate::scenario::{Asked, built_in};

    #[test]
    fn each_format_has_a_name_and_a_meaning() {
        for format in Format::ALL {
            assert_eq!(Format::named(format.name()), Some(format));
            assert!(format.meaning().split(' ').count() > 4, "{format:?}");
        }
    }

    fn too_long(limit: usize, unit: &'static str) -> ExportError {
        ExportError::TooLong {
            format: "scenario",
            limit,
            unit,
        }
    }

    #[test]
    fn what_could_not_be_read_again_is_refused() {
        let mut long = built_in("hello").unwrap();
        let asked = |count: usize| {
            (0..count).map(|_| Asked {
                at: Millis(1),
                after: 0,
                command: Command::Heal { link: None },
            })
        };
        long.asked = asked(limits::SCRIPT).collect();
        let text = scenario(&long).expect("as long as it may be");
        assert_eq!(Scenario::parse(&text), Ok(long.clone()));
        long.asked.extend(asked(1));
        assert_eq!(scenario(&long), Err(too_long(limits::SCRIPT, "commands")));

        let mut nobody = built_in("hello").unwrap();
        for name in ["A", "B", "C"] {
            nobody.remove(nobody.setup.id_of(name).unwrap());
        }
        let error = scenario(&nobody).unwrap_err().to_string();
        assert!(
            error.starts_with("no scenario file can hold this run: processes"),
            "{error}"
        );
    }

    #[test]
    fn a_file_may_have_as_many_bytes_as_a_reader_takes() {
        let mut large = built_in("hello").unwrap();
        let process = large.setup.id_of("P").unwrap();
        let propose = |length: usize| {
            let value = "x".repeat(length).into();
            (Millis(1), Command::Propose { process, value })
        };
        large.script = (0..10).map(|_| propose(95_000)).collect();
        large.script.push(propose(1));
        let room = limits::FILE - large.to_json().len();
        large.script[10] = propose(1 + room);
        assert_eq!(scenario(&large).map(|text| text.len()), Ok(limits::FILE));
        large.script[10] = propose(2 + room);
        assert_eq!(scenario(&large), Err(too_long(limits::FILE, "bytes")));
    }
}
