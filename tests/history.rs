//! Seeking equals playing: random sessions against an oracle that knows no keyframes.

use std::collections::BTreeMap;
use std::sync::Arc;

use paxos_playground::cluster::{Cluster, Command, Event, Millis, Roles};
use paxos_playground::history::{BranchId, KeyframePolicy, Position, Run};
use paxos_playground::protocol::ProcessId;
use paxos_playground::scenario::{Place, Scenario, built_in};

/// A small generator for the tests: SplitMix64.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }
}

/// Three proposers, three acceptors and two learners, with a script of its own.
fn scenario(seed: u64) -> Arc<Scenario> {
    let mut scenario = built_in("hello").unwrap();
    let middle = Place { x: 500.0, y: 300.0 };
    for roles in [Roles::PROPOSER, Roles::PROPOSER, Roles::LEARNER] {
        scenario.add(roles, middle);
    }
    scenario.setup.seed = seed;
    let script = [(30, propose(0, "scripted")), (200, crash(1))];
    let script = script.map(|(at, command)| (Millis(at), command));
    scenario.script = script.into();
    Arc::new(scenario)
}

fn propose(proposer: u16, value: &str) -> Command {
    let process = ProcessId([0, 5, 6][usize::from(proposer)]);
    let value = value.into();
    Command::Propose { process, value }
}

fn crash(process: u16) -> Command {
    let process = ProcessId(process);
    Command::Crash { process }
}

fn restart(process: u16) -> Command {
    let process = ProcessId(process);
    Command::Restart { process }
}

fn command(dice: &mut Dice) -> Command {
    let process = dice.below(8) as u16;
    match dice.below(6) {
        0 => crash(process),
        1 => restart(process),
        _ => propose(
            dice.below(3) as u16,
            ["X", "Y", "Z"][dice.below(3) as usize],
        ),
    }
}

/// The oracle: play everything from the start, by the meaning of a position and nothing else.
fn play(scenario: &Scenario, commands: &[(Position, Command)], to: Position) -> (Cluster, Vec<Event>) {
    let mut cluster = Cluster::new(&scenario.setup).unwrap();
    for (at, command) in &scenario.script {
        cluster.schedule(*at, command.clone());
    }
    let mut events = Vec::new();
    let mut steps = 0;
    let mut go = |cluster: &mut Cluster, events: &mut Vec<Event>, to: Position| {
        while steps < to.steps {
            assert!(cluster.step(events));
            steps += 1;
        }
        if cluster.now() < to.time {
            let before = events.len();
            cluster.run_until(to.time, events);
            assert_eq!(events.len(), before, "nothing is due between two steps");
        }
        steps += 1;
    };
    for (at, command) in commands.iter().filter(|(at, _)| at.steps < to.steps) {
        go(&mut cluster, &mut events, *at);
        cluster.apply(command.clone(), &mut events);
    }
    go(&mut cluster, &mut events, to);
    (cluster, events)
}

type Commands = Vec<(Position, Command)>;

fn commands(run: &Run) -> Commands {
    let commands = run.commands();
    commands.map(|(at, command)| (at, command.clone())).collect()
}

/// What is shown, all of it.
#[derive(Debug, PartialEq)]
struct Shown {
    branch: BranchId,
    cursor: Position,
    end: Position,
    cluster: Cluster,
    events: Vec<Event>,
    recorded: Vec<Event>,
}

fn shown(run: &Run) -> Shown {
    Shown {
        branch: run.branch().id(),
        cursor: run.cursor(),
        end: run.end(),
        cluster: run.cluster().clone(),
        events: run.events().to_vec(),
        recorded: run.recorded().to_vec(),
    }
}

fn check(run: &Run) {
    let commands = commands(run);
    let (cluster, events) = play(run.scenario(), &commands, run.cursor());
    assert_eq!(run.cluster(), &cluster);
    assert_eq!(run.events(), events);
    assert_eq!(cluster.now(), run.cursor().time);
    let (_, recorded) = play(run.scenario(), &commands, run.end());
    assert_eq!(run.recorded(), recorded);
    assert!(run.cursor() <= run.end());
}

