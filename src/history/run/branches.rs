//! Which future is shown: branches, undo and redo.

use crate::cluster::{Cluster, Command, Event};

use super::super::branch::{Branch, BranchError, BranchId};
use super::super::line::{Position, Recorded, commands_before, replay};
use super::Run;

/// Where one was when undoing a command.
#[derive(Clone, Debug)]
pub(super) struct Undone {
    from: Place,
    command: Command,
}

/// A branch and a moment of it.
#[derive(Clone, Copy, Debug)]
struct Place {
    branch: BranchId,
    cut: Option<Position>,
    cursor: Position,
}

impl Run {
    /// The command that undo would take back.
    pub fn undoable(&self) -> Option<&Command> {
        self.last_command().map(|recorded| &recorded.command)
    }

    /// Take back the last command at the cursor: show the moment in which it was given. `false`
    /// if there is none.
    pub fn undo(&mut self) -> bool {
        let Some(last) = self.last_command().cloned() else {
            return false;
        };
        let from = self.place();
        self.leave();
        let opened_from = last.opened_from.filter(|&id| self.index(id).is_ok());
        self.undone.push(Undone {
            from,
            command: last.command,
        });
        self.show(Place {
            branch: opened_from.unwrap_or(from.branch),
            cut: opened_from.is_none().then_some(last.at),
            cursor: last.at,
        });
        true
    }

    /// Take back the command that was given after so many steps on the shown branch, as undo does;
    /// and let time pass without it. Nothing changes if there is none.
    pub(super) fn cut_at(&mut self, at: Position) {
        let commands = &self.branch().commands;
        let next = commands.get(commands_before(commands, at.steps)).cloned();
        let Some(next) = next.filter(|next| next.at.steps == at.steps) else {
            return;
        };
        self.undone.push(Undone {
            from: Place {
                cursor: self.line.stop(at.steps + 1),
                ..self.place()
            },
            command: next.command,
        });
        self.cut = Some(next.at);
        self.go(next.at);
        if self.next_due().is_none_or(|due| due > at.time) {
            self.run_until(at.time);
        }
    }

    /// The command that redo would bring back.
    pub fn redoable(&self) -> Option<&Command> {
        self.undone.last().map(|undone| &undone.command)
    }

    /// Return to where the last undo was asked for. `false` if nothing is undone.
    pub fn redo(&mut self) -> bool {
        let Some(undone) = self.undone.pop() else {
            return false;
        };
        self.leave();
        self.show(undone.from);
        true
    }

    /// All branches, in the order in which they were opened.
    pub fn branches(&self) -> &[Branch] {
        &self.branches
    }

    /// The branch that is shown.
    pub fn branch(&self) -> &Branch {
        &self.branches[self.shown]
    }

    /// Leave the shown branch for another one, whole, at the moment at which that was left.
    ///
    /// # Errors
    /// If there is no such branch; then nothing changes.
    pub fn switch(&mut self, id: BranchId) -> Result<(), BranchError> {
        let index = self.index(id)?;
        self.leave();
        self.undone.clear();
        self.show(Place {
            branch: id,
            cut: None,
            cursor: self.branches[index].left_at,
        });
        Ok(())
    }

    /// Give a branch a name; an empty one takes the name away.
    ///
    /// # Errors
    /// If there is no such branch.
    pub fn rename_branch(&mut self, id: BranchId, name: &str) -> Result<(), BranchError> {
        let index = self.index(id)?;
        self.branches[index].rename(name);
        Ok(())
    }

    /// Delete a branch for good. Branches that left it stay whole, and now leave its parent. If it
    /// is shown, its parent is shown instead, or the oldest of the others.
    ///
    /// # Errors
    /// If there is no such branch, or no other one; then nothing changes.
    pub fn delete(&mut self, id: BranchId) -> Result<(), BranchError> {
        let index = self.index(id)?;
        let others = self.branches.iter().map(Branch::id);
        let oldest = others.clone().find(|&other| other != id);
        let oldest = oldest.ok_or(BranchError::Only(id))?;
        let Branch { parent, fork, .. } = self.branches[index];
        if index == self.shown {
            self.switch(parent.unwrap_or(oldest))?;
        }
        let shown = self.branch().id;
        self.branches.remove(index);
        for child in &mut self.branches {
            if child.parent == Some(id) {
                child.parent = parent;
                child.fork = child.fork.min(fork);
            }
        }
        self.undone.retain(|undone| undone.from.branch != id);
        self.shown = self.index(shown)?;
        Ok(())
    }

    fn index(&self, id: BranchId) -> Result<usize, BranchError> {
        let found = self.branches.binary_search_by_key(&id, Branch::id);
        found.map_err(|_| BranchError::Unknown(id))
    }

    fn place(&self) -> Place {
        Place {
            branch: self.branch().id,
            cut: self.cut,
            cursor: self.cursor,
        }
    }

    fn last_command(&self) -> Option<&Recorded> {
        let commands = &self.branch().commands;
        let count = commands_before(commands, self.cursor.steps);
        commands.get(count.checked_sub(1)?)
    }

