//! Outlines around the quorums that form, with how many are missing.

use yew::prelude::*;

use crate::app::captions::CAPTION;
use crate::app::frame::Frame;
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
/// About the width of a character of a label, and half of its height.
const CHARACTER: f64 = 7.0;
const HALF_HEIGHT: f64 = 9.0;

/// What is written at a quorum, and where.
pub(super) struct Tag {
    at: Point,
    text: String,
    hue: &'static str,
}

impl Tag {
    /// The label's centre with half its width and height.
    pub(super) fn covers(&self) -> (Point, f64, f64) {
        (self.at, self.half_width(), HALF_HEIGHT)
    }

    fn half_width(&self) -> f64 {
        half_width(&self.text)
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

fn half_width(text: &str) -> f64 {
    text.chars().count() as f64 * CHARACTER / 2.0 + 6.0
}

/// Whether a label of this half width covers no process, none of their captions and no label.
fn is_free(at: Point, half: f64, figures: &[(Point, Shape)], tags: &[Tag]) -> bool {
    let apart = |(other, w, h): (Point, f64, f64)| {
        (other.x - at.x).abs() >= half + w || (other.y - at.y).abs() >= HALF_HEIGHT + h
    };
    let free = |&(place, shape): &(Point, Shape)| {
        let h = shape.half_height();
        let y = place.y + h + CAPTIONS * 0.8;
        apart((place, h * 0.85, h * 0.85)) && apart((Point { y, ..place }, CAPTION, CAPTIONS * 0.6))
    };
    figures.iter().all(free) && tags.iter().all(|tag| apart(tag.covers()))
}

/// The outlines and their labels.
pub(super) fn draw(
    look: &Look,
    all: &[Gathering],
    figures: &[(Point, Shape)],
    frame: Frame,
) -> (Html, Vec<Tag>) {
    let figure = |id: ProcessId| figures[usize::from(id.0)];
    let captions = frame.has_captions();
    let (width, below) = (frame.width, if captions { CAPTIONS } else { 0.0 });
    let mut tags: Vec<Tag> = Vec::new();
    let mut outline = |(index, gathering): (usize, &Gathering)| {
        let members = &gathering.members;
        if members.len() > MANY && !gathering.chosen {
            // No outline could be followed around so many: its proposer carries the count.
            let (Point { x, y }, shape) = figure(gathering.ballot.proposer);
            let text = words(look, gathering);
            let half = half_width(&text);
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
            let by_height = |a: &Point, b: &Point| a.y.total_cmp(&b.y);
            let ends = [
                (points.iter().copied().min_by(by_height), -room),
                // Its captions reach to the outline.
                (
                    points.iter().copied().max_by(by_height),
                    room + HALF_HEIGHT + 1.0,
                ),
            ];
            let text = words(look, gathering);
            let half = half_width(&text);
            // Above its highest member or below its lowest, or beside that.
            let mut places = ends.into_iter().flat_map(|(end, beyond)| {
                let place = |end: Point, aside: f64| Point {
                    x: within(end.x + aside * half, half, width - half),
                    y: within(end.y + beyond, 11.0, frame.height - 11.0),
                };
                let places = end.map(|end| [0.0, 0.8, -0.8].map(|aside| place(end, aside)));
                places.into_iter().flatten()
            });
            let first = places.next();
            let free = |at: &Point| !captions || is_free(*at, half, figures, &tags);
            if let Some(mut at) = first.filter(free).or_else(|| places.find(free)).or(first) {
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
