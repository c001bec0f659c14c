//! What happened: facts, each with the evidence for its reason.

use std::fmt;

use crate::protocol::{
    AcceptorStep, Amnesia, Ballot, Invariant, LearnerStep, Message, ProcessId, ProcessSet,
    ProposerStep, Vote,
};

use super::command::{Command, Refusal};
use super::{DelayRange, Link, Network};

/// Virtual time since the start of the run, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Millis(pub u64);

impl Millis {
    /// This much later, or as late as can be said.
    pub fn after(self, delay: Millis) -> Millis {
        Millis(self.0.saturating_add(delay.0))
    }

    /// How long after another instant this is; nothing, if it is before.
    pub fn since(self, earlier: Millis) -> Millis {
        Millis(self.0.saturating_sub(earlier.0))
    }
}

impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A message's number in its run, in the order of sending; a duplicate has one of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub u64);

/// A message on its way, or held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// Its number.
    pub id: MessageId,
    /// The sender.
    pub from: ProcessId,
    /// The receiver.
    pub to: ProcessId,
    /// Which message of its kind between these two it is, from 1; a duplicate has the number of
    /// its original.
    pub nth: u32,
    /// What it says.
    pub message: Message,
    /// When it left.
    pub sent: Millis,
    /// When it arrives. If it is held: when it would have arrived.
    pub arrives: Millis,
    /// Since when it moves as it does now, or stands.
    pub since: Millis,
    /// How much of its way it had behind it then, in parts per million.
    pub moved: u32,
    /// Whether it is held: it stands where it is.
    pub held: bool,
    /// Whether it is the second one of a message.
    pub copy: bool,
}

impl Envelope {
    /// Whether the sender and the receiver are the same process.
    pub fn is_own(&self) -> bool {
        self.from == self.to
    }

    /// How much of its way it has behind it at this instant, in parts per million: a function of
    /// time alone.
    pub fn progress(&self, now: Millis) -> u32 {
        const WHOLE: u128 = 1_000_000;
        let total = u128::from(self.arrives.since(self.since).0);
        if self.held {
            return self.moved;
        }
        if total == 0 {
            return WHOLE as u32;
        }
        let passed = u128::from(now.since(self.since).0).min(total);
        let moved = u128::from(self.moved);
        (moved + WHOLE.saturating_sub(moved) * passed / total) as u32
    }

    /// It stops here, with the rest of its way to go.
    pub(super) fn stop(&mut self, now: Millis) {
        self.moved = self.progress(now);
        self.since = now;
        self.held = true;
    }

    /// It goes on with the rest of its way.
    pub(super) fn go_on(&mut self, now: Millis) {
        self.arrives = now.after(self.arrives.since(self.since));
        self.since = now;
        self.held = false;
    }

    /// It arrives later, from where it is now.
    pub(super) fn slow_down(&mut self, now: Millis, by: Millis) {
        if !self.held {
            self.moved = self.progress(now);
            self.since = now;
        }
        self.arrives = self.arrives.after(by);
    }
}

/// One thing that happened, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The instant.
    pub at: Millis,
    /// What happened.
    pub fact: Fact,
}

