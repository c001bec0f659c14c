//! Dragging a process: the place changes on the stage at once, and in the page when it is dropped.

use std::cell::RefCell;
use std::rc::Rc;

use web_sys::Element;
use yew::prelude::*;

use crate::app::frame::Frame;
use crate::app::geometry::{Point, length};
use crate::app::state::{Action, Dispatch, Thing};
use crate::protocol::ProcessId;
use crate::scenario::Place;

use super::process::Gestures;

/// Less movement than this is a click.
const SLACK: f64 = 5.0;

#[derive(Clone, Copy, Debug, PartialEq)]
struct Drag {
    id: ProcessId,
    /// Where the pointer went down, on the screen.
    origin: Point,
    /// From the pointer to the centre of the process.
    offset: Point,
    /// Where the process is now, once the pointer has moved.
    place: Option<Place>,
}

pub(super) struct Dragging {
    /// What the handlers share: events may come faster than renderings.
    drag: Rc<RefCell<Option<Drag>>>,
    render: UseForceUpdateHandle,
    svg: NodeRef,
    frame: Frame,
    dispatch: Dispatch,
}

/// Lets processes be dragged and clicked.
#[hook]
pub(super) fn use_drag(svg: &NodeRef, frame: Frame, dispatch: &Dispatch) -> Dragging {
    Dragging {
        drag: use_mut_ref(|| None),
        render: use_force_update(),
        svg: svg.clone(),
        frame,
        dispatch: dispatch.clone(),
    }
}

impl Dragging {
    /// Where a process is while it is dragged.
    pub(super) fn place_of(&self, id: ProcessId) -> Option<Place> {
        self.drag.borrow().filter(|drag| drag.id == id)?.place
    }

    /// The gestures of the process that stands at this place.
    pub(super) fn gestures(
        &self,
        id: ProcessId,
        place: Place,
        key: Callback<KeyboardEvent>,
    ) -> Gestures {
        let frame = self.frame;
        let svg = self.svg.clone();
        let down = {
            let drag = self.drag.clone();
            Callback::from(move |event: PointerEvent| {
                if event.button() != 0 {
                    return;
                }
                // The group itself: what is in it may be drawn anew during the drag.
                let hit = event.target_dyn_into::<Element>();
                if let Some(group) = hit.and_then(|hit| hit.closest("[data-process]").ok()?) {
                    let _ = group.set_pointer_capture(event.pointer_id());
                }
                let (pointer, centre) = (on_stage(&svg, &event), frame.point(place));
                *drag.borrow_mut() = Some(Drag {
                    id,
                    origin: screen(&event),
                    offset: Point {
                        x: centre.x - pointer.x,
                        y: centre.y - pointer.y,
                    },
                    place: None,
                });
            })
        };
        let svg = self.svg.clone();
        let shift = {
            let (drag, render) = (self.drag.clone(), self.render.clone());
            Callback::from(move |event: PointerEvent| {
                let mut drag = drag.borrow_mut();
                let Some(drag) = drag.as_mut().filter(|drag| drag.id == id) else {
                    return;
                };
                let now = screen(&event);
                let moved = length(now.x - drag.origin.x, now.y - drag.origin.y);
                if drag.place.is_none() && moved < SLACK {
                    return;
                }
                let pointer = on_stage(&svg, &event);
                drag.place = Some(frame.place(Point {
                    x: pointer.x + drag.offset.x,
                    y: pointer.y + drag.offset.y,
                }));
                render.force_update();
            })
        };
        let up = {
            let (drag, dispatch) = (self.drag.clone(), self.dispatch.clone());
            Callback::from(move |_| {
                let Some(drag) = drag.borrow_mut().take_if(|drag| drag.id == id) else {
                    return;
                };
                dispatch.dispatch(match drag.place {
                    Some(place) => Action::Move(id, place),
                    None => Action::Select(Some(Thing::Process(id))),
                });
            })
        };
        // Those who say or read out what they press have no pointer.
        let click = {
            let dispatch = self.dispatch.clone();
            Callback::from(move |event: MouseEvent| {
                if event.detail() == 0 {
                    dispatch.dispatch(Action::Select(Some(Thing::Process(id))));
                }
            })
        };
        Gestures {
            down,
            shift,
            up,
            click,
            cancel: {
                let (drag, render) = (self.drag.clone(), self.render.clone());
                Callback::from(move |_| {
                    drag.take();
                    render.force_update();
                })
            },
            key,
        }
    }
}

fn screen(event: &web_sys::MouseEvent) -> Point {
    Point {
        x: f64::from(event.client_x()),
        y: f64::from(event.client_y()),
    }
}

/// Where the pointer is on the stage.
pub fn on_stage(svg: &NodeRef, event: &web_sys::MouseEvent) -> Point {
    let Point { x, y } = screen(event);
    let Some(svg) = svg.cast::<Element>() else {
        return Point { x, y };
    };
    let area = svg.get_bounding_client_rect();
    Point {
        x: x - area.left(),
        y: y - area.top(),
    }
}
