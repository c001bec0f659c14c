//! How fast the core is as wasm in a browser, built as the page is. It asserts nothing:
//! `script/bench` runs it and shows what it prints.

#![cfg(target_arch = "wasm32")]

use paxos_playground::cluster::{Millis, Storm};
use wasm_bindgen_test::*;

#[path = "../examples/support/session.rs"]
mod support;
use support::{Dice, cluster, session};

wasm_bindgen_test_configure!(run_in_browser);

/// Milliseconds since the page was opened.
fn now() -> f64 {
    let performance = web_sys::window().and_then(|window| window.performance());
    performance.expect("browsers have a clock").now()
}

#[wasm_bindgen_test]
fn simulated_events() {
    console_log!("5 acceptors, 2 proposers, 1 learner, all faults; one thread");
    for (length, watched) in [
        (20_000, true),
        (200_000, true),
        (2_000_000, true),
        (2_000_000, false),
    ] {
        let mut best = 0.0_f64;
        for seed in 0..3 {
            let begin = now();
            let mut happened = 0;
            let mut run = seed * 1_000;
            while happened < 2_000_000 {
                happened += Storm::sail(run, length, watched).0;
                run += 1;
            }
            best = best.max(happened as f64 / (now() - begin) * 1e3);
        }
        let monitor = if watched { "on" } else { "off" };
        console_log!("{length:>9} events a run, monitor {monitor:>3}: {best:>10.0} events/s");
    }
}

#[wasm_bindgen_test]
fn seeking() {
    for events in [10_000, 100_000] {
        let mut run = session(cluster(2, 5, 1), 2, events);
        let dice = &mut Dice(2);
        let end = run.end().time.0;
        let mut times: Vec<f64> = (0..500)
            .map(|_| {
                let begin = now();
                run.seek(Millis(dice.below(end)));
                now() - begin
            })
            .collect();
        times.sort_by(f64::total_cmp);
        let at = |percent: usize| times[(times.len() - 1) * percent / 100];
        console_log!(
            "{events:>7} events: seek p50 {:.2} ms, p95 {:.2} ms, max {:.2} ms; {:.1} MiB",
            at(50),
            at(95),
            at(100),
            run.memory() as f64 / f64::from(1 << 20)
        );
    }
}
