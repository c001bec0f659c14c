//! What several tests share.
//!
//! Each test program uses its own part of it, so what is dead in one is alive in another.
#![allow(dead_code)]

pub mod library;
pub mod play;
pub mod schedule;
pub mod seeds;
pub mod stage;
pub mod voyage;
pub mod watch;
