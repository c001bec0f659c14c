//! A trace of the model as commands to a cluster, which then goes the same way.
//!
//! The cluster holds every message, and the commands let go those that the trace receives, one
//! step after the other. Each ballot has a proposer of its own, since the model lets a proposer
//! work on several ballots at once and a process works on one.

use std::fmt;
use std::sync::Arc;

use crate::cluster::{
    Cluster, Command, Envelope, Millis, Network, Nth, PROCESS_LIMIT, PrepareTo, ProcessSpec, Roles,
    Selector, Setup,
};
use crate::protocol::{
    Acceptor, AcceptorStep, Ballot, Invariant, Kind, Message, ProcessId, Round, Rule, Rules, Value,
    Vote,
};

use super::messages::Choice;
use super::model::{Action, Model};

/// Who plays the numbers of a model.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cast {
    /// The acceptors' names.
    pub acceptors: Vec<Arc<str>>,
    /// The name of each ballot's proposer, lowest ballot first.
    pub proposers: Vec<Arc<str>>,
    /// The learners' names.
    pub learners: Vec<Arc<str>>,
    /// The values.
    pub values: Vec<Arc<str>>,
}

impl Cast {
    /// Names as in the literature: acceptors A, B, C; proposers P, Q, R; values Hello and World.
    pub fn usual(model: &Model) -> Self {
        let mut cast = Self::default();
        cast.fill(model);
        cast
    }

    /// Gives a name to whatever of the model has none: the first that is free.
    pub fn fill(&mut self, model: &Model) {
        let mut taken = [&self.acceptors[..], &self.proposers, &self.learners].concat();
        let mut fill = |names: &mut Vec<Arc<str>>, letters: &str, count: u32| {
            let letters = letters.chars().map(String::from);
            let first = letters.clone().next().unwrap_or_default();
            let numbered = (2..).map(|number| format!("{first}{number}"));
            let series = letters.chain(numbered);
            let mut series = series.map(Arc::<str>::from);
            while names.len() < count as usize {
                let free = series.find(|name| !taken.contains(name));
                let name = free.expect("the numbers do not end");
                taken.push(name.clone());
                names.push(name);
            }
        };
        fill(&mut self.acceptors, "ABCDEFGH", model.acceptors);
        fill(&mut self.proposers, "PQRSTU", model.ballots);
        let words = ["Hello", "World"].map(Arc::<str>::from).into_iter();
        let numbered = (3..).map(|number| Arc::from(format!("value {number}")));
        let mut words = words.chain(numbered);
        while self.values.len() < model.values as usize {
            let free = words.find(|word| !self.values.contains(word));
            self.values.push(free.expect("the numbers do not end"));
        }
    }
}

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

/// What the proposer of a ballot wants, and which promises lead it to what it sends.
struct Wish {
    ballot: u32,
    sent: u32,
    wanted: u32,
    /// In the order in which they arrive.
    promises: Vec<(u32, Option<Vote>)>,
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
    let taken = |name: &Arc<str>| {
        let others = [&cast.acceptors, &cast.proposers, &cast.learners];
        let mut all = others.into_iter().flatten();
        all.any(|known| known == name) || before.iter().any(|spec| spec.name == *name)
    };
    let numbered = (before.len() + 1..).map(|number| Arc::from(format!("{name}{number}")));
    let mut names = std::iter::once(Arc::from(name)).chain(numbered);
    let free = names.find(|name| !taken(name));
    free.expect("the numbers do not end")
}

/// Each crash of the replay says itself what it loses.
fn without_amnesia(rules: Rules) -> Rules {
    let storage = [Rule::Amnesia, Rule::AmnesiaPromise, Rule::AmnesiaVote];
    Rules::breaking(rules.broken().filter(|rule| !storage.contains(rule)))
}

