//! Scenarios: a cluster, where its processes stand, and what happens to it.
//!
//! A scenario is a JSON file; the built-in ones are such files too. Reading checks everything
//! before anything runs, and an error is one sentence that names the field by its path, with line
//! and column. What a file may not exceed is in [`limits`].
//!
//! | field | what it says | unless given |
//! |---|---|---|
//! | `version` | 1 | an error |
//! | `id`, `title`, `summary` | what it is called and shows | empty |
//! | `seed` | where the one generator starts | 0 |
//! | `processes` | `id`, `roles`, and maybe `x` (0 to 1,000) and `y` (0 to 600) of each | an error |
//! | `quorum` | the sizes `phase1`, `phase2` | majorities |
//! | `network` | `delay` in ms as `[40, 80]`, `loss` and `duplicate` from 0 to 1, `hold` | 40 to 80 ms, nothing lost, doubled or held |
//! | `rules` | `break`: names of [`Rule`](crate::protocol::Rule)s; `nack`; `prepareTo`: `all` or `majority` | Paxos; `true`; `all` |
//! | `retry` | `timeout` in ms, `backoff`: `none`, `fixed` or `random` | 400 ms; `none` |
//! | `script` | what is done: `at`, `do`, and what that needs | nothing is done |
//! | `asked` | what somebody did while it ran: as `script`, and each `after` so many events | nothing was done |
//! | `notes` | `at` or `on` (`chosen`, `adopted`, `learned`, `violation`), `title`, `text` | none |
//! | `expect` | what comes out: `chosen`, `learned`, `violation`; `null` is none | nothing fails |
//! | `until` | when the run ends, in ms | 60,000 |

mod checked;
pub mod diagram;
pub mod export;
pub(crate) mod fields;
mod file;
mod first;
pub mod goals;
pub(crate) mod json;
pub mod lamport;
mod layout;
mod library;
pub mod limits;
pub mod record;
mod report;
mod script;
mod story;
mod write;

use std::fmt;
use std::sync::Arc;

use crate::checker::first_free;
use crate::cluster::{Cluster, Command, Event, Millis, ProcessSpec, Roles, Setup, SetupError};
use crate::protocol::ProcessId;

pub use checked::{Question, counterexample};
pub use first::{FIRST, first};
pub use layout::tidy;
pub use library::{BUILT_IN, GROUPS, built_in};
pub use report::{Report, Step};
pub use story::{Expect, Expected, Missed, Note, Occasion, When};

/// The width of the plane on which processes stand; a page stretches it to the room it has.
pub const PLANE_WIDTH: f64 = 1_000.0;
/// Its height.
pub const PLANE_HEIGHT: f64 = 600.0;

/// A scenario that was read and found sound.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// A short name, as in `?scenario=hello`.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What it shows, in a sentence or two.
    pub summary: String,
    /// The cluster.
    pub setup: Setup,
    /// Where each process stands, in the order of `setup.processes`.
    pub places: Vec<Place>,
    /// What is done to the cluster, and when.
    pub script: Vec<(Millis, Command)>,
    /// What somebody asked for while it ran, in that order.
    pub asked: Vec<Asked>,
    /// What there is to read, and when.
    pub notes: Vec<Note>,
    /// What is to come out.
    pub expect: Expect,
    /// When the run ends, if something is left to happen then.
    pub until: Millis,
}

/// A command that was given at a moment of the run. The time does not say which moment that is:
/// several things may happen in the same millisecond.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// When.
    pub at: Millis,
    /// How many events there had been.
    pub after: u64,
    /// What.
    pub command: Command,
}

/// A point of the plane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// From 0, left, to [`PLANE_WIDTH`].
    pub x: f64,
    /// From 0, top, to [`PLANE_HEIGHT`].
    pub y: f64,
}

/// Why a text is no scenario: one sentence that names the field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioError(pub String);

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ScenarioError {}

impl Scenario {
    /// A cluster in tidy places and what is done to it, without a word about it.
    pub fn new(setup: Setup, script: Vec<(Millis, Command)>) -> Self {
        Self {
            id: String::new(),
            title: String::new(),
            summary: String::new(),
            places: layout::tidy(&setup.processes),
            setup,
            script,
            asked: Vec::new(),
            notes: Vec::new(),
            expect: Expect::default(),
            until: file::UNTIL,
        }
    }

    /// Leave out what is told of the cluster, which is another one from now on, and say so in the
    /// title.
    pub fn forget_story(&mut self) {
        const CHANGED: &str = ", changed";
        if self.notes.is_empty() {
            return;
        }
        self.notes.clear();
        self.expect = Expect::default();
        let title = self.title.chars();
        self.title = title.take(limits::TITLE - CHANGED.len()).collect();
        self.title += CHANGED;
    }

