//! Lamport's Paxos once more, for another checker: sets where the playground has bits, and not a
//! line in common with it. Slow, and meant to be read beside his TLA+ module.

use std::collections::BTreeSet;

use stateright::{Model, Property};

pub type Acceptor = usize;
pub type Ballot = u32;
pub type Value = u32;

/// What an acceptor accepted: `maxVBal` and `maxVal`, or what a promise says of them.
pub type Vote = Option<(Ballot, Value)>;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Message {
    P1a(Ballot),
    P1b(Acceptor, Ballot, Vote),
    P2a(Ballot, Value),
    P2b(Acceptor, Ballot, Value),
}

/// The variables: `maxBal`, `maxVBal` with `maxVal`, and `msgs`, from which nothing is ever taken.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct State {
    pub max_bal: Vec<Option<Ballot>>,
    pub vote: Vec<Vote>,
    pub msgs: BTreeSet<Message>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Phase1a(Ballot),
    Phase1b(Acceptor, Ballot),
    Phase2a(Ballot, Value),
    Phase2b(Acceptor, Ballot, Value),
    /// A crash that loses the promise, the vote, or both.
    Forget {
        acceptor: Acceptor,
        promise: bool,
        vote: bool,
    },
}

/// The constants, and what is wrong.
#[derive(Clone, Debug)]
pub struct Paxos {
    pub acceptors: usize,
    pub values: Value,
    pub ballots: Ballot,
    /// All sets of acceptors that are enough for a phase.
    pub quorums1: Vec<Vec<Acceptor>>,
    pub quorums2: Vec<Vec<Acceptor>>,
    /// What each ballot may propose when it is free; without, anything.
    pub wishes: Option<Vec<Value>>,
    /// The names of the broken rules.
    pub broken: Vec<&'static str>,
    /// Whether agreement is to hold. If not, something is that always does.
    pub agreement: bool,
}

/// All sets of at least so many of the acceptors.
pub fn quorums(acceptors: usize, least: usize) -> Vec<Vec<Acceptor>> {
    let sets = (0..1_u32 << acceptors).map(|set| {
        let members = (0..acceptors).filter(|acceptor| set & 1 << acceptor != 0);
        members.collect::<Vec<Acceptor>>()
    });
    sets.filter(|set| set.len() >= least).collect()
}

impl Paxos {
    pub fn breaks(&self, rule: &str) -> bool {
        self.broken.contains(&rule)
    }

    /// The values that a ballot may propose if nothing binds it. Where all proposers number their
    /// ballots alike, any of them may be the one that uses it.
    fn wanted(&self, b: Ballot, v: Value) -> bool {
        match &self.wishes {
            None => true,
            Some(wishes) if self.breaks("shared-ballots") => wishes.contains(&v),
            Some(wishes) => wishes[b as usize] == v,
        }
    }

    fn phase1a(&self, state: &State, b: Ballot) -> Option<State> {
        Some(sending(state, Message::P1a(b)))
    }

    /// An acceptor answers a 1a message of a ballot above all that it knows.
    fn phase1b(&self, state: &State, a: Acceptor, b: Ballot) -> Option<State> {
        let received = state.msgs.contains(&Message::P1a(b));
        let enabled = received && state.max_bal[a].is_none_or(|max| b > max);
        enabled.then(|| {
            let hides = self.breaks("promise-hides-vote");
            let reported = if hides { None } else { state.vote[a] };
            let mut next = sending(state, Message::P1b(a, b, reported));
            next.max_bal[a] = Some(b);
            next
        })
    }

    /// A value is proposed in a ballot that has none yet, if some quorum has promised and what it
    /// reports allows the value.
    fn phase2a(&self, state: &State, b: Ballot, v: Value) -> Option<State> {
        let in_this_ballot =
            |message: &Message| matches!(message, Message::P2a(ballot, _) if *ballot == b);
        if state.msgs.iter().any(in_this_ballot) && !self.breaks("shared-ballots") {
            return None;
        }
        let enabled = self.quorums1.iter().any(|quorum| {
            let mut promised = BTreeSet::new();
            let mut reported = Vec::new();
            for message in &state.msgs {
                if let Message::P1b(a, ballot, vote) = *message
                    && ballot == b
                    && quorum.contains(&a)
                {
                    promised.insert(a);
                    reported.extend(vote);
                }
            }
            promised.len() == quorum.len() && self.allows(&reported, b, v)
        });
        enabled.then(|| sending(state, Message::P2a(b, v)))
    }

