//! What follows from a step: it is recorded, watched, and its message is sent.

use crate::protocol::{
    AcceptorStep, Kind, LearnerStep, Message, ProcessId, ProposerStep, Value, Vote,
};

use super::{Cluster, Envelope, Event, Fact, LossReason, MessageId, Millis, PrepareTo};

/// What the network has in mind for a message, drawn all at once: always four draws, so that the
/// settings of one thing do not shift the chances of another.
struct Fate {
    delay: Millis,
    lost: bool,
    duplicated: bool,
    delay_of_copy: Millis,
}

impl Cluster {
    pub(super) fn proposer_did(
        &mut self,
        process: ProcessId,
        step: ProposerStep,
        events: &mut Vec<Event>,
    ) {
        let message = step.message();
        let gave_up = match step {
            ProposerStep::Started { .. } => {
                self.start_timer(process);
                None
            }
            ProposerStep::VoteQuorum { .. } => {
                self.machine(process).retries = 0;
                self.stop_timer(process);
                None
            }
            ProposerStep::NackNoted {
                ballot,
                hopeless: true,
                ..
            } => self.give_up_early(process, ballot),
            _ => None,
        };
        let learned = match step {
            ProposerStep::VoteQuorum { value, .. } => Some(value),
            _ => None,
        };
        self.record(events, Fact::Proposer { process, step });
        if let Some(fact) = gave_up {
            self.record(events, fact);
        }
        if let Some(value) = learned {
            self.watch_learned(value, events);
        }
        if let Some(message) = message {
            if let Message::Accept { ballot, value } = message {
                self.watch_accept(ballot, value, events);
            }
            self.send(process, message, events);
        }
    }

    pub(super) fn acceptor_did(
        &mut self,
        process: ProcessId,
        step: AcceptorStep,
        events: &mut Vec<Event>,
    ) {
        self.record(events, Fact::Acceptor { process, step });
        match step {
            AcceptorStep::Voted { vote, .. } => {
                self.observe(process, vote, events);
                self.watch_vote(process, vote, events);
            }
            AcceptorStep::Promised { ballot, vote, .. } => {
                self.watch_promise(process, ballot, vote, events);
            }
            _ => {}
        }
        if let Some(message) = step.message()
            && (self.setup.nack || message.kind() != Kind::Nack)
        {
            self.send(process, message, events);
        }
    }

    pub(super) fn learner_did(
        &mut self,
        process: ProcessId,
        step: LearnerStep,
        events: &mut Vec<Event>,
    ) {
        let learned: Option<Value> = match &step {
            LearnerStep::Learned { vote, .. }
            | LearnerStep::Confirmed { vote }
            | LearnerStep::Contradicted { vote, .. } => Some(vote.value),
            _ => None,
        };
        self.record(events, Fact::Learner { process, step });
        if let Some(value) = learned {
            self.watch_learned(value, events);
        }
    }

    /// See whether this vote makes its value chosen.
    fn observe(&mut self, voter: ProcessId, vote: Vote, events: &mut Vec<Event>) {
        let before = self.observer.learned();
        let Vote { ballot, value } = vote;
        let quorums = &self.setup.quorums;
        // What is chosen is a fact, whatever a learner with a broken rule makes of it.
        let rules = crate::protocol::Rules::KEPT;
        let step = self
            .observer
            .on_accepted(voter, ballot, value, quorums, rules);
        let complete = matches!(
            step,
            LearnerStep::Learned { .. }
                | LearnerStep::Confirmed { .. }
                | LearnerStep::Contradicted { .. }
        );
        if !complete {
            return;
        }
        let tally = self.observer.tally(vote);
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

    /// Send a message to everybody whom it concerns.
    fn send(&mut self, from: ProcessId, message: Message, events: &mut Vec<Event>) {
        let setup = self.setup.clone();
        let addressees = setup.routes.to(message.audience());
        let few = message.kind() == Kind::Prepare && setup.prepare_to == PrepareTo::Majority;
        if !few {
            for &to in addressees {
                self.post(from, to, message, events);
            }
            return;
        }
        // Round 1 begins with the first acceptor, and each round one further on.
        let first = message.ballot().round.0.wrapping_sub(1) as usize % addressees.len().max(1);
        let around = addressees.iter().cycle().skip(first);
        let need = usize::from(setup.quorums.phase1()).min(addressees.len());
        for &to in around.take(need) {
            self.post(from, to, message, events);
        }
    }

    /// Send a message to one process. To oneself it takes no time and cannot go wrong.
    fn post(&mut self, from: ProcessId, to: ProcessId, message: Message, events: &mut Vec<Event>) {
        let own = from == to;
        let kind = message.kind();
        let fate = if own {
            Fate::own()
        } else {
            self.draw_fate(from, to)
        };
        let pair = self.setup.routes.pair(kind, from, to);
        let nth = pair.map_or(0, |pair| {
            let nth = self.transit.count(pair, kind);
            self.waiting.sent(pair, kind, nth);
            nth
        });
        let envelope = Envelope {
            id: self.next_message_id(),
            from,
            to,
            nth,
            message,
            sent: self.now,
            arrives: self.now.after(fate.delay),
            since: self.now,
            moved: 0,
            held: false,
            copy: false,
        };
        self.record(events, Fact::Sent(envelope));
        let lost = if self.links.is_cut(from, to) {
            Some(LossReason::CutWhenSent)
        } else if fate.lost {
            Some(LossReason::Chance)
        } else {
            None
        };
        if let Some(why) = lost {
            self.record(events, Fact::Lost { envelope, why });
            return;
        }
        self.put(envelope, events);
        if fate.duplicated {
            self.copy(envelope, fate.delay_of_copy, false, events);
        }
    }

    /// Put a message on its way; if all are held, it stands at once.
    fn put(&mut self, mut envelope: Envelope, events: &mut Vec<Event>) {
        if self.network.hold && !envelope.is_own() {
            envelope.stop(self.now);
            self.record(events, Fact::Held { envelope });
        }
        let order = self.next_order();
        self.transit.put(envelope, order);
    }

    /// Make a second one of a message, which starts where the first one is.
    pub(super) fn copy(
        &mut self,
        mut envelope: Envelope,
        delay: Millis,
        by_hand: bool,
        events: &mut Vec<Event>,
    ) {
        let of = envelope.id;
        envelope.id = self.next_message_id();
        envelope.moved = envelope.progress(self.now);
        envelope.since = self.now;
        envelope.arrives = self.now.after(delay);
        envelope.held = false;
        envelope.copy = true;
        let copied = Fact::Duplicated {
            envelope,
            of,
            by_hand,
        };
        self.record(events, copied);
        self.put(envelope, events);
    }

    pub(super) fn draw_delay(&mut self, from: ProcessId, to: ProcessId) -> Millis {
        let delay = self.links.delay(from, to).unwrap_or(self.network.delay);
        Millis(u64::from(
            self.rng.between(delay.shortest(), delay.longest()),
        ))
    }

    fn draw_fate(&mut self, from: ProcessId, to: ProcessId) -> Fate {
        Fate {
            delay: self.draw_delay(from, to),
            lost: self.rng.happens(self.network.loss),
            duplicated: self.rng.happens(self.network.duplicate),
            delay_of_copy: self.draw_delay(from, to),
        }
    }

    fn next_message_id(&mut self) -> MessageId {
        let id = MessageId(self.next_message);
        self.next_message += 1;
        id
    }
}

impl Fate {
    fn own() -> Self {
        Self {
            delay: Millis(0),
            lost: false,
            duplicated: false,
            delay_of_copy: Millis(0),
        }
    }
}
