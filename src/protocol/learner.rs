//! The learner: it counts votes.

use super::{Ballot, ProcessId, ProcessSet, Quorums, Value, Vote};

/// A learner. It remembers who voted for what in which ballot: votes of different ballots are
/// never added up, for a value is chosen only *in* a ballot (PMS §2.1, §2.3).
///
/// All of it is volatile: a learner that crashed can learn again from any later ballot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Learner {
    tallies: Vec<Tally>,
    learned: Option<Vote>,
}

/// The votes known for one value in one ballot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// The ballot and its value.
    pub vote: Vote,
    /// Who voted.
    pub voted_by: ProcessSet,
}

/// What a learner did with a vote, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LearnerStep {
    /// One more vote, not yet enough in this ballot.
    Counted {
        /// The ballot and its value.
        vote: Vote,
        /// Who voted.
        from: ProcessId,
        /// How many votes of this ballot there are now.
        have: u16,
        /// How many it takes.
        need: u16,
    },
    /// The last vote that was missing: the value is chosen, and now this learner knows.
    Learned {
        /// The ballot and its value.
        vote: Vote,
        /// Who voted.
        voted_by: ProcessSet,
    },
    /// The votes of another ballot are complete too, for the value that it knows.
    Confirmed {
        /// The ballot and its value.
        vote: Vote,
    },
    /// The votes of another ballot are complete for *another* value. Paxos never lets this
    /// happen; a broken Paxos does.
    Contradicted {
        /// The ballot and its value.
        vote: Vote,
        /// What it had learned.
        learned: Vote,
    },
    /// A vote that it has counted already, or that was not needed any more.
    Unneeded {
        /// The ballot and its value.
        vote: Vote,
        /// Whether the same acceptor's vote in this ballot was counted before.
        repeated: bool,
    },
    /// The sender is no acceptor of the configuration.
    NotAnAcceptor {
        /// The ballot and its value.
        vote: Vote,
    },
}

impl Learner {
    /// The first value that it learned, with a ballot in which that was chosen.
    pub fn learned(&self) -> Option<Vote> {
        self.learned
    }

    /// What it has counted, in the order in which it first heard of each.
    pub fn tallies(&self) -> &[Tally] {
        &self.tallies
    }

    /// Count a vote; learn the value once a phase-2 quorum voted for it in this ballot.
    pub fn on_accepted(
        &mut self,
        from: ProcessId,
        ballot: Ballot,
        value: Value,
        quorums: &Quorums,
    ) -> LearnerStep {
        let vote = Vote { ballot, value };
        if !quorums.is_acceptor(from) {
            return LearnerStep::NotAnAcceptor { vote };
        }
        // Votes come mostly for the newest ballot, which was added last.
        let index = match self.tallies.iter().rposition(|tally| tally.vote == vote) {
            Some(index) => index,
            None => {
                self.tallies.push(Tally {
                    vote,
                    voted_by: ProcessSet::new(),
                });
                self.tallies.len() - 1
            }
        };
        let voted_by = &mut self.tallies[index].voted_by;
        if !voted_by.insert(from) {
            return LearnerStep::Unneeded {
                vote,
                repeated: true,
            };
        }
        let (have, need) = (voted_by.len(), quorums.phase2());
        if have < need {
            return LearnerStep::Counted {
                vote,
                from,
                have,
                need,
            };
        }
        match self.learned {
            _ if have > need => LearnerStep::Unneeded {
                vote,
                repeated: false,
            },
            None => {
                self.learned = Some(vote);
                LearnerStep::Learned {
                    vote,
                    voted_by: voted_by.clone(),
                }
            }
            Some(learned) if learned.value == value => LearnerStep::Confirmed { vote },
            Some(learned) => LearnerStep::Contradicted { vote, learned },
        }
    }

    /// A crash: everything is gone.
    pub fn forget(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Round;

    const A: ProcessId = ProcessId(1);
    const B: ProcessId = ProcessId(2);
    const C: ProcessId = ProcessId(3);
    const HELLO: Value = Value(0);
    const WORLD: Value = Value(1);

    fn n(round: u32) -> Ballot {
        Ballot {
            round: Round(round),
            proposer: ProcessId(0),
        }
    }

    fn three() -> Quorums {
        Quorums::majority([A, B, C].into_iter().collect())
    }

    #[test]
    fn a_quorum_of_different_voters_in_one_ballot_is_learned() {
        let mut learner = Learner::default();
        assert!(matches!(
            learner.on_accepted(A, n(1), HELLO, &three()),
            LearnerStep::Counted {
                have: 1,
                need: 2,
                ..
            }
        ));
        assert!(matches!(
            learner.on_accepted(A, n(1), HELLO, &three()),
            LearnerStep::Unneeded { repeated: true, .. }
        ));
        assert_eq!(learner.learned(), None, "one voter, however often heard");
        assert!(matches!(
            learner.on_accepted(B, n(1), HELLO, &three()),
            LearnerStep::Learned { .. }
        ));
        assert!(matches!(
            learner.on_accepted(C, n(1), HELLO, &three()),
            LearnerStep::Unneeded {
                repeated: false,
                ..
            }
        ));
    }

    #[test]
    fn votes_of_different_ballots_are_never_added_up() {
        let mut learner = Learner::default();
        learner.on_accepted(A, n(1), HELLO, &three());
        learner.on_accepted(B, n(2), HELLO, &three());
        assert_eq!(learner.learned(), None, "not even for the same value");
        // The vote of the first ballot still counts there, however late the second one comes.
        learner.on_accepted(C, n(1), HELLO, &three());
        assert_eq!(learner.learned().map(|vote| vote.ballot), Some(n(1)));
    }

    #[test]
    fn a_second_ballot_confirms_the_value() {
        let mut learner = Learner::default();
        learner.on_accepted(A, n(1), HELLO, &three());
        learner.on_accepted(B, n(1), HELLO, &three());
        learner.on_accepted(A, n(2), HELLO, &three());
        assert!(matches!(
            learner.on_accepted(C, n(2), HELLO, &three()),
            LearnerStep::Confirmed { .. }
        ));
        assert_eq!(learner.learned().map(|vote| vote.ballot), Some(n(1)));
    }

    #[test]
    fn another_value_is_a_contradiction_and_the_first_one_stays() {
        let mut learner = Learner::default();
        for from in [A, B] {
            learner.on_accepted(from, n(1), HELLO, &three());
        }
        learner.on_accepted(B, n(2), WORLD, &three());
        assert!(matches!(
            learner.on_accepted(C, n(2), WORLD, &three()),
            LearnerStep::Contradicted { .. }
        ));
        assert_eq!(learner.learned().map(|vote| vote.value), Some(HELLO));
    }

    #[test]
    fn only_acceptors_count() {
        let mut learner = Learner::default();
        for from in [ProcessId(7), ProcessId(8)] {
            assert!(matches!(
                learner.on_accepted(from, n(1), HELLO, &three()),
                LearnerStep::NotAnAcceptor { .. }
            ));
        }
        assert!(learner.tallies().is_empty());
    }

    #[test]
    fn a_crash_forgets_and_a_later_ballot_teaches_again() {
        let mut learner = Learner::default();
        for from in [A, B] {
            learner.on_accepted(from, n(1), HELLO, &three());
        }
        learner.forget();
        assert_eq!(learner.learned(), None);
        for from in [B, C] {
            learner.on_accepted(from, n(2), HELLO, &three());
        }
        assert_eq!(learner.learned().map(|vote| vote.value), Some(HELLO));
    }
}
