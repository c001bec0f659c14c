//! The stage: the processes where they stand, their links, and what flies between them.

mod drag;
mod flights;
mod ghosts;
mod ground;
pub(crate) mod links;
mod process;
mod quorums;

use std::rc::Rc;
use std::sync::Arc;

use gloo_timers::callback::Timeout;
use web_sys::{Element, HtmlElement, SvgElement};
use yew::prelude::*;

use crate::cluster::{Command, Process};
use crate::protocol::{Amnesia, ProcessId, Proposer};
use crate::scenario::Scenario;

use super::captions;
use super::dom::find;
use super::frame::Frame;
use super::gathering::{Gathering, gatherings, in_both};
use super::geometry::{Point, Shape, Way};
use super::look::Look;
use super::painter::{Flight, Painter};
use super::size::use_size;
use super::state::{Action, Dispatch, Mode, Page, Thing, Tool};

pub use drag::on_stage;
use drag::{Standing, use_drag};
use ground::use_ground;
use process::Figure;

/// How far an arrow key moves a process, in pixels.
const NUDGE: f64 = 16.0;
/// How far above its process a message to oneself is.
const OWN: f64 = 22.0;
/// Room between the outline of a process and a message that arrives.
const GAP: f64 = 12.0;

/// What the stage needs.
#[derive(Properties, PartialEq)]
pub struct StageProps {
    /// The page.
    pub page: Page,
    /// Moves the messages.
    pub painter: ByAddress,
    /// Takes the gestures.
    pub dispatch: Dispatch,
    /// The drawing, whose position on the screen others need to know.
    pub svg: NodeRef,
}

/// The painter, compared by identity.
#[derive(Clone)]
pub struct ByAddress(pub Rc<Painter>);

