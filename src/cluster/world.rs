//! The cluster itself.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::protocol::{
    AcceptorStep, Audience, Learner, LearnerStep, Message, ProcessId, ProposerStep, Quorums, Value,
    Vote,
};

use super::rng::Rng;
use super::{
    Command, Envelope, Event, Fact, LossReason, MessageId, Millis, Network, Process, Refusal,
    Setup, SetupError,
};

/// All state of a running cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    now: Millis,
    quorums: Quorums,
    network: Network,
    processes: Vec<Process>,
    values: Vec<Arc<str>>,
    /// Hears of every vote at the instant at which it is cast, and so knows what is chosen.
    observer: Learner,
    rng: Rng,
    /// What is to come, by time and then in the order in which it was sent or scheduled.
    pending: BTreeMap<(Millis, u64), Pending>,
    next_order: u64,
    next_message: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Pending {
    Delivery(Envelope),
    Command(Command),
}

/// Why nothing can be chosen as things stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// Nobody votes.
    NoAcceptor,
    /// Nobody proposes.
    NoProposer,
    /// Every proposer is down.
    NoProposerUp,
    /// Too few acceptors are up for a quorum.
    TooFewAcceptors {
        /// How many are up.
        up: u16,
        /// How many a ballot needs, in the phase that needs more.
        need: u16,
        /// How many there are.
        of: u16,
    },
}

impl Cluster {
    /// A cluster at time 0, in which nothing has happened.
    ///
    /// # Errors
    /// If the setup is unsound, with the name of the field.
    pub fn new(setup: &Setup) -> Result<Self, SetupError> {
        setup.validate()?;
        Ok(Self {
            now: Millis(0),
            quorums: setup.quorums()?,
            network: setup.network,
            processes: setup
                .ids()
                .map(|id| Process::new(id, setup.spec(id).roles))
                .collect(),
            values: Vec::new(),
            observer: Learner::default(),
            rng: Rng::new(setup.seed),
            pending: BTreeMap::new(),
            next_order: 0,
            next_message: 0,
        })
    }

    /// The virtual time.
    pub fn now(&self) -> Millis {
        self.now
    }

    /// The acceptors of the configuration and what makes a quorum of them.
    pub fn quorums(&self) -> &Quorums {
        &self.quorums
    }

    /// A process, if there is one with this id.
    pub fn process(&self, id: ProcessId) -> Option<&Process> {
        self.processes.get(usize::from(id.0))
    }

    /// All processes, in the order of their ids.
    pub fn processes(&self) -> impl Iterator<Item = (ProcessId, &Process)> {
        (0..).map(ProcessId).zip(&self.processes)
    }

    /// The text of a value of this run.
    pub fn text(&self, value: Value) -> &Arc<str> {
        &self.values[value.0 as usize]
    }

    /// The first value that was chosen, with its ballot.
    pub fn chosen(&self) -> Option<Vote> {
        self.observer.learned()
    }

    /// Who voted for what in every ballot so far, as nobody in the cluster can know it.
    pub fn votes_cast(&self) -> &[crate::protocol::Tally] {
        self.observer.tallies()
    }

    /// The messages on their way, in the order in which they will arrive.
    pub fn in_flight(&self) -> impl Iterator<Item = &Envelope> {
        self.pending.values().filter_map(|pending| match pending {
            Pending::Delivery(envelope) => Some(envelope),
            Pending::Command(_) => None,
        })
    }

    /// When the next thing happens by itself, if anything does.
    pub fn next_due(&self) -> Option<Millis> {
        self.pending.keys().next().map(|&(at, _)| at)
    }

    /// Why nothing can be chosen with the processes that are up now, if so.
    pub fn obstacle(&self) -> Option<Obstacle> {
        let of = self.quorums.acceptors().len();
        if of == 0 {
            return Some(Obstacle::NoAcceptor);
        }
        let need = self.quorums.phase1().max(self.quorums.phase2());
        let up = self.processes.iter();
        let up = up.filter(|process| process.up && process.acceptor.is_some());
        let up = up.count() as u16;
        if up < need {
            return Some(Obstacle::TooFewAcceptors { up, need, of });
        }
        let mut proposers = self.processes.iter().filter(|p| p.proposer.is_some());
        if proposers.clone().next().is_none() {
            return Some(Obstacle::NoProposer);
        }
        (!proposers.any(|process| process.up)).then_some(Obstacle::NoProposerUp)
    }

