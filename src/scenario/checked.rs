//! From a scenario to the model of its cluster, and from a counterexample to a scenario.

use std::sync::Arc;

use crate::checker::{
    Action, BALLOT_LIMIT, Cast, Model, ModelError, Property, Replay, ReplayError, Symmetry, replay,
};
use crate::cluster::{Command, NAME_LIMIT};
use crate::protocol::{Invariant, ProcessId, Rule, Rules};

use super::{Expected, Note, Occasion, Scenario, When};

/// The most ballots of a model that nobody asked for more.
const BALLOTS: usize = 4;

/// What is asked of the checker. What is not given is a scenario's, or else usual.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// How many acceptors; 3 unless given. A scenario has its own.
    pub acceptors: Option<u32>,
    /// How many values; 2 unless given. Of a scenario: any ballot may propose any of them then.
    pub values: Option<u32>,
    /// How many ballots; 2 unless given. Of a scenario one for each proposal, from 2 to 4.
    pub ballots: Option<u32>,
    /// How many promises phase 1 needs.
    pub phase1: Option<u32>,
    /// How many votes phase 2 needs.
    pub phase2: Option<u32>,
    /// Rules that are broken, beside a scenario's.
    pub broken: Vec<Rule>,
    /// What is to hold; agreement unless given.
    pub property: Option<Property>,
    /// Which states count as one.
    pub symmetry: Symmetry,
}

impl Question {
    /// The model that answers it, and who plays it.
    ///
    /// # Errors
    /// If a number is out of range, or the scenario's own.
    pub fn model(&self, scenario: Option<&Scenario>) -> Result<(Model, Cast), ModelError> {
        let (mut model, mut cast) = match scenario {
            Some(_) if self.acceptors.is_some() => {
                let field = "acceptors";
                return Err(ModelError::Given { field });
            }
            Some(scenario) => scenario.model(self.ballots),
            None => {
                let (acceptors, values) = (self.acceptors.unwrap_or(3), self.values.unwrap_or(2));
                let model = Model::new(acceptors, values, self.ballots.unwrap_or(2));
                (model, Cast::default())
            }
        };
        if let Some(values) = self.values {
            model.values = values;
            model.wishes = None;
        }
        model.phase1 = self.phase1.unwrap_or(model.phase1);
        model.phase2 = self.phase2.unwrap_or(model.phase2);
        let broken = model.rules.broken().chain(self.broken.iter().copied());
        model.rules = Rules::breaking(broken);
        model.property = self.property.unwrap_or(model.property);
        model.symmetry = self.symmetry;
        model.validate()?;
        cast.fill(&model);
        Ok((model, cast))
    }
}

impl Scenario {
    /// The model of this very cluster: its acceptors, quorums and broken rules, what its crashes
    /// lose, and for each ballot one of its proposers with the value that the script has it
    /// propose. The ballots go round the proposals; unless told there is one for each, from 2 to
    /// 4.
    pub fn model(&self, ballots: Option<u32>) -> (Model, Cast) {
        let proposals = self.proposals();
        let usual = proposals.len().clamp(2, BALLOTS) as u32;
        let ballots = ballots.unwrap_or(usual);
        let mut values: Vec<Arc<str>> = Vec::new();
        let mut wishes = Vec::new();
        let mut proposers = Vec::new();
        let mut taken: Vec<Arc<str>> = self.names(|_| true);
        // More are refused by the model itself.
        let named = ballots.min(BALLOT_LIMIT) as usize;
        for (process, value) in proposals.iter().cycle().take(named) {
            let place = values.iter().position(|known| known == value);
            wishes.push(place.unwrap_or(values.len()) as u32);
            if place.is_none() {
                values.push(value.clone());
            }
            proposers.push(self.proposer_name(*process, &proposers, &mut taken));
        }
        if proposals.is_empty() {
            // Whoever may come can propose either value in any ballot.
            values = vec!["Hello".into(), "World".into()];
            proposers.extend((0..named).map(|_| free_name("P", &mut taken)));
        }
        let acceptors = self.names(|roles| roles.acceptor);
        let majorities = Model::new(acceptors.len() as u32, values.len() as u32, ballots);
        let model = Model {
            phase1: self.setup.phase1.map_or(majorities.phase1, u32::from),
            phase2: self.setup.phase2.map_or(majorities.phase2, u32::from),
            rules: self.broken_rules(),
            wishes: (!wishes.is_empty()).then_some(wishes),
            ..majorities
        };
        let cast = Cast {
            acceptors,
            proposers,
            learners: self.names(|roles| roles.learner && !roles.acceptor && !roles.proposer),
            values,
        };
        (model, cast)
    }

