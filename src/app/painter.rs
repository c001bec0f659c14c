//! Sets what moves with every frame directly on the nodes: positions of messages, and the time.

use std::cell::{Cell, RefCell};

use web_sys::Element;
use yew::prelude::*;

use crate::cluster::Envelope;
use crate::protocol::Kind;

use super::dom::root;
use super::geometry::{Point, Way, px, share, within};
use super::keyed::{Keyed, Moulds};
use super::timeline::Scale;

/// A message on the stage: its node is the child of the layer at the same position.
#[derive(Clone, Debug, PartialEq)]
pub struct Flight {
    /// The message.
    pub envelope: Envelope,
    /// Its way.
    pub way: Way,
    /// Half the width of its label.
    pub half_width: f64,
    /// What is written on it; nothing where there is no room.
    pub text: String,
    /// The class of its ballot.
    pub hue: &'static str,
    /// Whether its card is open.
    pub selected: bool,
}

/// All that the node of a message shows but its number.
#[derive(Clone, Debug, PartialEq)]
pub struct Signature {
    /// Its kind.
    pub kind: Kind,
    /// Whether it is a copy.
    pub copy: bool,
    /// Whether it is held.
    pub held: bool,
    /// Whether its card is open.
    pub selected: bool,
    /// What is written on it.
    pub text: String,
    /// Half the width of that.
    pub half_width: f64,
    /// The class of its ballot.
    pub hue: &'static str,
}

impl Flight {
    /// What its node shows: as long as this stays, the node does.
    pub fn signature(&self) -> Signature {
        let Envelope {
            message,
            copy,
            held,
            ..
        } = self.envelope;
        Signature {
            kind: message.kind(),
            copy,
            held,
            selected: self.selected,
            text: self.text.clone(),
            half_width: self.half_width,
            hue: self.hue,
        }
    }
}

/// Half the height of a label.
pub const HALF_HEIGHT: f64 = 14.0;
/// Of more messages than this, half move with each frame.
const MANY: usize = 300;
/// From so many messages on, labels would only hide each other.
const CROWD: usize = 60;

/// Knows the nodes that move.
#[derive(Default)]
pub struct Painter {
    /// The group whose children are the messages.
    pub layer: NodeRef,
    /// Where the time is written.
    pub readout: NodeRef,
    /// The group that stands at the instant in the space-time diagram.
    pub cursor: NodeRef,
    /// Where times are there.
    pub scale: Cell<Option<Scale>>,
    /// The nodes of the messages.
    pub nodes: Keyed<Signature>,
    /// What they are made after.
    pub moulds: Moulds<Signature>,
    /// Whose turn it is to move, where there are very many.
    turn: Cell<bool>,
    /// What is in the layer, in its order.
    pub flights: RefCell<Vec<Flight>>,
    /// Where labels should not come: around the processes.
    /// Centres with half widths and half heights.
    pub obstacles: RefCell<Vec<(Point, f64, f64)>>,
}

impl Painter {
    /// Draws what belongs to this instant, in virtual milliseconds.
    pub fn paint(&self, instant: f64) {
        self.draw(instant, |_| true);
    }

    /// The same while time passes: of very many messages every second one moves, by turns.
    pub fn animate(&self, instant: f64) {
        let turn = !self.turn.get();
        self.turn.set(turn);
        let many = self.flights.borrow().len() > MANY;
        self.draw(instant, |index| !many || (index % 2 == 0) == turn);
    }

    fn draw(&self, instant: f64, moves: impl Fn(usize) -> bool) {
        let whole = format!("{}", instant as u64);
        if let Some(root) = root() {
            set(&root, "data-time", &whole);
        }
        if let Some(readout) = self.readout.cast::<Element>() {
            readout.set_text_content(Some(&format!("{whole} ms")));
        }
        self.point(instant);
        let flights = self.flights.borrow();
        let mut shown: Vec<(Point, f64, f64)> = self.obstacles.borrow().clone();
        self.nodes.each(|index, child| {
            let Some(flight) = flights.get(index) else {
                return;
            };
            if child.last.get().is_some() && !moves(index) {
                return;
            }
            let point = flight.way.at(share(&flight.envelope, instant));
            // Labels give way to what is there already; the sign of the message stays.
            let size = (flight.half_width, HALF_HEIGHT);
            let quiet = flight.text.is_empty()
                || flights.len() > CROWD
                || shown.iter().any(|&(other, w, h)| {
                    (point.x - other.x).abs() < size.0 + w && (point.y - other.y).abs() < size.1 + h
                });
            if !quiet {
                shown.push((point, size.0, size.1));
            }
            // To ask the node what it is would take longer than to set it.
            let (node, before) = (&child.node, child.last.get());
            if before.is_none_or(|(x, y, _)| (x, y) != (point.x, point.y)) {
                child.put(point.x, point.y);
            }
            if before.is_none_or(|(_, _, was)| was) != quiet {
                let _ = node.set_attribute("data-quiet", if quiet { "true" } else { "false" });
            }
            child.last.set(Some((point.x, point.y, quiet)));
        });
    }

    /// Puts the cursor of the space-time diagram where this instant is.
    pub fn point(&self, instant: f64) {
        if let (Some(cursor), Some(scale)) = (self.cursor.cast::<Element>(), self.scale.get()) {
            let x = within(scale.x(instant), scale.left, scale.right);
            set(&cursor, "transform", &format!("translate({})", px(x)));
        }
    }
}

/// Sets an attribute unless it is so already: setting makes the browser work even then.
fn set(node: &Element, name: &str, value: &str) {
    if node.get_attribute(name).as_deref() != Some(value) {
        let _ = node.set_attribute(name, value);
    }
}
