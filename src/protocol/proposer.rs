//! The proposer: it starts ballots, and is bound by what the acceptors report.

use super::{Ballot, Message, ProcessId, ProcessSet, Quorums, Round, Rule, Rules, Value, Vote};

/// A proposer.
///
/// Durable is only the highest round that it has used, written before the `Prepare` is sent: so
/// it never uses a ballot twice, even when a crash takes everything else (PMS §2.5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposer {
    id: ProcessId,
    last_round: Option<Round>,
    heard_round: Option<Round>,
    wish: Option<Value>,
    phase: Phase,
    refused_by: ProcessSet,
}

/// How far the current ballot of a proposer is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// No ballot since the start, or since the crash that lost it.
    Idle,
    /// Phase 1: waiting for promises.
    Preparing {
        /// The current ballot.
        ballot: Ballot,
        /// Who has promised.
        promised_by: ProcessSet,
        /// The vote of the highest ballot among those reported.
        highest_vote: Option<Vote>,
        /// The vote that decides the value: the highest, unless a rule is broken.
        followed: Option<Vote>,
    },
    /// Phase 2: waiting for votes.
    Accepting {
        /// The current ballot.
        ballot: Ballot,
        /// Its value, which never changes.
        value: Value,
        /// Who is known to have voted.
        voted_by: ProcessSet,
    },
    /// It knows that its ballot's value is chosen.
    Done {
        /// The ballot.
        ballot: Ballot,
        /// The chosen value.
        value: Value,
        /// Who is known to have voted.
        voted_by: ProcessSet,
    },
}

/// Why a proposer does not count a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ignored {
    /// It is about another ballot than the current one, if there is one.
    OtherBallot {
        /// The current ballot.
        current: Option<Ballot>,
    },
    /// The sender is counted already.
    Repeated,
    /// The phase that waited for it is over.
    PhaseOver,
    /// The sender is no acceptor of the configuration.
    NotAnAcceptor,
    /// It is a vote for a value that the proposer did not ask for: by [`Rule::SharedBallots`],
    /// somebody else did so in the same ballot.
    OtherValue,
}

/// Where the value of a ballot comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueSource {
    /// No vote was reported, so the proposer was free and took its own value.
    Own,
    /// The highest vote reported. The proposer's own value has to stand back.
    Adopted {
        /// That vote.
        vote: Vote,
        /// What the proposer would have proposed.
        instead_of: Value,
    },
    /// Its own although a vote was reported, by [`Rule::OwnValueAlways`].
    Insisted {
        /// The highest vote reported, which should have bound it.
        highest: Vote,
    },
    /// A reported vote that is not the highest, by [`Rule::LowestVote`] or [`Rule::AnyVote`].
    Misled {
        /// That vote.
        vote: Vote,
        /// The highest vote reported, which should have bound it.
        highest: Vote,
    },
}

/// What a proposer did, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProposerStep {
    /// It begins phase 1 of a new ballot.
    Started {
        /// The ballot, higher than every ballot that it used or heard of.
        ballot: Ballot,
        /// The value that it would like to see chosen.
        wish: Value,
        /// The ballot that it leaves behind unfinished.
        abandoned: Option<Ballot>,
    },
    /// One more promise, not yet enough.
    PromiseCounted {
        /// The current ballot.
        ballot: Ballot,
        /// Who promised.
        from: ProcessId,
        /// The vote that the promise reports.
        vote: Option<Vote>,
        /// How many promises there are now.
        have: u16,
        /// How many it takes.
        need: u16,
    },
    /// The last promise that was missing: phase 2 begins.
    PromiseQuorum {
        /// The current ballot.
        ballot: Ballot,
        /// Who promised.
        promised_by: ProcessSet,
        /// The value of the ballot from now on.
        value: Value,
        /// Why this value.
        source: ValueSource,
    },
    /// A promise that changes nothing.
    PromiseIgnored {
        /// Its ballot.
        ballot: Ballot,
        /// Why.
        why: Ignored,
    },
    /// One more vote, not yet enough.
    VoteCounted {
        /// The current ballot.
        ballot: Ballot,
        /// Who voted.
        from: ProcessId,
        /// How many votes there are now.
        have: u16,
        /// How many it takes.
        need: u16,
    },
    /// The last vote that was missing: the proposer knows that the value is chosen.
    VoteQuorum {
        /// The current ballot.
        ballot: Ballot,
        /// The chosen value.
        value: Value,
        /// Who voted.
        voted_by: ProcessSet,
    },
    /// A vote that changes nothing.
    VoteIgnored {
        /// Its ballot.
        ballot: Ballot,
        /// Why.
        why: Ignored,
    },
    /// A refusal. The proposer goes on, since a quorum of others may do; its next ballot will be
    /// higher than the one that it was told.
    NackNoted {
        /// The current ballot.
        ballot: Ballot,
        /// Who refused.
        from: ProcessId,
        /// What the acceptor has promised.
        promised: Ballot,
        /// Whether so many refused that this ballot can no longer succeed.
        hopeless: bool,
    },
    /// A refusal that changes nothing but how high the next ballot has to be.
    NackIgnored {
        /// Its ballot.
        ballot: Ballot,
        /// Why.
        why: Ignored,
    },
}

