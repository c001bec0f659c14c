//! The learner: it counts votes.

use super::{Ballot, ProcessId, ProcessSet, Quorums, Rule, Rules, Value, Vote};

/// A learner. It remembers who voted for what in which ballot: votes of different ballots are
/// never added up, for a value is chosen only *in* a ballot (PMS §2.1, §2.3).
///
/// All of it is volatile: a learner that crashed can learn again from any later ballot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Learner {
    tallies: Vec<Tally>,
    learned: Option<Vote>,
}

/// The votes known for one value in one ballot; in whatever ballot if
/// [`Rule::LearnerAddsBallots`] is broken, and then it goes by the first.
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

    /// What it has counted, by ballot and then by value; in the order of arrival if
    /// [`Rule::LearnerAddsBallots`] is broken.
    pub fn tallies(&self) -> &[Tally] {
        &self.tallies
    }

    /// What it has counted for one value in one ballot.
    pub fn tally(&self, vote: Vote) -> Option<&Tally> {
        let index = self.find(vote).ok()?;
        Some(&self.tallies[index])
    }

    /// Whether it has counted votes for another value in the same ballot.
    pub fn has_rival(&self, vote: Vote) -> bool {
        let (Ok(index) | Err(index)) = self.find(vote);
        let near = [index.checked_sub(1), Some(index), index.checked_add(1)];
        let near = near.into_iter().flatten();
        near.filter_map(|index| self.tallies.get(index))
            .any(|tally| tally.vote.ballot == vote.ballot && tally.vote.value != vote.value)
    }

    /// Where the tally of a vote is, or would be.
    fn find(&self, vote: Vote) -> Result<usize, usize> {
        let key = |vote: Vote| (vote.ballot, vote.value);
        // Votes come mostly for the newest ballot, which is the last one.
        match self.tallies.last() {
            Some(last) if key(last.vote) == key(vote) => Ok(self.tallies.len() - 1),
            Some(last) if key(last.vote) < key(vote) => Err(self.tallies.len()),
            _ => self
                .tallies
                .binary_search_by_key(&key(vote), |tally| key(tally.vote)),
        }
    }

    /// The tally that a vote is counted in: that of its ballot and value, unless that is broken.
    fn tally_for(&mut self, vote: Vote, rules: Rules) -> &mut Tally {
        let mut place = self.find(vote);
        if rules.breaks(Rule::LearnerAddsBallots) {
            let same = |tally: &Tally| tally.vote.value == vote.value;
            place = self.tallies.iter().position(same).ok_or(self.tallies.len());
        }
        let index = place.unwrap_or_else(|index| {
            let voted_by = ProcessSet::new();
            self.tallies.insert(index, Tally { vote, voted_by });
            index
        });
        &mut self.tallies[index]
    }

    /// Count a vote; learn the value once a phase-2 quorum voted for it in this ballot.
    pub fn on_accepted(
        &mut self,
        from: ProcessId,
        ballot: Ballot,
        value: Value,
        quorums: &Quorums,
        rules: Rules,
    ) -> LearnerStep {
        let vote = Vote { ballot, value };
        if !quorums.is_acceptor(from) {
            return LearnerStep::NotAnAcceptor { vote };
        }
        let learned = self.learned;
        let voted_by = &mut self.tally_for(vote, rules).voted_by;
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
        match learned {
            _ if have > need => LearnerStep::Unneeded {
                vote,
                repeated: false,
            },
            None => {
                let voted_by = voted_by.clone();
                self.learned = Some(vote);
                LearnerStep::Learned { vote, voted_by }
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
            learner.on_accepted(A, n(1), HELLO, &three(), Rules::KEPT),
            LearnerStep::Counted {
                have: 1,
                need: 2,
                ..
            }
        ));
        assert!(matches!(
            learner.on_accepted(A, n(1), HELLO, &three(), Rules::KEPT),
            LearnerStep::Unneeded { repeated: true, .. }
        ));
        assert_eq!(learner.learned(), None, "one voter, however often heard");
        assert!(matches!(
            learner.on_accepted(B, n(1), HELLO, &three(), Rules::KEPT),
            LearnerStep::Learned { .. }
        ));
        assert!(matches!(
            learner.on_accepted(C, n(1), HELLO, &three(), Rules::KEPT),
            LearnerStep::Unneeded {
                repeated: false,
                ..
            }
        ));
    }

    #[test]
    fn votes_of_different_ballots_are_never_added_up() {
        let mut learner = Learner::default();
        learner.on_accepted(A, n(1), HELLO, &three(), Rules::KEPT);
        learner.on_accepted(B, n(2), HELLO, &three(), Rules::KEPT);
        assert_eq!(learner.learned(), None, "not even for the same value");
        // The vote of the first ballot still counts there, however late the second one comes.
        learner.on_accepted(C, n(1), HELLO, &three(), Rules::KEPT);
        assert_eq!(learner.learned().map(|vote| vote.ballot), Some(n(1)));
    }

    #[test]
    fn a_second_ballot_confirms_the_value() {
        let mut learner = Learner::default();
        learner.on_accepted(A, n(1), HELLO, &three(), Rules::KEPT);
        learner.on_accepted(B, n(1), HELLO, &three(), Rules::KEPT);
        learner.on_accepted(A, n(2), HELLO, &three(), Rules::KEPT);
        assert!(matches!(
            learner.on_accepted(C, n(2), HELLO, &three(), Rules::KEPT),
            LearnerStep::Confirmed { .. }
        ));
        assert_eq!(learner.learned().map(|vote| vote.ballot), Some(n(1)));
    }

    #[test]
    fn another_value_is_a_contradiction_and_the_first_one_stays() {
        let mut learner = Learner::default();
        for from in [A, B] {
            learner.on_accepted(from, n(1), HELLO, &three(), Rules::KEPT);
        }
        learner.on_accepted(B, n(2), WORLD, &three(), Rules::KEPT);
        assert!(matches!(
            learner.on_accepted(C, n(2), WORLD, &three(), Rules::KEPT),
            LearnerStep::Contradicted { .. }
        ));
        assert_eq!(learner.learned().map(|vote| vote.value), Some(HELLO));
    }

    #[test]
    fn only_acceptors_count() {
        let mut learner = Learner::default();
        for from in [ProcessId(7), ProcessId(8)] {
            assert!(matches!(
                learner.on_accepted(from, n(1), HELLO, &three(), Rules::KEPT),
                LearnerStep::NotAnAcceptor { .. }
            ));
        }
        assert!(learner.tallies().is_empty());
    }

    #[test]
    fn a_crash_forgets_and_a_later_ballot_teaches_again() {
        let mut learner = Learner::default();
        for from in [A, B] {
            learner.on_accepted(from, n(1), HELLO, &three(), Rules::KEPT);
        }
        learner.forget();
        assert_eq!(learner.learned(), None);
        for from in [B, C] {
            learner.on_accepted(from, n(2), HELLO, &three(), Rules::KEPT);
        }
        assert_eq!(learner.learned().map(|vote| vote.value), Some(HELLO));
    }

    #[test]
    fn adding_up_ballots_learns_what_no_ballot_chose() {
        let adds = Rules::breaking([Rule::LearnerAddsBallots]);
        let mut learner = Learner::default();
        learner.on_accepted(A, n(1), HELLO, &three(), adds);
        learner.on_accepted(B, n(2), WORLD, &three(), adds);
        assert_eq!(learner.learned(), None, "different values stay apart");
        assert!(matches!(
            learner.on_accepted(C, n(3), HELLO, &three(), adds),
            LearnerStep::Learned { .. }
        ));
    }

    #[test]
    fn tallies_are_in_the_order_of_ballots_whatever_comes_first() {
        let mut learner = Learner::default();
        for round in [3, 1, 2, 3, 1] {
            learner.on_accepted(A, n(round), HELLO, &three(), Rules::KEPT);
        }
        let rounds = learner.tallies().iter().map(|t| t.vote.ballot.round.0);
        assert_eq!(rounds.collect::<Vec<_>>(), [1, 2, 3]);
        let vote = learner.tallies()[1].vote;
        assert_eq!(learner.tally(vote).map(|tally| tally.vote), Some(vote));
    }
}
