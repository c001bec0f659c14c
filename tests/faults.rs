//! Storms: random schedules with every fault.
//!
//! With all rules no invariant ever fails, whatever goes wrong; and once nothing goes wrong any
//! more, everybody learns. With a rule broken the same search finds what the rule is for: this is
//! how we know that it would notice.
//!
//! `PAXOS_SEEDS=100000` sails through more of them, `PAXOS_SEED=17` through one, and says what
//! happens in it.

use paxos_playground::cluster::{
    Backoff, Cluster, Event, Millis, Names, Network, PrepareTo, Roles, Setup, Storm,
};
use paxos_playground::protocol::{Invariant, Rule, Rules};

/// How many random commands a storm has.
const GUSTS: u32 = 120;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// The seeds to try: one, or from 0 as many as asked for.
fn seeds(default: u64) -> std::ops::Range<u64> {
    match number("PAXOS_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("PAXOS_SEEDS").unwrap_or(default),
    }
}

/// A cluster of some random kind.
fn setup(seed: u64, rules: Rules) -> Setup {
    let mut dice = Storm::new(seed);
    let mut dice = |sides: u32| dice.between(1, sides) as u16;
    let mut setup = Storm::setup(
        seed,
        1 + dice(2),
        [3, 3, 4, 5][usize::from(dice(4)) - 1],
        dice(2),
    );
    setup.rules = rules;
    setup.nack = dice(3) > 1;
    if dice(3) == 1 {
        setup.prepare_to = PrepareTo::Majority;
    }
    if dice(4) == 1 {
        // Machines that are everything at once.
        let all = Roles {
            proposer: true,
            acceptor: true,
            learner: true,
        };
        setup.processes.truncate(5);
        setup.processes.iter_mut().for_each(|spec| spec.roles = all);
    }
    let acceptors = setup.processes.iter().filter(|spec| spec.roles.acceptor);
    let acceptors = acceptors.count() as u16;
    if dice(4) == 1 {
        // Flexible quorums: any sizes that always meet.
        let phase1 = dice(u32::from(acceptors));
        setup.phase1 = Some(phase1);
        setup.phase2 = Some(acceptors + 1 - phase1);
    }
    setup
}

/// A cluster in which a broken rule shows soon: few acceptors, many proposers, messages that take
/// so long that much happens while they are on their way, and acceptors that are asked to vote
/// without having promised.
fn fragile(seed: u64, rules: Rules) -> Setup {
    let mut setup = Storm::setup(seed, 3, 3, 1);
    setup.network = Network::with_delay(1, 300).expect("it is the right way round");
    setup.prepare_to = PrepareTo::Majority;
    setup.rules = rules;
    setup
}

/// A short storm: once one value has won everywhere, there is nothing left to be seen.
fn squall(seed: u64, rules: Rules) -> Cluster {
    let mut cluster = Cluster::new(&fragile(seed, rules)).expect("the setup is sound");
    let mut storm = Storm::new(!seed);
    let mut events = Vec::new();
    for _ in 0..40 {
        events.clear();
        storm.blow(150, &mut cluster, &mut events);
    }
    cluster
}

/// A cluster in its storm, and all that happened.
fn storm(seed: u64, setup: &Setup) -> (Cluster, Vec<Event>) {
    let mut cluster = Cluster::new(setup).expect("the setup is sound");
    let mut storm = Storm::new(!seed);
    let mut events = Vec::new();
    for _ in 0..GUSTS {
        storm.blow(100, &mut cluster, &mut events);
    }
    if number("PAXOS_SEED").is_some() {
        let names = Names::new(setup, &cluster);
        for event in &events {
            println!("{:>6} {}", event.at, names.fact(&event.fact));
        }
    }
    (cluster, events)
}

fn failures(cluster: &Cluster) -> Vec<&'static str> {
    let failed = cluster
        .invariants()
        .filter(|(_, failure)| failure.is_some());
    failed.map(|(invariant, _)| invariant.name()).collect()
}

fn everybody_learned(cluster: &Cluster) -> bool {
    let mut learners = cluster
        .processes()
        .filter_map(|(_, its)| its.learner.as_ref());
    learners.all(|learner| learner.learned().is_some())
}

/// The storm ends; a client asks once more, as clients do, until everybody has learned.
fn calm_and_learn(cluster: &mut Cluster, events: &mut Vec<Event>) -> bool {
    Storm::calm(cluster, events);
    let mut dice = Storm::new(7);
    for _ in 0..10 {
        if everybody_learned(cluster) {
            return true;
        }
        let proposal = loop {
            let command = dice.command(cluster);
            if command.name() == "propose" {
                break command;
            }
        };
        cluster.apply(proposal, events);
        cluster.run_until(Millis(cluster.now().0 + 60_000), events);
    }
    false
}

#[test]
fn a_fragile_cluster_is_safe_with_all_rules() {
    for seed in seeds(5_000) {
        let cluster = squall(seed, Rules::KEPT);
        assert_eq!(failures(&cluster), [""; 0], "PAXOS_SEED={seed}");
    }
}

