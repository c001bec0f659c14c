//! How much room there is for the captions below a process: its neighbours end it.

use super::geometry::{Point, Shape};

/// Height of a line.
pub const LINE: f64 = 17.0;
/// How far the first one is below the shape.
pub const FIRST: f64 = 20.0;
/// About half the width of a caption, and of one that says where quorums meet.
pub const CAPTION: f64 = 46.0;
const LONG_CAPTION: f64 = 54.0;

/// How many lines have room below one of these before the next one begins.
pub fn lines(figures: &[(Point, Shape)], (at, shape): (Point, Shape), in_both: bool) -> usize {
    let top = at.y + shape.half_height() + FIRST - LINE;
    let reach = if in_both { LONG_CAPTION } else { CAPTION };
    let below = figures.iter().filter_map(|(other, its)| {
        let half = its.half_height();
        let is_below = other.y > at.y && (other.x - at.x).abs() < reach + half * 0.9;
        is_below.then_some(other.y - half)
    });
    let end = below.fold(f64::INFINITY, f64::min);
    ((end - top) / LINE).max(1.0) as usize
}

/// How far the first line reaches to either side before it meets a neighbour, or before it meets
/// that one's first line half way.
pub fn reach(figures: &[(Point, Shape)], (at, shape): (Point, Shape)) -> f64 {
    let line = at.y + shape.half_height() + FIRST;
    let beside = figures.iter().filter_map(|(other, its)| {
        let apart = (other.x - at.x).abs();
        let bottom = other.y + its.half_height();
        let top = other.y - its.half_height();
        let shape = (bottom > line - LINE && top < line).then_some(apart - its.half_width());
        let words = ((bottom + FIRST - line).abs() < LINE).then_some(apart / 2.0);
        // What is right above or below is not beside it.
        [shape, words]
            .into_iter()
            .flatten()
            .filter(|_| apart > 0.0)
            .min_by(f64::total_cmp)
    });
    beside.fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn circle(x: f64, y: f64) -> (Point, Shape) {
        (Point { x, y }, Shape::Circle(30.0))
    }

    #[test]
    fn what_is_below_ends_the_lines() {
        let one = circle(100.0, 100.0);
        assert!(lines(&[one], one, false) > 100);
        assert_eq!(lines(&[one, circle(100.0, 210.0)], one, false), 2);
        assert_eq!(lines(&[one, circle(100.0, 150.0)], one, false), 1);
        let aside = circle(175.0, 210.0);
        assert!(lines(&[one, aside], one, false) > 100);
        assert_eq!(lines(&[one, aside], one, true), 2);
    }

    #[test]
    fn a_line_ends_at_what_is_beside_it() {
        let one = circle(100.0, 100.0);
        assert_eq!(reach(&[one], one), f64::INFINITY);
        let lower = circle(160.0, 140.0);
        assert_eq!(reach(&[one, lower], one), 30.0);
        assert_eq!(reach(&[one, lower], lower), f64::INFINITY);
        let (point, shape) = (Point { x: 20.0, y: 150.0 }, Shape::Box(40.0, 20.0));
        assert_eq!(reach(&[one, lower, (point, shape)], one), 30.0);
        assert_eq!(reach(&[one, (point, shape)], one), 40.0);
    }

    #[test]
    fn two_lines_of_one_height_meet_half_way() {
        let (one, other) = (circle(100.0, 100.0), circle(180.0, 110.0));
        assert_eq!(reach(&[one, other], one), 40.0);
        assert_eq!(reach(&[one, other], other), 40.0);
        let high = circle(180.0, 60.0);
        assert_eq!(reach(&[one, high], one), f64::INFINITY);
        let below = circle(100.0, 160.0);
        assert_eq!(reach(&[one, below], one), f64::INFINITY, "its lines end");
    }
}
