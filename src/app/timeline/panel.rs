//! The space-time diagram in the page: it shows where the cursor is, and takes it elsewhere.

use web_sys::WheelEvent;
use yew::prelude::*;

use crate::app::choice::Choice;
use crate::app::geometry::{length, px, within};
use crate::app::look::Look;
use crate::app::painter::Painter;
use crate::app::size::use_size;
use crate::app::stage::{ByAddress, ByScenario, on_stage};
use crate::app::state::{Action, Dispatch, Page};
use crate::app::unchanged::Unchanged;
use crate::app::wheel::{factor, use_wheel};
use crate::cluster::{Millis, Setup, shorten_name};
use crate::history::Run;
use crate::protocol::ProcessId;
use crate::scenario::diagram::{self, Diagram, Filter};

use super::branches;
use super::drawing::{Drawn, Scale, marks, ticks};

/// The time that is seen at first, in milliseconds.
const SPAN: f64 = 600.0;
/// The shortest and the longest time that can be seen.
const SPANS: (f64, f64) = (20.0, 1e7);
/// Messages of so many processes can be picked out.
const LISTED: usize = 40;
/// A lane is at least so high.
const LEAST_LANE: f64 = 15.0;
/// Room for the time axis.
const AXIS: f64 = 18.0;
/// A click finds what is so near, in pixels.
const REACH: f64 = 9.0;
/// Less movement than this is a click.
const SLACK: f64 = 4.0;

/// What the diagram needs.
#[derive(Properties, PartialEq)]
pub struct TimelineProps {
    /// The page.
    pub page: Page,
    /// Takes the gestures.
    pub dispatch: Dispatch,
    /// Moves the cursor.
    pub painter: ByAddress,
}

/// What is kept from one rendering to the next.
#[derive(Default)]
struct Kept {
    diagram: Diagram,
    drawn: Drawn,
    /// Which line the diagram is of.
    line: (usize, u32),
    start: f64,
    span: f64,
    /// Where the cursor was.
    cursor: f64,
}

impl Kept {
    /// Takes in what has happened since.
    fn follow(&mut self, current: usize, run: &Run) {
        let line = (current, run.branch().id().0);
        let recorded = run.recorded();
        if self.line != line || recorded.len() < self.diagram.events() || self.span == 0.0 {
            self.line = line;
            self.diagram = Diagram::default();
            self.drawn.forget();
            if self.span == 0.0 {
                self.span = SPAN;
            }
        }
        for event in recorded.iter().skip(self.diagram.events()) {
            self.diagram.push(event);
        }
    }

    /// Keeps the cursor in view, unless the reader looks elsewhere.
    fn keep_in_view(&mut self, cursor: f64) {
        if cursor == self.cursor {
            return;
        }
        self.cursor = cursor;
        if cursor < self.start || cursor > self.start + self.span * 0.94 {
            self.start = (cursor - self.span * 0.6).max(0.0);
        }
    }

    fn strokes(&mut self, look: &Look, filter: Filter) -> Html {
        self.drawn.strokes(look, &self.diagram, filter)
    }

    fn zoom(&mut self, by: f64, about: f64) {
        let span = within(self.span * by, SPANS.0, SPANS.1);
        self.start = (about - (about - self.start) * span / self.span).max(0.0);
        self.span = span;
    }
}

/// What is to be seen: all, unless it is of a process that is there.
fn filter(chosen: &str, setup: &Setup) -> Filter {
    let (kind, name) = chosen.split_at_checked(1).unwrap_or_default();
    match (kind, setup.id_of(name)) {
        ("b", Some(id)) if setup.spec(id).roles.proposer => Filter::Ballots(id),
        ("p", Some(id)) if usize::from(id.0) < LISTED => Filter::Process(id),
        _ => Filter::All,
    }
}

/// What of the diagram does not change with the time.
struct Margin {
    lines: AttrValue,
    names: Html,
    options: Vec<(AttrValue, AttrValue)>,
}

impl Margin {
    fn new(setup: &Setup, compact: bool, [left, right, top, down]: [f64; 4]) -> Self {
        let name = |id| shorten_name(&setup.spec(id).name, if compact { 5 } else { 9 });
        let option = |kind: &str, id: ProcessId, what: &str| {
            let value = format!("{kind}{}", setup.spec(id).name);
            (value.into(), format!("{what} of {}", name(id)).into())
        };
        let proposers = setup.ids().filter(|&id| setup.spec(id).roles.proposer);
        let ballots = proposers.map(|id| option("b", id, "ballots"));
        let messages = setup.ids().take(LISTED);
        let messages = messages.map(|id| option("p", id, "messages"));
        let all = std::iter::once(("a".into(), "all messages".into()));
        let y = |id| top + down * diagram::lane(id);
        let line = |id| format!("M{} {}H{}", px(left), px(y(id)), px(right));
        let lane = |id| {
            html! { <text x={px(left - 10.0)} y={px(y(id) + 4.0)}>{ name(id) }</text> }
        };
        Self {
            lines: setup.ids().map(line).collect::<String>().into(),
            names: setup.ids().map(lane).collect(),
            options: all.chain(ballots).chain(messages).collect(),
        }
    }
}