    /// Read a scenario from JSON.
    ///
    /// # Errors
    /// If the text is not JSON, or a field is unknown, missing or impossible.
    pub fn parse(text: &str) -> Result<Self, ScenarioError> {
        file::read(text, file::Demand::Complete)
    }

    /// The same for the stage of a session, on which there need not be an acceptor yet.
    ///
    /// # Errors
    /// As [`Scenario::parse`].
    pub(crate) fn parse_unfinished(text: &str) -> Result<Self, ScenarioError> {
        file::read(text, file::Demand::Unfinished)
    }

    /// Read a scenario from the bytes of a file.
    ///
    /// # Errors
    /// If they are no text in UTF-8, or as [`Scenario::parse`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ScenarioError> {
        file::read_bytes(bytes)
    }

    /// The scenario as JSON, which [`Scenario::parse`] reads as the same scenario, with places to
    /// the hundredth, if it keeps within [`limits`]. What is as it would be anyway is left out.
    pub fn to_json(&self) -> String {
        write::write(self)
    }

    /// Read one command to a cluster of this scenario: its name, as a `do` of the script, and a JSON
    /// object of what it needs beside that.
    ///
    /// # Errors
    /// If there is no such command, or a field is unknown, missing or impossible.
    pub fn command(&self, name: &str, needs: &str) -> Result<Command, ScenarioError> {
        script::single(name, needs, &self.setup)
    }

    /// A cluster at time 0, with the script still to come.
    ///
    /// # Errors
    /// If the setup is unsound, which a scenario that was read is not.
    pub fn cluster(&self) -> Result<Cluster, SetupError> {
        let mut cluster = Cluster::new(&self.setup)?;
        for (at, command) in &self.script {
            cluster.schedule(*at, command.clone());
        }
        for Asked { at, after, command } in &self.asked {
            cluster.schedule_after(*at, *after, command.clone());
        }
        Ok(cluster)
    }

    /// All commands of the script, and then all that was asked for.
    pub fn commands(&self) -> impl Iterator<Item = (Millis, &Command)> {
        let script = self.script.iter().map(|(at, command)| (*at, command));
        script.chain(self.asked.iter().map(|asked| (asked.at, &asked.command)))
    }

    /// Play it to its end, without a picture: until nothing is left to happen, or until its time
    /// is over. `watch` sees what each step brings, as soon as it is done.
    ///
    /// # Errors
    /// As [`Scenario::cluster`].
    pub fn play(&self, mut watch: impl FnMut(&Cluster, &[Event])) -> Result<Cluster, SetupError> {
        let mut cluster = self.cluster()?;
        let mut events = Vec::new();
        while cluster.next_due().is_some_and(|due| due <= self.until) {
            cluster.step(&mut events);
            watch(&cluster, &events);
            events.clear();
        }
        Ok(cluster)
    }

    /// Add a process, with a name of its own. The configuration changes, so this is the start of
    /// another run.
    pub fn add(&mut self, roles: Roles, place: Place) -> ProcessId {
        let name = self.free_name(roles);
        self.setup.processes.push(ProcessSpec { name, roles });
        self.places.push(place);
        ProcessId((self.setup.processes.len() - 1) as u16)
    }

    /// Take a process out, and with it what the script would do to it. The configuration changes,
    /// so this is the start of another run.
    pub fn remove(&mut self, id: ProcessId) {
        let index = usize::from(id.0);
        if index >= self.setup.processes.len() {
            return;
        }
        self.setup.processes.remove(index);
        self.places.remove(index);
        let script = std::mem::take(&mut self.script).into_iter();
        self.script = script
            .filter_map(|(at, command)| Some((at, command.without(id)?)))
            .collect();
        let asked = std::mem::take(&mut self.asked).into_iter();
        self.asked = asked
            .filter_map(|asked| {
                let command = asked.command.without(id)?;
                Some(Asked { command, ..asked })
            })
            .collect();
        self.fit_quorums();
    }

    /// Give a process other roles; none at all changes nothing.
    pub fn set_roles(&mut self, id: ProcessId, roles: Roles) {
        if !roles.is_empty()
            && let Some(spec) = self.setup.processes.get_mut(usize::from(id.0))
        {
            spec.roles = roles;
            self.fit_quorums();
        }
    }

    /// Sizes that the acceptors cannot fill any more become majorities.
    fn fit_quorums(&mut self) {
        if self.setup.quorums().is_err() {
            self.setup.phase1 = None;
            self.setup.phase2 = None;
        }
    }

    /// The first letter of the role's series that is free, then letters with numbers.
    fn free_name(&self, roles: Roles) -> Arc<str> {
        let series = if roles.proposer {
            ["P", "Q", "R", "S"].as_slice()
        } else if roles.acceptor {
            ["A", "B", "C", "D", "E", "F", "G", "H"].as_slice()
        } else {
            ["L", "M", "N"].as_slice()
        };
        let letters = series.iter().map(|&letter| Arc::from(letter));
        let numbered = (series.len() + 1..).map(|number| format!("{}{number}", series[0]).into());
        first_free(letters.chain(numbered), |name| {
            self.setup.id_of(name).is_some()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(scenario: &Scenario) -> Vec<&str> {
        let processes = scenario.setup.processes.iter();
        processes.map(|spec| &*spec.name).collect()
    }

    #[test]
    fn a_changed_scenario_can_be_read_again_however_long_its_title_is() {
        let mut scenario = built_in("hello").unwrap();
        scenario.title = "ż".repeat(limits::TITLE);
        scenario.forget_story();
        assert!(scenario.title.ends_with("ż, changed"));
        assert_eq!(scenario.title.chars().count(), limits::TITLE);
        assert_eq!(Scenario::parse(&scenario.to_json()).as_ref(), Ok(&scenario));
        let before = scenario.clone();
        scenario.forget_story();
        assert_eq!(scenario, before, "once");
    }

    #[test]
    fn added_processes_get_free_names() {
        let mut hello = built_in("hello").unwrap();
        let middle = Place { x: 500.0, y: 300.0 };
        let added = [Roles::ACCEPTOR, Roles::PROPOSER, Roles::LEARNER];
        let added = added.map(|roles| hello.add(roles, middle));
        assert_eq!(added, [5, 6, 7].map(ProcessId));
        assert_eq!(names(&hello), ["P", "A", "B", "C", "L", "D", "Q", "M"]);
        for _ in 0..100 {
            hello.add(Roles::ACCEPTOR, middle);
        }
        assert_eq!(hello.setup.validate(), Ok(()));
        assert_eq!(
            hello.setup.processes.last().map(|spec| &*spec.name),
            Some("A104")
        );
    }

    #[test]
    fn removing_a_process_keeps_the_script_of_the_others_pointing_at_them() {
        let mut hello = built_in("hello").unwrap();
        hello.remove(hello.setup.id_of("A").unwrap());
        assert_eq!(names(&hello), ["P", "B", "C", "L"]);
        assert_eq!(hello.script.len(), 1);
        hello.add(Roles::PROPOSER, Place { x: 0.0, y: 0.0 });
        hello.script.push((
            Millis(5),
            Command::Restart {
                process: hello.setup.id_of("Q").unwrap(),
            },
        ));
        hello.remove(hello.setup.id_of("P").unwrap());
        let [(_, only)] = hello.script.as_slice() else {
            panic!("{:?}", hello.script)
        };
        assert_eq!(only.process(), hello.setup.id_of("Q"));
    }

    #[test]
    fn quorums_that_no_longer_fit_become_majorities() {
        let mut hello = built_in("hello").unwrap();
        hello.setup.phase1 = Some(3);
        hello.setup.phase2 = Some(1);
        hello.remove(hello.setup.id_of("A").unwrap());
        assert_eq!(hello.setup.validate(), Ok(()));
        assert_eq!((hello.setup.phase1, hello.setup.phase2), (None, None));
    }

    #[test]
    fn a_process_keeps_at_least_one_role() {
        let mut hello = built_in("hello").unwrap();
        let before = hello.clone();
        hello.set_roles(ProcessId(1), Roles::default());
        assert_eq!(hello, before);
        let both = Roles {
            learner: true,
            ..Roles::ACCEPTOR
        };
        hello.set_roles(ProcessId(1), both);
        assert_eq!(hello.setup.spec(ProcessId(1)).roles, both);
    }

    #[test]
    fn a_command_by_itself_says_what_is_wrong_with_it() {
        let hello = built_in("hello").unwrap();
        let wrong = |name, needs| hello.command(name, needs).unwrap_err().to_string();
        let crash = wrong("crash", r#"{"process": "Z"}"#);
        assert_eq!(
            crash,
            "crash.process is \"Z\", and there is no such process"
        );
        let known = wrong("dance", "{}");
        assert!(
            known.starts_with("the command is \"dance\", and must be propose, "),
            "{known}"
        );
        assert!(wrong("heal", "{").starts_with("heal is no JSON: "));
    }
}
