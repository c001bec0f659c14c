//! How many bytes a history takes: an estimate from what it holds, on the high side, for nothing
//! can ask the allocator in a browser.

use crate::cluster::{Cluster, Command, Envelope, Event, Fact, Process};
use crate::protocol::{LearnerStep, ProposerStep, Tally};

/// What an allocator takes for itself, and loses by rounding up.
const ALLOCATION: usize = 24;
/// A place in the queue of what is to come: key and content, in tree nodes that are two thirds
/// full or better.
const QUEUED: usize = (size_of::<Envelope>() + 32) * 3 / 2;

/// The heap part of a set of processes.
fn set(processes: usize) -> usize {
    processes.div_ceil(64) * 8 + ALLOCATION
}

/// A cluster, with so many commands of its script still to come.
pub(super) fn of_cluster(cluster: &Cluster, script: usize) -> usize {
    let count = cluster.processes().count();
    let tally = size_of::<Tally>() + set(count);
    let tallies: usize = cluster
        .processes()
        .filter_map(|(_, process)| process.learner.as_ref())
        .map(|learner| learner.tallies().len())
        .sum();
    let tallies = tallies + cluster.votes_cast().len();
    // Each proposer has two sets; a list can have grown to twice of what it needs.
    size_of::<Cluster>()
        + count * (size_of::<Process>() + ALLOCATION + 2 * set(count))
        + tallies * tally
        + (cluster.in_flight().count() + script) * QUEUED
}

/// What an event points to, beside its own bytes.
pub(super) fn beside_event(event: &Event, processes: usize) -> usize {
    match &event.fact {
        Fact::Chosen { .. }
        | Fact::Learner {
            step: LearnerStep::Learned { .. },
            ..
        }
        | Fact::Proposer {
            step: ProposerStep::PromiseQuorum { .. } | ProposerStep::VoteQuorum { .. },
            ..
        } => set(processes),
        Fact::Refused { command, .. } => of_command(command),
        _ => 0,
    }
}

/// What a command points to.
pub(super) fn of_command(command: &Command) -> usize {
    match command {
        Command::Propose { value, .. } => value.len() + ALLOCATION,
        _ => 0,
    }
}
