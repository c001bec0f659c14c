//! Storms: random schedules with every fault.
//!
//! With all rules no invariant ever fails, whatever goes wrong; and once nothing goes wrong any
//! more, everybody learns. With a rule broken the same search finds what the rule is for: this is
//! how we know that it would notice.
//!
//! `PAXOS_SEEDS=100000` sails through more of them where safety is at stake, `PAXOS_SEED=17` through
//! one, and says what happens in it. Whatever breaks an invariant is printed with its seed, and as a
//! scenario file for `paxos run` and the page.

mod support;

use paxos_playground::cluster::{Backoff, Cluster, Millis, Names, Network, Setup, Storm};
use paxos_playground::protocol::{Invariant, Rule, Rules};
use support::seeds::{number, seeds, some_seeds};
use support::voyage::{Voyage, any_kind, replay};

/// How many random commands a storm has.
const GUSTS: u32 = 120;

/// A cluster of any kind, after its storm.
fn storm(seed: u64, setup: Setup) -> Voyage {
    let mut voyage = Voyage::new(setup);
    voyage.sail(&mut Storm::new(!seed), GUSTS, 100);
    if number("PAXOS_SEED").is_some() {
        let names = Names::new(&voyage.setup, &voyage.cluster);
        for event in &voyage.events {
            println!("{:>6} {}", event.at, names.fact(&event.fact));
        }
    }
    voyage
}

fn everybody_learned(cluster: &Cluster) -> bool {
    let mut learners = cluster
        .processes()
        .filter_map(|(_, its)| its.learner.as_ref());
    learners.all(|learner| learner.learned().is_some())
}

/// The storm ends; a client asks once more, as clients do, until everybody has learned.
fn calm_and_learn(voyage: &mut Voyage) -> bool {
    voyage.calm();
    let mut dice = Storm::new(7);
    for _ in 0..10 {
        if everybody_learned(&voyage.cluster) {
            return true;
        }
        let proposal = loop {
            let command = dice.command(&voyage.cluster);
            if command.name() == "propose" {
                break command;
            }
        };
        voyage.then_a_minute(proposal);
    }
    false
}

#[test]
fn a_fragile_cluster_is_safe_with_all_rules() {
    for seed in seeds(5_000) {
        Voyage::squall(seed, Rules::KEPT).assert_safe();
    }
}

#[test]
fn no_storm_breaks_an_invariant_and_after_it_everybody_learns() {
    let mut chosen = 0;
    let seeds = seeds(2_000);
    let count = seeds.end - seeds.start;
    for seed in seeds {
        let mut voyage = storm(seed, any_kind(seed, Rules::KEPT));
        voyage.assert_safe();
        chosen += u64::from(voyage.cluster.chosen().is_some());
        let learned = calm_and_learn(&mut voyage);
        voyage.assert_safe();
        assert!(learned, "PAXOS_SEED={seed}: somebody never learns");
    }
    println!("{chosen} of {count} storms chose a value before they were over");
    assert!(
        count < 100 || chosen * 2 > count,
        "most storms let something through"
    );
}

#[test]
fn the_same_seed_gives_the_same_events() {
    for seed in some_seeds(200) {
        let one = storm(seed, any_kind(seed, Rules::KEPT));
        let two = storm(seed, any_kind(seed, Rules::KEPT));
        assert_eq!(one.events, two.events, "PAXOS_SEED={seed}");
        assert_eq!(one.cluster.recorded(), one.events.len() as u64);
        assert_eq!(two.cluster.now(), one.cluster.now());
    }
}

/// Commands at one instant, too, and those that wait for their message.
#[test]
fn a_storm_that_is_written_down_gives_the_same_events_when_it_is_read_and_played() {
    for seed in some_seeds(500) {
        let mut voyage = storm(seed, any_kind(seed, Rules::KEPT));
        calm_and_learn(&mut voyage);
        let (_, events) = replay(&voyage.scenario().to_json());
        // A script also plays what is due at its last instant.
        let same = events.starts_with(&voyage.events);
        assert!(same, "PAXOS_SEED={seed}");
    }
}

#[test]
fn a_copy_of_a_cluster_goes_the_same_way() {
    for seed in some_seeds(200) {
        let mut one = storm(seed, any_kind(seed, Rules::KEPT)).cluster;
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

/// The first of these voyages that breaks this invariant, if one does. Its seed is printed, and
/// its file, which breaks the same when it is played.
fn first_to_break(invariant: Invariant, mut voyages: impl Iterator<Item = Voyage>) -> bool {
    let found = voyages.find_map(|voyage| {
        let failure = voyage.cluster.failure(invariant)?;
        Some((voyage, failure))
    });
    let Some((voyage, failure)) = found else {
        return false;
    };
    let file = voyage.scenario_of(invariant, failure).to_json();
    println!("seed {}:\n{file}", voyage.setup.seed);
    voyage.assert_shown_by(&file, invariant);
    true
}

#[test]
fn with_any_rule_broken_the_search_finds_what_the_rule_is_for_and_a_file_that_shows_it() {
    let limit = number("PAXOS_SEEDS").unwrap_or(0).max(20_000);
    for rule in Rule::ALL {
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
            let voyages = (0..limit).map(|seed| Voyage::squall(seed, Rules::breaking([rule])));
            let found = first_to_break(invariant, voyages);
            assert!(found, "{} never breaks {}", rule.name(), invariant.name());
        }
    }
}

#[test]
fn quorums_that_need_not_meet_are_found_out() {
    let voyages = (0..2_000).map(|seed| {
        let mut setup = any_kind(seed, Rules::KEPT);
        (setup.phase1, setup.phase2) = (Some(1), Some(1));
        storm(seed, setup)
    });
    assert!(first_to_break(Invariant::Agreement, voyages));
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
