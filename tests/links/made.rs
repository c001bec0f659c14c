//! Runs to be made links of.

use std::sync::Arc;

use paxos_playground::cluster::Roles;
use paxos_playground::cluster::{
    Backoff, Chance, Command, DelayRange, Link, Millis, NetworkChange, Nth, Selector, Storm,
};
use paxos_playground::history::{BranchId, Run};
use paxos_playground::protocol::{Amnesia, Kind, ProcessId, Rule, Rules};
use paxos_playground::scenario::{Note, Place, Scenario, When, built_in};

fn open(scenario: Scenario) -> Run {
    Run::new(Arc::new(scenario)).unwrap()
}

/// The same to look at, whichever branch is shown.
pub fn same(one: &Run, other: &Run) {
    assert_eq!(one.scenario(), other.scenario());
    assert_eq!(one.cursor(), other.cursor());
    assert_eq!(one.branch().id(), other.branch().id());
    assert_eq!(one.branches().len(), other.branches().len());
    for (a, b) in one.branches().iter().zip(other.branches()) {
        let all = |branch: &paxos_playground::history::Branch| {
            let name = branch.name().map(String::from);
            (
                branch.id(),
                name,
                branch.parent(),
                branch.fork(),
                branch.end(),
            )
        };
        assert_eq!(all(a), all(b));
        let [mut one, mut other] = [one.clone(), other.clone()];
        one.switch(a.id()).unwrap();
        other.switch(a.id()).unwrap();
        assert!(one.commands().eq(other.commands()));
        assert_eq!(one.recorded(), other.recorded());
        assert_eq!(one.cursor(), other.cursor(), "where it was left");
    }
    assert_eq!(one.cluster(), other.cluster());
    assert_eq!(one.events(), other.events());
}

/// Hello, untouched, in the middle.
pub fn hello() -> Run {
    let mut run = open(built_in("hello").unwrap());
    run.run_until(Millis(100));
    run
}

/// A cluster of one's own, with everything set that can be set, and processes moved.
pub fn own() -> (Run, Vec<Place>) {
    let mut scenario = built_in("hello").unwrap();
    scenario.add(Roles::ACCEPTOR, Place { x: 120.5, y: 40.0 });
    let both = Roles::PROPOSER.and(Roles::LEARNER);
    scenario.add(both, Place { x: 700.0, y: 599.9 });
    scenario.setup.processes[1].name = "Żółw 🐢".into();
    scenario.summary = "Your own cluster.".into();
    scenario.setup.seed = 12_345_678_901;
    scenario.setup.phase1 = Some(3);
    scenario.setup.phase2 = Some(2);
    scenario.setup.nack = false;
    scenario.setup.network.delay = DelayRange::new(5, 500).unwrap();
    scenario.setup.network.loss = Chance::per_million_of(15_000).unwrap();
    scenario.setup.network.duplicate = Chance::per_million_of(500_000).unwrap();
    scenario.setup.retry.timeout = Millis(300);
    scenario.setup.retry.backoff = Backoff::Random;
    scenario.notes = vec![Note {
        when: When::At(Millis(10)),
        title: "Mine".into(),
        text: "A note of <b>one's own</b>.".into(),
    }];
    scenario.until = Millis(9_000);
    let mut places = scenario.places.clone();
    places[0] = Place { x: 12.3, y: 345.6 };
    let mut run = open(scenario);
    run.run_until(Millis(700));
    run.seek(Millis(350));
    (run, places)
}

/// Rules that are broken, and a storage that forgets.
pub fn broken() -> Run {
    let mut scenario = built_in("amnesia").unwrap();
    let rules = [
        Rule::OwnValueAlways,
        Rule::AmnesiaVote,
        Rule::LearnerAddsBallots,
    ];
    scenario.setup.rules = Rules::breaking(rules);
    scenario.summary = "Your own cluster.".into();
    let mut run = open(scenario);
    run.run_until(Millis(150));
    run.apply(Command::Crash {
        process: ProcessId(3),
        amnesia: Amnesia::PROMISE,
    });
    run.run_until(Millis(600));
    run
}

/// Branches with names, one in another, commands taken back, and one branch deleted.
pub fn branches() -> Run {
    let mut run = open(built_in("hello").unwrap());
    let crash = |id| Command::Crash {
        process: ProcessId(id),
        amnesia: Amnesia::NONE,
    };
    let propose = |value: &str| Command::Propose {
        process: ProcessId(0),
        value: value.into(),
    };
    run.run_until(Millis(500));
    run.seek(Millis(60));
    run.apply(crash(1));
    run.run_until(Millis(400));
    run.apply(propose("World"));
    run.run_until(Millis(700));
    run.seek(Millis(420));
    run.apply(crash(2));
    run.run_until(Millis(800));
    run.undo();
    run.apply(crash(3));
    run.run_until(Millis(900));
    run.rename_branch(BranchId(1), "Without A").unwrap();
    run.rename_branch(BranchId(3), "<i>Without C</i>").unwrap();
    run.delete(BranchId(2)).unwrap();
    run.switch(BranchId(1)).unwrap();
    run.seek(Millis(500));
    run.undo();
    run.run_until(Millis(430));
    run
}