    /// Whether these votes, reported by a quorum, let a ballot propose a value.
    fn allows(&self, reported: &[(Ballot, Value)], b: Ballot, v: Value) -> bool {
        if reported.is_empty() || self.breaks("own-value-always") {
            return self.wanted(b, v);
        }
        reported.iter().any(|&(ballot, value)| {
            let decides = if self.breaks("any-vote") {
                true
            } else if self.breaks("lowest-vote") {
                reported.iter().all(|other| ballot <= other.0)
            } else {
                reported.iter().all(|other| ballot >= other.0)
            };
            value == v && decides
        })
    }

    /// An acceptor votes as a 2a message says, unless it has promised a higher ballot.
    fn phase2b(&self, state: &State, a: Acceptor, b: Ballot, v: Value) -> Option<State> {
        let received = state.msgs.contains(&Message::P2a(b, v));
        let kept = state.max_bal[a].is_none_or(|max| b >= max);
        let enabled = received && (kept || self.breaks("accept-ignores-promise"));
        enabled.then(|| {
            let mut next = sending(state, Message::P2b(a, b, v));
            if !self.breaks("accept-keeps-promise") {
                next.max_bal[a] = Some(b);
            }
            next.vote[a] = Some((b, v));
            next
        })
    }

    fn forget(&self, state: &State, a: Acceptor, promise: bool, vote: bool) -> Option<State> {
        let rule = match (promise, vote) {
            (true, true) => "amnesia",
            (true, false) => "amnesia-promise",
            (false, _) => "amnesia-vote",
        };
        self.breaks(rule).then(|| {
            let mut next = state.clone();
            if vote {
                next.vote[a] = None;
            }
            if promise {
                next.max_bal[a] = next.vote[a].map(|(ballot, _)| ballot);
            }
            next
        })
    }

    /// Whether all of a quorum voted for a value in one ballot.
    fn is_chosen(&self, state: &State, v: Value) -> bool {
        (0..self.ballots).any(|b| {
            let voted = |a: &Acceptor| state.msgs.contains(&Message::P2b(*a, b, v));
            self.quorums2.iter().any(|quorum| quorum.iter().all(voted))
        })
    }
}

fn sending(state: &State, message: Message) -> State {
    let mut next = state.clone();
    next.msgs.insert(message);
    next
}

impl Model for Paxos {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        vec![State {
            max_bal: vec![None; self.acceptors],
            vote: vec![None; self.acceptors],
            msgs: BTreeSet::new(),
        }]
    }

    /// All that there are: whether one is enabled is the step's affair.
    fn actions(&self, _: &State, actions: &mut Vec<Action>) {
        for b in 0..self.ballots {
            actions.push(Action::Phase1a(b));
            actions.extend((0..self.values).map(|v| Action::Phase2a(b, v)));
            for a in 0..self.acceptors {
                actions.push(Action::Phase1b(a, b));
                actions.extend((0..self.values).map(|v| Action::Phase2b(a, b, v)));
            }
        }
        for acceptor in 0..self.acceptors {
            for (promise, vote) in [(true, true), (true, false), (false, true)] {
                actions.push(Action::Forget {
                    acceptor,
                    promise,
                    vote,
                });
            }
        }
    }

    fn next_state(&self, state: &State, action: Action) -> Option<State> {
        let next = match action {
            Action::Phase1a(b) => self.phase1a(state, b),
            Action::Phase1b(a, b) => self.phase1b(state, a, b),
            Action::Phase2a(b, v) => self.phase2a(state, b, v),
            Action::Phase2b(a, b, v) => self.phase2b(state, a, b, v),
            Action::Forget {
                acceptor,
                promise,
                vote,
            } => self.forget(state, acceptor, promise, vote),
        };
        next.filter(|next| next != state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        // The checker stops once nothing is left to be found, so it needs something to look for.
        vec![Property::always("property", |paxos: &Paxos, state| {
            let chosen = (0..paxos.values).filter(|&v| paxos.is_chosen(state, v));
            !paxos.agreement || chosen.count() <= 1
        })]
    }
}
