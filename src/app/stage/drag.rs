//! Dragging a process: the place changes on the stage at once, and in the page when it is dropped.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use web_sys::Element;
use yew::prelude::*;

use crate::app::frame::Frame;
use crate::app::geometry::{Point, length};
use crate::app::state::{Action, Dispatch, Page, Thing};
use crate::cluster::Process;
use crate::history::Session;
use crate::protocol::ProcessId;
use crate::scenario::Place;

/// Less movement than this is a click.
const SLACK: f64 = 5.0;

#[derive(Clone, Debug)]
struct Drag {
    id: ProcessId,
    /// What the process is called: another one may get its number.
    name: Arc<str>,
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

/// The gestures that processes understand: their group has them.
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
        self.drag
            .borrow()
            .as_ref()
            .filter(|drag| drag.id == id)?
            .place
    }

    /// The gestures of all processes.
    pub(super) fn gestures(&self, standing: &Standing) -> Gestures {
        let (frame, svg) = (self.frame, self.svg.clone());
        let down = {
            let (drag, standing, svg) = (self.drag.clone(), standing.clone(), svg.clone());
            Callback::from(move |event: PointerEvent| {
                // A second finger does not take it from the first one.
                let hit = standing.whose(&event);
                let hit = hit.filter(|_| event.button() == 0 && event.is_primary());
                let Some((id, place, group)) = hit else {
                    return;
                };
                // The group itself: what is in it may be drawn anew during the drag.
                let _ = group.set_pointer_capture(event.pointer_id());
                let (pointer, centre) = (on_stage(&svg, &event), frame.point(place));
                *drag.borrow_mut() = Some(Drag {
                    id,
                    name: standing.name(id),
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
            let standing = standing.clone();
            Callback::from(move |event: PointerEvent| {
                let mut drag = drag.borrow_mut();
                // The process may have gone, and with its node the news that it was let go.
                let is_over = |drag: &mut Drag| {
                    drag.is_by(&event)
                        && (event.buttons() == 0 || standing.name(drag.id) != drag.name)
                };
                if drag.take_if(is_over).is_some() {
                    return render.force_update();
                }
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
            let standing = standing.clone();
            Callback::from(move |event: PointerEvent| {
                let Some(drag) = drag.borrow_mut().take_if(|drag| drag.is_by(&event)) else {
                    return;
                };
                if standing.name(drag.id) != drag.name {
                    return;
                }
                dispatch.dispatch(match drag.place {
                    Some(place) => Action::Move(drag.id, place),
                    None => Action::Select(Some(Thing::Process(drag.id))),
                });
            })
        };
        // Those who say or read out what they press have no pointer.
        let click = {
            let (standing, dispatch) = (standing.clone(), self.dispatch.clone());
            Callback::from(move |event: MouseEvent| {
                let chosen = standing.whose(&event).filter(|_| event.detail() == 0);
                if let Some((id, ..)) = chosen {
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

/// Who stands where on the stage as it is drawn. Something may have happened to the session since.
#[derive(Clone)]
pub(super) struct Standing {
    session: Rc<RefCell<Session>>,
    places: Rc<Vec<Place>>,
}

impl Standing {
    pub(super) fn of(page: &Page) -> Self {
        Self {
            session: page.session.clone(),
            places: page.places().clone(),
        }
    }

    /// The process that something happens to, where it stands, and its node.
    pub(super) fn whose(&self, event: &Event) -> Option<(ProcessId, Place, Element)> {
        let hit = event.target_dyn_into::<Element>()?;
        let group = hit.closest("[data-process]").ok()??;
        let name = group.get_attribute("data-process")?;
        let session = self.session.borrow();
        let id = session.run().scenario().setup.id_of(&name)?;
        let place = *self.places.get(usize::from(id.0))?;
        Some((id, place, group))
    }

    /// What a process is called; nothing if it is not there.
    fn name(&self, id: ProcessId) -> Arc<str> {
        let session = self.session.borrow();
        let processes = &session.run().scenario().setup.processes;
        let spec = processes.get(usize::from(id.0));
        spec.map_or_else(|| "".into(), |spec| spec.name.clone())
    }

    /// Whether this is so of the process.
    pub(super) fn is(&self, id: ProcessId, so: fn(&Process) -> bool) -> bool {
        let session = self.session.borrow();
        session.run().cluster().process(id).is_some_and(so)
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
