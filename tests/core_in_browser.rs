//! The core in a real browser: what it does there is, byte for byte, what it does natively.
#![cfg(target_arch = "wasm32")]

mod support;

use std::sync::Arc;

use paxos_playground::history::Session;
use paxos_playground::scenario::export::{ExportFile, Format, export};
use paxos_playground::scenario::{Question, built_in};
use support::library::{TOLD, tell};
use support::play::{ALL, Play, transcript};
use support::schedule::{DIGEST, digest};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn every_play_gives_the_events_that_are_written_in_it() {
    for (name, written) in ALL {
        let play = Play::parse(written).unwrap();
        assert_eq!(play.perform(), *written, "{name}.play");
    }
}

#[wasm_bindgen_test]
fn the_hello_scenario_is_the_hello_play() {
    let scenario = Arc::new(built_in("hello").unwrap());
    let mut session = Session::new(scenario.clone()).unwrap();
    while session.run_mut().step() {}
    let run = session.run();
    let happened = transcript(&scenario.setup, run.cluster(), &run.events().to_vec());
    let (name, written) = ALL[0];
    assert_eq!(name, "hello");
    assert!(written.contains(&happened), "{happened}");
}

#[wasm_bindgen_test]
fn a_hundred_random_schedules_give_the_events_that_they_give_natively() {
    assert_eq!(digest(), DIGEST);
}

#[wasm_bindgen_test]
fn every_scenario_of_the_library_gives_the_events_that_it_gives_natively() {
    for (id, told) in TOLD {
        let scenario = built_in(id).unwrap();
        assert_eq!(tell(&scenario).0, *told, "{id}");
        let again = paxos_playground::scenario::Scenario::parse(&scenario.to_json());
        assert_eq!(again.as_ref(), Ok(&scenario), "{id}");
    }
}

#[wasm_bindgen_test]
fn exports_have_the_bytes_that_they_have_natively() {
    let written = [
        ("hello.mmd", include_str!("exports/hello.mmd")),
        ("hello.svg", include_str!("exports/hello.svg")),
        ("hello.itf.json", include_str!("exports/hello.itf.json")),
        ("hello.log", include_str!("exports/hello.log")),
        ("PaxosHello.tla", include_str!("exports/PaxosHello.tla")),
        ("PaxosHello.cfg", include_str!("exports/PaxosHello.cfg")),
        ("hello.json", include_str!("exports/hello.json")),
    ];
    let mut session = Session::new(Arc::new(built_in("hello").unwrap())).unwrap();
    while session.run_mut().step() {}
    let played = session.run().played(None).unwrap();
    let files = Format::ALL.map(|format| export(format, &played, &Question::default()).unwrap());
    assert_eq!(files.iter().flatten().count(), written.len());
    for (ExportFile { name, text, .. }, known) in files.iter().flatten().zip(written) {
        assert_eq!((name.as_str(), text.as_str()), known);
    }
}
