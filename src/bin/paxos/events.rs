//! What `--json` writes: one object for each event, and the summary. The names of the fields are
//! what scripts rely on; they stay.

use paxos_playground::cluster::{Cluster, Envelope, Event, Fact, LossReason, Names, Setup};
use paxos_playground::protocol::{
    AcceptorStep, Ballot, LearnerStep, Message, ProcessId, ProposerStep, Value, Vote,
};
use paxos_playground::scenario::Scenario;
use serde::Serialize;

/// An event. Fields that do not apply are left out.
#[derive(Default, Serialize)]
pub struct Line {
    /// Virtual time in milliseconds.
    at: u64,
    /// What kind of event it is.
    event: &'static str,
    /// The sentence with its reason.
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    process: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ballot: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Sent>,
    /// Why a message was lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'static str>,
    /// The invariant that was violated.
    #[serde(skip_serializing_if = "Option::is_none")]
    invariant: Option<&'static str>,
    /// The command that was refused or waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<&'static str>,
}

/// A message.
#[derive(Serialize)]
struct Sent {
    id: u64,
    kind: &'static str,
    from: String,
    to: String,
    nth: u32,
    ballot: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    sent: u64,
    arrives: u64,
}

/// How the run ended: the last object, which alone has `"event": "end"`.
#[derive(Serialize)]
pub struct Summary {
    event: &'static str,
    scenario: String,
    at: u64,
    events: u64,
    pub chosen: Option<String>,
    /// What each learner knows that is up.
    learned: Vec<Learned>,
    pub violations: Vec<Violation>,
    /// When more would have happened, if the run was ended by its `until`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
    /// Commands whose message was never sent.
    pub never_sent: Vec<String>,
    pub missed: Vec<String>,
    /// Whether every expectation was met.
    pub met: bool,
}

#[derive(Serialize)]
struct Learned {
    process: String,
    value: Option<String>,
}

/// An invariant that was violated, and when first.
#[derive(Serialize)]
pub struct Violation {
    pub invariant: &'static str,
    pub at: u64,
}

impl Line {
    pub fn of(setup: &Setup, cluster: &Cluster, names: &Names, event: &Event) -> Self {
        let name = |id: ProcessId| setup.spec(id).name.to_string();
        let ballot = |ballot: Ballot| Some(names.ballot_text(ballot));
        let value = |value: Value| Some(cluster.text(value).to_string());
        let mut line = Line {
            at: event.at.0,
            event: kind(&event.fact),
            text: names.fact(&event.fact).to_string(),
            ..Line::default()
        };
        if let Some(envelope) = envelope(&event.fact) {
            line.message = Some(sent(setup, cluster, names, envelope));
        }
        match &event.fact {
            Fact::Lost { why, .. } => line.why = Some(loss(*why)),
            Fact::Proposer { process, step } => {
                line.process = Some(name(*process));
                line.ballot = ballot(ballot_of(step));
                line.value = match *step {
                    ProposerStep::Started { wish: its, .. }
                    | ProposerStep::PromiseQuorum { value: its, .. }
                    | ProposerStep::VoteQuorum { value: its, .. } => value(its),
                    _ => None,
                };
            }
            Fact::Acceptor { process, step } => {
                line.process = Some(name(*process));
                match *step {
                    AcceptorStep::Promised { ballot: its, .. }
                    | AcceptorStep::AlreadyPromised { ballot: its }
                    | AcceptorStep::PrepareRefused { ballot: its, .. }
                    | AcceptorStep::AcceptRefused { ballot: its, .. } => line.ballot = ballot(its),
                    AcceptorStep::Voted { vote, .. } | AcceptorStep::VotedAgain { vote } => {
                        line.ballot = ballot(vote.ballot);
                        line.value = value(vote.value);
                    }
                }
            }
            Fact::Learner { process, step } => {
                line.process = Some(name(*process));
                let vote = vote_of(step);
                line.ballot = ballot(vote.ballot);
                line.value = value(vote.value);
            }
            Fact::Chosen { vote, .. } => {
                line.ballot = ballot(vote.ballot);
                line.value = value(vote.value);
            }
            Fact::TimedOut {
                process,
                ballot: its,
                ..
            }
            | Fact::BacksOff {
                process,
                ballot: its,
                ..
            } => {
                line.process = Some(name(*process));
                line.ballot = ballot(*its);
            }
            Fact::Crashed { process, .. } | Fact::Restarted { process } => {
                line.process = Some(name(*process));
            }
            Fact::Waits { command } | Fact::Refused { command, .. } => {
                line.command = Some(command.name());
                line.process = command.process().map(name);
            }
            Fact::Violated { invariant } => line.invariant = Some(invariant.name()),
            _ => {}
        }
        line
    }
}

impl Summary {
    pub fn of(scenario: &Scenario, cluster: &Cluster) -> Self {
        let setup = &scenario.setup;
        let text = |vote: Vote| cluster.text(vote.value).to_string();
        let learned = cluster.processes().filter(|(_, process)| process.up);
        let learned = learned.filter_map(|(id, process)| {
            let learner = process.learner.as_ref()?;
            Some(Learned {
                process: setup.spec(id).name.to_string(),
                value: learner.learned().map(text),
            })
        });
        let violations = cluster.invariants().filter_map(|(invariant, failure)| {
            Some(Violation {
                invariant: invariant.name(),
                at: failure?.at.0,
            })
        });
        let names = Names::new(setup, cluster);
        let waiting = cluster.waiting().into_iter();
        let missed = scenario.expect.missed(cluster);
        Self {
            event: "end",
            scenario: scenario.id.clone(),
            at: cluster.now().0,
            events: cluster.recorded(),
            chosen: cluster.chosen().map(text),
            learned: learned.collect(),
            violations: violations.collect(),
            next: cluster.next_due().map(|due| due.0),
            never_sent: waiting
                .map(|command| names.command(command).to_string())
                .collect(),
            met: missed.is_empty(),
            missed: missed.into_iter().map(|missed| missed.0).collect(),
        }
    }
}

