//! The quorums that form, as an onlooker sees them, and where two of them meet.

use crate::cluster::Cluster;
use crate::protocol::{Ballot, Phase, ProcessId, ProcessSet};

/// What the members of a quorum do for its ballot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// They have promised it.
    Promise,
    /// They have voted in it.
    Vote,
}

/// Acceptors that gather around a ballot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gathering {
    /// The ballot.
    pub ballot: Ballot,
    /// What they did.
    pub deed: Deed,
    /// Who, in the order of their ids.
    pub members: Vec<ProcessId>,
    /// How many are needed.
    pub need: u16,
    /// Whether this is what made the value chosen.
    pub chosen: bool,
}

impl Gathering {
    /// How many are missing.
    pub fn missing(&self) -> usize {
        usize::from(self.need).saturating_sub(self.members.len())
    }
}

/// The quorum that chose first, if there is one, and those that gather around the ballots that
/// proposers work on.
pub fn gatherings(cluster: &Cluster) -> Vec<Gathering> {
    let quorums = cluster.quorums();
    let voters = |ballot: Ballot| -> Vec<ProcessId> {
        let tallies = cluster.votes_cast().iter();
        let voters: ProcessSet = tallies
            .filter(|tally| tally.vote.ballot == ballot)
            .flat_map(|tally| tally.voted_by.iter())
            .collect();
        voters.iter().collect()
    };
    let chosen = cluster.chosen().map(|vote| Gathering {
        ballot: vote.ballot,
        deed: Deed::Vote,
        members: voters(vote.ballot),
        need: quorums.phase2(),
        chosen: true,
    });
    // Where agreement is broken, what was chosen beside it.
    let first = cluster.chosen().map(|vote| vote.value);
    let others = cluster.votes_cast().iter().filter(|tally| {
        tally.voted_by.len() >= quorums.phase2() && Some(tally.vote.value) != first
    });
    let others = others.map(|tally| Gathering {
        ballot: tally.vote.ballot,
        deed: Deed::Vote,
        members: tally.voted_by.iter().collect(),
        need: quorums.phase2(),
        chosen: true,
    });
    let mut all: Vec<Gathering> = chosen.into_iter().chain(others).collect();
    for (_, process) in cluster.processes() {
        let phase = process.proposer.as_ref().map(|proposer| proposer.phase());
        let gathering = match phase {
            Some(&Phase::Preparing { ballot, .. }) => Gathering {
                ballot,
                deed: Deed::Promise,
                members: promised(cluster, ballot),
                need: quorums.phase1(),
                chosen: false,
            },
            // Until there is a vote, the promises are what it has.
            Some(&Phase::Accepting { ballot, .. }) if voters(ballot).is_empty() => Gathering {
                ballot,
                deed: Deed::Promise,
                members: promised(cluster, ballot),
                need: quorums.phase1(),
                chosen: false,
            },
            Some(&Phase::Accepting { ballot, .. }) => Gathering {
                ballot,
                deed: Deed::Vote,
                members: voters(ballot),
                need: quorums.phase2(),
                chosen: false,
            },
            _ => continue,
        };
        let known = all.iter().any(|other| other.ballot == gathering.ballot);
        if !gathering.members.is_empty() && !known {
            all.push(gathering);
        }
    }
    all
}

/// Whose last promise is this ballot.
fn promised(cluster: &Cluster, ballot: Ballot) -> Vec<ProcessId> {
    let acceptors = cluster
        .processes()
        .filter_map(|(id, process)| Some((id, process.acceptor.as_ref()?)));
    acceptors
        .filter(|(_, acceptor)| acceptor.promised() == Some(ballot))
        .map(|(id, _)| id)
        .collect()
}

/// Who has voted in one of these ballots and is in the quorum of a higher one: through them the
/// higher one learns of the vote, which is why Paxos works.
pub fn in_both(cluster: &Cluster, gatherings: &[Gathering]) -> Vec<ProcessId> {
    let voted = |id: ProcessId, below: Ballot| {
        gatherings.iter().any(|other| {
            other.deed == Deed::Vote && other.ballot < below && other.members.contains(&id)
        })
    };
    let mut both = Vec::new();
    for gathering in gatherings {
        // Also a quorum whose ballot has gone on to its second phase.
        let members = promised(cluster, gathering.ballot);
        for id in gathering.members.iter().copied().chain(members) {
            if voted(id, gathering.ballot) && !both.contains(&id) {
                both.push(id);
            }
        }
    }
    both
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::Cluster;
    use crate::scenario::built_in;

    /// What gathers, who is in it, how many are missing; and who is in both.
    type Moment = (Vec<(Deed, String, usize)>, String);

    /// The gatherings after each step of a built-in scenario, with names.
    fn story(id: &str) -> Vec<Moment> {
        let scenario = built_in(id).unwrap();
        let name = |id: &ProcessId| scenario.setup.spec(*id).name.to_string();
        let mut told = Vec::new();
        let mut look = |cluster: &Cluster| {
            let all = gatherings(cluster);
            let both: String = in_both(cluster, &all).iter().map(name).collect();
            let all = all.iter().map(|gathering| {
                let members: String = gathering.members.iter().map(name).collect();
                (gathering.deed, members, gathering.missing())
            });
            let now = (all.collect(), both);
            if told.last() != Some(&now) {
                told.push(now);
            }
        };
        scenario.play(|cluster, _| look(cluster)).unwrap();
        told
    }

    #[test]
    fn a_quorum_of_promises_forms_and_then_one_of_votes() {
        let told = story("hello");
        let promises: Vec<usize> = told
            .iter()
            .filter_map(|(all, _)| all.first())
            .filter(|(deed, ..)| *deed == Deed::Promise)
            .map(|(_, _, missing)| *missing)
            .collect();
        assert_eq!(promises.first(), Some(&1), "one promise of two: {told:?}");
        assert!(promises.contains(&0));
        let (end, both) = told.last().unwrap();
        assert_eq!(end.len(), 1, "only the one that chose is left: {end:?}");
        assert_eq!((end[0].0, end[0].2), (Deed::Vote, 0));
        assert_eq!(both, "");
    }

    #[test]
    fn the_acceptors_in_both_quorums_are_found() {
        let told = story("late-proposer");
        assert!(told.iter().any(|(_, both)| !both.is_empty()), "{told:?}");
        let met = told.iter().find(|(_, both)| !both.is_empty()).unwrap();
        assert!(met.0.len() >= 2, "two quorums are drawn where they meet");
    }
}
