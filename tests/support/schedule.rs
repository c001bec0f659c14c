//! Random schedules: a cluster and what is done to it, all from one seed.

use std::collections::BTreeSet;
use std::sync::Arc;

use paxos_playground::cluster::{
    Cluster, Command, Event, Millis, Network, PROCESS_LIMIT, ProcessSpec, Roles, Setup,
};
use paxos_playground::protocol::{Amnesia, Phase, ProcessId};
use rand_core::{Rng as _, SeedableRng as _};
use rand_pcg::Pcg32;

use super::watch::Watch;

/// The digest of the events of the schedules with the seeds 0 to 99, healing included: the same on
/// every machine and in every browser.
pub const DIGEST: u64 = 0xe10b_f0d9_cf94_8b28;

/// What [`DIGEST`] should be.
pub fn digest() -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325;
    for seed in 0..100 {
        let run = Schedule::random(seed).run();
        let events = run.unwrap_or_else(|why| panic!("seed {seed}: {why}"));
        for byte in format!("{events:?}").bytes() {
            // FNV-1a.
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash
}

/// A cluster and what is done to it.
pub struct Schedule {
    pub setup: Setup,
    pub script: Vec<(Millis, Command)>,
}

struct Dice(Pcg32);

impl Dice {
    fn below(&mut self, limit: u32) -> u32 {
        self.0.next_u32() % limit
    }

    fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high - low + 1)
    }

    fn one_in(&mut self, chances: u32) -> bool {
        self.below(chances) == 0
    }
}

impl Schedule {
    /// The schedule of this seed: 1 to 4 proposers, 1 to 7 acceptors, up to 2 learners, some of
    /// them on one machine; proposals, crashes and restarts at any time.
    pub fn random(seed: u64) -> Self {
        let mut dice = Dice(Pcg32::seed_from_u64(seed));
        let setup = random_setup(&mut dice);
        let count = setup.processes.len() as u32;
        let proposers: Vec<ProcessId> = setup
            .ids()
            .filter(|&id| setup.spec(id).roles.proposer)
            .collect();
        // Short enough for ballots to meet, or nothing interesting would happen.
        let (_, longest) = setup.network.delay();
        let length = dice.between(1, 1 + 8 * longest);
        let mut script = Vec::new();
        for _ in 0..dice.between(1, 12) {
            let at = Millis(u64::from(dice.below(length)));
            let process = proposers[dice.below(proposers.len() as u32) as usize];
            let value = VALUES[dice.below(VALUES.len() as u32) as usize].into();
            script.push((at, Command::Propose { process, value }));
        }
        for _ in 0..dice.below(count) {
            let at = dice.below(length);
            let process = ProcessId(dice.below(count) as u16);
            let amnesia = Amnesia::NONE;
            script.push((Millis(at.into()), Command::Crash { process, amnesia }));
            // Most miss a few messages, some many, some never come back.
            let away = match dice.below(8) {
                0 => continue,
                1 => length,
                _ => 1 + 4 * longest,
            };
            let later = at + dice.below(away);
            script.push((Millis(later.into()), Command::Restart { process }));
        }
        Self { setup, script }
    }

    /// Plays the schedule and then, with everybody restarted and one proposer alone, until all
    /// have learned. The events, or what must never happen and did.
    pub fn run(&self) -> Result<Vec<Event>, String> {
        let mut stage = Stage::new(&self.setup);
        for (at, command) in &self.script {
            stage.cluster.schedule(*at, command.clone());
        }
        stage.play()?;
        stage.heal(&self.setup)?;
        if let Some((broken, _)) = stage
            .cluster
            .invariants()
            .find(|(_, failed)| failed.is_some())
        {
            return Err(format!(
                "only the monitor says that {} fails",
                broken.name()
            ));
        }
        let asked: BTreeSet<&str> = self
            .script
            .iter()
            .filter_map(|(_, command)| match command {
                Command::Propose { value, .. } => Some(&**value),
                _ => None,
            })
            .chain([LAST])
            .collect();
        for &value in stage.watch.chosen().values() {
            let text = stage.cluster.text(value);
            if !asked.contains(&**text) {
                return Err(format!("{text} is chosen, and no command asked for it"));
            }
        }
        Ok(stage.events)
    }
}

const VALUES: [&str; 4] = ["red", "green", "blue", "white"];
/// What is proposed in the end, when nothing is in the way.
const LAST: &str = "last";

