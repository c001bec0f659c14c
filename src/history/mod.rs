//! Time that runs both ways: the timeline of a run, its branches, and the runs of a session.
//!
//! # What is recorded
//!
//! A cluster is a function of its setup and its commands, so a history needs to keep little. A
//! *branch* is a list of the user's commands, each with its [`Position`], and an end: how far it
//! was played. The position is the number of steps done *and* the time. A command is played again
//! after exactly the same steps, also if several things happened in that millisecond, and when the
//! clock shows the same, also if nothing had happened for a while.
//!
//! Of the branch that is *shown* there are also all events, and *keyframes*: copies of the full
//! state. To seek is to copy the keyframe before the place and to play on from it. Keyframes have a
//! budget in bytes; when it is spent, every second one goes ([`KeyframePolicy`]). Events and
//! keyframes of other branches are not kept but played again when such a branch is shown, from
//! where the two part. So a branch costs its own commands and some hundred bytes.
//!
//! # The cursor
//!
//! The *cursor* is the moment that is shown. To move it, in either direction, never changes
//! anything: what was recorded stays, and going forward again follows it, the recorded commands
//! included. Only at the end of the line does going forward make something new.
//!
//! # Branches
//!
//! A command given in the past opens a branch there. The branch that is left keeps all of its
//! future and can be shown again ([`Run::switch`]), at the moment at which it was left. If nothing
//! has happened after the cursor but the passing of time, there is no future to keep, and the
//! command continues the branch. A branch goes only by [`Run::delete`]; the branches that left it
//! are whole in themselves and stay.
//!
//! # Undo and redo
//!
//! *Undo takes back the last command at the cursor*: it shows the moment at which that was given,
//! exactly as it was. Commands of the scenario's script are no commands of the user and cannot be
//! undone. What comes next from there?
//!
//! * If the command had continued its branch, the line is now *cut* before it: it ends at the
//!   cursor, so to play on is to see what happens without the command. The cut is only in the view.
//!   Once something new happens, be it a command or a step, that is another branch, and the branch
//!   with the command is whole. To undo, play and redo again and again opens one branch, not many.
//! * If the command had opened a branch in the past of another one, one is back on that other
//!   one, at the same moment, with the future that it had.
//!
//! *Redo is the exact inverse*: it returns to the branch and the moment at which undo was asked
//! for, and to what followed there. Undo and redo nest, as in an editor. To look around (seek, step,
//! play) in between does not take redo away. A new command does, and so does switching to a branch
//! by hand; even then nothing is lost, for what was undone is still there as a branch.
//!
//! # What it costs
//!
//! `examples/seek.rs` measures, and `docs/figures.md` has what came out.
//!
//! An event takes about 72 bytes, and stays as long as its line is shown; so memory grows with the
//! length of the line, while the keyframes' share of it stays within its budget. A state grows with
//! the number of ballots, since learners remember all of them, which is why a million events have
//! few keyframes. Copying a [`Run`] takes less than 0.1 ms up to 100,000 events: copies share events and keyframes.
//!
//! **Architecture invariant:** nothing here decides what happens in a cluster. The history calls
//! [`Cluster`](crate::cluster::Cluster) to go on, and calls it in the same way again to go back.

mod branch;
mod keyframes;
mod line;
mod link;
mod log;
mod memory;
mod played;
mod run;
mod saved;

use std::sync::Arc;

use crate::cluster::SetupError;
use crate::scenario::Scenario;

pub use branch::{BRANCH_NAME_LIMIT, Branch, BranchError, BranchId};
pub use keyframes::KeyframePolicy;
pub use line::Position;
pub use link::{LINK_LIMIT, LINK_PROCESSES};
pub use log::{Events, EventsIter};
pub use run::Run;

/// All runs of a session, oldest first.
///
/// Changing who takes part is a change of the configuration, for which single-decree Paxos has no
/// rule. So another configuration begins another run, and the old one stays.
#[derive(Clone, Debug)]
pub struct Session {
    runs: Vec<Run>,
    current: usize,
}

impl Session {
    /// A session with one run.
    ///
    /// # Errors
    /// If the scenario's setup is unsound.
    pub fn new(scenario: Arc<Scenario>) -> Result<Self, SetupError> {
        Ok(Self {
            runs: vec![Run::new(scenario)?],
            current: 0,
        })
    }

    /// A session with this run.
    pub fn from_run(run: Run) -> Self {
        Self {
            runs: vec![run],
            current: 0,
        }
    }

    /// The run that is shown.
    pub fn run(&self) -> &Run {
        &self.runs[self.current]
    }

    /// The run that is shown, to be changed.
    pub fn run_mut(&mut self) -> &mut Run {
        &mut self.runs[self.current]
    }

    /// All runs, oldest first.
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// The position of the run that is shown.
    pub fn current(&self) -> usize {
        self.current
    }

