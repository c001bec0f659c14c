//! What is checked: how many acceptors, values and ballots, which rules, which property.

use std::fmt;

use crate::protocol::{Amnesia, Broken, Invariant, Rule, Rules};

/// The most acceptors of a model.
pub const ACCEPTOR_LIMIT: u32 = 32;
/// The most values of a model.
pub const VALUE_LIMIT: u32 = 16;
/// The most ballots of a model.
pub const BALLOT_LIMIT: u32 = 16;
/// The most values that may stand for each other: all their orders are tried for each state.
pub const SYMMETRIC_VALUE_LIMIT: u32 = 6;

/// Lamport's `Paxos`, bounded: acceptors, values and ballots are numbered from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    /// How many acceptors there are.
    pub acceptors: u32,
    /// How many values there are.
    pub values: u32,
    /// How many ballots there are.
    pub ballots: u32,
    /// How many promises phase 1 needs.
    pub phase1: u32,
    /// How many votes phase 2 needs.
    pub phase2: u32,
    /// Which rules are broken.
    pub rules: Rules,
    /// The value that each ballot's proposer wants, if ballots belong to proposers. Otherwise
    /// any ballot may propose any value.
    pub wishes: Option<Vec<u32>>,
    /// What is to hold.
    pub property: Property,
    /// Which states count as one.
    pub symmetry: Symmetry,
}

/// What is to hold in every state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Property {
    /// This invariant.
    One(Invariant),
    /// All of them.
    All,
}

impl Property {
    /// The property with this name: an invariant's, or `all`.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "all" => Some(Property::All),
            _ => Invariant::named(name).map(Property::One),
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Property::One(invariant) => invariant.name(),
            Property::All => "all",
        }
    }

    /// Whether this invariant is part of it.
    pub fn asks(self, invariant: Invariant) -> bool {
        match self {
            Property::One(one) => one == invariant,
            Property::All => true,
        }
    }

    /// Broken, if it is part of the property and does not hold.
    pub(super) fn unless(self, invariant: Invariant, holds: impl FnOnce() -> bool) -> Broken {
        Broken::unless(!self.asks(invariant) || holds(), invariant)
    }
}

/// Which states count as one because they differ only in names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Symmetry {
    /// States that differ only in which acceptor is which.
    pub acceptors: bool,
    /// States that differ only in which value is which.
    pub values: bool,
}

impl Symmetry {
    /// Every state counts.
    pub const NONE: Symmetry = Symmetry {
        acceptors: false,
        values: false,
    };

    /// The symmetry with this name.
    pub fn named(name: &str) -> Option<Self> {
        let (acceptors, values) = match name {
            "none" => (false, false),
            "acceptors" => (true, false),
            "values" => (false, true),
            "both" => (true, true),
            _ => return None,
        };
        Some(Self { acceptors, values })
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match (self.acceptors, self.values) {
            (false, false) => "none",
            (true, false) => "acceptors",
            (false, true) => "values",
            (true, true) => "both",
        }
    }
}

/// One step of the model: an action of Lamport's specification, or a crash that forgets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// `Prepare(b)` is sent.
    Phase1a {
        /// The ballot.
        ballot: u32,
    },
    /// An acceptor receives `Prepare(b)`, and promises.
    Phase1b {
        /// Who.
        acceptor: u32,
        /// The ballot.
        ballot: u32,
    },
    /// `Accept(b, v)` is sent: a quorum has promised.
    Phase2a {
        /// The ballot.
        ballot: u32,
        /// The value.
        value: u32,
    },
    /// An acceptor receives `Accept(b, v)`, and votes.
    Phase2b {
        /// Who.
        acceptor: u32,
        /// The ballot.
        ballot: u32,
        /// The value.
        value: u32,
    },
    /// An acceptor crashes and restarts without what it should have kept, by [`Rule::Amnesia`]
    /// and its like.
    Forget {
        /// Who.
        acceptor: u32,
        /// What.
        lost: Amnesia,
    },
}

