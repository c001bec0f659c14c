//! States unpacked: every variable of the specification, and nothing in fewer bits than it takes to be read.

use crate::checker::full::Full;
use crate::checker::key::Key;
use crate::checker::messages::Messages;
use crate::checker::model::Model;
use crate::checker::space::Space;
use crate::protocol::{Acceptor, Ballot, ProcessId, Round, Rule, Value, Vote};

/// A set of small numbers, as bits.
pub(super) type Set = u64;

pub(super) fn each(set: Set) -> impl Iterator<Item = u32> {
    (0..Set::BITS - set.leading_zeros()).filter(move |number| set >> number & 1 == 1)
}

/// All variables. Acceptors, ballots and values are numbered from 0.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Plain {
    /// Each acceptor's `maxBal`, `maxVBal` and `maxVal`.
    pub(super) acceptors: Vec<Acceptor>,
    /// The 1a messages: their ballots.
    pub(super) prepared: Set,
    /// The 1b messages, by ballot and then by acceptor: the numbers of their [`report`]s.
    pub(super) promises: Vec<Vec<Set>>,
    /// The 2a messages, by ballot: their values.
    pub(super) proposed: Vec<Set>,
    /// The 2b messages, by ballot and then by acceptor: their values.
    pub(super) votes: Vec<Vec<Set>>,
}

/// What a promise reports, as a number: 0 for no vote, and then by ballot and value.
pub(super) fn report(vote: Option<Vote>, model: &Model) -> u32 {
    vote.map_or(0, |vote| {
        1 + (vote.ballot.round.0 - 1) * model.values + vote.value.0
    })
}

pub(super) fn reported(report: u32, model: &Model) -> Option<Vote> {
    let number = report.checked_sub(1)?;
    Some(vote((number / model.values, number % model.values)))
}

/// A packing that can be unpacked.
pub(super) trait Unpack: Space {
    fn plain(&self, state: Self::Key, model: &Model) -> Plain;
}

pub(super) fn ballot(number: u32) -> Ballot {
    Ballot {
        round: Round(number + 1),
        proposer: ProcessId(0),
    }
}

pub(super) fn vote((number, value): (u32, u32)) -> Vote {
    Vote {
        ballot: ballot(number),
        value: Value(value),
    }
}

/// What `of` is for each ballot and each acceptor.
fn table(model: &Model, of: impl Fn(u32, u32) -> Set) -> Vec<Vec<Set>> {
    let row = |ballot| (0..model.acceptors).map(|a| of(a, ballot)).collect();
    (0..model.ballots).map(row).collect()
}

fn set(numbers: impl Iterator<Item = u32>) -> Set {
    numbers.fold(0, |set, number| set | 1 << number)
}

impl<K: Key> Unpack for Full<K> {
    fn plain(&self, state: K, model: &Model) -> Plain {
        let ballots = 0..model.ballots;
        Plain {
            acceptors: (0..model.acceptors)
                .map(|a| self.acceptor(state, a))
                .collect(),
            prepared: set(ballots.clone().filter(|&b| self.is_prepared(state, b))),
            promises: table(model, |a, b| self.promises(state, a, b)),
            proposed: ballots.map(|b| self.proposed(state, b)).collect(),
            votes: table(model, |a, b| self.votes(state, a, b)),
        }
    }
}

impl<K: Key> Unpack for Messages<K> {
    /// What the small states leave out follows from the messages, by the words of their module.
    fn plain(&self, state: K, model: &Model) -> Plain {
        let promised = |a: u32, b: u32| self.promises(state, b) >> a & 1 == 1;
        let voted = |a: u32, b: u32| self.votes(state, b) >> a & 1 == 1;
        let value = |b: u32| (self.value(state, b) as u32).checked_sub(1);
        let voted_for = |a: u32, b: u32| value(b).filter(|_| voted(a, b));
        let highest_vote_below = |a: u32, limit: u32| {
            let mut below = (0..limit).rev();
            below.find_map(|b| Some(vote((b, voted_for(a, b)?))))
        };
        let hides = model.rules.breaks(Rule::PromiseHidesVote);
        let acceptor = |a: u32| {
            let mut taken_part = (0..model.ballots).rev();
            let last = taken_part.find(|&b| promised(a, b) || voted(a, b));
            Acceptor::stored(last.map(ballot), highest_vote_below(a, model.ballots))
        };
        let ballots = 0..model.ballots;
        Plain {
            acceptors: (0..model.acceptors).map(acceptor).collect(),
            prepared: set(ballots.clone().filter(|&b| self.is_prepared(state, b))),
            promises: table(model, |a, b| {
                let vote = highest_vote_below(a, b).filter(|_| !hides);
                set(promised(a, b).then(|| report(vote, model)).into_iter())
            }),
            proposed: ballots.map(|b| set(value(b).into_iter())).collect(),
            votes: table(model, |a, b| set(voted_for(a, b).into_iter())),
        }
    }
}
