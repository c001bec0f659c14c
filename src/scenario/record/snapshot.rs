//! A cluster at one instant.

use serde::Serialize;

use crate::cluster::{Cluster, Envelope, Event, Fact, Process};
use crate::protocol::{Acceptor, Learner, Phase, ProcessId, ProcessSet, Proposer};

use super::shapes::{Flight, Shapes, VoteShape};
use crate::scenario::{Place, Scenario};

/// All that can be seen of a cluster now.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Snapshot {
    /// Virtual time in milliseconds.
    pub time: u64,
    /// The processes, in the order of the scenario.
    pub processes: Vec<ProcessState>,
    /// The messages on their way, in the order in which they will arrive, then those that are
    /// held.
    pub in_flight: Vec<Flight>,
    /// What was chosen first; nothing yet if `None`.
    pub chosen: Option<Choice>,
    /// The invariants that were violated.
    pub violations: Vec<Violation>,
    /// The network as it is now.
    pub network: Settings,
    /// When the next thing happens by itself; never if `None`.
    pub next_due: Option<u64>,
}

/// A process.
#[derive(Clone, Debug, Serialize)]
pub struct ProcessState {
    /// What it is called.
    pub name: String,
    /// `proposer`, `acceptor`, `learner`.
    pub roles: Vec<&'static str>,
    /// Whether it runs.
    pub up: bool,
    /// Its place, from 0, left, to 1,000.
    pub x: f64,
    /// From 0, top, to 600.
    pub y: f64,
    /// Its acceptor role.
    pub acceptor: Option<AcceptorState>,
    /// Its proposer role.
    pub proposer: Option<ProposerState>,
    /// Its learner role.
    pub learner: Option<LearnerState>,
}

/// An acceptor.
#[derive(Clone, Debug, Serialize)]
pub struct AcceptorState {
    /// The ballot that it has promised.
    pub promised: Option<String>,
    /// The vote that it cast last.
    pub vote: Option<VoteShape>,
}

/// A proposer.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProposerState {
    /// `idle`, `preparing`, `accepting` or `done`.
    pub phase: &'static str,
    /// Its current ballot.
    pub ballot: Option<String>,
    /// What it would like to see chosen.
    pub wish: Option<String>,
    /// The value of its ballot, once that is fixed.
    pub value: Option<String>,
    /// Who has promised, while it prepares.
    pub promises: Vec<String>,
    /// Whose votes it knows of, after that.
    pub votes: Vec<String>,
    /// When it tries again unless this ballot is finished by then.
    pub retries_at: Option<u64>,
}

/// A learner.
#[derive(Clone, Debug, Serialize)]
pub struct LearnerState {
    /// The votes that it has heard of.
    pub counts: Vec<Count>,
    /// What it knows to be chosen.
    pub learned: Option<VoteShape>,
}

/// The votes that a learner knows of for one value in one ballot.
#[derive(Clone, Debug, Serialize)]
pub struct Count {
    /// The ballot.
    pub ballot: String,
    /// The value.
    pub value: String,
    /// Who voted.
    pub votes: Vec<String>,
}

/// What was chosen.
#[derive(Clone, Debug, Serialize)]
pub struct Choice {
    /// The value.
    pub value: String,
    /// The ballot.
    pub ballot: String,
    /// When.
    pub at: u64,
}

/// An invariant that was violated.
#[derive(Clone, Debug, Serialize)]
pub struct Violation {
    /// Its name.
    pub invariant: &'static str,
    /// When first.
    pub at: u64,
}

/// The network's settings.
#[derive(Clone, Debug, Serialize)]
pub struct Settings {
    /// The shortest and the longest delay in milliseconds.
    pub delay: (u32, u32),
    /// The chance of a message to be lost, from 0 to 1.
    pub loss: f64,
    /// The chance of a message to be doubled, from 0 to 1.
    pub duplicate: f64,
    /// Whether every message is held.
    pub hold: bool,
}

