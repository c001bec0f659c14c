//! Who gets which message, worked out once for a configuration.

use crate::protocol::{Audience, Kind, ProcessId, Rule};

use super::Setup;

/// The addressees of every audience, and a number for every pair of processes that messages of
/// some kind can pass between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Routes {
    acceptors: Vec<ProcessId>,
    /// For each process: whose ballots its own are, which matters only for proposers.
    ballots: Vec<ProcessId>,
    /// For each id that ballots bear: who starts such ballots.
    proposers: Vec<Vec<ProcessId>>,
    /// For each id that ballots bear: those and all learners, lowest id first.
    told: Vec<Vec<ProcessId>>,
    /// The place of each process among the acceptors, and among those who talk to acceptors.
    acceptor_place: Vec<Option<u32>>,
    client_place: Vec<Option<u32>>,
    clients: u32,
}

impl Routes {
    pub(super) fn new(setup: &Setup) -> Self {
        let has = |wanted: fn(&super::Roles) -> bool| {
            let all = setup.ids().filter(move |&id| wanted(&setup.spec(id).roles));
            all.collect::<Vec<ProcessId>>()
        };
        let acceptors = has(|roles| roles.acceptor);
        let proposers = has(|roles| roles.proposer);
        let clients = has(|roles| roles.proposer || roles.learner);
        let shared = setup.rules.breaks(Rule::SharedBallots);
        let bears = |id| match proposers.first() {
            Some(&first) if shared => first,
            _ => id,
        };
        let places = |ids: &[ProcessId]| {
            let mut places = vec![None; setup.processes.len()];
            for (place, id) in (0..).zip(ids) {
                places[usize::from(id.0)] = Some(place);
            }
            places
        };
        let starting = |ballots| {
            let all = proposers.iter().copied();
            all.filter(|&id| bears(id) == ballots).collect::<Vec<_>>()
        };
        let told = |ballots| {
            let all = clients.iter().copied();
            all.filter(|&id| {
                let roles = setup.spec(id).roles;
                roles.learner || roles.proposer && bears(id) == ballots
            })
            .collect::<Vec<_>>()
        };
        // Only ids that ballots bear need a list; others have an empty one.
        let per_ballots = |list: &dyn Fn(ProcessId) -> Vec<ProcessId>| {
            let ids = setup.ids();
            let borne = |id| setup.spec(id).roles.proposer && bears(id) == id;
            ids.map(|id| if borne(id) { list(id) } else { Vec::new() })
                .collect()
        };
        Self {
            ballots: setup.ids().map(bears).collect(),
            proposers: per_ballots(&starting),
            told: per_ballots(&told),
            acceptor_place: places(&acceptors),
            client_place: places(&clients),
            clients: clients.len() as u32,
            acceptors,
        }
    }

    /// The id that this proposer's ballots bear: its own, or with
    /// [`Rule::SharedBallots`] broken that of the first proposer, for all of them.
    pub(super) fn ballots_of(&self, id: ProcessId) -> ProcessId {
        self.ballots[usize::from(id.0)]
    }

    /// Everybody who gets such a message.
    pub(super) fn to(&self, audience: Audience) -> &[ProcessId] {
        match audience {
            Audience::Acceptors => &self.acceptors,
            Audience::Proposer(id) => &self.proposers[usize::from(id.0)],
            Audience::ProposerAndLearners(id) => &self.told[usize::from(id.0)],
        }
    }

    /// How many pairs there are.
    pub(super) fn pairs(&self) -> usize {
        self.acceptors.len() * self.clients as usize
    }

    /// The number of a pair, if such a message can ever be sent.
    pub(super) fn pair(&self, kind: Kind, from: ProcessId, to: ProcessId) -> Option<u32> {
        let (acceptor, client) = match kind {
            Kind::Prepare | Kind::Accept => (to, from),
            Kind::Promise | Kind::Accepted | Kind::Nack => (from, to),
        };
        let place = |places: &[Option<u32>], id: ProcessId| *places.get(usize::from(id.0))?;
        let acceptor = place(&self.acceptor_place, acceptor)?;
        let client = place(&self.client_place, client)?;
        Some(acceptor * self.clients + client)
    }
}
