//! A run, and the moment of it that is shown.

mod branches;
pub(super) mod rebuilt;
mod saved;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::cluster::{Cluster, Command, Event, Millis, SetupError};
use crate::protocol::ProcessId;
use crate::scenario::Scenario;

use super::branch::Branch;
use super::keyframes::KeyframePolicy;
use super::line::{Line, Position, Recorded, commands_before, replay, wait};
use super::log::Events;
use super::memory;
use branches::Undone;

/// One run: what it started from, every future that it has had, and the moment that is shown.
///
/// The rules are in the documentation of [the module](super).
#[derive(Clone, Debug)]
pub struct Run {
    scenario: Arc<Scenario>,
    /// In the order of their ids.
    branches: Vec<Branch>,
    /// The position in `branches` of the one that is shown.
    shown: usize,
    /// Where the shown line ends if not at the end of its branch: before a command that was
    /// undone.
    cut: Option<Position>,
    cursor: Position,
    /// The state at the cursor.
    cluster: Cluster,
    /// All of the shown branch, also what lies beyond the cursor and the cut.
    line: Line,
    /// The texts of the values of that line.
    values: Vec<Arc<str>>,
    /// What redo returns to, the latest last.
    undone: Vec<Undone>,
    next_branch: u32,
}

impl Run {
    /// A run of a scenario, at time 0, with the script still to come.
    ///
    /// # Errors
    /// If the scenario's setup is unsound.
    pub fn new(scenario: Arc<Scenario>) -> Result<Self, SetupError> {
        Self::with_keyframes(scenario, KeyframePolicy::default())
    }

    /// The same, with a choice of how much memory to spend on quick seeking.
    ///
    /// # Errors
    /// If the scenario's setup is unsound.
    pub fn with_keyframes(
        scenario: Arc<Scenario>,
        policy: KeyframePolicy,
    ) -> Result<Self, SetupError> {
        let cluster = scenario.cluster()?;
        let script = scenario.commands().map(|(at, _)| at).collect();
        Ok(Self {
            line: Line::new(&cluster, script, policy),
            scenario,
            values: Vec::new(),
            branches: vec![Branch::first()],
            shown: 0,
            cut: None,
            cursor: Position::default(),
            cluster,
            undone: Vec::new(),
            next_branch: 1,
        })
    }

    /// What the run started from.
    pub fn scenario(&self) -> &Arc<Scenario> {
        &self.scenario
    }

    /// Give a process another name. Names mean nothing to the protocol, so the run stays.
    ///
    /// # Errors
    /// If the name is empty, too long or taken; then nothing changes.
    pub fn rename(&mut self, id: ProcessId, name: &str) -> Result<(), SetupError> {
        let mut scenario = Scenario::clone(&self.scenario);
        if let Some(spec) = scenario.setup.processes.get_mut(usize::from(id.0)) {
            spec.name = name.into();
        }
        scenario.setup.validate()?;
        self.scenario = Arc::new(scenario);
        Ok(())
    }

