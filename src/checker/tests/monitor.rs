//! The checker and the live monitor break the same invariants at the same steps.
//!
//! Random walks through the full states, with the monitor told of each step as the cluster tells
//! it. For each invariant the first step that breaks it is the same for both, or there is none.

use super::breaking;
use super::plain::{ballot, vote};
use crate::checker::full::Full;
use crate::checker::key::Wide;
use crate::checker::model::{Action, Model, Property};
use crate::checker::space::Space;
use crate::cluster::Storm;
use crate::protocol::{
    Acceptor, Broken, Invariant, Learner, LearnerStep, Monitor, ProcessId, Quorums, Rule, Rules,
    Value, Vote,
};

/// For each invariant, the step that broke it first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Firsts([Option<usize>; Invariant::ALL.len()]);

impl Firsts {
    fn note(&mut self, broken: Broken, step: usize) {
        for invariant in broken.iter() {
            self.0[invariant as usize].get_or_insert(step);
        }
    }
}

/// The monitor, what it is told with, and a learner that hears of every vote at once.
struct Live {
    rules: Rules,
    monitor: Monitor,
    quorums: Quorums,
    observer: Learner,
    learner: Learner,
}

impl Live {
    fn new(model: &Model) -> Self {
        let acceptors = (0..model.acceptors as u16).map(ProcessId).collect();
        let (phase1, phase2) = (model.phase1 as u16, model.phase2 as u16);
        let mut monitor = Monitor::new(ballot(0));
        for number in 0..model.ballots {
            let wanted = model.free_values(number);
            let wanted = (0..model.values).filter(|value| wanted >> value & 1 == 1);
            wanted.for_each(|value| monitor.saw_proposal(Value(value)));
        }
        Self {
            rules: model.rules,
            monitor,
            quorums: Quorums::sized(acceptors, phase1, phase2).unwrap(),
            observer: Learner::default(),
            learner: Learner::default(),
        }
    }

    /// This step was taken; an acceptor that took it is now this, and it promised with that
    /// report.
    fn saw(&mut self, action: Action, now: Option<&Acceptor>, reported: Option<Vote>) -> Broken {
        let Self {
            monitor,
            quorums,
            observer,
            learner,
            rules,
        } = self;
        let id = |acceptor: u32| ProcessId(acceptor as u16);
        let (mut broken, who) = match action {
            Action::Phase1a { .. } => return Broken::NOTHING,
            Action::Phase2a {
                ballot: number,
                value,
            } => return monitor.saw_accept(ballot(number), Value(value), quorums),
            Action::Phase1b {
                acceptor,
                ballot: number,
            } => {
                let who = id(acceptor);
                let said = monitor.saw_promise(who, ballot(number), reported, observer);
                (said, who)
            }
            Action::Phase2b {
                acceptor,
                ballot: number,
                value,
            } => {
                let (who, cast) = (id(acceptor), vote((number, value)));
                observer.on_accepted(who, cast.ballot, cast.value, quorums, Rules::KEPT);
                let mut broken = monitor.saw_vote(who, cast, observer, quorums);
                let heard = learner.on_accepted(who, cast.ballot, cast.value, quorums, *rules);
                if let LearnerStep::Learned { vote, .. }
                | LearnerStep::Confirmed { vote }
                | LearnerStep::Contradicted { vote, .. } = heard
                {
                    broken = broken.and(monitor.saw_learned(vote.value));
                }
                (broken, who)
            }
            Action::Forget { acceptor, .. } => (Broken::NOTHING, id(acceptor)),
        };
        if let Some(now) = now {
            broken = broken.and(monitor.saw_acceptor(who, now, observer, quorums));
        }
        broken
    }
}