impl ProposerStep {
    /// The message that the step sends, to every acceptor, if any.
    pub fn message(&self) -> Option<Message> {
        match *self {
            ProposerStep::Started { ballot, .. } => Some(Message::Prepare { ballot }),
            ProposerStep::PromiseQuorum { ballot, value, .. } => {
                Some(Message::Accept { ballot, value })
            }
            _ => None,
        }
    }
}

impl Proposer {
    /// A proposer that has done nothing yet, and whose ballots bear this id.
    pub fn new(id: ProcessId) -> Self {
        Self {
            id,
            last_round: None,
            heard_round: None,
            wish: None,
            phase: Phase::Idle,
            refused_by: ProcessSet::new(),
        }
    }

    /// The id that its ballots bear: its own, unless [`Rule::SharedBallots`] is broken.
    pub fn id(&self) -> ProcessId {
        self.id
    }

    /// How far it is.
    pub fn phase(&self) -> &Phase {
        &self.phase
    }

    /// The value that it was asked to propose.
    pub fn wish(&self) -> Option<Value> {
        self.wish
    }

    /// The highest round that it has used: the durable part.
    pub fn last_round(&self) -> Option<Round> {
        self.last_round
    }

    /// Who refused the current ballot.
    pub fn refused_by(&self) -> &ProcessSet {
        &self.refused_by
    }

    /// The current ballot, finished or not.
    pub fn ballot(&self) -> Option<Ballot> {
        match self.phase {
            Phase::Idle => None,
            Phase::Preparing { ballot, .. }
            | Phase::Accepting { ballot, .. }
            | Phase::Done { ballot, .. } => Some(ballot),
        }
    }

    /// The current ballot, if its value is not known to be chosen.
    pub fn unfinished(&self) -> Option<Ballot> {
        match self.phase {
            Phase::Preparing { ballot, .. } | Phase::Accepting { ballot, .. } => Some(ballot),
            Phase::Idle | Phase::Done { .. } => None,
        }
    }

    /// `Phase1a`: begin a new ballot, higher than any that it used or heard of, in the hope to get
    /// `wish` chosen. An unfinished ballot is left behind, which is always safe (PMS §2.2).
    ///
    /// `None` if the rounds are used up.
    pub fn propose(&mut self, wish: Value) -> Option<ProposerStep> {
        let round = match self.last_round.max(self.heard_round) {
            Some(round) => round.next()?,
            None => Round(1),
        };
        let ballot = Ballot {
            round,
            proposer: self.id,
        };
        let abandoned = self.unfinished();
        self.last_round = Some(round);
        self.wish = Some(wish);
        self.refused_by.clear();
        self.phase = Phase::Preparing {
            ballot,
            promised_by: ProcessSet::new(),
            highest_vote: None,
            followed: None,
        };
        Some(ProposerStep::Started {
            ballot,
            wish,
            abandoned,
        })
    }

    /// `Phase2a`, as soon as a phase-1 quorum has promised: the value of the highest vote that
    /// these promises report, or the proposer's own if they report none.
    pub fn on_promise(
        &mut self,
        from: ProcessId,
        ballot: Ballot,
        vote: Option<Vote>,
        quorums: &Quorums,
        rules: Rules,
    ) -> ProposerStep {
        let ignored = |why| ProposerStep::PromiseIgnored { ballot, why };
        if let Some(why) = self.foreign(from, ballot, quorums) {
            return ignored(why);
        }
        let Phase::Preparing {
            promised_by,
            highest_vote,
            followed,
            ..
        } = &mut self.phase
        else {
            return ignored(Ignored::PhaseOver);
        };
        if !promised_by.insert(from) {
            return ignored(Ignored::Repeated);
        }
        *highest_vote = higher(*highest_vote, vote);
        *followed = follow(*followed, vote, rules);
        let (have, need) = (promised_by.len(), quorums.phase1());
        if have < need {
            return ProposerStep::PromiseCounted {
                ballot,
                from,
                vote,
                have,
                need,
            };
        }
        let wish = self
            .wish
            .expect("a ballot is only started with a wish, and a crash ends both");
        let (value, source) = value_of_ballot(wish, *highest_vote, *followed, rules);
        let promised_by = std::mem::take(promised_by);
        self.phase = Phase::Accepting {
            ballot,
            value,
            voted_by: ProcessSet::new(),
        };
        ProposerStep::PromiseQuorum {
            ballot,
            promised_by,
            value,
            source,
        }
    }