impl Violation {
    /// All that there were.
    pub fn all(cluster: &Cluster) -> Vec<Self> {
        let violated = cluster.invariants().filter_map(|(invariant, failure)| {
            Some(Self {
                invariant: invariant.name(),
                at: failure?.at.0,
            })
        });
        violated.collect()
    }
}

impl Snapshot {
    /// This instant of a cluster that was made of this scenario, and had these events. Of them, the
    /// first that chose a value is enough.
    pub fn of<'a>(
        scenario: &Scenario,
        cluster: &Cluster,
        events: impl IntoIterator<Item = &'a Event>,
    ) -> Self {
        let shapes = Shapes::new(&scenario.setup, cluster);
        let places = scenario.places.iter();
        let processes = cluster.processes().zip(places);
        let flight = |envelope: &Envelope| Flight {
            progress: Some(share(envelope.progress(cluster.now()))),
            ..shapes.flight(envelope)
        };
        let network = cluster.network();
        Self {
            time: cluster.now().0,
            processes: processes
                .map(|((id, process), place)| shapes.process(id, process, *place, scenario))
                .collect(),
            in_flight: cluster.under_way().map(flight).collect(),
            chosen: events.into_iter().find_map(|event| match event.fact {
                Fact::Chosen { vote, .. } => Some(Choice {
                    value: shapes.value(vote.value),
                    ballot: shapes.ballot(vote.ballot),
                    at: event.at.0,
                }),
                _ => None,
            }),
            violations: Violation::all(cluster),
            network: Settings {
                delay: network.delay(),
                loss: share(network.loss.per_million()),
                duplicate: share(network.duplicate.per_million()),
                hold: network.hold,
            },
            next_due: cluster.next_due().map(|due| due.0),
        }
    }
}

/// Parts per million as a number from 0 to 1.
fn share(parts: u32) -> f64 {
    f64::from(parts) / 1e6
}

impl Shapes<'_> {
    fn process(
        &self,
        id: ProcessId,
        process: &Process,
        place: Place,
        scenario: &Scenario,
    ) -> ProcessState {
        let retries_at = process.retries_at().map(|at| at.0);
        let proposer = process.proposer.as_ref();
        ProcessState {
            name: self.name(id),
            roles: scenario.setup.spec(id).roles.names().collect(),
            up: process.up,
            x: place.x,
            y: place.y,
            acceptor: process.acceptor.as_ref().map(|its| self.acceptor(its)),
            proposer: proposer.map(|its| self.proposer(its, retries_at)),
            learner: process.learner.as_ref().map(|its| self.learner(its)),
        }
    }

    fn acceptor(&self, acceptor: &Acceptor) -> AcceptorState {
        AcceptorState {
            promised: acceptor.promised().map(|ballot| self.ballot(ballot)),
            vote: acceptor.vote().map(|vote| self.vote(vote)),
        }
    }

    fn proposer(&self, proposer: &Proposer, retries_at: Option<u64>) -> ProposerState {
        let none = ProcessSet::new();
        let (phase, value, promises, votes) = match proposer.phase() {
            Phase::Idle => ("idle", None, &none, &none),
            Phase::Preparing { promised_by, .. } => ("preparing", None, promised_by, &none),
            Phase::Accepting {
                value, voted_by, ..
            } => ("accepting", Some(*value), &none, voted_by),
            Phase::Done {
                value, voted_by, ..
            } => ("done", Some(*value), &none, voted_by),
        };
        ProposerState {
            phase,
            ballot: proposer.ballot().map(|ballot| self.ballot(ballot)),
            wish: proposer.wish().map(|wish| self.value(wish)),
            value: value.map(|value| self.value(value)),
            promises: self.list(promises),
            votes: self.list(votes),
            retries_at,
        }
    }

    fn learner(&self, learner: &Learner) -> LearnerState {
        let tallies = learner.tallies().iter();
        LearnerState {
            counts: tallies
                .map(|tally| Count {
                    ballot: self.ballot(tally.vote.ballot),
                    value: self.value(tally.vote.value),
                    votes: self.list(&tally.voted_by),
                })
                .collect(),
            learned: learner.learned().map(|vote| self.vote(vote)),
        }
    }
}
