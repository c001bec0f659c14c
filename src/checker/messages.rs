//! The small states: nothing but the set of sent messages.
//!
//! While acceptors keep their rules, the messages say everything. An acceptor promises ever higher
//! ballots, so one bit says whether it promised a ballot; a ballot has one value, so one bit says
//! whether it voted there. Its promise is the highest ballot of the two kinds; its vote the
//! highest ballot in which it voted, with that ballot's value; and what a promise reports is the
//! highest vote below it, since no vote below a promise comes later.
//!
//! These are rules of their own, written for speed. That they are the rules of `protocol` is not
//! believed but tested, over whole state spaces, step by step.

use crate::protocol::{Broken, Invariant, Rule};

use super::key::{Key, each_bit, ones};
use super::model::{Action, Model, ModelError, bits_for};
use super::space::Space;

/// The model with states of this kind. One group of bits for each ballot, the lowest ballot
/// first: whether it was prepared, its value (0 is none), who promised, who voted.
pub(super) struct Messages<K> {
    acceptors: u32,
    ballots: u32,
    values: u32,
    phase1: u32,
    phase2: u32,
    choice: Choice,
    /// The values that each ballot may propose if it is free, as bits.
    free: Vec<u64>,
    value_width: u32,
    group: u32,
    all: u64,
    symmetric_acceptors: bool,
    symmetric_values: bool,
    key: std::marker::PhantomData<K>,
}

/// Which reported vote binds a proposer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    Highest,
    Lowest,
    Any,
    /// None does.
    Own,
}

impl Choice {
    pub(super) fn of(model: &Model) -> Self {
        let rules = model.rules;
        if rules.breaks(Rule::OwnValueAlways) {
            Choice::Own
        } else if rules.breaks(Rule::AnyVote) {
            Choice::Any
        } else if rules.breaks(Rule::LowestVote) {
            Choice::Lowest
        } else {
            Choice::Highest
        }
    }
}

impl<K: Key> Messages<K> {
    pub(super) fn new(model: &Model) -> Result<Self, ModelError> {
        let value_width = bits_for(model.values + 1);
        let group = 1 + value_width + 2 * model.acceptors;
        let bits = group * model.ballots;
        if bits > K::BITS {
            return Err(ModelError::TooWide { bits });
        }
        let hides = model.rules.breaks(Rule::PromiseHidesVote);
        Ok(Self {
            acceptors: model.acceptors,
            ballots: model.ballots,
            values: model.values,
            phase1: model.phase1,
            phase2: model.phase2,
            choice: if hides {
                Choice::Own
            } else {
                Choice::of(model)
            },
            free: (0..model.ballots).map(|b| model.free_values(b)).collect(),
            value_width,
            group,
            all: ones(model.acceptors),
            symmetric_acceptors: model.symmetry.acceptors,
            symmetric_values: model.values_are_alike(),
            key: std::marker::PhantomData,
        })
    }

    fn value_at(&self, ballot: u32) -> u32 {
        ballot * self.group + 1
    }

    fn promises_at(&self, ballot: u32) -> u32 {
        self.value_at(ballot) + self.value_width
    }

    fn votes_at(&self, ballot: u32) -> u32 {
        self.promises_at(ballot) + self.acceptors
    }

    pub(super) fn is_prepared(&self, state: K, ballot: u32) -> bool {
        state.field(ballot * self.group, 1) != 0
    }

    /// The value of a ballot and 1, or 0 if it has none yet.
    pub(super) fn value(&self, state: K, ballot: u32) -> u64 {
        state.field(self.value_at(ballot), self.value_width)
    }

    pub(super) fn promises(&self, state: K, ballot: u32) -> u64 {
        state.field(self.promises_at(ballot), self.acceptors)
    }

    pub(super) fn votes(&self, state: K, ballot: u32) -> u64 {
        state.field(self.votes_at(ballot), self.acceptors)
    }

    /// The values that `Phase2a` of a ballot may send, as bits: those for which *some* phase-1
    /// quorum of the acceptors that promised allows it.
    fn allowed(&self, state: K, ballot: u32, promised: u64) -> u64 {
        if promised.count_ones() < self.phase1 {
            return 0;
        }
        let free = self.free[ballot as usize];
        if self.choice == Choice::Own {
            return free;
        }
        let mut allowed = 0;
        // From the highest vote down: `left` are those that report none, or one this low.
        let mut left = promised;
        let mut above = 0;
        for lower in (0..ballot).rev() {
            let here = left & self.votes(state, lower);
            if here == 0 {
                continue;
            }
            let quorum_of = match self.choice {
                Choice::Highest => left,
                Choice::Lowest => promised & !(left & !here & self.voted_below(state, lower)),
                Choice::Any | Choice::Own => promised,
            };
            if quorum_of.count_ones() >= self.phase1 {
                allowed |= 1 << (self.value(state, lower) - 1);
            }
            left &= !here;
            above |= here;
        }
        if (promised & !above).count_ones() >= self.phase1 {
            allowed |= free;
        }
        allowed
    }

