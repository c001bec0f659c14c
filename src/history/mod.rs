//! The session of one user: runs of clusters, each with what was asked for and what happened.
//!
//! Changing who takes part is a change of the configuration, for which single-decree Paxos has no
//! rule. So a session is a list of runs: another configuration begins another run, and the old
//! one stays.

use std::sync::Arc;

use crate::cluster::{Cluster, Command, Event, Fact, Millis, SetupError};
use crate::scenario::Scenario;

/// One run: what it started from, all that happened, and where it is now.
#[derive(Clone, Debug)]
pub struct Run {
    scenario: Arc<Scenario>,
    cluster: Cluster,
    events: Vec<Event>,
    asked: Vec<(Millis, Command)>,
}

impl Run {
    /// A run of a scenario, at time 0, with the script still to come.
    ///
    /// # Errors
    /// If the scenario's setup is unsound.
    pub fn new(scenario: Arc<Scenario>) -> Result<Self, SetupError> {
        let mut cluster = Cluster::new(&scenario.setup)?;
        for (at, command) in &scenario.script {
            cluster.schedule(*at, command.clone());
        }
        Ok(Self {
            scenario,
            cluster,
            events: Vec::new(),
            asked: Vec::new(),
        })
    }

    /// What the run started from.
    pub fn scenario(&self) -> &Arc<Scenario> {
        &self.scenario
    }

    /// The cluster as it is now.
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// All that happened so far.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Whether nothing has happened yet.
    pub fn is_fresh(&self) -> bool {
        self.events.is_empty()
    }

    /// Whether somebody asked for something beyond the script.
    pub fn is_touched(&self) -> bool {
        !self.asked.is_empty()
    }

    /// What was asked for beyond the script, and when.
    pub fn asked(&self) -> &[(Millis, Command)] {
        &self.asked
    }

    /// Carry out a command now.
    pub fn apply(&mut self, command: Command) {
        self.asked.push((self.cluster.now(), command.clone()));
        self.cluster.apply(command, &mut self.events);
    }

    /// Let the next thing happen; `false` if nothing is left.
    pub fn step(&mut self) -> bool {
        self.cluster.step(&mut self.events)
    }

    /// Let time pass, and what is due happen.
    pub fn run_until(&mut self, time: Millis) {
        self.cluster.run_until(time, &mut self.events);
    }

    /// When the first of these facts happened.
    pub fn when(&self, is: impl Fn(&Fact) -> bool) -> Option<Millis> {
        let event = self.events.iter().find(|event| is(&event.fact));
        event.map(|event| event.at)
    }
}

/// All runs of a session, oldest first.
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::Roles;
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
        session.run_mut().apply(Command::Crash { process });
        assert_eq!(
            session.run().asked(),
            [(Millis(100), Command::Crash { process })]
        );
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
