//! The cluster itself: its state, and how time passes in it.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::protocol::{
    Ballot, Learner, Message, ProcessId, ProposerStep, Quorums, Round, Rules, Tally, Value, Vote,
};

use super::links::Links;
use super::rng::Rng;
use super::routes::Routes;
use super::transit::{Due, Transit};
use super::waiting::Waiting;
use super::watch::Watch;
use super::{
    Command, Envelope, Event, Fact, LossReason, Millis, Network, Process, Refusal, Selector, Setup,
    SetupError,
};

/// All state of a running cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    pub(super) now: Millis,
    pub(super) setup: Arc<Fixed>,
    pub(super) network: Network,
    pub(super) links: Links,
    pub(super) processes: Vec<Process>,
    values: Vec<Arc<str>>,
    /// Hears of every vote at the instant at which it is cast, and so knows what is chosen.
    pub(super) observer: Learner,
    pub(super) watch: Option<Watch>,
    pub(super) rng: Rng,
    pub(super) transit: Transit,
    /// Commands whose time is to come.
    script: BTreeMap<Due, Command>,
    /// Commands that come after so many events, in their order.
    asked: VecDeque<(Millis, u64, Command)>,
    /// Whose retry timer runs.
    pub(super) timers: BTreeMap<Due, ProcessId>,
    /// Commands whose message is to come.
    pub(super) waiting: Waiting,
    /// How much was put on a date so far: the order of what happens at the same instant.
    next_order: u64,
    pub(super) next_message: u64,
    /// How many events there were.
    pub(super) recorded: u64,
}

/// What does not change while a run lasts.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fixed {
    pub(super) quorums: Quorums,
    pub(super) rules: Rules,
    pub(super) nack: bool,
    pub(super) prepare_to: super::PrepareTo,
    pub(super) retry: super::Retry,
    pub(super) routes: Routes,
}

impl Cluster {
    /// A cluster at time 0, in which nothing has happened.
    ///
    /// # Errors
    /// If the setup is unsound, with the name of the field.
    pub fn new(setup: &Setup) -> Result<Self, SetupError> {
        setup.validate()?;
        let routes = Routes::new(setup);
        let process = |id| Process::new(routes.ballots_of(id), setup.spec(id).roles);
        let mut proposers = setup.ids().filter(|&id| setup.spec(id).roles.proposer);
        let lowest = Ballot {
            round: Round(1),
            proposer: proposers.next().unwrap_or(ProcessId(0)),
        };
        Ok(Self {
            now: Millis(0),
            network: setup.network,
            links: Links::default(),
            processes: setup.ids().map(process).collect(),
            values: Vec::new(),
            observer: Learner::default(),
            watch: Some(Watch::new(lowest)),
            rng: Rng::new(setup.seed),
            transit: Transit::new(&routes),
            script: BTreeMap::new(),
            asked: VecDeque::new(),
            timers: BTreeMap::new(),
            waiting: Waiting::default(),
            next_order: 0,
            next_message: 0,
            recorded: 0,
            setup: Arc::new(Fixed {
                quorums: setup.quorums()?,
                rules: setup.rules,
                nack: setup.nack,
                prepare_to: setup.prepare_to,
                retry: setup.retry,
                routes,
            }),
        })
    }

    /// The virtual time.
    pub fn now(&self) -> Millis {
        self.now
    }

    /// The acceptors of the configuration and what makes a quorum of them.
    pub fn quorums(&self) -> &Quorums {
        &self.setup.quorums
    }

    /// Which rules are broken.
    pub fn rules(&self) -> Rules {
        self.setup.rules
    }

    /// The network's settings as they are now.
    pub fn network(&self) -> Network {
        self.network
    }

    /// Whether what one process sends to another now would be stopped on its link.
    pub fn is_cut(&self, from: ProcessId, to: ProcessId) -> bool {
        self.links.is_cut(from, to)
    }

    /// For each sender, whom it does not reach; empty as long as nothing is cut.
    pub fn cuts(&self) -> &[crate::protocol::ProcessSet] {
        self.links.all_cut()
    }

