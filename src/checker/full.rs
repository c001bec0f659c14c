//! The full states: every variable of Lamport's specification, for any broken rule and any
//! property.
//!
//! `maxBal`, `maxVBal` and `maxVal` of each acceptor, and the set of messages, each with all that
//! it says. What an acceptor does with a message is asked of `protocol`'s own [`Acceptor`].

use crate::protocol::{
    Acceptor, AcceptorStep, Amnesia, Ballot, Broken, Invariant, ProcessId, Round, Rule, Rules,
    Value, Vote,
};

use super::key::{Key, each_bit, ones};
use super::messages::Choice;
use super::model::{Action, Model, ModelError, bits_for};
use super::space::Space;

/// The model with states of this kind: a block of bits for each acceptor, then the messages of
/// the proposers.
pub(super) struct Full<K> {
    model: Model,
    choice: Choice,
    crashes: Vec<Amnesia>,
    promise_width: u32,
    vote_width: u32,
    /// Within a block, by ballot: the set of promises given, and the set of values voted for.
    promises: Vec<Part>,
    votes: Vec<Part>,
    block: u32,
    /// After the blocks.
    prepared: u32,
    values: u32,
    orders: Vec<Vec<u32>>,
    key: std::marker::PhantomData<K>,
}

#[derive(Clone, Copy)]
struct Part {
    at: u32,
    width: u32,
}

/// What a promise reports, by number: no vote, or one.
fn report(vote: Option<Vote>, values: u32) -> u32 {
    vote.map_or(0, |vote| 1 + index(vote.ballot) * values + vote.value.0)
}

fn vote(report: u32, values: u32) -> Option<Vote> {
    let number = report.checked_sub(1)?;
    Some(Vote {
        ballot: ballot(number / values),
        value: Value(number % values),
    })
}

fn ballot(index: u32) -> Ballot {
    Ballot {
        round: Round(index + 1),
        proposer: ProcessId(0),
    }
}

fn index(ballot: Ballot) -> u32 {
    ballot.round.0 - 1
}

impl<K: Key> Full<K> {
    pub(super) fn new(model: &Model) -> Result<Self, ModelError> {
        let Model {
            acceptors,
            values,
            ballots,
            rules,
            ..
        } = *model;
        let promise_width = bits_for(ballots + 1);
        let vote_width = bits_for(ballots * values + 1);
        let mut block = promise_width + vote_width;
        let mut part = |width| {
            let at = block;
            block += width;
            Part { at, width }
        };
        // A vote above the promise, which a promise can then report, takes a broken rule.
        let reported = |ballot| match rules.breaks(Rule::AcceptKeepsPromise) {
            true => ballots,
            false => ballot,
        };
        let promises: Vec<Part> = (0..ballots)
            .map(|ballot| part(1 + reported(ballot) * values))
            .collect();
        let votes: Vec<Part> = (0..ballots).map(|_| part(values)).collect();
        let prepared = block * acceptors;
        let bits = prepared + ballots + ballots * values;
        // A field is at most one word.
        let widest = promises.iter().map(|part| part.width).max().unwrap_or(0);
        if bits > K::BITS || widest > 64 {
            return Err(ModelError::TooWide { bits });
        }
        let orders = match model.values_are_alike() {
            true => orders(values),
            false => Vec::new(),
        };
        Ok(Self {
            choice: Choice::of(model),
            crashes: model.crashes(),
            model: model.clone(),
            promise_width,
            vote_width,
            promises,
            votes,
            block,
            prepared,
            values: prepared + ballots,
            orders,
            key: std::marker::PhantomData,
        })
    }

    fn rules(&self) -> Rules {
        self.model.rules
    }

    pub(super) fn acceptor(&self, state: K, acceptor: u32) -> Acceptor {
        let at = acceptor * self.block;
        let promised = state.field(at, self.promise_width) as u32;
        let voted = state.field(at + self.promise_width, self.vote_width) as u32;
        let vote = vote(voted, self.model.values);
        Acceptor::stored(promised.checked_sub(1).map(ballot), vote)
    }

