//! A trace of the model as commands to a cluster, which then goes the same way.
//!
//! The cluster holds every message, and the commands let go those that the trace receives, one
//! step after the other. Each ballot has a proposer of its own, since the model lets a proposer
//! work on several ballots at once and a process works on one.

mod wishes;

use std::fmt;
use std::sync::Arc;

use crate::cluster::{
    Cluster, Command, Envelope, Millis, Network, Nth, PROCESS_LIMIT, PrepareTo, ProcessSpec, Roles,
    Selector, Setup,
};
use crate::protocol::{
    Ballot, Invariant, Kind, Message, ProcessId, Round, Rule, Rules, Value, Vote,
};

use super::cast::{Cast, first_free};
use super::model::{Action, Model};
use wishes::{Wish, wishes};

/// The commands that make a cluster go the way of a trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replay {
    /// The cluster.
    pub setup: Setup,
    /// What is done to it, and when.
    pub script: Vec<(Millis, Command)>,
    /// When the last step is done.
    pub end: Millis,
}

/// A step of the trace that the cluster cannot take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplayError {
    /// Which step, from 1.
    pub step: usize,
    /// What it is.
    pub action: Action,
}

impl fmt::Display for ReplayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { step, action } = self;
        write!(
            f,
            "step {step} of the trace, {action:?}, has no counterpart in a cluster"
        )
    }
}

impl std::error::Error for ReplayError {}

/// How long a message takes, and how long a step.
const WAY: Millis = Millis(60);
const STEP: Millis = Millis(100);

/// The trace as commands. The cluster they make breaks the same invariant at the last step.
///
/// # Errors
/// If the trace is not one of the model's.
pub fn replay(
    model: &Model,
    trace: &[Action],
    invariant: Invariant,
    cast: &Cast,
) -> Result<Replay, ReplayError> {
    let mut player = Player::new(model, trace, cast, invariant);
    for (index, &action) in trace.iter().enumerate() {
        let failed = ReplayError {
            step: index + 1,
            action,
        };
        player.play(action, &trace[index + 1..]).ok_or(failed)?;
    }
    if invariant == Invariant::LearnedImpliesChosen {
        player.tell_learners();
    }
    Ok(Replay {
        setup: player.setup,
        script: player.script,
        end: player.now,
    })
}

/// The trace as it is played, on a cluster that shows which messages there are.
struct Player<'a> {
    model: &'a Model,
    cast: &'a Cast,
    setup: Setup,
    cluster: Cluster,
    script: Vec<(Millis, Command)>,
    now: Millis,
    /// The ballots that there are, lowest first: those that the trace uses, as a rule.
    ballots: Vec<u32>,
    seats: Vec<Seat>,
    wishes: Vec<Wish>,
}

/// The process that proposes a value in a ballot.
#[derive(Clone, Copy)]
struct Seat {
    ballot: u32,
    /// The value, if the ballot is one that several share.
    value: Option<u32>,
    process: ProcessId,
}

impl<'a> Player<'a> {
    fn new(model: &'a Model, trace: &[Action], cast: &'a Cast, invariant: Invariant) -> Self {
        let mut ballots: Vec<u32> = trace.iter().filter_map(ballot_of).collect();
        if invariant == Invariant::AcceptIsSafe {
            // What is safe depends on which lower ballots there could be.
            ballots.extend(0..model.ballots);
        }
        ballots.sort_unstable();
        ballots.dedup();
        let (setup, seats) = setup(model, trace, cast, &ballots, invariant);
        let cluster = Cluster::new(&setup).expect("names differ and sizes are the model's");
        Self {
            wishes: wishes(model, trace),
            model,
            cast,
            setup,
            cluster,
            script: Vec::new(),
            now: Millis(0),
            ballots,
            seats,
        }
    }

    fn command(&mut self, after: u64, command: Command) {
        let at = Millis(self.now.0 + after);
        self.cluster.run_until(at, &mut Vec::new());
        self.cluster.apply(command.clone(), &mut Vec::new());
        self.script.push((at, command));
    }

    /// Lets a held message go, and keeps a copy if it is received again later.
    fn receive(&mut self, again: bool, wanted: impl Fn(&Envelope) -> bool) -> Option<()> {
        let envelope = self.cluster.held().find(|envelope| wanted(envelope))?;
        let message = Selector::Nth(Nth {
            kind: envelope.message.kind(),
            from: envelope.from,
            to: envelope.to,
            nth: envelope.nth,
        });
        if again {
            self.command(0, Command::Duplicate { message });
        }
        let message = Some(message);
        self.command(0, Command::Release { message });
        Some(())
    }

