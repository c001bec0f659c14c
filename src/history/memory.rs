//! How many bytes a history takes: an estimate from what it holds, on the high side, for nothing
//! can ask the allocator in a browser.

use crate::cluster::{Cluster, Command, Envelope, Event, Fact, Process};
use crate::protocol::{Kind, LearnerStep, ProcessId, ProposerStep, Tally};

/// What an allocator takes for itself, and loses by rounding up.
const ALLOCATION: usize = 24;
/// A place in the queue of what is to come: key and content, in tree nodes that are two thirds
/// full or better.
const QUEUED: usize = (size_of::<Envelope>() + 32) * 3 / 2;

/// What is counted for each pair of processes that talk: how many messages of each kind.
const PAIR: usize = size_of::<u32>() * Kind::ALL.len();
/// What the monitor and the links remember of each process.
const WATCHED: usize = 64;

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
    let messages = cluster.under_way().count();
    let has = |wanted: fn(&Process) -> bool| {
        let all = cluster.processes();
        all.filter(|(_, process)| wanted(process)).count()
    };
    let pairs = has(|its| its.acceptor.is_some())
        * has(|its| its.proposer.is_some() || its.learner.is_some());
    // Each proposer has two sets, and a link another; a list can have grown to twice of what it needs.
    size_of::<Cluster>()
        + count * (size_of::<Process>() + ALLOCATION + 3 * set(count) + WATCHED)
        + tallies * tally
        + (messages + script + cluster.waiting().len()) * QUEUED
        + pairs * PAIR
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
        Fact::Refused { command, .. } | Fact::Waits { command } => of_command(command),
        Fact::Partitioned { groups } => of_groups(groups),
        _ => 0,
    }
}

/// What a command points to.
pub(super) fn of_command(command: &Command) -> usize {
    match command {
        Command::Propose { value, .. } => value.len() + ALLOCATION,
        Command::Partition { groups } => of_groups(groups),
        _ => 0,
    }
}

fn of_groups(groups: &[Vec<ProcessId>]) -> usize {
    let each = size_of::<Vec<ProcessId>>() + ALLOCATION;
    let groups = groups.iter().map(|group| size_of_val(&group[..]) + each);
    groups.sum::<usize>() + ALLOCATION
}
