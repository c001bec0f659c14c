//! A cluster that sails through a storm, with a log from which a file is made that says the same.

use paxos_playground::cluster::{
    Cluster, Command, Event, Failure, Millis, Network, PrepareTo, Roles, Setup, Storm,
};
use paxos_playground::protocol::{Invariant, Rules};
use paxos_playground::scenario::{Expected, Scenario};

/// A cluster, all that was done to it, and all that happened.
pub struct Voyage {
    pub setup: Setup,
    pub cluster: Cluster,
    pub script: Vec<(Millis, Command)>,
    pub events: Vec<Event>,
}

impl Voyage {
    pub fn new(setup: Setup) -> Self {
        Self {
            cluster: Cluster::new(&setup).expect("the setup is sound"),
            setup,
            script: Vec::new(),
            events: Vec::new(),
        }
    }

    /// Sail through so many gusts, with at most so many milliseconds between two of them.
    pub fn sail(&mut self, storm: &mut Storm, gusts: u32, longest: u32) {
        for _ in 0..gusts {
            let gust = storm.blow(longest, &mut self.cluster, &mut self.events);
            self.script.push(gust);
        }
    }

    /// A short storm over a cluster in which a broken rule shows soon: once one value has won
    /// everywhere, there is nothing left to be seen.
    pub fn squall(seed: u64, rules: Rules) -> Self {
        let mut voyage = Self::new(fragile(seed, rules));
        voyage.sail(&mut Storm::new(!seed), 40, 150);
        voyage
    }

    /// The storm ends.
    pub fn calm(&mut self) {
        let now = self.cluster.now();
        let done = Storm::calm(&mut self.cluster, &mut self.events);
        self.script
            .extend(done.into_iter().map(|command| (now, command)));
    }

    /// Let this be done, and then a minute pass.
    pub fn then_a_minute(&mut self, command: Command) {
        let now = self.cluster.now();
        self.script.push((now, command.clone()));
        self.cluster.apply(command, &mut self.events);
        self.cluster
            .run_before(Millis(now.0 + 60_000), &mut self.events);
    }

    /// The invariant that failed first.
    pub fn first_failure(&self) -> Option<(Invariant, Failure)> {
        let failed = self.cluster.invariants();
        failed
            .filter_map(|(invariant, failure)| Some((invariant, failure?)))
            .min_by_key(|(_, failure)| failure.event)
    }

    /// All of it as a scenario.
    pub fn scenario(&self) -> Scenario {
        let mut scenario = Scenario::new(self.setup.clone(), self.script.clone());
        scenario.until = self.cluster.now();
        scenario
    }

    /// The part that breaks this invariant, as a scenario that says so.
    pub fn scenario_of(&self, invariant: Invariant, failure: Failure) -> Scenario {
        let mut scenario = self.scenario();
        scenario.script.retain(|(at, _)| *at <= failure.at);
        scenario.until = failure.at;
        let broken = self.setup.rules.broken().map(|rule| rule.name());
        let words: Vec<&str> = broken.chain([invariant.name()]).collect();
        scenario.id = words.join("-");
        scenario.title = format!("A storm breaks {}", invariant.name());
        let Failure { at, event } = failure;
        let seed = self.setup.seed;
        scenario.summary = format!("Seed {seed}, event {event}, at {at} ms.");
        scenario.expect.violation = Expected::Just(invariant);
        scenario
    }

    /// Nothing has failed; or else the seed is said, and the file that shows it.
    pub fn assert_safe(&self) {
        if let Some((invariant, failure)) = self.first_failure() {
            let (seed, name) = (self.setup.seed, invariant.name());
            let file = self.scenario_of(invariant, failure).to_json();
            panic!("PAXOS_SEED={seed} breaks {name}; what `paxos run` shows again:\n{file}");
        }
    }

    /// This file, read and played, gives the same events up to the one that breaks the invariant,
    /// and breaks it there.
    pub fn assert_shown_by(&self, file: &str, invariant: Invariant) {
        let failure = self.cluster.failure(invariant);
        let until = failure.expect("it has failed").event as usize;
        let (cluster, events) = replay(file);
        assert_eq!(cluster.failure(invariant), failure, "{file}");
        assert!(events[..=until] == self.events[..=until], "{file}");
        let expect = Scenario::parse(file).unwrap().expect;
        assert_eq!(expect.missed(&cluster), [], "{file}");
    }
}

/// A cluster of some random kind.
pub fn any_kind(seed: u64, rules: Rules) -> Setup {
    let mut dice = Storm::new(seed);
    let mut dice = |sides: u32| dice.between(1, sides) as u16;
    let mut setup = Storm::setup(
        seed,
        1 + dice(2),
        [3, 3, 4, 5][usize::from(dice(4)) - 1],
        dice(2),
    );
    setup.rules = rules;
    setup.nack = dice(3) > 1;
    if dice(3) == 1 {
        setup.prepare_to = PrepareTo::Majority;
    }
    if dice(4) == 1 {
        // Machines that are everything at once.
        let all = Roles {
            proposer: true,
            acceptor: true,
            learner: true,
        };
        setup.processes.truncate(5);
        setup.processes.iter_mut().for_each(|spec| spec.roles = all);
    }
    let acceptors = setup.processes.iter().filter(|spec| spec.roles.acceptor);
    let acceptors = acceptors.count() as u16;
    if dice(4) == 1 {
        // Flexible quorums: any sizes that always meet.
        let phase1 = dice(u32::from(acceptors));
        setup.phase1 = Some(phase1);
        setup.phase2 = Some(acceptors + 1 - phase1);
    }
    setup
}

/// A cluster in which a broken rule shows soon: few acceptors, many proposers, messages that take
/// so long that much happens while they are on their way, and acceptors that are asked to vote
/// without having promised.
pub fn fragile(seed: u64, rules: Rules) -> Setup {
    let mut setup = Storm::setup(seed, 3, 3, 1);
    setup.network = Network::with_delay(1, 300).expect("it is the right way round");
    setup.prepare_to = PrepareTo::Majority;
    setup.rules = rules;
    setup
}

/// Read a file and play it to its end.
pub fn replay(file: &str) -> (Cluster, Vec<Event>) {
    let scenario = Scenario::parse(file).unwrap_or_else(|why| panic!("{why}\n{file}"));
    let mut events = Vec::new();
    let cluster = scenario.play(|_, more| events.extend_from_slice(more));
    (cluster.expect("what was read is sound"), events)
}
