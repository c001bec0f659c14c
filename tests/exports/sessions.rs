//! A run that was exported as a scenario plays again as it was.

use std::sync::Arc;

use paxos_playground::cluster::{Cluster, Command, Millis, Storm};
use paxos_playground::history::{Run, Session};
use paxos_playground::protocol::{Rule, Rules};
use paxos_playground::scenario::export::{Format, Played, export};
use paxos_playground::scenario::{Place, Question, Scenario, built_in, limits};

use super::support::seeds::seeds;
use super::support::voyage::{any_kind, replay};
use super::written;

/// A session as a user has one: playing on, stepping, going back, and every command there is.
fn session(seed: u64) -> Run {
    let broken = match seed % 3 {
        0 => Rules::breaking(
            Rule::ALL
                .into_iter()
                .nth(seed as usize / 3 % Rule::ALL.len()),
        ),
        _ => Rules::KEPT,
    };
    let mut dice = Storm::full(!seed);
    let script = vec![(Millis(30), dice.command(&cluster_of(seed)))];
    let scenario = Scenario::new(any_kind(seed, broken), script);
    let mut run = Run::new(Arc::new(scenario)).unwrap();
    let mut storm = Storm::full(seed);
    for _ in 0..60 {
        match dice.between(0, 9) {
            0..=3 => {
                run.step();
            }
            4 => run.run_until(Millis(run.cursor().time.0 + u64::from(dice.between(0, 90)))),
            5 if dice.between(0, 3) == 0 => {
                run.step_back();
            }
            6 if dice.between(0, 5) == 0 => {
                run.undo();
            }
            _ => run.apply(storm.command(run.cluster())),
        }
    }
    run
}

fn cluster_of(seed: u64) -> Cluster {
    Cluster::new(&any_kind(seed, Rules::KEPT)).unwrap()
}

/// What is recorded happens again, event by event; beyond it only what was left of its last
/// instant.
fn assert_replays(seed: u64, run: &Run) -> Played {
    let played = run.played(None).unwrap();
    let recorded = run.recorded().to_vec();
    let (cluster, events) = replay(&written(&played, Format::Scenario));
    assert!(
        events.len() >= recorded.len() && events[..recorded.len()] == recorded,
        "PAXOS_SEED={seed}: other events"
    );
    let end = run.end().time;
    assert!(events[recorded.len()..].iter().all(|event| event.at == end));
    assert!(events == played.events(), "PAXOS_SEED={seed}");
    assert_eq!(&cluster, played.cluster(), "PAXOS_SEED={seed}");
    let expect = &played.scenario().expect;
    assert_eq!(expect.missed(&cluster), [], "PAXOS_SEED={seed}");
    played
}

#[test]
fn a_random_session_plays_again_event_by_event() {
    let (mut chosen, mut violated) = (0, 0);
    for seed in seeds(400) {
        let played = assert_replays(seed, &session(seed));
        chosen += u32::from(played.cluster().chosen().is_some());
        let failed = played.cluster().invariants();
        violated += u32::from(failed.into_iter().any(|(_, failure)| failure.is_some()));
    }
    println!("{chosen} with a choice, {violated} with a violation");
    if std::env::var_os("PAXOS_SEED").is_none() {
        assert!(chosen > 50 && violated > 10, "{chosen} {violated}");
    }
}

#[test]
fn an_exported_session_can_be_played_on_and_exported_again() {
    for seed in seeds(100) {
        let played = session(seed).played(None).unwrap();
        let again = Scenario::parse(&played.scenario().to_json()).unwrap();
        let mut run = Run::new(Arc::new(again)).unwrap();
        run.run_until(played.cluster().now());
        let mut storm = Storm::full(seed + 1);
        for _ in 0..5 {
            run.apply(storm.command(run.cluster()));
            run.step();
        }
        assert_replays(seed, &run);
    }
}

#[test]
fn a_link_has_what_was_asked_for() {
    for seed in seeds(50) {
        let played = session(seed).played(None).unwrap();
        let scenario = played.scenario();
        let mut run = Run::new(Arc::new(scenario.clone())).unwrap();
        run.run_until(Millis(70));
        let linked = Run::from_link(&run.to_link(&scenario.places)).unwrap();
        assert_eq!(linked.scenario().asked, scenario.asked, "PAXOS_SEED={seed}");
        assert_eq!(linked.recorded().to_vec(), run.recorded().to_vec());
    }
}

#[test]
fn a_run_that_nobody_touched_is_its_scenario() {
    let hello = built_in("hello").unwrap();
    let mut run = Run::new(Arc::new(hello.clone())).unwrap();
    while run.step() {}
    assert_eq!(run.played(None).unwrap().scenario(), &hello);
}

#[test]
fn a_run_that_goes_on_ends_where_it_is() {
    let mut run = Run::new(Arc::new(built_in("hello").unwrap())).unwrap();
    run.run_until(Millis(100));
    let played = run.played(None).unwrap();
    assert_eq!(played.scenario().until, Millis(100));
    assert_eq!(played.cluster().chosen(), None);
    let (cluster, _) = replay(&written(&played, Format::Scenario));
    assert_eq!(played.scenario().expect.missed(&cluster), []);
}

#[test]
fn processes_stand_where_they_were_moved() {
    let run = Run::new(Arc::new(built_in("hello").unwrap())).unwrap();
    let place = Place { x: 7.0, y: 8.0 };
    let played = run.played(Some(&[place; 5])).unwrap();
    assert_eq!(played.scenario().places, [place; 5]);
}

/// As the page's module gets it.
#[test]
fn a_session_that_was_kept_gives_the_same_export() {
    let scenario = Arc::new(built_in("duel").unwrap());
    let mut session = Session::new(scenario.clone()).unwrap();
    session.run_mut().run_until(Millis(500));
    let text = session.save([scenario.places.as_slice()].into_iter());
    let restored = Session::restore(&text).unwrap();
    for format in Format::ALL {
        let export = |session: &Session| written(&session.run().played(None).unwrap(), format);
        assert_eq!(export(&restored), export(&session));
    }
}

#[test]
fn what_could_not_be_read_again_is_not_written() {
    let mut run = Run::new(Arc::new(built_in("hello").unwrap())).unwrap();
    for _ in 0..=limits::SCRIPT {
        run.apply(Command::Hold { message: None });
    }
    let played = run.played(None).unwrap();
    let error = export(Format::Scenario, &played, &Question::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the run is too long for scenario: 10000 commands is the limit"
    );
}
