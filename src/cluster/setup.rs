//! What a run starts from.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use crate::protocol::{ProcessId, ProcessSet, QuorumError, Quorums, Rules};

use super::{Millis, Network, is_blank};

/// The most processes of one cluster.
pub const PROCESS_LIMIT: usize = 1_000;
/// The longest name of a process, in characters.
pub const NAME_LIMIT: usize = 40;

/// The configuration of a run. It does not change while the run lasts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    /// Where the one generator starts.
    pub seed: u64,
    /// The processes; a [`ProcessId`] is a position in this list.
    pub processes: Vec<ProcessSpec>,
    /// How many promises phase 1 needs; a majority of the acceptors if `None`.
    pub phase1: Option<u16>,
    /// How many votes phase 2 needs; a majority of the acceptors if `None`.
    pub phase2: Option<u16>,
    /// How messages travel.
    pub network: Network,
    /// Which rules are broken.
    pub rules: Rules,
    /// Whether acceptors say so when they refuse. Without it a proposer only waits in vain.
    pub nack: bool,
    /// To whom a `Prepare` goes.
    pub prepare_to: PrepareTo,
    /// When a proposer tries again.
    pub retry: Retry,
}

/// No processes, majorities, Paxos with all its rules, `Nack` on, no retry.
impl Default for Setup {
    fn default() -> Self {
        Self {
            seed: 0,
            processes: Vec::new(),
            phase1: None,
            phase2: None,
            network: Network::default(),
            rules: Rules::KEPT,
            nack: true,
            prepare_to: PrepareTo::All,
            retry: Retry::default(),
        }
    }
}

/// To whom a `Prepare` goes. An `Accept` always goes to every acceptor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PrepareTo {
    /// To every acceptor.
    #[default]
    All,
    /// Only to as many acceptors as phase 1 needs: fewer messages, and no spare. Round 1 takes the
    /// first ones of the list, and each round begins one further on and goes round, so that a
    /// retry is not stopped by the same acceptor that is down.
    Majority,
}

/// When a proposer tries again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// How long a ballot has to be finished, which is until the proposer knows that its value is
    /// chosen.
    pub timeout: Millis,
    /// What follows then.
    pub backoff: Backoff,
}

/// 400 ms, and no retry.
impl Default for Retry {
    fn default() -> Self {
        Self {
            timeout: Millis(400),
            backoff: Backoff::None,
        }
    }
}

/// What follows when a ballot's time is over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Backoff {
    /// Nothing, ever.
    #[default]
    None,
    /// The next ballot, always exactly the timeout after the last one began, whatever the
    /// proposer hears of other ballots. Two proposers can so keep each other from ever finishing
    /// (PMS §2.4).
    Fixed,
    /// The next ballot, after the timeout and a random time more: at first up to one timeout, and
    /// up to twice as much with each retry, 64 times at most. If refusals leave no quorum for a
    /// ballot, the random time begins at once. So one of two proposers gets its turn in the end.
    Random,
}

/// A process of the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcessSpec {
    /// Its name, unique in the cluster.
    pub name: Arc<str>,
    /// Its roles, at least one.
    pub roles: Roles,
}

/// Which roles a process has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Roles {
    /// It proposes values.
    pub proposer: bool,
    /// It promises and votes.
    pub acceptor: bool,
    /// It learns the chosen value.
    pub learner: bool,
}

impl Roles {
    /// Only a proposer.
    pub const PROPOSER: Roles = Roles {
        proposer: true,
        acceptor: false,
        learner: false,
    };
    /// Only an acceptor.
    pub const ACCEPTOR: Roles = Roles {
        proposer: false,
        acceptor: true,
        learner: false,
    };
    /// Only a learner.
    pub const LEARNER: Roles = Roles {
        proposer: false,
        acceptor: false,
        learner: true,
    };

    /// The roles of both.
    pub fn and(self, other: Roles) -> Roles {
        Roles {
            proposer: self.proposer || other.proposer,
            acceptor: self.acceptor || other.acceptor,
            learner: self.learner || other.learner,
        }
    }