    /// The delays that a direction of a link has of its own, if it does not have the network's.
    pub fn link_delay(&self, from: ProcessId, to: ProcessId) -> Option<super::DelayRange> {
        self.links.delay(from, to)
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

    /// The texts of all values so far, by their numbers.
    pub fn values(&self) -> &[Arc<str>] {
        &self.values
    }

    /// The first value that was chosen, with its ballot.
    pub fn chosen(&self) -> Option<Vote> {
        self.observer.learned()
    }

    /// Who voted for what in every ballot so far, as nobody in the cluster can know it.
    pub fn votes_cast(&self) -> &[Tally] {
        self.observer.tallies()
    }

    /// The messages on their way, in the order in which they will arrive.
    pub fn in_flight(&self) -> impl Iterator<Item = &Envelope> {
        self.transit.moving()
    }

    /// The messages that are held, in the order in which they were sent.
    pub fn held(&self) -> impl Iterator<Item = &Envelope> {
        self.transit.held()
    }

    /// All that has been sent and neither arrived nor was lost: first what is on its way, then what
    /// is held.
    pub fn under_way(&self) -> impl Iterator<Item = &Envelope> {
        self.in_flight().chain(self.held())
    }

    /// The same, in the order of their numbers.
    pub fn by_number(&self) -> Vec<&Envelope> {
        let mut all: Vec<&Envelope> = self.under_way().collect();
        all.sort_unstable_by_key(|envelope| envelope.id);
        all
    }

    /// The commands that wait for a message that was not sent yet, oldest first. At the end of a
    /// run these have named a message that never was.
    pub fn waiting(&self) -> Vec<&Command> {
        self.waiting.all()
    }

    /// How many events there were since the run began.
    pub fn recorded(&self) -> u64 {
        self.recorded
    }

    /// When the next thing happens by itself, if anything does.
    pub fn next_due(&self) -> Option<Millis> {
        self.next().map(|((at, _), _)| at)
    }

    /// Have a command carried out when its time comes; now, if that has passed.
    pub fn schedule(&mut self, at: Millis, command: Command) {
        let key = (at.max(self.now), self.next_order());
        self.script.insert(key, command);
    }

    /// Have a command carried out at this time, between what happens at that instant: once there
    /// were so many events, or else when nothing else is due. After those that are to come already.
    pub fn schedule_after(&mut self, at: Millis, events: u64, command: Command) {
        let last = self.asked.back().map_or(self.now, |(last, ..)| *last);
        self.asked.push_back((at.max(last), events, command));
    }

    /// Carry out a command now. What cannot be followed changes nothing, and is said; what names
    /// a message that is not sent yet waits for it, and that is said too.
    pub fn apply(&mut self, command: Command, events: &mut Vec<Event>) {
        match self.follow(&command, events) {
            Ok(()) => {}
            Err(Refusal::MessageNotSent) => {
                if let Some(Selector::Nth(which)) = command.message() {
                    let (order, waits) = (self.next_order(), command.clone());
                    self.waiting.add(order, which, waits, &self.setup.routes);
                }
                self.record(events, Fact::Waits { command });
            }
            Err(why) => self.record(events, Fact::Refused { command, why }),
        }
        self.attend(events);
    }

    /// Let the next thing happen, at its time. `false` if there is nothing left to happen.
    pub fn step(&mut self, events: &mut Vec<Event>) -> bool {
        self.step_until(Millis(u64::MAX), events)
    }

    /// Let everything happen that is due up to and at this time, and let time pass until then.
    /// Time never goes back.
    pub fn run_until(&mut self, time: Millis, events: &mut Vec<Event>) {
        while self.step_until(time, events) {}
        self.now = self.now.max(time);
    }

    /// Let everything happen that is due before this time, and let time pass until then. What is
    /// done now comes before all else at this instant, as what a script says does.
    pub fn run_before(&mut self, time: Millis, events: &mut Vec<Event>) {
        if let Some(last) = time.0.checked_sub(1) {
            while self.step_until(Millis(last), events) {}
        }
        self.now = self.now.max(time);
    }

    /// Let the next thing happen, unless it is later than this.
    fn step_until(&mut self, last: Millis, events: &mut Vec<Event>) -> bool {
        let Some(((at, _), next)) = self.next().filter(|((at, _), _)| *at <= last) else {
            return false;
        };
        self.now = at;
        match next {
            Next::Delivery => {
                if let Some(envelope) = self.transit.pop_next() {
                    self.deliver(envelope, events);
                }
                self.attend(events);
            }
            Next::Command => {
                if let Some((_, command)) = self.script.pop_first() {
                    self.apply(command, events);
                }
            }
            Next::Asked => {
                if let Some((_, _, command)) = self.asked.pop_front() {
                    self.apply(command, events);
                }
            }
            Next::Timer => {
                if let Some((_, process)) = self.timers.pop_first() {
                    self.timer_fires(process, events);
                }
                self.attend(events);
            }
        }
        true
    }

    /// What happens next: no two things have the same place in the order.
    fn next(&self) -> Option<(Due, Next)> {
        let mut next = self.transit.next_due().map(|due| (due, Next::Delivery));
        let mut earlier = |due: Option<Due>, what| {
            if let Some(due) = due
                && next.is_none_or(|(known, _)| due < known)
            {
                next = Some((due, what));
            }
        };
        earlier(self.timers.keys().next().copied(), Next::Timer);
        earlier(self.script.keys().next().copied(), Next::Command);
        // Before or after all else of that instant: no other order is 0, or the highest.
        let asked = self.asked.front().map(|&(at, after, _)| {
            let order = if self.recorded < after { u64::MAX } else { 0 };
            (at, order)
        });
        earlier(asked, Next::Asked);
        next
    }

    /// Carry out the commands whose message has been sent by now. A message is sent at an instant
    /// and arrives in a later step, so none is missed.
    fn attend(&mut self, events: &mut Vec<Event>) {
        while let Some(command) = self.waiting.pop_ready() {
            if let Err(why) = self.follow(&command, events) {
                self.record(events, Fact::Refused { command, why });
            }
        }
    }

    /// A message arrives, if the link and the receiver let it.
    pub(super) fn deliver(&mut self, envelope: Envelope, events: &mut Vec<Event>) {
        let Envelope {
            from, to, message, ..
        } = envelope;
        let lost = if self.links.is_cut(from, to) {
            Some(LossReason::CutOnTheWay)
        } else if !self.machine(to).up {
            Some(LossReason::ReceiverDown)
        } else {
            None
        };
        if let Some(why) = lost {
            self.record(events, Fact::Lost { envelope, why });
            return;
        }
        self.record(events, Fact::Delivered(envelope));
        let rules = self.setup.rules;
        let quorums = &self.setup.quorums;
        let process = &mut self.processes[usize::from(to.0)];
        match message {
            Message::Prepare { ballot } => {
                if let Some(acceptor) = &mut process.acceptor {
                    let step = acceptor.on_prepare(ballot, rules);
                    self.acceptor_did(to, step, events);
                }
            }
            Message::Accept { ballot, value } => {
                if let Some(acceptor) = &mut process.acceptor {
                    let step = acceptor.on_accept(ballot, value, rules);
                    self.acceptor_did(to, step, events);
                }
            }
            Message::Promise { ballot, vote } => {
                if let Some(proposer) = &mut process.proposer {
                    let step = proposer.on_promise(from, ballot, vote, quorums, rules);
                    self.proposer_did(to, step, events);
                }
            }
            Message::Nack { ballot, promised } => {
                if let Some(proposer) = &mut process.proposer {
                    let step = proposer.on_nack(from, ballot, promised, quorums);
                    self.proposer_did(to, step, events);
                }
            }
            Message::Accepted { ballot, value } => {
                let proposes = process.proposer.as_mut();
                if let Some(proposer) = proposes.filter(|its| its.id() == ballot.proposer) {
                    let step = proposer.on_accepted(from, ballot, value, quorums);
                    self.proposer_did(to, step, events);
                }
                let quorums = &self.setup.quorums;
                if let Some(learner) = &mut self.processes[usize::from(to.0)].learner {
                    let step = learner.on_accepted(from, ballot, value, quorums, rules);
                    self.learner_did(to, step, events);
                }
            }
        }
    }

    /// A proposer starts its next ballot with this wish, or with its old one.
    pub(super) fn start_ballot(
        &mut self,
        process: ProcessId,
        wish: Option<Value>,
    ) -> Result<ProposerStep, Refusal> {
        let proposer = self.machine(process).proposer.as_mut();
        let proposer = proposer.ok_or(Refusal::NotAProposer)?;
        let wish = wish.or(proposer.wish()).ok_or(Refusal::NothingToRetry)?;
        proposer.propose(wish).ok_or(Refusal::OutOfRounds)
    }

    pub(super) fn machine(&mut self, id: ProcessId) -> &mut Process {
        &mut self.processes[usize::from(id.0)]
    }

    pub(super) fn intern(&mut self, text: &Arc<str>) -> Value {
        let known = self.values.iter().position(|value| value == text);
        let index = known.unwrap_or_else(|| {
            self.values.push(text.clone());
            self.values.len() - 1
        });
        Value(index as u32)
    }

    pub(super) fn next_order(&mut self) -> u64 {
        self.next_order += 1;
        self.next_order
    }

    pub(super) fn record(&mut self, events: &mut Vec<Event>, fact: Fact) {
        self.recorded += 1;
        events.push(Event { at: self.now, fact });
    }
}

/// What kind of thing happens next.
#[derive(Clone, Copy)]
enum Next {
    Delivery,
    Command,
    Asked,
    Timer,
}