    /// One step of the trace; `None` if the cluster cannot take it.
    fn play(&mut self, action: Action, later: &[Action]) -> Option<()> {
        let again = later.contains(&action);
        match action {
            Action::Phase1a { ballot } => self.prepare(ballot),
            Action::Phase1b { acceptor, ballot } => {
                let (from, to) = (self.seat(ballot, None)?, self.acceptor(acceptor));
                let number = self.number(ballot)?;
                self.receive(again, |envelope| {
                    (envelope.from, envelope.to) == (from, to)
                        && envelope.message == Message::Prepare { ballot: number }
                })
            }
            Action::Phase2a { ballot, value } => self.propose(ballot, value),
            Action::Phase2b {
                acceptor,
                ballot,
                value,
            } => {
                let (from, to) = (self.seat(ballot, Some(value))?, self.acceptor(acceptor));
                let number = self.number(ballot)?;
                self.receive(again, |envelope| {
                    (envelope.from, envelope.to) == (from, to)
                        && envelope.message.kind() == Kind::Accept
                        && envelope.message.ballot() == number
                })
            }
            Action::Forget { acceptor, lost } => {
                let process = self.acceptor(acceptor);
                let amnesia = lost;
                self.command(0, Command::Crash { process, amnesia });
                self.command(WAY.0 / 2, Command::Restart { process });
                Some(())
            }
        }?;
        self.now = self.now.after(STEP);
        self.cluster.run_until(self.now, &mut Vec::new());
        Some(())
    }

    /// Every proposer of the ballot asks for promises.
    fn prepare(&mut self, ballot: u32) -> Option<()> {
        let seats = self.seats.iter().filter(|seat| seat.ballot == ballot);
        for Seat { value, process, .. } in seats.copied().collect::<Vec<_>>() {
            let wish = self.wishes.iter().find(|wish| wish.ballot == ballot);
            let owned = self.model.wishes.as_ref();
            let owned = owned.map(|wishes| wishes[ballot as usize]);
            let wanted = value
                .or(wish.map(|wish| wish.wanted))
                .or(owned)
                .unwrap_or(0);
            let value = self.cast.values[wanted as usize].clone();
            self.command(0, Command::Propose { process, value });
            if self.shares() {
                // Rounds are all that tells shared ballots apart.
                let earlier = self.ballots.iter().filter(|&&other| other < ballot).count();
                for _ in 0..earlier {
                    self.command(0, Command::Timeout { process });
                }
            }
        }
        Some(())
    }

    /// The promises that lead to this `Accept` arrive.
    fn propose(&mut self, ballot: u32, value: u32) -> Option<()> {
        let to = self.seat(ballot, Some(value))?;
        let number = self.number(ballot)?;
        let mut wishes = self.wishes.iter();
        let wish = wishes.find(|wish| (wish.ballot, wish.sent) == (ballot, value))?;
        for (acceptor, report) in wish.promises.clone() {
            let from = self.acceptor(acceptor);
            let vote = match report {
                Some(vote) => Some(Vote {
                    ballot: self.number(vote.ballot.round.0)?,
                    value: self.value(vote.value)?,
                }),
                None => None,
            };
            let wanted = Message::Promise {
                ballot: number,
                vote,
            };
            self.receive(false, |envelope| {
                (envelope.from, envelope.to) == (from, to) && envelope.message == wanted
            })?;
        }
        Some(())
    }

    /// Every vote reaches every learner.
    fn tell_learners(&mut self) {
        let mut held = self.cluster.held().copied().collect::<Vec<Envelope>>();
        held.retain(|envelope| {
            let learns = self.setup.spec(envelope.to).roles.learner;
            learns && envelope.message.kind() == Kind::Accepted
        });
        for Envelope { id, .. } in held {
            self.receive(false, |envelope| envelope.id == id);
        }
        self.now = self.now.after(STEP);
        self.cluster.run_until(self.now, &mut Vec::new());
    }

    fn shares(&self) -> bool {
        self.model.rules.breaks(Rule::SharedBallots)
    }

    fn acceptor(&self, acceptor: u32) -> ProcessId {
        let proposers = self.setup.processes.iter();
        let proposers = proposers.filter(|spec| spec.roles.proposer).count();
        ProcessId((proposers + acceptor as usize) as u16)
    }

