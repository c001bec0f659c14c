//! The page.
pub fn run() {}
