//! What is always true of Paxos, by name.
//!
//! The invariants are named here once; [`Monitor`](super::Monitor) watches them in a run, one
//! step at a time.

/// A statement about every moment of every run. Paxos with all its rules never breaks one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Invariant {
    /// What Paxos is for.
    Agreement,
    /// Nothing comes from nowhere.
    Validity,
    /// What [`Rule::SharedBallots`](super::Rule::SharedBallots) breaks first.
    OneValuePerBallot,
    /// Across crashes and restarts too.
    PromiseNeverFalls,
    /// What [`Rule::AcceptKeepsPromise`](super::Rule::AcceptKeepsPromise) breaks first.
    PromiseAtLeastVote,
    /// A promise tells the truth, and all of it.
    ReportedVotesWereCast,
    /// The heart of the proof: whatever is proposed cannot contradict what is chosen below it,
    /// now or later.
    AcceptIsSafe,
    /// Knowledge follows fact.
    LearnedImpliesChosen,
}

impl Invariant {
    /// All of them: first what a user wants, then what it rests on.
    pub const ALL: [Invariant; 8] = [
        Invariant::Agreement,
        Invariant::Validity,
        Invariant::OneValuePerBallot,
        Invariant::PromiseNeverFalls,
        Invariant::PromiseAtLeastVote,
        Invariant::ReportedVotesWereCast,
        Invariant::AcceptIsSafe,
        Invariant::LearnedImpliesChosen,
    ];

    /// The name in scenario files and on the page.
    pub fn name(self) -> &'static str {
        match self {
            Invariant::Agreement => "agreement",
            Invariant::Validity => "validity",
            Invariant::OneValuePerBallot => "one-value-per-ballot",
            Invariant::PromiseNeverFalls => "promise-never-falls",
            Invariant::PromiseAtLeastVote => "promise-at-least-vote",
            Invariant::ReportedVotesWereCast => "reported-votes-were-cast",
            Invariant::AcceptIsSafe => "accept-is-safe",
            Invariant::LearnedImpliesChosen => "learned-implies-chosen",
        }
    }

    /// The invariant with this name.
    pub fn named(name: &str) -> Option<Invariant> {
        Self::ALL.into_iter().find(|known| known.name() == name)
    }

    /// What it says, in one sentence.
    pub fn meaning(self) -> &'static str {
        match self {
            Invariant::Agreement => "At most one value is ever chosen.",
            Invariant::Validity => {
                "Only a value that somebody was asked to propose is sent, chosen or learned."
            }
            Invariant::OneValuePerBallot => "All votes of one ballot are for the same value.",
            Invariant::PromiseNeverFalls => {
                "The promise of an acceptor only ever rises, across crashes too."
            }
            Invariant::PromiseAtLeastVote => "No acceptor's vote is in a ballot above its promise.",
            Invariant::ReportedVotesWereCast => {
                "A promise reports a vote that its acceptor cast, and no later one below the \
                 promised ballot is kept back."
            }
            Invariant::AcceptIsSafe => {
                "When an Accept is sent, no lower ballot has chosen another value or still can."
            }
            Invariant::LearnedImpliesChosen => "Whoever learns a value learns a chosen one.",
        }
    }

    /// Where it stands: *Paxos Made Simple* with its section, or Lamport's TLA+ modules.
    pub fn source(self) -> &'static str {
        match self {
            Invariant::Agreement => "PMS §2.1; Consensus, Inv: Cardinality(chosen) ≤ 1",
            Invariant::Validity => "PMS §2.1",
            Invariant::OneValuePerBallot => "Voting, OneValuePerBallot",
            Invariant::PromiseNeverFalls => "PMS §2.2 and §2.5; Voting, maxBal only increases",
            Invariant::PromiseAtLeastVote => "Paxos, Inv: maxBal[a] ≥ maxVBal[a]",
            Invariant::ReportedVotesWereCast => "PMS §2.2, phase 1(b); Paxos, Inv of 1b messages",
            Invariant::AcceptIsSafe => "PMS §2.2, P2c; Voting, SafeAt; Paxos, Inv of 2a messages",
            Invariant::LearnedImpliesChosen => "PMS §2.1",
        }
    }
}

/// A set of invariants: those that one step broke.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Broken(u8);

impl Broken {
    /// None.
    pub const NOTHING: Broken = Broken(0);

    /// This one, unless it holds.
    pub fn unless(holds: bool, invariant: Invariant) -> Self {
        if holds {
            Self::NOTHING
        } else {
            Self(1 << invariant as u8)
        }
    }

    /// Those of both.
    pub fn and(self, other: Broken) -> Self {
        Self(self.0 | other.0)
    }

    /// Those that are not in the other.
    pub fn without(self, other: Broken) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether there are none.
    pub fn is_nothing(self) -> bool {
        self.0 == 0
    }

    /// Whether this one is among them.
    pub fn contains(self, invariant: Invariant) -> bool {
        self.0 & (1 << invariant as u8) != 0
    }

    /// All of them, in the order of [`Invariant::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Invariant> {
        let all = Invariant::ALL.into_iter();
        all.filter(move |&invariant| self.contains(invariant))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_invariant_has_a_name_of_its_own_and_is_found_by_it() {
        for invariant in Invariant::ALL {
            assert_eq!(Invariant::named(invariant.name()), Some(invariant));
            assert!(invariant.meaning().ends_with('.'), "{}", invariant.name());
            let source = invariant.source();
            let known = ["PMS §", "Voting", "Inv"];
            assert!(known.iter().any(|known| source.contains(known)), "{source}");
        }
        assert_eq!(Invariant::named("liveness"), None);
    }

    #[test]
    fn broken_invariants_add_up() {
        let one = Broken::unless(false, Invariant::Agreement);
        let both = one.and(Broken::unless(false, Invariant::AcceptIsSafe));
        assert_eq!(Broken::unless(true, Invariant::Validity), Broken::NOTHING);
        assert_eq!(both.iter().count(), 2);
        assert_eq!(both.and(one), both, "what is broken twice is broken");
        assert!(!both.is_nothing() && Broken::NOTHING.is_nothing());
        assert_eq!(
            both.without(one).iter().collect::<Vec<_>>(),
            [Invariant::AcceptIsSafe]
        );
    }
}
