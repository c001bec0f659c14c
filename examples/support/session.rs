//! A long session for measuring: the same one natively and in a browser.

use std::sync::Arc;

use paxos_playground::cluster::{Command, Millis, ProcessSpec, Roles, Setup};
use paxos_playground::history::Run;
use paxos_playground::protocol::{Amnesia, ProcessId};
use paxos_playground::scenario::{Place, Scenario};

#[path = "dice.rs"]
mod dice;

pub use dice::Dice;

/// A cluster of so many of each.
pub fn cluster(proposers: usize, acceptors: usize, learners: usize) -> Scenario {
    let roles = [
        (Roles::PROPOSER, proposers),
        (Roles::ACCEPTOR, acceptors),
        (Roles::LEARNER, learners),
    ];
    let roles = roles.map(|(roles, count)| vec![roles; count]).concat();
    let processes = roles.iter().enumerate().map(|(index, &roles)| ProcessSpec {
        name: index.to_string().into(),
        roles,
    });
    Scenario {
        id: String::new(),
        title: String::new(),
        summary: String::new(),
        places: vec![Place { x: 0.0, y: 0.0 }; roles.len()],
        setup: Setup {
            processes: processes.collect(),
            ..Setup::default()
        },
        script: Vec::new(),
        asked: Vec::new(),
        notes: Vec::new(),
        expect: Default::default(),
        until: Millis(60_000),
    }
}

/// Proposals by everybody, now and then a crash, and the restart soon after.
pub fn session(scenario: Scenario, proposers: u64, events: usize) -> Run {
    let all = scenario.setup.processes.len() as u64;
    let mut run = Run::new(Arc::new(scenario)).expect("the cluster is sound");
    let dice = &mut Dice(1);
    while run.events().len() < events {
        let process = ProcessId(dice.below(proposers) as u16);
        let value = ["X", "Y", "Z"][dice.below(3) as usize].into();
        run.apply(Command::Propose { process, value });
        run.run_until(Millis(run.cursor().time.0 + 50 + dice.below(150)));
        if dice.below(20) == 0 {
            let process = ProcessId(dice.below(all) as u16);
            run.apply(Command::Crash {
                process,
                amnesia: Amnesia::NONE,
            });
            run.run_until(Millis(run.cursor().time.0 + dice.below(100)));
            run.apply(Command::Restart { process });
        }
    }
    run
}