impl PartialEq for ByAddress {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// A scenario, compared by identity.
pub struct ByScenario(pub Arc<Scenario>);

impl PartialEq for ByScenario {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// The stage.
#[component]
pub fn Stage(props: &StageProps) -> Html {
    let StageProps {
        page,
        painter,
        dispatch,
        svg,
    } = props;
    let size = use_size(svg);
    let size = match page.embed {
        None => size,
        // There is little room, and nobody joins.
        Some(_) => size.fitted(&page.session.borrow().run().scenario().places),
    };
    let frame = size.showing(page.view, page.places());
    let drag = use_drag(svg, frame, dispatch);
    let points = page.places().iter().map(|&place| frame.point(place));
    let ground = use_ground(svg, frame, page.tool, points.collect(), dispatch);
    let session = page.session.borrow();
    let run = session.run();
    let (setup, cluster) = (&run.scenario().setup, run.cluster());
    let look = Look::new(setup, cluster).shortened(frame.shown());

    let figures: Vec<(Point, Shape)> = setup
        .ids()
        .zip(page.places().iter())
        .map(|(id, &place)| {
            let place = drag.place_of(id).unwrap_or(place);
            (frame.point(place), frame.shape(setup.spec(id).roles))
        })
        .collect();
    let figure = |id: ProcessId| figures[usize::from(id.0)];

    // A crowd has a thousand links, which hardly ever change.
    let picked = page
        .selected
        .filter(|thing| matches!(thing, Thing::Link(..)));
    let links = {
        let scenario = ByScenario(run.scenario().clone());
        let about = (figures.clone(), cluster.cuts().to_vec(), picked, scenario);
        use_memo(about, |_| {
            (
                links::islands(cluster, figure),
                links::links(picked, setup, cluster, figure),
            )
        })
    };

    // By number, as their nodes are.
    let flights: Vec<Flight> = cluster
        .by_number()
        .into_iter()
        .map(|envelope| {
            let way = if envelope.from == envelope.to {
                // It takes no time: it waits above its process until its turn comes.
                let (Point { x, y }, shape) = figure(envelope.from);
                let y = y - shape.half_height() - OWN;
                Way {
                    start: Point { x, y },
                    end: Point { x, y },
                }
            } else {
                Way::between(figure(envelope.from), figure(envelope.to), GAP)
            };
            let selected = page.selected == Some(Thing::Message(envelope.id));
            flights::flight(&look, *envelope, way, frame, selected)
        })
        .collect();
    let gatherings = gatherings(cluster);
    let both = in_both(cluster, &gatherings);
    let has_captions = frame.has_captions();
    let (outlines, tags) = quorums::draw(&look, &gatherings, &figures, frame);

    {
        // Positions belong to the painter, which also sets them after every rendering.
        let painter = painter.0.clone();
        let processes = setup.ids().flat_map(|id| covered(figure(id)));
        let tags = tags.iter().map(quorums::Tag::covers);
        let obstacles = processes.chain(tags).collect();
        let instant = page.instant.get();
        let still = page.mode == Mode::Paused;
        use_effect(move || {
            if let Some(layer) = painter.layer.cast::<Element>() {
                let wanted = flights.iter();
                let wanted: Vec<_> = wanted
                    .map(|flight| (flight.envelope.id.0, flight.signature()))
                    .collect();
                painter.nodes.sync(&layer, &wanted, |document, index| {
                    flights::node(document, &painter.moulds, &flights[index])
                });
            }
            *painter.flights.borrow_mut() = flights;
            *painter.obstacles.borrow_mut() = obstacles;
            match still {
                true => painter.paint(instant),
                false => painter.animate(instant),
            }
        });
    }

    let standing = Standing::of(page);
    let gestures = drag.gestures(&standing);
    let choosers = choosers(&gatherings);
    let processes: Html = setup
        .ids()
        .filter_map(|id| cluster.process(id).map(|process| (id, process)))
        .map(|(id, process)| {
            let in_both = both.contains(&id);
            Figure {
                id,
                spec: setup.spec(id),
                process,
                quorums: cluster.quorums(),
                point: figure(id).0,
                shape: figure(id).1,
                selected: page.selected == Some(Thing::Process(id)),
                frame,
                chooser: choosers.contains(&id),
                in_both,
                room: if has_captions {
                    captions::lines(&figures, figure(id), in_both)
                } else {
                    0
                },
                reach: if has_captions {
                    captions::reach(&figures, figure(id))
                } else {
                    Default::default()
                },
            }
            .draw(&look)
        })
        .collect();

    html! {
        <svg ref={svg.clone()} class={classes!("stage", tool_class(page), (page.view.scale > 1.0).then_some("close"), (!has_captions).then_some("crowd"), frame.is_small().then_some("small"))}
            role="group" aria-label="Cluster" tabindex="-1"
            onpointerdown={ground.down.clone()} onpointermove={ground.shift.clone()}
            onpointerup={ground.up.clone()} onpointercancel={ground.cancel.clone()}>
            <g class="islands">{ links.0.clone() }</g>
            <g class="quorum">{ outlines }</g>
            <g class="links">{ links.1.clone() }</g>
            <g class="flights" aria-hidden="true" ref={painter.0.layer.clone()}></g>
            <g class="processes"
                onpointerdown={gestures.down} onpointermove={gestures.shift}
                onpointerup={gestures.up} onpointercancel={gestures.cancel}
                onclick={gestures.click} onkeydown={keys(dispatch, frame, standing)}>
                { processes }
            </g>
            <g class="tags" aria-hidden="true">{ for tags.iter().map(quorums::Tag::draw) }</g>
            <g class="ghosts" aria-hidden="true">{ ghosts::draw(&look, run, frame, figure) }</g>
            if let Some((from, to)) = ground.line() {
                <path class="parting" d={format!("M{from}L{to}")} />
            }
            if page.tool == Tool::Partition {
                <text class="hint" x="50%" y="24">{ "Draw a line between those to be parted. By keyboard: Network." }</text>
            }
            if setup.processes.is_empty() {
                <text class="empty" x="50%" y="50%">{ "Add a proposer and some acceptors to begin." }</text>
            }
        </svg>
    }
}

/// Puts the focus on the stage, where it must not fall out of the page with what had it.
pub fn focus_stage() {
    if let Some(stage) = find::<SvgElement>("svg.stage") {
        let _ = stage.focus();
    }
}

/// Puts the focus on the process whose card is open: whoever closes it goes on there.
pub fn focus_selected() {
    match find::<SvgElement>("g.process.selected") {
        Some(process) => {
            let _ = process.focus();
        }
        None => focus_stage(),
    }
}

/// Puts the focus into the card of the process, once it is there: other cards may be open above it.
fn enter_card() {
    let enter = || {
        if let Some(title) = find::<HtmlElement>("#inspector-title") {
            let _ = title.focus();
        }
    };
    Timeout::new(0, enter).forget();
}

/// What the keyboard does to a process.
fn keys(dispatch: &Dispatch, frame: Frame, standing: Standing) -> Callback<KeyboardEvent> {
    let dispatch = dispatch.clone();
    Callback::from(move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let Some((id, place, _)) = standing.whose(&event) else {
            return;
        };
        let nudge = if event.shift_key() {
            NUDGE * 4.0
        } else {
            NUDGE
        };
        let shifted = |dx: f64, dy: f64| {
            let Point { x, y } = frame.point(place);
            let there = Point {
                x: x + dx * nudge,
                y: y + dy * nudge,
            };
            Action::Move(id, frame.place(there))
        };
        let action = match event.key().as_str() {
            "c" => match standing.is(id, |process| process.up) {
                true => Action::Do(Command::Crash {
                    process: id,
                    amnesia: Amnesia::NONE,
                }),
                false => Action::Do(Command::Restart { process: id }),
            },
            "t" if standing.is(id, may_retry) => Action::Do(Command::Timeout { process: id }),
            "ArrowLeft" => shifted(-1.0, 0.0),
            "ArrowRight" => shifted(1.0, 0.0),
            "ArrowUp" => shifted(0.0, -1.0),
            "ArrowDown" => shifted(0.0, 1.0),
            "Enter" | " " => {
                enter_card();
                Action::Select(Some(Thing::Process(id)))
            }
            "Escape" => Action::Select(None),
            "Delete" | "Backspace" => {
                focus_stage();
                Action::Remove(id)
            }
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        dispatch.dispatch(action);
    })
}

fn may_retry(process: &Process) -> bool {
    let waits = |proposer: &Proposer| proposer.unfinished().is_some();
    process.up && process.proposer.as_ref().is_some_and(waits)
}

/// Whose votes made the value chosen first.
fn choosers(gatherings: &[Gathering]) -> &[ProcessId] {
    let chosen = gatherings.iter().find(|gathering| gathering.chosen);
    chosen.map_or(&[], |gathering| &gathering.members)
}

fn tool_class(page: &Page) -> &'static str {
    match page.tool {
        Tool::Hand => "hand",
        Tool::Partition => "parts",
    }
}

/// What labels of messages should not hide: the inscription of a process and its captions, as
/// centres with half widths and half heights. A label may come a little closer.
fn covered((point, shape): (Point, Shape)) -> [(Point, f64, f64); 2] {
    let (w, h) = match shape {
        Shape::Circle(r) | Shape::Diamond(r) => (r * 0.85, r * 0.85),
        Shape::Box(w, h) => (w * 0.95, h * 0.95),
    };
    let y = point.y + shape.half_height() + quorums::CAPTIONS * 0.7;
    [(point, w, h), (Point { y, ..point }, 40.0, 8.0)]
}
