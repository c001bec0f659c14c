//! The strokes, marks and ticks of the diagram as markup.

use std::rc::Rc;

use yew::prelude::*;

use crate::app::geometry::{Point, px};
use crate::app::look::Look;
use crate::scenario::diagram::{
    Diagram, Fate, Filter, Mark, Sign, Stroke, class, end_of, lane, path, tick,
};

/// Where times and lanes are on the screen.
#[derive(Clone, Copy, PartialEq)]
pub struct Scale {
    /// The left edge of time.
    pub left: f64,
    /// The right one.
    pub right: f64,
    /// The first millisecond that is seen.
    pub start: f64,
    /// Pixels for a millisecond.
    pub across: f64,
    /// Where the lanes begin.
    pub top: f64,
    /// Pixels for a lane.
    pub down: f64,
}

impl Scale {
    /// Where a time is.
    pub fn x(&self, time: f64) -> f64 {
        self.left + (time - self.start) * self.across
    }

    /// Where a place between lanes is.
    pub fn y(&self, lane: f64) -> f64 {
        self.top + lane * self.down
    }

    /// What the lanes depend on.
    pub fn lanes(&self) -> [f64; 4] {
        [self.left, self.right, self.top, self.down]
    }

    /// Which time is there.
    pub fn time(&self, x: f64) -> f64 {
        ((x - self.left) / self.across + self.start).max(0.0)
    }

    /// Whether a time is seen.
    pub fn shows(&self, time: f64) -> bool {
        (self.left..=self.right).contains(&self.x(time))
    }
}

/// The paths of a chunk of messages, with their classes.
pub type Paths = Rc<Vec<(Classes, AttrValue)>>;

/// The paths of those that are done, so that they are made once.
#[derive(Default)]
pub struct Drawn {
    filter: Filter,
    done: Vec<Option<Paths>>,
}

impl Drawn {
    /// Everything is to be drawn anew.
    pub fn forget(&mut self) {
        self.done.clear();
    }

    /// The strokes, in milliseconds and lanes.
    pub fn strokes(&mut self, look: &Look, diagram: &Diagram, filter: Filter) -> Html {
        if self.filter != filter {
            self.filter = filter;
            self.forget();
        }
        self.done.resize(diagram.chunks(), None);
        let chunk = |(index, done): (usize, &mut Option<Paths>)| {
            let paths = done.clone().unwrap_or_else(|| {
                let paths = paths(look, diagram, index, filter);
                *done = diagram.is_settled(index).then(|| paths.clone());
                paths
            });
            let path = |(class, d): &(Classes, AttrValue)| html! { <path class={class.clone()} d={d.clone()} /> };
            html! { <g key={index}>{ for paths.iter().map(path) }</g> }
        };
        self.done.iter_mut().enumerate().map(chunk).collect()
    }
}

fn paths(look: &Look, diagram: &Diagram, index: usize, filter: Filter) -> Paths {
    type Class = [&'static str; 4];
    let mut groups: Vec<(Class, Vec<&Stroke>)> = Vec::new();
    for stroke in diagram.chunk(index, filter) {
        let fate = match stroke.fate {
            Fate::Open => " open",
            Fate::Held => " held",
            Fate::Arrived | Fate::Lost => "",
        };
        let class = [look.hue_of(stroke.proposer), " ", class(stroke.kind), fate];
        match groups.iter_mut().find(|(known, _)| *known == class) {
            Some((_, strokes)) => strokes.push(stroke),
            None => groups.push((class, vec![stroke])),
        }
    }
    let drawn = groups.into_iter().map(|(class, strokes)| {
        let d = path(strokes.into_iter());
        (class.concat().into(), d.into())
    });
    Rc::new(drawn.collect())
}

/// What happened at an instant, and where messages were lost.
pub fn marks(diagram: &Diagram, scale: &Scale, filter: Filter, lanes: usize) -> Html {
    let shown = |mark: &&Mark| scale.shows(mark.at as f64);
    let drawn = diagram.marks().iter().filter(shown).map(|mark| {
        let (x, y) = (
            scale.x(mark.at as f64),
            scale.y(mark.process.map_or(0.0, lane)),
        );
        let (class, d) = mark.sign.drawn();
        let line = matches!(mark.sign, Sign::Chosen | Sign::Violated).then(|| {
            let d = format!("M{}V{}", Point { x, y: scale.y(0.0) }, px(scale.y(lanes as f64)));
            html! { <path class={classes!("moment", class)} {d} /> }
        });
        html! {
            <>
                { for line }
                <path class={classes!("mark", class)} transform={format!("translate({})", Point { x, y })} {d} />
            </>
        }
    });
    let lost = diagram.strokes().iter();
    let lost = lost.filter(|stroke| {
        stroke.fate == Fate::Lost && filter.shows(stroke) && scale.shows(stroke.end as f64)
    });
    let crosses: String = lost
        .map(|stroke| {
            let (time, lane) = end_of(stroke);
            let at = Point {
                x: scale.x(time),
                y: scale.y(lane),
            };
            format!("M{at}m-3-3l6 6m0-6l-6 6")
        })
        .collect();
    html! { <><path class="crosses" d={crosses} />{ for drawn }</> }
}

/// The time axis.
pub fn ticks(scale: &Scale, bottom: f64) -> Html {
    let step = tick(64.0 / scale.across);
    let first = (scale.start.max(0.0) as u64).div_ceil(step);
    let times = (first..).map(|number| number * step);
    let times = times.take_while(|&time| scale.x(time as f64) < scale.right - 16.0);
    times
        .map(|time| {
            html! { <text x={px(scale.x(time as f64))} y={px(bottom)}>{ time }</text> }
        })
        .collect()
}