/// The diagram.
#[component]
pub fn Timeline(props: &TimelineProps) -> Html {
    let TimelineProps {
        page,
        dispatch,
        painter,
    } = props;
    let painter: &Painter = &painter.0;
    let kept = use_mut_ref(Kept::default);
    let chosen = use_state_eq(|| String::from("a"));
    let open = use_state_eq(|| true);
    let render = use_force_update();
    let (area, svg) = (use_node_ref(), use_node_ref());
    // Where the pointer went down, and whether it has moved since.
    let pressed = use_mut_ref(|| None::<(f64, f64, bool)>);
    let size = use_size(&area);

    let session = page.session.borrow();
    let run = session.run();
    let setup = &run.scenario().setup;
    let look = Look::new(setup, run.cluster());
    let lanes = setup.processes.len();
    let filter = filter(&chosen, setup);
    let mut now = kept.borrow_mut();
    let instant = page.instant.get();
    now.follow(session.current(), run);
    now.keep_in_view(instant);

    let left = if size.compact() { 48.0 } else { 84.0 };
    let rows = branches::rows(run) as f64 * branches::ROW;
    let top = if rows > 0.0 { rows + 8.0 } else { 4.0 };
    let room = size.height - top - AXIS;
    let down = within(room / lanes.max(1) as f64, LEAST_LANE, 30.0);
    let height = top + down * lanes as f64 + AXIS;
    let scale = Scale {
        left,
        right: size.width - 8.0,
        start: now.start,
        across: (size.width - 8.0 - left).max(1.0) / now.span,
        top,
        down,
    };
    let end = run.end().time;
    {
        let painter = props.painter.0.clone();
        use_effect(move || {
            painter.scale.set(Some(scale));
            painter.point(instant);
        });
    }

    let (next, count) = (run.events().len(), run.recorded().len());
    let go = {
        let (kept, dispatch) = (kept.clone(), dispatch.clone());
        move |x: f64, y: f64, near: bool| {
            let found = near.then(|| {
                let lane = within((y - scale.top) / scale.down, 0.0, lanes as f64) as usize;
                let diagram = &kept.borrow().diagram;
                diagram.near(scale.time(x), lane, REACH / scale.across, filter)
            });
            dispatch.dispatch(match found.flatten() {
                Some(event) => Action::SeekEvent(event),
                None => Action::Seek(Millis(scale.time(x) as u64)),
            });
        }
    };
    let onpointerdown = {
        let (pressed, svg) = (pressed.clone(), svg.clone());
        Callback::from(move |event: PointerEvent| {
            if event.button() == 0 {
                let at = on_stage(&svg, &event);
                if let Some(svg) = svg.cast::<web_sys::Element>() {
                    let _ = svg.set_pointer_capture(event.pointer_id());
                }
                pressed.replace(Some((at.x, at.y, false)));
            }
        })
    };
    let onpointermove = {
        let (pressed, svg, go) = (pressed.clone(), svg.clone(), go.clone());
        Callback::from(move |event: PointerEvent| {
            let at = on_stage(&svg, &event);
            let mut pressed = pressed.borrow_mut();
            let Some((x, y, moved)) = pressed.as_mut() else {
                return;
            };
            *moved |= length(at.x - *x, at.y - *y) > SLACK;
            if *moved {
                drop(pressed);
                go(at.x, at.y, false);
            }
        })
    };
    let onpointerup = {
        let (pressed, svg) = (pressed.clone(), svg.clone());
        Callback::from(move |event: PointerEvent| {
            let was = pressed.take();
            if let Some((_, _, false)) = was {
                let at = on_stage(&svg, &event);
                go(at.x, at.y, true);
            }
        })
    };
    let onpointercancel = Callback::from(move |_: PointerEvent| {
        pressed.take();
    });
    let onkeydown = {
        let dispatch = dispatch.clone();
        Callback::from(move |event: KeyboardEvent| {
            let action = match event.key().as_str() {
                "ArrowLeft" | "ArrowDown" => Action::StepBack,
                "ArrowRight" | "ArrowUp" if next < count => Action::SeekEvent(next),
                "PageUp" if next < count => Action::SeekEvent(next + 9),
                "PageDown" if next > 10 => Action::SeekEvent(next - 11),
                "PageDown" | "Home" => Action::Seek(Millis(0)),
                "End" => Action::SeekEvent(usize::MAX),
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            dispatch.dispatch(action);
        })
    };
    {
        let (kept, render, svg) = (kept.clone(), render.clone(), svg.clone());
        use_wheel(&area, move |event: &WheelEvent| {
            let mut kept = kept.borrow_mut();
            let zooming = event.ctrl_key() || event.meta_key();
            let sideways = if event.shift_key() {
                event.delta_y() + event.delta_x()
            } else {
                event.delta_x()
            };
            if zooming {
                let about = scale.time(on_stage(&svg, event).x);
                kept.zoom(factor(event.delta_y()), about);
            } else if sideways != 0.0 {
                kept.start = (kept.start + sideways / scale.across).max(0.0);
            } else {
                return false;
            }
            render.force_update();
            true
        });
    }
    let change = |how: fn(&mut Kept, f64)| {
        let (kept, render) = (kept.clone(), render.clone());
        let end = end.0 as f64;
        Callback::from(move |_: MouseEvent| {
            how(&mut kept.borrow_mut(), end);
            render.force_update();
        })
    };
    let nearer = change(|kept, _| kept.zoom(0.5, kept.cursor));
    let further = change(|kept, _| kept.zoom(2.0, kept.cursor));
    let fit = change(|kept, end| {
        kept.start = 0.0;
        // Some room ahead: while it plays, the cursor would soon be out of sight.
        kept.span = (end * 1.25).max(SPANS.0);
    });
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let onfilter = {
        let chosen = chosen.setter();
        use_callback((), move |now: String, ()| chosen.set(now))
    };
    let value = match filter {
        Filter::All => "a".to_owned(),
        Filter::Ballots(_) | Filter::Process(_) => String::clone(&chosen),
    };
    let margin = {
        let scenario = ByScenario(run.scenario().clone());
        let about = (scenario, size.compact(), scale.lanes());
        use_memo(about, |(scenario, compact, lanes)| {
            Margin::new(&scenario.0.setup, *compact, *lanes)
        })
    };
    let strokes = now.strokes(&look, filter);
    let axis = scale.y(lanes as f64) + 13.0;
    // Hundredths are too coarse for pixels in a millisecond.
    let transform = format!(
        "translate({} {}) scale(.0001 1) scale({} {})",
        px(scale.x(0.0)),
        px(scale.top),
        px(scale.across * 1e4),
        px(scale.down)
    );
    html! {
        <section class={classes!("timeline", (!*open).then_some("closed"))} aria-label="Space-time diagram">
            <div class="bar">
                <button type="button" aria-expanded={open.to_string()} onclick={toggle}>{ "Diagram" }</button>
                { branches::runs(&session, dispatch) }
                if *open {
                    <Choice class="show" label="Show" {value} options={margin.options.clone()} onchoose={onfilter} />
                    <span class="spring"></span>
                    <button type="button" aria-label="Longer time" title="See a longer time" onclick={further}>{ "−" }</button>
                    <button type="button" aria-label="Shorter time" title="See a shorter time" onclick={nearer}>{ "+" }</button>
                    <button type="button" aria-label="All: the whole time" onclick={fit}>{ "All" }</button>
                }
            </div>
            { branches::buttons(page, dispatch) }
            <div class="area" ref={area} hidden={!*open}>
                <svg ref={svg} class="diagram" height={px(height)} role="slider" tabindex="0" aria-label="Time"
                    aria-valuemin="0" aria-valuemax={end.0.to_string()} aria-valuenow={(instant as u64).to_string()}
                    aria-valuetext={format!("{} of {end} ms, event {next} of {count}", instant as u64)}
                    {onpointerdown} {onpointermove} {onpointerup} {onpointercancel} {onkeydown}>
                    <path class="lanes" d={margin.lines.clone()} />
                    <g class="strokes" {transform}>{ strokes }</g>
                    { marks(&now.diagram, &scale, filter, lanes) }
                    <g ref={painter.cursor.clone()} class="cursor">
                        <rect class="veil" x="1" y="0" width={px(size.width)} height={px(height)} />
                        <path d={format!("M0 0V{}", px(axis - 11.0))} /><path class="handle" d="M-6 0H6L0 8Z" />
                    </g>
                    <rect class="margin" x="0" y="0" width={px(left)} height={px(height)} />
                    { branches::draw(run, &scale) }
                    <Unchanged shown={margin.names.clone()} />
                    <g class="ticks">{ ticks(&scale, axis) }</g>
                    if count == 0 {
                        <text class="hint" x={px((left + scale.right) / 2.0)} y={px(height / 2.0)}>{ "Nothing has happened yet: press Play." }</text>
                    }
                </svg>
            </div>
        </section>
    }
}