    /// Whether there is no role.
    pub fn is_empty(self) -> bool {
        self == Roles::default()
    }

    /// The names of the roles, in the order proposer, acceptor, learner.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        [
            (self.proposer, "proposer"),
            (self.acceptor, "acceptor"),
            (self.learner, "learner"),
        ]
        .into_iter()
        .filter_map(|(has, name)| has.then_some(name))
    }
}

/// Whether a process can have this name: from 1 to [`NAME_LIMIT`] characters, of which something is
/// seen, and no control characters.
pub fn is_name(name: &str) -> bool {
    !is_blank(name) && name.chars().count() <= NAME_LIMIT && !name.chars().any(char::is_control)
}

/// Why a setup cannot be run. Each names the field, as a scenario file spells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetupError {
    /// More than [`PROCESS_LIMIT`].
    TooManyProcesses {
        /// How many there are.
        count: usize,
    },
    /// What is no name, by [`is_name`].
    Name {
        /// The position in the list.
        index: usize,
    },
    /// Two processes have the same name.
    DoubleName {
        /// The position of the second one.
        index: usize,
        /// The name.
        name: Arc<str>,
    },
    /// A process without a role.
    NoRole {
        /// The position in the list.
        index: usize,
    },
    /// A quorum that the acceptors cannot fill.
    Quorum(QuorumError),
    /// A retry after no time at all would never let time pass.
    RetryTimeout,
    /// The shortest delay is longer than the longest.
    DelayRange {
        /// In milliseconds.
        shortest: u32,
        /// In milliseconds.
        longest: u32,
    },
}

impl fmt::Display for SetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SetupError::TooManyProcesses { count } => write!(
                f,
                "processes has {count} entries, and {PROCESS_LIMIT} is the limit"
            ),
            SetupError::Name { index } => write!(
                f,
                "processes[{index}].id must have from 1 to {NAME_LIMIT} characters that are seen, and no control characters"
            ),
            SetupError::DoubleName { index, name } => {
                write!(f, "processes[{index}].id is \"{name}\", which is taken")
            }
            SetupError::NoRole { index } => write!(
                f,
                "processes[{index}].roles must name a proposer, acceptor or learner"
            ),
            SetupError::Quorum(error) => error.fmt(f),
            SetupError::RetryTimeout => {
                write!(f, "retry.timeout is 0, and must be at least 1 ms")
            }
            SetupError::DelayRange { shortest, longest } => write!(
                f,
                "network.delay is [{shortest}, {longest}], and must not begin higher than it ends"
            ),
        }
    }
}

impl std::error::Error for SetupError {}

impl Setup {
    /// The quorums of this configuration.
    ///
    /// # Errors
    /// If a size cannot be filled.
    pub fn quorums(&self) -> Result<Quorums, SetupError> {
        let acceptors: ProcessSet = self
            .ids()
            .filter(|&id| self.spec(id).roles.acceptor)
            .collect();
        if self.phase1.is_none() && self.phase2.is_none() {
            return Ok(Quorums::majority(acceptors));
        }
        let majority = acceptors.len() / 2 + 1;
        Quorums::sized(
            acceptors,
            self.phase1.unwrap_or(majority),
            self.phase2.unwrap_or(majority),
        )
        .map_err(SetupError::Quorum)
    }

    /// All process ids, in order.
    pub fn ids(&self) -> impl Iterator<Item = ProcessId> + use<> {
        let count = u16::try_from(self.processes.len()).unwrap_or(u16::MAX);
        (0..count).map(ProcessId)
    }

    /// A process by its id, which must be one of [`Setup::ids`].
    pub fn spec(&self, id: ProcessId) -> &ProcessSpec {
        &self.processes[usize::from(id.0)]
    }

    /// The process with this name.
    pub fn id_of(&self, name: &str) -> Option<ProcessId> {
        self.ids().find(|&id| &*self.spec(id).name == name)
    }

