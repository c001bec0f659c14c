//! What a user or a scenario can ask for.

use std::sync::Arc;

use crate::protocol::{Amnesia, Kind, ProcessId};

use super::{DelayRange, Link, MessageId, NetworkChange};

/// One request. Everything that reaches a running cluster from outside is one of these, and each
/// is one `do` of a scenario file ([`Command::name`]).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// A client asks a proposer to get this value chosen.
    Propose {
        /// The proposer.
        process: ProcessId,
        /// Any text.
        value: Arc<str>,
    },
    /// The process stops: it loses what is not durable, and the messages that reach it. What it
    /// had sent stays on its way.
    Crash {
        /// Who.
        process: ProcessId,
        /// What is lost although it should be durable; broken rules may add to it.
        amnesia: Amnesia,
    },
    /// The process comes back with what is durable.
    Restart {
        /// Who.
        process: ProcessId,
    },
    /// The proposer's retry timer fires now, running or not: an unfinished ballot is left behind
    /// and the next one starts with the same wish.
    Timeout {
        /// The proposer.
        process: ProcessId,
    },
    /// Nothing gets through this link any more.
    Cut {
        /// The link, one way or both.
        link: Link,
    },
    /// The link works again; `None` mends everything, partitions included.
    Heal {
        /// The link, one way or both.
        link: Option<Link>,
    },
    /// From now on whoever shares a group reach each other, and nobody else does: a process in no
    /// group reaches only itself. This replaces every cut made before. Groups may overlap.
    Partition {
        /// The groups.
        groups: Vec<Vec<ProcessId>>,
    },
    /// The message is lost.
    Drop {
        /// Which.
        message: Selector,
    },
    /// There is a second one of the message, with a delay of its own.
    Duplicate {
        /// Which.
        message: Selector,
    },
    /// The message stays where it is until it is let go; `None` holds every message, those to
    /// come included.
    Hold {
        /// Which.
        message: Option<Selector>,
    },
    /// The message goes on with what was left of its way; `None` lets all messages go and those
    /// to come pass.
    Release {
        /// Which.
        message: Option<Selector>,
    },
    /// The message arrives now, held or not, whatever was sent before it.
    Deliver {
        /// Which.
        message: Selector,
    },
    /// The message arrives this much later.
    Delay {
        /// Which.
        message: Selector,
        /// In milliseconds.
        by: u32,
    },
    /// The network has other settings for the messages sent from now on.
    Network {
        /// What changes.
        change: NetworkChange,
    },
    /// A link has delays of its own, or those of the network again, for the messages sent from
    /// now on.
    Link {
        /// The link, one way or both.
        link: Link,
        /// The range; `None` is the network's.
        delay: Option<DelayRange>,
    },
}

/// Which message is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Selector {
    /// The one with this number, as a page knows it.
    Id(MessageId),
    /// The one that a script can name in advance. Named before it is sent, the command waits.
    Nth(Nth),
}

/// The nth message of a kind from one process to another, counted over the whole run from 1. A
/// duplicate has the number of its original, and is meant once the original is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Nth {
    /// The kind.
    pub kind: Kind,
    /// The sender.
    pub from: ProcessId,
    /// The receiver.
    pub to: ProcessId,
    /// From 1; 0 is never sent.
    pub nth: u32,
}

