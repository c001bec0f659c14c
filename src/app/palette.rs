//! The palette: puts processes on the stage, by a click or a key, or by dragging.

use web_sys::Element;
use yew::prelude::*;

use crate::cluster::Roles;

use super::frame::{Frame, View};
use super::geometry::{Point, free_place, length};
use super::state::{Action, Dispatch, Page};

/// Less movement than this is a click.
const SLACK: f64 = 6.0;
/// The size of what is dragged.
const SIGN: f64 = 64.0;

/// What the palette needs.
#[derive(Properties, PartialEq)]
pub struct PaletteProps {
    /// The page.
    pub page: Page,
    /// Takes the gestures.
    pub dispatch: Dispatch,
    /// The drawing onto which things are dropped.
    pub svg: NodeRef,
}

#[derive(Clone, Copy, PartialEq)]
struct Drag {
    roles: Roles,
    origin: (f64, f64),
    now: (f64, f64),
}

impl Drag {
    fn is_far(&self) -> bool {
        let (dx, dy) = (self.now.0 - self.origin.0, self.now.1 - self.origin.1);
        length(dx, dy) >= SLACK
    }
}

/// The palette.
#[component]
pub fn Palette(props: &PaletteProps) -> Html {
    // What the handlers share: events may come faster than renderings.
    let drag = use_mut_ref(|| None::<Drag>);
    let render = use_force_update();
    // The click that ends a drag is none.
    let dropped = use_mut_ref(|| false);
    let button = |roles: Roles, name: &'static str| {
        let onpointerdown = {
            let (drag, dropped) = (drag.clone(), dropped.clone());
            Callback::from(move |event: PointerEvent| {
                *dropped.borrow_mut() = false;
                if event.button() != 0 {
                    return;
                }
                if let Some(target) = event.target_dyn_into::<Element>() {
                    let _ = target.set_pointer_capture(event.pointer_id());
                }
                let origin = screen(&event);
                let now = origin;
                *drag.borrow_mut() = Some(Drag { roles, origin, now });
            })
        };
        let onpointermove = {
            let (drag, render) = (drag.clone(), render.clone());
            Callback::from(move |event: PointerEvent| {
                if let Some(drag) = &mut *drag.borrow_mut() {
                    drag.now = screen(&event);
                    render.force_update();
                }
            })
        };
        let onpointerup = {
            let (drag, dropped, render) = (drag.clone(), dropped.clone(), render.clone());
            let (svg, dispatch) = (props.svg.clone(), props.dispatch.clone());
            let view = props.page.view;
            Callback::from(move |event: PointerEvent| {
                let Some(drag) = drag.take() else { return };
                render.force_update();
                let now = screen(&event);
                if !(Drag { now, ..drag }).is_far() {
                    return;
                }
                *dropped.borrow_mut() = true;
                if let Some(place) = svg.cast::<Element>().and_then(|svg| over(&svg, view, now)) {
                    dispatch.dispatch(Action::Add(drag.roles, place));
                }
            })
        };
        let onpointercancel = {
            let (drag, render) = (drag.clone(), render.clone());
            Callback::from(move |_| {
                drag.take();
                render.force_update();
            })
        };
        let onclick = {
            let dropped = dropped.clone();
            let (svg, dispatch) = (props.svg.clone(), props.dispatch.clone());
            let taken = props.page.places().clone();
            Callback::from(move |_| {
                if std::mem::take(&mut *dropped.borrow_mut()) {
                    return;
                }
                let frame = svg
                    .cast::<Element>()
                    .map_or(Frame::UNMEASURED, |svg| frame(&svg));
                dispatch.dispatch(Action::Add(roles, free_place(frame, roles, &taken)));
            })
        };
        html! {
            <button key={name} type="button" class="place" aria-label={format!("Add {name}")} title={format!("Add {name}: click, or drag it onto the stage")}
                {onpointerdown} {onpointermove} {onpointerup} {onpointercancel} {onclick}>
                { sign(roles) }
                <span>{ name }</span>
            </button>
        }
    };
    let ghost = drag.borrow().filter(Drag::is_far).map(|drag| {
        // In its middle.
        let (x, y) = (drag.now.0 - SIGN / 2.0, drag.now.1 - SIGN / 2.0);
        html! { <svg class="ghost"><g transform={format!("translate({})", Point { x, y })}>{ sign(drag.roles) }</g></svg> }
    });
    html! {
        <div class="palette" role="group" aria-label="Add a process">
            { button(Roles::PROPOSER, "proposer") }
            { button(Roles::ACCEPTOR, "acceptor") }
            { button(Roles::LEARNER, "learner") }
            // Always there, so that the buttons keep their nodes during a drag.
            <div key="ghost" aria-hidden="true">{ for ghost }</div>
        </div>
    }
}

/// The little picture of a role.
pub fn sign(roles: Roles) -> Html {
    let shape = match roles {
        Roles::ACCEPTOR => html! { <circle r="6.5" /> },
        Roles::LEARNER => {
            html! { <rect x="-5.2" y="-5.2" width="10.4" height="10.4" rx="1.5" transform="rotate(45)" /> }
        }
        _ => html! { <rect x="-8" y="-5.5" width="16" height="11" rx="3" /> },
    };
    html! { <svg class="sign" viewBox="-10 -10 20 20" aria-hidden="true">{ shape }</svg> }
}

fn screen(event: &PointerEvent) -> (f64, f64) {
    (f64::from(event.client_x()), f64::from(event.client_y()))
}

fn over(svg: &Element, view: View, (x, y): (f64, f64)) -> Option<crate::scenario::Place> {
    let area = svg.get_bounding_client_rect();
    let inside =
        (area.left()..=area.right()).contains(&x) && (area.top()..=area.bottom()).contains(&y);
    inside.then(|| {
        frame(svg).showing(view, &[]).place(Point {
            x: x - area.left(),
            y: y - area.top(),
        })
    })
}

fn frame(svg: &Element) -> Frame {
    let area = svg.get_bounding_client_rect();
    Frame::new(area.width(), area.height())
}
