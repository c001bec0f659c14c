//! What happened, said to those who do not see it.

use crate::cluster::{Event, Fact, Names};
use crate::history::Position;
use crate::protocol::LearnerStep;

use super::{Mode, Page};
use crate::app::log::is_told;

/// No more sentences than this are said at once.
const SAID: usize = 3;

/// Which moment of which run is shown.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Moment {
    run: usize,
    branch: u32,
    cursor: Position,
    events: usize,
}

impl Page {
    pub(super) fn moment(&self) -> Moment {
        let session = self.session.borrow();
        let run = session.run();
        Moment {
            run: session.current(),
            branch: run.branch().id().0,
            cursor: run.cursor(),
            events: run.events().len(),
        }
    }

    /// Says what happened since, or where one is now. While it plays, only what matters most.
    pub(super) fn announce(&mut self, before: Moment, by_itself: bool) {
        let now = self.moment();
        if now == before || now.run != before.run {
            return;
        }
        let text = {
            let session = self.session.borrow();
            let run = session.run();
            let names = Names::new(&run.scenario().setup, run.cluster());
            let chatty = !(by_itself && self.mode == Mode::Playing);
            let on = now.branch == before.branch && now.events > before.events;
            let on = on || now.cursor.steps > before.cursor.steps;
            let from = match on {
                true => before.events.min(now.events),
                false => 0,
            };
            let events = run.events();
            let says = |event: &Event| is_told(&event.fact) && (chatty || matters(&event.fact));
            let told: Vec<&Event> = events
                .iter()
                .skip(from)
                .filter(|event| says(event))
                .collect();
            let last = match on {
                true => told.len().saturating_sub(SAID),
                false => told.len().saturating_sub(1),
            };
            let sentences = told[last..]
                .iter()
                .map(|event| format!("{}. ", names.fact(&event.fact)));
            let sentences: String = sentences.collect();
            match on {
                true => sentences,
                false => format!("{} ms. {sentences}", now.cursor.time),
            }
        };
        if !text.trim().is_empty() {
            self.said = text.into();
        }
    }
}

/// Whether this is said even while it plays.
fn matters(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::Chosen { .. }
            | Fact::Learner {
                step: LearnerStep::Learned { .. },
                ..
            }
            | Fact::Violated { .. }
            | Fact::Crashed { .. }
            | Fact::Restarted { .. }
    )
}
