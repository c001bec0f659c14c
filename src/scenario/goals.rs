//! Puzzles: what to bring about in a cluster, and whether it has been.

use crate::cluster::{Cluster, Command, Event, Fact, Roles, Setup};
use crate::protocol::{Amnesia, Invariant, LearnerStep, Quorums};

use super::{Place, Scenario, built_in};

/// A puzzle.
#[derive(Clone, Copy, Debug)]
pub struct Goal {
    /// A short name.
    pub id: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// What is to be brought about.
    pub task: &'static str,
    /// What helps.
    pub hint: &'static str,
    /// Whether a second proposer takes part.
    duel: bool,
    /// Whether rules may be broken.
    lawless: bool,
    /// Whether no schedule does it, so that the checker is to be asked.
    pub impossible: bool,
    reached: fn(&Attempt) -> Result<String, String>,
}

/// What was tried: the cluster as it stands, all that happened, and what the reader asked for.
pub struct Attempt<'a> {
    /// The cluster's setup.
    pub setup: &'a Setup,
    /// The cluster.
    pub cluster: &'a Cluster,
    /// What happened.
    pub events: &'a [&'a Event],
    /// What the reader asked for.
    pub commands: &'a [&'a Command],
}

/// How an attempt stands, with a sentence about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Not there yet.
    Open(String),
    /// Done.
    Reached(String),
    /// It does not count.
    Void(&'static str),
}

/// Each puzzle, the easier ones first.
pub const GOALS: [Goal; 7] = [
    Goal {
        id: "overtake",
        title: "The later one wins",
        task: "P is the first to propose, and proposes “Hello”. Get “World” chosen all the same.",
        hint: "A value that is only proposed binds nobody. Keep P’s Accepts from a majority, and let Q propose “World”.",
        duel: true,
        lawless: false,
        impossible: false,
        reached: |attempt| match attempt.chosen() {
            Some("World") => Ok("“World” is chosen.".into()),
            Some(other) => Err(format!(
                "“{other}” is chosen, and stays so. Go back, or restart."
            )),
            None => Err("Nothing is chosen yet.".into()),
        },
    },
    Goal {
        id: "one-crash",
        title: "One crash stops it all",
        task: "With a single crash and nothing else, see to it that nothing will ever be chosen.",
        hint: "Any one acceptor can be missed. Who cannot?",
        duel: false,
        lawless: false,
        impossible: false,
        reached: |attempt| {
            let crashes = attempt.commands.iter();
            let crashes = crashes
                .filter(|c| matches!(c, Command::Crash { .. }))
                .count();
            match attempt.cluster.obstacle() {
                _ if attempt.chosen().is_some() => Err("A value is chosen already.".into()),
                _ if attempt.commands.len() > crashes => {
                    Err("More than crashes was asked for.".into())
                }
                Some(why) if crashes == 1 => Ok(format!("Nothing can be chosen: {why}.")),
                Some(_) => Err(format!("{crashes} crashes are more than one.")),
                None => Err("A value can still be chosen.".into()),
            }
        },
    },
    Goal {
        id: "unheard",
        title: "Chosen, and nobody knows",
        task: "Get a value chosen that L never learns, until nothing is left to happen.",
        hint: "To be chosen is a fact about acceptors. L only hears of it through messages.",
        duel: false,
        lawless: false,
        impossible: false,
        reached: |attempt| {
            let cluster = attempt.cluster;
            // Also if it has forgotten it since.
            let knows = attempt.events.iter().any(|event| {
                let learned = |step: &LearnerStep| matches!(step, LearnerStep::Learned { .. });
                matches!(&event.fact, Fact::Learner { step, .. } if learned(step))
            });
            let busy = cluster.next_due().is_some() || cluster.held().next().is_some();
            match attempt.chosen() {
                None => Err("Nothing is chosen yet.".into()),
                Some(_) if knows => Err("L has learned it.".into()),
                Some(_) if busy => Err("It is chosen; now see that no news gets to L.".into()),
                Some(value) => Ok(format!("“{value}” is chosen, and L will never know.")),
            }
        },
    },
    Goal {
        id: "six-messages",
        title: "Six messages",
        task: "Get a value chosen with no more than six messages delivered before that moment.",
        hint: "A quorum of two takes two Prepares, two Promises and two Accepts. What else is delivered, and how can it be kept away?",
        duel: false,
        lawless: false,
        impossible: false,
        reached: |attempt| {
            let is_choice = |event: &&&Event| matches!(event.fact, Fact::Chosen { .. });
            let chosen = attempt.events.iter().take_while(|event| !is_choice(event));
            let delivered = chosen
                .filter(|event| matches!(event.fact, Fact::Delivered(_)))
                .count();
            match attempt.chosen() {
                None => Err(format!("{delivered} delivered, and nothing is chosen yet.")),
                Some(_) if delivered > 6 => Err(format!("It took {delivered}.")),
                Some(_) => Ok(format!("It took {delivered} messages.")),
            }
        },
    },
    Goal {
        id: "five-rounds",
        title: "Five rounds for nothing",
        task: "Let two proposers overtake each other until an acceptor has promised a ballot of round 5, and nothing is chosen.",
        hint: "Prepare with a higher number before the other one’s Accepts arrive: fire the timers in turn.",
        duel: true,
        lawless: false,
        impossible: false,
        reached: |attempt| {
            let processes = attempt.cluster.processes();
            let acceptors = processes.filter_map(|(_, process)| process.acceptor.as_ref());
            let promised = acceptors.filter_map(|acceptor| acceptor.promised());
            let round = promised
                .map(|ballot| ballot.round.0)
                .max()
                .unwrap_or_default();
            match attempt.chosen() {
                Some(value) => Err(format!("“{value}” is chosen.")),
                None if round >= 5 => {
                    Ok(format!("Round {round} is promised, and nothing is chosen."))
                }
                None => Err(format!("Round {round} is the highest that is promised.")),
            }
        },
    },
    Goal {
        id: "two-values",
        title: "Two values",
        task: "Make two different values chosen. Which rule must go? Break one, under Rules.",
        hint: "With own-value-always a proposer forgets what was voted before. Let “Hello” be chosen, and then have Q propose “World”.",
        duel: true,
        lawless: true,
        impossible: false,
        reached: |attempt| match attempt.cluster.failure(Invariant::Agreement) {
            Some(failure) => Ok(format!("Agreement is broken since {} ms.", failure.at)),
            None => Err("At most one value is chosen.".into()),
        },
    },
    Goal {
        id: "no-way",
        title: "Two values, by the rules",
        task: "The same with every rule kept: two different values chosen. Try it, and then ask the checker.",
        hint: "“Check every schedule” tries all there are.",
        duel: true,
        lawless: false,
        impossible: true,
        reached: |attempt| match attempt.cluster.failure(Invariant::Agreement) {
            Some(_) => Ok("That should not have been possible.".into()),
            None => Err("At most one value is chosen.".into()),
        },
    },
];

