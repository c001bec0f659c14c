//! The live monitor: which invariants hold, and when one first failed.
//!
//! A step costs the same however long the run is, and next to nothing beside the step itself:
//! `examples/throughput.rs` measures both. [`Cluster::unwatched`] goes without.

use crate::protocol::{Ballot, Broken, Invariant, Monitor, ProcessId, Value, Vote};

use super::{Cluster, Event, Fact, Millis};

/// When an invariant first failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The instant.
    pub at: Millis,
    /// The event that broke it, counted from 0 over the whole run. A [`Fact::Violated`] follows.
    pub event: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Watch {
    monitor: Monitor,
    broken: Broken,
    failures: [Option<Failure>; Invariant::ALL.len()],
}

impl Watch {
    pub(super) fn new(lowest: Ballot) -> Self {
        Self {
            monitor: Monitor::new(lowest),
            broken: Broken::NOTHING,
            failures: Default::default(),
        }
    }
}

impl Cluster {
    /// The same cluster without its monitor, for measuring raw speed: no invariant fails, because
    /// nobody looks.
    pub fn unwatched(mut self) -> Self {
        self.watch = None;
        self
    }

    /// When this invariant first failed; `None` as long as it holds.
    pub fn failure(&self, invariant: Invariant) -> Option<Failure> {
        let watch = self.watch.as_ref()?;
        watch.failures[invariant as usize]
    }

    /// Every invariant, and when it first failed, if it did.
    pub fn invariants(&self) -> impl Iterator<Item = (Invariant, Option<Failure>)> {
        let all = Invariant::ALL.into_iter();
        all.map(|invariant| (invariant, self.failure(invariant)))
    }

    pub(super) fn watch_proposal(&mut self, value: Value) {
        if let Some(watch) = &mut self.watch {
            watch.monitor.saw_proposal(value);
        }
    }

    pub(super) fn watch_promise(
        &mut self,
        process: ProcessId,
        ballot: Ballot,
        reported: Option<Vote>,
        events: &mut Vec<Event>,
    ) {
        let Some(watch) = &mut self.watch else { return };
        let votes = &self.observer;
        let said = watch.monitor.saw_promise(process, ballot, reported, votes);
        self.watch_acceptor(process, said, events);
    }

    pub(super) fn watch_vote(&mut self, process: ProcessId, vote: Vote, events: &mut Vec<Event>) {
        let Some(watch) = &mut self.watch else { return };
        let (votes, quorums) = (&self.observer, &self.setup.quorums);
        let cast = watch.monitor.saw_vote(process, vote, votes, quorums);
        self.watch_acceptor(process, cast, events);
    }

    pub(super) fn watch_accept(&mut self, ballot: Ballot, value: Value, events: &mut Vec<Event>) {
        let Some(watch) = &self.watch else { return };
        let broken = watch.monitor.saw_accept(ballot, value, &self.setup.quorums);
        self.report(broken, events);
    }

    pub(super) fn watch_learned(&mut self, value: Value, events: &mut Vec<Event>) {
        let Some(watch) = &self.watch else { return };
        let broken = watch.monitor.saw_learned(value);
        self.report(broken, events);
    }

    /// An acceptor has changed, which has broken this much already.
    pub(super) fn watch_acceptor(
        &mut self,
        process: ProcessId,
        broken: Broken,
        events: &mut Vec<Event>,
    ) {
        let Some(watch) = &mut self.watch else { return };
        let acceptor = &self.processes[usize::from(process.0)].acceptor;
        let Some(acceptor) = acceptor else { return };
        let (votes, quorums) = (&self.observer, &self.setup.quorums);
        let now = watch
            .monitor
            .saw_acceptor(process, acceptor, votes, quorums);
        self.report(broken.and(now), events);
    }

    /// Say which invariants do not hold any more since the last event.
    fn report(&mut self, broken: Broken, events: &mut Vec<Event>) {
        if broken.is_nothing() {
            return;
        }
        let failure = Failure {
            at: self.now,
            event: self.recorded.saturating_sub(1),
        };
        let Some(watch) = &mut self.watch else { return };
        let new = broken.without(watch.broken);
        watch.broken = watch.broken.and(new);
        for invariant in new.iter() {
            watch.failures[invariant as usize] = Some(failure);
        }
        for invariant in new.iter() {
            self.record(events, Fact::Violated { invariant });
        }
    }
}