    /// The cluster at the cursor.
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// All that has happened at the cursor.
    pub fn events(&self) -> Events<'_> {
        Events::of(&self.line.events, self.line.events_at(self.cursor.steps))
    }

    /// All that is recorded of the shown line, what lies beyond the cursor included.
    pub fn recorded(&self) -> Events<'_> {
        Events::of(&self.line.events, self.line.events_at(self.end().steps))
    }

    /// The texts of the values of all that is recorded, by their numbers: more than the cluster at
    /// the cursor knows.
    pub fn values(&self) -> &[Arc<str>] {
        &self.values
    }

    /// How many events there were at a place of the shown line.
    pub(super) fn events_at(&self, place: Position) -> usize {
        self.line.events_at(place.steps)
    }

    /// How many events there were before the last step at the cursor.
    pub fn last_step(&self) -> usize {
        self.line.events_at(self.cursor.steps.saturating_sub(1))
    }

    /// The cluster as it was before the last step at the cursor; `None` at the start.
    pub fn before_last_step(&self) -> Option<Cluster> {
        let to = self.line.stop(self.cursor.steps.checked_sub(1)?);
        let frame = self.line.keyframes.before(to.steps);
        let mut cluster = frame.cluster.clone();
        let commands = &self.branch().commands;
        replay(&mut cluster, frame.steps, to, commands, |_, _| ());
        Some(cluster)
    }

    /// The moment that is shown.
    pub fn cursor(&self) -> Position {
        self.cursor
    }

    /// The end of the shown line.
    pub fn end(&self) -> Position {
        self.cut.unwrap_or(self.branch().end)
    }

    /// Where the shown line ends before a command that was taken back, if it does.
    pub(super) fn cut(&self) -> Option<Position> {
        self.cut
    }

    /// Whether nothing has ever happened, on any branch.
    pub fn is_fresh(&self) -> bool {
        self.branches.iter().all(|branch| branch.end.steps == 0)
    }

    /// Whether the user asked for anything beyond the script, on any branch.
    pub fn is_touched(&self) -> bool {
        self.branches.len() > 1 || self.branch().commands.len() > 0
    }

    /// The user's commands on the shown line, with their places, those beyond the cursor included.
    pub fn commands(&self) -> impl Iterator<Item = (Position, &Command)> {
        let commands = &self.branch().commands;
        let count = commands_before(commands, self.end().steps);
        let given = commands.range(0..count);
        given.map(|recorded| (recorded.at, &recorded.command))
    }

    /// When the next thing happens if nobody interferes: as recorded, or else by itself.
    pub fn next_due(&self) -> Option<Millis> {
        if self.cursor.steps < self.end().steps {
            return self.line.time_of_next(self.cursor.steps);
        }
        self.cluster.next_due()
    }

    /// Carry out a command now. In the past this opens a branch.
    pub fn apply(&mut self, command: Command) {
        self.undone.clear();
        let at = self.cursor;
        let inside = self.cut.is_none() && at.steps < self.branch().end.steps;
        let opened_from = inside.then(|| self.branch().id);
        let mut events = Vec::new();
        self.cluster.apply(command.clone(), &mut events);
        self.record(&mut events);
        let branch = self.branch_mut();
        // That time had passed here without the command is gone.
        branch.left_at = branch.left_at.min(at);
        branch.commands.push(Recorded {
            at,
            command,
            opened_from,
        });
    }

    /// Let the next thing happen; in the past, the next that is recorded. `false` if nothing is
    /// left.
    pub fn step(&mut self) -> bool {
        self.join_known_future();
        if self.cursor.steps < self.end().steps {
            self.go(self.line.stop(self.cursor.steps + 1));
            return true;
        }
        let mut events = Vec::new();
        let happened = self.cluster.step(&mut events);
        if happened {
            self.record(&mut events);
        }
        happened
    }

    /// Go back to before the last thing that happened, or to directly after it if time has passed
    /// since. `false` at the start.
    pub fn step_back(&mut self) -> bool {
        let after = self.line.stop(self.cursor.steps);
        if after < self.cursor {
            self.go(after);
            return true;
        }
        let before = self.cursor.steps.checked_sub(1);
        before.map(|steps| self.go(self.line.stop(steps))).is_some()
    }

    /// Let time pass, and what is due happen: as recorded where it is, and then by itself. Time
    /// never goes back here.
    pub fn run_until(&mut self, time: Millis) {
        while self.next_due().is_some_and(|due| due <= time) && self.step() {}
        if self.cursor.time >= time {
            return;
        }
        wait(&mut self.cluster, time);
        self.cursor.time = time;
        if self.cursor.steps == self.end().steps {
            let cut = self.cut.as_mut();
            let end = cut.unwrap_or(&mut self.branches[self.shown].end);
            end.time = end.time.max(time);
        }
    }

    /// Show the shown line at this time, with everything recorded up to and at that instant; at
    /// its end, if that is earlier. Nothing new happens.
    pub fn seek(&mut self, time: Millis) {
        self.go(self.line.at_time(time, self.end()));
    }

    /// Show the shown line directly after the step that brought the event at this index of
    /// [`Run::recorded`], or after the last step.
    pub fn seek_event(&mut self, index: usize) {
        self.go(self.line.at_event(index, self.end()));
    }

    /// Show a place that was once seen on the shown line; what is not on it gives the nearest
    /// place before.
    pub fn seek_to(&mut self, position: Position) {
        self.go(self.nearest(position));
    }

    /// The place on the shown line itself, or the nearest one before.
    fn nearest(&self, position: Position) -> Position {
        let end = self.end();
        let steps = position.steps.min(end.steps);
        let stop = self.line.stop(steps);
        let commands = &self.branch().commands;
        let next = commands.get(commands_before(commands, steps));
        let last = match (
            next.filter(|next| next.at.steps == steps),
            steps < end.steps,
        ) {
            (_, false) => end.time,
            (Some(command), true) => command.at.time,
            // What happens by itself does so as soon as the clock shows its time.
            (None, true) => {
                let due = self.line.time_of_next(steps);
                Millis(due.map_or(0, |due| due.0.saturating_sub(1)))
            }
        };
        let time = position.time.min(last).max(stop.time);
        Position { steps, time }
    }

    /// How many bytes the run takes, estimated on the high side.
    pub fn memory(&self) -> usize {
        let mut seen = BTreeSet::new();
        let beside = |recorded: &Recorded| memory::of_command(&recorded.command);
        let mut branch =
            |branch: &Branch| size_of::<Branch>() + branch.commands.bytes(&mut seen, beside);
        let branches: usize = self.branches.iter().map(&mut branch).sum();
        let undone = self.undone.capacity() * size_of::<Undone>();
        size_of::<Self>() + self.line.bytes(&self.cluster) + branches + undone
    }

    /// How many keyframes there are on the shown line.
    pub fn keyframes(&self) -> usize {
        self.line.keyframes.len()
    }

    fn branch_mut(&mut self) -> &mut Branch {
        &mut self.branches[self.shown]
    }

    /// Record a step that was just done from the cursor on, and was not recorded before.
    fn record(&mut self, events: &mut Vec<Event>) {
        if self.cursor.steps < self.branch().end.steps {
            self.open_branch();
        }
        self.line.push(events, &self.cluster);
        if self.values.len() != self.cluster.values().len() {
            self.values = self.cluster.values().to_vec();
        }
        self.cursor = Position {
            steps: self.cursor.steps + 1,
            time: self.cluster.now(),
        };
        self.branch_mut().end = self.cursor;
    }

    /// Put the cursor on a place of the shown line.
    fn go(&mut self, to: Position) {
        let frame = self.line.keyframes.before(to.steps);
        let ahead = self.cursor.steps <= to.steps && self.cursor.time <= to.time;
        // Before a cut, time can have passed beyond that of the command which was undone there.
        let next = self.line.time_of_next(self.cursor.steps);
        let on_line = self.cursor.steps == to.steps || next >= Some(self.cursor.time);
        // To copy a state costs about as much as to play a few hundred events.
        let done = self.line.events_at(self.cursor.steps);
        let near = frame.events <= done + 256;
        let from = if ahead && near && on_line {
            self.cursor.steps
        } else {
            self.cluster = frame.cluster.clone();
            frame.steps
        };
        let commands = &self.branches[self.shown].commands;
        replay(&mut self.cluster, from, to, commands, |_, _| ());
        self.cursor = to;
    }
}
