//! The cluster of these tests, and the oracle.

use std::sync::Arc;

use paxos_playground::cluster::{Cluster, Command, Event, Millis, Roles};
use paxos_playground::history::{BranchId, Position, Run};
use paxos_playground::protocol::{Amnesia, ProcessId};
use paxos_playground::scenario::{Place, Scenario, built_in};

#[path = "../../examples/support/dice.rs"]
mod dice;

pub use dice::Dice;

/// Three proposers, three acceptors and two learners, with a script of its own.
pub fn scenario(seed: u64) -> Arc<Scenario> {
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

pub fn propose(proposer: u16, value: &str) -> Command {
    let process = ProcessId([0, 5, 6][usize::from(proposer)]);
    let value = value.into();
    Command::Propose { process, value }
}

pub fn crash(process: u16) -> Command {
    let process = ProcessId(process);
    Command::Crash {
        process,
        amnesia: Amnesia::NONE,
    }
}

pub fn restart(process: u16) -> Command {
    let process = ProcessId(process);
    Command::Restart { process }
}

pub fn command(dice: &mut Dice) -> Command {
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
pub fn play(
    scenario: &Scenario,
    commands: &[(Position, Command)],
    to: Position,
) -> (Cluster, Vec<Event>) {
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

pub type Commands = Vec<(Position, Command)>;

pub fn commands(run: &Run) -> Commands {
    let commands = run.commands();
    commands
        .map(|(at, command)| (at, command.clone()))
        .collect()
}

/// What is shown, all of it.
#[derive(Debug, PartialEq)]
pub struct Shown {
    pub branch: BranchId,
    pub cursor: Position,
    pub end: Position,
    pub cluster: Cluster,
    pub events: Vec<Event>,
    pub recorded: Vec<Event>,
}

pub fn shown(run: &Run) -> Shown {
    Shown {
        branch: run.branch().id(),
        cursor: run.cursor(),
        end: run.end(),
        cluster: run.cluster().clone(),
        events: run.events().to_vec(),
        recorded: run.recorded().to_vec(),
    }
}
