//! One process as it is drawn.

use yew::prelude::*;

use crate::app::captions::{self, FIRST, LINE};
use crate::app::frame::Frame;
use crate::app::geometry::{Point, Shape, px};
use crate::app::look::Look;
use crate::app::unchanged::Unchanged;
use crate::cluster::{Part, Phrase, Process, ProcessSpec, shorten_name};
use crate::protocol::{Phase, ProcessId, Quorums};

/// What a drawn process is made of, beside its look.
pub(super) struct Figure<'a> {
    pub(super) id: ProcessId,
    pub(super) spec: &'a ProcessSpec,
    pub(super) process: &'a Process,
    pub(super) quorums: &'a Quorums,
    pub(super) point: Point,
    pub(super) shape: Shape,
    pub(super) selected: bool,
    pub(super) frame: Frame,
    /// Whether its vote is one of those that made the value chosen.
    pub(super) chooser: bool,
    /// Whether it is where two quorums meet.
    pub(super) in_both: bool,
    /// How many lines of captions have room below it.
    pub(super) room: usize,
    /// How far the first of them reach to either side.
    pub(super) reach: [f64; captions::SIDES],
}

/// About the width of a character of a caption, of a name, and of a name in small letters.
const CHARACTER: f64 = 6.9;
const LETTER: f64 = 9.2;
const SMALL: f64 = 7.4;
/// How much wider than its words the plate of a caption is.
const PLATE: f64 = 8.0;
/// A name in small letters has so many in any case.
const SHORTEST: usize = 3;
/// That two quorums meet at a process.
const BOTH: &str = "in both quorums";

