//! A run as a scenario: what the user did becomes a script.

use std::sync::Arc;

use crate::scenario::{Expect, Place, Scenario};

use super::Run;

impl Run {
    /// The run as a scenario, with its processes where they stand; `None` if it has several
    /// branches, or if no script gives the same events.
    pub fn to_scenario(&self, places: &[Place]) -> Option<Scenario> {
        let [branch] = self.branches() else {
            return None;
        };
        let mut scenario = Scenario::clone(&self.scenario);
        if places.len() == scenario.places.len() {
            scenario.places = places.to_vec();
        }
        scenario.until = scenario.until.max(branch.end().time);
        for recorded in branch.commands.range(0..branch.commands.len()) {
            let entry = (recorded.at.time, recorded.command.clone());
            scenario.script.push(entry);
            // What comes out is the user's doing now.
            scenario.expect = Expect::default();
        }
        let mut played = Run::new(Arc::new(scenario)).ok()?;
        played.run_until(branch.end().time);
        let all = self.line.events_at(branch.end().steps);
        let same = played.events() == super::Events::of(&self.line.events, all);
        same.then(|| Scenario::clone(&played.scenario))
    }
}