/// What can happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// A message left. What becomes of it may follow at once: lost, doubled, held.
    Sent(Envelope),
    /// A message arrived. What the receiver made of it follows, one fact for each role that
    /// took part.
    Delivered(Envelope),
    /// A message is gone.
    Lost {
        /// The message.
        envelope: Envelope,
        /// Why.
        why: LossReason,
    },
    /// There is a second one of a message.
    Duplicated {
        /// The second one.
        envelope: Envelope,
        /// The message that it is a copy of.
        of: MessageId,
        /// Whether somebody asked for it; if not, it was chance.
        by_hand: bool,
    },
    /// A message stands still until it is let go.
    Held {
        /// The message.
        envelope: Envelope,
    },
    /// A message goes on, with the rest of its way.
    Released {
        /// The message.
        envelope: Envelope,
    },
    /// A message takes longer than it would have.
    Delayed {
        /// The message, with its new time of arrival.
        envelope: Envelope,
        /// By how much, in milliseconds.
        by: u32,
    },
    /// A proposer did something.
    Proposer {
        /// Who.
        process: ProcessId,
        /// What and why.
        step: ProposerStep,
    },
    /// An acceptor did something.
    Acceptor {
        /// Who.
        process: ProcessId,
        /// What and why.
        step: AcceptorStep,
    },
    /// A learner did something.
    Learner {
        /// Who.
        process: ProcessId,
        /// What and why.
        step: LearnerStep,
    },
    /// A phase-2 quorum has now voted for one value in one ballot. A fact about the whole
    /// cluster, at the instant of the last vote, before any process knows.
    Chosen {
        /// The ballot and the value.
        vote: Vote,
        /// Who voted.
        voted_by: ProcessSet,
        /// What had been chosen first, if this is not the first time. Another value here is what
        /// Paxos exists to prevent.
        before: Option<Vote>,
    },
    /// A proposer's ballot was not finished in time; its next ballot follows.
    TimedOut {
        /// Who.
        process: ProcessId,
        /// The unfinished ballot.
        ballot: Ballot,
        /// Whether somebody asked for it; if not, the retry timer ran out.
        by_hand: bool,
    },
    /// A proposer gives up a ballot for which no quorum is left, before its time is over, and
    /// tries again after a random while.
    BacksOff {
        /// Who.
        process: ProcessId,
        /// The hopeless ballot.
        ballot: Ballot,
        /// When it tries again.
        until: Millis,
    },
    /// A process stopped. What is not durable is gone.
    Crashed {
        /// Who.
        process: ProcessId,
        /// What was lost although it should have been durable.
        lost: Amnesia,
    },
    /// A process came back with what was durable.
    Restarted {
        /// Who.
        process: ProcessId,
    },
    /// Nothing gets through a link any more.
    Cut {
        /// The link, one way or both.
        link: Link,
    },
    /// A link works again.
    Healed {
        /// The link, one way or both; `None` is all of them.
        link: Option<Link>,
    },
    /// The processes are in groups that do not reach each other.
    Partitioned {
        /// The groups. Who is in none reaches nobody.
        groups: Vec<Vec<ProcessId>>,
    },
    /// From now on every message is held. Those on their way follow, each by itself.
    AllHeld,
    /// From now on messages pass. Those that were held follow, each by itself.
    AllReleased,
    /// The network's settings changed, for the messages sent from now on.
    NetworkChanged {
        /// All settings, as they are now.
        network: Network,
    },
    /// A link's delays changed, for the messages sent from now on.
    LinkChanged {
        /// The link, one way or both.
        link: Link,
        /// Its own range, or the network's again.
        delay: Option<DelayRange>,
    },
    /// A command names a message that was not sent yet; it will be carried out once that is sent.
    Waits {
        /// The command.
        command: Command,
    },
    /// A command that could not be followed; nothing changed.
    Refused {
        /// The command.
        command: Command,
        /// Why.
        why: Refusal,
    },
    /// An invariant does not hold any more. What broke it is the last event before this one that
    /// is not of this kind.
    Violated {
        /// Which.
        invariant: Invariant,
    },
}

/// Why a message is gone.
///
/// A link has to be whole twice for a message to get through: when it leaves and when it arrives.
/// So a cut stops at once whatever is sent, loses what is on its way unless it is healed in time,
/// and forgets nothing that passed before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LossReason {
    /// The receiver was down when it arrived.
    ReceiverDown,
    /// The link was cut when it was sent.
    CutWhenSent,
    /// The link was cut when it should have arrived.
    CutOnTheWay,
    /// The network lost it, by its setting.
    Chance,
    /// Somebody took it out.
    ByHand,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Round;

    #[test]
    fn a_message_moves_evenly_stands_while_held_and_never_jumps() {
        let ballot = Ballot {
            round: Round(1),
            proposer: ProcessId(0),
        };
        let mut envelope = Envelope {
            id: MessageId(0),
            from: ProcessId(0),
            to: ProcessId(1),
            nth: 1,
            message: Message::Prepare { ballot },
            sent: Millis(100),
            arrives: Millis(200),
            since: Millis(100),
            moved: 0,
            held: false,
            copy: false,
        };
        assert_eq!(envelope.progress(Millis(50)), 0, "not before it left");
        assert_eq!(envelope.progress(Millis(125)), 250_000);
        assert_eq!(envelope.progress(Millis(900)), 1_000_000);
        envelope.stop(Millis(150));
        assert_eq!(envelope.progress(Millis(900)), 500_000);
        envelope.go_on(Millis(1_000));
        assert_eq!(envelope.progress(Millis(1_000)), 500_000);
        assert_eq!(envelope.arrives, Millis(1_050), "with what was left");
        envelope.slow_down(Millis(1_025), Millis(75));
        assert_eq!(envelope.progress(Millis(1_025)), 750_000);
        assert_eq!(envelope.arrives, Millis(1_125));
        assert_eq!(envelope.progress(Millis(1_075)), 875_000);
    }
}