impl Figure<'_> {
    pub(super) fn draw(&self, look: &Look) -> Html {
        let roles: Vec<&str> = self.spec.roles.names().collect();
        let condition = look.condition(self.process);
        let label = self.label(look, &condition);
        let state = if self.process.up { "up" } else { "down" };
        let learner = self.process.learner.as_ref();
        let learned = learner.is_some_and(|learner| learner.learned().is_some());
        let class = classes!(
            "process",
            state,
            self.selected.then_some("selected"),
            self.chooser.then_some("chooser"),
            self.in_both.then_some("both"),
            learned.then_some("learned"),
        );
        let shown = html! {
            <g
                {class}
                role="button"
                tabindex="0"
                aria-label={label}
                aria-pressed={self.selected.to_string()}
                data-process={self.spec.name.to_string()}
                data-roles={roles.join(" ")}
                data-state={state}
                transform={format!("translate({})", self.point)}
            >
                <title>{ shorten_name(&self.spec.name, 40) }</title>
                { self.halo() }
                { self.outline(look) }
                { self.inscription(look) }
                { " " }
                { self.caption(look, &condition) }
            </g>
        };
        html! { <Unchanged key={self.id.0} {shown} /> }
    }

    /// The ring that shows focus and selection, and makes small shapes easier to touch.
    fn halo(&self) -> Html {
        shape("halo", self.grown(7.0))
    }

    fn grown(&self, by: f64) -> Shape {
        match self.shape {
            Shape::Circle(r) => Shape::Circle(r + by),
            Shape::Box(w, h) => Shape::Box(w + by, h + by),
            Shape::Diamond(half) => Shape::Diamond(half + by * 1.4),
        }
    }

    fn outline(&self, look: &Look) -> Html {
        let promised = self.process.acceptor.as_ref().and_then(|a| a.promised());
        let vote = self.process.acceptor.as_ref().and_then(|a| a.vote());
        let owner = if self.spec.roles.proposer {
            Some(look.hue_of(self.id))
        } else {
            promised.map(|ballot| look.hue(ballot))
        };
        // The ring of an acceptor is its promise, the disc inside its vote.
        let inner = match self.shape {
            Shape::Circle(r) => {
                let hue = vote.map_or("none", |vote| look.hue(vote.ballot));
                shape(classes!("vote", hue), Shape::Circle(r * 0.68))
            }
            _ => Html::default(),
        };
        let kind = if self.spec.roles.proposer {
            "owner"
        } else {
            "ring"
        };
        let class = classes!("outline", kind, owner.unwrap_or("none"));
        html! {
            <>
                { shape(class, self.shape) }
                { inner }
                { self.meter(look) }
            </>
        }
    }

    /// How full the quorum is that a proposer waits for.
    fn meter(&self, look: &Look) -> Html {
        let Shape::Box(w, h) = self.shape else {
            return Html::default();
        };
        let phase = self.process.proposer.as_ref().map(|p| p.phase());
        let (have, need) = match phase {
            Some(Phase::Preparing { promised_by, .. }) => {
                (promised_by.len(), self.quorums.phase1())
            }
            Some(Phase::Accepting { voted_by, .. } | Phase::Done { voted_by, .. }) => {
                (voted_by.len(), self.quorums.phase2())
            }
            Some(Phase::Idle) | None => return Html::default(),
        };
        let full = 2.0 * (w - 10.0);
        let width = full * f64::from(have.min(need)) / f64::from(need);
        let (x, y) = (10.0 - w, h - 8.0);
        html! {
            <g class={classes!("meter", look.hue_of(self.id))}>
                <rect class="track" x={px(x)} y={px(y)} width={px(full)} height="3" rx="1.5" />
                <rect x={px(x)} y={px(y)} width={px(width)} height="3" rx="1.5" />
            </g>
        }
    }

    fn shown_name(&self) -> String {
        let fits = match self.shape {
            Shape::Box(..) if !self.frame.compact() => 11,
            Shape::Box(..) => 8,
            _ => 6,
        };
        // A crowd has small letters, and short names.
        let fits = match self.frame.has_captions() {
            true if self.frame.is_small() => fits.min(self.room_inside(4.0, SMALL).max(SHORTEST)),
            true => fits.min(self.room_inside(10.0, LETTER)),
            false => fits,
        };
        shorten_name(&self.spec.name, fits)
    }

    /// How many characters of this width its shape has room for.
    fn room_inside(&self, margin: f64, character: f64) -> usize {
        ((2.0 * self.shape.half_width() - margin) / character) as usize
    }

    /// What a proposer does, or which roles a box has.
    fn doing(&self, look: &Look) -> Phrase {
        let (verb, ballot) = match self.process.proposer.as_ref().map(|p| p.phase()) {
            Some(Phase::Preparing { ballot, .. }) => ("prepare ", *ballot),
            Some(Phase::Accepting { ballot, .. }) => ("accept ", *ballot),
            Some(Phase::Done { ballot, .. }) => ("done ", *ballot),
            Some(Phase::Idle) | None => return Phrase(vec![self.role_names().into()]),
        };
        Phrase(vec![verb.into(), look.names.ballot(ballot)])
    }

    /// The same, as far as there is room: without it the ballot alone, and how full the meter is.
    fn shown_doing(&self, look: &Look) -> Phrase {
        let doing = self.doing(look);
        let fits = doing.to_string().chars().count() <= self.room_inside(4.0, CHARACTER);
        if fits { doing } else { kernel(&doing) }
    }

    /// Whether there is room for that, below the name.
    fn has_doing(&self) -> bool {
        self.frame.has_captions() && !self.frame.is_small()
    }

    fn inscription(&self, look: &Look) -> Html {
        let name = self.shown_name();
        let mark = self.chooser.then(|| {
            let x = match self.shape {
                Shape::Circle(r) | Shape::Diamond(r) => r * 0.82,
                Shape::Box(w, _) => w - 4.0,
            };
            let transform = format!("translate({} -24)", px(x));
            html! { <path class="mark" {transform} d="M-6 0l4 5 8-10" /> }
        });
        if !self.frame.has_names() {
            return Html::default();
        }
        let Shape::Box(_, h) = self.shape else {
            return html! { <><text class="who" y="5">{ name }</text>{ for mark }</> };
        };
        if !self.has_doing() {
            let mark = mark.filter(|_| self.frame.has_captions());
            return html! { <><text class="who" y="5">{ name }</text>{ for mark }</> };
        }
        html! {
            <>
                <text class="who" y={px(-h * 0.22)}>{ name }</text>
                { " " }
                <text class="doing" y={px(h * 0.36)}>{ look.spans(&self.shown_doing(look)) }</text>
                { for mark }
            </>
        }
    }

    /// What is seen, in the order in which it is seen, and then what only colour and shape tell, and
    /// what there was no room for. In a crowd nothing of that is seen, and the card has it.
    fn label(&self, look: &Look, condition: &[Phrase]) -> String {
        let mut parts = vec![self.shown_name()];
        let mut whole = Vec::new();
        if matches!(self.shape, Shape::Box(..)) {
            if self.has_doing() {
                parts.push(self.shown_doing(look).to_string());
            }
            whole.push(self.doing(look));
        }
        parts.extend(self.shown_lines(condition).iter().map(ToString::to_string));
        if self.frame.has_captions() {
            whole.extend(self.lines(condition));
            whole.extend(self.in_both.then(|| Phrase(vec![BOTH.into()])));
        }
        let roles: Vec<&str> = self.spec.roles.names().collect();
        let roles = roles.join(" and ");
        let mut label = parts.join(" ");
        if parts.last() != Some(&roles) {
            label += &format!(", {roles}");
        }
        let whole = whole.iter().map(ToString::to_string);
        let whole = whole.chain([self.spec.name.to_string()]);
        for missing in whole.filter(|text| !parts.contains(text)) {
            label += ", ";
            label += &missing;
        }
        label
    }

    fn role_names(&self) -> String {
        let roles: Vec<&str> = self.spec.roles.names().collect();
        let many = match roles.as_slice() {
            [one] => return one.to_string(),
            [_, _, _] => "all three roles".into(),
            // As they are abbreviated: prop. acc. learn.
            many => {
                let short = many.iter().map(|role| match *role {
                    "proposer" => "prop.",
                    "acceptor" => "acc.",
                    _ => "learn.",
                });
                short.collect::<Vec<_>>().join(" ")
            }
        };
        if self.frame.compact() || many.len() > self.room_inside(4.0, CHARACTER) {
            return format!("{} roles", roles.len());
        }
        many
    }

    /// The lines below the shape: what the process holds, or else what it is.
    fn lines(&self, condition: &[Phrase]) -> Vec<Phrase> {
        match self.shape {
            Shape::Circle(_) | Shape::Diamond(_) if condition.is_empty() => {
                vec![Phrase(vec![self.role_names().into()])]
            }
            _ => condition.to_vec(),
        }
    }

    /// The same, and that two quorums meet here.
    fn shown_lines(&self, condition: &[Phrase]) -> Vec<Phrase> {
        let mut lines = self.lines(condition);
        // What it holds last tells most; the ring and the disc tell the rest.
        let first = usize::from(!self.process.up);
        let room = self.room.saturating_sub(self.in_both.into()).max(first);
        lines.drain(first..first + lines.len().saturating_sub(room));
        if self.frame.is_fitted() && matches!(self.shape, Shape::Circle(_)) {
            // One line has room: that quorums meet here, or else the vote, or else the promise.
            // The disc and the ring tell the rest.
            let keep = usize::from(!self.in_both);
            lines.drain(..lines.len().saturating_sub(keep));
            lines.iter_mut().for_each(|line| line.0.truncate(2));
        }
        for (line, reach) in lines.iter_mut().zip(self.reach) {
            let is_wide = |line: &Phrase| width(line) > 2.0 * reach + PLATE;
            if is_wide(line) {
                let end = line.0.iter().position(|part| *part == " in ".into());
                line.0.truncate(end.unwrap_or(line.0.len()));
            }
            if is_wide(line) {
                // The ring of an acceptor tells a promise from a vote, and nothing else does.
                let circle = matches!(self.shape, Shape::Circle(_));
                *line = if circle {
                    kernel(line)
                } else {
                    Phrase::default()
                };
            }
        }
        lines.retain(|line| !line.0.is_empty());
        if self.in_both && self.room > 0 {
            lines.push(Phrase(vec![self.both_in_words().into()]));
        }
        lines
    }

    fn both_in_words(&self) -> &'static str {
        let reach = self.reach.into_iter().fold(f64::INFINITY, f64::min);
        if width(&Phrase(vec![BOTH.into()])) > 2.0 * reach + PLATE {
            "in both"
        } else {
            BOTH
        }
    }

    fn caption(&self, look: &Look, condition: &[Phrase]) -> Html {
        let top = self.shape.half_height() + FIRST;
        let line = |(index, line): (usize, &Phrase)| {
            let y = top + LINE * index as f64;
            let width = width(line);
            // The plate keeps links off the words.
            html! {
                <>
                    <rect class="plate" x={px(-width / 2.0)} y={px(y - 13.0)}
                        width={px(width)} height={px(LINE)} />
                    <text class="caption" y={px(y)}>{ look.spans(line) }</text>
                    { " " }
                </>
            }
        };
        if !self.frame.has_captions() {
            return Html::default();
        }
        self.shown_lines(condition)
            .iter()
            .enumerate()
            .map(line)
            .collect()
    }
}

/// The first thing in a phrase that is more than words: the ballot that is promised, the value that
/// is voted for.
fn kernel(phrase: &Phrase) -> Phrase {
    let is_thing = |part: &&Part| !matches!(part, Part::Words(_));
    match phrase.0.iter().find(is_thing) {
        Some(thing) => Phrase(vec![thing.clone()]),
        None => phrase.clone(),
    }
}

/// About how wide a caption is.
fn width(line: &Phrase) -> f64 {
    line.to_string().chars().count() as f64 * CHARACTER + PLATE
}

fn shape(class: impl Into<Classes>, shape: Shape) -> Html {
    let class = class.into();
    match shape {
        Shape::Circle(r) => html! { <circle {class} r={px(r)} /> },
        Shape::Box(w, h) => html! {
            <rect {class} x={px(-w)} y={px(-h)}
                width={px(2.0 * w)} height={px(2.0 * h)} rx="12" />
        },
        Shape::Diamond(half) => {
            let side = half * std::f64::consts::SQRT_2;
            html! {
                <rect {class} x={px(-side / 2.0)} y={px(-side / 2.0)}
                    width={px(side)} height={px(side)} rx="8" transform="rotate(45)" />
            }
        }
    }
}