    fn with_acceptor(&self, state: K, acceptor: u32, now: &Acceptor) -> K {
        let at = acceptor * self.block;
        let promised = now.promised().map_or(0, |ballot| 1 + index(ballot));
        let voted = report(now.vote(), self.model.values);
        state.put(at, self.promise_width, promised.into()).put(
            at + self.promise_width,
            self.vote_width,
            voted.into(),
        )
    }

    /// The promises that an acceptor gave in a ballot: a set of reports, as bits.
    pub(super) fn promises(&self, state: K, acceptor: u32, ballot: u32) -> u64 {
        let Part { at, width } = self.promises[ballot as usize];
        state.field(acceptor * self.block + at, width)
    }

    /// The values that an acceptor voted for in a ballot, as bits.
    pub(super) fn votes(&self, state: K, acceptor: u32, ballot: u32) -> u64 {
        let Part { at, width } = self.votes[ballot as usize];
        state.field(acceptor * self.block + at, width)
    }

    pub(super) fn is_prepared(&self, state: K, ballot: u32) -> bool {
        state.field(self.prepared + ballot, 1) != 0
    }

    /// The values that were proposed in a ballot, as bits.
    pub(super) fn proposed(&self, state: K, ballot: u32) -> u64 {
        let width = self.model.values;
        state.field(self.values + ballot * width, width)
    }

    /// The values that `Phase2a` of a ballot may send, as bits: those for which *some* phase-1
    /// quorum of the acceptors that promised allows it.
    fn allowed(&self, state: K, ballot: u32) -> u64 {
        let (values, need) = (self.model.values, self.model.phase1 as usize);
        let acceptors = 0..self.model.acceptors;
        let reports = acceptors.map(|acceptor| self.promises(state, acceptor, ballot));
        let promised = reports.filter(|&set| set != 0);
        if promised.clone().count() < need {
            return 0;
        }
        let free = self.model.free_values(ballot);
        if self.choice == Choice::Own {
            return free;
        }
        let mut allowed = 0;
        if promised.clone().filter(|&set| set == 1).count() >= need {
            allowed |= free;
        }
        let mut reported = promised.clone().fold(0, |all, set| all | set) & !1;
        while reported != 0 {
            // The votes of one ballot, lowest first.
            let of = vote(reported.trailing_zeros(), values).map_or(0, |vote| index(vote.ballot));
            let first = 1 + of * values;
            let here = ones(values) << first;
            let (lower, higher) = (ones(first) & !1, !ones(first) & !here);
            // Whoever reports one that would come before it cannot be in the quorum.
            let excluding = match self.choice {
                Choice::Highest => higher,
                Choice::Lowest => lower,
                Choice::Any | Choice::Own => 0,
            };
            let quorum = promised.clone().filter(|&set| set & excluding == 0);
            if quorum.clone().count() >= need {
                let votes = quorum.fold(0, |all, set| all | set & here);
                allowed |= votes >> first;
            }
            reported &= !here;
        }
        allowed
    }

    fn has_property(&self, invariant: Invariant) -> bool {
        self.model.property.asks(invariant)
    }

    fn unless(&self, invariant: Invariant, holds: impl FnOnce() -> bool) -> Broken {
        self.model.property.unless(invariant, holds)
    }

    /// What a step of an acceptor breaks by itself.
    fn acceptor_breaks(&self, before: &Acceptor, now: &Acceptor) -> Broken {
        let voted = now.vote().map(|vote| vote.ballot);
        self.unless(Invariant::PromiseNeverFalls, || {
            now.promised() >= before.promised()
        })
        .and(self.unless(Invariant::PromiseAtLeastVote, || now.promised() >= voted))
    }

