//! What the checker finds: every state and no other, and the shortest way to each violation.

mod counts;
mod replays;
mod threads;
mod violations;
