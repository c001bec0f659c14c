//! A run as a link: all that was chosen, as text that fits into an address.
//!
//! A link holds choices and no states: the cluster and its settings, the scenario's script, each
//! branch as its commands with their places, and the moment that is shown. To open it is to play
//! it again, so it shows what the sender saw, whatever may change about how states are stored.
//!
//! # The format
//!
//! The first character is the version. In version 1 the rest is base64url without padding, of what
//! `link/wire.rs` lists, and two bytes of checksum, so that what was cut off or mistyped on its way
//! is said to be just that.
//!
//! # Old links keep working
//!
//! Whatever decides how a run goes is in its link, also where it is as in a scenario of the
//! library, so a library that has changed since plays the same. Only what is there to be read
//! (title, summary, notes, expectations, the end) and where nobody has moved a process may be left
//! to the library's scenario of that id, as it is when the link is opened. The golden links of the
//! tests hold this to account.
//!
//! # Links from strangers
//!
//! A link is believed in nothing. It has a limit of characters, and of steps and events that it may
//! make to be played, which take about 50 ms in a browser; all else keeps to what a scenario file
//! may say. What is wrong is said in one sentence, and nothing of such a link is shown.

mod bytes;
mod read;
mod wire;
mod write;

use crate::scenario::{Place, ScenarioError};

use super::Run;

/// The most characters of a link. Browsers take far longer addresses; mail, chats and what else
/// carries links on their way often do not.
pub const LINK_LIMIT: usize = 8_000;
/// The most processes of a run in a link.
pub const LINK_PROCESSES: usize = 300;
/// Steps and events of all branches together that are played again.
const PLAYED: u64 = 50_000;

/// What every link of this version begins with.
const VERSION: char = '1';

impl Run {
    /// The run as a link, with its processes where they stand: what follows the `#` of an address.
    ///
    /// It may be too long to be opened: [`Run::from_link`] knows.
    pub fn to_link(&self, places: &[Place]) -> String {
        let mut bytes = write::run(self, places);
        bytes.extend(checksum(&bytes));
        let mut link = String::from(VERSION);
        bytes::to_characters(&bytes, &mut link);
        link
    }

    /// The run of a link.
    ///
    /// # Errors
    /// If it is no link of a version that is known, is damaged, says something impossible, or asks
    /// for more than the limits: a sentence that says what is wrong.
    pub fn from_link(link: &str) -> Result<Self, ScenarioError> {
        let wrong = |why: String| Err(ScenarioError(why));
        let length = link.chars().count();
        if length > LINK_LIMIT {
            return wrong(format!(
                "the link has {length} characters, and {LINK_LIMIT} is the limit"
            ));
        }
        let Some(rest) = link.strip_prefix(VERSION) else {
            let first: String = link.chars().take(1).collect();
            return wrong(format!(
                "the link begins with “{first}”, and the only version that is known is {VERSION}"
            ));
        };
        let Some(bytes) = bytes::from_characters(rest) else {
            return wrong(
                "the link is damaged: it is cut short or has characters of no link".into(),
            );
        };
        match bytes.split_last_chunk() {
            Some((said, sum)) if *sum == checksum(said) => read::run(said),
            _ => wrong("the link is damaged: some of it is missing or was changed".into()),
        }
    }
}

/// FNV-1a, folded to two bytes.
fn checksum(bytes: &[u8]) -> [u8; 2] {
    let sum = bytes.iter().fold(0x811c_9dc5_u32, |sum, byte| {
        (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
    });
    ((sum >> 16) as u16 ^ sum as u16).to_be_bytes()
}