    /// Whether a promise tells the truth, and all of it.
    fn reports_truly(&self, state: K, acceptor: u32, of: u32, reported: Option<Vote>) -> bool {
        let cast = reported.is_none_or(|vote| {
            let votes = self.votes(state, acceptor, index(vote.ballot));
            votes & 1 << vote.value.0 != 0
        });
        let mut below = (0..of).rev();
        let last = below.find(|&ballot| self.votes(state, acceptor, ballot) != 0);
        cast && last <= reported.map(|vote| index(vote.ballot))
    }

    /// `SafeAt`: whether no lower ballot has chosen another value, or still can.
    fn is_safe(&self, state: K, at: u32, value: u32) -> bool {
        let could = |ballot: u32, other: u32| {
            let acceptors = 0..self.model.acceptors;
            let could = acceptors.filter(|&acceptor| {
                let promised = self.acceptor(state, acceptor).promised();
                self.votes(state, acceptor, ballot) & 1 << other != 0
                    || promised.is_none_or(|promised| index(promised) <= ballot)
            });
            could.count() >= self.model.phase2 as usize
        };
        let others = || (0..self.model.values).filter(|&other| other != value);
        (0..at).all(|ballot| !others().any(|other| could(ballot, other)))
    }

    fn one_value(&self, state: K, ballot: u32) -> bool {
        let acceptors = 0..self.model.acceptors;
        let voted = acceptors.fold(0, |all, acceptor| all | self.votes(state, acceptor, ballot));
        voted.count_ones() <= 1
    }

    /// The values that are chosen in some ballot, as bits.
    fn chosen(&self, state: K) -> u64 {
        let is_chosen = |value: u32| {
            (0..self.model.ballots).any(|ballot| {
                let acceptors = 0..self.model.acceptors;
                let voted =
                    acceptors.filter(|&who| self.votes(state, who, ballot) & 1 << value != 0);
                voted.count() >= self.model.phase2 as usize
            })
        };
        let values = (0..self.model.values).filter(|&value| is_chosen(value));
        values.fold(0, |all, value| all | 1 << value)
    }

    /// The values that a learner can believe to be chosen, as bits.
    fn learnable(&self, state: K) -> u64 {
        if !self.rules().breaks(Rule::LearnerAddsBallots) {
            return self.chosen(state);
        }
        let is_learnable = |value: u32| {
            let acceptors = 0..self.model.acceptors;
            let voted = acceptors.filter(|&who| {
                (0..self.model.ballots)
                    .any(|ballot| self.votes(state, who, ballot) & 1 << value != 0)
            });
            voted.count() >= self.model.phase2 as usize
        };
        let values = (0..self.model.values).filter(|&value| is_learnable(value));
        values.fold(0, |all, value| all | 1 << value)
    }

    /// The state with its values renamed: `order[v]` is what `v` is called.
    fn renamed(&self, state: K, order: &[u32]) -> K {
        let values = self.model.values;
        let rename = |mask: u64| each_bit(mask).fold(0, |all, v| all | 1 << order[v as usize]);
        let rename_vote = |number: u32| {
            let renamed = vote(number, values).map(|vote| Vote {
                value: Value(order[vote.value.0 as usize]),
                ..vote
            });
            report(renamed, values)
        };
        let mut renamed = state;
        for acceptor in 0..self.model.acceptors {
            let at = acceptor * self.block;
            let voted = at + self.promise_width;
            let number = state.field(voted, self.vote_width) as u32;
            renamed = renamed.put(voted, self.vote_width, rename_vote(number).into());
            for part in &self.promises {
                let set = state.field(at + part.at, part.width);
                let set = each_bit(set).fold(0, |all, number| all | 1 << rename_vote(number));
                renamed = renamed.put(at + part.at, part.width, set);
            }
            for part in &self.votes {
                let set = rename(state.field(at + part.at, part.width));
                renamed = renamed.put(at + part.at, part.width, set);
            }
        }
        for ballot in 0..self.model.ballots {
            let at = self.values + ballot * values;
            renamed = renamed.put(at, values, rename(self.proposed(state, ballot)));
        }
        renamed
    }

