//! Drives the built site in a real browser, as a user would.
//!
//! A test is a [`story`]: it gets a [`Page`], does what a user does (presses a button by its name,
//! drags a process, types), and waits for what a user would see. Every story has its own site, and a
//! browser in which nobody has been, ends with an empty console or fails, and when it fails it says
//! what was done, what the page was like, and where the picture of it is.
//!
//! What only one browser understands is in `chromium`, `firefox` and `webkit`, of which `engine` has
//! the one that is asked for; everything else speaks W3C WebDriver.

mod blog;
mod chromium;
mod controls;
mod driver;
mod engine;
mod firefox;
mod gestures;
mod host;
mod page;
mod running;
mod site;
mod stage;
mod story;
mod webkit;
mod wire;

pub use blog::Blog;
pub use driver::built_site;
pub use gestures::{Pointer, key};
pub use host::Host;
pub use page::{Page, State};
pub use site::{Site, repository};
pub use stage::{Flight, LogRow, Message, Point};
pub use story::{story, story_on};
