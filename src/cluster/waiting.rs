//! Commands that name a message which was not sent yet.

use std::collections::BTreeMap;

use crate::protocol::Kind;

use super::routes::Routes;
use super::{Command, Nth};

/// A kind of message between a pair of processes, and its number. A pair that never has such
/// messages is `None`.
type Key = (Option<u32>, Kind, u32);

/// The waiting commands, found by their message, so that a long script costs nothing while its
/// messages are far away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Waiting {
    by_message: BTreeMap<Key, Vec<(u64, Command)>>,
    /// Those whose message was sent just now.
    ready: Vec<(u64, Command)>,
}

impl Waiting {
    pub(super) fn add(&mut self, order: u64, which: Nth, command: Command, routes: &Routes) {
        let pair = routes.pair(which.kind, which.from, which.to);
        let key = (pair, which.kind, which.nth);
        self.by_message
            .entry(key)
            .or_default()
            .push((order, command));
    }

    /// The nth message of this kind and pair is sent.
    pub(super) fn sent(&mut self, pair: u32, kind: Kind, nth: u32) {
        if self.by_message.is_empty() {
            return;
        }
        if let Some(commands) = self.by_message.remove(&(Some(pair), kind, nth)) {
            self.ready.extend(commands);
        }
    }

    /// The next command whose message was sent, in the order in which they were sent.
    pub(super) fn pop_ready(&mut self) -> Option<Command> {
        (!self.ready.is_empty()).then(|| self.ready.remove(0).1)
    }

    /// All that still wait, oldest first.
    pub(super) fn all(&self) -> Vec<&Command> {
        let mut all: Vec<_> = self.by_message.values().flatten().collect();
        all.sort_by_key(|(order, _)| *order);
        all.into_iter().map(|(_, command)| command).collect()
    }
}
