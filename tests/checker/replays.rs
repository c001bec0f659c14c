//! Every counterexample, played: the cluster goes the same way to the same violation.

use paxos_playground::checker::{Action, Cast, Limits, Model, Property, Verdict, check, replay};
use paxos_playground::cluster::{Cluster, Command, Millis, PROCESS_LIMIT};
use paxos_playground::protocol::{Amnesia, Invariant, Rule, Rules};
use paxos_playground::scenario::Scenario;

/// Checks, and plays what was found; whether something was.
fn plays(model: &Model) -> bool {
    plays_with(model, &Cast::usual(model))
}

fn plays_with(model: &Model, cast: &Cast) -> bool {
    let outcome = check(model, Limits::default()).unwrap();
    let Verdict::Violated { invariant, trace } = outcome.verdict else {
        assert_eq!(outcome.verdict, Verdict::Holds);
        return false;
    };
    let replay =
        replay(model, &trace, invariant, cast).unwrap_or_else(|why| panic!("{why}: {trace:#?}"));
    // Through a file, as a user would keep it.
    let scenario = Scenario::new(replay.setup, replay.script);
    let scenario = Scenario::parse(&scenario.to_json()).unwrap();
    let mut early = None;
    let last = replay.end.0 - 100;
    let played = scenario.play(|cluster: &Cluster, _| {
        if cluster
            .failure(invariant)
            .is_some_and(|failure| failure.at.0 < last)
        {
            early = Some(cluster.now());
        }
    });
    let played = played.unwrap();
    assert!(played.waiting().is_empty(), "{:?}", played.waiting());
    assert!(
        played.failure(invariant).is_some(),
        "{invariant:?} {trace:#?} {scenario:#?}"
    );
    assert_eq!(
        early, None,
        "{invariant:?} before the last step of {trace:#?}"
    );
    true
}

#[test]
fn every_rule_switch_leads_the_cluster_astray() {
    for rule in Rule::ALL {
        let broken = |ballots| Model {
            rules: Rules::breaking([rule]),
            ..Model::new(3, 2, ballots)
        };
        let found = (1..=3).any(|ballots| plays(&broken(ballots)));
        // A learner that adds up wrongly harms nobody but itself.
        assert_eq!(found, rule != Rule::LearnerAddsBallots, "{rule:?}");
    }
}

#[test]
fn every_bad_quorum_leads_the_cluster_astray() {
    for acceptors in 1..=4 {
        for phase1 in 1..=acceptors {
            for phase2 in 1..=acceptors {
                let mut model = Model::new(acceptors, 2, 2);
                (model.phase1, model.phase2) = (phase1, phase2);
                let bad = phase1 + phase2 <= acceptors;
                assert_eq!(plays(&model), bad, "{model:?}");
            }
        }
    }
}

#[test]
fn every_invariant_that_the_model_breaks_the_cluster_breaks_too() {
    let mut found = 0;
    for rule in Rule::ALL {
        for invariant in Invariant::ALL {
            // Two acceptors keep the spaces of storage that forgets small.
            for acceptors in [2, 3] {
                let forgets = !Rules::breaking([rule]).amnesia().is_none();
                if forgets && acceptors == 3 {
                    continue;
                }
                let mut model = Model::new(acceptors, 2, 2);
                model.rules = Rules::breaking([rule]);
                model.property = Property::One(invariant);
                found += u32::from(plays(&model));
            }
        }
    }
    assert!(found >= 25, "{found}");
}

#[test]
fn two_broken_rules_are_played_too() {
    for first in Rule::ALL {
        for second in Rule::ALL.into_iter().filter(|&second| second > first) {
            let mut model = Model::new(3, 2, 2);
            model.rules = Rules::breaking([first, second]);
            plays(&model);
        }
    }
}

#[test]
fn values_of_their_own_and_symmetry_are_played_too() {
    for rule in [Rule::SharedBallots, Rule::OwnValueAlways, Rule::Amnesia] {
        let mut model = Model::new(3, 2, 2);
        model.rules = Rules::breaking([rule]);
        model.symmetry.acceptors = true;
        model.symmetry.values = true;
        assert!(plays(&model), "{rule:?}");
        model.symmetry.values = false;
        model.wishes = Some(vec![1, 0]);
        assert!(plays(&model), "{rule:?}");
    }
}

#[test]
fn a_learner_that_is_called_in_takes_a_name_and_a_place_that_are_free() {
    let mut model = Model::new(3, 2, 2);
    model.rules = Rules::breaking([Rule::LearnerAddsBallots]);
    model.property = Property::One(Invariant::LearnedImpliesChosen);
    let mut cast = Cast::usual(&model);
    cast.acceptors[0] = "L".into();
    assert!(plays_with(&model, &cast));
    cast.learners = (0..996).map(|number| format!("L{number}").into()).collect();
    assert!(plays_with(&model, &cast));
}

/// Acceptors 0 and 1 promise and vote in ballot 0.
const VOTED: [Action; 6] = [
    Action::Phase1a { ballot: 0 },
    Action::Phase1b {
        acceptor: 0,
        ballot: 0,
    },
    Action::Phase1b {
        acceptor: 1,
        ballot: 0,
    },
    Action::Phase2a {
        ballot: 0,
        value: 1,
    },
    Action::Phase2b {
        acceptor: 0,
        ballot: 0,
        value: 1,
    },
    Action::Phase2b {
        acceptor: 1,
        ballot: 0,
        value: 1,
    },
];