    /// Count the votes for the current ballot, to know when its value is chosen (PMS §2.3).
    pub fn on_accepted(
        &mut self,
        from: ProcessId,
        ballot: Ballot,
        voted: Value,
        quorums: &Quorums,
    ) -> ProposerStep {
        let ignored = |why| ProposerStep::VoteIgnored { ballot, why };
        if let Some(why) = self.foreign(from, ballot, quorums) {
            return ignored(why);
        }
        let Phase::Accepting {
            value, voted_by, ..
        } = &mut self.phase
        else {
            return ignored(Ignored::PhaseOver);
        };
        if *value != voted {
            return ignored(Ignored::OtherValue);
        }
        if !voted_by.insert(from) {
            return ignored(Ignored::Repeated);
        }
        let (have, need) = (voted_by.len(), quorums.phase2());
        if have < need {
            return ProposerStep::VoteCounted {
                ballot,
                from,
                have,
                need,
            };
        }
        let (value, voted_by) = (*value, voted_by.clone());
        self.phase = Phase::Done {
            ballot,
            value,
            voted_by: voted_by.clone(),
        };
        ProposerStep::VoteQuorum {
            ballot,
            value,
            voted_by,
        }
    }

    /// Note who refused, and how high the next ballot has to be.
    pub fn on_nack(
        &mut self,
        from: ProcessId,
        ballot: Ballot,
        promised: Ballot,
        quorums: &Quorums,
    ) -> ProposerStep {
        let ignored = |why| ProposerStep::NackIgnored { ballot, why };
        self.heard_round = self.heard_round.max(Some(promised.round));
        if let Some(why) = self.foreign(from, ballot, quorums) {
            return ignored(why);
        }
        if matches!(self.phase, Phase::Done { .. }) {
            return ignored(Ignored::PhaseOver);
        }
        if !self.refused_by.insert(from) {
            return ignored(Ignored::Repeated);
        }
        ProposerStep::NackNoted {
            ballot,
            from,
            promised,
            hopeless: self.hopeless(quorums),
        }
    }

    /// Whether so many acceptors refused the current ballot that no quorum is left for it.
    fn hopeless(&self, quorums: &Quorums) -> bool {
        let (counted, need) = match &self.phase {
            Phase::Preparing { promised_by, .. } => (promised_by, quorums.phase1()),
            Phase::Accepting { voted_by, .. } => (voted_by, quorums.phase2()),
            Phase::Idle | Phase::Done { .. } => return false,
        };
        let left = quorums
            .acceptors()
            .iter()
            .filter(|&id| counted.contains(id) || !self.refused_by.contains(id))
            .count();
        left < usize::from(need)
    }

    /// A crash: all but the durable part is gone, the wish included.
    pub fn forget(&mut self) {
        *self = Self {
            last_round: self.last_round,
            ..Self::new(self.id)
        };
    }

    /// Why a message cannot belong to the current ballot.
    fn foreign(&self, from: ProcessId, ballot: Ballot, quorums: &Quorums) -> Option<Ignored> {
        let current = self.ballot();
        if current != Some(ballot) {
            return Some(Ignored::OtherBallot { current });
        }
        (!quorums.is_acceptor(from)).then_some(Ignored::NotAnAcceptor)
    }
}

/// The vote of the higher ballot: by ballot, and never by how many report it.
fn higher(known: Option<Vote>, reported: Option<Vote>) -> Option<Vote> {
    if reported.map(|vote| vote.ballot) > known.map(|vote| vote.ballot) {
        reported
    } else {
        known
    }
}

/// The vote that decides, after one more promise: the highest one (P2c), unless that is broken.
fn follow(known: Option<Vote>, reported: Option<Vote>, rules: Rules) -> Option<Vote> {
    let (Some(one), Some(two)) = (known, reported) else {
        return known.or(reported);
    };
    if rules.breaks(Rule::AnyVote) {
        return reported;
    }
    if rules.breaks(Rule::LowestVote) {
        return if two.ballot < one.ballot {
            reported
        } else {
            known
        };
    }
    higher(known, reported)
}

/// The value of a ballot whose phase 1 is over: that of the deciding vote, or the proposer's own
/// if none was reported.
fn value_of_ballot(
    wish: Value,
    highest: Option<Vote>,
    followed: Option<Vote>,
    rules: Rules,
) -> (Value, ValueSource) {
    let (Some(vote), Some(highest)) = (followed, highest) else {
        return (wish, ValueSource::Own);
    };
    if rules.breaks(Rule::OwnValueAlways) {
        return (wish, ValueSource::Insisted { highest });
    }
    if vote != highest {
        return (vote.value, ValueSource::Misled { vote, highest });
    }
    let instead_of = wish;
    (vote.value, ValueSource::Adopted { vote, instead_of })
}

#[cfg(test)]
mod tests;
