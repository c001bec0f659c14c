//! The stage's size, what part of the plane it shows, and how large things are on it.

use crate::cluster::Roles;
use crate::scenario::{PLANE_HEIGHT, PLANE_WIDTH, Place};

use super::geometry::{Point, Shape, within};

/// The closest view, as a magnification of the one that shows all.
pub const CLOSEST: f64 = 8.0;

/// Which part of the plane is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// The magnification, from 1 (everything is seen) to [`CLOSEST`].
    pub scale: f64,
    /// What is in the middle of the stage, as parts of the whole, from 0 to 1.
    pub centre: Point,
}

impl Default for View {
    fn default() -> Self {
        Self {
            scale: 1.0,
            centre: Point { x: 0.5, y: 0.5 },
        }
    }
}

impl View {
    /// The nearest view that shows nothing but the plane.
    fn kept_inside(self) -> Self {
        let scale = within(self.scale, 1.0, CLOSEST);
        let margin = 0.5 / scale;
        let inside = |part: f64| within(part, margin, 1.0 - margin);
        Self {
            scale,
            centre: Point {
                x: inside(self.centre.x),
                y: inside(self.centre.y),
            },
        }
    }

    /// Closer by this factor, or further away, while a point of the stage (as parts of its size)
    /// stays where it is.
    pub fn zoomed(self, by: f64, about: Point) -> Self {
        let scale = within(self.scale * by, 1.0, CLOSEST);
        let shift =
            |centre: f64, about: f64| centre + (about - 0.5) * (1.0 / self.scale - 1.0 / scale);
        Self {
            scale,
            centre: Point {
                x: shift(self.centre.x, about.x),
                y: shift(self.centre.y, about.y),
            },
        }
        .kept_inside()
    }

    /// With its content moved by this much, as parts of the stage's size.
    pub fn panned(self, by: Point) -> Self {
        Self {
            centre: Point {
                x: self.centre.x - by.x / self.scale,
                y: self.centre.y - by.y / self.scale,
            },
            ..self
        }
        .kept_inside()
    }
}

/// The size of the stage and what follows from it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frame {
    /// Width of the stage, in CSS pixels.
    pub width: f64,
    /// Height of the stage.
    pub height: f64,
    /// Which part is shown.
    pub view: View,
    /// How many processes there are: the more, the smaller they are.
    pub processes: usize,
    /// The size at which no two of them touch, as a part of the full size, seen as a whole.
    pub apart: f64,
    /// The part of the plane that the stage spans: where it begins, and where it ends.
    pub area: (Place, Place),
}

/// All of the plane.
const PLANE: (Place, Place) = (
    Place { x: 0.0, y: 0.0 },
    Place {
        x: PLANE_WIDTH,
        y: PLANE_HEIGHT,
    },
);
/// However close to each other all processes stand, the stage spans so much of the plane.
const LEAST_AREA: f64 = 0.5;

/// Room at the edges for shapes and the captions below them.
const EDGE: [f64; 4] = [44.0, 62.0, 92.0, 62.0];
/// The same where there is little of it.
const SMALL_EDGE: [f64; 4] = [36.0, 52.0, 76.0, 52.0];
/// The same where nobody is far from the edge.
const FITTED_EDGE: [f64; 4] = [70.0, 74.0, 80.0, 74.0];
const SMALL_FITTED_EDGE: [f64; 4] = [50.0, 62.0, 70.0, 62.0];

/// Two processes of full size beside each other, and above each other without their captions.
const BESIDE: f64 = 84.0;
const ABOVE: f64 = 72.0;
/// Two lines of captions.
const CAPTIONS: f64 = 36.0;
/// However close two of them were put, the others are not made smaller than this.
const LEAST: f64 = 0.45;
/// More processes than this are a crowd, whose members may be as small as that.
const CROWD: usize = 40;
const SMALLEST: f64 = 0.2;
/// So many processes at the most are a few.
const FEW: usize = 9;
/// From this size on there is room for captions.
const CAPTIONED: f64 = 0.6;

