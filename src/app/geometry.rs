//! Where things are drawn: pure functions of places, sizes and time, in CSS pixels.

use std::fmt;

use crate::cluster::{Envelope, Roles};
use crate::decimal::Decimal;
use crate::scenario::{PLANE_HEIGHT, PLANE_WIDTH, Place};

use super::frame::Frame;

/// A point of the stage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// From the left edge.
    pub x: f64,
    /// From the top edge.
    pub y: f64,
}

/// As in a path: `12.5 40`.
impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", Decimal(self.x), Decimal(self.y))
    }
}

/// The nearest number from `low` to `high`. The standard library's own would panic if they are the
/// wrong way round, and only to word that it brings 20 KB along.
pub fn within(number: f64, low: f64, high: f64) -> f64 {
    number.min(high).max(low)
}

/// A length as an attribute.
pub fn px(length: f64) -> String {
    Decimal(length).to_string()
}

/// The outline of a process.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    /// An acceptor: a circle of this radius.
    Circle(f64),
    /// A proposer, or a process with several roles: a box of this half width and half height.
    Box(f64, f64),
    /// A learner: a square on its corner, of this half diagonal.
    Diamond(f64),
}

impl Shape {
    /// Half of the height.
    pub fn half_height(&self) -> f64 {
        match *self {
            Shape::Circle(r) | Shape::Diamond(r) => r,
            Shape::Box(_, half) => half,
        }
    }

    /// Half of the width.
    pub fn half_width(&self) -> f64 {
        match *self {
            Shape::Circle(half) | Shape::Diamond(half) | Shape::Box(half, _) => half,
        }
    }

    /// How far from the centre the outline is in the direction `(dx, dy)` of length 1.
    fn reach(&self, dx: f64, dy: f64) -> f64 {
        match *self {
            Shape::Circle(radius) => radius,
            Shape::Box(w, h) => (w / dx.abs().max(1e-9)).min(h / dy.abs().max(1e-9)),
            Shape::Diamond(half) => half / (dx.abs() + dy.abs()).max(1e-9),
        }
    }
}

/// The straight way of a message between the outlines of two processes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Way {
    /// Where it leaves.
    pub start: Point,
    /// Where it arrives.
    pub end: Point,
}

impl Way {
    /// The way from one outline to another; the gap keeps a message off the outlines.
    pub fn between(from: (Point, Shape), to: (Point, Shape), gap: f64) -> Way {
        let (dx, dy) = (to.0.x - from.0.x, to.0.y - from.0.y);
        let length = length(dx, dy).max(1e-9);
        let (ux, uy) = (dx / length, dy / length);
        let first = from.1.reach(ux, uy) + gap;
        let last = length - to.1.reach(ux, uy) - gap;
        // Shapes that touch leave no way: the message stays in the middle.
        let (first, last) = if first > last {
            (length / 2.0, length / 2.0)
        } else {
            (first, last)
        };
        let at = |distance: f64| Point {
            x: from.0.x + ux * distance,
            y: from.0.y + uy * distance,
        };
        Way {
            start: at(first),
            end: at(last),
        }
    }

    /// The point at this share of the way.
    pub fn at(&self, share: f64) -> Point {
        Point {
            x: self.start.x + (self.end.x - self.start.x) * share,
            y: self.start.y + (self.end.y - self.start.y) * share,
        }
    }
}

/// How much of its way a message has made at a time, from 0 to 1.
pub fn share(envelope: &Envelope, time: f64) -> f64 {
    let moved = f64::from(envelope.moved) / 1e6;
    if envelope.held {
        return moved;
    }
    let (since, arrives) = (envelope.since.0 as f64, envelope.arrives.0 as f64);
    if arrives <= since {
        return 1.0;
    }
    let passed = within((time - since) / (arrives - since), 0.0, 1.0);
    moved + (1.0 - moved) * passed
}

/// How long a way is; nothing on the screen needs more than the plain formula.
pub fn length(dx: f64, dy: f64) -> f64 {
    (dx * dx + dy * dy).sqrt()
}

