//! Lamport's specification as a judge: whether a step from one state to another is one of his.

use std::collections::{BTreeMap, BTreeSet};

use paxos_playground::protocol::{Ballot, ProcessId, Value};

pub use paxos_playground::scenario::lamport::{Message, State, Vote};

/// Which action a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Nothing changed: a stuttering step.
    Nothing,
    Phase1a,
    Phase1b,
    Phase2a,
    Phase2b,
    Forget,
}

/// The constants. Quorums are all sets of acceptors of at least these sizes.
#[derive(Debug)]
pub struct Paxos {
    pub quorum1: usize,
    pub quorum2: usize,
    /// What may be proposed.
    pub values: BTreeSet<Value>,
    /// Whether there is one more action, `Forget`: an acceptor loses its promise, its vote or
    /// both. It may then promise a ballot again and report something else, and a proposer counts
    /// only one promise of each acceptor. So `Phase2a` is then asked with one promise of each
    /// member of the quorum, any one, where Lamport's looks at all.
    pub forgets: bool,
}

impl Paxos {
    /// `Next`, or nothing: the action that leads from one state to the other, if there is one.
    pub fn is_step(&self, before: &State, after: &State) -> Option<Step> {
        if !before.msgs.is_subset(&after.msgs) {
            return None;
        }
        let mut sent = after.msgs.difference(&before.msgs);
        let message = sent.next();
        if sent.next().is_some() {
            return None;
        }
        if let Some(message) = message {
            return self.sends(before, after, *message);
        }
        if before == after {
            return Some(Step::Nothing);
        }
        // An acceptor that has forgotten can say once more what it said before.
        let mut said = before.msgs.iter();
        let again = said.find_map(|message| self.sends(before, after, *message));
        again.or_else(|| (self.forgets && forget(before, after)).then_some(Step::Forget))
    }

    /// The action that sends this message, if one leads from one state to the other.
    fn sends(&self, before: &State, after: &State, message: Message) -> Option<Step> {
        let (step, allowed) = match message {
            Message::P1a(_) => (Step::Phase1a, before.acceptors == after.acceptors),
            Message::P1b(a, bal, vote) => (Step::Phase1b, phase1b(before, after, a, bal, vote)),
            Message::P2a(bal, val) => {
                let allowed = before.acceptors == after.acceptors && self.phase2a(before, bal, val);
                (Step::Phase2a, allowed)
            }
            Message::P2b(a, bal, val) => (Step::Phase2b, phase2b(before, after, a, bal, val)),
        };
        allowed.then_some(step)
    }

    /// No value was sent in this ballot, and there is a quorum of promises whose highest vote is
    /// for this value; or they report none, and the value is any that may be proposed.
    fn phase2a(&self, before: &State, bal: Ballot, val: Value) -> bool {
        let mut promises: BTreeMap<ProcessId, Vec<Option<Vote>>> = BTreeMap::new();
        for message in &before.msgs {
            match *message {
                Message::P2a(ballot, _) if ballot == bal => return false,
                Message::P1b(a, ballot, vote) if ballot == bal => {
                    promises.entry(a).or_default().push(vote);
                }
                _ => {}
            }
        }
        let promises: Vec<Vec<Option<Vote>>> = promises.into_values().collect();
        quorums(&promises, self.quorum1).any(|quorum| {
            if self.forgets {
                let mut choices = one_of_each(&quorum).into_iter();
                return choices.any(|chosen| self.allows(&chosen, val));
            }
            let all: Vec<Option<Vote>> = quorum.into_iter().flatten().copied().collect();
            self.allows(&all, val)
        })
    }

    fn allows(&self, reported: &[Option<Vote>], val: Value) -> bool {
        let votes: Vec<Vote> = reported.iter().flatten().copied().collect();
        let highest = votes.iter().map(|vote| vote.0).max();
        match highest {
            None => self.values.contains(&val),
            Some(highest) => votes.contains(&(highest, val)),
        }
    }

    /// Whether a quorum has voted for this value in this ballot.
    pub fn is_chosen(&self, state: &State, (bal, val): Vote) -> bool {
        let acceptors = state.acceptors.keys();
        let voted = acceptors.filter(|&&a| state.msgs.contains(&Message::P2b(a, bal, val)));
        voted.count() >= self.quorum2
    }
}

/// A 1a message of a ballot above all that the acceptor knows: it takes it, and reports its vote.
fn phase1b(before: &State, after: &State, a: ProcessId, bal: Ballot, vote: Option<Vote>) -> bool {
    let (Some(was), Some(is)) = (before.acceptors.get(&a), after.acceptors.get(&a)) else {
        return false;
    };
    before.msgs.contains(&Message::P1a(bal))
        && Some(bal) > was.max_bal
        && vote == was.vote
        && is.max_bal == Some(bal)
        && is.vote == was.vote
        && others_are_as_before(before, after, a)
}

/// A 2a message of a ballot not below the acceptor's: it takes the ballot and votes.
fn phase2b(before: &State, after: &State, a: ProcessId, bal: Ballot, val: Value) -> bool {
    let (Some(was), Some(is)) = (before.acceptors.get(&a), after.acceptors.get(&a)) else {
        return false;
    };
    before.msgs.contains(&Message::P2a(bal, val))
        && Some(bal) >= was.max_bal
        && is.max_bal == Some(bal)
        && is.vote == Some((bal, val))
        && others_are_as_before(before, after, a)
}

/// One acceptor has lost its vote; or its promise, which falls back to the vote's ballot; or both.
fn forget(before: &State, after: &State) -> bool {
    before.acceptors.iter().any(|(&a, was)| {
        let fallen = |vote: Option<Vote>| vote.map(|(ballot, _)| ballot);
        let lost = [
            (was.max_bal, None),
            (fallen(was.vote), was.vote),
            (None, None),
        ];
        let is = after.acceptors.get(&a);
        is.is_some_and(|is| lost.contains(&(is.max_bal, is.vote)))
            && others_are_as_before(before, after, a)
    })
}

fn others_are_as_before(before: &State, after: &State, a: ProcessId) -> bool {
    let others = |state: &State| {
        let mut others = state.acceptors.clone();
        others.remove(&a);
        others
    };
    others(before) == others(after)
}

/// All sets of at least so many.
fn quorums<T>(all: &[T], least: usize) -> impl Iterator<Item = Vec<&T>> {
    let sets = (0..1_u32 << all.len()).map(move |set| {
        let members = all.iter().enumerate();
        let members = members.filter(|(index, _)| set >> index & 1 == 1);
        members.map(|(_, member)| member).collect::<Vec<&T>>()
    });
    sets.filter(move |set| set.len() >= least)
}

/// All ways to take one out of each.
fn one_of_each<T: Copy>(sets: &[&Vec<T>]) -> Vec<Vec<T>> {
    let mut ways = vec![Vec::new()];
    for set in sets {
        let longer = ways.iter().flat_map(|way: &Vec<T>| {
            set.iter().map(|&one| {
                let mut way = way.clone();
                way.push(one);
                way
            })
        });
        ways = longer.collect();
    }
    ways
}
