//! Faults and commands, in words.

use crate::protocol::{Amnesia, ProcessId};

use super::{Names, Part, Phrase, shorten};
use crate::cluster::{Command, DelayRange, Link, LossReason, Network, Nth, Refusal, Selector};

impl Names<'_> {
    /// A link, such as "between A and B".
    pub(super) fn link(&self, link: Link) -> Phrase {
        let (words, and) = if link.one_way {
            ("from ", " to ")
        } else {
            ("between ", " and ")
        };
        phrase![words, self.process(link.from), and, self.process(link.to)]
    }

    pub(super) fn partitioned(&self, groups: &[Vec<ProcessId>]) -> Phrase {
        if groups.iter().all(Vec::is_empty) {
            return phrase!["The cluster is split: no process reaches another"];
        }
        let mut phrase = phrase!["The cluster is split: "];
        for (index, group) in groups.iter().enumerate() {
            let separate = if index == 0 { "" } else { " | " };
            phrase = phrase
                .and(phrase![separate])
                .and(self.list(&group.iter().copied().collect()));
        }
        phrase.and(phrase![". Nothing passes between the groups"])
    }

    /// The message that a command names.
    fn selector(&self, selector: Selector) -> Phrase {
        match selector {
            Selector::Id(id) => phrase![format!("message {}", id.0)],
            Selector::Nth(Nth {
                kind,
                from,
                to,
                nth,
            }) => phrase![
                format!("{} number {nth} from ", kind.name()),
                self.process(from),
                " to ",
                self.process(to)
            ],
        }
    }

    /// What a command is, for example "drop accept number 1 from P to A".
    pub fn command(&self, command: &Command) -> Phrase {
        match command.message() {
            Some(message) => phrase![command.name(), " "].and(self.selector(message)),
            None => match (command.process(), command.link()) {
                (Some(process), _) => phrase![command.name(), " ", self.process(process)],
                (_, Some(link)) => phrase![command.name(), " "].and(self.link(link)),
                _ => phrase![command.name()],
            },
        }
    }

    /// What a command is about.
    pub(super) fn wanted(&self, command: &Command) -> Phrase {
        match command.message() {
            Some(message) => self.selector(message),
            None => phrase![command.name()],
        }
    }

    pub(super) fn refused(&self, command: &Command, why: Refusal) -> Phrase {
        let of_process = |process: ProcessId, cannot| phrase![self.process(process), cannot];
        let of_message = |which, cannot| self.selector(which).and(phrase![cannot]);
        let of_link = |link, cannot| {
            phrase!["The link "]
                .and(self.link(link))
                .and(phrase![cannot])
        };
        let wanted = match *command {
            Command::Propose { process, ref value } => phrase![
                self.process(process),
                " cannot propose ",
                Part::Value(format!("“{}”", shorten(value, self.shown)))
            ],
            Command::Crash { process, .. } => of_process(process, " cannot crash"),
            Command::Restart { process } => of_process(process, " cannot restart"),
            Command::Timeout { process } => of_process(process, " cannot try again"),
            Command::Cut { link } => of_link(link, " cannot be cut"),
            Command::Heal { link: Some(link) } => of_link(link, " cannot be mended"),
            Command::Heal { link: None } => phrase!["No link can be mended"],
            Command::Partition { .. } => phrase!["The cluster cannot be split like that"],
            Command::Drop { message } => of_message(message, " cannot be dropped"),
            Command::Duplicate { message } => of_message(message, " cannot be doubled"),
            Command::Hold {
                message: Some(message),
            } => of_message(message, " cannot be held"),
            Command::Hold { message: None } => phrase!["The messages cannot be held"],
            Command::Release {
                message: Some(message),
            } => of_message(message, " cannot be let go"),
            Command::Release { message: None } => phrase!["The messages cannot be let go"],
            Command::Deliver { message } => of_message(message, " cannot be delivered"),
            Command::Delay { message, .. } => of_message(message, " cannot be delayed"),
            Command::Network { .. } => phrase!["The network does not change"],
            Command::Link { link, .. } => of_link(link, " does not change"),
        };
        wanted.and(phrase![": ", refusal(why)])
    }
}

/// Why a command cannot be followed, in words.
pub fn refusal(why: Refusal) -> &'static str {
    match why {
        Refusal::UnknownProcess => "there is no such process",
        Refusal::NotAProposer => "it is no proposer",
        Refusal::Down => "it is down",
        Refusal::Up => "it is up",
        Refusal::EmptyValue => "the value is empty",
        Refusal::OutOfRounds => "its ballots are used up",
        Refusal::NothingToRetry => "it has no unfinished ballot",
        Refusal::SameProcess => "a process always reaches itself",
        Refusal::AlreadyCut => "it is cut already",
        Refusal::NotCut => "nothing is cut there",
        Refusal::MessageGone => "it has arrived or is lost",
        Refusal::MessageNotSent => "it was not sent yet",
        Refusal::OwnMessage => "what a process tells itself takes no time and cannot go wrong",
        Refusal::AlreadyHeld => "held already",
        Refusal::NotHeld => "not held",
        Refusal::NoChange => "it is like that already",
    }
}

pub(super) fn lost(why: LossReason) -> &'static str {
    match why {
        LossReason::ReceiverDown => " is lost: the receiver is down",
        LossReason::CutWhenSent => " is lost at once: the link is cut",
        LossReason::CutOnTheWay => " is lost on its way: the link was cut before it arrived",
        LossReason::Chance => " is lost: the network loses some",
        LossReason::ByHand => " is lost: it was taken out by hand",
    }
}

pub(super) fn crashed(lost: Amnesia) -> &'static str {
    match (lost.promise, lost.vote) {
        (false, false) => " crashes: only what it had stored survives",
        (true, true) => " crashes and loses what it had stored: its promise and its vote",
        (true, false) => " crashes and loses its stored promise; only its vote is left",
        (false, true) => " crashes and loses its stored vote; only its promise is left",
    }
}

pub(super) fn network_changed(network: &Network) -> Phrase {
    let percent = |chance: crate::cluster::Chance| {
        let parts = chance.per_million();
        let (whole, rest) = (parts / 10_000, parts % 10_000);
        let digits = format!("{whole}.{rest:04}");
        let digits = digits.trim_end_matches('0').trim_end_matches('.');
        format!("{digits} %")
    };
    phrase![format!(
        "From now on messages take {}, {} are lost and {} are doubled",
        range(network.delay),
        percent(network.loss),
        percent(network.duplicate)
    )]
}

/// A range of delays, such as "40 to 80 ms".
pub(super) fn range(delay: DelayRange) -> String {
    if delay.shortest() == delay.longest() {
        return format!("{} ms", delay.shortest());
    }
    format!("{} to {} ms", delay.shortest(), delay.longest())
}