/// An outline around some points with room around each: the path of their convex hull, rounded.
pub fn hull_path(points: &[Point], room: f64) -> String {
    let hull = convex_hull(points);
    let (Some(&first), true) = (hull.first(), room > 0.0) else {
        return String::new();
    };
    let radius = Decimal(room);
    if hull.len() == 1 {
        let (x, y) = (first.x, first.y);
        return format!(
            "M{} {}a{radius} {radius} 0 1 1 {} 0a{radius} {radius} 0 1 1 {} 0Z",
            Decimal(x - room),
            Decimal(y),
            Decimal(2.0 * room),
            Decimal(-2.0 * room)
        );
    }
    let mut path = String::new();
    for (index, &from) in hull.iter().enumerate() {
        let to = hull[(index + 1) % hull.len()];
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        let long = length(dx, dy).max(1e-9);
        // The hull runs clockwise on the screen, so this normal points outwards.
        let (nx, ny) = (dy / long * room, -dx / long * room);
        let command = if index == 0 {
            "M".to_string()
        } else {
            format!("A{radius} {radius} 0 0 1 ")
        };
        path += &format!(
            "{command}{} {}L{} {}",
            Decimal(from.x + nx),
            Decimal(from.y + ny),
            Decimal(to.x + nx),
            Decimal(to.y + ny)
        );
        if index + 1 == hull.len() {
            let next = hull[1 % hull.len()];
            let (dx, dy) = (next.x - first.x, next.y - first.y);
            let long = length(dx, dy).max(1e-9);
            path += &format!(
                "A{radius} {radius} 0 0 1 {} {}Z",
                Decimal(first.x + dy / long * room),
                Decimal(first.y - dx / long * room)
            );
        }
    }
    path
}