    /// Who sends the messages of a ballot.
    fn seat(&self, ballot: u32, value: Option<u32>) -> Option<ProcessId> {
        let mut seats = self.seats.iter();
        let seat = seats.find(|seat| {
            seat.ballot == ballot
                && (value.is_none() || seat.value.is_none() || seat.value == value)
        });
        seat.map(|seat| seat.process)
    }

    /// The cluster's number of a ballot of the model.
    fn number(&self, ballot: u32) -> Option<Ballot> {
        let place = self.ballots.iter().position(|&used| used == ballot)?;
        Some(match self.shares() {
            true => Ballot {
                round: Round(place as u32 + 1),
                proposer: ProcessId(0),
            },
            false => Ballot {
                round: Round(1),
                proposer: self.seat(ballot, None)?,
            },
        })
    }

    /// The cluster's number of a value of the model, which it has once it was proposed.
    fn value(&self, value: Value) -> Option<Value> {
        let text = &self.cast.values[value.0 as usize];
        let place = self
            .cluster
            .values()
            .iter()
            .position(|known| known == text)?;
        Some(Value(place as u32))
    }
}

fn ballot_of(action: &Action) -> Option<u32> {
    match *action {
        Action::Phase1a { ballot }
        | Action::Phase1b { ballot, .. }
        | Action::Phase2a { ballot, .. }
        | Action::Phase2b { ballot, .. } => Some(ballot),
        Action::Forget { .. } => None,
    }
}

/// Proposers first, so that the order of ballots is the order of processes.
fn setup(
    model: &Model,
    trace: &[Action],
    cast: &Cast,
    ballots: &[u32],
    invariant: Invariant,
) -> (Setup, Vec<Seat>) {
    let mut processes = Vec::new();
    let mut seats = Vec::new();
    for &ballot in ballots {
        let sent = trace.iter().filter_map(|action| match *action {
            Action::Phase2a { ballot: of, value } if of == ballot => Some(value),
            _ => None,
        });
        let mut values: Vec<Option<u32>> = sent.map(Some).collect();
        if !model.rules.breaks(Rule::SharedBallots) || values.is_empty() {
            values = vec![None];
        }
        for value in values {
            let process = ProcessId(processes.len() as u16);
            let name = match model.rules.breaks(Rule::SharedBallots) {
                true => match cast.proposers.get(processes.len()) {
                    Some(name) => name.clone(),
                    None => free_name(cast, &processes, "P"),
                },
                false => cast.proposers[ballot as usize].clone(),
            };
            let roles = Roles::PROPOSER;
            processes.push(ProcessSpec { name, roles });
            seats.push(Seat {
                ballot,
                value,
                process,
            });
        }
    }
    let acceptors = cast.acceptors.iter().map(|name| (name, Roles::ACCEPTOR));
    let extra = [free_name(cast, &processes, "L")];
    let learners = match cast.learners.is_empty() {
        true if invariant == Invariant::LearnedImpliesChosen => extra.as_slice(),
        _ => &cast.learners,
    };
    // A cluster that is full of learners has no room for more proposers: some of them go.
    let room = PROCESS_LIMIT.saturating_sub(processes.len() + cast.acceptors.len());
    let learners = learners
        .iter()
        .map(|name| (name, Roles::LEARNER))
        .take(room);
    processes.extend(acceptors.chain(learners).map(|(name, roles)| ProcessSpec {
        name: name.clone(),
        roles,
    }));
    let setup = Setup {
        seed: 0,
        processes,
        phase1: Some(model.phase1 as u16),
        phase2: Some(model.phase2 as u16),
        network: Network {
            hold: true,
            ..Network::with_delay(WAY.0 as u32, WAY.0 as u32).expect("a range of one number")
        },
        rules: without_amnesia(model.rules),
        nack: false,
        prepare_to: PrepareTo::All,
        ..Setup::default()
    };
    (setup, seats)
}

/// A name that nobody has: with a number if need be.
fn free_name(cast: &Cast, before: &[ProcessSpec], name: &str) -> Arc<str> {
    let numbered = (before.len() + 1..).map(|number| Arc::from(format!("{name}{number}")));
    first_free(std::iter::once(Arc::from(name)).chain(numbered), |name| {
        cast.names().any(|known| known == name) || before.iter().any(|spec| spec.name == *name)
    })
}

/// Each crash of the replay says itself what it loses.
fn without_amnesia(rules: Rules) -> Rules {
    let storage = [Rule::Amnesia, Rule::AmnesiaPromise, Rule::AmnesiaVote];
    Rules::breaking(rules.broken().filter(|rule| !storage.contains(rule)))
}
