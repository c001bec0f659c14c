//! What must hold in every run, found out from the events alone and in another way than the
//! cluster does: it keeps every vote and counts.

use std::collections::{BTreeMap, BTreeSet};

use paxos_playground::cluster::{Cluster, Event, Fact, MessageId, Millis, Setup};
use paxos_playground::protocol::{
    AcceptorStep, Ballot, LearnerStep, Message, ProcessId, ProcessSet, ProposerStep, Value, Vote,
};

/// Sees everything that happens in one run, and objects to what must never happen.
#[derive(Default)]
pub struct Watch {
    acceptors: BTreeSet<ProcessId>,
    phase1: usize,
    phase2: usize,
    now: Millis,
    on_their_way: BTreeMap<MessageId, Millis>,
    wishes: BTreeMap<Ballot, Value>,
    reports: BTreeMap<(Ballot, ProcessId), Option<Vote>>,
    proposals: BTreeMap<Ballot, Value>,
    votes: BTreeMap<(Ballot, Value), BTreeSet<ProcessId>>,
    chosen: BTreeMap<Ballot, Value>,
    /// A value was chosen, which the next event has to say.
    unsaid: Option<Vote>,
    promises: BTreeMap<ProcessId, (Option<Ballot>, Option<Vote>)>,
}

type Verdict = Result<(), String>;

fn object(broken: bool, why: impl FnOnce() -> String) -> Verdict {
    if broken { Err(why()) } else { Ok(()) }
}

impl Watch {
    pub fn new(setup: &Setup) -> Self {
        let acceptors: BTreeSet<ProcessId> = setup
            .ids()
            .filter(|&id| setup.spec(id).roles.acceptor)
            .collect();
        let majority = acceptors.len() / 2 + 1;
        Self {
            phase1: setup.phase1.map_or(majority, usize::from),
            phase2: setup.phase2.map_or(majority, usize::from),
            acceptors,
            ..Self::default()
        }
    }

    /// What was chosen, by ballot.
    pub fn chosen(&self) -> &BTreeMap<Ballot, Value> {
        &self.chosen
    }

    /// The next event.
    pub fn see(&mut self, event: &Event) -> Verdict {
        object(event.at < self.now, || "time goes back".into())?;
        self.now = event.at;
        let said = matches!(event.fact, Fact::Chosen { .. });
        object(self.unsaid.is_some() && !said, || {
            format!("nobody says that {:?} is chosen", self.unsaid)
        })?;
        match &event.fact {
            Fact::Sent(sent) => {
                object(sent.from == sent.to && sent.arrives != sent.sent, || {
                    "a message to oneself takes time".into()
                })?;
                self.on_their_way.insert(sent.id, sent.arrives);
            }
            Fact::Delivered(envelope) | Fact::Lost { envelope, .. } => {
                let due = self.on_their_way.remove(&envelope.id);
                object(due != Some(self.now), || {
                    format!("{envelope:?} was due at {due:?} and comes at {}", self.now)
                })?;
                if let Message::Promise { ballot, vote } = envelope.message {
                    self.reports.insert((ballot, envelope.from), vote);
                }
            }
            Fact::Proposer { process, step } => self.proposer(*process, step)?,
            Fact::Acceptor { process, step } => self.acceptor(*process, step)?,
            Fact::Learner { process, step } => self.learner(*process, step)?,
            Fact::Chosen { vote, voted_by, .. } => {
                object(self.unsaid.take() != Some(*vote), || {
                    format!("{vote:?} is not chosen at this instant")
                })?;
                self.has_voted(voted_by, *vote)?;
            }
            // These schedules only crash and restart; and what the cluster's own monitor finds
            // is compared in the end, when the watch has found the same or not.
            _ => {}
        }
        Ok(())
    }

    /// The state of all acceptors, between two events.
    pub fn look(&mut self, cluster: &Cluster) -> Verdict {
        object(self.unsaid.is_some(), || {
            format!("nobody says that {:?} is chosen", self.unsaid)
        })?;
        for (id, process) in cluster.processes() {
            if let Some(acceptor) = &process.acceptor {
                self.promise(id, acceptor.promised(), acceptor.vote())?;
            }
        }
        Ok(())
    }

    /// What an acceptor remembers now.
    pub fn promise(
        &mut self,
        id: ProcessId,
        promised: Option<Ballot>,
        vote: Option<Vote>,
    ) -> Verdict {
        let ballot = vote.map(|vote| vote.ballot);
        object(promised < ballot, || {
            format!("{id:?} voted in {ballot:?} and has promised only {promised:?}")
        })?;
        let before = self.promises.insert(id, (promised, vote));
        let (promised_before, vote_before) = before.unwrap_or_default();
        object(promised < promised_before, || {
            format!("the promise of {id:?} falls from {promised_before:?} to {promised:?}")
        })?;
        object(ballot < vote_before.map(|vote| vote.ballot), || {
            format!("the vote of {id:?} falls from {vote_before:?} to {vote:?}")
        })
    }

