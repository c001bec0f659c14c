//! One line of events from the start of a run: what is known about it, and how it is played again.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::cluster::{Cluster, Command, Event, Millis};

use super::branch::BranchId;
use super::keyframes::{KeyframePolicy, Keyframes};
use super::log::Log;
use super::memory;

/// A place on a line.
///
/// The time alone does not say where one is: several things may happen in the same millisecond,
/// and a command may come between them. The steps alone do not either: between two of them the
/// clock goes on, and a message sent a millisecond later arrives later. Both together do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// How many steps have been done. A step is one thing that happens by itself
    /// ([`Cluster::step`]) or one command of the user.
    pub steps: u64,
    /// What the clock shows.
    pub time: Millis,
}

/// A command of the user, and where on the line it was given.
#[derive(Clone, Debug)]
pub(super) struct Recorded {
    pub(super) at: Position,
    pub(super) command: Command,
    /// The branch in whose past it was given, if it opened one.
    pub(super) opened_from: Option<BranchId>,
}

impl Recorded {
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.at == other.at && self.command == other.command
    }
}

/// How far a step went.
#[derive(Clone, Copy, Debug)]
struct Mark {
    at: Millis,
    /// How many events there were in all when it was done.
    events: u64,
}

/// The events of a line, the steps that brought them, and keyframes.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) events: Log<Event>,
    pub(super) keyframes: Keyframes,
    marks: Log<Mark>,
    /// When the scenario's script has something to do, in order: what is still to come of it is
    /// part of every state.
    script: Arc<[Millis]>,
}

impl Line {
    pub(super) fn new(start: &Cluster, mut script: Vec<Millis>, policy: KeyframePolicy) -> Self {
        script.sort_unstable();
        let bytes = memory::of_cluster(start, script.len());
        Self {
            events: Log::default(),
            keyframes: Keyframes::new(start.clone(), bytes, policy),
            marks: Log::default(),
            script: script.into(),
        }
    }

    /// How many steps are recorded.
    pub(super) fn steps(&self) -> u64 {
        self.marks.len() as u64
    }

    fn mark(&self, steps: u64) -> Option<&Mark> {
        self.marks.get(usize::try_from(steps).ok()?)
    }

    /// When the step after so many others was done.
    pub(super) fn time_of_next(&self, steps: u64) -> Option<Millis> {
        self.mark(steps).map(|mark| mark.at)
    }

    /// How many events there were after so many steps.
    pub(super) fn events_at(&self, steps: u64) -> usize {
        let last = steps.checked_sub(1).and_then(|last| self.mark(last));
        last.map_or(0, |mark| mark.events as usize)
    }

    /// The place directly after so many steps.
    pub(super) fn stop(&self, steps: u64) -> Position {
        let last = steps.checked_sub(1).and_then(|last| self.mark(last));
        let time = last.map_or(Millis(0), |mark| mark.at);
        Position { steps, time }
    }

    /// The place at this time, on the part of the line up to `end`: everything recorded of that
    /// instant has happened.
    pub(super) fn at_time(&self, time: Millis, end: Position) -> Position {
        let time = time.min(end.time);
        let steps = self
            .marks
            .partition_point(end.steps as usize, |mark| mark.at <= time);
        Position {
            steps: steps as u64,
            time,
        }
    }

    /// The place directly after the step that brought this event.
    pub(super) fn at_event(&self, index: usize, end: Position) -> Position {
        let steps = self
            .marks
            .partition_point(end.steps as usize, |mark| mark.events <= index as u64);
        self.stop((steps as u64 + 1).min(end.steps))
    }

    /// Record one more step, with the state that it led to; takes the events.
    pub(super) fn push(&mut self, events: &mut Vec<Event>, cluster: &Cluster) {
        events.drain(..).for_each(|event| self.events.push(event));
        self.marks.push(Mark {
            at: cluster.now(),
            events: self.events.len() as u64,
        });
        if self.keyframes.is_due(self.events.len()) {
            let bytes = self.weigh(cluster);
            let (steps, events) = (self.steps(), self.events.len());
            self.keyframes.add(cluster, steps, events, bytes);
        }
    }

    /// Forget all that came after so many steps.
    pub(super) fn truncate(&mut self, steps: u64) {
        self.events.truncate(self.events_at(steps));
        self.marks.truncate(steps as usize);
        self.keyframes.truncate(steps);
    }

    /// The bytes of a state of this run.
    fn weigh(&self, cluster: &Cluster) -> usize {
        let done = self.script.partition_point(|&at| at <= cluster.now());
        memory::of_cluster(cluster, self.script.len() - done)
    }

    /// The bytes of the line and of the state at the cursor.
    pub(super) fn bytes(&self, cluster: &Cluster) -> usize {
        let processes = cluster.processes().count();
        let seen = &mut BTreeSet::new();
        let beside = |event: &Event| memory::beside_event(event, processes);
        let events = self.events.bytes(seen, beside) + self.marks.bytes(seen, |_| 0);
        events + self.keyframes.bytes() + self.weigh(cluster)
    }
}

/// Bring a cluster from where it is, after so many steps, to a later place of the line that has
/// these commands. `each` sees the state after every step, and the events that it brought.
///
/// Nothing is decided anew: a command is given after as many steps as it was the first time and
/// when the clock shows the same, and everything between follows from the state.
pub(super) fn replay(
    cluster: &mut Cluster,
    steps: u64,
    to: Position,
    commands: &Log<Recorded>,
    mut each: impl FnMut(&Cluster, &mut Vec<Event>),
) {
    let mut events = Vec::new();
    let mut given = commands_before(commands, steps);
    for steps in steps..to.steps {
        let due = commands.get(given).filter(|next| next.at.steps == steps);
        if let Some(Recorded { at, command, .. }) = due {
            wait(cluster, at.time);
            cluster.apply(command.clone(), &mut events);
            given += 1;
        } else {
            let happened = cluster.step(&mut events);
            debug_assert!(happened, "step {steps} is recorded and did not happen");
        }
        each(cluster, &mut events);
        events.clear();
    }
    wait(cluster, to.time);
}

/// How many of these commands are given within so many steps: each of them is one step itself.
pub(super) fn commands_before(commands: &Log<Recorded>, steps: u64) -> usize {
    commands.partition_point(commands.len(), |recorded| recorded.at.steps < steps)
}

/// Let the clock go on to a time before which nothing is due.
pub(super) fn wait(cluster: &mut Cluster, time: Millis) {
    // Also what is due at this very instant may be meant to come only after the next command.
    if cluster.now() < time {
        debug_assert!(cluster.next_due().is_none_or(|due| due > time));
        cluster.run_until(time, &mut Vec::new());
    }
}