/// Each has a name of its own.
impl PartialEq for Goal {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Goal {
    /// Where it starts.
    fn scenario(&self) -> Scenario {
        let hello = built_in("hello");
        let mut scenario = hello.expect("the first scenario is there: see its test");
        scenario.id = format!("goal-{}", self.id);
        scenario.title = format!("Goal: {}", self.title);
        scenario.summary = self.task.into();
        scenario.notes.clear();
        scenario.expect = Default::default();
        if self.duel {
            scenario.places[0].y = 150.0;
            scenario.add(Roles::PROPOSER, Place { x: 90.0, y: 450.0 });
        }
        scenario
    }
}

/// A goal that somebody is after, and the cluster in which it was begun.
#[derive(Clone, Debug, PartialEq)]
pub struct Pursuit {
    /// The goal.
    pub goal: &'static Goal,
    begun: Setup,
    /// Why nobody can reach it, once that is known.
    proved: Option<String>,
}

impl Pursuit {
    /// Goes after a goal, from where it starts.
    pub fn begin(goal: &'static Goal) -> (Self, Scenario) {
        let scenario = goal.scenario();
        let begun = scenario.setup.clone();
        let pursuit = Self {
            goal,
            begun,
            proved: None,
        };
        (pursuit, scenario)
    }

    /// Every schedule of this cluster was tried, and none does it. That settles a goal which is
    /// impossible, if it is about that cluster.
    pub fn prove(&mut self, checked: &Setup, says: String) {
        if self.goal.impossible && self.is_about(checked) && checked.rules.broken().next().is_none()
        {
            self.proved = Some(says);
        }
    }

