//! A cluster without a picture, which JavaScript drives.

use paxos_playground::cluster::{self as world, Event, Millis};
use paxos_playground::scenario::record::{Record, Snapshot};
use paxos_playground::scenario::{Scenario, limits};
use wasm_bindgen::prelude::*;

use super::to_js;

/// A running cluster and all that has happened in it.
#[wasm_bindgen]
pub struct Cluster {
    scenario: Scenario,
    world: world::Cluster,
    events: Vec<Event>,
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
        })
    }

    /// Carries out a command now: its name, and a JSON text of what it needs. The events that it
    /// brought.
    pub fn apply(&mut self, name: &str, needs: &str) -> Result<JsValue, JsError> {
        let command = self.scenario.command(name, needs)?;
        let before = self.events.len();
        self.world.apply(command, &mut self.events);
        self.told(before)
    }

    /// Lets the next thing happen. The events that it brought, or null if nothing is left.
    pub fn step(&mut self) -> Result<JsValue, JsError> {
        let before = self.events.len();
        match self.world.step(&mut self.events) {
            true => self.told(before),
            false => Ok(JsValue::NULL),
        }
    }

    /// Lets everything happen up to this time. The events that it brought.
    #[wasm_bindgen(js_name = runUntil)]
    pub fn run_until(&mut self, ms: &JsValue) -> Result<JsValue, JsError> {
        let time = whole("ms", ms, limits::MILLIS)?;
        let before = self.events.len();
        self.world.run_until(Millis(time.into()), &mut self.events);
        self.told(before)
    }

    /// Plays the scenario to its end, as the command line does. The events that it brought.
    pub fn run(&mut self) -> Result<JsValue, JsError> {
        let before = self.events.len();
        let until = self.scenario.until;
        while self.world.next_due().is_some_and(|due| due <= until) {
            self.world.step(&mut self.events);
        }
        self.told(before)
    }

    /// How the cluster is now.
    pub fn state(&self) -> Result<JsValue, JsError> {
        to_js(&Snapshot::of(&self.scenario, &self.world, &self.events))
    }

    /// The events from this one on, counted from 0.
    pub fn events(&self, from: &JsValue) -> Result<JsValue, JsError> {
        let from = whole("from", from, u32::MAX)?;
        self.told(from as usize)
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
