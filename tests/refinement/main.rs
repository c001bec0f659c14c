//! Whatever a cluster does is a step of Lamport's specification, or changes nothing in it.
//!
//! Random sessions with every fault are mapped, fact by fact, to `maxBal`, `maxVBal`, `maxVal` and
//! `msgs` (see `mapping`), and each step is judged by the specification's `Next` (see `spec`). What
//! processes believe to be chosen has to be chosen there.
//!
//! `PAXOS_SEEDS=100000` tries more sessions, `PAXOS_SEED=17` one. What is no refinement is printed
//! with its seed.

mod mapping;
mod spec;
#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeMap;

use mapping::Shadow;
use paxos_playground::cluster::{Cluster, Command, Event, Fact, LossReason, Millis, Setup, Storm};
use paxos_playground::protocol::{Amnesia, Rule, Rules};
use spec::Step;
use support::seeds::{number, seeds};
use support::voyage::{any_kind, fragile};

/// A session, what the specification makes of it, and which faults it had.
struct Session {
    cluster: Cluster,
    shadow: Shadow,
    faults: BTreeMap<&'static str, u32>,
}

impl Session {
    fn new(setup: &Setup, forgets: bool) -> Self {
        let cluster = Cluster::new(setup).expect("the setup is sound");
        Self {
            shadow: Shadow::new(&cluster, forgets),
            cluster,
            faults: BTreeMap::new(),
        }
    }

    /// What `Storm::blow` does, step by step: some time passes, and then something goes wrong.
    fn gust(&mut self, storm: &mut Storm, longest: u32, loses: bool) -> Result<(), String> {
        let pause = Millis(u64::from(storm.between(0, longest)));
        let until = self.cluster.now().after(pause);
        let mut events = Vec::new();
        while self.cluster.next_due().is_some_and(|due| due < until) {
            self.cluster.step(&mut events);
            self.follow(&mut events)?;
        }
        self.cluster.run_before(until, &mut events);
        let mut command = storm.command(&self.cluster);
        if let Command::Crash { amnesia, .. } = &mut command
            && loses
        {
            let kinds = [Amnesia::NONE, Amnesia::ALL, Amnesia::PROMISE, Amnesia::VOTE];
            *amnesia = kinds[storm.between(0, 3) as usize];
        }
        self.cluster.apply(command, &mut events);
        self.follow(&mut events)
    }

    fn follow(&mut self, events: &mut Vec<Event>) -> Result<(), String> {
        for event in events.iter() {
            if let Some(fault) = fault(&event.fact) {
                *self.faults.entry(fault).or_default() += 1;
            }
        }
        self.shadow.follow(&self.cluster, events)?;
        events.clear();
        Ok(())
    }

    /// Sails through a storm of so many gusts; the sentence that says where it left the
    /// specification, if it did.
    fn sail(&mut self, seed: u64, gusts: u32, longest: u32, loses: bool) -> Result<(), String> {
        let mut storm = Storm::new(seed);
        for _ in 0..gusts {
            self.gust(&mut storm, longest, loses)?;
        }
        Ok(())
    }
}

fn fault(fact: &Fact) -> Option<&'static str> {
    Some(match fact {
        Fact::Lost { why, .. } => match why {
            LossReason::ReceiverDown => "receiver down",
            LossReason::CutWhenSent => "cut when sent",
            LossReason::CutOnTheWay => "cut on the way",
            LossReason::Chance => "lost",
            LossReason::ByHand => "taken out",
        },
        Fact::Duplicated { .. } => "duplicated",
        Fact::Held { .. } => "held",
        Fact::Released { .. } => "released",
        Fact::Delayed { .. } => "delayed",
        Fact::TimedOut { .. } => "timed out",
        Fact::BacksOff { .. } => "backs off",
        Fact::Crashed { .. } => "crashed",
        Fact::Restarted { .. } => "restarted",
        Fact::Partitioned { .. } => "partitioned",
        Fact::Chosen { .. } => "chosen",
        _ => return None,
    })
}