fn kind(fact: &Fact) -> &'static str {
    use AcceptorStep as A;
    use LearnerStep as L;
    use ProposerStep as P;
    match fact {
        Fact::Sent(_) => "sent",
        Fact::Delivered(_) => "delivered",
        Fact::Lost { .. } => "lost",
        Fact::Duplicated { .. } => "duplicated",
        Fact::Held { .. } => "held",
        Fact::Released { .. } => "released",
        Fact::Delayed { .. } => "delayed",
        Fact::Proposer { step, .. } => match step {
            P::Started { .. } => "ballot-started",
            P::PromiseCounted { .. } => "promise-counted",
            P::PromiseQuorum { .. } => "promise-quorum",
            P::PromiseIgnored { .. } => "promise-ignored",
            P::VoteCounted { .. } => "vote-counted",
            P::VoteQuorum { .. } => "vote-quorum",
            P::VoteIgnored { .. } => "vote-ignored",
            P::NackNoted { .. } => "nack-noted",
            P::NackIgnored { .. } => "nack-ignored",
        },
        Fact::Acceptor { step, .. } => match step {
            A::Promised { .. } => "promised",
            A::AlreadyPromised { .. } => "already-promised",
            A::PrepareRefused { .. } => "prepare-refused",
            A::Voted { .. } => "voted",
            A::VotedAgain { .. } => "voted-again",
            A::AcceptRefused { .. } => "accept-refused",
        },
        Fact::Learner { step, .. } => match step {
            L::Counted { .. } => "learner-counted",
            L::Learned { .. } => "learned",
            L::Confirmed { .. } => "learner-confirmed",
            L::Contradicted { .. } => "learner-contradicted",
            L::Unneeded { .. } | L::NotAnAcceptor { .. } => "learner-ignored",
        },
        Fact::Chosen { .. } => "chosen",
        Fact::TimedOut { .. } => "timed-out",
        Fact::BacksOff { .. } => "backs-off",
        Fact::Crashed { .. } => "crashed",
        Fact::Restarted { .. } => "restarted",
        Fact::Cut { .. } => "cut",
        Fact::Healed { .. } => "healed",
        Fact::Partitioned { .. } => "partitioned",
        Fact::AllHeld => "all-held",
        Fact::AllReleased => "all-released",
        Fact::NetworkChanged { .. } => "network-changed",
        Fact::LinkChanged { .. } => "link-changed",
        Fact::Waits { .. } => "waits",
        Fact::Refused { .. } => "refused",
        Fact::Violated { .. } => "violated",
    }
}

fn loss(why: LossReason) -> &'static str {
    match why {
        LossReason::ReceiverDown => "receiver-down",
        LossReason::CutWhenSent => "cut-when-sent",
        LossReason::CutOnTheWay => "cut-on-the-way",
        LossReason::Chance => "chance",
        LossReason::ByHand => "by-hand",
    }
}

fn envelope(fact: &Fact) -> Option<&Envelope> {
    match fact {
        Fact::Sent(envelope)
        | Fact::Delivered(envelope)
        | Fact::Lost { envelope, .. }
        | Fact::Duplicated { envelope, .. }
        | Fact::Held { envelope }
        | Fact::Released { envelope }
        | Fact::Delayed { envelope, .. } => Some(envelope),
        _ => None,
    }
}

fn sent(setup: &Setup, cluster: &Cluster, names: &Names, envelope: &Envelope) -> Sent {
    let name = |id: ProcessId| setup.spec(id).name.to_string();
    let value = match envelope.message {
        Message::Accept { value, .. } | Message::Accepted { value, .. } => Some(value),
        Message::Promise { vote, .. } => vote.map(|vote| vote.value),
        Message::Prepare { .. } | Message::Nack { .. } => None,
    };
    Sent {
        id: envelope.id.0,
        kind: envelope.message.kind().name(),
        from: name(envelope.from),
        to: name(envelope.to),
        nth: envelope.nth,
        ballot: names.ballot_text(envelope.message.ballot()),
        value: value.map(|value| cluster.text(value).to_string()),
        sent: envelope.sent.0,
        arrives: envelope.arrives.0,
    }
}

fn ballot_of(step: &ProposerStep) -> Ballot {
    match *step {
        ProposerStep::Started { ballot, .. }
        | ProposerStep::PromiseCounted { ballot, .. }
        | ProposerStep::PromiseQuorum { ballot, .. }
        | ProposerStep::PromiseIgnored { ballot, .. }
        | ProposerStep::VoteCounted { ballot, .. }
        | ProposerStep::VoteQuorum { ballot, .. }
        | ProposerStep::VoteIgnored { ballot, .. }
        | ProposerStep::NackNoted { ballot, .. }
        | ProposerStep::NackIgnored { ballot, .. } => ballot,
    }
}

fn vote_of(step: &LearnerStep) -> Vote {
    match *step {
        LearnerStep::Counted { vote, .. }
        | LearnerStep::Learned { vote, .. }
        | LearnerStep::Confirmed { vote }
        | LearnerStep::Contradicted { vote, .. }
        | LearnerStep::Unneeded { vote, .. }
        | LearnerStep::NotAnAcceptor { vote } => vote,
    }
}
