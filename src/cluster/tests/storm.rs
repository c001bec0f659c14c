//! Storms: what they bring, what they leave out, and that a seed is one storm for ever.

use std::collections::BTreeSet;

use super::*;

/// The digest of [`everything`]: the same on every machine.
const DIGEST: u64 = 0x7ce2_84e0_cccd_2f10;

/// The name of a command, and whether it is about one thing or has a delay of its own where others
/// of this name are about all, or have none.
type Sort = (&'static str, bool);

fn sort(command: &Command) -> Sort {
    let special = match command {
        Command::Heal { link } => link.is_some(),
        Command::Hold { message } | Command::Release { message } => message.is_some(),
        Command::Link { delay, .. } => delay.is_some(),
        _ => false,
    };
    (command.name(), special)
}

fn sorts(commands: &[(Millis, Command)]) -> BTreeSet<Sort> {
    commands.iter().map(|(_, command)| sort(command)).collect()
}

/// What a storm does to a cluster, and what happens.
fn blown(
    storm: &mut Storm,
    seed: u64,
    gusts: u32,
) -> (Cluster, Vec<(Millis, Command)>, Vec<Event>) {
    let mut cluster = Cluster::new(&Storm::setup(seed, 2, 3, 1)).unwrap();
    let mut events = Vec::new();
    let commands = (0..gusts).map(|_| storm.blow(100, &mut cluster, &mut events));
    let commands = commands.collect();
    (cluster, commands, events)
}

#[test]
fn a_full_storm_has_every_fault_and_others_leave_some_out() {
    let all = sorts(&blown(&mut Storm::full(1), 1, 2_000).1);
    assert_eq!(all.len(), 19, "{all:?}");
    let calmer = (0..20).map(|seed| sorts(&blown(&mut Storm::new(seed), seed, 1_000).1));
    let calmer: BTreeSet<_> = calmer.collect();
    assert!(calmer.len() > 10, "each leaves out others: {calmer:?}");
    for sorts in calmer {
        assert!(sorts.contains(&("propose", false)));
        assert!(sorts.len() < 19, "{sorts:?}");
    }
}

#[test]
fn whoever_comes_back_at_once_is_away_for_one_gust() {
    let (_, commands, _) = blown(&mut Storm::full(3), 3, 2_000);
    let names: Vec<_> = commands.iter().map(|(_, command)| command.name()).collect();
    let crashes = names.iter().filter(|name| **name == "crash").count();
    let moments = names
        .windows(2)
        .filter(|two| *two == ["crash", "restart"])
        .count();
    assert!(
        (crashes / 3..=crashes * 3 / 4).contains(&moments),
        "{moments} of {crashes}"
    );
}

#[test]
fn no_more_than_five_commands_wait() {
    let most = (0..20).map(|seed| {
        let mut storm = Storm::full(seed);
        let mut cluster = Cluster::new(&Storm::setup(seed, 2, 3, 1)).unwrap();
        let gusts = (0..300).map(|_| {
            storm.blow(0, &mut cluster, &mut Vec::new());
            cluster.waiting().len()
        });
        gusts.max().unwrap_or_default()
    });
    assert_eq!(most.max(), Some(5));
}

#[test]
fn after_the_storm_all_is_as_it_should_be() {
    for seed in 0..50 {
        let (mut cluster, _, mut events) = blown(&mut Storm::full(seed), seed, 60);
        let done = Storm::calm(&mut cluster, &mut events);
        assert!(
            done.iter().all(|command| cluster.check(command).is_err()),
            "{done:?}"
        );
        assert!(cluster.cuts().is_empty());
        assert_eq!(cluster.held().count(), 0);
        assert!(cluster.processes().all(|(_, process)| process.up));
        let Network {
            loss, duplicate, ..
        } = cluster.network();
        assert_eq!((loss, duplicate), (Chance::NEVER, Chance::NEVER));
        assert!(Storm::calm(&mut cluster, &mut events).is_empty());
    }
}

#[test]
fn a_cluster_for_storms_has_those_who_were_asked_for_and_loses_messages() {
    let setup = Storm::setup(7, 2, 3, 1);
    let names: Vec<_> = setup.processes.iter().map(|spec| &*spec.name).collect();
    assert_eq!(names, ["P1", "P2", "A1", "A2", "A3", "L1"]);
    assert_eq!(setup.seed, 7);
    let five = Chance::per_million_of(50_000).unwrap();
    assert_eq!((setup.network.loss, setup.network.duplicate), (five, five));
    assert_eq!(setup.retry.timeout, Millis(300));
    let cluster = Cluster::new(&setup).unwrap();
    assert_eq!(cluster.network(), setup.network);
}

#[test]
fn sailing_counts_events_and_choices_watched_or_not() {
    let (events, chosen) = Storm::sail(5, 20_000, true);
    assert!((20_000..20_200).contains(&events), "{events}");
    assert!(chosen > 10, "further ballots choose the same: {chosen}");
    assert_eq!(Storm::sail(5, 20_000, false), (events, chosen));
    assert_eq!(
        Storm::sail(5, events, true).0,
        events,
        "no gust more than needed"
    );
}

/// Twenty storms of their own kinds and twenty full ones, in words.
fn everything() -> String {
    let storms = (0..20).flat_map(|seed| [(seed, Storm::new(seed)), (seed, Storm::full(seed))]);
    let told = storms.map(|(seed, mut storm)| {
        let (mut cluster, commands, mut events) = blown(&mut storm, seed, 100);
        let calm = Storm::calm(&mut cluster, &mut events);
        format!("{commands:?} {calm:?} {events:?}")
    });
    told.collect()
}

#[test]
fn a_seed_is_one_storm_for_ever() {
    // FNV-1a.
    let digest = everything()
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    assert_eq!(
        digest, DIGEST,
        "DIGEST is {digest:#x} now; seeds that were told mean something else"
    );
}