/// Everything that can be done to messages and links.
pub fn messages() -> Run {
    let mut scenario = built_in("hello").unwrap();
    scenario.setup.network.hold = true;
    let mut run = open(scenario);
    run.run_until(Millis(30));
    let to = |kind, from, to| {
        Selector::Nth(Nth {
            kind,
            from: ProcessId(from),
            to: ProcessId(to),
            nth: 1,
        })
    };
    let held: Vec<_> = run.cluster().held().map(|envelope| envelope.id).collect();
    let [first, second, third] = held[..] else {
        panic!("{held:?}")
    };
    let link = Link::one_way(ProcessId(0), ProcessId(2));
    let commands = [
        Command::Deliver {
            message: Selector::Id(first),
        },
        Command::Duplicate {
            message: Selector::Id(second),
        },
        Command::Drop {
            message: Selector::Id(second),
        },
        Command::Release {
            message: Some(Selector::Id(third)),
        },
        Command::Delay {
            message: Selector::Id(third),
            by: 25,
        },
        Command::Hold {
            message: Some(Selector::Id(third)),
        },
        Command::Hold {
            message: Some(to(Kind::Accept, 0, 3)),
        },
        Command::Drop {
            message: to(Kind::Accepted, 1, 4),
        },
        Command::Release { message: None },
        Command::Link {
            link,
            delay: DelayRange::new(200, 300).ok(),
        },
        Command::Link {
            link: Link::both_ways(ProcessId(0), ProcessId(3)),
            delay: None,
        },
        Command::Cut { link },
        Command::Heal { link: Some(link) },
        Command::Partition {
            groups: vec![
                vec![ProcessId(0), ProcessId(1)],
                vec![ProcessId(2), ProcessId(3), ProcessId(4)],
            ],
        },
        Command::Heal { link: None },
        Command::Network {
            change: NetworkChange {
                delay: DelayRange::new(10, 20).ok(),
                loss: Some(Chance::NEVER),
                duplicate: None,
            },
        },
        Command::Timeout {
            process: ProcessId(0),
        },
        Command::Crash {
            process: ProcessId(4),
            amnesia: Amnesia::VOTE,
        },
        Command::Restart {
            process: ProcessId(4),
        },
        Command::Hold { message: None },
    ];
    for command in commands {
        run.apply(command);
        let soon = Millis(run.cursor().time.0 + 7);
        run.run_until(soon);
    }
    run
}

/// One proposer, one learner and acceptors, so many in all.
pub fn crowd(processes: usize) -> Run {
    let mut scenario = built_in("hello").unwrap();
    scenario.id = "crowd".into();
    let middle = Place { x: 500.0, y: 300.0 };
    while scenario.setup.processes.len() < processes {
        scenario.add(Roles::ACCEPTOR, middle);
    }
    let setup = scenario.setup.clone();
    let mut run = open(Scenario::new(setup, scenario.script));
    run.run_until(Millis(90));
    run
}

/// A duel that does not end, so many steps of it.
pub fn endless(steps: u32) -> Run {
    let mut run = open(built_in("duel").unwrap());
    for _ in 0..steps {
        run.step();
    }
    run
}

/// A hundred deeds at random, of every kind, some of them in the past.
pub fn hundred_deeds(id: &str) -> Run {
    let mut run = open(built_in(id).unwrap());
    let mut storm = Storm::full(7);
    for deed in 0..100 {
        let pause = u64::from(storm.between(0, 200));
        run.run_until(Millis(run.cursor().time.0 + pause));
        if deed % 10 == 9 {
            let back = u64::from(storm.between(0, 400));
            run.seek(Millis(run.cursor().time.0.saturating_sub(back)));
        }
        let command = storm.command(run.cluster());
        run.apply(command);
    }
    run
}

#[test]
fn links_show_what_was_shown() {
    let (own, places) = own();
    let crowd = crowd(101);
    let all = [
        ("hello", hello(), None),
        ("own", own, Some(places)),
        ("broken", broken(), None),
        ("branches", branches(), None),
        ("messages", messages(), None),
        ("crowd", crowd, None),
    ];
    for (name, mut run, places) in all {
        let places = places.unwrap_or_else(|| run.scenario().places.clone());
        let link = run.to_link(&places);
        println!("{name} ({} characters): {link}", link.len());
        let back = Run::from_link(&link).unwrap_or_else(|why| panic!("{name}: {why}"));
        assert_eq!(back.scenario().places, places);
        assert_eq!(
            back.to_link(&places),
            link,
            "{name}: made again it is the same"
        );
        if places != run.scenario().places {
            let mut moved = Scenario::clone(run.scenario());
            moved.places = places;
            let mut again = open(moved);
            again.run_until(run.end().time);
            again.seek_to(run.cursor());
            run = again;
        }
        same(&back, &run);
    }
}
