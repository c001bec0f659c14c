//! A run as a scenario of its own, and played, for exports.

use crate::cluster::SetupError;
use crate::scenario::export::Played;
use crate::scenario::{Asked, Place, Scenario};

use super::Run;

impl Run {
    /// The same as a scenario, if the run has no other branches, which a scenario cannot hold.
    pub fn alone(&self, places: &[Place]) -> Option<Scenario> {
        if self.branches().len() != 1 {
            return None;
        }
        let played = self.played(Some(places)).ok()?;
        Some(played.scenario().clone())
    }

    /// The shown line up to its end, played: its scenario has the commands of the user in it, and
    /// gives the same events. If the line ends between two things of one instant, what is left of
    /// that instant happens too, since a scenario ends with an instant.
    ///
    /// What the scenario expects is what has come out, unless nobody did anything and its own
    /// expectations are met. With `places`, the processes stand there.
    ///
    /// # Errors
    /// If the scenario's setup is unsound, which that of a run is not.
    pub fn played(&self, places: Option<&[Place]>) -> Result<Played, SetupError> {
        let mut scenario = Scenario::clone(self.scenario());
        if let Some(places) = places.filter(|its| its.len() == scenario.places.len()) {
            scenario.places = places.to_vec();
        }
        let given = self.commands().map(|(at, command)| Asked {
            at: at.time,
            after: self.events_at(at) as u64,
            command: command.clone(),
        });
        // What the scenario had somebody ask for comes after what was really asked before it.
        let mut asked: Vec<Asked> = given.collect();
        let touched = !asked.is_empty();
        asked.append(&mut scenario.asked);
        asked.sort_by_key(|asked| (asked.at, asked.after));
        scenario.asked = asked;
        let (planned, end) = (scenario.until, self.end().time);
        scenario.until = end;
        let mut played = Played::of(scenario)?;
        if played.cluster().next_due().is_none() && planned >= end {
            played.end_at(planned);
        }
        let missed = played.scenario().expect.missed(played.cluster());
        Ok(match touched || !missed.is_empty() {
            true => played.expected(),
            false => played,
        })
    }
}
