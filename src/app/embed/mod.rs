//! The page as a part of another page: the stage, a line of the story and a few controls.
//!
//! `www/embed.js` is the element that stands in the other page; `post` speaks with it. `dialog`
//! tells authors what to paste.

mod bar;
mod card;
mod chrome;
mod dialog;
mod post;
mod tell;

pub use chrome::embedded;
pub use dialog::{Author, dialog};
pub use post::Around;
