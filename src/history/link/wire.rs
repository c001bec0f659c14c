//! What stands in a link of version 1, in this order.
//!
//! Old links must stay readable, so these types are nobody else's: `write` and `read` turn them
//! into what the rest works with and back. They change in one way only: an enum, or one of the
//! lists at the end, may get more at its end. Anything else is another version, beside this one.
//!
//! [`postcard`] writes them: whole numbers in as many bytes as they need, seven bits each, those
//! that may be negative in zigzag; texts and lists with their length first; a choice as a number.

use serde::{Deserialize, Serialize};

use crate::cluster::Backoff;
use crate::protocol::{Invariant, Kind, Rule};
use crate::scenario::Occasion;

/// A run.
#[derive(Serialize, Deserialize)]
pub struct Whole {
    pub story: Story,
    pub cast: Cast,
    pub settings: Settings,
    /// All values that are proposed, each once: commands name them by their place here.
    pub values: Vec<String>,
    pub script: Vec<Planned>,
    pub branches: Vec<Future>,
    /// The place of the branch that is shown.
    pub shown: u32,
    /// The moment that is shown, counted from the end of that branch.
    pub cursor: Spot,
    /// Where a command was taken back and the line is cut, also from that end.
    pub cut: Option<Spot>,
}

/// What the scenario says. What is not given is as in the library's scenario with this id.
#[derive(Serialize, Deserialize)]
pub struct Story {
    pub id: String,
    pub title: Option<String>,
    pub summary: Option<String>,
    pub notes: Option<Vec<Told>>,
    pub expect: Option<Outcome>,
    pub until: Option<u64>,
}

/// A note.
#[derive(Serialize, Deserialize)]
pub struct Told {
    pub when: Moment,
    pub title: String,
    pub text: String,
}

#[derive(Serialize, Deserialize)]
pub enum Moment {
    At(u64),
    /// The place in [`OCCASIONS`].
    On(u8),
}

/// What is to come out: nothing said, none, or this. The invariant is its place in [`INVARIANTS`].
#[derive(Serialize, Deserialize)]
pub struct Outcome {
    pub chosen: Option<Option<String>>,
    pub learned: Option<Option<String>>,
    pub violation: Option<Option<u8>>,
}

/// The processes.
#[derive(Serialize, Deserialize)]
pub struct Cast {
    /// For each process, bits: 1 proposer, 2 acceptor, 4 learner, and 8 if its name follows from
    /// that of the one before: B after A, A8 after A7.
    pub kinds: Vec<u8>,
    /// The names of the others.
    pub names: Vec<String>,
    /// Those that do not stand where they would anyway: how many are skipped before, and the place
    /// in tenths. The others stand as in the library's scenario, or else tidily.
    pub moved: Vec<(u16, u16, u16)>,
}

#[derive(Serialize, Deserialize)]
pub struct Settings {
    pub seed: u64,
    pub phase1: Option<u16>,
    pub phase2: Option<u16>,
    pub delay: (u32, u32),
    /// In parts per million.
    pub loss: u32,
    pub duplicate: u32,
    /// Bits: 1 all messages are held, 2 no Nack, 4 Prepare only to as many as needed.
    pub flags: u8,
    /// Bits in the order of [`RULES`].
    pub broken: u32,
    pub timeout: u64,
    /// The place in [`BACKOFFS`].
    pub backoff: u8,
}

/// An entry of the script: how long after the one before, and what.
#[derive(Serialize, Deserialize)]
pub struct Planned(pub i64, pub Deed);

/// Steps and milliseconds, from some other place.
#[derive(Serialize, Deserialize)]
pub struct Spot(pub i64, pub i64);

/// A branch.
#[derive(Serialize, Deserialize)]
pub struct Future {
    /// How many ids are left out between the branch before and this one.
    pub skipped: u32,
    pub name: Option<String>,
    /// How many places before this one its parent is; 0 is none.
    pub parent: u32,
    /// How many places before this one there is a branch with the same first commands, and how
    /// many those are; 0 is none.
    pub like: u32,
    pub same: u32,
    pub commands: Vec<Given>,
    /// From the last command.
    pub end: Spot,
    /// From the end.
    pub fork: Spot,
    pub left_at: Spot,
}

/// A command: steps and time after the one before, the id of the branch that it left and 1 more,
/// or 0, and what.
#[derive(Serialize, Deserialize)]
pub struct Given(pub u64, pub u64, pub u32, pub Deed);

/// A [`Command`](crate::cluster::Command). Processes are places in the cast.
#[derive(Serialize, Deserialize)]
pub enum Deed {
    Propose(u16, u32),
    /// With bits: 1 the promise is lost, 2 the vote.
    Crash(u16, u8),
    Restart(u16),
    Timeout(u16),
    Cut(Way),
    Heal(Option<Way>),
    Partition(Vec<Vec<u16>>),
    Drop(Which),
    Duplicate(Which),
    Hold(Option<Which>),
    Release(Option<Which>),
    Deliver(Which),
    Delay(Which, u32),
    Network(Option<(u32, u32)>, Option<u32>, Option<u32>),
    Link(Way, Option<(u32, u32)>),
}

/// From, to, and whether only in this direction.
#[derive(Serialize, Deserialize)]
pub struct Way(pub u16, pub u16, pub bool);

/// A message: by its number, or by its place in [`KINDS`], from, to, and which one.
#[derive(Serialize, Deserialize)]
pub enum Which {
    Id(u64),
    Nth(u8, u16, u16, u32),
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
