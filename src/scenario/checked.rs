//! From a scenario to the model of its cluster, and from a counterexample to a scenario.

use std::sync::Arc;

use crate::checker::{
    Action, BALLOT_LIMIT, Cast, Model, ModelError, Property, Replay, ReplayError, Symmetry,
    first_free, replay,
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

    /// A process that does not vote plays its first ballot itself. All else needs a stand-in.
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
    pub fn broken_rules(&self) -> Rules {
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
    let names = (1..).map(|number| Arc::from(format!("{base}·{number}")));
    let name = first_free(names, |name| taken.contains(name));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Place;

    /// P and Q propose, A to E vote, E proposes too and D learns too, L learns.
    fn scenario(script: &str) -> Scenario {
        let text = format!(
            r#"{{"version": 1, "processes": [
                {{"id": "P", "roles": ["proposer"]}}, {{"id": "Q", "roles": ["proposer"]}},
                {{"id": "A", "roles": ["acceptor"]}}, {{"id": "B", "roles": ["acceptor"]}},
                {{"id": "C", "roles": ["acceptor"]}}, {{"id": "D", "roles": ["acceptor", "learner"]}},
                {{"id": "E", "roles": ["proposer", "acceptor"]}}, {{"id": "L", "roles": ["learner"]}}],
                "quorum": {{"phase1": 4, "phase2": 2}}, "rules": {{"break": ["lowest-vote"]}},
                "script": [{script}]}}"#
        );
        Scenario::parse(&text).unwrap_or_else(|why| panic!("{why}"))
    }

    const PROPOSALS: &str = r#"{"at": 50, "do": "propose", "process": "Q", "value": "World"},
        {"at": 0, "do": "propose", "process": "P", "value": "Hello"},
        {"at": 90, "do": "propose", "process": "P", "value": "World"},
        {"at": 95, "do": "propose", "process": "Q", "value": "World"}"#;

    fn texts(names: &[Arc<str>]) -> Vec<&str> {
        names.iter().map(|name| &**name).collect()
    }

    #[test]
    fn a_scenario_has_a_ballot_for_each_proposal_in_the_order_of_its_script() {
        let (model, cast) = scenario(PROPOSALS).model(None);
        assert_eq!((model.acceptors, model.ballots, model.values), (5, 4, 3));
        assert_eq!((model.phase1, model.phase2), (4, 2));
        assert_eq!(model.wishes, Some(vec![0, 1, 1, 2]));
        assert_eq!(model.rules, Rules::breaking([Rule::LowestVote]));
        assert_eq!(texts(&cast.values), ["Hello", "World", "value of E"]);
        assert_eq!(texts(&cast.acceptors), ["A", "B", "C", "D", "E"]);
        assert_eq!(texts(&cast.learners), ["L"]);
        // A name stands for one ballot, and an acceptor's for none.
        assert_eq!(texts(&cast.proposers), ["P", "Q", "P·1", "E·1"]);
    }

    #[test]
    fn there_are_two_to_four_ballots_unless_told() {
        let mut few = scenario("");
        few.remove(few.setup.id_of("Q").unwrap());
        few.remove(few.setup.id_of("E").unwrap());
        let (model, cast) = few.model(None);
        assert_eq!((model.ballots, model.wishes), (2, Some(vec![0, 0])));
        assert_eq!(texts(&cast.proposers), ["P", "P·1"]);
        let (model, cast) = few.model(Some(3));
        assert_eq!((model.ballots, model.wishes), (3, Some(vec![0, 0, 0])));
        assert_eq!(texts(&cast.proposers), ["P", "P·1", "P·2"]);
        let more = [1, 2, 3]
            .map(|n| format!(r#", {{"at": 99, "do": "propose", "process": "P", "value": "{n}"}}"#));
        let (model, _) = scenario(&format!("{PROPOSALS}{}", more.concat())).model(None);
        assert_eq!(model.ballots, 4);
    }

    #[test]
    fn long_names_leave_room_for_a_number() {
        let mut long = scenario("");
        let name = "é".repeat(NAME_LIMIT);
        long.setup.processes[0].name = name.as_str().into();
        let (_, cast) = long.model(Some(5));
        let short: String = name.chars().take(NAME_LIMIT - 5).collect();
        assert_eq!(&*cast.proposers[0], name);
        assert_eq!(&*cast.proposers[3], format!("{short}·1"));
    }

    #[test]
    fn without_a_proposer_anybody_may_propose_either_value() {
        let mut nobody = scenario("");
        for name in ["P", "Q", "E"] {
            nobody.remove(nobody.setup.id_of(name).unwrap());
        }
        let (model, cast) = nobody.model(None);
        assert_eq!((model.values, model.ballots, model.wishes), (2, 2, None));
        assert_eq!(texts(&cast.values), ["Hello", "World"]);
        assert_eq!(texts(&cast.proposers), ["P·1", "P·2"]);
    }

    #[test]
    fn what_crashes_lose_are_rules_that_are_broken() {
        for (amnesia, rule) in [
            (r#", "amnesia": "all""#, Some(Rule::Amnesia)),
            (r#", "amnesia": "promise""#, Some(Rule::AmnesiaPromise)),
            (r#", "amnesia": "vote""#, Some(Rule::AmnesiaVote)),
            ("", None),
        ] {
            let crash = format!(r#"{{"at": 5, "do": "crash", "process": "A"{amnesia}}}"#);
            let rules = scenario(&crash).model(None).0.rules;
            let wanted = Rules::breaking([Rule::LowestVote].into_iter().chain(rule));
            assert_eq!(rules, wanted, "{amnesia}");
        }
    }

    #[test]
    fn a_question_comes_before_the_scenario_but_for_its_acceptors() {
        let asked = Question {
            values: Some(2),
            ballots: Some(3),
            phase1: Some(3),
            phase2: Some(5),
            broken: vec![Rule::OwnValueAlways],
            property: Some(Property::All),
            symmetry: Symmetry {
                acceptors: true,
                ..Symmetry::default()
            },
            ..Question::default()
        };
        let (model, cast) = asked.model(Some(&scenario(PROPOSALS))).unwrap();
        assert_eq!((model.acceptors, model.values, model.ballots), (5, 2, 3));
        assert_eq!((model.phase1, model.phase2), (3, 5));
        assert_eq!(model.wishes, None, "any ballot may propose any of them");
        let broken = [Rule::LowestVote, Rule::OwnValueAlways];
        assert_eq!(model.rules, Rules::breaking(broken));
        assert_eq!(
            (model.property, model.symmetry),
            (Property::All, asked.symmetry)
        );
        assert_eq!(texts(&cast.proposers), ["P", "Q", "P·1"]);

        let acceptors = Some(3);
        let two = Question {
            acceptors,
            ..Question::default()
        };
        let field = "acceptors";
        let refused = two.model(Some(&scenario(""))).unwrap_err();
        assert_eq!(refused, ModelError::Given { field });
        let (model, cast) = two.model(None).unwrap();
        assert_eq!((model.acceptors, model.values, model.ballots), (3, 2, 2));
        assert_eq!(cast, Cast::usual(&model));
    }

    #[test]
    fn a_counterexample_stands_where_its_namesakes_stand() {
        let mut own = scenario(PROPOSALS);
        own.places[2] = Place { x: 123.0, y: 45.0 };
        let (model, cast) = Question::default().model(Some(&own)).unwrap();
        let found = own.counterexample(&model, &[], Invariant::Agreement, &cast);
        let found = found.unwrap();
        let place = |name| {
            let id = found.setup.id_of(name).unwrap();
            found.places[usize::from(id.0)]
        };
        assert_eq!(place("A"), Place { x: 123.0, y: 45.0 });
        assert_eq!(found.id, "agreement-in-0-steps");
        assert_eq!(found.expect.violation, Expected::Just(Invariant::Agreement));
    }
}
