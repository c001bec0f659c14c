//! The monitor: it watches a run and says which step broke which invariant.
//!
//! It sees everything that happens, which nobody in the cluster does, and remembers just enough
//! to judge the next step. A step costs about the same however long the run is: the votes of a
//! ballot are looked at again only until nothing can be chosen in it any more, and each acceptor
//! leaves a ballot behind once.

use super::{
    Acceptor, Ballot, Broken, Invariant, Learner, ProcessId, ProcessSet, Quorums, Value, Vote,
};

/// Watches the invariants. It is told of every step right after it was taken, together with
/// `votes`, the [`Learner`] that hears of each vote at the instant at which it is cast.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Monitor {
    /// The lowest ballot that there can be: nothing needs to be safe below it.
    lowest: Ballot,
    /// By number: whether somebody was asked to propose this value.
    proposed: Vec<bool>,
    acceptors: Vec<Seen>,
    /// What may yet be chosen: votes, by ballot and value, that a quorum could still join.
    open: Vec<Open>,
    /// How many entries of `open` there are for each value.
    open_values: Vec<(Value, u32)>,
    /// The values that were chosen, each with the lowest ballot known to have chosen it.
    chosen: Vec<Vote>,
}

/// What was last seen of an acceptor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Seen {
    promised: Option<Ballot>,
    /// The highest ballot in which it ever voted, whatever it remembers of it.
    voted: Option<Ballot>,
}

/// A value with votes in a ballot in which it is not chosen, and still may be.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Open {
    vote: Vote,
    voted_by: ProcessSet,
    /// How many have voted for it or could: they promised nothing higher.
    could: u16,
}

impl Monitor {
    /// A monitor for a run that begins now, in which this is the lowest ballot that anyone can
    /// start.
    pub fn new(lowest: Ballot) -> Self {
        Self {
            lowest,
            proposed: Vec::new(),
            acceptors: Vec::new(),
            open: Vec::new(),
            open_values: Vec::new(),
            chosen: Vec::new(),
        }
    }

    /// Somebody was asked to propose this value.
    pub fn saw_proposal(&mut self, value: Value) {
        let index = value.0 as usize;
        if index >= self.proposed.len() {
            self.proposed.resize(index + 1, false);
        }
        self.proposed[index] = true;
    }

    /// An acceptor sent this promise.
    pub fn saw_promise(
        &mut self,
        from: ProcessId,
        ballot: Ballot,
        reported: Option<Vote>,
        votes: &Learner,
    ) -> Broken {
        let cast = reported.is_none_or(|vote| {
            let tally = votes.tally(vote);
            tally.is_some_and(|tally| tally.voted_by.contains(from))
        });
        let last = match self.seen(from).voted {
            // Only a broken rule or lost storage gets here, so this may take its time.
            Some(last) if last >= ballot => last_below(ballot, from, votes),
            last => last,
        };
        let complete = last <= reported.map(|vote| vote.ballot);
        Broken::unless(cast && complete, Invariant::ReportedVotesWereCast)
    }

    /// A proposer sent `Accept(ballot, value)`, which has to be safe: no lower ballot has chosen
    /// another value, and none ever will.
    pub fn saw_accept(&self, ballot: Ballot, value: Value, quorums: &Quorums) -> Broken {
        let safe = ballot == self.lowest
            || self.untouched_ballots_are_closed(ballot, quorums)
                && self.voted_ballots_allow(ballot, value);
        Broken::unless(safe, Invariant::AcceptIsSafe)
            .and(Broken::unless(self.is_proposed(value), Invariant::Validity))
    }

    /// A vote was cast, and `votes` has counted it.
    pub fn saw_vote(
        &mut self,
        from: ProcessId,
        vote: Vote,
        votes: &Learner,
        quorums: &Quorums,
    ) -> Broken {
        let seen = self.seen_mut(from);
        seen.voted = seen.voted.max(Some(vote.ballot));
        let rival = votes.has_rival(vote);
        let one_value = Broken::unless(!rival, Invariant::OneValuePerBallot);
        let Some(tally) = votes.tally(vote) else {
            return one_value;
        };
        let key = (vote.ballot, vote.value);
        let place = self
            .open
            .binary_search_by_key(&key, |open| (open.vote.ballot, open.vote.value));
        if tally.voted_by.len() >= quorums.phase2() {
            if let Ok(index) = place {
                self.open.remove(index);
                self.count(vote.value, -1);
            }
            return one_value.and(self.saw_chosen(vote));
        }
        match place {
            Ok(index) => {
                let open = &mut self.open[index];
                let passed = self.acceptors[usize::from(from.0)].promised > Some(vote.ballot);
                if open.voted_by.insert(from) && passed {
                    open.could += 1;
                }
            }
            Err(index) => {
                let voted_by = tally.voted_by.clone();
                let could = self.could_vote(vote, &voted_by, quorums);
                if could >= quorums.phase2() {
                    let open = Open {
                        vote,
                        voted_by,
                        could,
                    };
                    self.open.insert(index, open);
                    self.count(vote.value, 1);
                }
            }
        }
        one_value
    }

    /// An acceptor is in this state now: after a step, or after a crash.
    pub fn saw_acceptor(
        &mut self,
        id: ProcessId,
        acceptor: &Acceptor,
        votes: &Learner,
        quorums: &Quorums,
    ) -> Broken {
        let now = acceptor.promised();
        let before = std::mem::replace(&mut self.seen_mut(id).promised, now);
        if now > before {
            self.pass(id, before, now, quorums);
        } else if now < before {
            self.look_again(votes, quorums);
        }
        let vote = acceptor.vote().map(|vote| vote.ballot);
        Broken::unless(now >= before, Invariant::PromiseNeverFalls)
            .and(Broken::unless(now >= vote, Invariant::PromiseAtLeastVote))
    }

