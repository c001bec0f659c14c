//! The network's settings.

use super::rng::Rng;
use super::{Millis, SetupError};

/// How messages between different processes travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    shortest: u32,
    longest: u32,
}

impl Network {
    /// A network with delays drawn evenly from this range, in milliseconds, both ends included.
    ///
    /// # Errors
    /// If the range is upside down.
    pub fn with_delay(shortest: u32, longest: u32) -> Result<Self, SetupError> {
        if shortest > longest {
            return Err(SetupError::DelayRange { shortest, longest });
        }
        Ok(Self { shortest, longest })
    }

    /// The range of delays, in milliseconds, both ends included.
    pub fn delay(&self) -> (u32, u32) {
        (self.shortest, self.longest)
    }

    pub(super) fn draw_delay(&self, rng: &mut Rng) -> Millis {
        Millis(u64::from(rng.between(self.shortest, self.longest)))
    }
}

/// 40 to 80 ms: far enough apart that messages overtake each other.
impl Default for Network {
    fn default() -> Self {
        Self {
            shortest: 40,
            longest: 80,
        }
    }
}
