//! A second opinion: the crate `stateright` searches a model of Paxos that was written for it
//! alone, and finds as many states, as many steps between them and counterexamples as short.
#![cfg(not(target_arch = "wasm32"))]

mod counts;
mod paxos;
mod shortest;

use paxos::Paxos;
use paxos_playground::checker::{Limits, Model, Outcome, Property, check};
use paxos_playground::protocol::{Invariant, Rule, Rules};
use stateright::{Checker, Model as _};

/// All names after `--break`: seven rules of the messages, three of storage and one of learning.
const RULES: [&str; 11] = [
    "shared-ballots",
    "accept-ignores-promise",
    "accept-keeps-promise",
    "own-value-always",
    "lowest-vote",
    "any-vote",
    "promise-hides-vote",
    "amnesia",
    "amnesia-promise",
    "amnesia-vote",
    "learner-adds-ballots",
];

/// One question for both checkers.
#[derive(Clone, Debug)]
struct Question {
    acceptors: u32,
    values: u32,
    ballots: u32,
    quorums: Option<(u32, u32)>,
    wishes: Option<Vec<u32>>,
    broken: Vec<&'static str>,
}

impl Question {
    fn new(acceptors: u32, values: u32, ballots: u32) -> Self {
        Self {
            acceptors,
            values,
            ballots,
            quorums: None,
            wishes: None,
            broken: Vec::new(),
        }
    }

    fn quorums(mut self, phase1: u32, phase2: u32) -> Self {
        self.quorums = Some((phase1, phase2));
        self
    }

    fn wishes(mut self, wishes: &[u32]) -> Self {
        self.wishes = Some(wishes.to_vec());
        self
    }

    fn breaking(mut self, rules: &[&'static str]) -> Self {
        self.broken = rules.to_vec();
        self
    }

    /// What the playground's checker makes of it.
    fn ours(&self, property: Invariant) -> Outcome {
        let rules = self.broken.iter().map(|name| Rule::named(name).unwrap());
        let mut model = Model::new(self.acceptors, self.values, self.ballots);
        if let Some((phase1, phase2)) = self.quorums {
            (model.phase1, model.phase2) = (phase1, phase2);
        }
        model.wishes = self.wishes.clone();
        model.rules = Rules::breaking(rules);
        model.property = Property::One(property);
        check(&model, Limits::default()).unwrap()
    }

    /// What the other one makes of it. One thread: with more it is not strictly breadth-first.
    fn theirs(&self, agreement: bool) -> impl Checker<Paxos> + use<> {
        let acceptors = self.acceptors as usize;
        let majority = acceptors / 2 + 1;
        let (phase1, phase2) = match self.quorums {
            Some((phase1, phase2)) => (phase1 as usize, phase2 as usize),
            None => (majority, majority),
        };
        let paxos = Paxos {
            acceptors,
            values: self.values,
            ballots: self.ballots,
            quorums1: paxos::quorums(acceptors, phase1),
            quorums2: paxos::quorums(acceptors, phase2),
            wishes: self.wishes.clone(),
            broken: self.broken.clone(),
            agreement,
        };
        paxos.checker().threads(1).spawn_bfs().join()
    }
}