#[test]
fn no_storm_breaks_an_invariant_and_after_it_everybody_learns() {
    let mut chosen = 0;
    let seeds = seeds(2_000);
    let count = seeds.end - seeds.start;
    for seed in seeds {
        let setup = setup(seed, Rules::KEPT);
        let (mut cluster, mut events) = storm(seed, &setup);
        assert_eq!(failures(&cluster), [""; 0], "PAXOS_SEED={seed}");
        chosen += u64::from(cluster.chosen().is_some());
        let learned = calm_and_learn(&mut cluster, &mut events);
        assert!(learned, "PAXOS_SEED={seed}: somebody never learns");
        assert_eq!(failures(&cluster), [""; 0], "PAXOS_SEED={seed}, afterwards");
    }
    println!("{chosen} of {count} storms chose a value before they were over");
    assert!(
        count < 100 || chosen * 2 > count,
        "most storms let something through"
    );
}

#[test]
fn the_same_seed_gives_the_same_events() {
    for seed in seeds(200) {
        let setup = setup(seed, Rules::KEPT);
        let (one, events) = storm(seed, &setup);
        let (two, again) = storm(seed, &setup);
        assert_eq!(events, again, "PAXOS_SEED={seed}");
        assert_eq!(one.recorded(), events.len() as u64);
        assert_eq!(two.now(), one.now());
    }
}

#[test]
fn a_copy_of_a_cluster_goes_the_same_way() {
    for seed in seeds(200) {
        let setup = setup(seed, Rules::KEPT);
        let (mut one, _) = storm(seed, &setup);
        let mut two = one.clone();
        let (mut first, mut second) = (Vec::new(), Vec::new());
        for (cluster, events) in [(&mut one, &mut first), (&mut two, &mut second)] {
            let mut storm = Storm::new(seed);
            for _ in 0..20 {
                storm.blow(100, cluster, events);
            }
        }
        assert_eq!(first, second, "PAXOS_SEED={seed}");
    }
}

/// The first seed whose storm breaks this invariant, if one does.
fn first_to_break(rule: Rule, invariant: Invariant, limit: u64) -> Option<(u64, u64)> {
    (0..limit).find_map(|seed| {
        let cluster = squall(seed, Rules::breaking([rule]));
        let failure = cluster.failure(invariant)?;
        Some((seed, failure.event))
    })
}

#[test]
fn with_any_rule_broken_the_search_finds_what_the_rule_is_for() {
    let limit = number("PAXOS_SEEDS").unwrap_or(0).max(20_000);
    for rule in Rule::all() {
        let own = match rule {
            Rule::SharedBallots => Invariant::OneValuePerBallot,
            Rule::AcceptIgnoresPromise | Rule::Amnesia | Rule::AmnesiaPromise => {
                Invariant::PromiseNeverFalls
            }
            Rule::AcceptKeepsPromise => Invariant::PromiseAtLeastVote,
            Rule::OwnValueAlways | Rule::LowestVote | Rule::AnyVote => Invariant::AcceptIsSafe,
            Rule::PromiseHidesVote | Rule::AmnesiaVote => Invariant::ReportedVotesWereCast,
            Rule::LearnerAddsBallots => Invariant::LearnedImpliesChosen,
        };
        // A learner that believes too much changes nothing of what is chosen.
        let agreement = (rule != Rule::LearnerAddsBallots).then_some(Invariant::Agreement);
        for invariant in std::iter::once(own).chain(agreement) {
            let found = first_to_break(rule, invariant, limit);
            let Some((seed, event)) = found else {
                panic!("{} never breaks {}", rule.name(), invariant.name());
            };
            println!(
                "{} breaks {}: seed {seed}, event {event}",
                rule.name(),
                invariant.name()
            );
        }
    }
}

#[test]
fn quorums_that_need_not_meet_are_found_out() {
    let found = (0..2_000).find(|&seed| {
        let mut setup = setup(seed, Rules::KEPT);
        (setup.phase1, setup.phase2) = (Some(1), Some(1));
        let (cluster, _) = storm(seed, &setup);
        cluster.failure(Invariant::Agreement).is_some()
    });
    println!("quorums of one break agreement: seed {found:?}");
    assert!(found.is_some());
}

#[test]
fn two_proposers_that_wait_a_fixed_time_can_be_stuck_and_a_random_time_frees_them() {
    // All delays alike, so that nothing but the back-off decides.
    let stuck = |backoff| {
        let duels = (0..100).filter(|&seed| {
            let mut setup = Storm::setup(seed, 2, 3, 1);
            setup.network = Network::with_delay(50, 50).unwrap();
            setup.retry.backoff = backoff;
            setup.retry.timeout = Millis(160);
            let mut cluster = Cluster::new(&setup).unwrap();
            let mut events = Vec::new();
            for (at, process) in [(0, 0), (80, 1)] {
                let process = paxos_playground::protocol::ProcessId(process);
                let value = format!("of {at}").as_str().into();
                let propose = paxos_playground::cluster::Command::Propose { process, value };
                cluster.schedule(Millis(at), propose);
            }
            cluster.run_until(Millis(60_000), &mut events);
            cluster.chosen().is_none()
        });
        duels.count()
    };
    assert_eq!(stuck(Backoff::Fixed), 100);
    assert_eq!(stuck(Backoff::Random), 0);
}