    /// Whether a cluster can be made of this.
    ///
    /// # Errors
    /// The first thing that is wrong, with the name of its field.
    pub fn validate(&self) -> Result<(), SetupError> {
        let count = self.processes.len();
        if count > PROCESS_LIMIT {
            return Err(SetupError::TooManyProcesses { count });
        }
        let mut names = BTreeSet::new();
        for (index, ProcessSpec { name, roles }) in self.processes.iter().enumerate() {
            if !is_name(name) {
                return Err(SetupError::Name { index });
            }
            if !names.insert(name) {
                let name = name.clone();
                return Err(SetupError::DoubleName { index, name });
            }
            if roles.is_empty() {
                return Err(SetupError::NoRole { index });
            }
        }
        if self.retry.timeout == Millis(0) && self.retry.backoff != Backoff::None {
            return Err(SetupError::RetryTimeout);
        }
        self.quorums().map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setup(names: &[&str]) -> Setup {
        Setup {
            processes: names
                .iter()
                .map(|&name| ProcessSpec {
                    name: name.into(),
                    roles: Roles::ACCEPTOR,
                })
                .collect(),
            ..Setup::default()
        }
    }

    fn error(setup: &Setup) -> String {
        setup.validate().unwrap_err().to_string()
    }

    #[test]
    fn a_sound_setup_is_accepted_and_one_without_processes_too() {
        assert_eq!(setup(&["A", "B", "C"]).validate(), Ok(()));
        assert_eq!(setup(&[]).validate(), Ok(()));
        let longest = "x".repeat(NAME_LIMIT);
        assert_eq!(setup(&[&longest]).validate(), Ok(()));
    }

    #[test]
    fn the_quorum_that_is_not_given_is_a_majority() {
        let mut four = setup(&["A", "B", "C", "D"]);
        four.phase1 = Some(2);
        let quorums = four.quorums().unwrap();
        assert_eq!((quorums.phase1(), quorums.phase2()), (2, 3));
    }

    #[test]
    fn errors_name_the_field() {
        assert_eq!(
            error(&setup(&["A", ""])),
            "processes[1].id must have from 1 to 40 characters that are seen, and no control characters"
        );
        for bad in [" ", "\u{200b}", "A\t", "\u{7}"] {
            assert_eq!(
                setup(&["A", bad]).validate(),
                Err(SetupError::Name { index: 1 })
            );
        }
        assert_eq!(
            error(&setup(&["A", "B", "A"])),
            "processes[2].id is \"A\", which is taken"
        );
        let mut none = setup(&["A"]);
        none.processes[0].roles = Roles::default();
        assert_eq!(
            error(&none),
            "processes[0].roles must name a proposer, acceptor or learner"
        );
        let mut large = setup(&["A"]);
        large.phase1 = Some(2);
        assert_eq!(
            error(&large),
            "quorum.phase1 is 2, and must be from 1 to the number of acceptors, 1"
        );
        let mut hasty = setup(&["A"]);
        hasty.retry.timeout = Millis(0);
        assert_eq!(hasty.validate(), Ok(()), "it never retries");
        hasty.retry.backoff = Backoff::Fixed;
        assert_eq!(
            error(&hasty),
            "retry.timeout is 0, and must be at least 1 ms"
        );
        assert_eq!(Network::with_delay(8, 9).unwrap().delay(), (8, 9));
        assert_eq!(
            Network::with_delay(9, 8).unwrap_err().to_string(),
            "network.delay is [9, 8], and must not begin higher than it ends"
        );
    }

    #[test]
    fn the_limits_are_kept() {
        let names: Vec<String> = (0..=PROCESS_LIMIT).map(|n| n.to_string()).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        assert_eq!(setup(&names[..PROCESS_LIMIT]).validate(), Ok(()));
        assert!(error(&setup(&names)).contains("1001 entries"));
        let long = "x".repeat(NAME_LIMIT + 1);
        assert!(error(&setup(&[&long])).contains("processes[0].id"));
    }
}