/// Why a model cannot be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelError {
    /// A number is out of range.
    OutOfRange {
        /// The field, which is also the option of the command line.
        field: &'static str,
        /// What was asked for.
        value: u64,
        /// The most that is possible; the least is 1.
        most: u32,
    },
    /// A state does not fit the widest key.
    TooWide {
        /// How many bits a state needs.
        bits: u32,
    },
    /// A number that a scenario says itself.
    Given {
        /// The field.
        field: &'static str,
    },
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            ModelError::OutOfRange { field, value, most } => {
                write!(f, "{field} is {value}, and must be from 1 to {most}")
            }
            ModelError::TooWide { bits } => write!(
                f,
                "ballots, with these acceptors, values and rules, make a state of {bits} bits, \
                 and at most 256 can be packed: take fewer ballots, values or acceptors"
            ),
            ModelError::Given { field } => {
                write!(
                    f,
                    "{field} cannot be combined with a scenario, which has its own"
                )
            }
        }
    }
}

impl std::error::Error for ModelError {}

impl Model {
    /// Majorities, all rules kept, any value in any ballot; agreement is to hold.
    ///
    /// ```
    /// # use paxos_playground::checker::{check, Limits, Model, Verdict};
    /// let outcome = check(&Model::new(3, 2, 2), Limits::default()).unwrap();
    /// assert_eq!(outcome.verdict, Verdict::Holds);
    /// assert_eq!((outcome.progress.distinct, outcome.progress.depth), (3_921, 17));
    /// ```
    pub fn new(acceptors: u32, values: u32, ballots: u32) -> Self {
        let majority = acceptors / 2 + 1;
        Self {
            acceptors,
            values,
            ballots,
            phase1: majority,
            phase2: majority,
            rules: Rules::KEPT,
            wishes: None,
            property: Property::One(Invariant::Agreement),
            symmetry: Symmetry::NONE,
        }
    }

    /// Whether all numbers are in range.
    ///
    /// # Errors
    /// The first that is not.
    pub fn validate(&self) -> Result<(), ModelError> {
        let ranges = [
            ("acceptors", self.acceptors, ACCEPTOR_LIMIT),
            ("ballots", self.ballots, BALLOT_LIMIT),
            ("values", self.values, VALUE_LIMIT),
            ("phase1", self.phase1, self.acceptors),
            ("phase2", self.phase2, self.acceptors),
        ];
        for (field, value, most) in ranges {
            if value == 0 || value > most {
                let value = u64::from(value);
                return Err(ModelError::OutOfRange { field, value, most });
            }
        }
        if self.symmetry.values && self.values > SYMMETRIC_VALUE_LIMIT {
            return Err(ModelError::OutOfRange {
                field: "values",
                value: u64::from(self.values),
                most: SYMMETRIC_VALUE_LIMIT,
            });
        }
        if let Some(wishes) = &self.wishes {
            let count = wishes.len() as u64;
            let highest = u64::from(wishes.iter().copied().max().unwrap_or(0));
            let wrong = |field, value, most| Err(ModelError::OutOfRange { field, value, most });
            if count != u64::from(self.ballots) {
                return wrong("wishes", count, self.ballots);
            }
            if highest >= u64::from(self.values) {
                return wrong("wishes", highest, self.values - 1);
            }
        }
        Ok(())
    }

    /// Whether the sent messages say everything: the promise and the vote of each acceptor, what
    /// each promise reports and for what each vote is. So it is while acceptors keep their rules.
    pub(super) fn messages_say_all(&self) -> bool {
        let acceptors_differ = [
            Rule::SharedBallots,
            Rule::AcceptIgnoresPromise,
            Rule::AcceptKeepsPromise,
            Rule::Amnesia,
            Rule::AmnesiaPromise,
            Rule::AmnesiaVote,
        ];
        !acceptors_differ.iter().any(|&rule| self.rules.breaks(rule))
    }

    /// The values that a ballot may propose if nothing binds it, as bits.
    pub(super) fn free_values(&self, ballot: u32) -> u64 {
        match &self.wishes {
            None => (1 << self.values) - 1,
            // Whoever shares the ballot may propose in it.
            Some(wishes) if self.rules.breaks(Rule::SharedBallots) => {
                wishes.iter().fold(0, |all, wish| all | 1 << wish)
            }
            Some(wishes) => 1 << wishes[ballot as usize],
        }
    }

    /// Whether all values may be exchanged for each other. Not if ballots have values of their own.
    pub(super) fn values_are_alike(&self) -> bool {
        self.symmetry.values && self.wishes.is_none()
    }

