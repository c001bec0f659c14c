//! The clock: moves the picture on while time passes, and rests when it does not.
//!
//! One loop of animation frames, which runs only while the page plays or steps. A frame moves the
//! instant on and has the painter set positions directly; the page itself is only rendered anew
//! when something happens. Where the reader prefers reduced motion there are no frames at all:
//! a timer lets one thing happen after the other, and messages stand still in between.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Interval;
use wasm_bindgen::prelude::*;
use yew::{UseReducerHandle, hook, use_effect_with};

use super::painter::Painter;
use super::state::{Action, Dispatch, Mode, Page};

/// Virtual milliseconds that pass in a real one at speed 1: a message of 60 ms flies for 1.5 s.
const PACE: f64 = 0.04;
/// How long the way to the next event is drawn when stepping, in real milliseconds.
const STEP_TIME: f64 = 320.0;
/// How long one thing stays before the next one with reduced motion, at speed 1, in real
/// milliseconds.
const STILL_TIME: f64 = 900.0;
/// A frame that comes later than this lets no more time pass: a hidden page falls behind.
const LONGEST_FRAME: f64 = 100.0;

/// Lets time pass as the page's mode says.
#[hook]
pub fn use_clock(page: &UseReducerHandle<Page>, painter: &Rc<Painter>) {
    let dispatch = page.dispatcher();
    let painter = painter.clone();
    // A step that lands while another one waits begins the next way.
    let again = (page.mode == Mode::Stepping).then_some(page.revision);
    let wanted = (page.mode, page.speed.to_bits(), again);
    let snapshot = Page::clone(page);
    use_effect_with(wanted, move |_| {
        let stop: Box<dyn FnOnce()> = match snapshot.mode {
            Mode::Paused => Box::new(|| ()),
            _ if prefers_reduced_motion() => {
                let pause = if snapshot.mode == Mode::Stepping {
                    0.0
                } else {
                    STILL_TIME / snapshot.speed
                };
                let timer = Interval::new(pause as u32, move || still(&snapshot, &dispatch));
                Box::new(move || drop(timer))
            }
            _ => {
                let frames =
                    Frames::start(move |passed| frame(&snapshot, passed, &painter, &dispatch));
                Box::new(move || drop(frames))
            }
        };
        stop
    });
}

/// One thing happens at once, unless nobody sees it.
fn still(page: &Page, dispatch: &Dispatch) {
    if window()
        .document()
        .is_some_and(|document| document.hidden())
    {
        return;
    }
    if page.mode == Mode::Stepping {
        return dispatch.dispatch(Action::Land);
    }
    let due = page.session.borrow().run().next_due();
    if let Some(due) = due {
        page.instant.set(due.0 as f64);
    }
    dispatch.dispatch(Action::Due);
}

/// Some real milliseconds pass. `false` if no frame is to follow: what was dispatched, here or by
/// the reader, ends this loop, and the rendering that stops it may come later than the next frame.
fn frame(page: &Page, passed: f64, painter: &Painter, dispatch: &Dispatch) -> bool {
    if page.latest.get() != page.mode {
        return false;
    }
    let (now, due) = {
        let session = page.session.borrow();
        let run = session.run();
        (
            run.cluster().now().0 as f64,
            run.next_due().map(|due| due.0 as f64),
        )
    };
    let Some(due) = due else {
        dispatch.dispatch(Action::Due);
        return false;
    };
    let instant = page.instant.get();
    if page.mode == Mode::Stepping {
        let instant = instant + (due - now).max(1.0) * passed / STEP_TIME;
        if instant >= due {
            dispatch.dispatch(Action::Land);
            return false;
        }
        page.instant.set(instant);
    } else {
        let instant = instant + passed * PACE * page.speed;
        page.instant.set(instant);
        if instant >= due {
            dispatch.dispatch(Action::Due);
            return true;
        }
    }
    painter.animate(page.instant.get());
    true
}

/// Whether the reader asked for little movement.
pub fn prefers_reduced_motion() -> bool {
    let query = window().match_media("(prefers-reduced-motion: reduce)");
    query.ok().flatten().is_some_and(|query| query.matches())
}

fn window() -> web_sys::Window {
    web_sys::window().expect("the page runs in a window")
}

/// A running loop of animation frames; dropping it ends it.
struct Frames(Rc<Loop>);

type Callback = Closure<dyn FnMut(f64)>;

struct Loop {
    callback: RefCell<Option<Callback>>,
    pending: Cell<i32>,
}

impl Frames {
    /// Calls back every frame with the real milliseconds since the one before, until it says no.
    fn start(mut callback: impl FnMut(f64) -> bool + 'static) -> Self {
        let this = Rc::new(Loop {
            callback: RefCell::new(None),
            pending: Cell::new(0),
        });
        let weak = Rc::downgrade(&this);
        let mut before = None;
        let closure = Closure::new(move |now: f64| {
            let Some(this) = weak.upgrade() else { return };
            let passed = before.map_or(0.0, |before| now - before);
            before = Some(now);
            if callback(passed.clamp(0.0, LONGEST_FRAME)) {
                this.request();
            }
        });
        *this.callback.borrow_mut() = Some(closure);
        this.request();
        Self(this)
    }
}

impl Loop {
    fn request(&self) {
        if let Some(callback) = &*self.callback.borrow() {
            let function = callback.as_ref().unchecked_ref();
            if let Ok(id) = window().request_animation_frame(function) {
                self.pending.set(id);
            }
        }
    }
}

impl Drop for Frames {
    fn drop(&mut self) {
        let _ = window().cancel_animation_frame(self.0.pending.get());
    }
}
