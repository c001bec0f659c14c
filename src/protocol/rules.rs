//! The rule switches: what happens to Paxos without one of its rules.
//!
//! Every rule is there for a reason, and the reason is best seen by leaving the rule out. A
//! [`Rule`] names one; [`Rules`] says which are broken, none unless somebody asks. The handlers
//! take [`Rules`] and read like the paper with an "unless broken" at the line in question.

/// A rule that can be broken. Its name says what happens then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// No two proposers ever use the same ballot.
    SharedBallots,
    /// An acceptor votes in no ballot below its promise.
    AcceptIgnoresPromise,
    /// A vote raises the promise to its ballot.
    AcceptKeepsPromise,
    /// A proposer is bound by the votes that are reported to it.
    OwnValueAlways,
    /// It is bound by the vote of the highest ballot; broken, by that of the lowest.
    LowestVote,
    /// The same; broken, by the last that is reported.
    AnyVote,
    /// A promise reports the acceptor's vote.
    PromiseHidesVote,
    /// Promise and vote are durable.
    Amnesia,
    /// The promise is durable.
    AmnesiaPromise,
    /// The vote is durable.
    AmnesiaVote,
    /// A learner adds up only votes of one ballot.
    LearnerAddsBallots,
}

impl Rule {
    /// All of them: those of a proposer's and an acceptor's messages, of storage, and of learning.
    pub const ALL: [Rule; 11] = [
        Rule::SharedBallots,
        Rule::AcceptIgnoresPromise,
        Rule::AcceptKeepsPromise,
        Rule::OwnValueAlways,
        Rule::LowestVote,
        Rule::AnyVote,
        Rule::PromiseHidesVote,
        Rule::Amnesia,
        Rule::AmnesiaPromise,
        Rule::AmnesiaVote,
        Rule::LearnerAddsBallots,
    ];

    /// The name in scenario files and after `--break`.
    pub fn name(self) -> &'static str {
        match self {
            Rule::SharedBallots => "shared-ballots",
            Rule::AcceptIgnoresPromise => "accept-ignores-promise",
            Rule::AcceptKeepsPromise => "accept-keeps-promise",
            Rule::OwnValueAlways => "own-value-always",
            Rule::LowestVote => "lowest-vote",
            Rule::AnyVote => "any-vote",
            Rule::PromiseHidesVote => "promise-hides-vote",
            Rule::Amnesia => "amnesia",
            Rule::AmnesiaPromise => "amnesia-promise",
            Rule::AmnesiaVote => "amnesia-vote",
            Rule::LearnerAddsBallots => "learner-adds-ballots",
        }
    }

    /// The rule with this name.
    pub fn named(name: &str) -> Option<Rule> {
        Rule::ALL.into_iter().find(|rule| rule.name() == name)
    }

    /// What breaks, in one sentence.
    pub fn meaning(self) -> &'static str {
        match self {
            Rule::SharedBallots => {
                "All proposers number their ballots alike, so two of them can propose two values \
                 in one ballot, and each can get a quorum of votes."
            }
            Rule::AcceptIgnoresPromise => {
                "An acceptor votes in any ballot, even one below its promise, so a late Accept \
                 can choose a value behind the back of a proposer that heard of no vote."
            }
            Rule::AcceptKeepsPromise => {
                "A vote does not raise the promise, so an acceptor that voted in a high ballot \
                 may still vote in a lower one, and forgets the higher vote over it."
            }
            Rule::OwnValueAlways => {
                "A proposer sends its own value whatever votes are reported to it, so it can \
                 replace a value that is chosen already."
            }
            Rule::LowestVote => {
                "A proposer takes the reported vote of the lowest ballot, which a higher ballot \
                 may have overruled; it takes three ballots to go wrong."
            }
            Rule::AnyVote => {
                "A proposer takes whichever vote was reported to it last, which a higher ballot \
                 may have overruled; it takes three ballots to go wrong."
            }
            Rule::PromiseHidesVote => {
                "A promise does not report the acceptor's vote, so the proposer believes itself \
                 free although a value may be chosen."
            }
            Rule::Amnesia => {
                "A crash loses an acceptor's promise and its vote, so a quorum that has promised \
                 or voted is one no longer."
            }
            Rule::AmnesiaPromise => {
                "A crash loses an acceptor's promise, so it may vote in a ballot that it had \
                 given its word to stay out of."
            }
            Rule::AmnesiaVote => {
                "A crash loses an acceptor's vote, so its next promise hides that a value may be \
                 chosen."
            }
            Rule::LearnerAddsBallots => {
                "A learner adds up the votes for a value over all ballots, so it can learn a \
                 value that no single ballot chose."
            }
        }
    }

    /// Where the rule stands: *Paxos Made Simple* with its section, and the line of Lamport's
    /// TLA+ module `Paxos`.
    pub fn source(self) -> &'static str {
        match self {
            Rule::SharedBallots => "PMS §2.5; Phase2a(b, v): no 2a message of ballot b was sent",
            Rule::AcceptIgnoresPromise => "PMS §2.2, P1a; Phase2b(a): m.bal ≥ maxBal[a]",
            Rule::AcceptKeepsPromise => "Phase2b(a): maxBal'[a] = m.bal",
            Rule::OwnValueAlways | Rule::LowestVote | Rule::AnyVote => {
                "PMS §2.2, P2c; Phase2a(b, v): the value of the highest mbal reported"
            }
            Rule::PromiseHidesVote => {
                "PMS §2.2, phase 1(b); Phase1b(a): mbal = maxVBal[a], mval = maxVal[a]"
            }
            Rule::Amnesia | Rule::AmnesiaPromise | Rule::AmnesiaVote => {
                "PMS §2.5, stable storage; no action lowers maxBal or forgets maxVBal and maxVal"
            }
            Rule::LearnerAddsBallots => "PMS §2.2, a single proposal; ChosenAt(b, v) of Voting",
        }
    }
}

