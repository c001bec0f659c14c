//! Plays: small clusters, a few commands, and what happened.

mod faults;
mod messages;
mod obstacles;
mod progress;
mod rules;
mod storm;
mod words;

use crate::protocol::{Invariant, Kind, ProcessId, Rule, Rules};

use super::*;

/// A cluster of processes that are named by one letter each: P, Q and R propose, A to E vote, L
/// and M learn. Every message takes 50 ms.
pub(super) struct Play {
    setup: Setup,
    pub(super) cluster: Cluster,
    pub(super) events: Vec<Event>,
}

pub(super) fn play(names: &str) -> Play {
    play_with(names, |_| {})
}

pub(super) fn play_with(names: &str, change: impl FnOnce(&mut Setup)) -> Play {
    let processes = names.chars().map(|name| ProcessSpec {
        name: name.to_string().into(),
        roles: match name {
            'P' | 'Q' | 'R' => Roles::PROPOSER,
            'L' | 'M' => Roles::LEARNER,
            _ => Roles::ACCEPTOR,
        },
    });
    let mut setup = Setup {
        processes: processes.collect(),
        network: Network::with_delay(50, 50).unwrap(),
        ..Setup::default()
    };
    change(&mut setup);
    let cluster = Cluster::new(&setup).unwrap();
    Play {
        setup,
        cluster,
        events: Vec::new(),
    }
}

pub(super) fn breaking(rule: Rule) -> impl FnOnce(&mut Setup) {
    move |setup| setup.rules = Rules::breaking([rule])
}

impl Play {
    pub(super) fn id(&self, name: char) -> ProcessId {
        self.setup.id_of(&name.to_string()).unwrap()
    }

    pub(super) fn nth(&self, kind: Kind, from: char, to: char, nth: u32) -> Selector {
        let (from, to) = (self.id(from), self.id(to));
        Selector::Nth(Nth {
            kind,
            from,
            to,
            nth,
        })
    }

    pub(super) fn both_ways(&self, one: char, other: char) -> Link {
        Link::both_ways(self.id(one), self.id(other))
    }

    pub(super) fn apply(&mut self, command: Command) {
        self.cluster.apply(command, &mut self.events);
    }

    pub(super) fn propose(&mut self, name: char, value: &str) {
        let process = self.id(name);
        let value = value.into();
        self.apply(Command::Propose { process, value });
    }

    pub(super) fn crash(&mut self, name: char) {
        let process = self.id(name);
        let amnesia = crate::protocol::Amnesia::NONE;
        self.apply(Command::Crash { process, amnesia });
    }

    pub(super) fn restart(&mut self, name: char) {
        let process = self.id(name);
        self.apply(Command::Restart { process });
    }

    pub(super) fn until(&mut self, time: u64) {
        self.cluster.run_until(Millis(time), &mut self.events);
    }

    /// The sentences of the events since the last call.
    pub(super) fn said(&mut self) -> Vec<String> {
        let names = Names::new(&self.setup, &self.cluster);
        let events = self.events.drain(..);
        events
            .map(|event| format!("{} {}", event.at, names.fact(&event.fact)))
            .collect()
    }

    /// The sentences since the last call that contain this.
    pub(super) fn said_of(&mut self, what: &str) -> Vec<String> {
        let mut said = self.said();
        said.retain(|sentence| sentence.contains(what));
        said
    }

    pub(super) fn chosen(&self) -> Option<&str> {
        let chosen = self.cluster.chosen()?;
        Some(self.cluster.text(chosen.value))
    }

    pub(super) fn learned(&self, name: char) -> Option<&str> {
        let process = self.cluster.process(self.id(name))?;
        let learned = process.learner.as_ref()?.learned()?;
        Some(self.cluster.text(learned.value))
    }

    pub(super) fn broken(&self) -> Vec<&'static str> {
        let broken = self.cluster.invariants();
        broken
            .filter_map(|(invariant, failure)| failure.map(|_| invariant.name()))
            .collect()
    }

    pub(super) fn check(&self, command: Command) -> Result<(), Refusal> {
        self.cluster.check(&command)
    }

    pub(super) fn holds(&self, invariant: Invariant) -> bool {
        self.cluster.failure(invariant).is_none()
    }
}
