//! What a run has cost: messages, bytes, and how long the longest chain of messages was.

use crate::cluster::{Cluster, Event, Fact};
use crate::protocol::{Kind, LearnerStep, Message, Value, Vote};

/// The counts up to a moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// How many messages were sent, in the order of [`Kind::ALL`].
    pub sent: [u32; Kind::ALL.len()],
    /// How many arrived.
    pub delivered: u32,
    /// How many were lost.
    pub lost: u32,
    /// How many were doubled.
    pub doubled: u32,
    /// What was sent, in bytes.
    pub bytes: u64,
    /// The longest chain of messages, each sent because of the one before, up to the first choice.
    pub to_choice: Option<u32>,
    /// The same up to the first learner that knew.
    pub to_knowledge: Option<u32>,
}

impl Counts {
    /// The counts of these events, all from the start of a run.
    pub fn of<'a>(cluster: &Cluster, events: impl Iterator<Item = &'a Event>) -> Self {
        let mut counts = Self::default();
        // How long the chain is that led to each process, and to each message.
        let mut known = vec![0_u32; cluster.processes().count()];
        let mut chains: Vec<u32> = Vec::new();
        for event in events {
            match &event.fact {
                Fact::Sent(envelope) => {
                    counts.sent[envelope.message.kind() as usize] += 1;
                    counts.bytes += bytes(cluster, &envelope.message);
                    // What a process tells itself is no message on the network.
                    let step = u32::from(!envelope.is_own());
                    let chain = known[usize::from(envelope.from.0)] + step;
                    set(&mut chains, envelope.id.0, chain);
                }
                Fact::Duplicated { envelope, of, .. } => {
                    counts.doubled += 1;
                    let chain = chains.get(of.0 as usize).copied().unwrap_or_default();
                    set(&mut chains, envelope.id.0, chain);
                }
                Fact::Delivered(envelope) => {
                    counts.delivered += 1;
                    let chain = chains.get(envelope.id.0 as usize).copied();
                    let mine = &mut known[usize::from(envelope.to.0)];
                    *mine = chain.unwrap_or_default().max(*mine);
                }
                Fact::Lost { .. } => counts.lost += 1,
                Fact::Chosen { voted_by, .. } => {
                    let chains = voted_by.iter().map(|id| known[usize::from(id.0)]);
                    counts.to_choice = counts.to_choice.or(chains.max());
                }
                Fact::Learner {
                    process,
                    step: LearnerStep::Learned { .. },
                } => {
                    let chain = known[usize::from(process.0)];
                    counts.to_knowledge = counts.to_knowledge.or(Some(chain));
                }
                _ => {}
            }
        }
        counts
    }
}

fn set(chains: &mut Vec<u32>, id: u64, chain: u32) {
    let index = id as usize;
    if chains.len() <= index {
        chains.resize(index + 1, 0);
    }
    chains[index] = chain;
}

/// The size of a message in a plain encoding: one byte for its kind, ten for a ballot (eight for
/// the round, two for the proposer), one that says whether a vote follows, and a value as its
/// UTF-8 text behind four bytes for its length.
fn bytes(cluster: &Cluster, message: &Message) -> u64 {
    const BALLOT: u64 = 10;
    let text = |value: Value| 4 + cluster.text(value).len() as u64;
    let voted = |vote: &Vote| BALLOT + text(vote.value);
    1 + BALLOT
        + match message {
            Message::Prepare { .. } => 0,
            Message::Promise { vote, .. } => 1 + vote.as_ref().map_or(0, voted),
            Message::Accept { value, .. } | Message::Accepted { value, .. } => text(*value),
            Message::Nack { .. } => BALLOT,
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::built_in;

    fn counts(id: &str) -> Counts {
        let scenario = built_in(id).unwrap();
        let mut all = Vec::new();
        let cluster = scenario
            .play(|_, events| all.extend(events.to_vec()))
            .unwrap();
        Counts::of(&cluster, all.iter())
    }

    #[test]
    fn hello_takes_four_message_delays_and_three_to_the_choice() {
        let counts = counts("hello");
        assert_eq!(counts.to_choice, Some(3), "Prepare, Promise, Accept");
        assert_eq!(counts.to_knowledge, Some(4), "and Accepted");
        assert_eq!(&counts.sent[..3], [3, 3, 3]);
        assert_eq!(counts.lost + counts.doubled, 0);
        assert_eq!(counts.delivered, counts.sent.iter().sum::<u32>());
        // Three Prepare of 11, Promise of 12, Accept of 11 + 4 + 5, and the Accepted likewise.
        let accepted = u64::from(counts.sent[Kind::Accepted as usize]);
        assert_eq!(counts.bytes, 3 * (11 + 12 + 20) + accepted * 20);
    }

    #[test]
    fn what_is_lost_or_doubled_is_counted() {
        let counts = counts("rough-network");
        assert!(counts.lost > 0 && counts.doubled > 0);
        let sent: u32 = counts.sent.iter().sum();
        assert!(counts.delivered <= sent + counts.doubled - counts.lost);
    }
}