    /// The state with its acceptors' blocks sorted.
    fn sorted(&self, state: K) -> K {
        let words = self.block.div_ceil(64);
        let width = |word: u32| (self.block - word * 64).min(64);
        let at = |acceptor: u32, word: u32| acceptor * self.block + word * 64;
        let block = |acceptor| {
            (0..words).fold(K::default(), |block, word| {
                block.put(
                    word * 64,
                    width(word),
                    state.field(at(acceptor, word), width(word)),
                )
            })
        };
        let mut blocks: Vec<K> = (0..self.model.acceptors).map(block).collect();
        blocks.sort_unstable();
        let mut sorted = state;
        for (acceptor, block) in (0..).zip(blocks) {
            for word in 0..words {
                let bits = block.field(word * 64, width(word));
                sorted = sorted.put(at(acceptor, word), width(word), bits);
            }
        }
        sorted
    }
}

/// All orders of so many values.
pub(super) fn orders(values: u32) -> Vec<Vec<u32>> {
    let mut orders = vec![Vec::new()];
    for value in 0..values {
        let longer = orders.iter().flat_map(|order: &Vec<u32>| {
            (0..=order.len()).map(move |place| {
                let mut order = order.clone();
                order.insert(place, value);
                order
            })
        });
        orders = longer.collect();
    }
    orders
}

impl<K: Key> Space for Full<K> {
    type Key = K;

    /// A vote may be cast again after another one, and a crash sends nothing.
    fn is_graded(&self) -> bool {
        false
    }

    fn steps(&self, state: K, mut each_step: impl FnMut(Action, K, Broken)) {
        let Model {
            acceptors,
            values,
            ballots,
            rules,
            ..
        } = self.model;
        let mut step = |action, next: K, broken| {
            if next != state {
                each_step(action, next, broken);
            }
        };
        for ballot in 0..ballots {
            let next = state.with(self.prepared + ballot, 1);
            step(Action::Phase1a { ballot }, next, Broken::NOTHING);
            let mut allowed = self.allowed(state, ballot);
            let proposed = self.proposed(state, ballot);
            if proposed != 0 && !rules.breaks(Rule::SharedBallots) {
                allowed = 0;
            }
            for value in each_bit(allowed) {
                let next = state.with(self.values + ballot * values, 1 << value);
                let safe = || self.is_safe(state, ballot, value);
                let broken = self.unless(Invariant::AcceptIsSafe, safe);
                step(Action::Phase2a { ballot, value }, next, broken);
            }
        }
        for acceptor in 0..acceptors {
            let before = self.acceptor(state, acceptor);
            let block = acceptor * self.block;
            for number in 0..ballots {
                if self.is_prepared(state, number) {
                    let mut now = before.clone();
                    let did = now.on_prepare(ballot(number), rules);
                    if let AcceptorStep::Promised { vote, .. } = did {
                        let at = block + self.promises[number as usize].at;
                        let next = self.with_acceptor(state, acceptor, &now);
                        let next = next.with(at, 1 << report(vote, values));
                        let truly = || self.reports_truly(state, acceptor, number, vote);
                        let broken = self.unless(Invariant::ReportedVotesWereCast, truly);
                        let broken = broken.and(self.acceptor_breaks(&before, &now));
                        let ballot = number;
                        step(Action::Phase1b { acceptor, ballot }, next, broken);
                    }
                }
                for value in each_bit(self.proposed(state, number)) {
                    let mut now = before.clone();
                    let did = now.on_accept(ballot(number), Value(value), rules);
                    if let AcceptorStep::Voted { .. } = did {
                        let at = block + self.votes[number as usize].at;
                        let next = self.with_acceptor(state, acceptor, &now);
                        let next = next.with(at, 1 << value);
                        let one_value = || self.one_value(next, number);
                        let broken = self.unless(Invariant::OneValuePerBallot, one_value);
                        let broken = broken.and(self.acceptor_breaks(&before, &now));
                        let action = Action::Phase2b {
                            acceptor,
                            ballot: number,
                            value,
                        };
                        step(action, next, broken);
                    }
                }
            }
            for &lost in &self.crashes {
                let mut now = before.clone();
                now.forget(lost);
                let next = self.with_acceptor(state, acceptor, &now);
                let broken = self.acceptor_breaks(&before, &now);
                step(Action::Forget { acceptor, lost }, next, broken);
            }
        }
    }

