//! A run made again from what was chosen in it: a kept session and a link both come back this way.

use std::sync::Arc;

use crate::cluster::Command;
use crate::scenario::Scenario;

use super::super::branch::{Branch, BranchId};
use super::super::line::Position;
use super::Run;

/// What was chosen in a run, from which all else follows.
///
/// It may come from anywhere: [`Run::rebuild`] believes none of it before it was played.
pub(in super::super) struct Choices {
    pub(in super::super) scenario: Arc<Scenario>,
    pub(in super::super) branches: Vec<Branch>,
    pub(in super::super) shown: BranchId,
    /// Where the shown line was cut by taking a command back.
    pub(in super::super) cut: Option<Position>,
    pub(in super::super) cursor: Position,
}

/// Why choices make no run: what is wrong about the branch in this place of the list, or else
/// about which one is shown.
#[derive(Debug)]
pub(in super::super) struct Wrong {
    pub(in super::super) branch: Option<usize>,
    pub(in super::super) why: String,
}

impl Run {
    /// Plays again what was chosen, as long as what is left of the budget does for its steps and
    /// events. A place that is on no line becomes the nearest one before.
    pub(in super::super) fn rebuild(
        choices: Choices,
        playing: &mut Playing,
    ) -> Result<Self, Wrong> {
        let mut branches: Vec<Branch> = Vec::new();
        let mut found = None;
        for (index, mut branch) in choices.branches.into_iter().enumerate() {
            let wrong = |why: String| Wrong {
                branch: Some(index),
                why,
            };
            if branches.last().is_some_and(|last| last.id >= branch.id) {
                return Err(wrong("has an id that is not above those before it".into()));
            }
            let known = |id: BranchId| branches.iter().any(|other| other.id == id);
            if branch.parent.is_some_and(|id| !known(id)) {
                let why = "has a parent that is not among the branches before it";
                return Err(wrong(why.into()));
            }
            let run = playing.play(&choices.scenario, &branch).map_err(wrong)?;
            branch.fork = run.nearest(branch.fork);
            branch.left_at = run.nearest(branch.left_at);
            if branch.id == choices.shown {
                found = Some((index, run));
            }
            branches.push(branch);
        }
        let Some((index, mut run)) = found else {
            return Err(Wrong {
                branch: None,
                why: "is no branch".into(),
            });
        };
        run.next_branch = branches.last().map_or(1, |last| last.id.0 + 1);
        run.branches = branches;
        run.shown = index;
        if let Some(cut) = choices.cut {
            run.cut_at(cut);
        }
        run.seek_to(choices.cursor);
        Ok(run)
    }

    /// Whether the same was chosen in both: they differ at most in how far they were played, in
    /// what is shown and in names.
    pub fn is_same_choice(&self, other: &Run) -> bool {
        let same = |(one, other): (&Branch, &Branch)| {
            one.id == other.id && one.has_only(&other.commands, other.commands.len())
        };
        let (mine, its) = (&*self.scenario, &*other.scenario);
        mine.setup == its.setup
            && mine.script == its.script
            && mine.asked == its.asked
            && self.branches.len() == other.branches.len()
            && self.branches.iter().zip(&other.branches).all(same)
    }
}

/// What may still be played: steps and events of all branches together.
pub(in super::super) struct Playing {
    left: u64,
    of: u64,
}

impl Playing {
    pub(in super::super) fn at_most(budget: u64) -> Self {
        Self {
            left: budget,
            of: budget,
        }
    }

    /// A run that has only this branch, played to its end.
    fn play(&mut self, scenario: &Arc<Scenario>, branch: &Branch) -> Result<Run, String> {
        let size = scenario.setup.processes.len() as u64;
        self.spend(size + size * size / 256)?;
        let mut run =
            Run::new(scenario.clone()).map_err(|error| format!("cannot be run: {error}"))?;
        for recorded in branch.commands.range(0..branch.commands.len()) {
            self.drive(&mut run, recorded.at)?;
            let named = recorded.command.processes();
            if named.iter().any(|id| u64::from(id.0) >= size) {
                return Err("names a process that is not there".into());
            }
            let before = run.events().len();
            if let Command::Partition { .. } = recorded.command {
                self.spend(size * size / 32)?;
            }
            run.apply(recorded.command.clone());
            self.spend(1 + (run.events().len() - before) as u64)?;
        }
        self.drive(&mut run, branch.end)?;
        Ok(run)
    }

    /// Plays on to a place that was seen before.
    fn drive(&mut self, run: &mut Run, to: Position) -> Result<(), String> {
        while run.cursor.steps < to.steps {
            let before = run.events().len();
            if !run.step() {
                return Err("has more steps than there is to happen".into());
            }
            self.spend(1 + (run.events().len() - before) as u64)?;
        }
        let early = run.cluster.next_due().is_some_and(|due| due <= to.time);
        if run.cursor.steps > to.steps || run.cursor.time > to.time {
            return Err("goes back in time".into());
        }
        if run.cursor.time < to.time {
            if early {
                return Err("skips what is due".into());
            }
            run.run_until(to.time);
        }
        Ok(())
    }

    fn spend(&mut self, cost: u64) -> Result<(), String> {
        match self.left.checked_sub(cost) {
            Some(left) => self.left = left,
            None => {
                let of = self.of;
                return Err(format!("makes more to be played again than {of} events"));
            }
        }
        Ok(())
    }
}