impl Frame {
    /// A stage that has not been measured yet.
    pub const UNMEASURED: Self = Self::new(1000.0, 560.0);

    /// A stage of this size that shows everything, in which a few processes stand.
    pub const fn new(width: f64, height: f64) -> Self {
        Self {
            width,
            height,
            view: View {
                scale: 1.0,
                centre: Point { x: 0.5, y: 0.5 },
            },
            processes: 0,
            apart: 1.0,
            area: PLANE,
        }
    }

    /// The same stage, of which no room is left where nobody stands at first.
    pub fn fitted(self, places: &[Place]) -> Self {
        let span = |of: fn(&Place) -> f64, whole: f64| {
            let low = places.iter().map(of).fold(whole, f64::min);
            let high = places.iter().map(of).fold(0.0, f64::max);
            let short = (whole * LEAST_AREA - (high - low)).max(0.0) / 2.0;
            (low - short, high + short)
        };
        let (left, right) = span(|place| place.x, PLANE_WIDTH);
        let (top, bottom) = span(|place| place.y, PLANE_HEIGHT);
        let area = (
            Place { x: left, y: top },
            Place {
                x: right,
                y: bottom,
            },
        );
        Self { area, ..self }
    }

    /// The same stage with processes at these places, seen like this.
    pub fn showing(self, view: View, places: &[Place]) -> Self {
        let whole = Self {
            area: self.area,
            ..Self::new(self.width, self.height)
        };
        let points: Vec<Point> = places.iter().map(|&place| whole.point(place)).collect();
        // Side by side their outlines must not touch; above each other there are captions.
        let (mut apart, mut bare): (f64, f64) = (1.0, 1.0);
        for (index, one) in points.iter().enumerate() {
            for other in &points[..index] {
                let (across, down) = ((one.x - other.x).abs(), (one.y - other.y).abs());
                apart = apart.min((across / BESIDE).max((down - CAPTIONS) / ABOVE));
                bare = bare.min((across / BESIDE).max(down / BESIDE));
            }
        }
        // A crowd does without captions.
        let apart = match places.len() > CROWD && apart < CAPTIONED {
            true => within(bare, SMALLEST, LEAST),
            false => apart.max(LEAST),
        };
        Self {
            view,
            processes: places.len(),
            apart,
            ..self
        }
    }

    /// Whether there is little room, as on a phone: shapes and labels are smaller then.
    pub fn compact(&self) -> bool {
        self.width < 640.0
    }

    /// Whether the stage is higher than wide: then the plane is laid on its side, so that proposers
    /// are at the top and learners at the bottom.
    pub fn upright(&self) -> bool {
        self.height > self.width
    }

    /// How large shapes are, as a part of their full size: so that they keep off each other, also
    /// when there are very many.
    pub fn size(&self) -> f64 {
        let (width, height) = self.inner();
        let each = (width * height / self.processes.max(1) as f64).sqrt() * self.view.scale;
        let (most, roomy) = if self.compact() {
            (0.78, 110.0)
        } else {
            (1.0, 135.0)
        };
        // A low stage has less room for what stands above each other.
        let low = match (self.compact(), self.is_fitted()) {
            (true, _) => 1.0,
            (_, true) => height / 220.0 * self.view.scale,
            _ => height / 330.0 * self.view.scale,
        };
        let apart = self.apart * self.view.scale;
        within((each / roomy).min(low).min(apart), 0.2, 1.0).min(most)
    }

    /// Whether it spans no more of the plane than it has to.
    pub fn is_fitted(&self) -> bool {
        self.area != PLANE
    }

    /// Whether there is room for words below the shapes.
    pub fn has_captions(&self) -> bool {
        // A few processes are as far apart as their captions need.
        self.size()
            > if self.processes <= FEW {
                LEAST - 0.01
            } else {
                CAPTIONED
            }
    }

