//! What there is to say about a trace and a result.

use crate::cluster::shorten_value;
use crate::protocol::Rule;

use super::cast::Cast;
use super::model::{Action, Model};

impl Cast {
    /// One step as a sentence without its full stop.
    pub fn says(&self, action: &Action) -> String {
        match *action {
            Action::Phase1a { ballot } => {
                let proposer = &self.proposers[ballot as usize];
                format!("{proposer} sends Prepare({})", self.ballot(ballot))
            }
            Action::Phase1b { acceptor, ballot } => {
                let acceptor = &self.acceptors[acceptor as usize];
                format!(
                    "{acceptor} receives Prepare({}) and promises",
                    self.ballot(ballot)
                )
            }
            Action::Phase2a { ballot, value } => {
                let proposer = &self.proposers[ballot as usize];
                let value = self.value(value);
                let ballot = self.ballot(ballot);
                format!("{proposer} has a quorum of promises and sends Accept({ballot}, {value})")
            }
            Action::Phase2b {
                acceptor,
                ballot,
                value,
            } => {
                let acceptor = &self.acceptors[acceptor as usize];
                let value = self.value(value);
                let ballot = self.ballot(ballot);
                format!("{acceptor} receives Accept({ballot}, {value}) and votes")
            }
            Action::Forget { acceptor, lost } => {
                let acceptor = &self.acceptors[acceptor as usize];
                let what = match (lost.promise, lost.vote) {
                    (true, true) => "its promise and its vote",
                    (true, false) => "its promise",
                    _ => "its vote",
                };
                format!("{acceptor} crashes, forgets {what} and restarts")
            }
        }
    }

    fn value(&self, value: u32) -> String {
        shorten_value(&self.values[value as usize])
    }

    fn ballot(&self, ballot: u32) -> String {
        format!("1.{}", self.proposers[ballot as usize])
    }
}

impl Action {
    /// The name of the action in Lamport's specification; `Forget` is ours.
    pub fn name(&self) -> &'static str {
        match self {
            Action::Phase1a { .. } => "Phase1a",
            Action::Phase1b { .. } => "Phase1b",
            Action::Phase2a { .. } => "Phase2a",
            Action::Phase2b { .. } => "Phase2b",
            Action::Forget { .. } => "Forget",
        }
    }

    /// Its acceptor, ballot and value, as far as it has them.
    pub fn numbers(&self) -> (Option<u32>, Option<u32>, Option<u32>) {
        match *self {
            Action::Phase1a { ballot } => (None, Some(ballot), None),
            Action::Phase1b { acceptor, ballot } => (Some(acceptor), Some(ballot), None),
            Action::Phase2a { ballot, value } => (None, Some(ballot), Some(value)),
            Action::Phase2b {
                acceptor,
                ballot,
                value,
            } => (Some(acceptor), Some(ballot), Some(value)),
            Action::Forget { acceptor, .. } => (Some(acceptor), None, None),
        }
    }
}

impl Model {
    /// A broken rule that cannot break agreement with so few ballots and can with more, and how
    /// many those are.
    pub fn takes_more_ballots(&self) -> Option<(Rule, u32)> {
        let three = [Rule::LowestVote, Rule::AnyVote, Rule::AcceptKeepsPromise];
        let ballots = |rule| if three.contains(&rule) { 3 } else { 2 };
        // Learning wrongly harms no agreement, and a shared ballot needs no other.
        let harmful = |rule: &Rule| !matches!(rule, Rule::LearnerAddsBallots | Rule::SharedBallots);
        let mut rules = self.rules.broken().filter(harmful);
        let rule = rules.find(|&rule| ballots(rule) > self.ballots)?;
        Some((rule, ballots(rule)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Amnesia, Rules};

    #[test]
    fn each_step_is_a_sentence_a_name_and_numbers() {
        let mut cast = Cast::usual(&Model::new(3, 2, 2));
        cast.values[1] = "x".repeat(10_000).into();
        let forget = |lost| Action::Forget { acceptor: 2, lost };
        let (acceptor, ballot, value) = (2, 1, 0);
        let long = Action::Phase2a { ballot, value: 1 };
        assert!(cast.says(&long).chars().count() < 120, "a value is cut");
        for (action, sentence, name, numbers) in [
            (
                Action::Phase1a { ballot },
                "Q sends Prepare(1.Q)",
                "Phase1a",
                (None, Some(1), None),
            ),
            (
                Action::Phase1b { acceptor, ballot },
                "C receives Prepare(1.Q) and promises",
                "Phase1b",
                (Some(2), Some(1), None),
            ),
            (
                Action::Phase2a { ballot, value },
                "Q has a quorum of promises and sends Accept(1.Q, Hello)",
                "Phase2a",
                (None, Some(1), Some(0)),
            ),
            (
                Action::Phase2b {
                    acceptor,
                    ballot,
                    value,
                },
                "C receives Accept(1.Q, Hello) and votes",
                "Phase2b",
                (Some(2), Some(1), Some(0)),
            ),
            (
                forget(Amnesia::ALL),
                "C crashes, forgets its promise and its vote and restarts",
                "Forget",
                (Some(2), None, None),
            ),
            (
                forget(Amnesia::PROMISE),
                "C crashes, forgets its promise and restarts",
                "Forget",
                (Some(2), None, None),
            ),
            (
                forget(Amnesia::VOTE),
                "C crashes, forgets its vote and restarts",
                "Forget",
                (Some(2), None, None),
            ),
        ] {
            assert_eq!(cast.says(&action), sentence);
            assert_eq!((action.name(), action.numbers()), (name, numbers));
        }
    }

    #[test]
    fn some_mistakes_take_more_ballots_to_show() {
        let more = |rule, ballots| {
            let mut model = Model::new(3, 2, ballots);
            model.rules = Rules::breaking([rule]);
            model.takes_more_ballots()
        };
        for rule in [Rule::LowestVote, Rule::AnyVote, Rule::AcceptKeepsPromise] {
            assert_eq!(more(rule, 2), Some((rule, 3)));
            assert_eq!(more(rule, 3), None);
        }
        let amnesia = Rule::Amnesia;
        assert_eq!(
            [1, 2].map(|ballots| more(amnesia, ballots)),
            [Some((amnesia, 2)), None]
        );
        assert_eq!(more(Rule::SharedBallots, 1), None, "it needs no other");
        assert_eq!(
            more(Rule::LearnerAddsBallots, 1),
            None,
            "it breaks no agreement"
        );
    }
}
