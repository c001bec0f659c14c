//! A check that JavaScript drives, a slice at a time.

use js_sys::{JsString, Object, Reflect};
use paxos_playground::checker::{
    Cast, Limits, Model, Outcome, Progress, Property, Search, Stop, Symmetry, Verdict, search,
};
use paxos_playground::protocol::Rule;
use paxos_playground::scenario::{Question, Report, Scenario, counterexample};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

use super::to_js;

/// The most memory of one tab's check, in MiB, unless told otherwise: a browser gives a module
/// 4 GiB at most, and a phone less.
const MEMORY: u64 = 1_024;

/// A check under way.
#[wasm_bindgen]
pub struct Checker {
    search: Box<dyn Search>,
    model: Model,
    cast: Cast,
    scenario: Option<Scenario>,
    outcome: Option<Outcome>,
}

/// How far it is, as JavaScript sees it.
#[derive(Serialize)]
struct Status {
    distinct: u64,
    generated: u64,
    depth: u32,
    frontier: u64,
    bytes: u64,
}

impl From<Progress> for Status {
    fn from(progress: Progress) -> Self {
        let Progress {
            distinct,
            generated,
            depth,
            frontier,
            bytes,
        } = progress;
        Self {
            distinct,
            generated,
            depth,
            frontier,
            bytes,
        }
    }
}

/// What it is about, as JavaScript sees it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct About {
    acceptors: u32,
    values: u32,
    ballots: u32,
    phase1: u32,
    phase2: u32,
    broken: Vec<&'static str>,
    property: &'static str,
    symmetry: &'static str,
    proposers: Vec<String>,
    takes_more_ballots: Option<u32>,
}

#[wasm_bindgen]
impl Checker {
    /// A check of this scenario, a JSON text, or without one of as many acceptors, values and
    /// ballots as the options say.
    #[wasm_bindgen(constructor)]
    pub fn new(scenario: Option<String>, options: &JsValue) -> Result<Checker, JsError> {
        let scenario = match scenario {
            Some(text) => Some(Scenario::from_bytes(text.as_bytes())?),
            None => None,
        };
        let (question, limits) = read(options)?;
        let (model, cast) = question.model(scenario.as_ref()).map_err(option)?;
        Ok(Self {
            search: search(&model, limits).map_err(option)?,
            model,
            cast,
            scenario,
            outcome: None,
        })
    }

    /// What is checked.
    pub fn about(&self) -> Result<JsValue, JsError> {
        let model = &self.model;
        to_js(&About {
            acceptors: model.acceptors,
            values: model.values,
            ballots: model.ballots,
            phase1: model.phase1,
            phase2: model.phase2,
            broken: model.rules.broken().map(Rule::name).collect(),
            property: model.property.name(),
            symmetry: model.symmetry.name(),
            proposers: self
                .cast
                .proposers
                .iter()
                .map(|name| name.to_string())
                .collect(),
            takes_more_ballots: model.takes_more_ballots().map(|(_, ballots)| ballots),
        })
    }

    /// Expands so many states; whether the check has ended.
    pub fn advance(&mut self, states: u32) -> bool {
        if self.outcome.is_none() {
            let verdict = self.search.advance(states as usize);
            self.end(verdict);
        }
        self.outcome.is_some()
    }

    /// Ends the check where it is.
    pub fn stop(&mut self) {
        if self.outcome.is_none() {
            self.end(Some(Verdict::Incomplete(Stop::Asked)));
        }
    }

    /// How far it is.
    pub fn progress(&self) -> Result<JsValue, JsError> {
        to_js(&Status::from(self.search.progress()))
    }

    /// What came out after so many seconds; nothing if it goes on.
    pub fn result(&self, seconds: f64) -> Result<JsValue, JsError> {
        match &self.outcome {
            Some(outcome) => to_js(&Report::of(&self.model, &self.cast, outcome, seconds)),
            None => Ok(JsValue::UNDEFINED),
        }
    }

    /// The counterexample as a scenario, a JSON text; nothing if there is none.
    pub fn counterexample(&self) -> Result<Option<String>, JsError> {
        let verdict = self.outcome.as_ref().map(|outcome| &outcome.verdict);
        let Some(Verdict::Violated { invariant, trace }) = verdict else {
            return Ok(None);
        };
        let (model, cast) = (&self.model, &self.cast);
        let found = match &self.scenario {
            Some(scenario) => scenario.counterexample(model, trace, *invariant, cast),
            None => counterexample(model, trace, *invariant, cast),
        };
        Ok(Some(found?.to_json()))
    }

    fn end(&mut self, verdict: Option<Verdict>) {
        self.outcome = verdict.map(|verdict| Outcome {
            verdict,
            progress: self.search.progress(),
        });
    }
}

/// The fields of a model are the options of the same names.
fn option(error: impl std::fmt::Display) -> JsError {
    JsError::new(&format!("options.{error}"))
}

/// The options: an object, or nothing.
fn read(options: &JsValue) -> Result<(Question, Limits), JsError> {
    let mut question = Question::default();
    let mut limits = Limits {
        bytes: MEMORY << 20,
        ..Limits::default()
    };
    if options.is_undefined() || options.is_null() {
        return Ok((question, limits));
    }
    let object = options.dyn_ref::<Object>();
    let object = object.ok_or_else(|| JsError::new("options must be an object"))?;
    for key in Object::keys(object).iter() {
        let name = String::from(key.unchecked_ref::<JsString>());
        let value = Reflect::get(object, &key).unwrap_or_default();
        if value.is_undefined() {
            continue;
        }
        match name.as_str() {
            "acceptors" => question.acceptors = Some(number(&name, value)?),
            "values" => question.values = Some(number(&name, value)?),
            "ballots" => question.ballots = Some(number(&name, value)?),
            "phase1" => question.phase1 = Some(number(&name, value)?),
            "phase2" => question.phase2 = Some(number(&name, value)?),
            "break" => {
                let names: Vec<String> = field(&name, value, "a list of rules")?;
                let rules = names
                    .iter()
                    .map(|text| known(&name, text, Rule::named(text)));
                question.broken = rules.collect::<Result<_, _>>()?;
            }
            "property" => {
                let text: String = field(&name, value, "a name")?;
                question.property = Some(known(&name, &text, Property::named(&text))?);
            }
            "symmetry" => {
                let text: String = field(&name, value, "a name")?;
                question.symmetry = known(&name, &text, Symmetry::named(&text))?;
            }
            "maxStates" => limits.states = number(&name, value)?.into(),
            "maxMemory" => limits.bytes = u64::from(number(&name, value)?) << 20,
            // For who calls, not for the check.
            "signal" => {}
            _ => return Err(option(format_args!("{name} is not known"))),
        }
    }
    Ok((question, limits))
}

/// A whole number; the model says itself how large it may be.
fn number(name: &str, value: JsValue) -> Result<u32, JsError> {
    let number: f64 = field(name, value, "a whole number")?;
    if number.fract() != 0.0 || !(0.0..=f64::from(u32::MAX)).contains(&number) {
        return Err(option(format_args!(
            "{name} is {number}, and must be a whole number"
        )));
    }
    Ok(number as u32)
}

fn field<T: DeserializeOwned>(name: &str, value: JsValue, what: &str) -> Result<T, JsError> {
    let found = serde_wasm_bindgen::from_value(value);
    found.map_err(|_| option(format_args!("{name} must be {what}")))
}

fn known<T>(name: &str, text: &str, found: Option<T>) -> Result<T, JsError> {
    found.ok_or_else(|| option(format_args!("{name} is {text:?}, which is not known")))
}
