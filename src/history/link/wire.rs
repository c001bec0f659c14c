//! What stands in a link of version 1, in this order.
//!
//! | part | what |
//! |---|---|
//! | story | id; then, each only if it is not as in the library's scenario of that id: title, summary, notes, expectations, end |
//! | cast | for each process a byte: 1 proposer, 2 acceptor, 4 learner, 8 if its name follows from that of the one before; the names of the others; those that do not stand where they would anyway: how many are skipped before, and the place in tenths |
//! | settings | seed, quorums, delays, loss, duplicates, a byte (1 all messages are held, 2 no Nack, 4 Prepare only to as many as needed), broken rules as bits, timeout, backoff |
//! | values | all values that are proposed, each once: commands name them by their place here |
//! | script | for each entry how long after the one before, and the command |
//! | branches | see below |
//! | view | the place of the branch that is shown; the moment; where the line is cut, if it is: both counted from the end of that branch |
//! | asked | only if there is any: for each entry how long and how many events after the one before, and the command |
//!
//! A branch is: how many ids are left out before it; its name; how many places before it its parent
//! is, or 0; how many places before it there is a branch with the same first commands, and how many
//! those are; its other commands, each with the steps and the time after the one before, the id of
//! the branch that it left and 1 more, or 0; its end, from the last command; where it left its
//! parent and where the reader left it, from the end.
//!
//! Old links must stay readable. So the numbers below, which stand for what the rest of the crate
//! has names for, are never given to anything else: a list gets more at its end. Any other change
//! is another version, to be read beside this one.

use crate::cluster::Backoff;
use crate::protocol::{Invariant, Kind, Rule};
use crate::scenario::Occasion;

/// The commands.
pub mod deed {
    pub const PROPOSE: u8 = 0;
    pub const CRASH: u8 = 1;
    pub const RESTART: u8 = 2;
    pub const TIMEOUT: u8 = 3;
    pub const CUT: u8 = 4;
    pub const HEAL: u8 = 5;
    pub const PARTITION: u8 = 6;
    pub const DROP: u8 = 7;
    pub const DUPLICATE: u8 = 8;
    pub const HOLD: u8 = 9;
    pub const RELEASE: u8 = 10;
    pub const DELIVER: u8 = 11;
    pub const DELAY: u8 = 12;
    pub const NETWORK: u8 = 13;
    pub const LINK: u8 = 14;
}

pub const RULES: [Rule; 11] = [
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

pub const KINDS: [Kind; 5] = [
    Kind::Prepare,
    Kind::Promise,
    Kind::Accept,
    Kind::Accepted,
    Kind::Nack,
];

pub const BACKOFFS: [Backoff; 3] = [Backoff::None, Backoff::Fixed, Backoff::Random];

pub const OCCASIONS: [Occasion; 4] = [
    Occasion::Chosen,
    Occasion::Adopted,
    Occasion::Learned,
    Occasion::Violation,
];

pub const INVARIANTS: [Invariant; 8] = [
    Invariant::Agreement,
    Invariant::Validity,
    Invariant::OneValuePerBallot,
    Invariant::PromiseNeverFalls,
    Invariant::PromiseAtLeastVote,
    Invariant::ReportedVotesWereCast,
    Invariant::AcceptIsSafe,
    Invariant::LearnedImpliesChosen,
];

/// The name that follows from this one.
pub fn next_name(name: &str) -> Option<String> {
    let letters = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = &name[letters.len()..];
    if !digits.is_empty() {
        let number: u32 = digits.parse().ok()?;
        return Some(format!("{letters}{}", number.checked_add(1)?));
    }
    let last = letters.chars().next_back()?;
    let next =
        (last.is_ascii_alphabetic() && !matches!(last, 'Z' | 'z')).then_some(last as u8 + 1)?;
    Some(format!(
        "{}{}",
        letters.strip_suffix(last)?,
        char::from(next)
    ))
}
