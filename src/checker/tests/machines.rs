//! The steps of each state are what the machines of `protocol` do there, and no others.
//!
//! Acceptors are asked with each message that was sent. For `Phase2a` a [`Proposer`] that has
//! started the ballot gets the promises of each set of acceptors in each order.
//!
//! Where an acceptor has sent several promises in one ballot, which takes a broken rule, the model
//! and a proposer differ: Lamport's `Phase2a` looks at all promises of a quorum's members, and a
//! proposer counts the first that comes from each. So all that the model allows is what some
//! proposer would send, but a proposer may send more.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use super::plain::{Plain, Set, Unpack, ballot, each, report, reported};
use super::{SMALL, breaking, up_to_two};
use crate::checker::full::Full;
use crate::checker::key::Wide;
use crate::checker::messages::Messages;
use crate::checker::model::{Action, Model};
use crate::protocol::{
    AcceptorStep, Amnesia, Message, ProcessId, Proposer, ProposerStep, Quorums, Rule, Value,
};

/// What `protocol` does in the states of a model.
struct Machines<'a> {
    model: &'a Model,
    quorums: Quorums,
    /// What proposers of a ballot send, found out once for equal promises.
    sent: HashMap<(u32, Vec<Set>), Set>,
    /// In how many states a proposer can send what the model does not allow.
    beyond: usize,
}

impl<'a> Machines<'a> {
    fn new(model: &'a Model) -> Self {
        let acceptors = (0..model.acceptors as u16).map(ProcessId).collect();
        let (phase1, phase2) = (model.phase1 as u16, model.phase2 as u16);
        Self {
            model,
            quorums: Quorums::sized(acceptors, phase1, phase2).unwrap(),
            sent: HashMap::new(),
            beyond: 0,
        }
    }

    /// Every step but `Phase2a`.
    fn steps(&self, plain: &Plain) -> HashMap<Action, Plain> {
        let mut steps = HashMap::new();
        for number in 0..self.model.ballots {
            if plain.prepared >> number & 1 == 0 {
                let mut next = plain.clone();
                next.prepared |= 1 << number;
                steps.insert(Action::Phase1a { ballot: number }, next);
            }
        }
        for acceptor in 0..self.model.acceptors {
            self.acceptor_steps(plain, acceptor, &mut steps);
        }
        steps
    }

    fn acceptor_steps(&self, plain: &Plain, acceptor: u32, steps: &mut HashMap<Action, Plain>) {
        let rules = self.model.rules;
        let who = acceptor as usize;
        for number in 0..self.model.ballots {
            let of = number as usize;
            if plain.prepared >> number & 1 == 1 {
                let mut next = plain.clone();
                let step = next.acceptors[who].on_prepare(ballot(number), rules);
                if let AcceptorStep::Promised { .. } = step {
                    let Some(Message::Promise { vote, .. }) = step.message() else {
                        panic!("{step:?} sends no promise");
                    };
                    next.promises[of][who] |= 1 << report(vote, self.model);
                    let ballot = number;
                    steps.insert(Action::Phase1b { acceptor, ballot }, next);
                } else {
                    assert_eq!(next, *plain, "{step:?}");
                }
            }
            for value in each(plain.proposed[of]) {
                let mut next = plain.clone();
                let step = next.acceptors[who].on_accept(ballot(number), Value(value), rules);
                if let AcceptorStep::Voted { .. } = step {
                    next.votes[of][who] |= 1 << value;
                    let ballot = number;
                    let action = Action::Phase2b {
                        acceptor,
                        ballot,
                        value,
                    };
                    steps.insert(action, next);
                } else {
                    assert_eq!(next, *plain, "{step:?}");
                }
            }
        }
        let crashes = [
            (Rule::Amnesia, Amnesia::ALL),
            (Rule::AmnesiaPromise, Amnesia::PROMISE),
            (Rule::AmnesiaVote, Amnesia::VOTE),
        ];
        for (_, lost) in crashes.iter().filter(|(rule, _)| rules.breaks(*rule)) {
            let mut next = plain.clone();
            next.acceptors[who].forget(*lost);
            if next != *plain {
                let lost = *lost;
                steps.insert(Action::Forget { acceptor, lost }, next);
            }
        }
    }

    /// The values that some proposer of a ballot sends, whichever of its promises come to it, one
    /// from each acceptor, in whatever order.
    fn sent(&mut self, number: u32, promises: &[Set]) -> Set {
        let key = (number, promises.to_vec());
        if let Some(&known) = self.sent.get(&key) {
            return known;
        }
        let mut sent = 0;
        for wish in each(self.model.free_values(number)) {
            let mut proposer = Proposer::new(ProcessId(0));
            for _ in 0..=number {
                proposer.propose(Value(wish));
            }
            assert_eq!(proposer.ballot(), Some(ballot(number)));
            self.hear(&proposer, promises, 0, &mut sent);
        }
        self.sent.insert(key, sent);
        sent
    }

    /// One more of the promises comes, each in its turn; `heard` are the acceptors that came.
    fn hear(&self, proposer: &Proposer, promises: &[Set], heard: u32, all: &mut Set) {
        let (quorums, rules) = (&self.quorums, self.model.rules);
        let of = proposer.ballot().unwrap();
        let left = (0..self.model.acceptors).filter(|acceptor| heard >> acceptor & 1 == 0);
        for acceptor in left {
            for number in each(promises[acceptor as usize]) {
                let mut proposer = proposer.clone();
                let (from, vote) = (ProcessId(acceptor as u16), reported(number, self.model));
                let step = proposer.on_promise(from, of, vote, quorums, rules);
                let heard = heard | 1 << acceptor;
                match step.message() {
                    Some(Message::Accept { ballot, value }) => {
                        assert_eq!((ballot, heard.count_ones()), (of, self.model.phase1));
                        *all |= 1 << value.0;
                    }
                    Some(other) => panic!("{other:?}"),
                    None => assert!(heard.count_ones() != self.model.phase1, "{step:?}"),
                }
                // The second time it changes nothing.
                let before = proposer.clone();
                let again = proposer.on_promise(from, of, vote, quorums, rules);
                assert!(matches!(again, ProposerStep::PromiseIgnored { .. }));
                assert_eq!(proposer, before);
                self.hear(&proposer, promises, heard, all);
            }
        }
    }

