//! What a scenario says about its run: notes at their moments, and what is to come out.

use std::fmt;
use std::sync::Arc;

use crate::cluster::{Cluster, Fact, Millis, shorten_value};
use crate::protocol::{Invariant, LearnerStep, ProposerStep};

/// Something to read at a moment of the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// When.
    pub when: When,
    /// A few words; may be empty.
    pub title: String,
    /// A sentence or some.
    pub text: String,
}

/// The moment of a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// At this time.
    At(Millis),
    /// When this happens for the first time.
    On(Occasion),
}

/// Something that may happen in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// A value is chosen.
    Chosen,
    /// A proposer takes over a value that was voted for.
    Adopted,
    /// A learner knows.
    Learned,
    /// An invariant fails.
    Violation,
}

impl Occasion {
    /// All, with their names in scenario files.
    pub const NAMES: [(&'static str, Occasion); 4] = [
        ("chosen", Occasion::Chosen),
        ("adopted", Occasion::Adopted),
        ("learned", Occasion::Learned),
        ("violation", Occasion::Violation),
    ];

    /// The name in scenario files.
    pub fn name(self) -> &'static str {
        let found = Self::NAMES.iter().find(|(_, occasion)| *occasion == self);
        found.map_or("", |(name, _)| name)
    }

    /// Whether this fact is one.
    pub fn is(self, fact: &Fact) -> bool {
        use crate::protocol::ValueSource::Adopted;
        match self {
            Occasion::Chosen => matches!(fact, Fact::Chosen { .. }),
            Occasion::Adopted => matches!(
                fact,
                Fact::Proposer {
                    step: ProposerStep::PromiseQuorum {
                        source: Adopted { .. },
                        ..
                    },
                    ..
                }
            ),
            Occasion::Learned => matches!(
                fact,
                Fact::Learner {
                    step: LearnerStep::Learned { .. },
                    ..
                }
            ),
            Occasion::Violation => matches!(fact, Fact::Violated { .. }),
        }
    }
}

/// What is to be true when the run ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expect {
    /// The value that is chosen.
    pub chosen: Expected<Arc<str>>,
    /// The value that every learner has learned that is up.
    pub learned: Expected<Arc<str>>,
    /// The invariant that fails. Others may fail along with it: what breaks one often breaks
    /// what rests on it.
    pub violation: Expected<Invariant>,
}

/// What is said about something in advance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Expected<T> {
    /// Nothing is said.
    #[default]
    Anything,
    /// There will be none.
    Nothing,
    /// It will be this.
    Just(T),
}

/// An expectation that was not met: a sentence that names the field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missed(pub String);

impl fmt::Display for Missed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Expect {
    /// What is missed if the run ends like this. Nobody has to say that no invariant fails: this
    /// is expected of every run about which nothing else is said.
    pub fn missed(&self, cluster: &Cluster) -> Vec<Missed> {
        let mut missed = Vec::new();
        let mut miss = |text: String| missed.push(Missed(text));
        let chosen = cluster.chosen().map(|vote| &**cluster.text(vote.value));
        match (&self.chosen, chosen) {
            (Expected::Just(value), None) => miss(format!(
                "expect.chosen is “{}”, and nothing was chosen",
                shorten_value(value)
            )),
            (Expected::Just(value), Some(chosen)) if **value != *chosen => miss(format!(
                "expect.chosen is “{}”, and “{}” was chosen",
                shorten_value(value),
                shorten_value(chosen)
            )),
            (Expected::Nothing, Some(chosen)) => {
                miss(format!(
                    "expect.chosen is null, and “{}” was chosen",
                    shorten_value(chosen)
                ));
            }
            _ => {}
        }
        self.miss_learned(cluster, &mut miss);
        let failed: Vec<&str> = cluster
            .invariants()
            .filter_map(|(invariant, failure)| failure.map(|_| invariant.name()))
            .collect();
        match self.violation {
            Expected::Just(named) if !failed.contains(&named.name()) => miss(format!(
                "expect.violation is {}, and {}",
                named.name(),
                match failed.is_empty() {
                    true => "no invariant failed".to_owned(),
                    false => format!("what failed is {}", failed.join(", ")),
                }
            )),
            Expected::Just(_) => {}
            Expected::Nothing | Expected::Anything if failed.is_empty() => {}
            Expected::Nothing => miss(format!(
                "expect.violation is null, and what failed is {}",
                failed.join(", ")
            )),
            Expected::Anything => miss(format!(
                "no violation is expected, and what failed is {}",
                failed.join(", ")
            )),
        }
        missed
    }

