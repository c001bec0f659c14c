//! Time: play, pause, step, restart, pace; and which run is shown.

use yew::prelude::*;

use crate::decimal::{self, Decimal};

use super::act::shape_icon as icon;
use super::choice::Choice;
use super::keys::SPEEDS;
use super::painter::Painter;
use super::state::{Action, Dispatch, Mode, Page};

/// The controls.
pub fn controls(page: &Page, dispatch: &Dispatch, painter: &Painter) -> Html {
    let session = page.session.borrow();
    let over = session.run().next_due().is_none();
    let fresh = session.run().is_fresh();
    let start = session.run().cursor().steps == 0 && session.run().events().is_empty();
    // A button that is off keeps the focus, and does nothing.
    let send = |action: Action, off: bool| {
        let dispatch = dispatch.clone();
        Callback::from(move |_: MouseEvent| {
            if !off {
                dispatch.dispatch(action.clone());
            }
        })
    };
    let playing = page.mode == Mode::Playing;
    let (undo, redo) = (page.undoable(), page.redoable());
    let onspeed = {
        let dispatch = dispatch.clone();
        Callback::from(move |speed: String| {
            if let Some(speed) = decimal::parse(&speed) {
                dispatch.dispatch(Action::SetSpeed(speed));
            }
        })
    };
    let mut speeds = SPEEDS.to_vec();
    if !speeds.contains(&page.speed) {
        let at = speeds.partition_point(|&speed| speed < page.speed);
        speeds.insert(at, page.speed);
    }
    html! {
        <div class="controls" role="group" aria-label="Time">
            <button type="button" class="icon" aria-label="Restart" title="Back to the beginning of this scenario"
                aria-disabled={fresh.to_string()} onclick={send(Action::Restart, fresh)}><svg class="icon line" viewBox="0 0 20 20" aria-hidden="true"><path d="M5 8a6 6 0 1 1 -1 4M4 3.5V8.5H9" /></svg></button>
            <button type="button" class="icon" aria-label="Step back" title="Back to before the last thing that happened"
                aria-disabled={start.to_string()} onclick={send(Action::StepBack, start)}>{ icon("M15 4L7 10l8 6zM4 4v12") }</button>
            if playing {
                <button type="button" class="primary" aria-label="Pause" onclick={send(Action::Pause, false)}>
                    { icon("M6 4v12M14 4v12") }<span>{ "Pause" }</span>
                </button>
            } else {
                <button type="button" class="primary" aria-label="Play" onclick={send(Action::Play, over)}
                    aria-disabled={over.to_string()} title={if over { "Nothing is left to happen: propose a value, or restart" } else { "" }}>
                    { icon("M6 4l10 6-10 6z") }<span>{ "Play" }</span>
                </button>
            }
            <button type="button" aria-label="Step" title="To the next thing that happens"
                aria-disabled={over.to_string()} onclick={send(Action::Step, over)}><span class="wide">{ "Step" }</span>{ icon("M5 4l8 6-8 6zM16 4v12") }</button>
            { act_icon(undo, "Undo", dispatch, Action::Undo, "M8 5L4 9l4 4M4 9h7a4 4 0 0 1 0 8h-2") }
            { act_icon(redo, "Redo", dispatch, Action::Redo, "M12 5l4 4-4 4M16 9H9a4 4 0 0 0 0 8h2") }
            // Read when somebody comes to it: a clock that tells every change would never be silent.
            <output class="time" ref={painter.readout.clone()} aria-label="Virtual time" aria-live="off"></output>
            <span class="spring"></span>
            <Choice label="Speed" value={Decimal(page.speed).to_string()} onchoose={onspeed}
                options={speeds.iter().map(|speed| (Decimal(*speed).to_string().into(), format!("{}×", Decimal(*speed)).into())).collect::<Vec<_>>()} />
        </div>
    }
}

/// A button for undo or redo, which says of what; off, if there is nothing.
fn act_icon(
    what: Option<String>,
    verb: &'static str,
    dispatch: &Dispatch,
    action: Action,
    d: &'static str,
) -> Html {
    let off = what.is_none();
    let dispatch = dispatch.clone();
    let onclick = Callback::from(move |_: MouseEvent| {
        if !off {
            dispatch.dispatch(action.clone());
        }
    });
    let title = match what {
        Some(what) => format!("{verb}: {what}"),
        None => format!("There is nothing to {}", verb.to_lowercase()),
    };
    html! {
        <button type="button" class="icon" aria-label={verb} {title} aria-disabled={off.to_string()} {onclick}>
            <svg class="icon line" viewBox="0 0 20 20" aria-hidden="true"><path {d} /></svg>
        </button>
    }
}