    /// Whether messages between so many have room for what they say.
    pub fn has_names(&self) -> bool {
        self.size() > 0.38
    }

    /// Whether even names are written small.
    pub fn is_small(&self) -> bool {
        self.size() < 0.6
    }

    /// How many characters of a value are shown; half as many are of a ballot's owner.
    pub fn shown(&self) -> usize {
        match (self.compact(), self.size() < 1.0) {
            (true, _) => 9,
            (false, true) => 12,
            (false, false) => 16,
        }
    }

    fn inner(&self) -> (f64, f64) {
        let [top, right, bottom, left] = self.edge();
        (
            (self.width - left - right).max(1.0),
            (self.height - top - bottom).max(1.0),
        )
    }

    fn edge(&self) -> [f64; 4] {
        match (self.compact(), self.is_fitted()) {
            (false, false) => EDGE,
            (true, false) => SMALL_EDGE,
            (false, true) => FITTED_EDGE,
            (true, true) => SMALL_FITTED_EDGE,
        }
    }

    /// Where on the stage a place of the plane is.
    pub fn point(&self, place: Place) -> Point {
        let [top, _, _, left] = self.edge();
        let (width, height) = self.inner();
        let (start, end) = self.area;
        let (long, short) = (
            (place.x - start.x) / (end.x - start.x),
            (place.y - start.y) / (end.y - start.y),
        );
        let (across, down) = if self.upright() {
            (short, long)
        } else {
            (long, short)
        };
        let View { scale, centre } = self.view;
        let shown = |at: f64, size: f64, middle: f64| (at - size * middle) * scale + size / 2.0;
        Point {
            x: shown(left + across * width, self.width, centre.x),
            y: shown(top + down * height, self.height, centre.y),
        }
    }

    /// Which place of the plane is at a point of the stage, or the nearest one.
    pub fn place(&self, point: Point) -> Place {
        let [top, _, _, left] = self.edge();
        let (width, height) = self.inner();
        let View { scale, centre } = self.view;
        let whole = |at: f64, size: f64, middle: f64| (at - size / 2.0) / scale + size * middle;
        let across = whole(point.x, self.width, centre.x) - left;
        let down = whole(point.y, self.height, centre.y) - top;
        let across = within(across / width, 0.0, 1.0);
        let down = within(down / height, 0.0, 1.0);
        let (long, short) = if self.upright() {
            (down, across)
        } else {
            (across, down)
        };
        let (start, end) = self.area;
        let inside = |at: f64, whole: f64| within(at, 0.0, whole);
        Place {
            x: inside(start.x + long * (end.x - start.x), PLANE_WIDTH),
            y: inside(start.y + short * (end.y - start.y), PLANE_HEIGHT),
        }
    }

    /// A point of the stage as parts of its size.
    pub fn parts(&self, point: Point) -> Point {
        Point {
            x: point.x / self.width.max(1.0),
            y: point.y / self.height.max(1.0),
        }
    }

