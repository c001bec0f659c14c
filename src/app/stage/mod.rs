//! The stage: the processes where they stand, their links, and what flies between them.

mod drag;
mod flights;
mod process;

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::SvgElement;
use yew::prelude::*;

use crate::cluster::{Cluster, Roles};
use crate::protocol::ProcessId;
use crate::scenario::Place;

use super::geometry::{Frame, Point, Shape, Way, hull_path};
use super::look::Look;
use super::painter::{Flight, Painter};
use super::size::use_size;
use super::state::{Action, Dispatch, Page, Thing};

use drag::use_drag;
use process::Figure;

/// How far an arrow key moves a process, in pixels.
const NUDGE: f64 = 16.0;
/// Room around the members of a quorum, beyond their shapes.
const QUORUM_ROOM: f64 = 14.0;
/// How far the captions of an acceptor reach below its shape.
const CAPTIONS: f64 = 30.0;
/// How far above its process a message to oneself is.
const OWN: f64 = 22.0;
/// Room between the outline of a process and a message that arrives.
const GAP: f64 = 4.0;

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

/// The stage.
#[component]
pub fn Stage(props: &StageProps) -> Html {
    let StageProps {
        page,
        painter,
        dispatch,
        svg,
    } = props;
    let frame = use_size(svg);
    let drag = use_drag(svg, frame, dispatch);
    let session = page.session.borrow();
    let run = session.run();
    let (setup, cluster) = (&run.scenario().setup, run.cluster());
    let look = Look::new(setup, cluster).shortened(if frame.compact() { 9 } else { 16 });

    let figures: Vec<(Point, Shape)> = setup
        .ids()
        .zip(page.places().iter())
        .map(|(id, &place)| {
            let place = drag.place_of(id).unwrap_or(place);
            (frame.point(place), frame.shape(setup.spec(id).roles))
        })
        .collect();
    let figure = |id: ProcessId| figures[usize::from(id.0)];

    let flights: Vec<Flight> = cluster
        .in_flight()
        .chain(cluster.held())
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
            flights::flight(&look, *envelope, way, frame)
        })
        .collect();
    let drawn: Html = flights
        .iter()
        .map(|flight| flights::draw(&look, flight, frame))
        .collect();

    {
        // Positions belong to the painter, which also sets them after every rendering.
        let painter = painter.0.clone();
        let obstacles = setup.ids().flat_map(|id| covered(figure(id))).collect();
        let instant = page.instant.get();
        use_effect(move || {
            *painter.flights.borrow_mut() = flights;
            *painter.obstacles.borrow_mut() = obstacles;
            painter.paint(instant);
        });
    }

    let choosers = choosers(cluster);
    let processes: Html = setup
        .ids()
        .filter_map(|id| cluster.process(id).map(|process| (id, process)))
        .map(|(id, process)| {
            let place = page.places()[usize::from(id.0)];
            Figure {
                id,
                spec: setup.spec(id),
                process,
                quorums: cluster.quorums(),
                point: figure(id).0,
                shape: figure(id).1,
                selected: page.selected == Some(Thing::Process(id)),
                compact: frame.compact(),
                chooser: choosers.contains(&id),
            }
            .draw(
                &look,
                drag.gestures(id, place, keys(dispatch, frame, id, place)),
            )
        })
        .collect();

    html! {
        <svg ref={svg.clone()} class="stage" role="group" aria-label="Cluster" tabindex="-1">
            <g class="quorum">{ quorum(&choosers, figure) }</g>
            <g class="links">{ links(cluster, figure) }</g>
            <g class="processes">{ processes }</g>
            <g class="flights" aria-hidden="true" ref={painter.0.layer.clone()}>{ drawn }</g>
            if setup.processes.is_empty() {
                <text class="empty" x="50%" y="50%">{ "Add a proposer and some acceptors to begin." }</text>
            }
        </svg>
    }
}

/// Puts the focus on the stage, where it must not fall out of the page with what had it.
pub fn focus_stage() {
    let document = web_sys::window().and_then(|window| window.document());
    let stage = document.and_then(|document| document.query_selector("svg.stage").ok()?);
    if let Some(stage) = stage.and_then(|stage| stage.dyn_into::<SvgElement>().ok()) {
        let _ = stage.focus();
    }
}

/// What the keyboard does to a process.
fn keys(dispatch: &Dispatch, frame: Frame, id: ProcessId, place: Place) -> Callback<KeyboardEvent> {
    let dispatch = dispatch.clone();
    Callback::from(move |event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
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
            "ArrowLeft" => shifted(-1.0, 0.0),
            "ArrowRight" => shifted(1.0, 0.0),
            "ArrowUp" => shifted(0.0, -1.0),
            "ArrowDown" => shifted(0.0, 1.0),
            "Enter" | " " => Action::Select(Some(Thing::Process(id))),
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

/// Whose votes made the value chosen first.
fn choosers(cluster: &Cluster) -> Vec<ProcessId> {
    let Some(chosen) = cluster.chosen() else {
        return Vec::new();
    };
    let tally = cluster
        .votes_cast()
        .iter()
        .find(|tally| tally.vote == chosen);
    tally.map_or_else(Vec::new, |tally| tally.voted_by.iter().collect())
}

/// An outline around the members and their captions.
fn quorum(members: &[ProcessId], figure: impl Fn(ProcessId) -> (Point, Shape)) -> Html {
    let points: Vec<Point> = members
        .iter()
        .map(|&id| figure(id).0)
        .flat_map(|point| {
            let y = point.y + CAPTIONS;
            [point, Point { y, ..point }]
        })
        .collect();
    let shapes = members.iter().map(|&id| figure(id).1.half_height());
    let d = hull_path(&points, shapes.fold(0.0, f64::max) + QUORUM_ROOM);
    html! { <path {d} /> }
}

/// What labels of messages should not hide: the inscription of a process and its captions, as
/// centres with half widths and half heights. A label may come a little closer.
fn covered((point, shape): (Point, Shape)) -> [(Point, f64, f64); 2] {
    let (w, h) = match shape {
        Shape::Circle(r) | Shape::Diamond(r) => (r * 0.6, r * 0.6),
        Shape::Box(w, h) => (w * 0.85, h * 0.75),
    };
    let y = point.y + shape.half_height() + CAPTIONS * 0.7;
    [(point, w, h), (Point { y, ..point }, 40.0, 8.0)]
}

/// A line wherever messages can go: between proposers and acceptors, acceptors and learners.
fn links(cluster: &Cluster, figure: impl Fn(ProcessId) -> (Point, Shape)) -> Html {
    let talk = |a: Roles, b: Roles| {
        (a.acceptor && (b.proposer || b.learner)) || (b.acceptor && (a.proposer || a.learner))
    };
    let roles = |id: ProcessId| {
        cluster
            .process(id)
            .map_or(Roles::default(), |process| Roles {
                proposer: process.proposer.is_some(),
                acceptor: process.acceptor.is_some(),
                learner: process.learner.is_some(),
            })
    };
    let ids: Vec<ProcessId> = cluster.processes().map(|(id, _)| id).collect();
    let mut d = String::new();
    for (index, &from) in ids.iter().enumerate() {
        for &to in &ids[index + 1..] {
            if talk(roles(from), roles(to)) {
                let Way { start, end } = Way::between(figure(from), figure(to), 0.0);
                d += &format!("M{start}L{end}");
            }
        }
    }
    html! { <path {d} /> }
}

/// The size of a stage that has not been measured yet.
pub(super) const UNMEASURED: Frame = Frame {
    width: 1000.0,
    height: 560.0,
};
