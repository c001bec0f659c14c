//! Gestures on the ground of the stage: it is moved and pinched, a line across it parts the
//! network, and a click on a message or a link opens its card.

use std::cell::RefCell;
use std::rc::Rc;

use web_sys::Element;
use yew::prelude::*;

use crate::app::frame::Frame;
use crate::app::geometry::{Point, length};
use crate::app::state::{Action, Dispatch, Thing, Tool};
use crate::app::wheel::{factor, use_wheel};
use crate::cluster::{Command, MessageId};
use crate::protocol::ProcessId;

use super::drag::on_stage;

/// Less movement than this is a click.
const SLACK: f64 = 5.0;

/// What goes on.
#[derive(Default)]
struct Going {
    /// The pointers that are down, and where they are.
    pointers: Vec<(i32, Point)>,
    /// Where the first one went down, and whether it has moved since.
    origin: Option<Point>,
    moved: bool,
    /// What it went down on.
    thing: Option<Thing>,
    /// The line that is drawn.
    line: Option<(Point, Point)>,
}

/// The gestures.
pub(super) struct Ground {
    going: Rc<RefCell<Going>>,
    pub(super) down: Callback<PointerEvent>,
    pub(super) shift: Callback<PointerEvent>,
    pub(super) up: Callback<PointerEvent>,
    pub(super) cancel: Callback<PointerEvent>,
}

impl Ground {
    /// The line that is being drawn.
    pub(super) fn line(&self) -> Option<(Point, Point)> {
        self.going.borrow().line
    }
}

/// Lets the ground be moved, pinched, parted and clicked.
#[hook]
pub(super) fn use_ground(
    svg: &NodeRef,
    frame: Frame,
    tool: Tool,
    points: Vec<Point>,
    dispatch: &Dispatch,
) -> Ground {
    let going = use_mut_ref(Going::default);
    let render = use_force_update();
    {
        // With Ctrl, which is also what a pinch on a touchpad is; without it the page scrolls as ever.
        let (node, dispatch) = (svg.clone(), dispatch.clone());
        use_wheel(svg, move |event| {
            let close = event.ctrl_key() || event.meta_key();
            if close {
                let by = factor(-event.delta_y());
                let at = frame.parts(on_stage(&node, event));
                dispatch.dispatch(Action::SetView(frame.view.zoomed(by, at)));
            }
            close
        });
    }
    let down = {
        let (going, svg) = (going.clone(), svg.clone());
        Callback::from(move |event: PointerEvent| {
            let hit = event.target_dyn_into::<Element>();
            let inside = |selector| hit.as_ref()?.closest(selector).ok().flatten();
            if event.button() != 0 || inside("[data-process]").is_some() {
                return;
            }
            let at = on_stage(&svg, &event);
            let mut going = going.borrow_mut();
            if going.pointers.is_empty() {
                *going = Going {
                    origin: Some(at),
                    thing: inside("[data-flight]")
                        .and_then(|flight| message(&flight))
                        .or_else(|| inside("[data-link]").and_then(|way| link(&way))),
                    line: (tool == Tool::Partition).then_some((at, at)),
                    ..Going::default()
                };
            }
            going.pointers.push((event.pointer_id(), at));
            // A finger that moves the page is not to be caught.
            let catches = event.pointer_type() != "touch" || tool == Tool::Partition;
            if let (true, Some(svg)) = (catches, svg.cast::<Element>()) {
                let _ = svg.set_pointer_capture(event.pointer_id());
            }
        })
    };
    let shift = {
        let (going, svg, dispatch) = (going.clone(), svg.clone(), dispatch.clone());
        let render = render.clone();
        Callback::from(move |event: PointerEvent| {
            let mut going = going.borrow_mut();
            let at = on_stage(&svg, &event);
            let id = event.pointer_id();
            let Some(index) = going.pointers.iter().position(|&(known, _)| known == id) else {
                return;
            };
            let before = going.pointers[index].1;
            let far = going
                .origin
                .is_some_and(|from| length(at.x - from.x, at.y - from.y) > SLACK);
            going.moved |= far;
            if !going.moved {
                return;
            }
            going.pointers[index].1 = at;
            if let Some((start, _)) = going.line {
                going.line = Some((start, at));
                return render.force_update();
            }
            let other = going.pointers.iter().find(|&&(known, _)| known != id);
            let mut view = frame.view;
            if let Some(&(_, other)) = other {
                let apart = |one: Point| length(one.x - other.x, one.y - other.y).max(1.0);
                view = view.zoomed(apart(at) / apart(before), frame.parts(other));
            } else {
                let by = Point {
                    x: at.x - before.x,
                    y: at.y - before.y,
                };
                view = view.panned(frame.parts(by));
            }
            if view != frame.view {
                dispatch.dispatch(Action::SetView(view));
            }
        })
    };
    let up = {
        let (going, dispatch, render) = (going.clone(), dispatch.clone(), render.clone());
        Callback::from(move |event: PointerEvent| {
            let mut going = going.borrow_mut();
            let before = going.pointers.len();
            going.pointers.retain(|&(id, _)| id != event.pointer_id());
            if before == 0 || !going.pointers.is_empty() {
                return;
            }
            let ended = std::mem::take(&mut *going);
            match (ended.line, ended.moved) {
                (Some(line), true) => part(&points, line, &dispatch),
                (None, false) => dispatch.dispatch(Action::Select(ended.thing)),
                _ => {}
            }
            render.force_update();
        })
    };
    let cancel = {
        let going = going.clone();
        Callback::from(move |event: PointerEvent| {
            let mut now = going.borrow_mut();
            now.pointers.retain(|&(id, _)| id != event.pointer_id());
            now.line = None;
            render.force_update();
        })
    };
    Ground {
        going,
        down,
        shift,
        up,
        cancel,
    }
}

/// Whoever is on one side of the line hears nobody on the other side any more.
fn part(points: &[Point], (from, to): (Point, Point), dispatch: &Dispatch) {
    let left = |point: &Point| {
        (to.x - from.x) * (point.y - from.y) - (to.y - from.y) * (point.x - from.x) > 0.0
    };
    let side = |wanted: bool| -> Vec<ProcessId> {
        let ids = (0..).map(ProcessId).zip(points);
        ids.filter(|(_, point)| left(point) == wanted)
            .map(|(id, _)| id)
            .collect()
    };
    let groups = vec![side(true), side(false)];
    if groups.iter().any(Vec::is_empty) {
        let why = "Everybody is on one side of that line: draw it between processes.";
        return dispatch.dispatch(Action::Say(why.into()));
    }
    dispatch.dispatch(Action::SetTool(Tool::Hand));
    dispatch.dispatch(Action::Do(Command::Partition { groups }));
}

fn message(flight: &Element) -> Option<Thing> {
    let id = flight.get_attribute("data-flight")?.parse().ok()?;
    Some(Thing::Message(MessageId(id)))
}

fn link(way: &Element) -> Option<Thing> {
    let ends = way.get_attribute("data-link")?;
    let (from, to) = ends.split_once(' ')?;
    let id = |text: &str| text.parse().ok().map(ProcessId);
    Some(Thing::Link(id(from)?, id(to)?))
}
