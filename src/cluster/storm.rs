//! Random commands: every fault there is, from one seed.
//!
//! The random tests, the search for what a broken rule does, and the measurement of speed all
//! sail through the same storm.

use std::sync::Arc;

use crate::protocol::{Amnesia, Kind, ProcessId};

use super::rng::Rng;
use super::{
    Backoff, Chance, Cluster, Command, DelayRange, Event, Fact, Link, Millis, Network,
    NetworkChange, Nth, ProcessSpec, Refusal, Retry, Roles, Selector, Setup,
};

/// A source of random commands. The same seed and the same cluster give the same storm.
///
/// Not every storm has every fault: each leaves out some of them, because what one kind of fault
/// would show another kind often hides (a message that is held cannot come late). [`Storm::full`]
/// leaves out nothing.
#[derive(Clone, Debug)]
pub struct Storm {
    rng: Rng,
    values: [Arc<str>; 4],
    /// Which kinds of commands this storm has, as bits.
    kinds: u32,
    /// Who has crashed and is to come back at once.
    reboots: Option<ProcessId>,
}

impl Storm {
    /// A storm of its own kind.
    pub fn new(seed: u64) -> Self {
        let mut storm = Self::full(seed);
        storm.kinds = storm.between(0, u32::MAX);
        storm
    }

    /// A storm with every fault.
    pub fn full(seed: u64) -> Self {
        Self {
            rng: Rng::new(seed),
            values: ["red", "green", "blue", "grey"].map(Arc::from),
            kinds: u32::MAX,
            reboots: None,
        }
    }

    /// Whether this storm has such commands: clients always ask, and what was done can always be
    /// undone.
    fn has(&self, command: &Command) -> bool {
        let kind = match command {
            Command::Crash { .. } => 0,
            Command::Timeout { .. } => 1,
            Command::Cut { .. } => 2,
            Command::Partition { .. } => 3,
            Command::Drop { .. } => 4,
            Command::Duplicate { .. } => 5,
            Command::Hold { message: Some(_) } => 6,
            Command::Hold { message: None } => 7,
            Command::Deliver { .. } => 8,
            Command::Delay { .. } => 9,
            Command::Network { .. } => 10,
            Command::Link { .. } => 11,
            Command::Propose { .. }
            | Command::Restart { .. }
            | Command::Heal { .. }
            | Command::Release { .. } => return true,
        };
        self.kinds >> kind & 1 == 1
    }

    /// A random number, both ends included.
    pub fn between(&mut self, low: u32, high: u32) -> u32 {
        self.rng.between(low, high)
    }

