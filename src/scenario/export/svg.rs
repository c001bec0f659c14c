//! The space-time diagram as a drawing: one file that needs no font, script or style from
//! elsewhere, in light and dark.

use std::fmt::Write as _;

use crate::cluster::{Fact, LossReason};
use crate::decimal::Decimal;
use crate::protocol::ProcessId;
use crate::scenario::diagram::{Diagram, Fate, Mark, Sign, Stroke, class, end_of, lane, tick};

use super::Played;
use super::names::one_line;

/// Where time begins, with room for the names before it.
const LEFT: f64 = 190.0;
const TOP: f64 = 64.0;
const LANE: f64 = 56.0;
/// The room after the last event.
const RIGHT: f64 = 40.0;
/// How wide time is drawn, at least and at most.
const WIDTHS: (f64, f64) = (640.0, 6_000.0);
/// Characters of a name beside its lane.
const NAME: usize = 22;

/// The colours of the page, and a line pattern for each proposer's ballots.
const STYLE: &str = "\
text { font: 13px system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif; fill: #1d2330; }
.paper { fill: #fbfaf7; } .soft { fill: #565e6d; font-size: 12px; } .title { font-size: 17px; font-weight: 600; }
.lanes { stroke: #e2dfd6; fill: none; }
.s { fill: none; stroke-width: 1.4; } .s.two { stroke-width: 2.8; } .s.nack { stroke-width: 1; } .s.open { opacity: 0.5; }
.h0 { stroke: #0b62a8; } .h1 { stroke: #b0430a; stroke-dasharray: 8 4; } .h2 { stroke: #6f3aa5; stroke-dasharray: 2 4; }
.h3 { stroke: #086a5d; stroke-dasharray: 10 3 2 3; } .h4 { stroke: #9c2260; stroke-dasharray: 14 5; } .h5 { stroke: #5c5a00; stroke-dasharray: 5 3; }
.s.nack { stroke: #565e6d; }
.end { stroke-dasharray: none; stroke-width: 1.4; } .end.full { stroke-width: 4; stroke-linecap: round; }
.lost { fill: none; stroke: #a4262c; stroke-width: 1.8; }
.mark { fill: none; stroke: #1d2330; stroke-width: 2.4; stroke-linejoin: round; stroke-linecap: round; }
.chosen { fill: #855c00; stroke: #fbfaf7; stroke-width: 1.5; } .learned { stroke: #1b6e4b; stroke-width: 3; }
.crash, .violated { stroke: #a4262c; stroke-width: 3; }
.moment { fill: none; stroke: #855c00; stroke-dasharray: 2 4; } .moment.violated { stroke: #a4262c; stroke-width: 1; }
@media (prefers-color-scheme: dark) {
text { fill: #e8e6df; } .paper { fill: #14171d; } .soft { fill: #a2aab8; } .lanes { stroke: #2a2f39; }
.h0 { stroke: #6db3f2; } .h1 { stroke: #f2935c; } .h2 { stroke: #c39bf0; } .h3 { stroke: #5fcfbd; } .h4 { stroke: #f28ab8; } .h5 { stroke: #d3cf6b; }
.s.nack { stroke: #a2aab8; } .lost { stroke: #ff9a94; } .mark { stroke: #e8e6df; }
.chosen { fill: #f0c04a; stroke: #14171d; } .learned { stroke: #6fd0a3; } .crash, .violated { stroke: #ff9a94; }
.moment { stroke: #f0c04a; } .moment.violated { stroke: #ff9a94; }
}
";

pub fn write(played: &Played) -> String {
    let mut diagram = Diagram::default();
    played.events.iter().for_each(|event| diagram.push(event));
    Drawing::of(played, &diagram).draw()
}

struct Drawing<'a> {
    played: &'a Played,
    diagram: &'a Diagram,
    /// Pixels for a millisecond.
    across: f64,
    width: f64,
    /// Where the lanes end.
    bottom: f64,
}

impl<'a> Drawing<'a> {
    fn of(played: &'a Played, diagram: &'a Diagram) -> Self {
        let ends = diagram.strokes().iter().map(|stroke| stroke.end);
        let marks = diagram.marks().iter().map(|mark| mark.at);
        let last = ends.chain(marks).max().unwrap_or(0).max(1) as f64;
        let across = 2.0_f64.clamp(WIDTHS.0 / last, (WIDTHS.1 / last).max(WIDTHS.0 / last));
        Self {
            played,
            diagram,
            across,
            width: LEFT + last * across + RIGHT,
            bottom: TOP + played.scenario.setup.processes.len() as f64 * LANE,
        }
    }

    fn x(&self, time: f64) -> f64 {
        LEFT + time * self.across
    }

    fn y(&self, lanes: f64) -> f64 {
        TOP + lanes * LANE
    }

    fn draw(&self) -> String {
        let legend = self.legend();
        let height = self.bottom + 46.0 + 24.0 * legend.len() as f64;
        let (w, h) = (Decimal(self.width), Decimal(height));
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\" \
             viewBox=\"0 0 {w} {h}\" role=\"img\" aria-labelledby=\"t d\">\n"
        );
        let title = escape(self.played.title());
        let _ = writeln!(svg, "<title id=\"t\">{title}</title>");
        let _ = writeln!(svg, "<desc id=\"d\">{}</desc>", escape(&self.description()));
        let _ = write!(svg, "<style>\n{STYLE}</style>\n");
        let _ = writeln!(svg, "<rect class=\"paper\" width=\"{w}\" height=\"{h}\"/>");
        let _ = writeln!(
            svg,
            "<text class=\"title\" x=\"20\" y=\"32\">{title}</text>"
        );
        self.lanes(&mut svg);
        self.axis(&mut svg);
        for stroke in self.diagram.strokes() {
            self.stroke(&mut svg, stroke);
        }
        for mark in self.diagram.marks() {
            self.mark(&mut svg, mark);
        }
        for (index, (sample, says)) in legend.iter().enumerate() {
            let y = self.bottom + 54.0 + 24.0 * index as f64;
            let _ = writeln!(
                svg,
                "<g transform=\"translate(20 {})\">{sample}<text class=\"soft\" x=\"64\" y=\"4\">{}</text></g>",
                Decimal(y),
                escape(says)
            );
        }
        svg.push_str("</svg>\n");
        svg
    }

    /// What the drawing shows, for those who do not see it.
    fn description(&self) -> String {
        let names = self.played.names();
        let told = self.played.events.iter().filter(|event| {
            let learned = crate::scenario::Occasion::Learned.is(&event.fact);
            learned
                || matches!(
                    event.fact,
                    Fact::Chosen { .. }
                        | Fact::Crashed { .. }
                        | Fact::Restarted { .. }
                        | Fact::Violated { .. }
                )
        });
        let count = self.diagram.strokes().len();
        let mut text = format!("A space-time diagram: a lane for each process, {count} messages.");
        for event in told {
            let _ = write!(text, " {} ms: {}", event.at.0, names.fact(&event.fact));
            if !text.ends_with('.') {
                text.push('.');
            }
        }
        text
    }

    fn lanes(&self, svg: &mut String) {
        let setup = &self.played.scenario.setup;
        let right = Decimal(self.width - RIGHT / 2.0);
        for id in setup.ids() {
            let (spec, y) = (setup.spec(id), self.y(lane(id)));
            let roles = spec.roles.names().collect::<Vec<_>>().join(", ");
            let name = crate::cluster::shorten(&spec.name, NAME);
            let _ = writeln!(
                svg,
                "<path class=\"lanes\" d=\"M{LEFT} {}H{right}\"/>\
                 <text x=\"20\" y=\"{}\">{}</text><text class=\"soft\" x=\"20\" y=\"{}\">{roles}</text>",
                Decimal(y),
                Decimal(y - 2.0),
                escape(&name),
                Decimal(y + 15.0)
            );
        }
    }

    fn axis(&self, svg: &mut String) {
        let step = tick(80.0 / self.across);
        let last = (self.width - RIGHT - LEFT) / self.across;
        let times = (0..).map(|number| number * step);
        for time in times.take_while(|&time| time as f64 <= last) {
            let x = Decimal(self.x(time as f64));
            let (top, bottom) = (Decimal(self.bottom), Decimal(self.bottom + 6.0));
            let _ = writeln!(
                svg,
                "<path class=\"lanes\" d=\"M{x} {top}V{bottom}\"/>\
                 <text class=\"soft\" text-anchor=\"middle\" x=\"{x}\" y=\"{}\">{time} ms</text>",
                Decimal(self.bottom + 20.0)
            );
        }
    }

    /// A message, with what it says as its title.
    fn stroke(&self, svg: &mut String, stroke: &Stroke) {
        let says = escape(&self.says(stroke));
        let (hue, kind) = (self.hue(stroke.proposer), class(stroke.kind));
        let open = if matches!(stroke.fate, Fate::Open | Fate::Held) {
            " open"
        } else {
            ""
        };
        let start = (self.x(stroke.start as f64), self.y(lane(stroke.from)));
        let (time, lanes) = end_of(stroke);
        let end = (self.x(time), self.y(lanes));
        let _ = write!(svg, "<g><title>{says}</title>");
        if stroke.from == stroke.to {
            let (x, y) = (Decimal(start.0), Decimal(start.1));
            let _ = write!(
                svg,
                "<circle class=\"s {kind} {hue}\" cx=\"{x}\" cy=\"{y}\" r=\"5\"/>"
            );
        } else {
            let _ = write!(
                svg,
                "<path class=\"s {kind} {hue}{open}\" d=\"M{} {}L{} {}\"/>",
                Decimal(start.0),
                Decimal(start.1),
                Decimal(end.0),
                Decimal(end.1)
            );
            let (x, y) = (Decimal(end.0), Decimal(end.1));
            let _ = match stroke.fate {
                Fate::Lost => write!(
                    svg,
                    "<path class=\"lost\" d=\"M{x} {y}m-4-4l8 8m0-8l-8 8\"/>"
                ),
                Fate::Arrived => write!(
                    svg,
                    "<circle class=\"s end {hue}\" cx=\"{x}\" cy=\"{y}\" r=\"2\"/>"
                ),
                // Two bars: it stands still here.
                Fate::Held => write!(
                    svg,
                    "<path class=\"s end {hue}\" d=\"M{x} {y}m-2-5v10m4-10v10\"/>"
                ),
                Fate::Open => Ok(()),
            };
        }
        svg.push_str("</g>\n");
    }

    fn says(&self, stroke: &Stroke) -> String {
        let setup = &self.played.scenario.setup;
        let name = |id: ProcessId| &setup.spec(id).name;
        let event = &self.played.events[stroke.event];
        let (message, fate) = match &event.fact {
            Fact::Lost { envelope, why } => (envelope.message, Some(*why)),
            Fact::Sent(envelope)
            | Fact::Delivered(envelope)
            | Fact::Duplicated { envelope, .. } => (envelope.message, None),
            _ => return String::new(),
        };
        let (from, to) = (name(stroke.from), name(stroke.to));
        let message = self.played.message(&message);
        let (start, end) = (stroke.start, stroke.end);
        let fate = match (stroke.fate, fate) {
            (Fate::Open, _) => "on its way at the end".to_owned(),
            (Fate::Lost, Some(LossReason::ReceiverDown)) => {
                format!("reaches it at {end} ms, when it is down")
            }
            (Fate::Lost, _) => "lost".to_owned(),
            (Fate::Held, _) => "held".into(),
            (Fate::Arrived, _) => format!("arrives at {end} ms"),
        };
        format!("{message} from {from} to {to}, sent at {start} ms, {fate}")
    }

    fn mark(&self, svg: &mut String, mark: &Mark) {
        let event = &self.played.events[mark.event];
        let says = self.played.names().fact(&event.fact).to_string();
        let says = escape(&format!("{} ms: {says}", mark.at));
        let x = Decimal(self.x(mark.at as f64));
        let y = Decimal(self.y(mark.process.map_or(0.0, lane)));
        let (class, d) = mark.sign.drawn();
        let _ = write!(svg, "<g><title>{says}</title>");
        if matches!(mark.sign, Sign::Chosen | Sign::Violated) {
            let (top, bottom) = (Decimal(TOP), Decimal(self.bottom));
            let _ = write!(
                svg,
                "<path class=\"moment {class}\" d=\"M{x} {top}V{bottom}\"/>"
            );
        }
        let _ = writeln!(
            svg,
            "<path class=\"mark {class}\" transform=\"translate({x} {y})\" d=\"{d}\"/></g>"
        );
    }

    /// Samples of lines and marks that are in the drawing, and what they stand for.
    fn legend(&self) -> Vec<(String, String)> {
        let setup = &self.played.scenario.setup;
        let mut legend = Vec::new();
        for id in setup.ids() {
            let own = |stroke: &&Stroke| stroke.proposer == id;
            if self.diagram.strokes().iter().any(|stroke| own(&stroke)) {
                let sample = format!("<path class=\"s {}\" d=\"M0 0H48\"/>", self.hue(id));
                legend.push((sample, format!("ballots of {}", setup.spec(id).name)));
            }
        }
        let kinds = [
            ("one", "thin: Prepare and Promise"),
            ("two", "thick: Accept and Accepted"),
            ("nack", "grey: Nack"),
        ];
        for (kind, says) in kinds {
            let strokes = self.diagram.strokes().iter();
            if strokes
                .map(|stroke| class(stroke.kind))
                .any(|its| its == kind)
            {
                let sample = format!("<path class=\"s h0 {kind}\" d=\"M0 0H48\"/>");
                legend.push((sample, says.to_owned()));
            }
        }
        if self
            .diagram
            .strokes()
            .iter()
            .any(|its| its.fate == Fate::Lost)
        {
            let sample = "<path class=\"lost\" d=\"M24 0m-4-4l8 8m0-8l-8 8\"/>".to_owned();
            legend.push((sample, "a message is lost".to_owned()));
        }
        let signs = [
            (Sign::Chosen, "a value is chosen"),
            (Sign::Learned, "a learner knows"),
            (Sign::Crash, "a crash"),
            (Sign::Restart, "a restart"),
            (Sign::Violated, "an invariant fails"),
        ];
        for (wanted, says) in signs {
            if self.diagram.marks().iter().any(|mark| mark.sign == wanted) {
                let (class, d) = wanted.drawn();
                let sample = format!(
                    "<path class=\"mark {class}\" transform=\"translate(24 0)\" d=\"{d}\"/>"
                );
                legend.push((sample, says.to_owned()));
            }
        }
        legend
    }

    /// The colour and the pattern of a proposer, as on the page.
    fn hue(&self, proposer: ProcessId) -> &'static str {
        let processes = &self.played.scenario.setup.processes;
        let earlier = processes.iter().take(usize::from(proposer.0));
        let rank = earlier.filter(|spec| spec.roles.proposer).count();
        ["h0", "h1", "h2", "h3", "h4", "h5"][rank % 6]
    }
}

/// Text of XML, without the characters that it cannot have.
fn escape(text: &str) -> String {
    let mut safe = String::new();
    for c in one_line(text).chars() {
        match c {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '"' => safe.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => safe.push(char::REPLACEMENT_CHARACTER),
            _ => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::{Command, Millis};
    use crate::scenario::built_in;

    #[test]
    fn a_description_has_values_as_they_are() {
        let mut scenario = built_in("hello").unwrap();
        let process = scenario.setup.id_of("P").unwrap();
        let value = "wait... what..?".into();
        scenario.script = vec![(Millis(0), Command::Propose { process, value })];
        let svg = write(&Played::of(scenario).unwrap());
        assert!(svg.contains("“wait... what..?” is chosen"), "{svg}");
    }

    /// How wide the drawing of a run is in which the last thing happens at this time, and the last time
    /// on its axis.
    fn width(last: u64) -> (f64, u64) {
        let mut scenario = built_in("hello").unwrap();
        let process = scenario.setup.id_of("A").unwrap();
        let amnesia = crate::protocol::Amnesia::NONE;
        scenario.script = vec![(Millis(last), Command::Crash { process, amnesia })];
        scenario.until = Millis(last);
        let played = Played::of(scenario).unwrap();
        let mut diagram = Diagram::default();
        played.events().iter().for_each(|event| diagram.push(event));
        let drawing = Drawing::of(&played, &diagram);
        let mut axis = String::new();
        drawing.axis(&mut axis);
        let (before, _) = axis.rsplit_once(" ms<").unwrap();
        let (_, tick) = before.rsplit_once('>').unwrap();
        (drawing.width - LEFT - RIGHT, tick.parse().unwrap())
    }

    #[test]
    fn a_millisecond_is_two_pixels_unless_the_drawing_would_be_too_narrow_or_too_wide() {
        let (least, most) = WIDTHS;
        let usual = (least + most) / 4.0;
        assert_eq!(width(usual as u64), (2.0 * usual, 1_650));
        assert_eq!(width(10), (least, 10));
        assert_eq!(width(100_000), (most, 100_000));
    }

    #[test]
    fn nothing_in_a_text_is_markup() {
        assert_eq!(escape("<b a=\"1\">&'"), "&lt;b a=&quot;1&quot;&gt;&amp;'");
    }
}
