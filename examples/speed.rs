//! How fast the core simulates: one line for each cluster size, with the events of a second.
//!
//! Run by `script/bench`; it writes nothing.

use std::sync::Arc;
use std::time::{Duration, Instant};

use paxos_playground::cluster::{Cluster, Command, ProcessSpec, Roles, Setup};

/// How long each cluster is watched.
const PATIENCE: Duration = Duration::from_secs(2);

fn main() {
    for (proposers, acceptors, learners) in [(1, 3, 1), (2, 5, 1), (5, 15, 5), (1, 100, 0)] {
        let roles = [
            vec![Roles::PROPOSER; proposers],
            vec![Roles::ACCEPTOR; acceptors],
            vec![Roles::LEARNER; learners],
        ];
        let (events, runs, took) = measure(&cluster(&roles.concat()));
        println!(
            "{proposers} proposers, {acceptors:3} acceptors, {learners} learners: {:9.0} events/s \
             ({} events in each of {runs} runs)",
            events as f64 / took.as_secs_f64(),
            events / runs,
        );
    }
}

fn cluster(roles: &[Roles]) -> Setup {
    let processes = roles.iter().enumerate().map(|(index, &roles)| ProcessSpec {
        name: format!("N{index}").into(),
        roles,
    });
    Setup {
        seed: 7,
        processes: processes.collect(),
        ..Setup::default()
    }
}

/// Runs in which every proposer proposes once, until time is up: events, runs and the time.
fn measure(setup: &Setup) -> (u64, u64, Duration) {
    let value: Arc<str> = "Hello".into();
    let proposers = setup.ids().filter(|&id| setup.spec(id).roles.proposer);
    let proposers: Vec<_> = proposers.collect();
    let (mut events, mut runs) = (0, 0);
    let mut happened = Vec::new();
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        let mut cluster = Cluster::new(setup).expect("the setup is sound");
        happened.clear();
        for &process in &proposers {
            let value = value.clone();
            cluster.apply(Command::Propose { process, value }, &mut happened);
        }
        while cluster.step(&mut happened) {}
        events += happened.len() as u64;
        runs += 1;
    }
    (events, runs, start.elapsed())
}