    fn voted_below(&self, state: K, ballot: u32) -> u64 {
        (0..ballot).fold(0, |voted, lower| voted | self.votes(state, lower))
    }
}

impl<K: Key> Space for Messages<K> {
    type Key = K;

    /// Each step sets bits and none clears any.
    fn is_graded(&self) -> bool {
        true
    }

    #[inline(always)]
    fn steps(&self, state: K, mut each: impl FnMut(Action, K, Broken)) {
        // Who promised or voted in a higher ballot, and so takes no part in this one.
        let mut gone = 0;
        for ballot in (0..self.ballots).rev() {
            let promised = self.promises(state, ballot);
            let voted = self.votes(state, ballot);
            if self.is_prepared(state, ballot) {
                let at = self.promises_at(ballot);
                for acceptor in each_bit(self.all & !(gone | promised | voted)) {
                    let action = Action::Phase1b { acceptor, ballot };
                    each(action, state.with(at, 1 << acceptor), Broken::NOTHING);
                }
            } else {
                let next = state.with(ballot * self.group, 1);
                each(Action::Phase1a { ballot }, next, Broken::NOTHING);
            }
            let value = self.value(state, ballot);
            if value != 0 {
                let (at, value) = (self.votes_at(ballot), value as u32 - 1);
                for acceptor in each_bit(self.all & !(gone | voted)) {
                    let action = Action::Phase2b {
                        acceptor,
                        ballot,
                        value,
                    };
                    each(action, state.with(at, 1 << acceptor), Broken::NOTHING);
                }
            } else {
                for value in each_bit(self.allowed(state, ballot, promised)) {
                    let next = state.with(self.value_at(ballot), u64::from(value) + 1);
                    each(Action::Phase2a { ballot, value }, next, Broken::NOTHING);
                }
            }
            gone |= promised | voted;
        }
    }

    #[inline(always)]
    fn broken(&self, state: K) -> Broken {
        let mut chosen = 0_u64;
        for ballot in 0..self.ballots {
            if self.votes(state, ballot).count_ones() >= self.phase2 {
                chosen |= 1 << self.value(state, ballot);
            }
        }
        Broken::unless(chosen & chosen.wrapping_sub(1) == 0, Invariant::Agreement)
    }

    fn is_symmetric(&self) -> bool {
        self.symmetric_acceptors || self.symmetric_values
    }

    fn canonical(&self, mut state: K) -> K {
        if self.symmetric_values {
            // Values are numbered in the order of the ballots that have them.
            let mut names = [0_u64; 1 << 5];
            let mut next = 1;
            for ballot in 0..self.ballots {
                let value = self.value(state, ballot);
                if value == 0 {
                    continue;
                }
                let name = &mut names[value as usize];
                if *name == 0 {
                    *name = next;
                    next += 1;
                }
                state = state.put(self.value_at(ballot), self.value_width, *name);
            }
            debug_assert!(next <= u64::from(self.values) + 1);
        }
        if self.symmetric_acceptors {
            // What concerns one acceptor is a column; the columns are sorted.
            let mut columns = [0_u32; super::model::ACCEPTOR_LIMIT as usize];
            let columns = &mut columns[..self.acceptors as usize];
            for ballot in 0..self.ballots {
                let (promised, voted) = (self.promises(state, ballot), self.votes(state, ballot));
                for (acceptor, column) in columns.iter_mut().enumerate() {
                    let two = (promised >> acceptor & 1) << 1 | voted >> acceptor & 1;
                    *column = *column << 2 | two as u32;
                }
            }
            columns.sort_unstable();
            for ballot in 0..self.ballots {
                let shift = 2 * (self.ballots - 1 - ballot);
                let mut rows = (0, 0);
                for (acceptor, column) in columns.iter().enumerate() {
                    rows.0 |= u64::from(column >> shift >> 1 & 1) << acceptor;
                    rows.1 |= u64::from(column >> shift & 1) << acceptor;
                }
                state = state.put(self.promises_at(ballot), self.acceptors, rows.0);
                state = state.put(self.votes_at(ballot), self.acceptors, rows.1);
            }
        }
        state
    }
}
