//! The network's settings.

use crate::protocol::ProcessId;

use super::SetupError;

/// A range from which delays are drawn evenly, in milliseconds, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DelayRange {
    shortest: u32,
    longest: u32,
}

impl DelayRange {
    /// A range.
    ///
    /// # Errors
    /// If it is upside down.
    pub fn new(shortest: u32, longest: u32) -> Result<Self, SetupError> {
        if shortest > longest {
            return Err(SetupError::DelayRange { shortest, longest });
        }
        Ok(Self { shortest, longest })
    }

    /// The shortest delay.
    pub fn shortest(self) -> u32 {
        self.shortest
    }

    /// The longest delay.
    pub fn longest(self) -> u32 {
        self.longest
    }
}

/// 40 to 80 ms: far enough apart that messages overtake each other.
impl Default for DelayRange {
    fn default() -> Self {
        Self {
            shortest: 40,
            longest: 80,
        }
    }
}

/// A probability, in parts per million, so that no rounding differs between machines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Chance(u32);

impl Chance {
    /// It never happens.
    pub const NEVER: Chance = Chance(0);
    /// It always happens.
    pub const CERTAIN: Chance = Chance(1_000_000);

    /// So many parts per million; `None` for more than a million.
    pub fn per_million_of(parts: u32) -> Option<Self> {
        (parts <= Self::CERTAIN.0).then_some(Self(parts))
    }

    /// How many parts per million.
    pub fn per_million(self) -> u32 {
        self.0
    }
}

/// How messages between different processes travel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Network {
    /// How long they take, on links without a range of their own.
    pub delay: DelayRange,
    /// How likely one is lost on its way.
    pub loss: Chance,
    /// How likely the network makes a second one of it, which then travels by itself.
    pub duplicate: Chance,
    /// Whether every message is held as soon as it is sent, until somebody lets it go.
    pub hold: bool,
}

impl Network {
    /// A network with delays drawn evenly from this range, in milliseconds, both ends included,
    /// that loses and doubles nothing.
    ///
    /// # Errors
    /// If the range is upside down.
    pub fn with_delay(shortest: u32, longest: u32) -> Result<Self, SetupError> {
        Ok(Self {
            delay: DelayRange::new(shortest, longest)?,
            ..Self::default()
        })
    }

    /// The range of delays, in milliseconds, both ends included.
    pub fn delay(&self) -> (u32, u32) {
        (self.delay.shortest, self.delay.longest)
    }

    /// These settings with some of them changed.
    pub fn changed(self, change: &NetworkChange) -> Self {
        Self {
            delay: change.delay.unwrap_or(self.delay),
            loss: change.loss.unwrap_or(self.loss),
            duplicate: change.duplicate.unwrap_or(self.duplicate),
            ..self
        }
    }
}

/// New settings for a network; what is `None` stays. They hold for messages sent from then on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NetworkChange {
    /// How long messages take.
    pub delay: Option<DelayRange>,
    /// How likely a message is lost.
    pub loss: Option<Chance>,
    /// How likely a message is doubled.
    pub duplicate: Option<Chance>,
}

/// A way between two processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Link {
    /// One end; the sender, if only one direction is meant.
    pub from: ProcessId,
    /// The other end.
    pub to: ProcessId,
    /// Whether only the direction from `from` to `to` is meant.
    pub one_way: bool,
}

impl Link {
    /// The link in both directions.
    pub fn both_ways(from: ProcessId, to: ProcessId) -> Self {
        Self {
            from,
            to,
            one_way: false,
        }
    }

    /// The direction from one process to another.
    pub fn one_way(from: ProcessId, to: ProcessId) -> Self {
        Self {
            from,
            to,
            one_way: true,
        }
    }

    /// The directions that are meant: sender and receiver.
    pub fn directions(self) -> impl Iterator<Item = (ProcessId, ProcessId)> {
        let back = (!self.one_way).then_some((self.to, self.from));
        std::iter::once((self.from, self.to)).chain(back)
    }
}
