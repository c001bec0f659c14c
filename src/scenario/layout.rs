//! Where processes stand if a file does not say so: proposers left, learners right, and acceptors
//! between them on an arc, so that they are the corners of a convex figure and none hides in a
//! quorum of others.

use std::f64::consts::TAU;

use crate::cluster::ProcessSpec;

use super::{PLANE_HEIGHT, PLANE_WIDTH, Place};

/// Acceptors up to this many stand on an open arc, more on a closed one.
const OPEN: usize = 5;
/// More acceptors than this stand in rows: on an ellipse they would touch.
const ROUND: usize = 25;
/// The rows of a column of proposers or learners.
const ROWS: usize = 10;

/// A place for each process.
pub fn tidy(processes: &[ProcessSpec]) -> Vec<Place> {
    let count = |wanted: fn(&ProcessSpec) -> bool| processes.iter().filter(|p| wanted(p)).count();
    let acceptors = count(|spec| spec.roles.acceptor);
    let proposers = count(is_left);
    let learners = processes.len() - acceptors - proposers;
    let alone = proposers + learners == 0;
    let (mut left, mut middle, mut right) = (0, 0, 0);
    let next = |number: &mut usize| {
        *number += 1;
        *number - 1
    };
    processes
        .iter()
        .map(|spec| {
            if spec.roles.acceptor && acceptors > ROUND {
                in_rows(next(&mut middle), acceptors)
            } else if spec.roles.acceptor {
                on_arc(next(&mut middle), acceptors, alone)
            } else if is_left(spec) {
                in_column(next(&mut left), proposers, 90.0, 55.0)
            } else {
                in_column(next(&mut right), learners, PLANE_WIDTH - 90.0, -55.0)
            }
        })
        .collect()
}

fn is_left(spec: &ProcessSpec) -> bool {
    spec.roles.proposer && !spec.roles.acceptor
}

/// An arc that bulges to the right like a bow drawn by the proposers; a whole ellipse if there are
/// many, or nobody else.
fn on_arc(index: usize, count: usize, alone: bool) -> Place {
    let (x, turn, wide) = if count > OPEN || alone {
        let turn = index as f64 / count as f64 - 0.25;
        (0.5, turn, 240.0)
    } else {
        let share = (index as f64 + 0.5) / count as f64 - 0.5;
        (0.42, share / 2.0, 190.0)
    };
    place(
        PLANE_WIDTH * x + wide * sine(turn + 0.25),
        PLANE_HEIGHT / 2.0 + 230.0 * sine(turn),
    )
}

/// In rows as even as they can be, every second one shifted a little, so that links can be told
/// from each other.
fn in_rows(index: usize, count: usize) -> Place {
    let wide = (1..count).find(|wide| wide * wide >= count);
    let wide = wide.unwrap_or(1);
    let rows = count.div_ceil(wide);
    let (row, column) = (index / wide, index % wide);
    let shift = if row % 2 == 0 { 0.25 } else { 0.75 };
    let across = (column as f64 + shift) / wide as f64;
    let down = (row as f64 + 0.5) / rows as f64;
    place(PLANE_WIDTH * (0.19 + 0.62 * across), PLANE_HEIGHT * down)
}

/// The sine of a part of a full turn, to far below a pixel: a series is much smaller than what the
/// standard library has for angles of any size.
fn sine(turn: f64) -> f64 {
    let part = turn - (turn + 0.5).floor();
    // Of the two halves of a half turn, the one near 0.
    let part = part.min(0.5 - part).max(-0.5 - part);
    let angle = TAU * part;
    let square = angle * angle;
    let series = [-110.0, -72.0, -42.0, -20.0, -6.0];
    angle
        * series
            .iter()
            .fold(1.0, |sum, step| 1.0 + sum * square / step)
}

/// Evenly from top to bottom, in as many columns as it takes.
fn in_column(index: usize, count: usize, x: f64, aside: f64) -> Place {
    let columns = count.div_ceil(ROWS);
    let rows = count.div_ceil(columns);
    let (column, row) = (index / rows, index % rows);
    let here = rows.min(count - column * rows);
    let y = PLANE_HEIGHT * (row as f64 + 0.5) / here as f64;
    // Ever closer, so that any number fits before the acceptors begin.
    let aside = aside * column as f64 * (3.0 / columns as f64).min(1.0);
    place(x + aside, y)
}