/// Looks at every branch as a whole, and puts everything back by cloning.
fn futures(run: &Run) -> BTreeMap<BranchId, (Commands, u64)> {
    let futures = run.branches().iter().map(|branch| {
        let mut look = run.clone();
        look.switch(branch.id()).unwrap();
        assert_eq!(look.end(), branch.end());
        check(&look);
        (branch.id(), (commands(&look), look.end().steps))
    });
    futures.collect()
}

/// A deed of the user, by chance. `Some` is a branch that was deleted.
fn act(run: &mut Run, dice: &mut Dice) -> Option<BranchId> {
    let any = run.branches()[dice.below(run.branches().len() as u64) as usize].id();
    match dice.below(20) {
        0..4 => run.apply(command(dice)),
        4..7 => {
            let before = run.cursor();
            let due = run.next_due();
            assert_eq!(run.step(), due.is_some());
            assert_eq!(run.cursor().steps, before.steps + u64::from(due.is_some()));
            assert_eq!(run.cursor().time, due.unwrap_or(before.time));
        }
        7..10 => {
            let time = Millis(run.cursor().time.0 + dice.below(150));
            run.run_until(time);
            assert_eq!(run.cursor().time, time);
            assert!(run.next_due().is_none_or(|due| due > time));
        }
        10..12 => {
            let time = Millis(dice.below(run.end().time.0 + 20));
            run.seek(time);
            assert_eq!(run.cursor().time, time.min(run.end().time));
            let next = run.recorded().get(run.events().len());
            assert!(next.is_none_or(|event| event.at > time));
        }
        12 => {
            let index = dice.below(run.recorded().len() as u64 + 1) as usize;
            let event = run.recorded().get(index).cloned();
            run.seek_event(index);
            assert!(run.events().len() > index || event.is_none());
            assert!(event.is_none_or(|event| event.at == run.cursor().time));
        }
        13..15 => {
            let before = run.cursor();
            assert_eq!(run.step_back(), before > Position::default());
            assert!(run.cursor() < before || before == Position::default());
        }
        15..17 => {
            let (before, command) = (shown(run), run.undoable().cloned());
            let left = run.branch().id();
            assert_eq!(run.undo(), command.is_some());
            if command.is_some() {
                assert_eq!(run.redoable(), command.as_ref());
                assert!(run.cursor().steps < before.cursor.steps);
                // Looking around does not take redo away, and redo is exact. Playing on may open
                // a branch, and may make the line that was left longer, so it is not tried here.
                let mut again = run.clone();
                again.seek(Millis(dice.below(500)));
                again.step_back();
                assert!(again.redo());
                assert_eq!(shown(&again), before);
                assert_eq!(again.branch().id(), left);
            }
        }
        17 => assert_eq!(run.redoable().is_some(), run.redo()),
        18 => run.switch(any).unwrap(),
        _ if dice.below(3) > 0 => {
            let position = Position {
                steps: dice.below(run.end().steps + 3),
                time: Millis(dice.below(run.end().time.0 + 20)),
            };
            run.seek_to(position);
        }
        _ if run.branches().len() > 3 => {
            run.delete(any).unwrap();
            return Some(any);
        }
        _ => run.rename(any, "a name").unwrap(),
    }
    None
}