/// A fragile cluster's storm: the same as in `Voyage::squall`.
fn squall(seed: u64, rules: Rules, forgets: bool) -> Result<Session, String> {
    let mut session = Session::new(&fragile(seed, rules), forgets);
    session.sail(!seed, 40, 150, false).map(|()| session)
}

fn add<K: Ord + Copy>(sum: &mut BTreeMap<K, u32>, more: &BTreeMap<K, u32>) {
    for (&what, &count) in more {
        *sum.entry(what).or_default() += count;
    }
}

#[test]
fn every_step_of_a_cluster_is_one_of_the_specification() {
    let (mut taken, mut faults) = (BTreeMap::new(), BTreeMap::new());
    for seed in seeds(1_000) {
        let mut session = Session::new(&any_kind(seed, Rules::KEPT), false);
        if let Err(why) = session.sail(!seed, 120, 100, false) {
            panic!("PAXOS_SEED={seed}: {why}");
        }
        add(&mut taken, &session.shadow.taken);
        add(&mut faults, &session.faults);
    }
    println!("{taken:?}\n{faults:?}");
    if number("PAXOS_SEED").is_none() {
        assert_eq!(taken.len(), 5, "all actions, and steps that change nothing");
        assert_eq!(faults.len(), 15, "all faults: {faults:?}");
    }
}

#[test]
fn every_step_of_a_fragile_cluster_is_one_of_the_specification() {
    for seed in seeds(1_000) {
        if let Err(why) = squall(seed, Rules::KEPT, false) {
            panic!("PAXOS_SEED={seed}: {why}");
        }
    }
}

/// Quorums are a constant of the specification: that they meet is what safety needs, and no step.
#[test]
fn with_quorums_that_need_not_meet_too() {
    for seed in seeds(300) {
        let mut setup = any_kind(seed, Rules::KEPT);
        (setup.phase1, setup.phase2) = (Some(1), Some(1));
        let mut session = Session::new(&setup, false);
        if let Err(why) = session.sail(!seed, 120, 100, false) {
            panic!("PAXOS_SEED={seed}: {why}");
        }
    }
}

#[test]
fn a_crash_that_loses_what_is_durable_is_the_step_forget_and_nothing_else_changes() {
    let mut taken = BTreeMap::new();
    for seed in seeds(500) {
        let mut session = Session::new(&any_kind(seed, Rules::KEPT), true);
        if let Err(why) = session.sail(!seed, 120, 100, true) {
            panic!("PAXOS_SEED={seed}: {why}");
        }
        add(&mut taken, &session.shadow.taken);
    }
    assert!(number("PAXOS_SEED").is_some() || taken[&Step::Forget] > 100);
}

#[test]
fn broken_storage_is_the_step_forget() {
    for rule in [Rule::Amnesia, Rule::AmnesiaPromise, Rule::AmnesiaVote] {
        for seed in seeds(300) {
            if let Err(why) = squall(seed, Rules::breaking([rule]), true) {
                panic!("PAXOS_SEED={seed} {rule:?}: {why}");
            }
        }
    }
}

/// A seed with which this rule, broken, leads out of the specification.
fn leads_out(rule: Rule, forgets: bool) -> bool {
    let found = (0..2_000).find_map(|seed| {
        let why = squall(seed, Rules::breaking([rule]), forgets).err()?;
        Some((seed, why))
    });
    if let Some((seed, why)) = &found {
        println!("{} with seed {seed}: {why}", rule.name());
    }
    found.is_some()
}

#[test]
fn each_broken_rule_leads_out_of_the_specification() {
    for rule in Rule::ALL {
        assert!(leads_out(rule, false), "{}", rule.name());
    }
}

#[test]
fn forgetting_excuses_no_other_broken_rule() {
    let storage = [Rule::Amnesia, Rule::AmnesiaPromise, Rule::AmnesiaVote];
    for rule in Rule::ALL.into_iter().filter(|rule| !storage.contains(rule)) {
        assert!(leads_out(rule, true), "{}", rule.name());
    }
}