    /// Have a command carried out when its time comes; now, if that has passed.
    pub fn schedule(&mut self, at: Millis, command: Command) {
        let key = (at.max(self.now), self.next_order());
        self.pending.insert(key, Pending::Command(command));
    }

    /// Carry out a command now. What cannot be followed changes nothing, and is said.
    pub fn apply(&mut self, command: Command, events: &mut Vec<Event>) {
        if let Err(why) = self.follow(&command, events) {
            self.record(events, Fact::Refused { command, why });
        }
    }

    /// Whether a command could be followed now.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self, command: &Command) -> Result<(), Refusal> {
        let process = self
            .process(command.process())
            .ok_or(Refusal::UnknownProcess)?;
        match command {
            Command::Propose { value, .. } => {
                if process.proposer.is_none() {
                    Err(Refusal::NotAProposer)
                } else if !process.up {
                    Err(Refusal::Down)
                } else if value.trim().is_empty() {
                    Err(Refusal::EmptyValue)
                } else {
                    Ok(())
                }
            }
            Command::Crash { .. } if !process.up => Err(Refusal::Down),
            Command::Restart { .. } if process.up => Err(Refusal::Up),
            Command::Crash { .. } | Command::Restart { .. } => Ok(()),
        }
    }

    /// Let the next thing happen, at its time. `false` if there is nothing left to happen.
    pub fn step(&mut self, events: &mut Vec<Event>) -> bool {
        let Some(((at, _), pending)) = self.pending.pop_first() else {
            return false;
        };
        self.now = at;
        match pending {
            Pending::Delivery(envelope) => self.deliver(envelope, events),
            Pending::Command(command) => self.apply(command, events),
        }
        true
    }

    /// Let everything happen that is due up to and at this time, and let time pass until then.
    /// Time never goes back.
    pub fn run_until(&mut self, time: Millis, events: &mut Vec<Event>) {
        while self.next_due().is_some_and(|due| due <= time) {
            self.step(events);
        }
        self.now = self.now.max(time);
    }

    fn follow(&mut self, command: &Command, events: &mut Vec<Event>) -> Result<(), Refusal> {
        self.check(command)?;
        match *command {
            Command::Propose { process, ref value } => {
                let wish = self.intern(value);
                let proposer = self.machine(process).proposer.as_mut();
                let step = proposer.and_then(|proposer| proposer.propose(wish));
                let step = step.ok_or(Refusal::OutOfRounds)?;
                self.proposer_did(process, step, events);
            }
            Command::Crash { process } => {
                self.machine(process).crash();
                self.record(events, Fact::Crashed { process });
            }
            Command::Restart { process } => {
                self.machine(process).up = true;
                self.record(events, Fact::Restarted { process });
            }
        }
        Ok(())
    }

    fn deliver(&mut self, envelope: Envelope, events: &mut Vec<Event>) {
        let Envelope {
            from, to, message, ..
        } = envelope;
        if !self.machine(to).up {
            let why = LossReason::ReceiverDown;
            self.record(events, Fact::Lost { envelope, why });
            return;
        }
        self.record(events, Fact::Delivered(envelope));
        let process = &mut self.processes[usize::from(to.0)];
        match message {
            Message::Prepare { ballot } => {
                if let Some(acceptor) = &mut process.acceptor {
                    let step = acceptor.on_prepare(ballot);
                    self.acceptor_did(to, step, events);
                }
            }
            Message::Accept { ballot, value } => {
                if let Some(acceptor) = &mut process.acceptor {
                    let step = acceptor.on_accept(ballot, value);
                    self.acceptor_did(to, step, events);
                }
            }
            Message::Promise { ballot, vote } => {
                if let Some(proposer) = &mut process.proposer {
                    let step = proposer.on_promise(from, ballot, vote, &self.quorums);
                    self.proposer_did(to, step, events);
                }
            }
            Message::Nack { ballot, promised } => {
                if let Some(proposer) = &mut process.proposer {
                    let step = proposer.on_nack(from, ballot, promised, &self.quorums);
                    self.proposer_did(to, step, events);
                }
            }
            Message::Accepted { ballot, value } => {
                let proposes = process.proposer.as_mut();
                if let Some(proposer) = proposes.filter(|_| ballot.proposer == to) {
                    let step = proposer.on_accepted(from, ballot, &self.quorums);
                    self.proposer_did(to, step, events);
                }
                if let Some(learner) = &mut self.processes[usize::from(to.0)].learner {
                    let step = learner.on_accepted(from, ballot, value, &self.quorums);
                    self.record(events, Fact::Learner { process: to, step });
                }
            }
        }
    }

    fn proposer_did(&mut self, process: ProcessId, step: ProposerStep, events: &mut Vec<Event>) {
        let message = step.message();
        self.record(events, Fact::Proposer { process, step });
        if let Some(message) = message {
            self.send(process, message, events);
        }
    }

    fn acceptor_did(&mut self, process: ProcessId, step: AcceptorStep, events: &mut Vec<Event>) {
        self.record(events, Fact::Acceptor { process, step });
        if let AcceptorStep::Voted { vote, .. } = step {
            self.observe(process, vote, events);
        }
        if let Some(message) = step.message() {
            self.send(process, message, events);
        }
    }

    /// See whether this vote makes its value chosen.
    fn observe(&mut self, voter: ProcessId, vote: Vote, events: &mut Vec<Event>) {
        let before = self.observer.learned();
        let step = self
            .observer
            .on_accepted(voter, vote.ballot, vote.value, &self.quorums);
        let complete = matches!(
            step,
            LearnerStep::Learned { .. }
                | LearnerStep::Confirmed { .. }
                | LearnerStep::Contradicted { .. }
        );
        if !complete {
            return;
        }
        let tallies = self.observer.tallies().iter();
        let tally = tallies.rev().find(|tally| tally.vote == vote);
        let voted_by = tally
            .expect("its last vote was just counted")
            .voted_by
            .clone();
        let chosen = Fact::Chosen {
            vote,
            voted_by,
            before,
        };
        self.record(events, chosen);
    }

    /// Send a message to everybody whom it concerns, lowest id first.
    fn send(&mut self, from: ProcessId, message: Message, events: &mut Vec<Event>) {
        for index in 0..self.processes.len() {
            let to = ProcessId(index as u16);
            let process = &self.processes[index];
            let concerned = match message.audience() {
                Audience::Acceptors => process.acceptor.is_some(),
                Audience::Proposer(proposer) => to == proposer,
                Audience::ProposerAndLearners(proposer) => {
                    to == proposer || process.learner.is_some()
                }
            };
            if !concerned {
                continue;
            }
            let delay = if to == from {
                Millis(0)
            } else {
                self.network.draw_delay(&mut self.rng)
            };
            let envelope = Envelope {
                id: MessageId(self.next_message),
                from,
                to,
                message,
                sent: self.now,
                arrives: Millis(self.now.0 + delay.0),
            };
            self.next_message += 1;
            let key = (envelope.arrives, self.next_order());
            self.pending.insert(key, Pending::Delivery(envelope));
            self.record(events, Fact::Sent(envelope));
        }
    }

    fn machine(&mut self, id: ProcessId) -> &mut Process {
        &mut self.processes[usize::from(id.0)]
    }

    fn intern(&mut self, text: &Arc<str>) -> Value {
        let known = self.values.iter().position(|value| value == text);
        let index = known.unwrap_or_else(|| {
            self.values.push(text.clone());
            self.values.len() - 1
        });
        Value(index as u32)
    }

    fn next_order(&mut self) -> u64 {
        self.next_order += 1;
        self.next_order
    }

    fn record(&self, events: &mut Vec<Event>, fact: Fact) {
        events.push(Event { at: self.now, fact });
    }
}
