//! The branches of a run: every future that it has had.

use std::fmt;

use crate::cluster::shorten;

use super::Position;
use super::line::Recorded;
use super::log::Log;

/// The longest name of a branch, in characters; longer ones are shortened.
pub const BRANCH_NAME_LIMIT: usize = 60;

/// A branch's number in its run, in the order in which they were opened, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BranchId(pub u32);

impl BranchId {
    /// The highest that a link may have. A session may have one from a link and more after it, so what is
    /// kept may have more, and there is always a number for one more branch.
    pub(super) const LINKED: u32 = 1_000_000;
    /// The highest that a session may have.
    pub(super) const KEPT: u32 = u32::MAX / 2;
}

/// One future of a run, as the commands that lead to it and how far it was played: all else
/// follows from them.
#[derive(Clone, Debug)]
pub struct Branch {
    pub(super) id: BranchId,
    pub(super) name: Option<String>,
    pub(super) parent: Option<BranchId>,
    pub(super) fork: Position,
    pub(super) end: Position,
    /// All commands from the start of the run, those before the fork included.
    pub(super) commands: Log<Recorded>,
    /// Where the user was when leaving it.
    pub(super) left_at: Position,
}

/// Why a branch cannot be shown, named or deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BranchError {
    /// There is no such branch.
    Unknown(BranchId),
    /// It is the only one.
    Only(BranchId),
}

impl fmt::Display for BranchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BranchError::Unknown(id) => write!(f, "there is no branch {}", id.0),
            BranchError::Only(id) => {
                write!(f, "branch {} is the only one, and a run needs one", id.0)
            }
        }
    }
}

impl std::error::Error for BranchError {}

impl Branch {
    pub(super) fn first() -> Self {
        Self {
            id: BranchId(0),
            name: None,
            parent: None,
            fork: Position::default(),
            end: Position::default(),
            commands: Log::default(),
            left_at: Position::default(),
        }
    }

    /// Its number.
    pub fn id(&self) -> BranchId {
        self.id
    }

    /// The name that the user gave it.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The branch that it left; `None` if it begins at the start of the run.
    pub fn parent(&self) -> Option<BranchId> {
        self.parent
    }

    /// Where it left that.
    pub fn fork(&self) -> Position {
        self.fork
    }

    /// How far it was played.
    pub fn end(&self) -> Position {
        self.end
    }

    pub(super) fn rename(&mut self, name: &str) {
        // What a name that was shortened before is kept apart with.
        let name = name.trim().trim_start_matches('\u{2068}');
        let name = shorten(name.trim_end_matches('\u{2069}'), BRANCH_NAME_LIMIT);
        // What is no character to be shown is a space now.
        let name = name.trim();
        self.name = (!name.is_empty()).then(|| name.into());
    }

    /// How many steps two branches have in common: up to the first command that only one of them
    /// has there, or the end of the shorter one.
    pub(super) fn common_steps(&self, other: &Self) -> u64 {
        let same = self.commands.common(&other.commands, Recorded::is_same);
        let own = |branch: &Self| {
            let next = branch.commands.get(same);
            next.map_or(branch.end.steps, |recorded| recorded.at.steps)
        };
        own(self).min(own(other))
    }

    /// Whether these are all its commands: the first ones of another branch.
    pub(super) fn has_only(&self, commands: &Log<Recorded>, count: usize) -> bool {
        self.commands.len() == count && self.commands.common(commands, Recorded::is_same) >= count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_given_again_stays_as_it_is() {
        let long = "x".repeat(BRANCH_NAME_LIMIT + 5);
        for name in ["C is down", "שלום", "\u{7}bell\u{7}", "a\u{202e}b", &long] {
            let mut branch = Branch::first();
            branch.rename(name);
            let given = branch.name.clone().unwrap();
            branch.rename(&given);
            assert_eq!(branch.name.as_deref(), Some(&*given), "{name:?}");
        }
    }
}