    fn proposer(&mut self, process: ProcessId, step: &ProposerStep) -> Verdict {
        match *step {
            ProposerStep::Started { ballot, wish, .. } => {
                object(ballot.proposer != process, || {
                    format!("{process:?} uses {ballot:?}")
                })?;
                let before = self.wishes.insert(ballot, wish);
                object(before.is_some(), || format!("{ballot:?} is started twice"))
            }
            ProposerStep::PromiseQuorum {
                ballot,
                value,
                ref promised_by,
                ..
            } => {
                self.may_propose(ballot, value, promised_by)?;
                let before = self.proposals.insert(ballot, value);
                object(before.is_some(), || {
                    format!("{ballot:?} has two proposals, {before:?} and {value:?}")
                })?;
                self.bound(ballot, value)
            }
            ProposerStep::VoteQuorum {
                ballot,
                value,
                ref voted_by,
            } => self.knows(process, Vote { ballot, value }, voted_by),
            _ => Ok(()),
        }
    }

    /// P2c of the paper: the value of the highest vote that a quorum reports, or else any.
    fn may_propose(&self, ballot: Ballot, value: Value, promised_by: &ProcessSet) -> Verdict {
        object(usize::from(promised_by.len()) < self.phase1, || {
            format!("{promised_by:?} are no quorum to promise {ballot:?}")
        })?;
        let mut highest: Option<Vote> = None;
        for id in promised_by.iter() {
            let report = self.reports.get(&(ballot, id));
            let vote = *report.ok_or_else(|| format!("{id:?} did not promise {ballot:?}"))?;
            if vote.map(|vote| vote.ballot) > highest.map(|vote| vote.ballot) {
                highest = vote;
            }
        }
        let wish = self.wishes.get(&ballot).copied();
        let expected = highest.map(|vote| vote.value).or(wish);
        object(expected != Some(value), || {
            format!("{value:?} is proposed in {ballot:?}, where {expected:?} has to be")
        })
    }

    fn acceptor(&mut self, process: ProcessId, step: &AcceptorStep) -> Verdict {
        let AcceptorStep::Voted { vote, .. } = *step else {
            return Ok(());
        };
        object(!self.acceptors.contains(&process), || {
            format!("{process:?} votes and is no acceptor")
        })?;
        let Vote { ballot, value } = vote;
        object(self.proposals.get(&ballot) != Some(&value), || {
            format!("{process:?} votes for {vote:?}, which nobody proposed")
        })?;
        let voters = self.votes.entry((ballot, value)).or_default();
        if voters.insert(process) && voters.len() == self.phase2 {
            self.unsaid = Some(vote);
            return self.choose(vote);
        }
        Ok(())
    }

    fn learner(&mut self, process: ProcessId, step: &LearnerStep) -> Verdict {
        match step {
            LearnerStep::Learned { vote, voted_by } => self.knows(process, *vote, voted_by),
            LearnerStep::Contradicted { vote, learned } => Err(format!(
                "{process:?} has learned {learned:?} and is told {vote:?}"
            )),
            _ => Ok(()),
        }
    }

    fn choose(&mut self, vote: Vote) -> Verdict {
        let other = self.chosen.iter().find(|&(_, &value)| value != vote.value);
        object(other.is_some(), || {
            format!("two values are chosen: {other:?} and {vote:?}")
        })?;
        let wanted = self.wishes.values().any(|&wish| wish == vote.value);
        object(!wanted, || {
            format!("{vote:?} is chosen, and nobody wanted it")
        })?;
        self.chosen.insert(vote.ballot, vote.value);
        let higher = self.proposals.range(vote.ballot..);
        let unbound = higher.clone().find(|&(_, &value)| value != vote.value);
        object(unbound.is_some(), || {
            format!("{vote:?} is chosen under a higher proposal {unbound:?}")
        })
    }

    /// P2b of the paper: above a chosen value, the same value.
    fn bound(&self, ballot: Ballot, value: Value) -> Verdict {
        let mut lower = self.chosen.range(..ballot);
        let broken = lower.find(|&(_, &chosen)| chosen != value);
        object(broken.is_some(), || {
            format!("{value:?} is proposed in {ballot:?} above the chosen {broken:?}")
        })
    }

    fn knows(&self, process: ProcessId, vote: Vote, voted_by: &ProcessSet) -> Verdict {
        object(self.chosen.get(&vote.ballot) != Some(&vote.value), || {
            format!("{process:?} believes that {vote:?} is chosen, and it is not")
        })?;
        self.has_voted(voted_by, vote)
    }

    fn has_voted(&self, voted_by: &ProcessSet, vote: Vote) -> Verdict {
        let voters = self.votes.get(&(vote.ballot, vote.value));
        let stranger = voted_by
            .iter()
            .find(|id| voters.is_none_or(|voters| !voters.contains(id)));
        object(stranger.is_some(), || {
            format!("{stranger:?} did not vote for {vote:?}")
        })?;
        object(usize::from(voted_by.len()) < self.phase2, || {
            format!("{voted_by:?} are no quorum for {vote:?}")
        })
    }
}