    /// Note where the user was. A line that is cut is only a view of its branch.
    fn leave(&mut self) {
        if self.cut.is_none() {
            self.branch_mut().left_at = self.cursor;
        }
    }

    /// Leave the future that is known, for one that begins at the cursor.
    pub(super) fn open_branch(&mut self) {
        self.leave();
        let at = self.cursor;
        let mut parent = self.branch();
        while let Some(id) = parent.parent
            && at <= parent.fork
            && let Ok(index) = self.index(id)
        {
            parent = &self.branches[index];
        }
        let commands = &self.branch().commands;
        let branch = Branch {
            id: BranchId(self.next_branch),
            name: None,
            parent: Some(parent.id),
            fork: at,
            end: at,
            commands: commands.prefix(commands_before(commands, at.steps)),
            left_at: at,
        };
        self.next_branch += 1;
        self.branches.push(branch);
        self.shown = self.branches.len() - 1;
        self.cut = None;
        self.line.truncate(at.steps);
        // They are those of another future.
        self.values.clear();
    }

    /// At the end of a line that undo has cut: if what comes next without any command is known as
    /// a branch, go on there instead of opening it again.
    pub(super) fn join_known_future(&mut self) {
        if self.cut.is_none() || self.cursor.steps < self.end().steps {
            return;
        }
        let commands = &self.branch().commands;
        let count = commands_before(commands, self.cursor.steps);
        let mut branches = self.branches.iter();
        let known = branches.find(|branch| {
            branch.end.steps > self.cursor.steps && branch.has_only(commands, count)
        });
        if let Some(branch) = known.map(Branch::id) {
            self.show(Place {
                branch,
                cut: None,
                cursor: self.cursor,
            });
        }
    }

    /// Show this place. Of another branch than the one that is shown, everything beyond what the
    /// two have in common is played again.
    fn show(&mut self, place: Place) {
        let index = self.index(place.branch);
        let index = index.expect("places of a deleted branch are forgotten with it");
        if index != self.shown {
            let branch = &self.branches[index];
            self.line.truncate(self.branch().common_steps(branch));
            let frame = self.line.keyframes.before(self.line.steps());
            let (mut cluster, steps) = (frame.cluster.clone(), frame.steps);
            let common = self.line.stop(self.line.steps());
            replay(&mut cluster, steps, common, &branch.commands, |_, _| ());
            let line = &mut self.line;
            let record = |cluster: &Cluster, events: &mut Vec<Event>| line.push(events, cluster);
            replay(
                &mut cluster,
                common.steps,
                branch.end,
                &branch.commands,
                record,
            );
            self.shown = index;
            self.values = cluster.values().to_vec();
            self.cluster = cluster;
            self.cursor = branch.end;
        }
        self.cut = place.cut;
        // A run from elsewhere may name a branch on which that place is not.
        self.go(self.nearest(place.cursor));
    }
}

#[cfg(test)]
mod tests {
    use std::iter::once;
    use std::sync::Arc;

    use crate::cluster::{Command, Millis};
    use crate::history::{BranchId, Run, Session};
    use crate::protocol::{Amnesia, ProcessId};
    use crate::scenario::built_in;

    /// Another future, in which this process is down.
    fn act(run: &mut Run, process: u16) {
        run.run_until(Millis(500));
        run.seek(Millis(20));
        let (process, amnesia) = (ProcessId(process), Amnesia::NONE);
        run.apply(Command::Crash { process, amnesia });
    }

    /// A run from a link, whose second branch has this number.
    fn linked(id: u32) -> Option<Run> {
        let mut run = Run::new(Arc::new(built_in("hello").unwrap())).unwrap();
        act(&mut run, 1);
        assert_eq!(run.branches.len(), 2);
        run.branches[1].id = BranchId(id);
        Run::from_link(&run.to_link(&[])).ok()
    }

    #[test]
    fn there_is_always_a_number_for_one_more_branch() {
        assert!(linked(BranchId::LINKED + 1).is_none());
        let mut run = linked(BranchId::LINKED).unwrap();
        act(&mut run, 2);
        let text = Session::from_run(run).save(once(&[][..]));
        let session = Session::restore(&text).unwrap();
        let ids = session.run().branches.iter().map(|branch| branch.id.0);
        let ids: Vec<u32> = ids.collect();
        assert_eq!(ids, [0, BranchId::LINKED, BranchId::LINKED + 1]);

        let kept = |id: u32| {
            let last = format!("\"id\":{}", BranchId::LINKED + 1);
            assert!(text.contains(&last), "{text}");
            let text = text.replacen(&last, &format!("\"id\":{id}"), 1);
            // The one that is shown is another one now.
            text.replace(
                &format!("\"shown\":{}", BranchId::LINKED + 1),
                "\"shown\":0",
            )
        };
        let why = Session::restore(&kept(BranchId::KEPT + 1)).unwrap_err();
        assert!(why.to_string().contains("id"), "{why}");
    }
}
