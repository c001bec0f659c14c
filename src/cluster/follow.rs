//! What each command does, and when it cannot be followed.

use crate::protocol::{Amnesia, Broken, ProcessId};

use super::{
    Cluster, Command, DelayRange, Envelope, Event, Fact, Link, LossReason, MessageId, Millis,
    NetworkChange, Process, Refusal, Selector, is_blank,
};

impl Cluster {
    /// Whether a command could be followed now and would change something.
    ///
    /// # Errors
    /// Why not. [`Refusal::MessageNotSent`] says that the command would wait.
    pub fn check(&self, command: &Command) -> Result<(), Refusal> {
        match *command {
            Command::Propose { process, ref value } => {
                self.proposer_up(process)?;
                require(!is_blank(value), Refusal::EmptyValue)
            }
            Command::Timeout { process } => {
                let proposer = self.proposer_up(process)?.proposer.as_ref();
                let unfinished = proposer.and_then(|proposer| proposer.unfinished());
                require(unfinished.is_some(), Refusal::NothingToRetry)
            }
            Command::Crash { process, .. } => require(self.known(process)?.up, Refusal::Down),
            Command::Restart { process } => require(!self.known(process)?.up, Refusal::Up),
            Command::Cut { link } => {
                self.check_link(link)?;
                let whole = link.directions().any(|(from, to)| !self.is_cut(from, to));
                require(whole, Refusal::AlreadyCut)
            }
            Command::Heal { link: Some(link) } => {
                self.check_link(link)?;
                let cut = link.directions().any(|(from, to)| self.is_cut(from, to));
                require(cut, Refusal::NotCut)
            }
            Command::Heal { link: None } => require(self.links.any_cut(), Refusal::NotCut),
            Command::Partition { ref groups } => {
                for &id in groups.iter().flatten() {
                    self.known(id)?;
                }
                let links = self.links.partition(groups, self.count());
                require(!links.same_cuts(&self.links), Refusal::NoChange)
            }
            Command::Drop { message } | Command::Duplicate { message } => {
                self.check_foreign(message).map(drop)
            }
            Command::Deliver { message } => self.find(message).map(drop),
            Command::Delay { message, by } => {
                self.check_foreign(message)?;
                require(by > 0, Refusal::NoChange)
            }
            Command::Hold {
                message: Some(message),
            } => require(!self.check_foreign(message)?.held, Refusal::AlreadyHeld),
            Command::Release {
                message: Some(message),
            } => require(self.check_foreign(message)?.held, Refusal::NotHeld),
            Command::Hold { message: None } => {
                let loose = self.in_flight().any(|envelope| !envelope.is_own());
                require(!self.network.hold || loose, Refusal::AlreadyHeld)
            }
            Command::Release { message: None } => {
                let held = self.held().next().is_some();
                require(self.network.hold || held, Refusal::NotHeld)
            }
            Command::Network { change } => {
                let changed = self.network.changed(&change);
                require(changed != self.network, Refusal::NoChange)
            }
            Command::Link { link, delay } => {
                self.check_link(link)?;
                let mut directions = link.directions();
                let changes = directions.any(|(from, to)| self.link_delay(from, to) != delay);
                require(changes, Refusal::NoChange)
            }
        }
    }

    /// Carry out a command.
    pub(super) fn follow(
        &mut self,
        command: &Command,
        events: &mut Vec<Event>,
    ) -> Result<(), Refusal> {
        self.check(command)?;
        match *command {
            Command::Propose { process, ref value } => {
                let wish = self.intern(value);
                let step = self.start_ballot(process, Some(wish))?;
                self.machine(process).retries = 0;
                self.watch_proposal(wish);
                self.proposer_did(process, step, events);
            }
            Command::Timeout { process } => self.time_out(process, true, events)?,
            Command::Crash { process, amnesia } => self.crash(process, amnesia, events),
            Command::Restart { process } => {
                self.machine(process).up = true;
                self.record(events, Fact::Restarted { process });
            }
            Command::Cut { link } => {
                self.links.cut(link);
                self.record(events, Fact::Cut { link });
            }
            Command::Heal { link } => {
                match link {
                    Some(link) => self.links.heal(link),
                    None => self.links.heal_all(),
                }
                self.record(events, Fact::Healed { link });
            }
            Command::Partition { ref groups } => {
                self.links = self.links.partition(groups, self.count());
                let groups = groups.clone();
                self.record(events, Fact::Partitioned { groups });
            }
            Command::Drop { message } => {
                let envelope = self.take(message)?;
                let why = LossReason::ByHand;
                self.record(events, Fact::Lost { envelope, why });
            }
            Command::Duplicate { message } => {
                let envelope = *self.find(message)?;
                let delay = self.draw_delay(envelope.from, envelope.to);
                self.copy(envelope, delay, true, events);
            }
            Command::Hold { message } => self.hold(message, events)?,
            Command::Release { message } => self.release(message, events)?,
            Command::Deliver { message } => {
                let mut envelope = self.take(message)?;
                envelope.arrives = self.now;
                envelope.held = false;
                self.deliver(envelope, events);
            }
            Command::Delay { message, by } => {
                let mut envelope = self.take(message)?;
                envelope.slow_down(self.now, Millis(u64::from(by)));
                let order = self.next_order();
                self.transit.put(envelope, order);
                self.record(events, Fact::Delayed { envelope, by });
            }
            Command::Network { ref change } => self.change_network(change, events),
            Command::Link { link, delay } => self.change_link(link, delay, events),
        }
        Ok(())
    }