#[test]
fn a_replay_has_what_the_trace_needs_and_no_more() {
    let mut model = Model::new(3, 2, 2);
    model.phase2 = 3;
    let of = |invariant| replay(&model, &VOTED, invariant, &Cast::usual(&model)).unwrap();
    let played = of(Invariant::Agreement);
    let names: Vec<&str> = played
        .setup
        .processes
        .iter()
        .map(|spec| &*spec.name)
        .collect();
    assert_eq!(
        names,
        ["P", "A", "B", "C"],
        "ballot 1 and learners have no part"
    );
    assert_eq!(
        (played.setup.phase1, played.setup.phase2),
        (Some(2), Some(3))
    );
    assert_eq!(played.end, Millis(600));
    let done: Vec<&str> = played
        .script
        .iter()
        .map(|(_, command)| command.name())
        .collect();
    // One proposal; then each message that is received is let go, both promises at once.
    let wanted = [
        "propose", "release", "release", "release", "release", "release", "release",
    ];
    assert_eq!(done, wanted);
    let times: Vec<u64> = played.script.iter().map(|(at, _)| at.0).collect();
    assert_eq!(times, [0, 100, 200, 300, 300, 400, 500]);

    let told = of(Invariant::LearnedImpliesChosen);
    assert_eq!(&*told.setup.processes.last().unwrap().name, "L");
    assert_eq!(told.script.len(), wanted.len() + 2, "L hears of both votes");
    assert_eq!(told.end, Millis(700));
}

#[test]
fn learners_leave_room_for_proposers_and_take_all_that_is_left() {
    let model = Model::new(3, 2, 2);
    let mut cast = Cast::usual(&model);
    cast.learners = (0..PROCESS_LIMIT)
        .map(|number| format!("L{number}").into())
        .collect();
    let played = replay(&model, &VOTED, Invariant::Agreement, &cast).unwrap();
    assert_eq!(played.setup.processes.len(), PROCESS_LIMIT);
}

#[test]
fn what_is_received_twice_is_doubled_before_the_first_time() {
    let model = Model::new(3, 2, 2);
    let mut trace = VOTED.to_vec();
    trace.push(VOTED[4]);
    let played = replay(&model, &trace, Invariant::Agreement, &Cast::usual(&model)).unwrap();
    let doubled =
        |(at, command): &(Millis, Command)| (command.name() == "duplicate").then_some(at.0);
    let doubled: Vec<u64> = played.script.iter().filter_map(doubled).collect();
    assert_eq!(doubled, [400]);
}

#[test]
fn who_forgets_is_back_before_the_next_step() {
    let mut model = Model::new(3, 2, 2);
    model.rules = Rules::breaking([Rule::Amnesia]);
    let lost = Amnesia::ALL;
    let trace = [VOTED[0], VOTED[1], Action::Forget { acceptor: 0, lost }];
    let played = replay(&model, &trace, Invariant::Agreement, &Cast::usual(&model)).unwrap();
    let process = played.setup.id_of("A").unwrap();
    let amnesia = lost;
    let crash = (Millis(200), Command::Crash { process, amnesia });
    let restart = (Millis(230), Command::Restart { process });
    assert_eq!(played.script[2..], [crash, restart]);
    assert_eq!(played.end, Millis(300));
}

#[test]
fn what_the_cluster_cannot_do_is_said_with_its_step() {
    let model = Model::new(3, 2, 2);
    let early = Action::Phase1b {
        acceptor: 0,
        ballot: 1,
    };
    let trace = [VOTED[0], early];
    let error = replay(&model, &trace, Invariant::Agreement, &Cast::usual(&model)).unwrap_err();
    assert_eq!((error.step, error.action), (2, early));
    let words =
        "step 2 of the trace, Phase1b { acceptor: 0, ballot: 1 }, has no counterpart in a cluster";
    assert_eq!(error.to_string(), words);
}

#[test]
fn a_shared_ballot_has_a_proposer_for_each_value_under_names_that_are_free() {
    let mut model = Model::new(3, 2, 2);
    model.rules = Rules::breaking([Rule::SharedBallots]);
    let names = |trace: &[Action]| {
        let cast = Cast::usual(&model);
        let played = replay(&model, trace, Invariant::Agreement, &cast).unwrap();
        let proposers = played.setup.processes.into_iter();
        let proposers = proposers.filter(|spec| spec.roles.proposer);
        proposers
            .map(|spec| spec.name.to_string())
            .collect::<Vec<_>>()
    };
    // One who asks for promises and never proposes has a seat, too.
    assert_eq!(names(&VOTED[..3]), ["P"]);
    let mut trace = VOTED.to_vec();
    let send = |ballot, value| Action::Phase2a { ballot, value };
    trace.insert(4, send(0, 0));
    trace.push(Action::Phase1a { ballot: 1 });
    trace.extend([0, 1].map(|acceptor| Action::Phase1b {
        acceptor,
        ballot: 1,
    }));
    trace.push(send(1, 1));
    // The cast has two proposers: the third has a number that nobody has.
    assert_eq!(names(&trace), ["P", "Q", "P3"]);
}