/// Which rules are broken; none by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Rules(u16);

impl Rules {
    /// Paxos as it is written.
    pub const KEPT: Rules = Rules(0);

    /// Paxos without these rules.
    pub fn breaking(rules: impl IntoIterator<Item = Rule>) -> Self {
        let bits = rules.into_iter().map(|rule| 1 << rule as u16);
        Self(bits.fold(0, |all, bit: u16| all | bit))
    }

    /// Whether this rule is broken.
    pub fn breaks(self, rule: Rule) -> bool {
        self.0 & (1 << rule as u16) != 0
    }

    /// The broken rules.
    pub fn broken(self) -> impl Iterator<Item = Rule> {
        Rule::ALL.into_iter().filter(move |&rule| self.breaks(rule))
    }

    /// What any crash loses, because storage is broken.
    pub fn amnesia(self) -> Amnesia {
        let all = self.breaks(Rule::Amnesia);
        Amnesia {
            promise: all || self.breaks(Rule::AmnesiaPromise),
            vote: all || self.breaks(Rule::AmnesiaVote),
        }
    }
}

/// What a crash loses of an acceptor's durable state. Nothing, if storage is what Paxos needs it
/// to be (PMS §2.5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Amnesia {
    /// The promise; it falls back to the ballot of the vote, which the vote still tells.
    pub promise: bool,
    /// The vote.
    pub vote: bool,
}

impl Amnesia {
    /// Nothing is lost.
    pub const NONE: Amnesia = Amnesia {
        promise: false,
        vote: false,
    };
    /// Both are lost.
    pub const ALL: Amnesia = Amnesia {
        promise: true,
        vote: true,
    };
    /// Only the promise is lost.
    pub const PROMISE: Amnesia = Amnesia {
        promise: true,
        vote: false,
    };
    /// Only the vote is lost.
    pub const VOTE: Amnesia = Amnesia {
        promise: false,
        vote: true,
    };

    /// Whatever one of the two loses.
    pub fn or(self, other: Amnesia) -> Amnesia {
        Amnesia {
            promise: self.promise || other.promise,
            vote: self.vote || other.vote,
        }
    }

    /// Whether nothing is lost.
    pub fn is_none(self) -> bool {
        self == Amnesia::NONE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_name_of_its_own_and_is_found_by_it() {
        for rule in Rule::ALL {
            assert_eq!(Rule::named(rule.name()), Some(rule));
            assert!(rule.meaning().ends_with('.'), "{}", rule.name());
            let source = rule.source();
            assert!(
                source.contains("PMS §") || source.contains("Phase"),
                "{source}"
            );
        }
        assert_eq!(Rule::named("no-such-rule"), None);
    }

    #[test]
    fn nothing_is_broken_unless_somebody_asks() {
        assert_eq!(Rules::default(), Rules::KEPT);
        assert_eq!(Rules::KEPT.broken().count(), 0);
        let two = Rules::breaking([Rule::AnyVote, Rule::SharedBallots]);
        let broken: Vec<Rule> = two.broken().collect();
        assert_eq!(broken, [Rule::SharedBallots, Rule::AnyVote]);
        assert!(!two.breaks(Rule::Amnesia));
        let twice = Rules::breaking([Rule::AnyVote, Rule::AnyVote]);
        assert!(
            twice.breaks(Rule::AnyVote),
            "what is asked for twice is asked for"
        );
    }

    #[test]
    fn broken_storage_adds_up() {
        assert_eq!(Rules::KEPT.amnesia(), Amnesia::NONE);
        let both = [Rule::AmnesiaPromise, Rule::AmnesiaVote];
        assert_eq!(Rules::breaking(both).amnesia(), Amnesia::ALL);
        assert_eq!(Rules::breaking([Rule::Amnesia]).amnesia(), Amnesia::ALL);
        assert_eq!(Amnesia::VOTE.or(Amnesia::PROMISE), Amnesia::ALL);
        assert!(Amnesia::NONE.is_none() && !Amnesia::VOTE.is_none());
    }
}