    fn is_about(&self, setup: &Setup) -> bool {
        let same = |one: &Setup, other: &Setup| {
            let roles = |setup: &Setup| -> Vec<Roles> {
                setup.processes.iter().map(|spec| spec.roles).collect()
            };
            let sizes = |setup: &Setup| setup.quorums().as_ref().map(sizes).ok();
            roles(one) == roles(other) && sizes(one) == sizes(other)
        };
        same(setup, &self.begun)
    }

    /// How an attempt stands.
    pub fn standing(&self, attempt: &Attempt) -> Standing {
        if let Some(says) = &self.proved {
            return Standing::Reached(says.clone());
        }
        let forgets = |command: &&&Command| matches!(command, Command::Crash { amnesia, .. } if *amnesia != Amnesia::NONE);
        if !self.is_about(attempt.setup) {
            return Standing::Void("This is another cluster: begin the goal again.");
        }
        let broken = attempt.setup.rules.broken().next().is_some();
        if !self.goal.lawless && (broken || attempt.commands.iter().filter(forgets).count() > 0) {
            return Standing::Void("It only counts with every rule kept, and nothing forgotten.");
        }
        match (self.goal.reached)(attempt) {
            Ok(how) => Standing::Reached(how),
            Err(why) => Standing::Open(why),
        }
    }
}

fn sizes(quorums: &Quorums) -> (u16, u16) {
    (quorums.phase1(), quorums.phase2())
}

impl Attempt<'_> {
    fn chosen(&self) -> Option<&str> {
        let vote = self.cluster.chosen()?;
        Some(self.cluster.text(vote.value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::{Link, Millis, Nth, Selector};
    use crate::protocol::{Kind, ProcessId, Rule, Rules};

    const A: ProcessId = ProcessId(1);
    const C: ProcessId = ProcessId(3);
    const P: ProcessId = ProcessId(0);
    const L: ProcessId = ProcessId(4);
    const Q: ProcessId = ProcessId(5);

    fn crash(process: ProcessId) -> Command {
        let amnesia = Amnesia::NONE;
        Command::Crash { process, amnesia }
    }

    fn propose(process: ProcessId, value: &str) -> Command {
        let value = value.into();
        Command::Propose { process, value }
    }

    fn named(id: &str) -> &'static Goal {
        GOALS.iter().find(|goal| goal.id == id).unwrap()
    }

    /// A goal, what is broken, and what is done when.
    type Solution = (&'static str, &'static [Rule], Vec<(u64, Command)>);

    /// How the goal stands after these commands at their times, once nothing is left to happen.
    fn attempt(id: &str, broken: &[Rule], commands: &[(u64, Command)]) -> Standing {
        let goal = named(id);
        let (pursuit, mut scenario) = Pursuit::begin(goal);
        scenario.setup.rules = Rules::breaking(broken.iter().copied());
        let mut cluster = scenario.cluster().unwrap();
        let mut events = Vec::new();
        for (at, command) in commands {
            cluster.run_until(Millis(*at), &mut events);
            cluster.apply(command.clone(), &mut events);
        }
        while cluster.next_due().is_some_and(|due| due < Millis(9_000)) {
            cluster.step(&mut events);
        }
        pursuit.standing(&Attempt {
            setup: &scenario.setup,
            cluster: &cluster,
            events: &events.iter().collect::<Vec<_>>(),
            commands: &commands
                .iter()
                .map(|(_, command)| command)
                .collect::<Vec<_>>(),
        })
    }

    fn is_reached(standing: Standing) -> bool {
        matches!(standing, Standing::Reached(_))
    }

    #[test]
    fn each_has_a_solution_and_is_not_reached_by_doing_nothing() {
        for goal in &GOALS {
            let idle = attempt(goal.id, &[], &[]);
            assert!(matches!(idle, Standing::Open(_)), "{} {idle:?}", goal.id);
        }
        let world = || propose(Q, "World");
        let solutions: [Solution; 6] = [
            ("overtake", &[], vec![(50, crash(P)), (100, world())]),
            ("one-crash", &[], vec![(10, crash(P))]),
            ("unheard", &[], vec![(0, crash(L))]),
            ("six-messages", &[], vec![(0, crash(C))]),
            (
                "five-rounds",
                &[],
                vec![
                    (0, world()),
                    (5, Command::Timeout { process: P }),
                    (10, Command::Timeout { process: Q }),
                    (15, Command::Timeout { process: P }),
                    (20, Command::Timeout { process: Q }),
                    (25, Command::Timeout { process: P }),
                    (30, Command::Timeout { process: Q }),
                    (35, Command::Timeout { process: P }),
                    (110, crash(P)),
                    (110, crash(Q)),
                ],
            ),
            ("two-values", &[Rule::OwnValueAlways], vec![(400, world())]),
        ];
        for (id, broken, commands) in &solutions {
            let standing = attempt(id, broken, commands);
            assert!(is_reached(standing.clone()), "{id}: {standing:?}");
        }
        let solved = solutions.iter().map(|(id, ..)| *id);
        let possible = GOALS.iter().filter(|goal| !goal.impossible);
        assert!(
            possible.map(|goal| goal.id).eq(solved),
            "all are solved here"
        );
    }

    #[test]
    fn what_does_not_count_is_said() {
        let world = || propose(Q, "World");
        let broken = attempt("overtake", &[Rule::OwnValueAlways], &[(0, world())]);
        assert!(matches!(broken, Standing::Void(_)));
        let forgets = Command::Crash {
            process: A,
            amnesia: Amnesia::ALL,
        };
        assert!(matches!(
            attempt("no-way", &[], &[(0, forgets)]),
            Standing::Void(_)
        ));
        let cut = Command::Cut {
            link: Link::both_ways(P, A),
        };
        let more = attempt("one-crash", &[], &[(0, cut), (10, crash(P))]);
        assert!(matches!(more, Standing::Open(_)), "more than a crash");
        let two = attempt("one-crash", &[], &[(10, crash(A)), (10, crash(C))]);
        assert!(matches!(two, Standing::Open(_)), "{two:?}");
    }

    #[test]
    fn the_impossible_one_is_not_reached_by_a_rival_and_a_crash_at_any_time() {
        let world = || propose(Q, "World");
        for at in (0..300).step_by(7) {
            let standing = attempt("no-way", &[], &[(at, world()), (at + 40, crash(A))]);
            assert!(!is_reached(standing));
        }
    }

    #[test]
    fn held_news_may_still_come() {
        let news = |to| {
            Selector::Nth(Nth {
                kind: Kind::Accepted,
                from: A,
                to,
                nth: 1,
            })
        };
        let held = [
            (0, crash(C)),
            (
                0,
                Command::Hold {
                    message: Some(news(L)),
                },
            ),
        ];
        assert!(matches!(attempt("unheard", &[], &held), Standing::Open(_)));
        let forgotten = [(400, crash(L))];
        let standing = attempt("unheard", &[], &forgotten);
        assert!(matches!(standing, Standing::Open(_)), "L knew it once");
        let dropped = [(0, crash(C)), (0, Command::Drop { message: news(L) })];
        assert!(is_reached(attempt("unheard", &[], &dropped)));
    }

    #[test]
    fn each_goal_is_itself() {
        for (index, goal) in GOALS.iter().enumerate() {
            for (other, another) in GOALS.iter().enumerate() {
                assert_eq!(goal == another, index == other);
            }
            assert_eq!(named(goal.id), goal);
        }
    }

    /// How a goal stands at its start in a cluster that was changed, after a proof about another.
    fn after_proof(id: &str, checked: fn(&mut Setup), tried: fn(&mut Setup)) -> Standing {
        let (mut pursuit, mut scenario) = Pursuit::begin(named(id));
        let mut proved = scenario.setup.clone();
        checked(&mut proved);
        pursuit.prove(&proved, "No schedule does it.".into());
        tried(&mut scenario.setup);
        pursuit.standing(&Attempt {
            setup: &scenario.setup,
            cluster: &scenario.cluster().unwrap(),
            events: &[],
            commands: &[],
        })
    }

    #[test]
    fn only_a_proof_about_this_cluster_with_every_rule_settles_the_impossible() {
        let same: fn(&mut Setup) = |_| {};
        let lawless: fn(&mut Setup) = |setup| setup.rules = Rules::breaking([Rule::Amnesia]);
        let larger: fn(&mut Setup) = |setup| setup.phase1 = Some(3);
        let smaller: fn(&mut Setup) = |setup| drop(setup.processes.remove(1));
        assert!(is_reached(after_proof("no-way", same, same)));
        for other in [lawless, larger, smaller] {
            let standing = after_proof("no-way", other, same);
            assert!(matches!(standing, Standing::Open(_)), "{standing:?}");
            let standing = after_proof("overtake", same, other);
            assert!(matches!(standing, Standing::Void(_)), "{standing:?}");
        }
        assert!(matches!(
            after_proof("overtake", same, same),
            Standing::Open(_)
        ));
    }
}
