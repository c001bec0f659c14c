//! The space-time diagram as data: a lane for each process, a stroke for each message, marks for
//! what else happened. It grows with the events and is never made anew for one more of them.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::cluster::{Event, Fact, LossReason, MessageId};
use crate::decimal::Decimal;
use crate::protocol::{AcceptorStep, Kind, LearnerStep, ProcessId};

/// So many messages share their paths: a new one changes only the last.
const CHUNK: usize = 400;

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is on its way.
    Open,
    /// It is held on its way.
    Held,
    /// It arrived.
    Arrived,
    /// It is gone.
    Lost,
}

/// A message.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stroke {
    /// When it left, in milliseconds.
    pub start: u64,
    /// When it arrived or was lost, or when it should arrive.
    pub end: u64,
    /// Its sender.
    pub from: ProcessId,
    /// Its receiver.
    pub to: ProcessId,
    /// Whose ballot it is about.
    pub proposer: ProcessId,
    /// Its kind.
    pub kind: Kind,
    /// What became of it.
    pub fate: Fate,
    /// The number of the event that ended it, or else of the one that began it.
    pub event: usize,
}

/// What a mark stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// A process stopped.
    Crash,
    /// A process came back.
    Restart,
    /// A value is chosen.
    Chosen,
    /// A learner knows.
    Learned,
    /// An invariant fails.
    Violated,
}

/// Something that happened at one instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    /// When.
    pub at: u64,
    /// To whom; nobody in particular for what is a fact about all.
    pub process: Option<ProcessId>,
    /// What.
    pub sign: Sign,
    /// The number of its event.
    pub event: usize,
}

/// Which messages are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Filter {
    /// All.
    #[default]
    All,
    /// Those about the ballots of this proposer.
    Ballots(ProcessId),
    /// Those that this process sends or gets.
    Process(ProcessId),
}

impl Filter {
    /// Whether a message is shown.
    pub fn shows(self, stroke: &Stroke) -> bool {
        match self {
            Filter::All => true,
            Filter::Ballots(proposer) => stroke.proposer == proposer,
            Filter::Process(id) => stroke.from == id || stroke.to == id,
        }
    }
}

/// The diagram of one line of a run.
#[derive(Default)]
pub struct Diagram {
    strokes: Vec<Stroke>,
    marks: Vec<Mark>,
    /// Where the strokes of messages that have not ended are.
    open: BTreeMap<MessageId, usize>,
    /// Whose vote was the last.
    voter: Option<ProcessId>,
    events: usize,
}

impl Diagram {
    /// How many events are in it.
    pub fn events(&self) -> usize {
        self.events
    }

    /// All messages, in the order in which they were sent.
    pub fn strokes(&self) -> &[Stroke] {
        &self.strokes
    }

    /// All marks, oldest first.
    pub fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// One more event.
    pub fn push(&mut self, event: &Event) {
        let index = self.events;
        self.events += 1;
        let at = event.at.0;
        if let Fact::Acceptor {
            process,
            step: AcceptorStep::Voted { .. },
        } = event.fact
        {
            self.voter = Some(process);
        }
        let voter = self.voter;
        let mut mark = |process, sign| {
            self.marks.push(Mark {
                at,
                process,
                sign,
                event: index,
            });
        };
        match &event.fact {
            Fact::Sent(envelope) | Fact::Duplicated { envelope, .. } => {
                self.open.insert(envelope.id, self.strokes.len());
                self.strokes.push(Stroke {
                    start: at,
                    end: envelope.arrives.0,
                    from: envelope.from,
                    to: envelope.to,
                    proposer: envelope.message.ballot().proposer,
                    kind: envelope.message.kind(),
                    fate: Fate::Open,
                    event: index,
                });
            }
            Fact::Delivered(envelope) => self.end(envelope.id, at, Fate::Arrived, index),
            Fact::Lost { envelope, why } => {
                // What never left ends near its sender.
                let end = match why {
                    LossReason::CutWhenSent | LossReason::Chance => {
                        at + envelope.arrives.since(envelope.sent).0 / 3
                    }
                    _ => at,
                };
                self.end(envelope.id, end, Fate::Lost, index);
            }
            Fact::Held { envelope } => self.goes_on(envelope.id, at, Fate::Held),
            Fact::Delayed { envelope, .. } if envelope.held => {}
            Fact::Delayed { envelope, .. } | Fact::Released { envelope } => {
                self.goes_on(envelope.id, envelope.arrives.0, Fate::Open);
            }
            Fact::Crashed { process, .. } => mark(Some(*process), Sign::Crash),
            Fact::Restarted { process } => mark(Some(*process), Sign::Restart),
            // The vote that made the quorum is the last one so far.
            Fact::Chosen { .. } => mark(voter, Sign::Chosen),
            Fact::Learner {
                process,
                step: LearnerStep::Learned { .. },
            } => mark(Some(*process), Sign::Learned),
            Fact::Violated { .. } => mark(None, Sign::Violated),
            _ => {}
        }
    }

