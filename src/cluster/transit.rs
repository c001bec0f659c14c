//! The messages that are on their way or held.

use std::collections::BTreeMap;

use crate::protocol::Kind;

use super::routes::Routes;
use super::{Envelope, MessageId, Millis, Nth, Refusal, Selector};

/// When something happens, and its place among what happens at the same instant.
pub(super) type Due = (Millis, u64);

/// All messages between sending and arrival, and how many were sent so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Transit {
    moving: BTreeMap<Due, Envelope>,
    held: BTreeMap<MessageId, Envelope>,
    /// For each pair of processes and each kind.
    sent: Vec<[u32; Kind::ALL.len()]>,
}

impl Transit {
    pub(super) fn new(routes: &Routes) -> Self {
        Self {
            moving: BTreeMap::new(),
            held: BTreeMap::new(),
            sent: vec![Default::default(); routes.pairs()],
        }
    }

    /// Count one more message of this pair, and say which one it is.
    pub(super) fn count(&mut self, pair: u32, kind: Kind) -> u32 {
        let sent = &mut self.sent[pair as usize][kind as usize];
        *sent = sent.saturating_add(1);
        *sent
    }

    pub(super) fn was_sent(&self, which: Nth, routes: &Routes) -> bool {
        let Nth {
            kind,
            from,
            to,
            nth,
        } = which;
        let pair = routes.pair(kind, from, to);
        nth > 0 && pair.is_some_and(|pair| nth <= self.sent[pair as usize][kind as usize])
    }

    pub(super) fn next_due(&self) -> Option<Due> {
        self.moving.keys().next().copied()
    }

    pub(super) fn pop_next(&mut self) -> Option<Envelope> {
        self.moving.pop_first().map(|(_, envelope)| envelope)
    }

    /// Put a message on its way, after what was put there before for the same instant; or among
    /// those that stand.
    pub(super) fn put(&mut self, envelope: Envelope, order: u64) {
        if envelope.held {
            self.held.insert(envelope.id, envelope);
        } else {
            self.moving.insert((envelope.arrives, order), envelope);
        }
    }

    /// The message that is meant.
    pub(super) fn find(&self, selector: Selector, routes: &Routes) -> Result<&Envelope, Refusal> {
        let found = match selector {
            Selector::Id(id) => {
                let moving = || self.moving.values().find(|envelope| envelope.id == id);
                self.held.get(&id).or_else(moving)
            }
            Selector::Nth(which) => self.find_nth(which),
        };
        found.ok_or(match selector {
            Selector::Nth(which) if !self.was_sent(which, routes) => Refusal::MessageNotSent,
            _ => Refusal::MessageGone,
        })
    }

    /// Of a message and its copies, the one that is oldest.
    fn find_nth(&self, which: Nth) -> Option<&Envelope> {
        let is_meant = |envelope: &&Envelope| {
            (envelope.nth, envelope.from, envelope.to) == (which.nth, which.from, which.to)
                && envelope.message.kind() == which.kind
        };
        let all = self.moving.values().chain(self.held.values());
        all.filter(is_meant).min_by_key(|envelope| envelope.id)
    }

    /// Take a message out.
    pub(super) fn take(&mut self, id: MessageId) -> Option<Envelope> {
        if let Some(envelope) = self.held.remove(&id) {
            return Some(envelope);
        }
        let due = self.moving.iter().find(|(_, envelope)| envelope.id == id);
        let due = *due?.0;
        self.moving.remove(&due)
    }

    pub(super) fn moving(&self) -> impl Iterator<Item = &Envelope> {
        self.moving.values()
    }

    pub(super) fn held(&self) -> impl Iterator<Item = &Envelope> {
        self.held.values()
    }
}
