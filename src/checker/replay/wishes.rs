//! What the proposers of a trace have to want, and which promises have to reach them first, so that
//! they send what the trace has them send.

use crate::protocol::{Acceptor, AcceptorStep, Ballot, ProcessId, Round, Value, Vote};

use crate::checker::messages::Choice;
use crate::checker::model::{Action, Model};

/// What the proposer of a ballot wants, and which promises lead it to what it sends.
pub(super) struct Wish {
    pub(super) ballot: u32,
    pub(super) sent: u32,
    pub(super) wanted: u32,
    /// In the order in which they arrive.
    pub(super) promises: Vec<(u32, Option<Vote>)>,
}

/// For each `Accept` of the trace: promises that lead a proposer to it, among those sent by then,
/// and what the proposer has to want.
pub(super) fn wishes(model: &Model, trace: &[Action]) -> Vec<Wish> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Rule, Rules};

    #[test]
    fn a_proposer_would_have_liked_another_value_that_it_may_want() {
        let model = Model::new(3, 3, 2);
        let liked = |model: &Model, value| another(model, 0, value);
        assert_eq!([0, 1, 2].map(|value| liked(&model, value)), [2, 2, 1]);
        assert_eq!(liked(&Model::new(3, 1, 2), 0), 0, "there is no other one");
        let owned = Model {
            wishes: Some(vec![1, 0]),
            ..model
        };
        assert_eq!([0, 1, 2].map(|value| liked(&owned, value)), [1, 1, 1]);
    }

    #[test]
    fn exactly_a_quorum_of_promises_leads_to_what_is_sent() {
        let vote = |ballot, value| {
            Some(Vote {
                ballot: Ballot {
                    round: Round(ballot),
                    proposer: ProcessId(0),
                },
                value: Value(value),
            })
        };
        let mut model = Model::new(5, 2, 4);
        let given = [
            (0, vote(1, 0)),
            (1, None),
            (2, vote(2, 1)),
            (3, None),
            (4, vote(1, 0)),
        ];
        let wished = |model: &Model, sent| {
            let wish = wish(model, 3, sent, &given)?;
            let from = wish.promises.iter().map(|(from, _)| *from);
            Some((wish.wanted, from.collect::<Vec<_>>()))
        };
        // The vote that decides comes first; the highest one is for 1.
        assert_eq!(wished(&model, 1), Some((0, vec![2, 0, 1])));
        assert_eq!(wished(&model, 0), Some((1, vec![0, 1, 3])));
        model.rules = Rules::breaking([Rule::LowestVote]);
        assert_eq!(wished(&model, 1), Some((0, vec![2, 1, 3])));
        // Whoever takes any vote takes the last.
        model.rules = Rules::breaking([Rule::AnyVote]);
        assert_eq!(wished(&model, 1), Some((0, vec![0, 1, 2])));
        // Two without a vote are no quorum, three are.
        model.phase1 = 2;
        model.rules = Rules::KEPT;
        assert_eq!(wished(&model, 0), Some((0, vec![1, 3])));
    }
}
