//! The links between processes: whole, cut one way, or cut; and the islands of a partition.

use yew::prelude::*;

use crate::app::geometry::{Point, Shape, Way, hull_path};
use crate::app::state::Thing;
use crate::cluster::{Cluster, Roles, Setup, shorten_name};
use crate::protocol::ProcessId;

/// Half the length of the bar across a link that is cut.
const BAR: f64 = 9.0;
/// Room around the members of an island.
const SHORE: f64 = 26.0;
/// From so many links on they are drawn as one, and are reached through the cards alone.
const MANY: usize = 80;

/// Whether messages of Paxos go between two processes with these roles.
pub(crate) fn talk(a: Roles, b: Roles) -> bool {
    (a.acceptor && (b.proposer || b.learner)) || (b.acceptor && (a.proposer || a.learner))
}

/// A line wherever messages can go: between proposers and acceptors, acceptors and learners.
pub(super) fn links(
    selected: Option<Thing>,
    setup: &Setup,
    cluster: &Cluster,
    figure: impl Fn(ProcessId) -> (Point, Shape),
) -> Html {
    let roles = |id: ProcessId| setup.spec(id).roles;
    let ids: Vec<ProcessId> = setup.ids().collect();
    let mut pairs = Vec::new();
    for (index, &from) in ids.iter().enumerate() {
        let others = ids[index + 1..].iter();
        pairs.extend(
            others
                .filter(|&&to| talk(roles(from), roles(to)))
                .map(|&to| (from, to)),
        );
    }
    let way = |from, to| Way::between(figure(from), figure(to), 0.0);
    let mut whole = String::new();
    let mut cut = Vec::new();
    for &(from, to) in &pairs {
        let Way { start, end } = way(from, to);
        match (cluster.is_cut(from, to), cluster.is_cut(to, from)) {
            (false, false) => whole += &format!("M{start}L{end}"),
            (there, back) => cut.push((start, end, there, back)),
        }
    }
    let lost: String = cut
        .iter()
        .map(|(start, end, ..)| format!("M{start}L{end}"))
        .collect();
    let bars: String = cut
        .iter()
        .map(|&(start, end, there, back)| match (there, back) {
            (true, true) => bar(start, end, 0.5),
            // Cut one way: the bar is before the one that does not hear.
            (true, false) => bar(start, end, 0.82) + &arrow(end, start, 0.6),
            _ => bar(start, end, 0.18) + &arrow(start, end, 0.6),
        })
        .collect();
    let touch = |&(from, to): &(ProcessId, ProcessId)| {
        let Way { start, end } = way(from, to);
        let picked = selected == Some(Thing::Link(from, to));
        let name = |id| shorten_name(&setup.spec(id).name, 20);
        html! {
            <path key={format!("{}-{}", from.0, to.0)} class={classes!("touch", picked.then_some("selected"))}
                data-link={format!("{} {}", from.0, to.0)} d={format!("M{start}L{end}")}>
                <title>{ format!("Link of {} and {}", name(from), name(to)) }</title>
            </path>
        }
    };
    html! {
        <>
            <path class="whole" d={whole} />
            <path class="severed" d={lost} />
            <path class="bars" d={bars} />
            if pairs.len() < MANY {
                { for pairs.iter().map(touch) }
            }
        </>
    }
}

/// A bar across a way, at this share of it.
fn bar(start: Point, end: Point, share: f64) -> String {
    let (ux, uy) = direction(start, end);
    let at = Way { start, end }.at(share);
    let tip = |sign: f64| Point {
        x: at.x - uy * BAR * sign,
        y: at.y + ux * BAR * sign,
    };
    format!("M{}L{}", tip(1.0), tip(-1.0))
}

/// The head of an arrow along a way, at this share of it: messages still go there.
fn arrow(start: Point, end: Point, share: f64) -> String {
    let (ux, uy) = direction(start, end);
    let tip = Way { start, end }.at(share);
    let wing = |sign: f64| Point {
        x: tip.x - ux * BAR - uy * BAR * 0.6 * sign,
        y: tip.y - uy * BAR + ux * BAR * 0.6 * sign,
    };
    format!("M{}L{tip}L{}", wing(1.0), wing(-1.0))
}

fn direction(start: Point, end: Point) -> (f64, f64) {
    let (dx, dy) = (end.x - start.x, end.y - start.y);
    let long = crate::app::geometry::length(dx, dy).max(1e-9);
    (dx / long, dy / long)
}

/// The islands that no link joins, if there are several: an outline around each.
pub(super) fn islands(cluster: &Cluster, figure: impl Fn(ProcessId) -> (Point, Shape)) -> Html {
    let ids: Vec<ProcessId> = cluster.processes().map(|(id, _)| id).collect();
    let islands = parted(&ids, |a, b| !(cluster.is_cut(a, b) && cluster.is_cut(b, a)));
    if islands.len() < 2 {
        return Html::default();
    }
    let outline = |island: &Vec<ProcessId>| {
        let points: Vec<Point> = island.iter().map(|&id| figure(id).0).collect();
        let shapes = island.iter().map(|&id| figure(id).1.half_height());
        let d = hull_path(&points, shapes.fold(0.0, f64::max) + SHORE);
        html! { <path {d} /> }
    };
    islands.iter().map(outline).collect()
}

/// Groups of those that are joined, directly or by others.
fn parted(ids: &[ProcessId], joined: impl Fn(ProcessId, ProcessId) -> bool) -> Vec<Vec<ProcessId>> {
    let mut left = ids.to_vec();
    let mut groups = Vec::new();
    while let Some(first) = left.first().copied() {
        let mut group = vec![first];
        left.remove(0);
        let mut done = 0;
        while let Some(&next) = group.get(done) {
            let (more, rest): (Vec<_>, Vec<_>) =
                left.iter().copied().partition(|&other| joined(next, other));
            group.extend(more);
            left = rest;
            done += 1;
        }
        groups.push(group);
    }
    groups
}
