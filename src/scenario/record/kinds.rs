//! The names of what can happen. Programs rely on them; they stay.

use crate::cluster::{Fact, LossReason};
use crate::protocol::{AcceptorStep, LearnerStep, ProposerStep};

/// What kind of event it is.
pub fn kind(fact: &Fact) -> &'static str {
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

/// Why a message was lost.
pub fn loss(why: LossReason) -> &'static str {
    match why {
        LossReason::ReceiverDown => "receiver-down",
        LossReason::CutWhenSent => "cut-when-sent",
        LossReason::CutOnTheWay => "cut-on-the-way",
        LossReason::Chance => "chance",
        LossReason::ByHand => "by-hand",
    }
}
