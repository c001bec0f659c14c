//! The messages in flight: shape by kind, colour and pattern by ballot.
//!
//! Round means phase 1 and square phase 2; hollow is a question and full is an answer. A `Nack`
//! has six corners. Their nodes are made once and the painter moves them; nothing here depends on
//! the time.

use web_sys::{Document, Element};

use crate::app::frame::Frame;
use crate::app::geometry::{Point, Way, px};
use crate::app::keyed::{Moulds, drawn, set_all};
use crate::app::look::Look;
use crate::app::painter::{Flight, HALF_HEIGHT, Signature};
use crate::cluster::{Envelope, Part};
use crate::protocol::{Kind, Message};

/// Width of a character of a label, and the room at its ends.
const CHARACTER: f64 = 7.6;
/// Half the size of the sign that stays where there is no room for a label.
const SIGN: f64 = 8.0;

/// The text of a message's label.
fn label(look: &Look, message: &Message, frame: Frame) -> String {
    if frame.compact() {
        let word = match message.kind() {
            Kind::Prepare => "Prepare",
            Kind::Promise => "Promise",
            Kind::Accept => "Accept",
            Kind::Accepted => "Accepted",
            Kind::Nack => "Nack",
        };
        return format!("{word} {}", look.names.ballot_text(message.ballot()));
    }
    match look.names.message(message) {
        Part::Message(_, text) => text,
        _ => String::new(),
    }
}

/// How a message is drawn; it has no label where there is no room for any.
pub(super) fn flight(
    look: &Look,
    envelope: Envelope,
    way: Way,
    frame: Frame,
    selected: bool,
) -> Flight {
    let text = if frame.has_captions() {
        label(look, &envelope.message, frame)
    } else {
        String::new()
    };
    let ends = if frame.compact() { 8.0 } else { 14.0 };
    Flight {
        half_width: (text.chars().count() as f64 * CHARACTER) / 2.0 + ends,
        hue: look.hue(envelope.message.ballot()),
        envelope,
        way,
        text,
        selected,
    }
}

/// The node of a message.
pub(super) fn node(
    document: &Document,
    moulds: &Moulds<Signature>,
    flight: &Flight,
) -> Option<Element> {
    let node = moulds.cast(&flight.signature(), || mould(document, flight))?;
    let id = flight.envelope.id.0.to_string();
    node.set_attribute("data-flight", &id).ok()?;
    Some(node)
}

/// What it shows but its number.
fn mould(document: &Document, flight: &Flight) -> Option<Element> {
    let Signature {
        kind, copy, held, ..
    } = flight.signature();
    let mut class = format!("flight {} {}", kind.name(), flight.hue);
    for (is, name) in [
        (held, " held"),
        (copy, " copy"),
        (flight.selected, " selected"),
    ] {
        if is {
            class += name;
        }
    }
    // Where it is and whether its label is hidden is the painter's, which begins with this.
    let begin = [("transform", "translate(0)"), ("data-quiet", "true")];
    let whole = drawn(document, "g", &begin)?;
    whole.set_attribute("class", &class).ok()?;
    let add = |parent: &Element, child: Option<Element>| {
        if let Some(child) = child {
            let _ = parent.append_child(&child);
        }
    };
    add(
        &whole,
        drawn(document, "circle", &[("class", "touch"), ("r", "20")]),
    );
    let part = |name: &str, w: f64, h: f64| {
        let group = drawn(document, "g", &[("class", name)])?;
        if copy {
            let behind = drawn(document, "g", &[("transform", "translate(4 -4)")])?;
            add(&behind, body(document, kind, w, h));
            add(&group, Some(behind));
        }
        if held {
            let d = format!("M{} -5v10M{} -5v10", px(w + 5.0), px(w + 9.5));
            add(
                &group,
                drawn(document, "path", &[("class", "stopped"), ("d", &d)]),
            );
        }
        add(&group, body(document, kind, w, h));
        Some(group)
    };
    if !flight.text.is_empty() {
        let (w, h) = (flight.half_width, HALF_HEIGHT);
        if let Some(label) = part("label", w, h) {
            // The line inside a full message that carries its ballot's pattern.
            let radius = match kind {
                Kind::Promise => Some(h),
                Kind::Accepted => Some(1.0),
                _ => None,
            };
            if let Some(radius) = radius {
                add(
                    &label,
                    rectangle(document, "inlay", w - 3.5, h - 3.5, radius),
                );
            }
            let text = drawn(document, "text", &[("y", "4.5")])?;
            text.set_text_content(Some(&flight.text));
            add(&label, Some(text));
            add(&whole, Some(label));
        }
    }
    add(&whole, part("sign", SIGN, SIGN));
    Some(whole)
}

fn rectangle(document: &Document, class: &str, w: f64, h: f64, radius: f64) -> Option<Element> {
    let rectangle = drawn(document, "rect", &[("class", class)])?;
    set_all(
        &rectangle,
        &[
            ("x", &px(-w)),
            ("y", &px(-h)),
            ("width", &px(2.0 * w)),
            ("height", &px(2.0 * h)),
            ("rx", &px(radius)),
        ],
    );
    Some(rectangle)
}

fn body(document: &Document, kind: Kind, w: f64, h: f64) -> Option<Element> {
    if kind != Kind::Nack {
        let round = matches!(kind, Kind::Prepare | Kind::Promise);
        return rectangle(document, "body", w, h, if round { h } else { 2.0 });
    }
    let cut = h * 0.6;
    let corners = [
        (-w, 0.0),
        (cut - w, h),
        (w - cut, h),
        (w, 0.0),
        (w - cut, -h),
        (cut - w, -h),
    ];
    let points: String = corners
        .iter()
        .map(|&(x, y)| format!("{} ", Point { x, y }))
        .collect();
    drawn(
        document,
        "polygon",
        &[("class", "body"), ("points", &points)],
    )
}
