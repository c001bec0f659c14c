//! A session as text, to be kept and opened again: what was chosen, not what came of it.
//!
//! Each run is its scenario and, for each branch, the commands with their places. To open it is to
//! play it again, so a text that says something impossible is an error and never a broken state.

use std::fmt::Write;

use crate::scenario::fields::Field;
use crate::scenario::limits::KEPT;
use crate::scenario::{Place, ScenarioError, json};

use super::run::rebuilt::Playing;
use super::{Run, Session};

/// The version that is written, and the only one that is read.
const VERSION: u32 = 1;
/// Steps and events of all runs together that are played again.
const PLAYED: u64 = 10_000_000;

impl Session {
    /// The session as text, with the processes of each run where they stand.
    pub fn save<'a>(&self, places: impl Iterator<Item = &'a [Place]>) -> String {
        let mut text = format!(
            "{{\"version\":{VERSION},\"current\":{},\"runs\":[",
            self.current
        );
        for (index, (run, places)) in self.runs.iter().zip(places).enumerate() {
            text.push_str(if index == 0 { "\n" } else { ",\n" });
            run.save(places, &mut text);
        }
        let _ = write!(text, "]}}");
        text
    }

    /// The session that was written.
    ///
    /// # Errors
    /// If the text is not what [`Session::save`] writes: a sentence that names the field.
    pub fn restore(text: &str) -> Result<Self, ScenarioError> {
        let wrong = |why: String| Err(ScenarioError(why));
        if text.len() > KEPT {
            return wrong(format!("the session has more than {KEPT} bytes"));
        }
        let tree = match json::parse(text) {
            Ok(tree) => tree,
            Err(problem) => return wrong(format!("the session is no JSON: {}", problem.why)),
        };
        let root = Field::root(text, &tree);
        let object = root.object(&["version", "current", "runs"])?;
        object.need("version")?.small(VERSION..=VERSION)?;
        let list = object.need("runs")?;
        let items = list.items(KEPT)?;
        let mut playing = Playing::at_most(PLAYED);
        let runs: Vec<Run> = items
            .map(|item| Run::restore(&item.of(&list), &mut playing))
            .collect::<Result<_, _>>()?;
        let current = object.need("current")?;
        let index = current.small(0..=KEPT as u32)? as usize;
        if index >= runs.len() {
            return current.wrong("is no run");
        }
        Ok(Self {
            runs,
            current: index,
        })
    }
}
