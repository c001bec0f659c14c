//! The search on several threads.
//!
//! Each thread owns a share of the states, chosen by their hash: table, list and parents. In a
//! round every thread expands some of its states and sorts the successors by their owners; then
//! every thread takes in what is its own. Nothing is shared and nothing is locked. Levels are
//! finished together, so a violation found is one of the fewest steps, as with one thread.

use std::mem::take;
use std::thread::scope;

use super::key::Key;
use super::search::{Limits, Progress, Search, Stop, Verdict, Violation, name_steps};
use super::space::Space;
use super::store::Store;
use super::visited::Visited;

/// States that a thread expands in a round.
const ROUND: usize = 8_192;
/// With fewer to expand than this, threads cost more than they bring.
const ALONE: usize = 2_048;

/// A successor and the number of the state that it comes from.
type Found<K> = (K, u32);

pub(super) struct Threads<S: Space> {
    space: S,
    limits: Limits,
    shares: Vec<Share<S::Key>>,
    depth: u32,
    generated: u64,
    peak: usize,
}

/// What one thread owns.
struct Share<K> {
    visited: Visited<K>,
    states: Store<K>,
    parents: Store<u32>,
    next: usize,
    level_end: usize,
    /// Successors on their way to their owners, by owner.
    sent: Vec<Vec<Found<K>>>,
    received: Vec<Vec<Found<K>>>,
    slots: Vec<u32>,
    generated: u64,
    violation: Option<Violation<K>>,
    full: bool,
}

/// Whose a state is. The table uses the high bits of the hash, so these are low ones.
fn owner<K: Key>(state: K, shares: usize) -> usize {
    (state.hash() >> 8) as u32 as usize % shares
}

/// A state's number says whose it is and which of its states.
fn number(index: usize, share: usize, shares: usize) -> Option<u32> {
    u32::try_from(index * shares + share).ok()
}

impl<K: Key> Share<K> {
    fn new(shares: usize) -> Self {
        Self {
            visited: Visited::new(),
            states: Store::new(),
            parents: Store::new(),
            next: 0,
            level_end: 0,
            sent: vec![Vec::new(); shares],
            received: vec![Vec::new(); shares],
            slots: Vec::new(),
            generated: 0,
            violation: None,
            full: false,
        }
    }

    fn waiting(&self) -> usize {
        self.level_end - self.next
    }

    fn bytes(&self) -> usize {
        let lists = self.states.bytes() + self.parents.bytes() + self.slots.capacity() * 4;
        let found = self.sent.iter().chain(&self.received).map(Vec::capacity);
        lists + self.visited.bytes() + found.sum::<usize>() * size_of::<Found<K>>()
    }

    /// Expands up to `most` states.
    fn expand<S: Space<Key = K>>(&mut self, space: &S, me: usize, most: usize) {
        let shares = self.sent.len();
        let end = self.level_end.min(self.next + most);
        let symmetric = space.is_symmetric();
        for index in self.next..end {
            let Some(parent) = number(index, me, shares) else {
                self.full = true;
                return;
            };
            space.steps(self.states.get(index), |_, next, broken| {
                let next = if symmetric {
                    space.canonical(next)
                } else {
                    next
                };
                if !broken.is_nothing() && self.violation.is_none() {
                    self.violation = Violation::of(broken, parent as usize, next);
                }
                self.generated += 1;
                self.sent[owner(next, shares)].push((next, parent));
            });
        }
        self.next = end;
    }

    /// Takes in what the others found, within so many bytes.
    fn absorb<S: Space<Key = K>>(&mut self, space: &S, limit: usize) {
        let received = take(&mut self.received);
        for found in &received {
            let others = self.bytes() - self.visited.bytes();
            let room = limit.saturating_sub(others);
            if room < self.visited.bytes() || self.visited.reserve(found.len(), room).is_err() {
                self.full = true;
                break;
            }
            for batch in found.chunks(512) {
                self.take_in(space, batch);
            }
        }
        self.received = received;
    }

    fn take_in<S: Space<Key = K>>(&mut self, space: &S, batch: &[Found<K>]) {
        let states = batch.iter().map(|&(state, _)| state);
        self.visited.look_ahead(states, &mut self.slots);
        for (&(state, parent), &slot) in batch.iter().zip(&self.slots) {
            if !self.visited.insert(state, slot as usize) {
                continue;
            }
            if !self.states.push(state) || !self.parents.push(parent) {
                self.full = true;
                return;
            }
            let broken = space.broken(state);
            if !broken.is_nothing() && self.violation.is_none() {
                self.violation = Violation::of(broken, parent as usize, state);
            }
        }
    }
}