/// One walk to where it ends, or this far; what the checker and the monitor said of it.
fn walk(model: &Model, seed: u64, longest: usize) -> (Firsts, Firsts, Vec<Action>) {
    let space = Full::<Wide>::new(model).unwrap();
    let mut dice = Storm::full(seed);
    let mut live = Live::new(model);
    let (mut checker, mut monitor) = (Firsts::default(), Firsts::default());
    let mut state = Wide::default();
    let mut path = Vec::new();
    for step in 0..longest {
        let mut steps = Vec::new();
        space.steps(state, |action, next, broken| {
            steps.push((action, next, broken))
        });
        if steps.is_empty() {
            break;
        }
        let chosen = dice.between(0, steps.len() as u32 - 1) as usize;
        let (action, next, broken) = steps[chosen];
        path.push(action);
        checker.note(broken.and(space.broken(next)), step);
        let who = match action {
            Action::Phase1b { acceptor, .. }
            | Action::Phase2b { acceptor, .. }
            | Action::Forget { acceptor, .. } => Some(acceptor),
            Action::Phase1a { .. } | Action::Phase2a { .. } => None,
        };
        let before = who.and_then(|acceptor| space.acceptor(state, acceptor).vote());
        let now = who.map(|acceptor| space.acceptor(next, acceptor));
        let reported = before.filter(|_| !model.rules.breaks(Rule::PromiseHidesVote));
        monitor.note(live.saw(action, now.as_ref(), reported), step);
        state = next;
    }
    (checker, monitor, path)
}

/// Walks many ways; for each invariant how many of them broke it.
fn compare(model: &Model, walks: u64) -> [usize; Invariant::ALL.len()] {
    let mut broke = [0; Invariant::ALL.len()];
    for seed in 0..walks {
        let (checker, monitor, path) = walk(model, seed, 60);
        assert_eq!(checker, monitor, "walk {seed} of {model:?}: {path:#?}");
        for (count, first) in broke.iter_mut().zip(checker.0) {
            *count += usize::from(first.is_some());
        }
    }
    broke
}

fn watched(rules: &[Rule], acceptors: u32, values: u32, ballots: u32) -> Model {
    let mut model = breaking(rules, acceptors, values, ballots);
    model.property = Property::All;
    model
}

#[test]
fn nothing_breaks_with_all_rules() {
    for (acceptors, values, ballots) in [(3, 2, 3), (2, 3, 3), (5, 2, 2), (1, 2, 4)] {
        let broke = compare(&watched(&[], acceptors, values, ballots), 300);
        assert_eq!(broke, [0; Invariant::ALL.len()]);
    }
}

#[test]
fn each_broken_rule_breaks_the_same_for_both() {
    let known = [
        (Rule::SharedBallots, Invariant::OneValuePerBallot),
        (Rule::AcceptIgnoresPromise, Invariant::PromiseNeverFalls),
        (Rule::AcceptKeepsPromise, Invariant::PromiseAtLeastVote),
        (Rule::OwnValueAlways, Invariant::AcceptIsSafe),
        (Rule::LowestVote, Invariant::AcceptIsSafe),
        (Rule::AnyVote, Invariant::AcceptIsSafe),
        (Rule::PromiseHidesVote, Invariant::ReportedVotesWereCast),
        (Rule::Amnesia, Invariant::PromiseNeverFalls),
        (Rule::AmnesiaPromise, Invariant::PromiseNeverFalls),
        (Rule::AmnesiaVote, Invariant::ReportedVotesWereCast),
        (Rule::LearnerAddsBallots, Invariant::LearnedImpliesChosen),
    ];
    for (rule, invariant) in known {
        // With the wrong vote of several it takes more ballots to go wrong.
        let (ballots, walks) = match invariant {
            Invariant::AcceptIsSafe => (4, 3_000),
            _ => (3, 1_000),
        };
        let broke = compare(&watched(&[rule], 3, 2, ballots), walks);
        assert!(broke[invariant as usize] > 0, "{rule:?} {broke:?}");
        compare(&watched(&[rule], 2, 3, 3), 200);
        // Alone, an acceptor meets with more, and nobody else's mistake comes first.
        compare(&watched(&[rule], 1, 2, 4), 1_000);
    }
}

#[test]
fn any_two_broken_rules_break_the_same_for_both() {
    for rules in super::up_to_two(&Rule::ALL) {
        compare(&watched(&rules, 3, 2, 3), 40);
        compare(&watched(&rules, 1, 2, 3), 100);
    }
}

#[test]
fn quorums_that_need_not_meet_break_the_same_for_both() {
    for (phase1, phase2) in [(1, 1), (1, 2), (2, 1), (3, 1), (1, 3)] {
        let mut model = watched(&[], 3, 2, 3);
        (model.phase1, model.phase2) = (phase1, phase2);
        let broke = compare(&model, 500);
        let meet = phase1 + phase2 > 3;
        let agreed = broke[Invariant::Agreement as usize] == 0;
        assert!(meet == agreed, "{phase1} {phase2} {broke:?}");
    }
}