fn place(x: f64, y: f64) -> Place {
    Place {
        x: x.round().clamp(0.0, PLANE_WIDTH),
        y: y.round().clamp(0.0, PLANE_HEIGHT),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::Roles;

    fn cast(proposers: usize, acceptors: usize, learners: usize) -> Vec<ProcessSpec> {
        let roles = [
            (proposers, Roles::PROPOSER),
            (acceptors, Roles::ACCEPTOR),
            (learners, Roles::LEARNER),
        ];
        let all = roles.iter().flat_map(|&(count, roles)| vec![roles; count]);
        all.map(|roles| ProcessSpec {
            name: "".into(),
            roles,
        })
        .collect()
    }

    /// Whether the way around the points always turns to the same side.
    fn is_convex(points: &[Place]) -> bool {
        let count = points.len();
        (0..count).all(|at| {
            let [a, b, c] = [0, 1, 2].map(|ahead| points[(at + ahead) % count]);
            (b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x) > 0.0
        })
    }

    #[test]
    fn acceptors_are_the_corners_of_a_convex_figure_between_the_others() {
        for acceptors in 3..=25 {
            let places = tidy(&cast(2, acceptors, 2));
            let (left, rest) = places.split_at(2);
            let (middle, right) = rest.split_at(acceptors);
            assert!(is_convex(middle), "{middle:?}");
            let most = |x: &[Place]| x.iter().map(|place| place.x).fold(0.0, f64::max);
            let least = |x: &[Place]| x.iter().map(|place| place.x).fold(1e9, f64::min);
            assert!(most(left) + 90.0 < least(middle) && most(middle) + 90.0 < least(right));
        }
    }

    #[test]
    fn a_hundred_acceptors_stand_apart() {
        let places = tidy(&cast(1, 101, 1));
        for (index, one) in places.iter().enumerate() {
            for other in &places[..index] {
                let apart = (one.x - other.x).hypot(one.y - other.y);
                assert!(apart > 45.0, "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn every_second_row_is_shifted_to_the_right() {
        let places = [0, 10, 20].map(|first| in_rows(first, 100).x);
        assert_eq!(places, [206.0, 237.0, 206.0]);
    }

    #[test]
    fn up_to_25_processes_keep_their_distance() {
        for (p, a, l) in [
            (1, 3, 1),
            (2, 5, 2),
            (0, 7, 0),
            (5, 15, 5),
            (1, 1, 1),
            (3, 0, 0),
            (9, 7, 9),
        ] {
            let places = tidy(&cast(p, a, l));
            for (index, one) in places.iter().enumerate() {
                for other in &places[..index] {
                    let apart = (one.x - other.x).hypot(one.y - other.y);
                    assert!(apart > 55.0, "{p} {a} {l}: {one:?} {other:?}");
                }
            }
        }
    }

    #[test]
    fn any_number_of_processes_has_places_on_the_plane() {
        for places in [
            tidy(&cast(1_000, 0, 0)),
            tidy(&cast(300, 400, 300)),
            tidy(&[]),
        ] {
            let inside = |place: &Place| {
                (0.0..=PLANE_WIDTH).contains(&place.x) && (0.0..=PLANE_HEIGHT).contains(&place.y)
            };
            assert!(places.iter().all(inside));
        }
    }

    #[test]
    fn the_series_is_the_sine() {
        for part in -200..=200 {
            let turn = f64::from(part) / 64.0;
            let exact = (turn * TAU).sin();
            assert!((sine(turn) - exact).abs() < 1e-6, "{turn}: {}", sine(turn));
        }
    }

    fn points(processes: &[ProcessSpec]) -> Vec<(f64, f64)> {
        let places = tidy(processes).into_iter();
        places.map(|place| (place.x, place.y)).collect()
    }

    #[test]
    fn up_to_five_acceptors_are_a_bow_and_more_a_ring() {
        assert_eq!(
            points(&cast(1, 3, 1)),
            [
                (90.0, 300.0),
                (515.0, 101.0),
                (610.0, 300.0),
                (515.0, 499.0),
                (910.0, 300.0)
            ]
        );
        let bow = points(&cast(1, 5, 0));
        assert!(bow[1..].iter().all(|(x, _)| *x > 450.0), "{bow:?}");
        assert_eq!((bow[3], bow[1].0), ((610.0, 300.0), bow[5].0));
        for alone_or_many in [cast(0, 4, 0), cast(1, 8, 0)] {
            let ring = points(&alone_or_many);
            let ring = &ring[ring.len() / 5..];
            let [top, bottom] = [0, ring.len() / 2].map(|at| ring[at]);
            assert_eq!([top, bottom], [(500.0, 70.0), (500.0, 530.0)]);
        }
    }

    #[test]
    fn a_column_has_ten_at_most_and_the_next_is_closer_to_the_middle() {
        let few = points(&cast(3, 1, 0));
        assert_eq!(few[..3], [(90.0, 100.0), (90.0, 300.0), (90.0, 500.0)]);
        let two = points(&cast(0, 1, 15));
        assert_eq!(two[1], (910.0, 38.0));
        assert_eq!(two[8], (910.0, 563.0));
        assert_eq!(two[9], (855.0, 43.0), "seven in the second");
        assert_eq!(two[15], (855.0, 557.0));
        let five = points(&cast(50, 1, 0));
        let columns = [0, 10, 20, 30, 40].map(|at| five[at].0);
        assert_eq!(columns, [90.0, 123.0, 156.0, 189.0, 222.0]);
    }
}