    /// What each crash may lose: one step for each rule of storage that is broken.
    pub(super) fn crashes(&self) -> Vec<Amnesia> {
        let rules = [
            (Rule::Amnesia, Amnesia::ALL),
            (Rule::AmnesiaPromise, Amnesia::PROMISE),
            (Rule::AmnesiaVote, Amnesia::VOTE),
        ];
        let broken = rules.iter().filter(|(rule, _)| self.rules.breaks(*rule));
        broken.map(|(_, lost)| *lost).collect()
    }
}

/// How many bits it takes to tell `count` things apart.
pub(super) fn bits_for(count: u32) -> u32 {
    count.next_power_of_two().trailing_zeros()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_what_they_name() {
        assert_eq!(Property::named("all"), Some(Property::All));
        assert_eq!(Property::All.name(), "all");
        let agreement = Property::One(Invariant::Agreement);
        assert_eq!(Property::named("agreement"), Some(agreement));
        assert_eq!(agreement.name(), "agreement");
        assert_eq!(Property::named("every"), None);
        for (name, acceptors, values) in [
            ("none", false, false),
            ("acceptors", true, false),
            ("values", false, true),
            ("both", true, true),
        ] {
            let symmetry = Symmetry { acceptors, values };
            assert_eq!(Symmetry::named(name), Some(symmetry));
            assert_eq!(symmetry.name(), name);
        }
        assert_eq!(Symmetry::named("all"), None);
    }

    /// What is said of a model that this change makes impossible.
    fn said(change: impl FnOnce(&mut Model)) -> String {
        let mut model = Model::new(3, 3, 2);
        change(&mut model);
        model
            .validate()
            .map_or_else(|why| why.to_string(), |()| "fine".into())
    }

    #[test]
    fn numbers_have_ranges() {
        assert_eq!(said(|_| ()), "fine");
        let most = |field: &str, number: u32, most: u32| {
            format!("{field} is {number}, and must be from 1 to {most}")
        };
        let few = |field| most(field, 0, 3);
        assert_eq!(said(|model| model.phase1 = 0), few("phase1"));
        assert_eq!(said(|model| model.phase1 = 3), "fine");
        assert_eq!(said(|model| model.phase1 = 4), most("phase1", 4, 3));
        assert_eq!(said(|model| model.phase2 = 4), most("phase2", 4, 3));
        let above = |field, limit| most(field, limit + 1, limit);
        let acceptors = said(|model| model.acceptors = ACCEPTOR_LIMIT + 1);
        assert_eq!(acceptors, above("acceptors", ACCEPTOR_LIMIT));
        let ballots = said(|model| model.ballots = BALLOT_LIMIT + 1);
        assert_eq!(ballots, above("ballots", BALLOT_LIMIT));
        let values = said(|model| model.values = VALUE_LIMIT + 1);
        assert_eq!(values, above("values", VALUE_LIMIT));
    }

    #[test]
    fn fewer_values_can_be_exchanged_for_each_other() {
        let with = |values| {
            said(|model| {
                model.values = values;
                model.symmetry.values = true;
            })
        };
        let limit = SYMMETRIC_VALUE_LIMIT;
        assert_eq!(with(limit), "fine");
        let range = format!("values is {}, and must be from 1 to {limit}", limit + 1);
        assert_eq!(with(limit + 1), range);
    }

    #[test]
    fn every_ballot_wishes_for_a_value_that_there_is() {
        let wishes = |wishes: &[u32]| said(|model| model.wishes = Some(wishes.into()));
        assert_eq!(wishes(&[0, 2]), "fine");
        let short = "wishes is 1, and must be from 1 to 2";
        assert_eq!(wishes(&[0]), short);
        let high = "wishes is 3, and must be from 1 to 2";
        assert_eq!(wishes(&[0, 3]), high);
    }

    #[test]
    fn a_ballot_that_is_shared_may_propose_what_any_wishes_for() {
        let mut model = Model::new(3, 3, 2);
        assert_eq!(model.free_values(0), 0b111);
        model.wishes = Some(vec![2, 0]);
        assert_eq!(
            [0, 1].map(|ballot| model.free_values(ballot)),
            [0b100, 0b001]
        );
        model.rules = Rules::breaking([Rule::SharedBallots]);
        assert_eq!([0, 1].map(|ballot| model.free_values(ballot)), [0b101; 2]);
    }

    #[test]
    fn to_tell_things_apart_takes_bits() {
        assert_eq!([1, 2, 3, 4, 5, 8, 9].map(bits_for), [0, 1, 2, 2, 3, 3, 4]);
    }
}