    /// The outline of a process with these roles.
    pub fn shape(&self, roles: Roles) -> Shape {
        let size = self.size();
        match roles {
            Roles::ACCEPTOR => Shape::Circle(36.0 * size),
            Roles::LEARNER => Shape::Diamond(42.0 * size),
            _ => Shape::Box(56.0 * size, 32.0 * size),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::ProcessSpec;
    use crate::scenario::tidy;

    const FRAME: Frame = Frame::new(1068.0, 620.0);

    /// So many acceptors in their tidy places.
    fn crowd(count: usize) -> Vec<Place> {
        let acceptor = ProcessSpec {
            name: "".into(),
            roles: Roles::ACCEPTOR,
        };
        tidy(&vec![acceptor; count])
    }

    fn close(one: Point, other: Point) -> bool {
        (one.x - other.x).abs() < 1e-6 && (one.y - other.y).abs() < 1e-6
    }

    #[test]
    fn a_place_and_its_point_belong_together_in_every_view() {
        let view = View::default().zoomed(2.5, Point { x: 0.2, y: 0.9 });
        for frame in [
            FRAME,
            Frame::new(390.0, 420.0),
            FRAME.showing(view, &crowd(101)),
            FRAME.fitted(&crowd(5)),
        ] {
            let place = Place { x: 420.0, y: 90.0 };
            let back = frame.place(frame.point(place));
            assert!((back.x - place.x).abs() < 1e-6 && (back.y - place.y).abs() < 1e-6);
        }
        let outside = FRAME.place(Point {
            x: -50.0,
            y: 9_999.0,
        });
        let corner = Place {
            x: 0.0,
            y: PLANE_HEIGHT,
        };
        assert_eq!(outside, corner);
    }

    #[test]
    fn zooming_keeps_what_is_under_the_pointer() {
        let pointer = Point { x: 300.0, y: 200.0 };
        let place = FRAME.place(pointer);
        let view = View::default().zoomed(3.0, FRAME.parts(pointer));
        let closer = FRAME.showing(view, &crowd(5));
        assert!(close(closer.point(place), pointer));
        let further = FRAME.showing(view.zoomed(0.5, FRAME.parts(pointer)), &crowd(5));
        assert!(close(further.point(place), pointer));
        assert_eq!(view.zoomed(0.001, FRAME.parts(pointer)), View::default());
    }

    #[test]
    fn a_fitted_stage_has_its_first_processes_at_its_edges() {
        let at = |x, y| Place { x, y };
        let places = [at(200.0, 150.0), at(800.0, 500.0)];
        let frame = Frame::new(680.0, 330.0).fitted(&places);
        let [top, right, bottom, left] = frame.edge();
        let (first, last) = (frame.point(places[0]), frame.point(places[1]));
        assert!(close(first, Point { x: left, y: top }));
        assert!(close(
            last,
            Point {
                x: 680.0 - right,
                y: 330.0 - bottom
            }
        ));
        let row = [at(100.0, 300.0), at(900.0, 300.0)];
        let middle = frame.fitted(&row).point(row[0]).y;
        assert!((middle - (top + 330.0 - bottom) / 2.0).abs() < 1e-6);
        let none = Frame::new(680.0, 330.0).fitted(&[]);
        assert!(none.point(at(500.0, 300.0)).x.is_finite());
    }

    #[test]
    fn a_view_never_leaves_the_plane() {
        let far = Point { x: 9.0, y: -9.0 };
        assert_eq!(View::default().panned(far), View::default());
        let corner = View::default()
            .zoomed(2.0, Point { x: 0.5, y: 0.5 })
            .panned(far);
        assert_eq!(corner.centre, Point { x: 0.25, y: 0.75 });
        assert_eq!(View::default().zoomed(1e9, far).scale, CLOSEST);
    }

    #[test]
    fn shapes_shrink_in_a_crowd_and_grow_when_one_comes_closer() {
        let many = FRAME.showing(View::default(), &crowd(103));
        assert_eq!(FRAME.showing(View::default(), &crowd(5)).size(), 1.0);
        assert!(many.size() < 0.5 && !many.has_captions());
        let closer = View::default().zoomed(3.0, Point { x: 0.5, y: 0.5 });
        assert!(FRAME.showing(closer, &crowd(103)).has_captions());
    }

    #[test]
    fn processes_that_stand_close_are_smaller_but_not_tiny() {
        let at = |x, y| Place { x, y };
        let beside = FRAME.showing(View::default(), &[at(500.0, 300.0), at(560.0, 300.0)]);
        assert!(
            beside.size() < 0.8 && beside.size() > 0.5,
            "{}",
            beside.size()
        );
        let same = FRAME.showing(View::default(), &[at(500.0, 300.0), at(500.0, 300.0)]);
        assert_eq!(same.size(), LEAST);
        let apart = FRAME.showing(View::default(), &[at(100.0, 300.0), at(900.0, 300.0)]);
        assert_eq!(apart.size(), 1.0);
    }
}