    /// A message that has not ended gets another end.
    fn goes_on(&mut self, id: MessageId, end: u64, fate: Fate) {
        if let Some(index) = self.open.get(&id) {
            let stroke = &mut self.strokes[*index];
            stroke.end = end.max(stroke.start);
            stroke.fate = fate;
        }
    }

    fn end(&mut self, id: MessageId, at: u64, fate: Fate, event: usize) {
        if let Some(index) = self.open.remove(&id) {
            let stroke = &mut self.strokes[index];
            stroke.end = at;
            stroke.fate = fate;
            stroke.event = event;
        }
    }

    /// How many chunks of paths there are.
    pub fn chunks(&self) -> usize {
        self.strokes.len().div_ceil(CHUNK)
    }

    /// The messages of one chunk that are shown.
    pub fn chunk(&self, index: usize, filter: Filter) -> impl Iterator<Item = &Stroke> {
        let chunk = self.strokes.chunks(CHUNK).nth(index);
        let strokes = chunk.unwrap_or_default().iter();
        strokes.filter(move |stroke| filter.shows(stroke))
    }

    /// Whether a chunk has messages that have not ended, so that it may still change.
    pub fn is_settled(&self, index: usize) -> bool {
        let (from, to) = (index * CHUNK, (index + 1) * CHUNK);
        let full = self.strokes.len() >= to;
        full && !self.open.values().any(|at| (from..to).contains(at))
    }

    /// The moment at or nearest to a point: of a mark or the end of a message in this lane that is
    /// no further away than `reach` milliseconds.
    pub fn near(&self, at: f64, lane: usize, reach: f64, filter: Filter) -> Option<usize> {
        let away = |time: u64| (time as f64 - at).abs();
        let here = |id: ProcessId| usize::from(id.0) == lane;
        let marks = self.marks.iter();
        let marks = marks
            .filter(|mark| mark.process.is_none_or(here))
            .map(|mark| (away(mark.at), mark.event));
        let ends = self.strokes.iter();
        let ends = ends
            .filter(|stroke| {
                !matches!(stroke.fate, Fate::Open | Fate::Held)
                    && here(stroke.to)
                    && filter.shows(stroke)
            })
            .map(|stroke| (away(stroke.end), stroke.event));
        let all = marks.chain(ends).filter(|&(away, _)| away <= reach);
        all.min_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, event)| event)
    }
}

/// The middle of a lane, in lanes.
pub fn lane(id: ProcessId) -> f64 {
    f64::from(id.0) + 0.5
}

/// The path of some messages, in milliseconds and lanes; each ends at [`end_of`].
pub fn path<'a>(strokes: impl Iterator<Item = &'a Stroke>) -> String {
    let mut d = String::new();
    for stroke in strokes {
        // A message to oneself takes no time: it has no length.
        let (_, down) = end_of(stroke);
        let _ = write!(
            d,
            "M{} {}L{} {}",
            stroke.start,
            Decimal(lane(stroke.from)),
            stroke.end,
            Decimal(down)
        );
    }
    d
}

/// Where a message ends, in milliseconds and lanes: what is lost or held does not reach its lane.
pub fn end_of(stroke: &Stroke) -> (f64, f64) {
    let (from, to) = (lane(stroke.from), lane(stroke.to));
    let share = match stroke.fate {
        Fate::Lost | Fate::Held => 0.6,
        Fate::Open | Fate::Arrived => 1.0,
    };
    (stroke.end as f64, from + (to - from) * share)
}

