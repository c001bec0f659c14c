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

impl Sign {
    /// Its class, and its outline around its place, wherever it is drawn.
    pub fn drawn(self) -> (&'static str, &'static str) {
        match self {
            Sign::Crash => ("crash", "M-5-5L5 5M5-5L-5 5"),
            Sign::Restart => ("restart", "M0 5V-5M-4-1L0-5L4-1"),
            Sign::Chosen => ("chosen", "M0-8L8 0L0 8L-8 0Z"),
            Sign::Learned => ("learned", "M-5 0L-1 4L6-5"),
            Sign::Violated => ("violated", "M0-6V2M0 5V6"),
        }
    }
}

/// The class of a message of this kind, wherever it is drawn: its phase, or that it refuses.
pub fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::Prepare | Kind::Promise => "one",
        Kind::Accept | Kind::Accepted => "two",
        Kind::Nack => "nack",
    }
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

    /// Whether a chunk stays as it is: it is full, and all its messages have ended.
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
    use crate::cluster::{Envelope, Millis};
    use crate::protocol::{Amnesia, Ballot, Message, Round};
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

    /// A message from process 0 to process 1 that should take 30 ms.
    fn envelope(id: u64, sent: u64) -> Envelope {
        let (round, proposer) = (Round(1), ProcessId(4));
        let ballot = Ballot { round, proposer };
        Envelope {
            id: MessageId(id),
            from: ProcessId(0),
            to: ProcessId(1),
            nth: 1,
            message: Message::Prepare { ballot },
            sent: Millis(sent),
            arrives: Millis(sent + 30),
            since: Millis(sent),
            moved: 0,
            held: false,
            copy: false,
        }
    }

    fn told(facts: impl IntoIterator<Item = (u64, Fact)>) -> Diagram {
        let mut diagram = Diagram::default();
        for (at, fact) in facts {
            let at = Millis(at);
            diagram.push(&Event { at, fact });
        }
        diagram
    }

    #[test]
    fn a_message_ends_where_and_when_it_did() {
        let message = envelope(7, 100);
        let held = Envelope {
            held: true,
            ..message
        };
        let later = Envelope {
            arrives: Millis(190),
            ..message
        };
        let lost = |why| Fact::Lost {
            envelope: message,
            why,
        };
        let by = 60;
        let cases = [
            (vec![], (130, Fate::Open, 0)),
            (
                vec![(130, Fact::Delivered(message))],
                (130, Fate::Arrived, 1),
            ),
            // What never left ends after a third of its way.
            (vec![(100, lost(LossReason::Chance))], (110, Fate::Lost, 1)),
            (
                vec![(100, lost(LossReason::CutWhenSent))],
                (110, Fate::Lost, 1),
            ),
            (vec![(115, lost(LossReason::ByHand))], (115, Fate::Lost, 1)),
            (
                vec![(115, Fact::Held { envelope: held })],
                (115, Fate::Held, 0),
            ),
            (
                vec![(
                    115,
                    Fact::Delayed {
                        envelope: later,
                        by,
                    },
                )],
                (190, Fate::Open, 0),
            ),
            (
                vec![
                    (115, Fact::Held { envelope: held }),
                    (120, Fact::Delayed { envelope: held, by }),
                ],
                (115, Fate::Held, 0),
            ),
            (
                vec![
                    (115, Fact::Held { envelope: held }),
                    (175, Fact::Released { envelope: later }),
                ],
                (190, Fate::Open, 0),
            ),
        ];
        for (then, end) in cases {
            let what = format!("{then:?}");
            let diagram = told([(100, Fact::Sent(message))].into_iter().chain(then));
            let [stroke] = diagram.strokes() else {
                panic!("one message");
            };
            assert_eq!((stroke.end, stroke.fate, stroke.event), end, "{what}");
            assert_eq!((stroke.start, stroke.proposer), (100, ProcessId(4)));
            assert_eq!((stroke.from, stroke.to), (ProcessId(0), ProcessId(1)));
        }
    }

    #[test]
    fn crashes_and_restarts_are_marked_and_events_counted() {
        let process = ProcessId(2);
        let lost = Amnesia::NONE;
        let diagram = told([
            (5, Fact::Crashed { process, lost }),
            (9, Fact::Healed { link: None }),
            (12, Fact::Restarted { process }),
        ]);
        let mark = |at, sign, event| Mark {
            at,
            process: Some(process),
            sign,
            event,
        };
        assert_eq!(
            diagram.marks(),
            [mark(5, Sign::Crash, 0), mark(12, Sign::Restart, 2)]
        );
        assert_eq!(diagram.events(), 3);
    }

    #[test]
    fn a_chunk_is_settled_once_it_is_full_and_all_its_messages_have_ended() {
        let sent = (0..850).map(|id| (id, Fact::Sent(envelope(id, id))));
        let mut diagram = told(sent);
        assert_eq!(diagram.chunks(), 3);
        let shown = |index| diagram.chunk(index, Filter::All).count();
        assert_eq!([shown(0), shown(1), shown(2), shown(3)], [400, 400, 50, 0]);
        let end = |diagram: &mut Diagram, ids: std::ops::Range<u64>| {
            for id in ids {
                let at = Millis(2_000);
                let fact = Fact::Delivered(envelope(id, id));
                diagram.push(&Event { at, fact });
            }
        };
        let settled = |diagram: &Diagram| [0, 1, 2].map(|index| diagram.is_settled(index));
        end(&mut diagram, 0..399);
        assert_eq!(settled(&diagram), [false, false, false]);
        end(&mut diagram, 401..850);
        assert_eq!(settled(&diagram), [false, false, false]);
        end(&mut diagram, 400..401);
        assert_eq!(settled(&diagram), [false, true, false]);
        end(&mut diagram, 399..400);
        assert_eq!(settled(&diagram), [true, true, false]);
    }

    #[test]
    fn near_is_the_nearest_that_has_ended_in_this_lane_and_is_shown() {
        let (process, lost) = (ProcessId(1), Amnesia::NONE);
        let diagram = told([
            (0, Fact::Sent(envelope(0, 0))),
            (30, Fact::Delivered(envelope(0, 0))),
            (35, Fact::Crashed { process, lost }),
            (36, Fact::Sent(envelope(1, 36))),
        ]);
        let near = |at, lane| diagram.near(at, lane, 5.0, Filter::All);
        assert_eq!(near(30.0, 1), Some(1));
        assert_eq!(near(32.0, 1), Some(1), "nearer than the crash");
        assert_eq!(near(33.0, 1), Some(2), "nearer than the message");
        assert_eq!(near(25.0, 1), Some(1), "just within reach");
        assert_eq!(near(24.9, 1), None);
        assert_eq!(near(30.0, 0), None, "it ends in the other lane");
        assert_eq!(near(66.0, 1), None, "it has not arrived");
        let others = Filter::Ballots(ProcessId(3));
        assert_eq!(diagram.near(30.0, 1, 1.0, others), None);
    }

    #[test]
    fn a_process_is_shown_with_what_it_sends_and_what_it_gets() {
        let diagram = told([(0, Fact::Sent(envelope(0, 0)))]);
        let shown = |id| diagram.chunk(0, Filter::Process(ProcessId(id))).count();
        assert_eq!([shown(0), shown(1), shown(2), shown(4)], [1, 1, 0, 0]);
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
