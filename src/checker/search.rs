//! Breadth-first search: level by level, so that the first violation has the fewest steps.

use crate::protocol::{Broken, Invariant};

use super::model::Action;
use super::space::Space;
use super::store::Store;
use super::visited::Visited;

/// When to give up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most distinct states.
    pub states: u64,
    /// The most bytes for states, table and parents together.
    pub bytes: u64,
}

impl Limits {
    /// [`Limits::bytes`] as far as this machine can count: a page has less than 4 GiB.
    pub(super) fn memory(&self) -> usize {
        usize::try_from(self.bytes).unwrap_or(usize::MAX)
    }
}

/// As many states as can be numbered, and 4 GiB.
impl Default for Limits {
    fn default() -> Self {
        Self {
            states: u64::from(u32::MAX),
            bytes: 4 << 30,
        }
    }
}

/// How far a search is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// States found, each counted once.
    pub distinct: u64,
    /// The initial state, and every step that changes a state, whether it leads to a new one or
    /// not.
    pub generated: u64,
    /// States on the longest shortest path so far, the initial one included.
    pub depth: u32,
    /// States that are still to be expanded.
    pub frontier: u64,
    /// The most bytes that were in use at once.
    pub bytes: u64,
}

/// How a search ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// What came out.
    pub verdict: Verdict,
    /// How far it got.
    pub progress: Progress,
}

/// What a search found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The property holds in every state that there is.
    Holds,
    /// It does not, and no shorter way leads to a state without it.
    Violated {
        /// What is broken.
        invariant: Invariant,
        /// The way there.
        trace: Vec<Action>,
    },
    /// A limit was reached first. The property holds in all states found.
    Incomplete(Stop),
}

/// Why a search ended before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// [`Limits::states`].
    States,
    /// [`Limits::bytes`], or the machine has no more.
    Memory,
    /// Somebody asked for it.
    Asked,
}

impl Stop {
    /// The name of the limit, which is also its option on the command line; nobody asks there.
    pub fn name(self) -> &'static str {
        match self {
            Stop::States => "max-states",
            Stop::Memory => "max-memory",
            Stop::Asked => "stopped",
        }
    }
}

/// A search of a model, whatever its states are. It does nothing by itself.
pub trait Search: Send {
    /// Expands so many states, or fewer if it ends; the verdict, once there is one.
    fn advance(&mut self, states: usize) -> Option<Verdict>;

    /// How far it is.
    fn progress(&self) -> Progress;
}

/// States expanded together, so that their successors are looked up together.
const BATCH: usize = 64;

/// The search itself.
pub(super) struct Bfs<S: Space> {
    space: S,
    limits: Limits,
    visited: Visited<S::Key>,
    /// All states, in the order in which they were found.
    states: Store<S::Key>,
    /// From which each was found.
    parents: Store<u32>,
    /// The next state to expand, and where its level ends.
    next: usize,
    level_end: usize,
    depth: u32,
    generated: u64,
    peak: usize,
    successors: Vec<(S::Key, u32)>,
    slots: Vec<u32>,
}

/// A step into a state without the property.
pub(super) struct Violation<K> {
    pub(super) invariant: Invariant,
    pub(super) parent: usize,
    pub(super) state: K,
}

impl<S: Space> Bfs<S> {
    pub(super) fn new(space: S, limits: Limits) -> Self {
        let mut search = Self {
            space,
            limits,
            visited: Visited::new(),
            states: Store::new(),
            parents: Store::new(),
            next: 0,
            level_end: 1,
            depth: 1,
            generated: 1,
            peak: 0,
            successors: Vec::new(),
            slots: Vec::new(),
        };
        // The initial state is not in the table: no step leads back to it.
        search.states.push(S::Key::default());
        search.parents.push(0);
        search
    }

    fn bytes(&self) -> usize {
        let lists = self.states.bytes() + self.parents.bytes();
        let batch = self.successors.capacity() * size_of::<(S::Key, u32)>();
        lists + self.visited.bytes() + batch + self.slots.capacity() * size_of::<u32>()
    }

    /// Expands the states from `self.next` to `end`, which are of one level.
    fn batch(&mut self, end: usize) -> Result<(), Verdict> {
        let mut violation = self.generate(end);
        let others = self.bytes() - self.visited.bytes();
        let room = self.limits.memory().saturating_sub(others);
        let fits = room >= self.visited.bytes()
            && self.visited.reserve(self.successors.len(), room).is_ok();
        let stop = if fits {
            self.peak = self.peak.max(self.bytes());
            self.look_ahead();
            self.keep(&mut violation)
        } else {
            Some(Stop::Memory)
        };
        // What was found is true whether or not there is room for more.
        match (violation, stop) {
            (Some(violation), _) => Err(self.explain(&violation)),
            (None, Some(stop)) => Err(Verdict::Incomplete(stop)),
            (None, None) => Ok(()),
        }
    }

