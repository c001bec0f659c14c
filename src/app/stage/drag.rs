//! Dragging a process: the place changes on the stage at once, and in the page when it is dropped.

use std::cell::RefCell;
use std::rc::Rc;

use web_sys::Element;
use yew::prelude::*;

use crate::app::frame::Frame;
use crate::app::geometry::{Point, length};
use crate::app::state::{Action, Dispatch, Page, Thing};
use crate::protocol::ProcessId;
use crate::scenario::Place;

/// Less movement than this is a click.
const SLACK: f64 = 5.0;

#[derive(Clone, Copy, Debug, PartialEq)]
struct Drag {
    id: ProcessId,
    /// Which pointer it follows.
    pointer: i32,
    /// Where the pointer went down, on the screen.
    origin: Point,
    /// From the pointer to the centre of the process.
    offset: Point,
    /// Where the process is now, once the pointer has moved.
    place: Option<Place>,
}

impl Drag {
    fn is_by(&self, event: &PointerEvent) -> bool {
        self.pointer == event.pointer_id()
    }
}

/// The gestures that processes understand: all of them have the same, which ask whose they are.
pub(super) struct Gestures {
    pub(super) down: Callback<PointerEvent>,
    pub(super) shift: Callback<PointerEvent>,
    pub(super) up: Callback<PointerEvent>,
    pub(super) cancel: Callback<PointerEvent>,
    pub(super) click: Callback<MouseEvent>,
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

    /// The gestures of all processes.
    pub(super) fn gestures(&self, page: &Page) -> Gestures {
        let (frame, svg) = (self.frame, self.svg.clone());
        let down = {
            let (drag, page, svg) = (self.drag.clone(), page.clone(), svg.clone());
            Callback::from(move |event: PointerEvent| {
                let Some((id, group)) = whose(&event, &page).filter(|_| event.button() == 0) else {
                    return;
                };
                // The group itself: what is in it may be drawn anew during the drag.
                let _ = group.set_pointer_capture(event.pointer_id());
                let centre = frame.point(page.places()[usize::from(id.0)]);
                let pointer = on_stage(&svg, &event);
                *drag.borrow_mut() = Some(Drag {
                    id,
                    pointer: event.pointer_id(),
                    origin: screen(&event),
                    offset: Point {
                        x: centre.x - pointer.x,
                        y: centre.y - pointer.y,
                    },
                    place: None,
                });
            })
        };
        let shift = {
            let (drag, render) = (self.drag.clone(), self.render.clone());
            Callback::from(move |event: PointerEvent| {
                let mut drag = drag.borrow_mut();
                let Some(drag) = drag.as_mut().filter(|drag| drag.is_by(&event)) else {
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
            Callback::from(move |event: PointerEvent| {
                let Some(drag) = drag.borrow_mut().take_if(|drag| drag.is_by(&event)) else {
                    return;
                };
                dispatch.dispatch(match drag.place {
                    Some(place) => Action::Move(drag.id, place),
                    None => Action::Select(Some(Thing::Process(drag.id))),
                });
            })
        };
        // Those who say or read out what they press have no pointer.
        let click = {
            let (page, dispatch) = (page.clone(), self.dispatch.clone());
            Callback::from(move |event: MouseEvent| {
                let chosen = whose(&event, &page).filter(|_| event.detail() == 0);
                if let Some((id, _)) = chosen {
                    dispatch.dispatch(Action::Select(Some(Thing::Process(id))));
                }
            })
        };
        let cancel = {
            let (drag, render) = (self.drag.clone(), self.render.clone());
            Callback::from(move |event: PointerEvent| {
                drag.borrow_mut().take_if(|drag| drag.is_by(&event));
                render.force_update();
            })
        };
        Gestures {
            down,
            shift,
            up,
            cancel,
            click,
        }
    }
}

/// The process that something happens to, and its node.
pub(super) fn whose(event: &Event, page: &Page) -> Option<(ProcessId, Element)> {
    let hit = event.target_dyn_into::<Element>()?;
    let group = hit.closest("[data-process]").ok()??;
    let name = group.get_attribute("data-process")?;
    let session = page.session.borrow();
    let id = session.run().scenario().setup.id_of(&name)?;
    Some((id, group))
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