    /// Compares the values that the model allows with those that proposers send.
    fn compare(&mut self, plain: &Plain, number: u32, allowed: Set) {
        let proposed = plain.proposed[number as usize];
        let promises = &plain.promises[number as usize];
        let once_each = promises.iter().all(|given| given.count_ones() <= 1);
        let shared = self.model.rules.breaks(Rule::SharedBallots);
        // A proposer uses a ballot once, and nobody else does.
        let sent = match proposed {
            0 => self.sent(number, promises),
            _ if shared => self.sent(number, promises) & !proposed,
            _ => 0,
        };
        assert!(
            allowed & !sent == 0 && (allowed == sent || !once_each),
            "the model allows {allowed:b} in ballot {number}, proposers send {sent:b}: {plain:?}"
        );
        self.beyond += usize::from(allowed != sent);
    }
}

/// Compares all steps of all states; how many times a proposer can send more than the model.
fn compare<S: Unpack>(space: &S, model: &Model) -> usize
where
    S::Key: Hash,
{
    let mut machines = Machines::new(model);
    let mut known = HashSet::from([S::Key::default()]);
    let mut left = vec![S::Key::default()];
    while let Some(state) = left.pop() {
        let plain = space.plain(state, model);
        let mut expected = machines.steps(&plain);
        let mut allowed = vec![0; model.ballots as usize];
        space.steps(state, |action, next, _| {
            if known.insert(next) {
                left.push(next);
            }
            let next = space.plain(next, model);
            if let Action::Phase2a { ballot, value } = action {
                let mut proposing = plain.clone();
                proposing.proposed[ballot as usize] |= 1 << value;
                assert_eq!(next, proposing, "{action:?} in {plain:?}");
                assert!(
                    allowed[ballot as usize] >> value & 1 == 0,
                    "{action:?} twice"
                );
                allowed[ballot as usize] |= 1 << value;
            } else {
                let done = expected.remove(&action);
                assert_eq!(Some(next), done, "{action:?} in {plain:?} of {model:?}");
            }
        });
        assert!(expected.is_empty(), "{expected:?} in {plain:?}");
        for (number, &allowed) in (0..).zip(&allowed) {
            machines.compare(&plain, number, allowed);
        }
    }
    machines.beyond
}

fn compare_full(model: &Model) -> usize {
    compare(&Full::<Wide>::new(model).unwrap(), model)
}

#[test]
fn in_the_small_states() {
    for rules in up_to_two(&SMALL) {
        for (acceptors, values, ballots) in [(3, 2, 2), (2, 2, 3), (1, 2, 4)] {
            let model = breaking(&rules, acceptors, values, ballots);
            let beyond = compare(&Messages::<u64>::new(&model).unwrap(), &model);
            assert_eq!(beyond, 0);
        }
    }
}

#[test]
fn in_the_small_states_with_more_acceptors_other_quorums_and_wishes() {
    for rule in SMALL {
        let mut model = breaking(&[rule], 4, 1, 2);
        (model.phase1, model.phase2) = (3, 2);
        compare(&Messages::<u64>::new(&model).unwrap(), &model);
        // With two reported votes to choose from.
        let mut model = breaking(&[rule], 3, 2, 3);
        (model.phase1, model.phase2) = (2, 3);
        model.wishes = Some(vec![0, 1, 0]);
        compare(&Messages::<u64>::new(&model).unwrap(), &model);
    }
}

#[test]
fn in_the_full_states_with_any_two_rules_broken() {
    for rules in up_to_two(&Rule::ALL) {
        let mut beyond = 0;
        for (acceptors, values, ballots) in [(2, 2, 1), (1, 2, 2), (2, 1, 2)] {
            beyond += compare_full(&breaking(&rules, acceptors, values, ballots));
        }
        let several = [
            Rule::AcceptIgnoresPromise,
            Rule::Amnesia,
            Rule::AmnesiaPromise,
        ];
        let once = !rules.iter().any(|rule| several.contains(rule));
        assert!(!once || beyond == 0, "{rules:?}: a promise is given once");
    }
}

#[test]
fn in_the_full_states_of_three_acceptors() {
    let two = [
        Rule::SharedBallots,
        Rule::AcceptKeepsPromise,
        Rule::OwnValueAlways,
        Rule::LowestVote,
        Rule::AnyVote,
        Rule::PromiseHidesVote,
        Rule::AmnesiaVote,
    ];
    for rule in two {
        let mut model = breaking(&[rule], 3, 2, 2);
        model.wishes = Some(vec![0, 1]);
        assert_eq!(compare_full(&model), 0, "{rule:?}");
    }
}

#[test]
fn a_proposer_that_hears_the_older_of_two_promises_can_send_more_than_the_model() {
    for rule in [Rule::AcceptIgnoresPromise, Rule::Amnesia] {
        let mut model = breaking(&[rule], 2, 2, 2);
        (model.phase1, model.phase2) = (1, 2);
        assert!(compare_full(&model) > 0, "{rule:?}");
    }
}