    fn broken(&self, state: K) -> Broken {
        let mut broken = Broken::NOTHING;
        let asked = Invariant::ALL.into_iter();
        for invariant in asked.filter(|&invariant| self.has_property(invariant)) {
            let holds = match invariant {
                Invariant::Agreement => self.chosen(state).count_ones() <= 1,
                Invariant::Validity => self.is_valid(state),
                Invariant::LearnedImpliesChosen => self.learnable(state) & !self.chosen(state) == 0,
                // Of a step, not of a state.
                Invariant::OneValuePerBallot
                | Invariant::PromiseNeverFalls
                | Invariant::PromiseAtLeastVote
                | Invariant::ReportedVotesWereCast
                | Invariant::AcceptIsSafe => true,
            };
            broken = broken.and(Broken::unless(holds, invariant));
        }
        broken
    }

    fn is_symmetric(&self) -> bool {
        self.model.symmetry.acceptors || !self.orders.is_empty()
    }

    fn canonical(&self, state: K) -> K {
        let sorted = |state| match self.model.symmetry.acceptors {
            true => self.sorted(state),
            false => state,
        };
        let renamed = self.orders.iter().map(|order| self.renamed(state, order));
        renamed.map(sorted).min().unwrap_or_else(|| sorted(state))
    }
}

impl<K: Key> Full<K> {
    /// Whether all votes are for values that were proposed in their ballots, and those are values
    /// that some ballot's proposer wants.
    fn is_valid(&self, state: K) -> bool {
        let ballots = 0..self.model.ballots;
        let wanted = ballots
            .clone()
            .fold(0, |all, ballot| all | self.model.free_values(ballot));
        ballots.into_iter().all(|ballot| {
            let proposed = self.proposed(state, ballot);
            let mut acceptors = 0..self.model.acceptors;
            proposed & !wanted == 0
                && acceptors.all(|acceptor| self.votes(state, acceptor, ballot) & !proposed == 0)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// No rule that can be broken leads to such a state, so no search would miss this check.
    #[test]
    fn a_value_that_nobody_wants_or_that_was_not_proposed_is_not_valid() {
        let model = Model {
            wishes: Some(vec![0, 0]),
            ..Model::new(3, 2, 2)
        };
        let full = Full::<u64>::new(&model).expect("it is small");
        let proposed = |ballot: u32, value: u32| 0.with(full.values + 2 * ballot, 1 << value);
        let voted = |state: u64, acceptor: u32, ballot: usize, value: u32| {
            state.with(acceptor * full.block + full.votes[ballot].at, 1 << value)
        };
        assert!(full.is_valid(0));
        assert!(full.is_valid(proposed(1, 0)));
        assert!(!full.is_valid(proposed(1, 1)));
        assert!(full.is_valid(voted(proposed(1, 0), 2, 1, 0)));
        assert!(!full.is_valid(voted(proposed(1, 0), 2, 0, 0)));
        assert!(!full.is_valid(voted(proposed(1, 0), 2, 1, 1)));
    }

    #[test]
    fn a_promise_that_reports_a_vote_never_cast_or_hides_one_is_not_true() {
        let full = Full::<u128>::new(&Model::new(3, 2, 3)).expect("it is small");
        let state = 0.with(2 * full.block + full.votes[0].at, 1 << 1);
        let reports = |number| full.reports_truly(state, 2, 2, vote(number, 2));
        let number = |at: u32, value: u32| 1 + 2 * at + value;
        assert!(reports(number(0, 1)));
        assert!(!reports(number(0, 0)));
        assert!(!reports(number(1, 1)));
        assert!(!reports(0));
        assert!(full.reports_truly(state, 1, 2, None));
    }
}
