//! How fast the checker is: `cargo run --profile fast --example checking`.

use std::time::Instant;

use paxos_playground::checker::{Limits, Model, Property, check};

fn main() {
    for all in [false, true] {
        for (acceptors, values, ballots) in [(1, 1, 2), (3, 2, 1), (3, 2, 2), (3, 2, 3), (3, 2, 4)]
        {
            if all && ballots == 4 {
                continue;
            }
            let mut model = Model::new(acceptors, values, ballots);
            if all {
                model.property = Property::All;
            }
            let start = Instant::now();
            let outcome = check(&model, Limits::default()).unwrap();
            let seconds = start.elapsed().as_secs_f64();
            let p = outcome.progress;
            println!(
                "{acceptors} {values} {ballots}: {:?} {p:?} {seconds:.3} s {:.2} M/s {:.1} B/state",
                outcome.verdict,
                p.distinct as f64 / seconds / 1e6,
                p.bytes as f64 / p.distinct as f64
            );
        }
    }
}