    fn miss_learned(&self, cluster: &Cluster, miss: &mut impl FnMut(String)) {
        let learners = cluster.processes().filter(|(_, process)| process.up);
        let learned: Vec<Option<&str>> = learners
            .filter_map(|(_, process)| process.learner.as_ref())
            .map(|learner| learner.learned().map(|vote| &**cluster.text(vote.value)))
            .collect();
        match &self.learned {
            Expected::Anything => {}
            Expected::Just(value) if learned.is_empty() => miss(format!(
                "expect.learned is “{}”, and no learner is up",
                shorten_value(value)
            )),
            Expected::Just(value) => {
                let other = learned
                    .iter()
                    .find(|its| its.is_none_or(|its| *its != **value));
                match other {
                    None => {}
                    Some(None) => miss(format!(
                        "expect.learned is “{}”, and a learner has learned nothing",
                        shorten_value(value)
                    )),
                    Some(Some(other)) => miss(format!(
                        "expect.learned is “{}”, and a learner has learned “{}”",
                        shorten_value(value),
                        shorten_value(other)
                    )),
                }
            }
            Expected::Nothing => {
                if let Some(other) = learned.into_iter().flatten().next() {
                    miss(format!(
                        "expect.learned is null, and a learner has learned “{}”",
                        shorten_value(other)
                    ));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Scenario, built_in};

    #[test]
    fn an_occasion_is_what_it_is_called() {
        let mut moments = Vec::new();
        let play = built_in("late-proposer").unwrap().play(|_, events| {
            for event in events {
                for (name, occasion) in Occasion::NAMES {
                    if occasion.is(&event.fact) && !moments.contains(&name) {
                        moments.push(name);
                    }
                }
            }
        });
        play.unwrap();
        assert_eq!(moments, ["chosen", "learned", "adopted"]);
    }

    fn ended(id: &str, change: fn(&mut Scenario)) -> Cluster {
        let mut scenario = built_in(id).unwrap();
        change(&mut scenario);
        scenario.play(|_, _| {}).unwrap()
    }

    fn missed(cluster: &Cluster, change: impl FnOnce(&mut Expect)) -> Vec<String> {
        let mut expect = Expect::default();
        change(&mut expect);
        let missed = expect.missed(cluster).into_iter();
        missed.map(|missed| missed.to_string()).collect()
    }

    fn text(value: &str) -> Expected<Arc<str>> {
        Expected::Just(value.into())
    }

    #[test]
    fn what_was_chosen_or_not_is_compared() {
        let hello = ended("hello", |_| {});
        let nothing = ended("hello", |scenario| scenario.script.clear());
        let chosen = |cluster, expected| missed(cluster, |expect| expect.chosen = expected);
        assert_eq!(chosen(&hello, text("Hello")), [""; 0]);
        assert_eq!(chosen(&nothing, Expected::Nothing), [""; 0]);
        assert_eq!(
            chosen(&hello, text("World")),
            ["expect.chosen is “World”, and “Hello” was chosen"]
        );
        assert_eq!(
            chosen(&hello, Expected::Nothing),
            ["expect.chosen is null, and “Hello” was chosen"]
        );
        assert_eq!(
            chosen(&nothing, text("World")),
            ["expect.chosen is “World”, and nothing was chosen"]
        );
    }

    #[test]
    fn what_every_learner_that_is_up_has_learned_is_compared() {
        let hello = ended("hello", |_| {});
        let unheard = ended("hello", |scenario| scenario.script.clear());
        let down = ended("chosen-is-not-learned", |scenario| {
            let process = scenario.setup.id_of("L").unwrap();
            let amnesia = crate::protocol::Amnesia::NONE;
            scenario.script = vec![(
                Millis(0),
                crate::cluster::Command::Crash { process, amnesia },
            )];
        });
        let learned = |cluster, expected| missed(cluster, |expect| expect.learned = expected);
        assert_eq!(learned(&hello, text("Hello")), [""; 0]);
        assert_eq!(learned(&unheard, Expected::Nothing), [""; 0]);
        assert_eq!(
            learned(&hello, text("World")),
            ["expect.learned is “World”, and a learner has learned “Hello”"]
        );
        assert_eq!(
            learned(&hello, Expected::Nothing),
            ["expect.learned is null, and a learner has learned “Hello”"]
        );
        assert_eq!(
            learned(&unheard, text("World")),
            ["expect.learned is “World”, and a learner has learned nothing"]
        );
        assert_eq!(
            learned(&down, text("World")),
            ["expect.learned is “World”, and no learner is up"]
        );
    }

    #[test]
    fn what_failed_is_compared() {
        let well = ended("hello", |_| {});
        let ill = ended("own-value-always", |_| {});
        let failed = |cluster, expected| missed(cluster, |expect| expect.violation = expected);
        assert_eq!(failed(&well, Expected::Anything), [""; 0]);
        assert_eq!(failed(&well, Expected::Nothing), [""; 0]);
        assert_eq!(failed(&ill, Expected::Just(Invariant::Agreement)), [""; 0]);
        assert_eq!(
            failed(&well, Expected::Just(Invariant::Agreement)),
            ["expect.violation is agreement, and no invariant failed"]
        );
        assert_eq!(
            failed(&ill, Expected::Just(Invariant::Validity)),
            ["expect.violation is validity, and what failed is agreement, accept-is-safe"]
        );
        assert_eq!(
            failed(&ill, Expected::Nothing),
            ["expect.violation is null, and what failed is agreement, accept-is-safe"]
        );
        assert_eq!(
            failed(&ill, Expected::Anything),
            ["no violation is expected, and what failed is agreement, accept-is-safe"]
        );
    }
}
