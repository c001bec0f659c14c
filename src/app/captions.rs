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
    // A line is less high than that by a few pixels.
    ((end - top) / LINE + 0.2) as usize
}

/// Of so many lines is known how far they reach to either side: no process has more.
pub const SIDES: usize = 5;
/// Most have no more than these, two of each role.
const FEW: usize = 2;

/// How far the first lines reach to either side before they meet a neighbour, or before they meet
/// its lines half way.
pub fn reach(figures: &[(Point, Shape)], (at, shape): (Point, Shape)) -> [f64; SIDES] {
    std::array::from_fn(|index| {
        let line = at.y + shape.half_height() + FIRST + LINE * index as f64;
        let beside = figures.iter().filter_map(|(other, its)| {
            let apart = (other.x - at.x).abs();
            let bottom = other.y + its.half_height();
            let top = other.y - its.half_height();
            // What is above or below is not beside it.
            if apart <= its.half_width() {
                return None;
            }
            if bottom > line - LINE && top < line {
                return Some(apart - its.half_width());
            }
            let words = |index: usize| bottom + FIRST + LINE * index as f64;
            let meets = (0..FEW).any(|index| (words(index) - line).abs() < LINE);
            meets.then_some(apart / 2.0)
        });
        beside.fold(f64::INFINITY, f64::min)
    })
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
        assert_eq!(lines(&[one, circle(100.0, 178.0)], one, false), 1);
        assert_eq!(lines(&[one, circle(100.0, 150.0)], one, false), 0);
        let aside = circle(175.0, 210.0);
        assert!(lines(&[one, aside], one, false) > 100);
        assert_eq!(lines(&[one, aside], one, true), 2);
    }

    #[test]
    fn a_line_ends_at_what_is_beside_it() {
        let free = [f64::INFINITY; SIDES];
        let one = circle(100.0, 100.0);
        assert_eq!(reach(&[one], one), free);
        let lower = circle(160.0, 140.0);
        assert_eq!(reach(&[one, lower], one)[..3], [30.0, 30.0, 30.0]);
        assert_eq!(reach(&[one, lower], lower), free);
        let flat = (Point { x: 20.0, y: 150.0 }, Shape::Box(40.0, 10.0));
        assert_eq!(reach(&[one, flat], one)[..2], [40.0, 40.0]);
        let below = circle(110.0, 160.0);
        assert_eq!(reach(&[one, below], one), free, "its lines end");
    }

    #[test]
    fn lines_of_one_height_meet_half_way() {
        let free = f64::INFINITY;
        let (one, other) = (circle(100.0, 100.0), circle(200.0, 100.0));
        assert_eq!(reach(&[one, other], one), [50.0, 50.0, free, free, free]);
        // The first line of the lower one is as high as the second one of the other.
        let lower = circle(200.0, 117.0);
        assert_eq!(reach(&[one, lower], one)[..3], [70.0, 50.0, 50.0]);
        assert_eq!(reach(&[one, lower], lower)[..2], [50.0, free]);
        let high = circle(180.0, 60.0);
        assert_eq!(reach(&[one, high], one), [free; SIDES]);
    }
}