impl Command {
    /// The `do` of a scenario file.
    pub fn name(&self) -> &'static str {
        match self {
            Command::Propose { .. } => "propose",
            Command::Crash { .. } => "crash",
            Command::Restart { .. } => "restart",
            Command::Timeout { .. } => "timeout",
            Command::Cut { .. } => "cut",
            Command::Heal { .. } => "heal",
            Command::Partition { .. } => "partition",
            Command::Drop { .. } => "drop",
            Command::Duplicate { .. } => "duplicate",
            Command::Hold { .. } => "hold",
            Command::Release { .. } => "release",
            Command::Deliver { .. } => "deliver",
            Command::Delay { .. } => "delay",
            Command::Network { .. } => "network",
            Command::Link { .. } => "link",
        }
    }

    /// The process that it is done to, if it is done to one.
    pub fn process(&self) -> Option<ProcessId> {
        match *self {
            Command::Propose { process, .. }
            | Command::Crash { process, .. }
            | Command::Restart { process }
            | Command::Timeout { process } => Some(process),
            _ => None,
        }
    }

    /// The message that it is done to, if it is done to one.
    pub fn message(&self) -> Option<Selector> {
        match *self {
            Command::Drop { message }
            | Command::Duplicate { message }
            | Command::Deliver { message }
            | Command::Delay { message, .. } => Some(message),
            Command::Hold { message } | Command::Release { message } => message,
            _ => None,
        }
    }

    /// The link that it is done to, if it is done to one.
    pub fn link(&self) -> Option<Link> {
        match *self {
            Command::Cut { link } | Command::Link { link, .. } => Some(link),
            Command::Heal { link } => link,
            _ => None,
        }
    }

    /// Every process that it names, in no particular order and maybe twice.
    pub fn processes(&self) -> Vec<ProcessId> {
        let mut copy = self.clone();
        let mut named = Vec::new();
        copy.each_process(|id| named.push(*id));
        named
    }

    /// The same command after a process has left the configuration: `None` if it was about that
    /// one. Ids above it move down, and groups lose it.
    pub fn without(mut self, gone: ProcessId) -> Option<Self> {
        if let Command::Partition { groups } = &mut self {
            groups
                .iter_mut()
                .for_each(|group| group.retain(|&id| id != gone));
            groups.retain(|group| !group.is_empty());
        }
        let mut about = false;
        self.each_process(|id| {
            about |= *id == gone;
            if *id > gone {
                id.0 -= 1;
            }
        });
        (!about).then_some(self)
    }

    fn each_process(&mut self, mut each: impl FnMut(&mut ProcessId)) {
        match self {
            Command::Propose { process, .. }
            | Command::Crash { process, .. }
            | Command::Restart { process }
            | Command::Timeout { process } => each(process),
            Command::Cut { link }
            | Command::Heal { link: Some(link) }
            | Command::Link { link, .. } => {
                each(&mut link.from);
                each(&mut link.to);
            }
            Command::Partition { groups } => groups.iter_mut().flatten().for_each(each),
            Command::Drop { message }
            | Command::Duplicate { message }
            | Command::Hold {
                message: Some(message),
            }
            | Command::Release {
                message: Some(message),
            }
            | Command::Deliver { message }
            | Command::Delay { message, .. } => {
                if let Selector::Nth(nth) = message {
                    each(&mut nth.from);
                    each(&mut nth.to);
                }
            }
            Command::Heal { link: None }
            | Command::Hold { message: None }
            | Command::Release { message: None }
            | Command::Network { .. } => {}
        }
    }
}

/// Why a command cannot be followed, or would change nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such process.
    UnknownProcess,
    /// The process has no proposer role.
    NotAProposer,
    /// The process is down.
    Down,
    /// The process is up.
    Up,
    /// There is nothing to propose.
    EmptyValue,
    /// The proposer has used up its ballots.
    OutOfRounds,
    /// The proposer has no unfinished ballot.
    NothingToRetry,
    /// Both ends of the link are the same process, which always reaches itself.
    SameProcess,
    /// The link is cut already.
    AlreadyCut,
    /// The link is not cut, or none is.
    NotCut,
    /// The message has arrived or is lost, or there never was one with this number.
    MessageGone,
    /// The message was not sent yet: as a command it would wait for it.
    MessageNotSent,
    /// The message is from a process to itself, which takes no time and cannot go wrong.
    OwnMessage,
    /// The message is held already, or all messages are.
    AlreadyHeld,
    /// The message is not held, or none is.
    NotHeld,
    /// Everything is like that already.
    NoChange,
}

#[cfg(test)]
mod tests {
    use super::*;

    const GONE: ProcessId = ProcessId(2);

    #[test]
    fn a_command_follows_the_ids_when_a_process_leaves() {
        let partition = |groups: &[&[u16]]| Command::Partition {
            groups: groups
                .iter()
                .map(|group| group.iter().copied().map(ProcessId).collect())
                .collect(),
        };
        assert_eq!(
            partition(&[&[0, 2], &[2], &[3]]).without(GONE),
            Some(partition(&[&[0], &[2]]))
        );
        let cut = |from, to| Command::Cut {
            link: Link::both_ways(ProcessId(from), ProcessId(to)),
        };
        assert_eq!(cut(1, 3).without(GONE), Some(cut(1, 2)));
        assert_eq!(cut(1, 2).without(GONE), None);
        let drop = |to| Command::Drop {
            message: Selector::Nth(Nth {
                kind: Kind::Accept,
                from: ProcessId(0),
                to: ProcessId(to),
                nth: 1,
            }),
        };
        assert_eq!(drop(5).without(GONE), Some(drop(4)));
        assert_eq!(drop(2).without(GONE), None);
        let all = Command::Hold { message: None };
        assert_eq!(all.clone().without(GONE), Some(all));
    }

    #[test]
    fn a_command_says_to_which_link_and_to_which_processes_it_is_done() {
        let [p, a] = [ProcessId(0), ProcessId(1)];
        let link = Link::one_way(p, a);
        let slow = Command::Link { link, delay: None };
        let healed = Command::Heal { link: Some(link) };
        for command in [Command::Cut { link }, slow, healed] {
            assert_eq!(command.link(), Some(link));
            assert_eq!(command.processes(), [p, a]);
        }
        let all = Command::Heal { link: None };
        assert_eq!((all.link(), all.processes()), (None, vec![]));
        let back = Command::Restart { process: a };
        assert_eq!((back.link(), back.processes()), (None, vec![a]));
    }
}
