//! The acceptor: the memory of Paxos.

use super::{Amnesia, Ballot, Message, Rule, Rules, Value, Vote};

/// An acceptor. Both fields are durable: they are on disk before the message that tells of them
/// is sent (PMS §2.5), so a crash and restart changes nothing here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Acceptor {
    promised: Option<Ballot>,
    vote: Option<Vote>,
}

/// What an acceptor did with a message, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AcceptorStep {
    /// It promised: the ballot is higher than any that it had promised.
    Promised {
        /// The promised ballot.
        ballot: Ballot,
        /// What it had promised until now.
        before: Option<Ballot>,
        /// The vote that the promise reports.
        vote: Option<Vote>,
        /// Whether it has a vote and does not report it, by [`Rule::PromiseHidesVote`].
        hides: bool,
    },
    /// It has given this very promise already, and a promise is given once.
    AlreadyPromised {
        /// The ballot of the promise.
        ballot: Ballot,
    },
    /// It keeps an older promise to a higher ballot.
    PrepareRefused {
        /// The refused ballot.
        ballot: Ballot,
        /// The higher ballot that it has promised.
        promised: Ballot,
    },
    /// It voted: nothing that it has promised forbids this.
    Voted {
        /// The vote.
        vote: Vote,
        /// What it had promised until now. The vote raises the promise to its own ballot; a
        /// higher one stands here only by [`Rule::AcceptIgnoresPromise`].
        before: Option<Ballot>,
    },
    /// It has cast this very vote already; nothing changes, and it says so again in case its
    /// answer was lost.
    VotedAgain {
        /// The vote.
        vote: Vote,
    },
    /// It has promised a higher ballot to take part in none like this.
    AcceptRefused {
        /// The refused ballot.
        ballot: Ballot,
        /// The higher ballot that it has promised.
        promised: Ballot,
    },
}

impl AcceptorStep {
    /// The message that the step sends, if any.
    pub fn message(&self) -> Option<Message> {
        match *self {
            AcceptorStep::Promised { ballot, vote, .. } => Some(Message::Promise { ballot, vote }),
            AcceptorStep::AlreadyPromised { .. } => None,
            AcceptorStep::Voted { vote, .. } | AcceptorStep::VotedAgain { vote } => {
                Some(Message::Accepted {
                    ballot: vote.ballot,
                    value: vote.value,
                })
            }
            AcceptorStep::PrepareRefused { ballot, promised }
            | AcceptorStep::AcceptRefused { ballot, promised } => {
                Some(Message::Nack { ballot, promised })
            }
        }
    }
}

impl Acceptor {
    /// An acceptor with this on its disk.
    pub fn stored(promised: Option<Ballot>, vote: Option<Vote>) -> Self {
        Self { promised, vote }
    }

    /// The highest ballot in which it takes part: `maxBal`.
    pub fn promised(&self) -> Option<Ballot> {
        self.promised
    }

    /// The last vote that it cast: `maxVBal` and `maxVal`.
    pub fn vote(&self) -> Option<Vote> {
        self.vote
    }

    /// `Phase1b`: promise if the ballot is *higher* than every ballot promised so far
    /// (`m.bal > maxBal[a]`), and report the last vote. A second `Prepare` of the same ballot is
    /// not higher, so it changes nothing.
    pub fn on_prepare(&mut self, ballot: Ballot, rules: Rules) -> AcceptorStep {
        if let Some(promised) = self.promised {
            if ballot == promised {
                return AcceptorStep::AlreadyPromised { ballot };
            }
            if ballot < promised {
                return AcceptorStep::PrepareRefused { ballot, promised };
            }
        }
        let hides = rules.breaks(Rule::PromiseHidesVote) && self.vote.is_some();
        AcceptorStep::Promised {
            ballot,
            before: self.promised.replace(ballot),
            vote: self.vote.filter(|_| !hides),
            hides,
        }
    }

    /// `Phase2b`: vote unless a *higher* ballot has been promised (`m.bal >= maxBal[a]`). No
    /// promise of this ballot is needed. The vote also raises the promise: an acceptor that voted
    /// in `n` takes part in nothing below `n`.
    pub fn on_accept(&mut self, ballot: Ballot, value: Value, rules: Rules) -> AcceptorStep {
        let before = self.promised;
        if let Some(promised) = before
            && ballot < promised
            && !rules.breaks(Rule::AcceptIgnoresPromise)
        {
            return AcceptorStep::AcceptRefused { ballot, promised };
        }
        if !rules.breaks(Rule::AcceptKeepsPromise) {
            self.promised = Some(ballot);
        }
        let vote = Vote { ballot, value };
        if self.vote == Some(vote) && self.promised == before {
            return AcceptorStep::VotedAgain { vote };
        }
        self.vote = Some(vote);
        AcceptorStep::Voted { vote, before }
    }