    /// A cluster for storms: so many of each role, lossy links, and retries at random.
    pub fn setup(seed: u64, proposers: u16, acceptors: u16, learners: u16) -> Setup {
        let named = |letter: &'static str, count: u16, roles| {
            (1..=count).map(move |number| ProcessSpec {
                name: format!("{letter}{number}").into(),
                roles,
            })
        };
        let percent = |parts: u32| Chance::per_million_of(parts * 10_000).unwrap_or_default();
        Setup {
            seed,
            processes: named("P", proposers, Roles::PROPOSER)
                .chain(named("A", acceptors, Roles::ACCEPTOR))
                .chain(named("L", learners, Roles::LEARNER))
                .collect(),
            network: Network {
                loss: percent(5),
                duplicate: percent(5),
                ..Network::default()
            },
            retry: Retry {
                timeout: Millis(300),
                backoff: Backoff::Random,
            },
            ..Setup::default()
        }
    }

    /// Let some time pass, and then something go wrong: what, and when. Nothing else has happened
    /// at that instant before, so a script that says the same gives the same events.
    pub fn blow(
        &mut self,
        longest: u32,
        cluster: &mut Cluster,
        events: &mut Vec<Event>,
    ) -> (Millis, Command) {
        let pause = Millis(u64::from(self.between(0, longest)));
        cluster.run_before(cluster.now().after(pause), events);
        let command = self.command(cluster);
        cluster.apply(command.clone(), events);
        (cluster.now(), command)
    }

    /// A random command that the cluster can follow now, or that waits for its message. No crash
    /// loses what is durable, unless the rules of the cluster are broken.
    pub fn command(&mut self, cluster: &Cluster) -> Command {
        if let Some(process) = self.reboots.take() {
            let command = Command::Restart { process };
            if cluster.check(&command).is_ok() {
                return command;
            }
        }
        loop {
            let command = self.any_command(cluster);
            if !self.has(&command) {
                continue;
            }
            match cluster.check(&command) {
                Ok(()) => return command,
                Err(Refusal::MessageNotSent) if cluster.waiting().len() < 5 => return command,
                Err(_) => {}
            }
        }
    }

    fn any_command(&mut self, cluster: &Cluster) -> Command {
        let process = self.process(cluster);
        match self.between(0, 99) {
            0..35 => self.proposal(cluster),
            35..47 => {
                // Half of all crashes are over in a moment.
                let moment = self.between(0, 1) == 0;
                self.reboots = Some(process).filter(|_| moment);
                let amnesia = Amnesia::NONE;
                Command::Crash { process, amnesia }
            }
            47..60 => Command::Restart { process },
            60..64 => Command::Timeout { process },
            64..69 => Command::Cut {
                link: self.link(cluster),
            },
            69..73 => Command::Heal {
                link: Some(self.link(cluster)),
            },
            73..76 => Command::Heal { link: None },
            76 => self.partition(cluster),
            77..80 => Command::Drop {
                message: self.message(cluster),
            },
            80..84 => Command::Duplicate {
                message: self.message(cluster),
            },
            84..87 => Command::Hold {
                message: Some(self.message(cluster)),
            },
            87..90 => Command::Release {
                message: Some(self.message(cluster)),
            },
            90 => Command::Hold { message: None },
            91..93 => Command::Release { message: None },
            93..96 => Command::Deliver {
                message: self.message(cluster),
            },
            96 => Command::Delay {
                message: self.message(cluster),
                by: self.between(1, 500),
            },
            97 => Command::Network {
                change: NetworkChange {
                    delay: Some(self.delay()),
                    loss: Chance::per_million_of(self.between(0, 100_000)),
                    duplicate: Chance::per_million_of(self.between(0, 100_000)),
                },
            },
            98 => Command::Link {
                link: self.link(cluster),
                delay: Some(self.delay()),
            },
            _ => Command::Link {
                link: self.link(cluster),
                delay: None,
            },
        }
    }

    /// The storm is over: every process is up, every link works, nothing is held or lost. What was
    /// done for it, all at this instant.
    pub fn calm(cluster: &mut Cluster, events: &mut Vec<Event>) -> Vec<Command> {
        let never = Some(Chance::NEVER);
        let change = NetworkChange {
            delay: None,
            loss: never,
            duplicate: never,
        };
        let mut commands = vec![
            Command::Network { change },
            Command::Heal { link: None },
            Command::Release { message: None },
        ];
        let ids: Vec<ProcessId> = cluster.processes().map(|(id, _)| id).collect();
        for &process in &ids {
            commands.push(Command::Restart { process });
            let others = ids.iter().filter(|&&other| other != process);
            commands.extend(others.map(|&other| Command::Link {
                link: Link::one_way(process, other),
                delay: None,
            }));
        }
        commands.retain(|command| {
            let needed = cluster.check(command).is_ok();
            if needed {
                cluster.apply(command.clone(), events);
            }
            needed
        });
        commands
    }

    /// Sail so many events through one storm, and say how many they were in the end and how many
    /// votes were chosen. What the speed of the simulation is measured with: 5 acceptors, 2
    /// proposers and 1 learner, with all faults.
    pub fn sail(seed: u64, at_least: u64, watched: bool) -> (u64, u64) {
        let setup = Self::setup(seed, 2, 5, 1);
        let cluster = Cluster::new(&setup).expect("this setup is sound");
        let mut cluster = if watched {
            cluster
        } else {
            cluster.unwatched()
        };
        let mut storm = Self::full(seed);
        let mut events = Vec::new();
        let mut chosen = 0;
        while cluster.recorded() < at_least {
            events.clear();
            storm.blow(200, &mut cluster, &mut events);
            let is_chosen = |event: &&Event| matches!(event.fact, Fact::Chosen { .. });
            chosen += events.iter().filter(is_chosen).count() as u64;
        }
        (cluster.recorded(), chosen)
    }

    fn process(&mut self, cluster: &Cluster) -> ProcessId {
        let count = cluster.processes().count() as u32;
        ProcessId(self.between(0, count.saturating_sub(1)) as u16)
    }

    /// Two ends; the same one twice is no link, and refused.
    fn link(&mut self, cluster: &Cluster) -> Link {
        Link {
            from: self.process(cluster),
            to: self.process(cluster),
            one_way: self.between(0, 1) == 0,
        }
    }

    fn delay(&mut self) -> DelayRange {
        let shortest = self.between(0, 100);
        let longest = self.between(shortest, 200);
        DelayRange::new(shortest, longest).unwrap_or_default()
    }

    fn proposal(&mut self, cluster: &Cluster) -> Command {
        let value = self.between(0, self.values.len() as u32 - 1);
        Command::Propose {
            process: self.process(cluster),
            value: self.values[value as usize].clone(),
        }
    }

    fn partition(&mut self, cluster: &Cluster) -> Command {
        let mut groups = vec![Vec::new(), Vec::new(), Vec::new()];
        for (id, _) in cluster.processes() {
            let group = self.between(0, 5) as usize;
            groups[[0, 0, 0, 1, 1, 2][group]].push(id);
        }
        groups.pop();
        Command::Partition { groups }
    }

    /// One of those on their way or held, or now and then one to come.
    fn message(&mut self, cluster: &Cluster) -> Selector {
        let count = cluster.under_way().count();
        if count == 0 || self.between(0, 9) == 0 {
            let kind = self.between(0, 4) as usize;
            return Selector::Nth(Nth {
                kind: Kind::ALL[kind],
                from: self.process(cluster),
                to: self.process(cluster),
                nth: self.between(1, 30),
            });
        }
        let index = self.between(0, count as u32 - 1) as usize;
        let mut all = cluster.under_way();
        let chosen = all.nth(index).expect("it was counted");
        Selector::Id(chosen.id)
    }
}