    /// A counterexample as a scenario: the model's way to a violation, played by a cluster. Who
    /// has a namesake in this scenario stands where that one stands.
    ///
    /// # Errors
    /// If the trace is not one of the model's.
    pub fn counterexample(
        &self,
        model: &Model,
        trace: &[Action],
        invariant: Invariant,
        cast: &Cast,
    ) -> Result<Scenario, ReplayError> {
        let mut scenario = counterexample(model, trace, invariant, cast)?;
        for (spec, place) in scenario.setup.processes.iter().zip(&mut scenario.places) {
            if let Some(id) = self.setup.id_of(&spec.name) {
                *place = self.places[usize::from(id.0)];
            }
        }
        Ok(scenario)
    }

    /// What each proposer is asked to propose, in the order of the script; one that is not asked
    /// has a value of its own.
    fn proposals(&self) -> Vec<(ProcessId, Arc<str>)> {
        let mut script: Vec<_> = self.commands().collect();
        script.sort_by_key(|(at, _)| *at);
        let mut proposals: Vec<(ProcessId, Arc<str>)> = Vec::new();
        for (_, command) in script {
            if let Command::Propose { process, value } = command {
                let proposal = (*process, value.clone());
                if !proposals.contains(&proposal) {
                    proposals.push(proposal);
                }
            }
        }
        for id in self.setup.ids() {
            let spec = self.setup.spec(id);
            if spec.roles.proposer && proposals.iter().all(|(process, _)| *process != id) {
                proposals.push((id, format!("value of {}", spec.name).into()));
            }
        }
        proposals
    }

    fn names(&self, wanted: fn(&crate::cluster::Roles) -> bool) -> Vec<Arc<str>> {
        let specs = self.setup.processes.iter();
        let specs = specs.filter(|spec| wanted(&spec.roles));
        specs.map(|spec| spec.name.clone()).collect()
    }

    /// A process that only proposes plays its first ballot itself. All else needs a stand-in.
    fn proposer_name(
        &self,
        id: ProcessId,
        used: &[Arc<str>],
        taken: &mut Vec<Arc<str>>,
    ) -> Arc<str> {
        let spec = self.setup.spec(id);
        if !spec.roles.acceptor && !used.contains(&spec.name) {
            return spec.name.clone();
        }
        let base: String = spec.name.chars().take(NAME_LIMIT - 5).collect();
        free_name(&base, taken)
    }

    /// The rules that are off, and those of storage that a crash of the script breaks.
    fn broken_rules(&self) -> Rules {
        let lost = self.commands().filter_map(|(_, command)| match command {
            Command::Crash { amnesia, .. } => match (amnesia.promise, amnesia.vote) {
                (true, true) => Some(Rule::Amnesia),
                (true, false) => Some(Rule::AmnesiaPromise),
                (false, true) => Some(Rule::AmnesiaVote),
                (false, false) => None,
            },
            _ => None,
        });
        Rules::breaking(self.setup.rules.broken().chain(lost))
    }
}

/// A numbered name that nobody has.
fn free_name(base: &str, taken: &mut Vec<Arc<str>>) -> Arc<str> {
    let mut names = (1..).map(|number| Arc::<str>::from(format!("{base}·{number}")));
    let free = names.find(|name| !taken.contains(name));
    let name = free.expect("the numbers do not end");
    taken.push(name.clone());
    name
}

/// A counterexample as a scenario of its own.
///
/// # Errors
/// If the trace is not one of the model's.
pub fn counterexample(
    model: &Model,
    trace: &[Action],
    invariant: Invariant,
    cast: &Cast,
) -> Result<Scenario, ReplayError> {
    let Replay { setup, script, end } = replay(model, trace, invariant, cast)?;
    let steps = trace.len();
    let mut scenario = Scenario::new(setup, script);
    scenario.id = format!("{}-in-{steps}-steps", invariant.name());
    scenario.title = format!(
        "The shortest way to break {}: {steps} steps",
        invariant.name()
    );
    scenario.summary = format!(
        "Of every schedule of {} acceptors, {} values and {} ballots. Each ballot has its own \
         proposer.",
        model.acceptors, model.values, model.ballots
    );
    scenario.notes = vec![Note {
        when: When::On(Occasion::Violation),
        title: "Here it breaks".into(),
        text: format!(
            "{} No schedule gets here in fewer steps.",
            invariant.meaning()
        ),
    }];
    scenario.expect.violation = Expected::Just(invariant);
    scenario.until = end;
    Ok(scenario)
}