fn random_setup(dice: &mut Dice) -> Setup {
    let acceptors = if dice.one_in(2) {
        3
    } else {
        dice.between(1, 7)
    };
    let mut roles = vec![Roles::ACCEPTOR; acceptors as usize];
    assert!(roles.len() < PROCESS_LIMIT);
    for _ in 0..dice.between(1, 4) {
        settle(dice, &mut roles, Roles::PROPOSER, |at| &mut at.proposer);
    }
    for _ in 0..dice.below(3) {
        settle(dice, &mut roles, Roles::LEARNER, |at| &mut at.learner);
    }
    // Ballots of a round are in the order of the processes: let no role always come first.
    for last in (1..roles.len()).rev() {
        roles.swap(last, dice.below(last as u32 + 1) as usize);
    }
    let specs = roles.into_iter().enumerate();
    let shortest = dice.below(60);
    let longest = shortest + dice.below(200);
    let mut setup = Setup {
        seed: u64::from(dice.below(u32::MAX)),
        processes: specs
            .map(|(index, roles)| ProcessSpec {
                name: format!("N{index}").into(),
                roles,
            })
            .collect(),
        network: Network::with_delay(shortest, longest).expect("the shortest is not longer"),
        ..Setup::default()
    };
    if dice.one_in(4) {
        let phase1 = dice.between(1, acceptors);
        // Every two quorums have to meet.
        let phase2 = dice.between(acceptors - phase1 + 1, acceptors);
        setup.phase1 = Some(phase1 as u16);
        setup.phase2 = Some(phase2 as u16);
    }
    setup
}

/// Gives the role to a machine that lacks it, or to a machine of its own.
fn settle(
    dice: &mut Dice,
    machines: &mut Vec<Roles>,
    alone: Roles,
    role: fn(&mut Roles) -> &mut bool,
) {
    let shared = dice.one_in(3);
    let index = dice.below(machines.len() as u32) as usize;
    let has = role(&mut machines[index]);
    if shared && !*has {
        *has = true;
    } else {
        machines.push(alone);
    }
}

/// A cluster under observation.
struct Stage {
    cluster: Cluster,
    watch: Watch,
    events: Vec<Event>,
}

impl Stage {
    fn new(setup: &Setup) -> Self {
        Self {
            cluster: Cluster::new(setup).expect("only sound setups are made"),
            watch: Watch::new(setup),
            events: Vec::new(),
        }
    }

    /// Until nothing is left to happen, looking after everything that does.
    fn play(&mut self) -> Result<(), String> {
        loop {
            let seen = self.events.len();
            if !self.cluster.step(&mut self.events) {
                return Ok(());
            }
            for event in &self.events[seen..] {
                self.watch.see(event)?;
            }
            self.watch.look(&self.cluster)?;
        }
    }

    /// Everybody comes back, and one proposer proposes alone.
    fn heal(&mut self, setup: &Setup) -> Result<(), String> {
        let now = self.cluster.now();
        let proposes = |&id: &ProcessId| setup.spec(id).roles.proposer;
        let alone = setup.ids().find(proposes).expect("one at least is made");
        for process in setup.ids() {
            if !self.cluster.process(process).is_some_and(|p| p.up) {
                self.cluster.schedule(now, Command::Restart { process });
            }
        }
        // The first ballot may be too low; the refusals tell how high the second has to be.
        for _ in 0..2 {
            let value: Arc<str> = LAST.into();
            let process = alone;
            let now = self.cluster.now();
            self.cluster
                .schedule(now, Command::Propose { process, value });
            self.play()?;
            if self.knows(alone) {
                return self.all_learned();
            }
        }
        Err("the only proposer failed twice, and nothing was in its way".into())
    }

    fn knows(&self, id: ProcessId) -> bool {
        let process = self.cluster.process(id);
        let proposer = process.and_then(|process| process.proposer.as_ref());
        matches!(proposer.map(|p| p.phase()), Some(Phase::Done { .. }))
    }

    fn all_learned(&self) -> Result<(), String> {
        let chosen = self.watch.chosen().values().next();
        for (id, process) in self.cluster.processes() {
            let Some(learner) = &process.learner else {
                continue;
            };
            let learned = learner.learned().map(|vote| vote.value);
            if learned.as_ref() != chosen {
                return Err(format!("{id:?} has learned {learned:?}, not {chosen:?}"));
            }
        }
        Ok(())
    }
}
