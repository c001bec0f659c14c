//! Which sets of acceptors are enough to go on.

use std::fmt;

use super::{ProcessId, ProcessSet};

/// The acceptors of the configuration and how many of them each phase needs.
///
/// The acceptors are those of the configuration, crashed ones included: who is up at the moment
/// never counts, or two halves of a cut cluster would both believe themselves complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quorums {
    acceptors: ProcessSet,
    phase1: u16,
    phase2: u16,
}

/// A size, of phase 1 or 2, is 0 or more than there are acceptors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuorumError {
    /// 1 or 2.
    pub phase: u8,
    /// What was asked for.
    pub size: u16,
    /// How many acceptors there are.
    pub acceptors: u16,
}
impl fmt::Display for QuorumError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            phase,
            size,
            acceptors,
        } = self;
        write!(
            f,
            "quorum.phase{phase} is {size}, and must be from 1 to the number of acceptors, {acceptors}"
        )
    }
}

impl std::error::Error for QuorumError {}

impl Quorums {
    /// More than half of the acceptors in both phases. Of no acceptors nobody can be more than
    /// half, so that nothing is ever chosen.
    pub fn majority(acceptors: ProcessSet) -> Self {
        let size = acceptors.len() / 2 + 1;
        Self {
            acceptors,
            phase1: size,
            phase2: size,
        }
    }

    /// Any sizes that the acceptors can fill. Sizes whose quorums need not intersect
    /// ([`Quorums::intersect`]) are allowed: to see what breaks is what the playground is for.
    ///
    /// # Errors
    /// If a size is 0 or larger than the number of acceptors.
    pub fn sized(acceptors: ProcessSet, phase1: u16, phase2: u16) -> Result<Self, QuorumError> {
        let count = acceptors.len();
        for (phase, size) in [(1, phase1), (2, phase2)] {
            if size == 0 || size > count {
                return Err(QuorumError {
                    phase,
                    size,
                    acceptors: count,
                });
            }
        }
        Ok(Self {
            acceptors,
            phase1,
            phase2,
        })
    }

    /// Everybody who may promise and vote.
    pub fn acceptors(&self) -> &ProcessSet {
        &self.acceptors
    }

    /// How many promises phase 1 needs.
    pub fn phase1(&self) -> u16 {
        self.phase1
    }

    /// How many votes phase 2 needs.
    pub fn phase2(&self) -> u16 {
        self.phase2
    }

    /// Whether this process may promise and vote.
    pub fn is_acceptor(&self, id: ProcessId) -> bool {
        self.acceptors.contains(id)
    }

    /// Whether every phase-1 quorum shares an acceptor with every phase-2 quorum, which is what
    /// safety rests on.
    pub fn intersect(&self) -> bool {
        u32::from(self.phase1) + u32::from(self.phase2) > u32::from(self.acceptors.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn acceptors(count: u16) -> ProcessSet {
        (0..count).map(ProcessId).collect()
    }

    #[test]
    fn a_majority_is_more_than_half() {
        for (count, size) in [(1, 1), (2, 2), (3, 2), (4, 3), (5, 3), (101, 51)] {
            let quorums = Quorums::majority(acceptors(count));
            assert_eq!((quorums.phase1(), quorums.phase2()), (size, size));
            assert!(quorums.intersect());
        }
    }

    #[test]
    fn without_acceptors_a_quorum_is_out_of_reach() {
        let none = Quorums::majority(acceptors(0));
        assert!(none.phase1() > none.acceptors().len());
        assert!(Quorums::sized(acceptors(0), 0, 0).is_err());
    }

    #[test]
    fn flexible_quorums_intersect_exactly_when_they_overfill_the_cluster() {
        let intersect = |a, b| Quorums::sized(acceptors(4), a, b).unwrap().intersect();
        assert!(intersect(3, 2));
        assert!(intersect(4, 1));
        assert!(!intersect(2, 2));
        assert!(!intersect(3, 1));
    }

    #[test]
    fn impossible_sizes_are_errors_that_name_the_field() {
        let error = Quorums::sized(acceptors(3), 2, 4).unwrap_err();
        assert_eq!(
            error.to_string(),
            "quorum.phase2 is 4, and must be from 1 to the number of acceptors, 3"
        );
        assert!(Quorums::sized(acceptors(3), 0, 2).is_err());
    }
}