/// The convex hull, clockwise on a screen whose y grows downwards (Andrew's monotone chain).
fn convex_hull(points: &[Point]) -> Vec<Point> {
    // They are few, and the library's sort for them would be one more on a first visit.
    let mut sorted: Vec<Point> = Vec::new();
    for &point in points {
        let at = sorted.partition_point(|other| (other.x, other.y) < (point.x, point.y));
        if sorted.get(at) != Some(&point) {
            sorted.insert(at, point);
        }
    }
    if sorted.len() < 3 {
        return sorted;
    }
    let cross =
        |o: Point, a: Point, b: Point| (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
    let mut hull: Vec<Point> = Vec::new();
    let mut chain = |points: &mut dyn Iterator<Item = Point>| {
        let base = hull.len();
        for point in points {
            while hull.len() >= base + 2
                && cross(hull[hull.len() - 2], hull[hull.len() - 1], point) <= 0.0
            {
                hull.pop();
            }
            hull.push(point);
        }
        hull.pop();
    };
    chain(&mut sorted.iter().copied());
    chain(&mut sorted.iter().rev().copied());
    hull
}

/// A place for one more process with these roles: proposers to the left, acceptors in the middle,
/// learners to the right, and as the stage is now away from all others and their captions.
pub fn free_place(frame: Frame, roles: Roles, taken: &[Place]) -> Place {
    const ENOUGH: f64 = 150.0;
    let room = if frame.compact() { 104.0 } else { 110.0 };
    let wanted = PLANE_WIDTH
        * match roles {
            Roles::LEARNER => 0.91,
            Roles::ACCEPTOR => 0.5,
            _ => 0.09,
        };
    let grid = (0..=12).flat_map(|column| (0..=8).map(move |row| (column, row)));
    let places = grid.map(|(column, row)| Place {
        x: PLANE_WIDTH * (0.04 + 0.92 * f64::from(column) / 12.0),
        y: PLANE_HEIGHT * (0.02 + 0.96 * f64::from(row) / 8.0),
    });
    let score = |place: Place| {
        let here = frame.point(place);
        let distance = |&other: &Place| {
            let there = frame.point(other);
            length(here.x - there.x, here.y - there.y)
        };
        let nearest = taken.iter().map(distance).fold(f64::MAX, f64::min);
        let home = frame.point(Place { x: wanted, ..place });
        let aside = length(here.x - home.x, here.y - home.y);
        // To touch another one is worse than to stand in another column.
        nearest.min(ENOUGH) - 0.3 * aside - 4.0 * (room - nearest).max(0.0)
    };
    places
        .max_by(|&a, &b| score(a).total_cmp(&score(b)))
        .expect("the grid has places")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::{MessageId, Millis};
    use crate::protocol::{Ballot, Message, ProcessId, Round};

    const FRAME: Frame = Frame::new(1068.0, 620.0);

    #[test]
    fn a_message_travels_from_outline_to_outline() {
        let at = |x, y| Point { x, y };
        let way = Way::between(
            (at(0.0, 0.0), Shape::Circle(30.0)),
            (at(100.0, 0.0), Shape::Box(20.0, 10.0)),
            0.0,
        );
        assert_eq!((way.start, way.end), (at(30.0, 0.0), at(80.0, 0.0)));
        assert_eq!(way.at(0.5), at(55.0, 0.0));
        let touching = Way::between(
            (at(0.0, 0.0), Shape::Circle(30.0)),
            (at(10.0, 0.0), Shape::Diamond(30.0)),
            0.0,
        );
        assert_eq!(touching.start, touching.end);
        assert!(touching.start.x.is_finite());
    }

    #[test]
    fn the_position_is_a_function_of_time() {
        let envelope = |sent, arrives| Envelope {
            id: MessageId(0),
            from: ProcessId(0),
            to: ProcessId(1),
            nth: 1,
            message: Message::Prepare {
                ballot: Ballot {
                    round: Round(1),
                    proposer: ProcessId(0),
                },
            },
            sent: Millis(sent),
            arrives: Millis(arrives),
            since: Millis(sent),
            moved: 0,
            held: false,
            copy: false,
        };
        assert_eq!(share(&envelope(10, 60), 0.0), 0.0);
        assert_eq!(share(&envelope(10, 60), 35.0), 0.5);
        assert_eq!(share(&envelope(10, 60), 99.0), 1.0);
        assert_eq!(share(&envelope(10, 10), 10.0), 1.0, "no division by zero");
    }

    #[test]
    fn a_hull_leaves_out_what_is_inside() {
        let at = |x, y| Point { x, y };
        let hull = convex_hull(&[
            at(0.0, 0.0),
            at(10.0, 0.0),
            at(10.0, 10.0),
            at(0.0, 10.0),
            at(5.0, 5.0),
        ]);
        assert_eq!(hull.len(), 4);
        assert!(!hull.contains(&at(5.0, 5.0)));
        for count in 0..4 {
            let points: Vec<Point> = (0..count).map(|n| at(f64::from(n) * 9.0, 0.0)).collect();
            let path = hull_path(&points, 8.0);
            assert_eq!(path.is_empty(), count == 0);
            assert!(!path.contains("NaN"), "{path}");
        }
    }

    #[test]
    fn places_for_new_processes_do_not_cover_old_ones() {
        let phone = Frame::new(390.0, 430.0);
        let mut few: Vec<Place> = crate::scenario::built_in("hello").unwrap().places;
        for _ in 0..3 {
            let place = free_place(phone, Roles::ACCEPTOR, &few);
            let here = phone.point(place);
            for &other in &few {
                let there = phone.point(other);
                assert!(length(here.x - there.x, here.y - there.y) > 74.0);
            }
            few.push(place);
        }
        let mut taken = Vec::new();
        for number in 0..20 {
            let roles = [Roles::PROPOSER, Roles::ACCEPTOR, Roles::LEARNER][number % 3];
            let place = free_place(FRAME, roles, &taken);
            for other in &taken {
                let Place { x, y } = *other;
                assert!(
                    length(place.x - x, place.y - y) > 60.0,
                    "{taken:?} {place:?}"
                );
            }
            taken.push(place);
        }
    }
}
