//! What a scenario file may not exceed. They are far above what a person writes, and far below
//! what would keep a reader waiting.

/// Bytes of the whole file.
pub const FILE: usize = 1_000_000;
/// Bytes of a session that is kept, which bounds all that is in it.
pub const KEPT: usize = 5_000_000;
/// Characters of an id.
pub const ID: usize = 60;
/// Characters of a title, of the scenario or of a note.
pub const TITLE: usize = 120;
/// Characters of a summary, or of the text of a note.
pub const TEXT: usize = 2_000;
/// Characters of a value, typed or from a file.
pub const VALUE: usize = 100_000;
/// Characters of the name of a process.
pub const NAME: usize = crate::cluster::NAME_LIMIT;
/// Processes.
pub const PROCESSES: usize = crate::cluster::PROCESS_LIMIT;
/// Entries of the script.
pub const SCRIPT: usize = 10_000;
/// Notes.
pub const NOTES: usize = 1_000;
/// Any time or delay, in milliseconds: more than eleven days.
pub const MILLIS: u32 = 1_000_000_000;
/// No time of a session is later, in milliseconds: no clock of a browser can show more.
pub const LATEST: u64 = 1 << 53;
/// The highest seed: the last whole number that every reader of JSON takes as it is.
pub const SEED: u64 = (1 << 53) - 1;
/// The highest number of a message among those of its kind between two processes.
pub const NTH: u32 = 1_000_000;
