//! One process as it is drawn.

use yew::prelude::*;

use crate::app::geometry::{Point, Shape};
use crate::app::look::Look;
use crate::cluster::{Process, ProcessSpec, shorten};
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
    pub(super) compact: bool,
    /// Whether its vote is one of those that made the value chosen.
    pub(super) chooser: bool,
}

/// The gestures that a process understands.
pub(super) struct Gestures {
    pub(super) down: Callback<PointerEvent>,
    pub(super) shift: Callback<PointerEvent>,
    pub(super) up: Callback<PointerEvent>,
    pub(super) cancel: Callback<PointerEvent>,
    pub(super) key: Callback<KeyboardEvent>,
}

/// Height of a caption line.
const LINE: f64 = 17.0;

impl Figure<'_> {
    pub(super) fn draw(&self, look: &Look, gestures: Gestures) -> Html {
        let roles: Vec<&str> = self.spec.roles.names().collect();
        let condition = look.condition(self.process);
        let described: Vec<String> = condition.iter().map(ToString::to_string).collect();
        let label = format!(
            "{}, {}{}{}",
            self.spec.name,
            roles.join(" and "),
            if described.is_empty() { "" } else { ": " },
            described.join(", ")
        );
        let state = if self.process.up { "up" } else { "down" };
        let class = classes!(
            "process",
            state,
            self.selected.then_some("selected"),
            self.chooser.then_some("chooser"),
            self.process
                .learner
                .as_ref()
                .and_then(|learner| learner.learned())
                .map(|_| "learned"),
        );
        html! {
            <g
                key={self.id.0}
                {class}
                role="button"
                tabindex="0"
                aria-label={label}
                aria-pressed={self.selected.to_string()}
                data-process={self.spec.name.to_string()}
                data-roles={roles.join(" ")}
                data-state={state}
                transform={format!("translate({:.1} {:.1})", self.point.x, self.point.y)}
                onpointerdown={gestures.down}
                onpointermove={gestures.shift}
                onpointerup={gestures.up}
                onpointercancel={gestures.cancel}
                onkeydown={gestures.key}
            >
                <title>{ shorten(&self.spec.name, 40) }</title>
                { self.halo() }
                { self.outline(look) }
                { self.inscription(look) }
                { self.caption(look, &condition) }
            </g>
        }
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
            Shape::Circle(r) => shape(
                classes!("vote", vote.map_or("none", |vote| look.hue(vote.ballot))),
                Shape::Circle(r * 0.68),
            ),
            _ => Html::default(),
        };
        let class = classes!(
            "outline",
            if self.spec.roles.proposer {
                "owner"
            } else {
                "ring"
            },
            owner.unwrap_or("none"),
        );
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
                <rect class="track" x={x.to_string()} y={y.to_string()} width={full.to_string()} height="3" rx="1.5" />
                <rect x={x.to_string()} y={y.to_string()} width={width.to_string()} height="3" rx="1.5" />
            </g>
        }
    }

    fn inscription(&self, look: &Look) -> Html {
        let fits = match self.shape {
            Shape::Box(..) if !self.compact => 11,
            Shape::Box(..) => 8,
            _ => 6,
        };
        let name = shorten(&self.spec.name, fits);
        let mark = self
            .chooser
            .then(|| html! { <text class="mark" x={mark_x(self.shape)} y="-18">{ "✓" }</text> });
        let Shape::Box(_, h) = self.shape else {
            return html! { <><text class="who" y="5">{ name }</text>{ for mark }</> };
        };
        let doing = match self.process.proposer.as_ref().map(|p| p.phase()) {
            Some(Phase::Preparing { ballot, .. }) => Some(("prepare ", *ballot)),
            Some(Phase::Accepting { ballot, .. }) => Some(("accept ", *ballot)),
            Some(Phase::Done { ballot, .. }) => Some(("done ", *ballot)),
            Some(Phase::Idle) | None => None,
        };
        let second = match doing {
            Some((verb, ballot)) => html! {
                <>{ verb }<tspan class={classes!("ballot", look.hue(ballot))}>{ look.names.ballot_text(ballot) }</tspan></>
            },
            None => html! { { self.role_names() } },
        };
        html! {
            <>
                <text class="who" y={(-h * 0.22).to_string()}>{ name }</text>
                <text class="doing" y={(h * 0.36).to_string()}>{ second }</text>
                { for mark }
            </>
        }
    }

    fn role_names(&self) -> String {
        let roles: Vec<&str> = self.spec.roles.names().collect();
        match roles.as_slice() {
            [one] => one.to_string(),
            many if self.compact => format!("{} roles", many.len()),
            many => many
                .iter()
                .map(|role| &role[..4])
                .collect::<Vec<_>>()
                .join("·"),
        }
    }

    fn caption(&self, look: &Look, condition: &[crate::cluster::Phrase]) -> Html {
        let top = self.shape.half_height() + 20.0;
        let role = matches!(self.shape, Shape::Circle(_) | Shape::Diamond(_))
            .then(|| html! { { self.role_names() } });
        let lines: Vec<Html> = if condition.is_empty() {
            role.into_iter().collect()
        } else {
            condition.iter().map(|line| look.spans(line)).collect()
        };
        lines
            .into_iter()
            .enumerate()
            .map(|(index, line)| {
                let y = (top + LINE * index as f64).to_string();
                // The ground keeps links off the words; the words are drawn above all of it.
                html! {
                    <>
                        <text class="caption ground" y={y.clone()} aria-hidden="true">{ line.clone() }</text>
                        <text class="caption" {y}>{ line }</text>
                    </>
                }
            })
            .collect()
    }
}

fn mark_x(shape: Shape) -> String {
    match shape {
        Shape::Circle(r) | Shape::Diamond(r) => r * 0.8,
        Shape::Box(w, _) => w - 4.0,
    }
    .to_string()
}

fn shape(class: impl Into<Classes>, shape: Shape) -> Html {
    let class = class.into();
    match shape {
        Shape::Circle(r) => html! { <circle {class} r={r.to_string()} /> },
        Shape::Box(w, h) => html! {
            <rect {class} x={(-w).to_string()} y={(-h).to_string()}
                width={(2.0 * w).to_string()} height={(2.0 * h).to_string()} rx="12" />
        },
        Shape::Diamond(half) => {
            let side = half * std::f64::consts::SQRT_2;
            html! {
                <rect {class} x={(-side / 2.0).to_string()} y={(-side / 2.0).to_string()}
                    width={side.to_string()} height={side.to_string()} rx="8" transform="rotate(45)" />
            }
        }
    }
}
