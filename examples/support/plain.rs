//! The search as anyone would write it: a state in 128 bits, the standard library's hash set, and
//! a queue. What ours is compared with.

use std::collections::{HashMap, VecDeque};

/// Acceptors, values and ballots of the model, which fits 128 bits: no more than 3, 2 and 4.
pub struct Plain {
    pub acceptors: u32,
    pub values: u32,
    pub ballots: u32,
}

impl Plain {
    /// How many states there are.
    pub fn count(&self) -> usize {
        let mut parents = HashMap::from([(0_u128, 0_u128)]);
        let mut queue = VecDeque::from([0_u128]);
        let mut next = Vec::new();
        while let Some(state) = queue.pop_front() {
            self.steps(state, &mut next);
            for next in next.drain(..) {
                parents.entry(next).or_insert_with(|| {
                    queue.push_back(next);
                    state
                });
            }
        }
        parents.len()
    }

    /// Of an acceptor: `maxBal` + 1, `maxVBal` + 1, `maxVal`, in 7 bits.
    fn acceptor(&self, state: u128, a: u32) -> (u32, u32, u32) {
        let bits = (state >> (7 * a)) as u32;
        (bits & 7, bits >> 3 & 7, bits >> 6 & 1)
    }

    fn with_acceptor(&self, state: u128, a: u32, (bal, vbal, val): (u32, u32, u32)) -> u128 {
        state & !(127 << (7 * a)) | u128::from(bal | vbal << 3 | val << 6) << (7 * a)
    }

    /// Where the messages are: 1a, 2a with its value, 1b with what it reports, 2b.
    fn prepare(&self, b: u32) -> u32 {
        21 + b
    }

    fn accept(&self, b: u32) -> u32 {
        25 + 2 * b
    }

    fn promise(&self, a: u32, b: u32) -> u32 {
        33 + 5 * (3 * b + a)
    }

    fn vote(&self, a: u32, b: u32) -> u32 {
        93 + 3 * b + a
    }

    fn steps(&self, state: u128, out: &mut Vec<u128>) {
        let has = |at: u32| state >> at & 1 != 0;
        let value = |b: u32| (state >> self.accept(b)) as u32 & 3;
        for b in 0..self.ballots {
            if !has(self.prepare(b)) {
                out.push(state | 1 << self.prepare(b));
            }
            for v in 0..self.values {
                if value(b) == 0 && self.may_propose(state, b, v) {
                    out.push(state | u128::from(v + 1) << self.accept(b));
                }
            }
            for a in 0..self.acceptors {
                let (bal, vbal, val) = self.acceptor(state, a);
                if has(self.prepare(b)) && b + 1 > bal {
                    let report = u128::from(1 | vbal << 1 | val << 4) << self.promise(a, b);
                    out.push(self.with_acceptor(state, a, (b + 1, vbal, val)) | report);
                }
                if value(b) != 0 && b + 1 >= bal && !has(self.vote(a, b)) {
                    let voted = self.with_acceptor(state, a, (b + 1, b + 1, value(b) - 1));
                    out.push(voted | 1 << self.vote(a, b));
                }
            }
        }
    }

    fn may_propose(&self, state: u128, b: u32, v: u32) -> bool {
        let sets = 1_u32..1 << self.acceptors;
        let majority = self.acceptors / 2 + 1;
        sets.filter(|set| set.count_ones() == majority).any(|set| {
            let members = (0..self.acceptors).filter(|a| set >> a & 1 != 0);
            let mut highest = (0, 0);
            for a in members {
                let report = (state >> self.promise(a, b)) as u32;
                if report & 1 == 0 {
                    return false;
                }
                highest = highest.max((report >> 1 & 7, report >> 4 & 1));
            }
            highest.0 == 0 || highest.1 == v
        })
    }
}