    /// A crash that loses durable state, which no acceptor of Paxos survives unharmed.
    pub fn forget(&mut self, lost: Amnesia) {
        if lost.vote {
            self.vote = None;
        }
        if lost.promise {
            self.promised = self.vote.map(|vote| vote.ballot);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{ProcessId, Round};

    fn n(round: u32) -> Ballot {
        Ballot {
            round: Round(round),
            proposer: ProcessId(0),
        }
    }

    const HELLO: Value = Value(0);
    const WORLD: Value = Value(1);

    #[test]
    fn the_first_prepare_is_promised_and_reports_no_vote() {
        let mut acceptor = Acceptor::default();
        let step = acceptor.on_prepare(n(1), Rules::KEPT);
        assert_eq!(
            step.message(),
            Some(Message::Promise {
                ballot: n(1),
                vote: None
            })
        );
        assert_eq!(acceptor.promised(), Some(n(1)));
        assert_eq!(acceptor.vote(), None, "a promise is no vote");
    }

    #[test]
    fn a_higher_prepare_raises_the_promise_and_says_what_stood_before() {
        let mut acceptor = Acceptor::default();
        acceptor.on_prepare(n(1), Rules::KEPT);
        assert_eq!(
            acceptor.on_prepare(n(4), Rules::KEPT),
            AcceptorStep::Promised {
                ballot: n(4),
                before: Some(n(1)),
                vote: None,
                hides: false
            }
        );
    }

    #[test]
    fn a_promise_carries_the_vote() {
        let mut acceptor = Acceptor::default();
        acceptor.on_accept(n(1), HELLO, Rules::KEPT);
        let vote = Some(Vote {
            ballot: n(1),
            value: HELLO,
        });
        assert_eq!(
            acceptor.on_prepare(n(2), Rules::KEPT).message(),
            Some(Message::Promise { ballot: n(2), vote })
        );
        assert_eq!(acceptor.vote(), vote, "a promise does not touch the vote");
    }

    #[test]
    fn a_lower_prepare_is_refused_with_the_promise_as_the_reason() {
        let mut acceptor = Acceptor::default();
        acceptor.on_prepare(n(5), Rules::KEPT);
        let before = acceptor.clone();
        let step = acceptor.on_prepare(n(4), Rules::KEPT);
        assert_eq!(
            step.message(),
            Some(Message::Nack {
                ballot: n(4),
                promised: n(5)
            })
        );
        assert_eq!(acceptor, before);
    }

    #[test]
    fn the_same_prepare_twice_changes_nothing_and_is_not_answered() {
        let mut acceptor = Acceptor::default();
        acceptor.on_prepare(n(1), Rules::KEPT);
        let before = acceptor.clone();
        let step = acceptor.on_prepare(n(1), Rules::KEPT);
        assert_eq!(step, AcceptorStep::AlreadyPromised { ballot: n(1) });
        assert_eq!(step.message(), None);
        assert_eq!(acceptor, before);
    }

    #[test]
    fn an_accept_of_the_promised_ballot_is_voted_for() {
        let mut acceptor = Acceptor::default();
        acceptor.on_prepare(n(1), Rules::KEPT);
        assert_eq!(
            acceptor.on_accept(n(1), HELLO, Rules::KEPT).message(),
            Some(Message::Accepted {
                ballot: n(1),
                value: HELLO
            })
        );
    }

    #[test]
    fn an_accept_without_a_promise_is_voted_for_and_raises_the_promise() {
        let mut acceptor = Acceptor::default();
        acceptor.on_prepare(n(1), Rules::KEPT);
        acceptor.on_accept(n(3), HELLO, Rules::KEPT);
        assert_eq!(acceptor.promised(), Some(n(3)));
        // The ballot in between is now out, in both phases.
        assert_eq!(
            acceptor.on_prepare(n(2), Rules::KEPT),
            AcceptorStep::PrepareRefused {
                ballot: n(2),
                promised: n(3)
            }
        );
        assert_eq!(
            acceptor.on_accept(n(2), WORLD, Rules::KEPT),
            AcceptorStep::AcceptRefused {
                ballot: n(2),
                promised: n(3)
            }
        );
    }

    #[test]
    fn a_prepare_of_the_ballot_that_it_voted_in_is_not_higher() {
        let mut acceptor = Acceptor::default();
        acceptor.on_accept(n(3), HELLO, Rules::KEPT);
        assert_eq!(
            acceptor.on_prepare(n(3), Rules::KEPT),
            AcceptorStep::AlreadyPromised { ballot: n(3) }
        );
    }

    #[test]
    fn an_accept_below_the_promise_is_refused_and_changes_nothing() {
        let mut acceptor = Acceptor::default();
        acceptor.on_prepare(n(2), Rules::KEPT);
        let before = acceptor.clone();
        assert_eq!(
            acceptor.on_accept(n(1), HELLO, Rules::KEPT).message(),
            Some(Message::Nack {
                ballot: n(1),
                promised: n(2)
            })
        );
        assert_eq!(acceptor, before);
    }

    #[test]
    fn the_same_accept_twice_changes_nothing_and_is_answered_again() {
        let mut acceptor = Acceptor::default();
        let first = acceptor.on_accept(n(1), HELLO, Rules::KEPT);
        let before = acceptor.clone();
        let second = acceptor.on_accept(n(1), HELLO, Rules::KEPT);
        assert!(matches!(second, AcceptorStep::VotedAgain { .. }));
        assert_eq!(second.message(), first.message());
        assert_eq!(acceptor, before);
    }

    #[test]
    fn an_acceptor_that_has_voted_still_raises_its_promise_when_it_answers() {
        let mut acceptor = Acceptor::default();
        acceptor.on_accept(n(1), HELLO, Rules::KEPT);
        acceptor.on_prepare(n(3), Rules::KEPT);
        assert_eq!(acceptor.promised(), Some(n(3)));
        assert!(matches!(
            acceptor.on_accept(n(2), WORLD, Rules::KEPT),
            AcceptorStep::AcceptRefused { .. }
        ));
    }

    #[test]
    fn a_higher_vote_replaces_the_vote() {
        let mut acceptor = Acceptor::default();
        acceptor.on_accept(n(1), HELLO, Rules::KEPT);
        acceptor.on_accept(n(2), WORLD, Rules::KEPT);
        assert_eq!(
            acceptor.vote(),
            Some(Vote {
                ballot: n(2),
                value: WORLD
            })
        );
    }

    #[test]
    fn ignoring_the_promise_votes_below_it_and_lowers_it() {
        let ignores = Rules::breaking([Rule::AcceptIgnoresPromise]);
        let mut acceptor = Acceptor::default();
        acceptor.on_prepare(n(5), ignores);
        let vote = Vote {
            ballot: n(1),
            value: HELLO,
        };
        let before = Some(n(5));
        assert_eq!(
            acceptor.on_accept(n(1), HELLO, ignores),
            AcceptorStep::Voted { vote, before }
        );
        assert_eq!(acceptor.promised(), Some(n(1)), "maxBal is the message's");
        // The same vote once more lowers a promise given since.
        acceptor.on_prepare(n(6), ignores);
        acceptor.on_accept(n(1), HELLO, ignores);
        assert_eq!(acceptor.promised(), Some(n(1)));
        assert_eq!(
            acceptor.on_accept(n(1), HELLO, ignores),
            AcceptorStep::VotedAgain { vote }
        );
    }

    #[test]
    fn keeping_the_promise_lets_a_lower_vote_replace_a_higher_one() {
        let keeps = Rules::breaking([Rule::AcceptKeepsPromise]);
        let mut acceptor = Acceptor::default();
        acceptor.on_prepare(n(1), keeps);
        acceptor.on_accept(n(3), HELLO, keeps);
        assert_eq!(acceptor.promised(), Some(n(1)));
        acceptor.on_accept(n(2), WORLD, keeps);
        let vote = acceptor.vote().expect("it voted");
        assert_eq!((vote.ballot, vote.value), (n(2), WORLD));
        assert!(matches!(
            acceptor.on_accept(n(0), HELLO, keeps),
            AcceptorStep::AcceptRefused { .. }
        ));
    }

    #[test]
    fn a_hidden_vote_stays_with_the_acceptor() {
        let hides = Rules::breaking([Rule::PromiseHidesVote]);
        let mut acceptor = Acceptor::default();
        acceptor.on_accept(n(1), HELLO, hides);
        let step = acceptor.on_prepare(n(2), hides);
        assert!(matches!(step, AcceptorStep::Promised { hides: true, .. }));
        assert_eq!(
            step.message(),
            Some(Message::Promise {
                ballot: n(2),
                vote: None
            })
        );
        assert!(acceptor.vote().is_some());
    }

    #[test]
    fn amnesia_takes_what_it_says_and_a_lost_promise_falls_back_to_the_vote() {
        let mut full = Acceptor::default();
        full.on_accept(n(1), HELLO, Rules::KEPT);
        full.on_prepare(n(4), Rules::KEPT);
        let after = |lost| {
            let mut acceptor = full.clone();
            acceptor.forget(lost);
            (acceptor.promised(), acceptor.vote().map(|vote| vote.ballot))
        };
        assert_eq!(after(Amnesia::NONE), (Some(n(4)), Some(n(1))));
        assert_eq!(after(Amnesia::PROMISE), (Some(n(1)), Some(n(1))));
        assert_eq!(after(Amnesia::VOTE), (Some(n(4)), None));
        assert_eq!(after(Amnesia::ALL), (None, None));
    }
}