    /// Show another run; one that is not there changes nothing.
    pub fn show(&mut self, index: usize) {
        if index < self.runs.len() {
            self.current = index;
        }
    }

    /// Begin a new run, after the old one or in its place.
    ///
    /// # Errors
    /// If the scenario's setup is unsound; then nothing changes.
    pub fn begin(&mut self, scenario: Arc<Scenario>, keep: bool) -> Result<(), SetupError> {
        let run = Run::new(scenario)?;
        if keep {
            self.runs.push(run);
            self.current = self.runs.len() - 1;
        } else {
            *self.run_mut() = run;
        }
        Ok(())
    }

    /// Add a run that comes from elsewhere, and show it.
    pub fn add(&mut self, run: Run) {
        self.runs.push(run);
        self.current = self.runs.len() - 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::{Command, Millis, Names, Roles};
    use crate::protocol::{Amnesia, ProcessId};
    use crate::scenario::{Place, built_in};

    fn session() -> Session {
        Session::new(Arc::new(built_in("hello").unwrap())).unwrap()
    }

    #[test]
    fn another_configuration_is_another_run_and_the_old_one_is_kept() {
        let mut session = session();
        session.run_mut().run_until(Millis(100));
        let seen = session.run().events().to_vec();
        let mut larger = Scenario::clone(session.run().scenario());
        larger.add(Roles::ACCEPTOR, Place { x: 0.0, y: 0.0 });
        assert_eq!(session.begin(Arc::new(larger), true), Ok(()));
        assert_eq!(session.run().cluster().quorums().acceptors().len(), 4);
        assert_eq!(session.run().cluster().now(), Millis(0));
        session.show(0);
        assert_eq!(session.run().events(), seen);
        assert_eq!(session.run().cluster().quorums().acceptors().len(), 3);
    }

    #[test]
    fn a_run_can_take_the_place_of_another() {
        let mut session = session();
        session.run_mut().run_until(Millis(100));
        let same = session.run().scenario().clone();
        assert_eq!(session.begin(same, false), Ok(()));
        assert_eq!(session.runs().len(), 1);
        assert!(session.run().is_fresh());
    }

    #[test]
    fn what_the_script_does_does_not_touch_a_run_and_what_somebody_asks_for_does() {
        let mut session = session();
        session.run_mut().run_until(Millis(100));
        assert!(!session.run().is_touched());
        let process = session.run().scenario().setup.id_of("A").unwrap();
        session.run_mut().apply(Command::Crash {
            process,
            amnesia: Amnesia::NONE,
        });
        assert!(session.run().is_touched());
    }

    #[test]
    fn what_lies_ahead_is_told_with_its_values() {
        for (id, _) in crate::scenario::BUILT_IN {
            let mut run = Run::new(Arc::new(built_in(id).unwrap())).unwrap();
            run.run_until(Millis(3_000));
            let told = |run: &Run| -> Vec<String> {
                let names = Names::new(&run.scenario().setup, run.cluster());
                let names = names.knowing(run.values());
                let recorded = run.recorded();
                recorded
                    .iter()
                    .map(|event| names.fact(&event.fact).to_string())
                    .collect()
            };
            let at_the_end = told(&run);
            run.seek(Millis(0));
            assert_eq!(told(&run), at_the_end, "{id}");
            let Some(process) = run.scenario().setup.id_of("P") else {
                continue;
            };
            let value = "something else".into();
            run.apply(Command::Propose { process, value });
            run.run_until(Millis(3_000));
            let other = told(&run);
            run.seek(Millis(0));
            assert_eq!(told(&run), other, "{id}, on a branch");
        }
    }

    #[test]
    fn an_unfinished_stage_is_kept_and_shared_too() {
        let mut session = session();
        let mut empty = Scenario::clone(session.run().scenario());
        empty.script.clear();
        for left in (0..empty.setup.processes.len()).rev() {
            assert_eq!(session.begin(Arc::new(empty.clone()), true), Ok(()));
            let places = &empty.places;
            let link = session.run().to_link(places);
            let shared = Run::from_link(&link).unwrap();
            assert_eq!(shared.scenario().setup, empty.setup, "{left} left");
            let runs: Vec<Vec<Place>> = session
                .runs()
                .iter()
                .map(|run| run.scenario().places.clone())
                .collect();
            let text = session.save(runs.iter().map(Vec::as_slice));
            let kept = Session::restore(&text).unwrap();
            assert_eq!(kept.run().scenario().setup, empty.setup, "{left} left");
            empty.remove(ProcessId(left as u16));
        }
    }

    #[test]
    fn an_unsound_scenario_changes_nothing() {
        let mut session = session();
        session.run_mut().run_until(Millis(100));
        let mut unsound = Scenario::clone(session.run().scenario());
        unsound.setup.phase1 = Some(9);
        assert!(session.begin(Arc::new(unsound), true).is_err());
        assert_eq!(session.runs().len(), 1);
    }
}