/// For each `Accept` of the trace: promises that lead a proposer to it, among those sent by then,
/// and what the proposer has to want.
fn wishes(model: &Model, trace: &[Action]) -> Vec<Wish> {
    let number = |ballot| Ballot {
        round: Round(ballot),
        proposer: ProcessId(0),
    };
    let mut acceptors = vec![Acceptor::default(); model.acceptors as usize];
    let mut promises: Vec<(u32, u32, Option<Vote>)> = Vec::new();
    let mut wishes = Vec::new();
    for action in trace {
        match *action {
            Action::Phase1a { .. } => {}
            Action::Phase1b { acceptor, ballot } => {
                let step = acceptors[acceptor as usize].on_prepare(number(ballot), model.rules);
                if let AcceptorStep::Promised { vote, .. } = step {
                    promises.push((ballot, acceptor, vote));
                }
            }
            Action::Phase2a { ballot, value } => {
                let given = promises.iter().filter(|promise| promise.0 == ballot);
                let given = given.map(|&(_, acceptor, vote)| (acceptor, vote));
                wishes.extend(wish(model, ballot, value, &given.collect::<Vec<_>>()));
            }
            Action::Phase2b {
                acceptor,
                ballot,
                value,
            } => {
                let acceptor = &mut acceptors[acceptor as usize];
                acceptor.on_accept(number(ballot), Value(value), model.rules);
            }
            Action::Forget { acceptor, lost } => acceptors[acceptor as usize].forget(lost),
        }
    }
    wishes
}

/// A quorum's promises that lead to this value, and how.
fn wish(model: &Model, ballot: u32, sent: u32, given: &[(u32, Option<Vote>)]) -> Option<Wish> {
    let need = model.phase1 as usize;
    let of = |acceptor| given.iter().filter(move |(from, _)| *from == acceptor);
    // One promise of each acceptor all of whose promises pass.
    let quorum = |pass: &dyn Fn(Option<Vote>) -> bool| {
        let acceptors = (0..model.acceptors).filter(|&acceptor| {
            of(acceptor).next().is_some() && of(acceptor).all(|(_, vote)| pass(*vote))
        });
        let first = acceptors.filter_map(|acceptor| of(acceptor).next().copied());
        first.collect::<Vec<_>>()
    };
    let choice = Choice::of(model);
    let free = quorum(&|vote| choice == Choice::Own || vote.is_none());
    if free.len() >= need && model.free_values(ballot) & 1 << sent != 0 {
        let promises = free[..need].to_vec();
        return Some(Wish {
            ballot,
            sent,
            wanted: sent,
            promises,
        });
    }
    let votes = given
        .iter()
        .filter_map(|&(acceptor, vote)| Some((acceptor, vote?)));
    for (acceptor, vote) in votes.filter(|(_, vote)| vote.value.0 == sent) {
        let mut quorum = quorum(&|other| {
            other.is_none_or(|other| match choice {
                Choice::Highest => other.ballot <= vote.ballot,
                Choice::Lowest => other.ballot >= vote.ballot,
                Choice::Any | Choice::Own => true,
            })
        });
        let Some(place) = quorum.iter().position(|(from, _)| *from == acceptor) else {
            continue;
        };
        if quorum.len() < need {
            continue;
        }
        quorum.remove(place);
        quorum.truncate(need - 1);
        // Of equal votes a proposer keeps the first; without any order it takes the last.
        match choice {
            Choice::Any => quorum.push((acceptor, Some(vote))),
            _ => quorum.insert(0, (acceptor, Some(vote))),
        }
        return Some(Wish {
            ballot,
            sent,
            // It would have liked another one, if there is one that it may want.
            wanted: another(model, ballot, sent),
            promises: quorum,
        });
    }
    None
}

fn another(model: &Model, ballot: u32, value: u32) -> u32 {
    let free = model.free_values(ballot);
    let mut others = (0..model.values).filter(|&other| free & 1 << other != 0 && other != value);
    others.next_back().unwrap_or(value)
}
