//! The result of a check, for machines.

use serde::Serialize;

use crate::checker::{Action, Cast, Model, Outcome, Verdict};

/// The result of a check: one JSON object of the command line, or of the JavaScript module.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// `holds`, `violated` or `incomplete`.
    pub verdict: &'static str,
    /// The property, or the invariant that is violated.
    pub property: &'static str,
    /// States, each counted once.
    pub distinct: u64,
    /// The initial state, and every step that changes a state.
    pub generated: u64,
    /// States on the longest shortest path, the initial one included.
    pub depth: u32,
    /// States that were found and not expanded; none if it holds.
    pub frontier: u64,
    /// Steps to the violation.
    pub steps: Option<usize>,
    /// How long it took.
    pub seconds: f64,
    /// The most memory in use at once.
    pub bytes: u64,
    /// The steps to the violation.
    pub trace: Vec<Step>,
    /// Which limit was reached, if it is incomplete.
    pub limit: Option<&'static str>,
    /// Which states count as one.
    pub symmetry: &'static str,
}

/// One step of a trace. Acceptors, ballots and values are numbered from 0.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    /// Lamport's name of the action, or `Forget`.
    pub action: &'static str,
    /// Who.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acceptor: Option<u32>,
    /// In which ballot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ballot: Option<u32>,
    /// For which value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<u32>,
    /// The step as a sentence.
    pub says: String,
}

impl Report {
    /// The result of this check.
    pub fn of(model: &Model, cast: &Cast, outcome: &Outcome, seconds: f64) -> Self {
        let progress = outcome.progress;
        let mut report = Self {
            verdict: "holds",
            property: model.property.name(),
            distinct: progress.distinct,
            generated: progress.generated,
            depth: progress.depth,
            frontier: progress.frontier,
            steps: None,
            seconds,
            bytes: progress.bytes,
            trace: Vec::new(),
            limit: None,
            symmetry: model.symmetry.name(),
        };
        match &outcome.verdict {
            Verdict::Holds => {}
            Verdict::Violated { invariant, trace } => {
                report.verdict = "violated";
                report.property = invariant.name();
                report.steps = Some(trace.len());
                report.trace = trace.iter().map(|action| Step::of(action, cast)).collect();
            }
            Verdict::Incomplete(stop) => {
                report.verdict = "incomplete";
                report.limit = Some(stop.name());
            }
        }
        report
    }
}

impl Step {
    fn of(action: &Action, cast: &Cast) -> Self {
        let (acceptor, ballot, value) = action.numbers();
        Self {
            action: action.name(),
            acceptor,
            ballot,
            value,
            says: cast.says(action),
        }
    }
}
