//! Stories of people who use the playground, told in a real browser.
//!
//! `script/test` runs them all; `cargo test -p site-tests opening` those of one file, on the site
//! that is in `dist`.

mod article;
mod breaking;
mod building;
mod calm;
mod checking;
mod embedded;
mod embedding;
mod enduring;
mod failing;
mod harness;
mod hearing;
mod hostile;
mod keeping;
mod keyboard;
mod lazy;
mod library;
mod module;
mod offline;
mod opening;
mod playing;
mod proposing;
mod reaching;
mod sharing;
mod telling;
mod timeline;
mod touching;
mod why;
