//! How long a seek takes, and how many bytes a session: `cargo run --profile fast --example seek`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use paxos_playground::cluster::{Command, Millis};
use paxos_playground::protocol::{Amnesia, ProcessId};

#[path = "support/session.rs"]
mod support;
use support::{Dice, cluster, session};

fn time(what: impl FnOnce()) -> Duration {
    let start = Instant::now();
    what();
    start.elapsed()
}

fn line(name: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100].as_secs_f64() * 1e3;
    println!(
        "  {name:<22} p50 {:7.3} ms   p95 {:7.3} ms   max {:7.3} ms",
        at(50),
        at(95),
        at(100)
    );
}

/// What the operating system has given to this program, in MiB; Linux only.
fn resident() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib / 1024.0)
}

fn measure(name: &str, sizes: (usize, usize, usize), events: usize) {
    let (proposers, acceptors, learners) = sizes;
    let before = resident();
    let mut run = None;
    let took = time(|| {
        let scenario = cluster(proposers, acceptors, learners);
        run = Some(session(scenario, proposers as u64, events));
    });
    let mut run = run.expect("it was just made");
    let events = run.events().len();
    println!(
        "{name}: {proposers}+{acceptors}+{learners} processes, {events} events, {} steps, \
         made at {:.2} M events/s",
        run.end().steps,
        events as f64 / took.as_secs_f64() / 1e6
    );
    let mib = run.memory() as f64 / f64::from(1 << 20);
    let grown = resident().zip(before).map(|(now, before)| now - before);
    println!(
        "  memory {mib:.1} MiB by estimate, {:.1} MiB resident, {} keyframes",
        grown.unwrap_or(f64::NAN),
        run.keyframes()
    );
    let dice = &mut Dice(2);
    let end = run.end();
    let count = 500;
    let random = (0..count).map(|_| {
        let to = Millis(dice.below(end.time.0));
        time(|| run.seek(to))
    });
    line("seek to a time", random.collect());
    let random = (0..count).map(|_| {
        let to = dice.below(events as u64) as usize;
        time(|| run.seek_event(to))
    });
    line("seek to an event", random.collect());
    run.seek(end.time);
    let back = (0..count).map(|_| time(|| _ = run.step_back()));
    line("step back", back.collect());
    let forth = (0..count).map(|_| time(|| _ = run.step()));
    line("step again", forth.collect());
    let copy = (0..count).map(|_| time(|| _ = black_box(run.clone())));
    line("copy the run", copy.collect());
    // The worst: two branches that have only the start in common.
    let first = run.branch().id();
    run.seek(Millis(0));
    let process = ProcessId(0);
    run.apply(Command::Crash {
        process,
        amnesia: Amnesia::NONE,
    });
    let second = run.branch().id();
    let switch = (0..10).map(|turn| {
        let to = if turn % 2 == 0 { first } else { second };
        time(|| run.switch(to).expect("both are there"))
    });
    let switch: Vec<_> = switch.step_by(2).collect();
    line("switch, all played", switch);
}

fn main() {
    for events in [10_000, 100_000] {
        measure("small", (2, 5, 1), events);
        measure("large", (5, 15, 5), events);
    }
    measure("huge", (20, 61, 20), 100_000);
    measure("endless", (2, 5, 1), 1_000_000);
}
