//! Seeking equals playing: sessions against an oracle that knows no keyframes and no branches.

mod long;
mod plays;
mod random;
mod world;