    fn crash(&mut self, process: ProcessId, amnesia: Amnesia, events: &mut Vec<Event>) {
        let votes = self.machine(process).acceptor.is_some();
        let lost = match votes {
            true => amnesia.or(self.setup.rules.amnesia()),
            false => Amnesia::NONE,
        };
        self.stop_timer(process);
        self.machine(process).crash(lost);
        self.record(events, Fact::Crashed { process, lost });
        if !lost.is_none() {
            self.watch_acceptor(process, Broken::NOTHING, events);
        }
    }

    fn hold(&mut self, message: Option<Selector>, events: &mut Vec<Event>) -> Result<(), Refusal> {
        let meant: Vec<MessageId> = match message {
            Some(message) => vec![self.find(message)?.id],
            None => {
                self.network.hold = true;
                self.record(events, Fact::AllHeld);
                let others = self.in_flight().filter(|envelope| !envelope.is_own());
                others.map(|envelope| envelope.id).collect()
            }
        };
        for id in meant {
            let mut envelope = self.take(Selector::Id(id))?;
            envelope.stop(self.now);
            let order = self.next_order();
            self.transit.put(envelope, order);
            self.record(events, Fact::Held { envelope });
        }
        Ok(())
    }

    fn release(
        &mut self,
        message: Option<Selector>,
        events: &mut Vec<Event>,
    ) -> Result<(), Refusal> {
        let meant: Vec<MessageId> = match message {
            Some(message) => vec![self.find(message)?.id],
            None => {
                self.network.hold = false;
                self.record(events, Fact::AllReleased);
                self.held().map(|envelope| envelope.id).collect()
            }
        };
        for id in meant {
            let mut envelope = self.take(Selector::Id(id))?;
            envelope.go_on(self.now);
            let order = self.next_order();
            self.transit.put(envelope, order);
            self.record(events, Fact::Released { envelope });
        }
        Ok(())
    }

    fn change_network(&mut self, change: &NetworkChange, events: &mut Vec<Event>) {
        self.network = self.network.changed(change);
        let network = self.network;
        self.record(events, Fact::NetworkChanged { network });
    }

    fn change_link(&mut self, link: Link, delay: Option<DelayRange>, events: &mut Vec<Event>) {
        self.links.set_delay(link, delay);
        self.record(events, Fact::LinkChanged { link, delay });
    }

    fn known(&self, id: ProcessId) -> Result<&Process, Refusal> {
        self.process(id).ok_or(Refusal::UnknownProcess)
    }

    fn proposer_up(&self, id: ProcessId) -> Result<&Process, Refusal> {
        let process = self.known(id)?;
        require(process.proposer.is_some(), Refusal::NotAProposer)?;
        require(process.up, Refusal::Down)?;
        Ok(process)
    }

    fn check_link(&self, link: Link) -> Result<(), Refusal> {
        self.known(link.from)?;
        self.known(link.to)?;
        require(link.from != link.to, Refusal::SameProcess)
    }

    /// A message that the network carries, and so may be tampered with.
    fn check_foreign(&self, message: Selector) -> Result<&Envelope, Refusal> {
        if let Selector::Nth(nth) = message {
            require(nth.from != nth.to, Refusal::OwnMessage)?;
        }
        let envelope = self.find(message)?;
        require(!envelope.is_own(), Refusal::OwnMessage)?;
        Ok(envelope)
    }

    fn find(&self, message: Selector) -> Result<&Envelope, Refusal> {
        if let Selector::Nth(nth) = message {
            self.known(nth.from)?;
            self.known(nth.to)?;
        }
        self.transit.find(message, &self.setup.routes)
    }

    fn take(&mut self, message: Selector) -> Result<Envelope, Refusal> {
        let id = self.find(message)?.id;
        self.transit.take(id).ok_or(Refusal::MessageGone)
    }

    fn count(&self) -> u16 {
        self.processes.len() as u16
    }
}

fn require(holds: bool, otherwise: Refusal) -> Result<(), Refusal> {
    holds.then_some(()).ok_or(otherwise)
}
