//! Outlines around the quorums that form, with how many are missing.

use yew::prelude::*;

use crate::app::gathering::{Deed, Gathering};
use crate::app::geometry::{Point, Shape, hull_path, px, within};
use crate::app::look::Look;
use crate::protocol::ProcessId;

/// Room around the members of a quorum, beyond their shapes; each further one has more of it, so
/// that two outlines around the same acceptors can be told apart.
const ROOM: f64 = 12.0;
const MORE_ROOM: f64 = 7.0;
/// How far the captions of an acceptor reach below its shape.
pub(super) const CAPTIONS: f64 = 30.0;
/// A quorum of more members than this is told by their marks alone.
const MANY: usize = 12;
/// About the width of a character of a label.
const CHARACTER: f64 = 7.0;

/// What is written at a quorum, and where.
pub(super) struct Tag {
    at: Point,
    text: String,
    hue: &'static str,
}

impl Tag {
    /// The label's centre with half its width and height.
    pub(super) fn covers(&self) -> (Point, f64, f64) {
        (self.at, self.half_width(), 9.0)
    }

    fn half_width(&self) -> f64 {
        self.text.chars().count() as f64 * CHARACTER / 2.0 + 6.0
    }

    pub(super) fn draw(&self) -> Html {
        let (x, y, w) = (self.at.x, self.at.y, self.half_width());
        html! {
            <g class={classes!("tag", self.hue)}>
                <rect class="plate" x={px(x - w)} y={px(y - 9.0)} width={px(2.0 * w)} height="18" rx="9" />
                <text x={px(x)} y={px(y + 4.0)}>{ &self.text }</text>
            </g>
        }
    }
}

/// The outlines and their labels.
pub(super) fn draw(
    look: &Look,
    all: &[Gathering],
    captions: bool,
    width: f64,
    figure: impl Fn(ProcessId) -> (Point, Shape),
) -> (Html, Vec<Tag>) {
    let below = if captions { CAPTIONS } else { 0.0 };
    let mut tags: Vec<Tag> = Vec::new();
    let mut outline = |(index, gathering): (usize, &Gathering)| {
        let members = &gathering.members;
        if members.len() > MANY && !gathering.chosen {
            // No outline could be followed around so many: its proposer carries the count.
            let (Point { x, y }, shape) = figure(gathering.ballot.proposer);
            let text = words(look, gathering);
            let half = text.chars().count() as f64 * CHARACTER / 2.0 + 6.0;
            let at = Point {
                x: within(x, half, width - half),
                y: (y - shape.half_height() - 14.0).max(11.0),
            };
            let hue = look.hue(gathering.ballot);
            tags.push(Tag { at, text, hue });
        }
        if members.len() > MANY || members.is_empty() {
            return Html::default();
        }
        let room = ROOM + MORE_ROOM * index as f64;
        let points: Vec<Point> = members
            .iter()
            .map(|&id| figure(id).0)
            .flat_map(|at| {
                [
                    at,
                    Point {
                        y: at.y + below,
                        ..at
                    },
                ]
            })
            .collect();
        let shapes = members.iter().map(|&id| figure(id).1.half_height());
        let room = shapes.fold(0.0, f64::max) + room;
        let d = hull_path(&points, room);
        let hue = look.hue(gathering.ballot);
        if !gathering.chosen {
            let top = points.iter().copied().min_by(|a, b| a.y.total_cmp(&b.y));
            if let Some(top) = top {
                let text = words(look, gathering);
                let half = text.chars().count() as f64 * CHARACTER / 2.0 + 6.0;
                let mut at = Point {
                    x: within(top.x, half, width - half),
                    y: (top.y - room).max(11.0),
                };
                // Below another label, if it would cover it.
                while let Some(other) = tags.iter().find(|other| {
                    (other.at.y - at.y).abs() < 19.0
                        && (other.at.x - at.x).abs() < half + other.half_width()
                }) {
                    at.y = other.at.y + 20.0;
                }
                tags.push(Tag { at, text, hue });
            }
        }
        let class = classes!(
            hue,
            if gathering.chosen {
                "chosen"
            } else {
                "forming"
            }
        );
        html! { <path {class} {d} /> }
    };
    let drawn = all.iter().enumerate().map(&mut outline).collect();
    (drawn, tags)
}

fn words(look: &Look, gathering: &Gathering) -> String {
    let ballot = look.names.ballot_text(gathering.ballot);
    let (one, many) = match gathering.deed {
        Deed::Promise => ("promise", "promises"),
        Deed::Vote => ("vote", "votes"),
    };
    match gathering.missing() {
        0 => format!("{ballot}: quorum of {many}"),
        1 => format!("{ballot}: 1 {one} missing"),
        missing => format!("{ballot}: {missing} {many} missing"),
    }
}