/// A whole session, checked after every deed.
fn session(seed: u64, deeds: u64) {
    println!("seed {seed}");
    let dice = &mut Dice(seed);
    let policy = KeyframePolicy {
        every: 1 + dice.below(40) as u32,
        bytes: 1 << (10 + dice.below(8)),
    };
    let mut run = Run::with_keyframes(scenario(seed), policy).unwrap();
    let mut known = futures(&run);
    for deed in 0..deeds {
        let deleted = act(&mut run, dice);
        check(&run);
        if deed % 4 != 0 && deleted.is_none() {
            continue;
        }
        // Nothing is ever lost: every branch goes on from what it was.
        let mut now = futures(&run);
        for (id, (commands, end)) in known {
            if Some(id) == deleted {
                continue;
            }
            let (commands_now, end_now) = &now[&id];
            assert!(commands_now.starts_with(&commands), "a command is lost");
            assert!(*end_now >= end, "a future is lost");
        }
        if let Some(id) = deleted {
            assert!(now.remove(&id).is_none());
        }
        known = now;
    }
}

#[test]
fn seeking_equals_playing_in_thousands_of_random_sessions() {
    for seed in 0..2_000 {
        session(seed, 30);
    }
}

#[test]
fn and_in_some_long_ones() {
    for seed in 1_000_000..1_000_010 {
        session(seed, 300);
    }
}

fn run() -> Run {
    Run::new(scenario(1)).unwrap()
}

#[test]
fn a_command_is_played_again_between_the_same_two_events_of_one_instant() {
    let mut run = run();
    // Two messages to oneself and two others arrive when the delays are all the same.
    let mut same = Scenario::clone(run.scenario());
    same.setup.network = paxos_playground::cluster::Network::with_delay(10, 10).unwrap();
    same.script.clear();
    run = Run::new(Arc::new(same)).unwrap();
    run.apply(propose(0, "X"));
    assert!(run.step());
    let (at, due) = (run.cursor(), run.next_due().unwrap());
    assert_eq!(at.time, due, "more happens at this very instant");
    run.apply(crash(2));
    run.run_until(Millis(100));
    let (end, events) = (run.cursor(), run.events().to_vec());
    run.seek(Millis(0));
    run.seek_to(end);
    assert_eq!(run.events(), events);
    run.seek_to(at);
    assert_eq!(run.cursor(), at);
    assert!(run.cluster().process(ProcessId(2)).unwrap().up);
}

#[test]
fn time_that_only_passes_counts() {
    let mut run = run();
    run.run_until(Millis(17));
    run.apply(propose(1, "X"));
    run.run_until(Millis(400));
    let events = run.events().to_vec();
    run.seek(Millis(16));
    assert!(run.events().is_empty());
    assert_eq!(run.cluster().now(), Millis(16));
    run.run_until(Millis(400));
    assert_eq!(run.events(), events);
    assert_eq!(run.branches().len(), 1, "nothing new happened");
}

#[test]
fn acting_in_the_past_keeps_the_old_future() {
    let mut run = run();
    run.run_until(Millis(500));
    let old = run.recorded().to_vec();
    run.seek(Millis(60));
    let past = run.events().len();
    run.apply(crash(2));
    run.run_until(Millis(500));
    assert_ne!(run.recorded(), old);
    assert_eq!(run.recorded().range(0..past), old[..past]);
    let [main, branch] = run.branches() else {
        panic!("{:?}", run.branches())
    };
    assert_eq!(branch.parent(), Some(main.id()));
    assert_eq!(branch.fork(), Position { steps: branch.fork().steps, time: Millis(60) });
    let main = main.id();
    run.switch(main).unwrap();
    assert_eq!(run.recorded(), old);
    assert_eq!(run.cursor().time, Millis(60), "where it was left");
}

#[test]
fn a_pause_at_the_end_is_no_future() {
    let mut run = run();
    while run.step() {}
    run.run_until(Millis(90_000));
    run.seek(Millis(80_000));
    run.apply(propose(1, "X"));
    assert_eq!(run.branches().len(), 1);
    assert_eq!(run.cursor().time, Millis(80_000));
}

#[test]
fn undo_shows_the_moment_before_and_redo_where_one_was() {
    let mut run = run();
    run.run_until(Millis(60));
    let before = shown(&run);
    run.apply(crash(2));
    run.run_until(Millis(500));
    let after = shown(&run);
    assert!(run.undo());
    assert_eq!(run.cluster(), &before.cluster);
    assert_eq!(run.recorded(), before.events, "the crash is not ahead either");
    assert!(run.redo());
    assert_eq!(shown(&run), after);
    assert!(!run.redo());
    assert_eq!(run.branches().len(), 1);
}

