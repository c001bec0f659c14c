//! A small cluster that is told what to do one thing after the other.

use paxos_playground::cluster::{Cluster, Command, Event, Millis, Network, Setup};
use paxos_playground::protocol::{Acceptor, Amnesia, ProcessId};

use super::play::{processes, transcript};

/// A cluster whose messages all take 10 ms.
pub struct Stage {
    pub setup: Setup,
    pub cluster: Cluster,
    pub events: Vec<Event>,
}

impl Stage {
    pub fn new(cast: &str) -> Self {
        let setup = Setup {
            processes: processes(cast).unwrap(),
            network: Network::with_delay(10, 10).unwrap(),
            ..Setup::default()
        };
        let cluster = Cluster::new(&setup).unwrap();
        let events = Vec::new();
        Self {
            setup,
            cluster,
            events,
        }
    }

    pub fn id(&self, name: &str) -> ProcessId {
        self.setup.id_of(name).unwrap()
    }

    pub fn acceptor(&self, name: &str) -> &Acceptor {
        let process = self.cluster.process(self.id(name)).unwrap();
        process.acceptor.as_ref().unwrap()
    }

    pub fn propose(&mut self, name: &str, value: &str) {
        let process = self.id(name);
        let value = value.into();
        self.apply(Command::Propose { process, value });
    }

    pub fn crash(&mut self, name: &str) {
        let process = self.id(name);
        self.apply(Command::Crash {
            process,
            amnesia: Amnesia::NONE,
        });
    }

    pub fn restart(&mut self, name: &str) {
        let process = self.id(name);
        self.apply(Command::Restart { process });
    }

    pub fn apply(&mut self, command: Command) {
        self.cluster.apply(command, &mut self.events);
    }

    pub fn until(&mut self, time: u64) {
        self.cluster.run_until(Millis(time), &mut self.events);
    }

    pub fn finish(&mut self) {
        while self.cluster.step(&mut self.events) {}
    }

    /// The text of what is chosen.
    pub fn chosen(&self) -> Option<&str> {
        let vote = self.cluster.chosen()?;
        Some(self.cluster.text(vote.value))
    }

    pub fn said(&self, sentence: &str) -> bool {
        transcript(&self.setup, &self.cluster, &self.events).contains(sentence)
    }
}