    /// Keeps those of `self.successors` that are new, until a limit is reached. The first that breaks
    /// the property is noted, unless a step did so before.
    fn keep(&mut self, violation: &mut Option<Violation<S::Key>>) -> Option<Stop> {
        for (&(state, parent), &slot) in self.successors.iter().zip(&self.slots) {
            if !self.visited.insert(state, slot as usize) {
                continue;
            }
            if self.states.len() as u64 >= self.limits.states {
                return Some(Stop::States);
            }
            if !self.states.push(state) || !self.parents.push(parent) {
                return Some(Stop::Memory);
            }
            let broken = self.space.broken(state);
            if !broken.is_nothing() && violation.is_none() {
                let parent = parent as usize;
                *violation = Violation::of(broken, parent, state);
            }
        }
        None
    }

    /// Fills `self.successors`; the first step that breaks the property by itself.
    fn generate(&mut self, end: usize) -> Option<Violation<S::Key>> {
        let Self {
            space, successors, ..
        } = self;
        successors.clear();
        let symmetric = space.is_symmetric();
        let mut violation = None;
        for index in self.next..end {
            space.steps(self.states.get(index), |_, next, broken| {
                let next = if symmetric {
                    space.canonical(next)
                } else {
                    next
                };
                if !broken.is_nothing() && violation.is_none() {
                    violation = Violation::of(broken, index, next);
                }
                successors.push((next, index as u32));
            });
        }
        self.next = end;
        self.generated += successors.len() as u64;
        violation
    }

    /// Brings the slots of all successors near.
    fn look_ahead(&mut self) {
        let states = self.successors.iter().map(|&(state, _)| state);
        self.visited.look_ahead(states, &mut self.slots);
    }

    /// Whether there is a next level.
    fn next_level(&mut self) -> bool {
        if self.level_end == self.states.len() {
            return false;
        }
        self.level_end = self.states.len();
        self.depth += 1;
        if self.space.is_graded() {
            self.visited.clear();
        }
        true
    }

    /// The steps to a violation.
    fn explain(&self, violation: &Violation<S::Key>) -> Verdict {
        let mut path = vec![violation.state];
        let mut index = violation.parent;
        while index != 0 {
            path.push(self.states.get(index));
            index = self.parents.get(index) as usize;
        }
        name_steps(&self.space, path, violation.invariant)
    }
}

/// The steps along a path, whose last state is the first of the list, by their names.
pub(super) fn name_steps<S: Space>(
    space: &S,
    mut path: Vec<S::Key>,
    invariant: Invariant,
) -> Verdict {
    // States that stand for others are not on one path: follow the steps of a real one.
    let mut state = S::Key::default();
    let mut trace = Vec::with_capacity(path.len());
    while let Some(wanted) = path.pop() {
        let mut found = None;
        space.steps(state, |action, next, broken| {
            let breaks = || broken.and(space.broken(next)).contains(invariant);
            if found.is_none() && space.canonical(next) == wanted && (!path.is_empty() || breaks())
            {
                found = Some((action, next));
            }
        });
        let Some((action, next)) = found else { break };
        trace.push(action);
        state = next;
    }
    Verdict::Violated { invariant, trace }
}

impl<K> Violation<K> {
    pub(super) fn of(broken: Broken, parent: usize, state: K) -> Option<Self> {
        let invariant = broken.iter().next()?;
        Some(Self {
            invariant,
            parent,
            state,
        })
    }
}

impl<S: Space + Send> Search for Bfs<S> {
    fn advance(&mut self, states: usize) -> Option<Verdict> {
        let mut left = states;
        while left > 0 {
            if self.next == self.level_end && !self.next_level() {
                return Some(Verdict::Holds);
            }
            let end = (self.next + BATCH.min(left)).min(self.level_end);
            left -= end - self.next;
            if let Err(verdict) = self.batch(end) {
                if let Verdict::Violated { .. } = verdict {
                    self.depth += 1;
                }
                return Some(verdict);
            }
        }
        None
    }

    fn progress(&self) -> Progress {
        Progress {
            distinct: self.states.len() as u64,
            generated: self.generated,
            depth: self.depth,
            frontier: (self.states.len() - self.next) as u64,
            bytes: self.peak.max(self.bytes()) as u64,
        }
    }
}