impl<S: Space> Threads<S> {
    pub(super) fn new(space: S, limits: Limits, threads: usize) -> Self {
        let mut shares: Vec<_> = (0..threads).map(|_| Share::new(threads)).collect();
        // The initial state is in no table: no step leads back to it.
        shares[0].states.push(S::Key::default());
        shares[0].parents.push(0);
        shares[0].level_end = 1;
        Self {
            space,
            limits,
            shares,
            depth: 1,
            generated: 1,
            peak: 0,
        }
    }

    fn found(&self) -> u64 {
        let found = self.shares.iter().map(|share| share.states.len() as u64);
        found.sum()
    }

    fn bytes(&self) -> usize {
        self.shares.iter().map(Share::bytes).sum()
    }

    /// One round; how many states it expanded.
    fn round(&mut self, most: usize) -> usize {
        let Self { space, shares, .. } = self;
        let (space, count) = (&*space, shares.len());
        let waiting: usize = shares.iter().map(Share::waiting).sum();
        let alone = waiting < ALONE;
        let most = (most / count).clamp(1, ROUND);
        if alone {
            for (me, share) in shares.iter_mut().enumerate() {
                share.expand(space, me, most);
            }
        } else {
            scope(|scope| {
                for (me, share) in shares.iter_mut().enumerate() {
                    scope.spawn(move || share.expand(space, me, most));
                }
            });
        }
        // What was received is used up, so its lists take what is found next.
        for from in 0..count {
            for to in 0..count {
                let mut spare = shares[to].received.pop().unwrap_or_default();
                spare.clear();
                let found = std::mem::replace(&mut shares[from].sent[to], spare);
                shares[to].received.insert(0, found);
            }
        }
        let limit = self.limits.memory() / count;
        if alone {
            for share in shares.iter_mut() {
                share.absorb(space, limit);
            }
        } else {
            scope(|scope| {
                for share in shares.iter_mut() {
                    scope.spawn(move || share.absorb(space, limit));
                }
            });
        }
        let left: usize = self.shares.iter().map(Share::waiting).sum();
        self.peak = self.peak.max(self.bytes());
        waiting - left
    }

    fn next_level(&mut self) -> bool {
        let graded = self.space.is_graded();
        let mut any = false;
        for share in &mut self.shares {
            any |= share.level_end < share.states.len();
            share.level_end = share.states.len();
            if graded {
                share.visited.clear();
            }
        }
        self.depth += u32::from(any);
        any
    }

    /// What the last round brought, if it was the last one.
    fn verdict(&mut self) -> Option<Verdict> {
        let found = self
            .shares
            .iter_mut()
            .filter_map(|share| share.violation.take());
        if let Some(violation) = found.min_by_key(|violation| violation.state) {
            self.depth += 1;
            return Some(self.explain(&violation));
        }
        if self.shares.iter().any(|share| share.full) {
            return Some(Verdict::Incomplete(Stop::Memory));
        }
        let full = self.found() > self.limits.states;
        full.then_some(Verdict::Incomplete(Stop::States))
    }

    fn explain(&self, violation: &Violation<S::Key>) -> Verdict {
        let count = self.shares.len();
        let mut path = vec![violation.state];
        let mut number = violation.parent;
        while number != 0 {
            let (share, index) = (&self.shares[number % count], number / count);
            path.push(share.states.get(index));
            number = share.parents.get(index) as usize;
        }
        name_steps(&self.space, path, violation.invariant)
    }
}

impl<S: Space + Send> Search for Threads<S> {
    fn advance(&mut self, states: usize) -> Option<Verdict> {
        let mut left = states;
        while left > 0 {
            let waiting: usize = self.shares.iter().map(Share::waiting).sum();
            if waiting == 0 && !self.next_level() {
                return Some(Verdict::Holds);
            }
            left = left.saturating_sub(self.round(left).max(1));
            if let Some(verdict) = self.verdict() {
                return Some(verdict);
            }
        }
        None
    }

    fn progress(&self) -> Progress {
        let waiting = self
            .shares
            .iter()
            .map(|share| share.states.len() - share.next);
        let generated: u64 = self.shares.iter().map(|share| share.generated).sum();
        Progress {
            distinct: self.found().min(self.limits.states),
            generated: self.generated + generated,
            depth: self.depth,
            frontier: waiting.sum::<usize>() as u64,
            bytes: self.peak.max(self.bytes()) as u64,
        }
    }
}
