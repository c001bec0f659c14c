//! A cluster without a picture, which JavaScript drives.

use paxos_playground::cluster::{self as world, Event, Fact, Millis};
use paxos_playground::scenario::record::{Record, Snapshot};
use paxos_playground::scenario::{Scenario, limits};
use wasm_bindgen::prelude::*;

use super::to_js;

/// A running cluster and what has happened in it.
#[wasm_bindgen]
pub struct Cluster {
    scenario: Scenario,
    world: world::Cluster,
    /// The events that were not forgotten.
    events: Vec<Event>,
    /// How many events came before those.
    forgotten: usize,
    /// The event that first chose a value, which is not forgotten.
    chosen: Option<Event>,
}

#[wasm_bindgen]
impl Cluster {
    /// The cluster of this scenario, a JSON text, at time 0 with the script still to come.
    #[wasm_bindgen(constructor)]
    pub fn new(scenario: &str) -> Result<Cluster, JsError> {
        let scenario = Scenario::from_bytes(scenario.as_bytes())?;
        Ok(Self {
            world: scenario.cluster()?,
            scenario,
            events: Vec::new(),
            forgotten: 0,
            chosen: None,
        })
    }

    /// Carries out a command now: its name, and a JSON text of what it needs. The events that it
    /// brought.
    pub fn apply(&mut self, name: &str, needs: &str) -> Result<JsValue, JsError> {
        let command = self.scenario.command(name, needs)?;
        self.act(|world, events| world.apply(command, events))
    }

    /// Lets the next thing happen. The events that it brought, or null if nothing is left.
    pub fn step(&mut self) -> Result<JsValue, JsError> {
        let mut happened = false;
        let told = self.act(|world, events| happened = world.step(events))?;
        Ok(if happened { told } else { JsValue::NULL })
    }

    /// Lets everything happen up to this time. The events that it brought.
    #[wasm_bindgen(js_name = runUntil)]
    pub fn run_until(&mut self, ms: &JsValue) -> Result<JsValue, JsError> {
        let time = whole("ms", ms, limits::MILLIS)?;
        self.act(|world, events| world.run_until(Millis(time.into()), events))
    }

    /// Plays the scenario to its end, as the command line does. The events that it brought.
    pub fn run(&mut self) -> Result<JsValue, JsError> {
        let until = self.scenario.until;
        self.act(|world, events| {
            while world.next_due().is_some_and(|due| due <= until) {
                world.step(events);
            }
        })
    }

    /// How the cluster is now.
    pub fn state(&self) -> Result<JsValue, JsError> {
        to_js(&Snapshot::of(&self.scenario, &self.world, &self.chosen))
    }

    /// The events from this one on, counted from 0, without those that were forgotten.
    pub fn events(&self, from: &JsValue) -> Result<JsValue, JsError> {
        let from = whole("from", from, u32::MAX)? as usize;
        self.told(from.saturating_sub(self.forgotten))
    }

    /// Forgets the events so far. Those to come are counted as if it had not.
    pub fn forget(&mut self) {
        self.forgotten += self.events.len();
        self.events = Vec::new();
    }

    /// Does this, and tells the events that it brought.
    fn act(
        &mut self,
        what: impl FnOnce(&mut world::Cluster, &mut Vec<Event>),
    ) -> Result<JsValue, JsError> {
        let before = self.events.len();
        what(&mut self.world, &mut self.events);
        if self.chosen.is_none() {
            let mut new = self.events[before..].iter();
            let first = new.find(|event| matches!(event.fact, Fact::Chosen { .. }));
            self.chosen = first.cloned();
        }
        self.told(before)
    }

    fn told(&self, from: usize) -> Result<JsValue, JsError> {
        let setup = &self.scenario.setup;
        let events = self.events.get(from..).unwrap_or_default().iter();
        let records = events.map(|event| Record::of(setup, &self.world, event));
        to_js(&records.collect::<Vec<_>>())
    }
}

/// A whole number up to this one.
fn whole(name: &str, value: &JsValue, limit: u32) -> Result<u32, JsError> {
    let number = value
        .as_f64()
        .filter(|number| number.fract() == 0.0 && (0.0..=f64::from(limit)).contains(number));
    let number = number
        .ok_or_else(|| JsError::new(&format!("{name} must be a whole number from 0 to {limit}")))?;
    Ok(number as u32)
}