#[test]
fn after_undo_one_can_play_on_without_the_command_and_still_redo() {
    let mut run = run();
    run.run_until(Millis(60));
    run.apply(crash(2));
    run.run_until(Millis(500));
    let with = shown(&run);
    for _ in 0..3 {
        run.undo();
        run.run_until(Millis(500));
        assert!(run.cluster().process(ProcessId(2)).unwrap().up);
        assert_eq!(run.branches().len(), 2, "one for with, one for without");
        run.redo();
        assert_eq!(shown(&run), with);
    }
}

#[test]
fn undo_of_a_command_in_the_past_goes_back_to_the_future_that_it_left() {
    let mut run = run();
    run.run_until(Millis(60));
    run.apply(propose(1, "X"));
    run.run_until(Millis(500));
    run.seek(Millis(100));
    let before = shown(&run);
    run.apply(crash(2));
    run.undo();
    assert_eq!(shown(&run), before);
    // Undone in turn: the command before, on that branch.
    assert_eq!(run.undoable(), Some(&propose(1, "X")));
    run.undo();
    assert_eq!(run.cursor().time, Millis(60));
    run.redo();
    assert_eq!(shown(&run), before);
    run.redo();
    assert_eq!(run.undoable(), Some(&crash(2)));
}

#[test]
fn a_new_command_after_undo_ends_redo_and_loses_nothing() {
    let mut run = run();
    run.apply(propose(1, "X"));
    run.run_until(Millis(500));
    let old = run.recorded().to_vec();
    run.undo();
    run.apply(propose(1, "Y"));
    assert_eq!(run.redoable(), None);
    run.switch(BranchId(0)).unwrap();
    assert_eq!(run.recorded(), old);
}

#[test]
fn what_is_undone_to_the_start_is_still_worth_keeping() {
    let mut run = run();
    assert!(run.is_fresh());
    run.apply(crash(1));
    run.undo();
    assert!(run.events().is_empty());
    assert!(!run.is_fresh());
}

#[test]
fn branches_are_named_and_deleted_and_their_children_stay() {
    let mut run = run();
    run.run_until(Millis(500));
    for time in [80, 120] {
        run.seek(Millis(time));
        run.apply(crash(2));
        run.run_until(Millis(600));
    }
    let last = shown(&run);
    let [main, child, grandchild] = [0, 1, 2].map(BranchId);
    assert_eq!(run.branches()[2].parent(), Some(child));
    run.rename(child, "  C is down\n").unwrap();
    assert_eq!(run.branches()[1].name(), Some("C is down"));
    run.rename(child, "").unwrap();
    assert_eq!(run.branches()[1].name(), None);
    run.delete(child).unwrap();
    assert_eq!(shown(&run), last);
    assert_eq!(run.branch().parent(), Some(main));
    assert_eq!(run.branch().fork().time, Millis(80));
    assert!(run.rename(child, "gone").is_err());
    assert!(run.switch(child).is_err());
    run.delete(grandchild).unwrap();
    assert_eq!(run.branch().id(), main);
    let error = run.delete(main).unwrap_err();
    assert_eq!(error.to_string(), "branch 0 is the only one, and a run needs one");
}

/// A session like that of a class that never ends: proposals and crashes at many times.
fn long(events: usize) -> Run {
    let mut run = run();
    let dice = &mut Dice(7);
    while run.recorded().len() < events {
        let at = run.cursor().time.0;
        run.run_until(Millis(at + 20 + dice.below(200)));
        let given = command(dice);
        let is_last_up = run.cluster().processes().filter(|(_, process)| process.up).count() < 6;
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
    assert!(many.memory() < memory + (2 << 20), "{} bytes", many.memory());
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
