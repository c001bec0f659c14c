//! What just became of messages: where one was lost a cross stays for a while.

use yew::prelude::*;

use crate::app::frame::Frame;
use crate::app::geometry::{Point, Shape, Way};
use crate::app::look::Look;
use crate::cluster::{Envelope, Fact, LossReason};
use crate::history::Run;
use crate::protocol::ProcessId;

/// How long the cross stays, in virtual milliseconds.
const STAYS: u64 = 40;
/// No more crosses than this are drawn.
const MOST: usize = 40;

/// The crosses.
pub(super) fn draw(
    look: &Look,
    run: &Run,
    frame: Frame,
    figure: impl Fn(ProcessId) -> (Point, Shape),
) -> Html {
    let now = run.cluster().now();
    let events = run.events();
    let recent = events
        .iter()
        .rev()
        .take_while(|event| now.since(event.at).0 < STAYS);
    let lost = recent.filter_map(|event| match &event.fact {
        Fact::Lost { envelope, why } => Some((event.at, envelope, *why)),
        _ => None,
    });
    let cross = |(at, envelope, why): (_, &Envelope, LossReason)| {
        let way = Way::between(figure(envelope.from), figure(envelope.to), 4.0);
        let share = match why {
            // It never left: the cross is where its link begins.
            LossReason::CutWhenSent => 0.12,
            LossReason::Chance => 0.5,
            _ => f64::from(envelope.progress(at)) / 1e6,
        };
        let size = if frame.has_captions() { 9 } else { 5 };
        html! {
            <g key={envelope.id.0.to_string()} class={classes!("ghost-of", look.hue(envelope.message.ballot()))}
                transform={format!("translate({})", way.at(share))}>
                <path d={format!("M-{size}-{size}L{size} {size}M{size}-{size}L-{size} {size}")} />
            </g>
        }
    };
    lost.take(MOST).map(cross).collect()
}
