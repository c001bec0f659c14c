//! Sessions of many events: memory, and far seeks.

use paxos_playground::cluster::{Command, Millis};
use paxos_playground::history::{BranchId, Run};

use super::world::{Dice, command, commands, crash, play, restart, scenario};

/// A session like that of a class that never ends: proposals and crashes at many times.
fn long(events: usize) -> Run {
    let mut run = Run::new(scenario(1)).unwrap();
    let dice = &mut Dice(7);
    while run.recorded().len() < events {
        let at = run.cursor().time.0;
        run.run_until(Millis(at + 20 + dice.below(200)));
        let given = command(dice);
        let is_last_up = run
            .cluster()
            .processes()
            .filter(|(_, process)| process.up)
            .count()
            < 6;
        match given {
            Command::Crash { .. } if is_last_up => (0..8).for_each(|id| run.apply(restart(id))),
            other => run.apply(other),
        }
    }
    run
}

#[test]
fn a_session_of_a_hundred_thousand_events_stays_within_its_memory() {
    let run = long(100_000);
    let memory = run.memory();
    assert!(memory < 48 << 20, "{memory} bytes");
    assert!(run.keyframes() > 16, "{} keyframes", run.keyframes());
    // Branches cost next to nothing, and copies share almost everything.
    let mut many = run.clone();
    for index in 0..100 {
        many.switch(BranchId(0)).unwrap();
        many.seek_event(99_000 + index);
        many.apply(crash(1));
    }
    assert!(
        many.memory() < memory + (2 << 20),
        "{} bytes",
        many.memory()
    );
}

#[test]
fn far_places_of_a_long_session_are_what_they_were() {
    let mut run = long(10_000);
    let commands = commands(&run);
    let dice = &mut Dice(3);
    for _ in 0..20 {
        run.seek(Millis(dice.below(run.end().time.0)));
        let (cluster, events) = play(run.scenario(), &commands, run.cursor());
        assert_eq!(run.cluster(), &cluster);
        assert_eq!(run.events(), events);
    }
}
