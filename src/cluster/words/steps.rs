//! What a role did, in words.

use crate::protocol::{
    AcceptorStep, Ignored, LearnerStep, Message, ProcessId, ProposerStep, ValueSource,
};

use super::{Names, Part, Phrase};
use crate::cluster::PrepareTo;

impl Names<'_> {
    pub(super) fn proposer(&self, process: ProcessId, step: &ProposerStep) -> Phrase {
        let me = self.process(process);
        match step {
            ProposerStep::Started {
                ballot,
                wish,
                abandoned,
            } => {
                let started = phrase![
                    me,
                    " starts ballot ",
                    self.ballot(*ballot),
                    " to propose ",
                    self.value(*wish),
                    ": it sends ",
                    self.message(&Message::Prepare { ballot: *ballot }),
                    match self.setup.prepare_to {
                        PrepareTo::All => " to every acceptor",
                        PrepareTo::Majority => " to just enough acceptors for a quorum",
                    }
                ];
                match abandoned {
                    None => started,
                    Some(old) => {
                        started.and(phrase![", and leaves ", self.ballot(*old), " behind"])
                    }
                }
            }
            ProposerStep::PromiseCounted {
                ballot,
                from,
                vote,
                have,
                need,
            } => {
                let counted = phrase![
                    me,
                    format!(" has {have} of {need} promises for "),
                    self.ballot(*ballot),
                    ", now from ",
                    self.process(*from)
                ];
                match vote {
                    None => counted,
                    Some(vote) => counted
                        .and(phrase![", which voted for "])
                        .and(self.vote(*vote)),
                }
            }
            ProposerStep::PromiseQuorum {
                ballot,
                promised_by,
                value,
                source,
            } => {
                let quorum = phrase![me, " has promises from "]
                    .and(self.list(promised_by))
                    .and(phrase![", a quorum for ", self.ballot(*ballot)]);
                let sends = self.message(&Message::Accept {
                    ballot: *ballot,
                    value: *value,
                });
                match source {
                    ValueSource::Own => quorum.and(phrase![
                        ". No vote was reported, so it is free to send ",
                        sends
                    ]),
                    ValueSource::Adopted { vote, instead_of } => {
                        let must = quorum
                            .and(phrase![". The highest vote reported is for "])
                            .and(self.vote(*vote))
                            .and(phrase![", so it must send ", sends]);
                        if instead_of == value {
                            must
                        } else {
                            must.and(phrase![" and not ", self.value(*instead_of)])
                        }
                    }
                    ValueSource::Insisted { highest } => quorum
                        .and(phrase![". The highest vote reported is for "])
                        .and(self.vote(*highest))
                        .and(phrase![", but that rule is broken: it sends ", sends]),
                    ValueSource::Misled { vote, highest } => quorum
                        .and(phrase![". The highest vote reported is for "])
                        .and(self.vote(*highest))
                        .and(phrase![
                            ", but that rule is broken: it goes by the vote for "
                        ])
                        .and(self.vote(*vote))
                        .and(phrase![" and sends ", sends]),
                }
            }
            ProposerStep::PromiseIgnored { ballot, why } => phrase![
                me,
                " does not count a promise for ",
                self.ballot(*ballot),
                ": "
            ]
            .and(self.ignored(*why, "its value is fixed already")),
            ProposerStep::VoteCounted {
                ballot,
                from,
                have,
                need,
            } => phrase![
                me,
                format!(" knows of {have} of {need} votes in "),
                self.ballot(*ballot),
                ", now from ",
                self.process(*from)
            ],
            ProposerStep::VoteQuorum {
                ballot,
                value,
                voted_by,
            } => phrase![me, " knows that ", self.value(*value), " is chosen: "]
                .and(self.list(voted_by))
                .and(phrase![" voted in ", self.ballot(*ballot)]),
            ProposerStep::VoteIgnored { ballot, why } => {
                phrase![me, " does not need a vote in ", self.ballot(*ballot), ": "]
                    .and(self.ignored(*why, "it knows already that the value is chosen"))
            }
            ProposerStep::NackNoted {
                ballot,
                from,
                promised,
                hopeless,
            } => {
                let noted = phrase![
                    me,
                    " hears that ",
                    self.process(*from),
                    " refuses ",
                    self.ballot(*ballot),
                    ", having promised ",
                    self.ballot(*promised)
                ];
                let rest = if *hopeless {
                    ". No quorum is left for this ballot: it takes a higher one"
                } else {
                    ". A quorum of the others may still do"
                };
                noted.and(phrase![rest])
            }
            ProposerStep::NackIgnored { ballot, why } => {
                phrase![me, " ignores a refusal of ", self.ballot(*ballot), ": "]
                    .and(self.ignored(*why, "the value of that ballot is chosen"))
            }
        }
    }

    fn ignored(&self, why: Ignored, phase_over: &'static str) -> Phrase {
        match why {
            Ignored::OtherBallot {
                current: Some(current),
            } => phrase!["its ballot is ", self.ballot(current), " now"],
            Ignored::OtherBallot { current: None } => {
                phrase!["it has no ballot now"]
            }
            Ignored::Repeated => phrase!["it has counted that one already"],
            Ignored::PhaseOver => phrase![phase_over],
            Ignored::NotAnAcceptor => phrase!["the sender is no acceptor"],
            Ignored::OtherValue => {
                phrase!["it is for another value, which somebody else proposed in that ballot"]
            }
        }
    }

    pub(super) fn acceptor(&self, process: ProcessId, step: &AcceptorStep) -> Phrase {
        let me = self.process(process);
        match step {
            AcceptorStep::Promised {
                ballot,
                before,
                vote,
                hides,
            } => {
                let promises = phrase![me, " promises ", self.ballot(*ballot)];
                let reason = match before {
                    None => phrase![": it had promised nothing"],
                    Some(before) => phrase![": higher than ", self.ballot(*before)],
                };
                let promises = promises.and(reason);
                match vote {
                    None if *hides => promises.and(phrase![
                        ". It does not report its vote: that rule is broken"
                    ]),
                    None => promises,
                    Some(vote) => promises
                        .and(phrase![". It reports its vote for "])
                        .and(self.vote(*vote)),
                }
            }
            AcceptorStep::AlreadyPromised { ballot } => phrase![
                me,
                " does nothing: it is in ballot ",
                self.ballot(*ballot),
                " already"
            ],
            AcceptorStep::PrepareRefused { ballot, promised } => phrase![
                me,
                " refuses ",
                self.message(&Message::Prepare { ballot: *ballot }),
                ": it has promised ",
                self.ballot(*promised)
            ],
            AcceptorStep::Voted { vote, before } => {
                let votes = phrase![me, " votes for "].and(self.vote(*vote));
                let reason = match before {
                    Some(before) if *before == vote.ballot => {
                        phrase![": it has promised nothing higher"]
                    }
                    Some(before) if *before > vote.ballot => phrase![
                        " although it has promised ",
                        self.ballot(*before),
                        ": that rule is broken"
                    ],
                    Some(before) => phrase![": higher than its promise to ", self.ballot(*before)],
                    None => phrase![": it had promised nothing"],
                };
                votes.and(reason)
            }
            AcceptorStep::VotedAgain { vote } => {
                phrase![me, " says again that it voted for "].and(self.vote(*vote))
            }
            AcceptorStep::AcceptRefused { ballot, promised } => phrase![
                me,
                " refuses to vote in ballot ",
                self.ballot(*ballot),
                ": it has promised ",
                self.ballot(*promised)
            ],
        }
    }

    pub(super) fn learner(&self, process: ProcessId, step: &LearnerStep) -> Phrase {
        let me = self.process(process);
        match step {
            LearnerStep::Counted {
                vote,
                from,
                have,
                need,
            } => phrase![me, format!(" has heard {have} of {need} votes for ")]
                .and(self.vote(*vote))
                .and(phrase![", now from ", self.process(*from)]),
            LearnerStep::Learned { vote, voted_by } => {
                phrase![me, " learns ", self.value(vote.value), ": "]
                    .and(self.list(voted_by))
                    .and(phrase![" voted in ballot ", self.ballot(vote.ballot)])
            }
            LearnerStep::Confirmed { vote } => phrase![
                me,
                " hears that ballot ",
                self.ballot(vote.ballot),
                " chose ",
                self.value(vote.value),
                " too, which it knows"
            ],
            LearnerStep::Contradicted { vote, learned } => {
                phrase![me, " hears that a quorum voted for "]
                    .and(self.vote(*vote))
                    .and(phrase![", but it has learned "])
                    .and(self.vote(*learned))
            }
            LearnerStep::Unneeded { vote, repeated } => {
                let why = if *repeated {
                    ": it has counted that one"
                } else {
                    ": it had enough votes of that ballot"
                };
                phrase![
                    me,
                    " needs no further vote in ",
                    self.ballot(vote.ballot),
                    why
                ]
            }
            LearnerStep::NotAnAcceptor { vote } => phrase![
                me,
                " does not count a vote in ",
                self.ballot(vote.ballot),
                ": the sender is no acceptor"
            ],
        }
    }
}
