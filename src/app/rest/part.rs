//! The parts of the page that the rest draws.

use std::rc::Rc;

use yew::prelude::*;

use crate::app::address::Wanted;
use crate::app::cards::{link_card, message_card};
use crate::app::check::Check;
use crate::app::embed::{Around, Author, embedded};
use crate::app::goals::{goal_card, goal_list};
use crate::app::help::Help;
use crate::app::inflight::in_flight;
use crate::app::inspector::Inspector;
use crate::app::library::Library;
use crate::app::network::Network;
use crate::app::painter::Painter;
use crate::app::share::Share;
use crate::app::state::{Dispatch, Page, Thing};
use crate::app::why::{badge, holdings, rules};

/// A part, with what it needs.
#[derive(Clone, Copy)]
pub enum Part<'a> {
    /// What the page has to do with what is around it; nothing is seen of it.
    Around(&'a Page, &'a Dispatch, &'a Rc<Wanted>),
    /// All of a page that is part of another one, with its stage and its timeline.
    Embedded(&'a Page, &'a Dispatch, &'a Painter, &'a Html, &'a Html),
    /// Which invariants are broken.
    Badge(&'a Page, &'a Dispatch),
    /// The goal that the reader is after.
    Goal(&'a Page, &'a Dispatch, &'a Callback<MouseEvent>),
    /// All goals.
    Goals(&'a Page, &'a Dispatch, &'a Callback<()>),
    /// The network's card.
    Network(&'a Page, &'a Dispatch, &'a Callback<()>),
    /// The check, which may begin at once.
    Check(&'a Page, &'a Dispatch, bool, &'a Callback<()>),
    /// The card of a thing.
    Card(&'a Page, &'a Dispatch, Thing),
    /// The rules.
    Rules(&'a Page, &'a Dispatch),
    /// What is on its way.
    InFlight(&'a Page, &'a Dispatch),
    /// What every process holds.
    Holdings(&'a Page),
    /// What is in the dialogs.
    Library(&'a Page, &'a Dispatch),
    /// The same.
    Share(&'a Page),
    /// The same.
    Author,
    /// The same.
    Help,
}

impl Part<'_> {
    /// Whether nobody misses it while nothing was done.
    pub fn is_quiet(self) -> bool {
        matches!(self, Part::Around(..) | Part::Badge(..) | Part::Goal(..))
    }
}

pub(super) fn draw(part: Part) -> Html {
    match part {
        Part::Around(page, dispatch, wanted) => html! {
            <Around page={page.clone()} dispatch={dispatch.clone()} wanted={wanted.clone()} />
        },
        Part::Embedded(page, dispatch, painter, stage, timeline) => {
            embedded(page, dispatch, painter, stage, timeline)
        }
        Part::Badge(page, dispatch) => badge(page, dispatch),
        Part::Goal(page, dispatch, oncheck) => goal_card(page, dispatch, oncheck),
        Part::Goals(page, dispatch, onclose) => goal_list(page, dispatch, onclose),
        Part::Network(page, dispatch, onclose) => html! {
            <Network page={page.clone()} dispatch={dispatch.clone()} onclose={onclose.clone()} />
        },
        Part::Check(page, dispatch, begins, onclose) => html! {
            <Check page={page.clone()} dispatch={dispatch.clone()} {begins} onclose={onclose.clone()} />
        },
        Part::Card(page, dispatch, Thing::Process(process)) => html! {
            <Inspector page={page.clone()} dispatch={dispatch.clone()} {process} />
        },
        Part::Card(page, dispatch, Thing::Message(id)) => message_card(page, dispatch, id),
        Part::Card(page, dispatch, Thing::Link(one, other)) => {
            link_card(page, dispatch, one, other)
        }
        Part::Rules(page, dispatch) => rules(page, dispatch),
        Part::InFlight(page, dispatch) => in_flight(page, dispatch),
        Part::Holdings(page) => holdings(page),
        Part::Library(page, dispatch) => html! {
            <Library page={page.clone()} dispatch={dispatch.clone()} />
        },
        Part::Share(page) => html! { <Share page={page.clone()} /> },
        Part::Author => html! { <Author /> },
        Part::Help => html! { <Help /> },
    }
}