/// The step between two ticks of the time axis that leaves this much room, in milliseconds.
pub fn tick(least: f64) -> u64 {
    let mut step = 1_u64;
    loop {
        for times in [1, 2, 5] {
            if (step * times) as f64 >= least {
                return step * times;
            }
        }
        step = match step.checked_mul(10) {
            Some(step) => step,
            None => return step,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::Millis;
    use crate::scenario::built_in;

    fn diagram(id: &str) -> Diagram {
        let mut diagram = Diagram::default();
        let scenario = built_in(id).unwrap();
        let play = scenario.play(|_, events| events.iter().for_each(|event| diagram.push(event)));
        play.unwrap();
        diagram
    }

    #[test]
    fn hello_has_its_messages_and_moments() {
        let diagram = diagram("hello");
        let kinds = |kind| diagram.strokes().iter().filter(|s| s.kind == kind).count();
        assert_eq!([kinds(Kind::Prepare), kinds(Kind::Promise)], [3, 3]);
        assert!(diagram.strokes().iter().all(|s| s.fate == Fate::Arrived));
        let sign = |sign| diagram.marks().iter().filter(|m| m.sign == sign).count();
        assert_eq!(sign(Sign::Chosen), 1);
        assert!(sign(Sign::Learned) >= 1);
        let chosen = diagram.marks().iter().find(|m| m.sign == Sign::Chosen);
        let learned = diagram.marks().iter().find(|m| m.sign == Sign::Learned);
        assert!(
            chosen.unwrap().at < learned.unwrap().at,
            "chosen before learned"
        );
        assert_eq!(
            chosen.unwrap().process,
            built_in("hello").unwrap().setup.id_of("A"),
            "at the vote that made the quorum"
        );
        assert!(diagram.strokes().iter().all(|s| s.start < s.end));
    }

    #[test]
    fn what_is_lost_or_held_ends_before_its_lane() {
        let [rough, delayed] = ["rough-network", "delayed-accept"].map(|id| {
            let mut diagram = Diagram::default();
            let scenario = built_in(id).unwrap();
            let until = Millis(300);
            let play = scenario.play(|_, events| {
                let early = events.iter().filter(|event| event.at <= until);
                early.for_each(|event| diagram.push(event));
            });
            play.unwrap();
            diagram
        });
        for (diagram, fate) in [(rough, Fate::Lost), (delayed, Fate::Held)] {
            let stroke = diagram.strokes().iter().find(|s| s.fate == fate);
            let stroke = stroke.unwrap_or_else(|| panic!("there is one that is {fate:?}"));
            let (from, to) = (lane(stroke.from), lane(stroke.to));
            let (time, down) = end_of(stroke);
            assert!((down - from).abs() < (to - from).abs(), "{stroke:?}");
            assert_eq!(time, stroke.end as f64);
            let written = format!("L{} {}", stroke.end, Decimal(down));
            assert!(path([stroke].into_iter()).ends_with(&written));
        }
    }

    #[test]
    fn a_filter_keeps_what_it_names() {
        let diagram = diagram("late-proposer");
        let all = diagram.chunk(0, Filter::All).count();
        let first = diagram.strokes()[0];
        let own = Filter::Ballots(first.proposer);
        assert!(diagram.chunk(0, own).all(|s| s.proposer == first.proposer));
        assert!(diagram.chunk(0, own).count() < all);
        let one = Filter::Process(first.to);
        assert!(
            diagram
                .chunk(0, one)
                .all(|s| s.from == first.to || s.to == first.to)
        );
    }

    #[test]
    fn a_click_finds_what_is_near_in_its_lane() {
        let diagram = diagram("hello");
        let chosen = diagram
            .marks()
            .iter()
            .find(|m| m.sign == Sign::Chosen)
            .unwrap();
        let lane = usize::from(chosen.process.unwrap().0);
        let found = diagram.near(chosen.at as f64 + 0.4, lane, 2.0, Filter::All);
        assert!(found.is_some());
        assert_eq!(diagram.near(1e9, lane, 2.0, Filter::All), None);
    }

    #[test]
    fn chunks_settle_and_ticks_are_round() {
        let diagram = diagram("hello");
        assert_eq!(diagram.chunks(), 1);
        assert!(!diagram.is_settled(0), "one that is not full may grow");
        assert_eq!(
            [tick(0.2), tick(3.0), tick(41.0), tick(700.0)],
            [1, 5, 50, 1000]
        );
    }
}
