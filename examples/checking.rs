//! How fast the checker is, on one thread and on several:
//! `cargo run --profile fast --example checking`.

#[path = "../tests/second_opinion/paxos.rs"]
#[allow(dead_code)]
mod paxos;
#[path = "support/plain.rs"]
mod plain;

use std::thread::available_parallelism;
use std::time::Instant;

use paxos_playground::checker::{Limits, Model, Property, Verdict, search_on};
use stateright::{Checker as _, Model as _};

fn main() {
    let threads = available_parallelism().map_or(1, usize::from);
    println!(
        "acceptors values ballots property threads |    states depth | seconds  million/s  bytes/state"
    );
    let sizes = [
        // Those that others have measured.
        (3, 2, 3),
        (3, 2, 4),
        // More values, more acceptors, more ballots.
        (3, 3, 3),
        (3, 4, 3),
        (4, 2, 3),
        (5, 2, 2),
        (3, 1, 4),
    ];
    for (acceptors, values, ballots) in sizes {
        measure(&Model::new(acceptors, values, ballots), 1);
    }
    measure(&Model::new(3, 2, 4), threads);
    let mut all = Model::new(3, 2, 3);
    all.property = Property::All;
    measure(&all, 1);
    let mut symmetric = Model::new(3, 2, 4);
    symmetric.symmetry.acceptors = true;
    symmetric.symmetry.values = true;
    measure(&symmetric, 1);
    println!("others, one thread:");
    for ballots in [3, 4] {
        let plain = plain::Plain {
            acceptors: 3,
            values: 2,
            ballots,
        };
        time("a plain search", || plain.count());
    }
    let model = || paxos::Paxos {
        acceptors: 3,
        values: 2,
        ballots: 3,
        quorums1: paxos::quorums(3, 2),
        quorums2: paxos::quorums(3, 2),
        wishes: None,
        broken: Vec::new(),
        agreement: true,
    };
    time("stateright", || {
        let checker = model().checker().threads(1).spawn_bfs().join();
        checker.unique_state_count()
    });
}

fn time(name: &str, count: impl Fn() -> usize) {
    let begun = Instant::now();
    let states = count();
    let seconds = begun.elapsed().as_secs_f64();
    let rate = states as f64 / seconds / 1e6;
    println!("{name:>40} | {states:9}       | {seconds:7.3} {rate:10.2}");
}

/// The best of three, since others use the machine too.
fn measure(model: &Model, threads: usize) {
    let run = || {
        let begun = Instant::now();
        let mut search = search_on(threads, model, Limits::default()).expect("a sound model");
        let verdict = search.advance(usize::MAX);
        assert_eq!(verdict, Some(Verdict::Holds));
        (begun.elapsed().as_secs_f64(), search.progress())
    };
    let runs = (0..3).map(|_| run());
    let best = runs.min_by(|one, two| one.0.total_cmp(&two.0));
    let (seconds, progress) = best.expect("three runs");
    println!(
        "{:9} {:6} {:7} {:>9} {threads:7} | {:9} {:5} | {seconds:7.3} {:10.2} {:12.1}",
        model.acceptors,
        model.values,
        model.ballots,
        model.property.name(),
        progress.distinct,
        progress.depth,
        progress.distinct as f64 / seconds / 1e6,
        progress.bytes as f64 / progress.distinct as f64,
    );
}
