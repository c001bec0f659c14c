//! Beginning another run: with another cluster, other rules, or the same anew.

use std::rc::Rc;
use std::sync::Arc;

use crate::cluster::{Command, Millis};
use crate::protocol::{Rule, Rules};
use crate::scenario::Scenario;

use super::earlier::Earlier;
use super::{Mode, Page};

impl Page {
    /// The scenario of the run that is shown, with its processes where they stand now.
    pub(super) fn scenario(&self) -> Scenario {
        let mut scenario = Scenario::clone(self.session.borrow().run().scenario());
        scenario.places = self.places().to_vec();
        scenario
    }

    /// The same, with all that the reader had proposed and crashed in this run.
    pub fn as_played(&self) -> Scenario {
        let mut scenario = self.scenario();
        let session = self.session.borrow();
        let commands = session.run().commands();
        let asked = commands.filter(|(_, command)| {
            matches!(command, Command::Propose { .. } | Command::Crash { .. })
        });
        // The order is all that matters to a check.
        let end = scenario.script.iter().map(|(at, _)| *at).max();
        let at = end.unwrap_or_default();
        let asked = asked.map(|(_, command)| (at, command.clone()));
        scenario.script.extend(asked);
        scenario
    }

    /// What is shown as a scenario, which plays all that was done again, and goes on from there as
    /// long as it would have.
    pub fn as_scenario(&self) -> Scenario {
        let own = self.scenario();
        let session = self.session.borrow();
        let run = session.run();
        let played = run.played(Some(self.places())).ok();
        let played = played.filter(|_| run.is_touched());
        played.map_or(own, |played| Scenario {
            until: run.scenario().until.max(run.end().time),
            // What comes out is the reader's doing now.
            expect: Default::default(),
            ..played.scenario().clone()
        })
    }

    /// Begin a run of this scenario; `why` says what it changes about the configuration.
    pub(super) fn begin(&mut self, scenario: Scenario, why: Option<String>) {
        let keep = why.is_some() && !self.session.borrow().run().is_fresh();
        self.begin_and_keep(scenario, why, keep);
    }

    /// The same. The old run is kept in any case if the reader did something in it.
    pub(super) fn begin_and_keep(
        &mut self,
        mut scenario: Scenario,
        why: Option<String>,
        keep: bool,
    ) {
        if why.is_some() {
            scenario.forget_story();
            scenario.summary = String::from("Your own cluster.");
        }
        let places = Rc::new(scenario.places.clone());
        // Where there is no list of runs, none is kept.
        let listed = self.embed.is_none();
        let keep = listed && (keep || self.session.borrow().run().is_touched());
        let old = self.session.borrow().current() + 1;
        let earlier = Earlier::of(self, why.as_deref(), keep);
        let begun = self.session.borrow_mut().begin(Arc::new(scenario), keep);
        match begun {
            Err(error) => return self.notify(format!("That cannot be done: {error}."), true),
            Ok(()) if keep => self.places.push(places),
            Ok(()) => {
                let current = self.session.borrow().current();
                self.places[current] = places;
            }
        }
        // What was wrong with something else is settled.
        self.notices.clear();
        self.before.extend(earlier);
        self.after.clear();
        // A notice is announced by itself.
        self.said = why.clone().filter(|_| !keep).unwrap_or_default().into();
        if let (Some(why), true) = (why, keep) {
            let new = self.session.borrow().runs().len();
            self.notify(
                format!(
                    "{why} Who takes part cannot change while Paxos runs, so run {new} begins; \
                     run {old} is kept."
                ),
                false,
            );
        }
        self.beyond = false;
        self.jump();
        self.mode = Mode::Paused;
    }

    /// The scenario of the run that is shown, and after its script all that the reader asked for,
    /// but for what was done to one message: in another run there is another one in its place.
    pub fn repeated(&self) -> Scenario {
        let mut scenario = self.scenario();
        let session = self.session.borrow();
        let commands = session.run().commands();
        let asked = commands.filter(|(_, command)| command.message().is_none());
        for (at, command) in asked {
            let after = scenario
                .script
                .partition_point(|&(other, _)| other <= at.time);
            scenario.script.insert(after, (at.time, command.clone()));
        }
        scenario
    }

    pub(super) fn set_rule(&mut self, rule: Rule, broken: bool) {
        let mut scenario = self.repeated();
        let others = scenario.setup.rules.broken().filter(|&other| other != rule);
        scenario.setup.rules = Rules::breaking(others.chain(broken.then_some(rule)));
        let word = if broken { "broken" } else { "kept" };
        self.begin(scenario, Some(format!("{} is {word}.", rule.name())));
    }

    pub(super) fn propose_first(&mut self, command: &Command) -> bool {
        let Command::Propose { process, .. } = command else {
            return false;
        };
        let fresh = self.session.borrow().run().is_fresh();
        let mut scenario = self.scenario();
        let planned = |(_, planned): &(Millis, Command)| matches!(planned, Command::Propose { process: other, .. } if other == process);
        if !fresh || !scenario.script.iter().any(planned) {
            return false;
        }
        scenario.script.retain(|item| !planned(item));
        scenario.script.insert(0, (Millis(0), command.clone()));
        scenario.summary = String::from("With a value of your own.");
        self.begin(scenario, None);
        self.mode = Mode::Playing;
        true
    }
}
