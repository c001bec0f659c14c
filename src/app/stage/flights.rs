//! The messages in flight: shape by kind, colour and pattern by ballot.
//!
//! Round means phase 1 and square phase 2; hollow is a question and full is an answer. A `Nack`
//! has six corners. The painter moves the nodes; nothing here depends on the time.

use yew::prelude::*;

use crate::app::frame::Frame;
use crate::app::geometry::{Point, Way, px};
use crate::app::look::Look;
use crate::app::painter::{Flight, HALF_HEIGHT};
use crate::cluster::{Envelope, Part};
use crate::protocol::{Kind, Message};

/// Width of a character of a label, and the room at its ends.
const CHARACTER: f64 = 7.6;
/// Half the size of the sign that stays where there is no room for a label.
const SIGN: f64 = 8.0;

/// The text of a message's label.
pub(super) fn label(look: &Look, message: &Message, frame: Frame) -> String {
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

pub(super) fn flight(look: &Look, envelope: Envelope, way: Way, frame: Frame) -> Flight {
    let text = label(look, &envelope.message, frame);
    let ends = if frame.compact() { 8.0 } else { 14.0 };
    Flight {
        envelope,
        way,
        half_width: (text.chars().count() as f64 * CHARACTER) / 2.0 + ends,
    }
}

pub(super) fn draw(look: &Look, flight: &Flight, frame: Frame, selected: bool) -> Html {
    let message = &flight.envelope.message;
    let kind = message.kind();
    let Envelope { held, copy, .. } = flight.envelope;
    let class = classes!(
        "flight",
        kind.name(),
        look.hue(message.ballot()),
        held.then_some("held"),
        copy.then_some("copy"),
        selected.then_some("selected"),
    );
    let (w, h) = (flight.half_width, HALF_HEIGHT);
    // What stands still has the sign of a pause at its end, a copy a second outline.
    let marks = |w: f64, h: f64| {
        html! {
            <>
                if copy { <g transform="translate(4 -4)">{ body(kind, w, h) }</g> }
                if held { <path class="stopped" d={format!("M{} -5v10M{} -5v10", px(w + 5.0), px(w + 9.5))} /> }
            </>
        }
    };
    html! {
        <g key={flight.envelope.id.0.to_string()} {class} data-flight={flight.envelope.id.0.to_string()}>
            <circle class="touch" r="20" />
            <g class="label">
                { marks(w, h) }
                { body(kind, w, h) }
                { inlay(kind, w - 3.5, h - 3.5) }
                <text y="4.5">{ label(look, message, frame) }</text>
            </g>
            <g class="sign">{ marks(SIGN, SIGN) }{ body(kind, SIGN, SIGN) }</g>
        </g>
    }
}

/// The line inside a full message that carries its ballot's pattern.
fn inlay(kind: Kind, w: f64, h: f64) -> Html {
    let rx = match kind {
        Kind::Promise => h,
        Kind::Accepted => 1.0,
        Kind::Prepare | Kind::Accept | Kind::Nack => return Html::default(),
    };
    html! {
        <rect class="inlay" x={px(-w)} y={px(-h)}
            width={px(2.0 * w)} height={px(2.0 * h)} rx={px(rx)} />
    }
}

fn body(kind: Kind, w: f64, h: f64) -> Html {
    match kind {
        Kind::Nack => {
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
            html! { <polygon class="body" {points} /> }
        }
        _ => {
            let round = matches!(kind, Kind::Prepare | Kind::Promise);
            let rx = if round { h } else { 2.0 };
            html! {
                <rect class="body" x={px(-w)} y={px(-h)}
                    width={px(2.0 * w)} height={px(2.0 * h)} rx={px(rx)} />
            }
        }
    }
}
