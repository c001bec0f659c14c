//! Whole state spaces, state by state: both packings are one model, and its steps are what the
//! machines of `protocol` do.

mod machines;
mod monitor;
mod packings;
mod plain;
mod symmetry;

use crate::protocol::{Rule, Rules};

use super::model::Model;

fn breaking(rules: &[Rule], acceptors: u32, values: u32, ballots: u32) -> Model {
    Model {
        rules: Rules::breaking(rules.iter().copied()),
        ..Model::new(acceptors, values, ballots)
    }
}

/// No rule, each rule, and any two of them.
fn up_to_two(rules: &[Rule]) -> Vec<Vec<Rule>> {
    let mut sets = vec![Vec::new()];
    for (index, &one) in rules.iter().enumerate() {
        sets.push(vec![one]);
        sets.extend(rules[index + 1..].iter().map(|&two| vec![one, two]));
    }
    sets
}

/// The rules that leave acceptors what they are, so that the small states serve them.
const SMALL: [Rule; 5] = [
    Rule::OwnValueAlways,
    Rule::LowestVote,
    Rule::AnyVote,
    Rule::PromiseHidesVote,
    Rule::LearnerAddsBallots,
];