    /// A process believes this value to be chosen.
    pub fn saw_learned(&self, value: Value) -> Broken {
        let chosen = self.chosen.iter().any(|chosen| chosen.value == value);
        Broken::unless(chosen, Invariant::LearnedImpliesChosen)
            .and(Broken::unless(self.is_proposed(value), Invariant::Validity))
    }

    fn saw_chosen(&mut self, vote: Vote) -> Broken {
        match self.chosen.iter_mut().find(|old| old.value == vote.value) {
            Some(old) => old.ballot = old.ballot.min(vote.ballot),
            None => self.chosen.push(vote),
        }
        let agreed = self.chosen.len() == 1;
        Broken::unless(agreed, Invariant::Agreement).and(Broken::unless(
            self.is_proposed(vote.value),
            Invariant::Validity,
        ))
    }

    fn is_proposed(&self, value: Value) -> bool {
        self.proposed.get(value.0 as usize).is_some_and(|&yes| yes)
    }

    /// Whether nothing can be chosen in a lower ballot that has no votes: so many have promised
    /// this ballot or a higher one that too few for a phase-2 quorum are left. There is taken to
    /// be such a ballot right below this one, as there is unless a proposer is alone.
    fn untouched_ballots_are_closed(&self, ballot: Ballot, quorums: &Quorums) -> bool {
        let all = quorums.acceptors();
        let passed = self.acceptors.iter();
        let passed = passed.filter(|seen| seen.promised >= Some(ballot)).count();
        usize::from(all.len()) < passed + usize::from(quorums.phase2())
    }

    /// Whether no lower ballot with votes has chosen another value, or still may.
    fn voted_ballots_allow(&self, ballot: Ballot, value: Value) -> bool {
        let contradicts = |vote: Vote| vote.ballot < ballot && vote.value != value;
        if self.chosen.iter().any(|&chosen| contradicts(chosen)) {
            return false;
        }
        let mut others = self.open_values.iter().filter(|entry| entry.0 != value);
        others.next().is_none() || !self.open.iter().any(|open| contradicts(open.vote))
    }

    /// How many have voted for this or could: all but those who promised a higher ballot.
    fn could_vote(&self, vote: Vote, voted_by: &ProcessSet, quorums: &Quorums) -> u16 {
        let could = quorums
            .acceptors()
            .iter()
            .filter(|&id| voted_by.contains(id) || self.seen(id).promised <= Some(vote.ballot));
        could.count() as u16
    }

    /// An acceptor's promise rises: it will never vote in the ballots that it leaves behind.
    fn pass(&mut self, id: ProcessId, from: Option<Ballot>, to: Option<Ballot>, quorums: &Quorums) {
        let first = self.open.partition_point(|o| Some(o.vote.ballot) < from);
        let behind = self.open[first..].iter();
        let behind = behind.take_while(|o| Some(o.vote.ballot) < to).count();
        if behind == 0 {
            return;
        }
        let closes = |open: &mut Open| {
            if !open.voted_by.contains(id) {
                open.could -= 1;
            }
            open.could < quorums.phase2()
        };
        let closed = self.open.extract_if(first..first + behind, closes);
        for Open { vote, .. } in closed.collect::<Vec<_>>() {
            self.count(vote.value, -1);
        }
    }

    /// A promise fell, so ballots that were closed may be open again. Only a broken rule or lost
    /// storage gets here, so this may take its time.
    fn look_again(&mut self, votes: &Learner, quorums: &Quorums) {
        self.open.clear();
        self.open_values.clear();
        for tally in votes.tallies() {
            let (vote, voted_by) = (tally.vote, &tally.voted_by);
            let could = self.could_vote(vote, voted_by, quorums);
            if voted_by.len() < quorums.phase2() && could >= quorums.phase2() {
                let voted_by = voted_by.clone();
                self.open.push(Open {
                    vote,
                    voted_by,
                    could,
                });
                self.count(vote.value, 1);
            }
        }
    }

    fn count(&mut self, value: Value, change: i32) {
        match self.open_values.iter().position(|entry| entry.0 == value) {
            None => self.open_values.push((value, 1)),
            Some(index) => {
                let count = &mut self.open_values[index].1;
                *count = count.saturating_add_signed(change);
                if *count == 0 {
                    self.open_values.swap_remove(index);
                }
            }
        }
    }

    fn seen(&self, id: ProcessId) -> Seen {
        let seen = self.acceptors.get(usize::from(id.0));
        seen.copied().unwrap_or_default()
    }

    fn seen_mut(&mut self, id: ProcessId) -> &mut Seen {
        let index = usize::from(id.0);
        if index >= self.acceptors.len() {
            self.acceptors.resize(index + 1, Seen::default());
        }
        &mut self.acceptors[index]
    }
}

/// The last ballot below this one in which an acceptor voted.
fn last_below(ballot: Ballot, from: ProcessId, votes: &Learner) -> Option<Ballot> {
    let below = votes
        .tallies()
        .iter()
        .rev()
        .map(|tally| (tally.vote.ballot, tally));
    let mut below = below.skip_while(|(of, _)| *of >= ballot);
    let last = below.find(|(_, tally)| tally.voted_by.contains(from));
    last.map(|(of, _)| of)
}

#[cfg(test)]
mod tests;
