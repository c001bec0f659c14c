//! The trace, by the rules of its format: every number is a `#bigint`, functions are `#map`, sets
//! are `#set`.

use std::collections::BTreeSet;

use paxos_playground::protocol::Ballot;
use paxos_playground::scenario::export::Format;
use serde_json::{Map, Value};

use super::{all, play, written};

const VARS: [&str; 4] = ["maxBal", "maxVBal", "maxVal", "msgs"];

fn states(id: &str, text: &str) -> Vec<Map<String, Value>> {
    let trace: Value = serde_json::from_str(text).unwrap_or_else(|why| panic!("{id}: {why}"));
    assert_eq!(trace["#meta"]["format"], "ITF");
    assert_eq!(trace["vars"], serde_json::json!(VARS));
    let states = trace["states"].as_array().unwrap();
    states
        .iter()
        .map(|state| state.as_object().unwrap().clone())
        .collect()
}

fn number(value: &Value) -> i64 {
    value["#bigint"].as_str().unwrap().parse().unwrap()
}

fn set(value: &Value) -> BTreeSet<String> {
    let items = value["#set"].as_array().unwrap();
    let set: BTreeSet<String> = items.iter().map(Value::to_string).collect();
    assert_eq!(set.len(), items.len(), "a set has nothing twice");
    set
}

fn map(value: &Value) -> Vec<(&str, &Value)> {
    let pairs = value["#map"].as_array().unwrap().iter();
    pairs
        .map(|pair| (pair[0].as_str().unwrap(), &pair[1]))
        .collect()
}

#[test]
fn every_state_is_whole_and_differs_from_the_one_before() {
    for (id, played) in all() {
        let states = states(id, &written(&played, Format::Itf));
        for (index, state) in states.iter().enumerate() {
            assert_eq!(state["#meta"]["index"], index);
            assert_eq!(state.len(), 1 + VARS.len());
            let acceptors = played.cluster().quorums().acceptors().iter().count();
            for var in &VARS[..3] {
                assert_eq!(map(&state[*var]).len(), acceptors, "{id}");
            }
            for message in state["msgs"]["#set"].as_array().unwrap() {
                let fields: &[&str] = match message["type"].as_str().unwrap() {
                    "1a" => &["type", "bal"],
                    "1b" => &["type", "acc", "bal", "mbal", "mval"],
                    "2a" => &["type", "bal", "val"],
                    _ => &["type", "acc", "bal", "val"],
                };
                let message = message.as_object().unwrap();
                assert!(message.keys().eq(fields.iter().collect::<BTreeSet<_>>()));
                assert!(number(&message["bal"]) >= 0);
            }
        }
        for pair in states.windows(2) {
            assert!(
                VARS.iter().any(|var| pair[0][*var] != pair[1][*var]),
                "{id}"
            );
            assert!(set(&pair[0]["msgs"]).is_subset(&set(&pair[1]["msgs"])));
        }
    }
}

/// The last state says what the acceptors have in the end.
#[test]
fn the_last_state_is_the_cluster() {
    for (id, played) in all() {
        let states = states(id, &written(&played, Format::Itf));
        let last = states.last().unwrap();
        let (setup, cluster) = (&played.scenario().setup, played.cluster());
        let text = written(&played, Format::Itf);
        let trace: Value = serde_json::from_str(&text).unwrap();
        // "0 is 1.P, 1 is 1.Q", or nothing.
        let ballots = trace["#meta"]["ballots"].as_str().unwrap_or_default();
        let called = |bal: i64| -> Option<&str> {
            let mut named = ballots.split(", ").filter_map(|one| one.split_once(" is "));
            named.find_map(|(number, name)| (number == bal.to_string()).then_some(name))
        };
        let ballot =
            |ballot: Ballot| format!("{}.{}", ballot.round.0, setup.spec(ballot.proposer).name);
        let bal = map(&last["maxBal"]).into_iter();
        let vbal = map(&last["maxVBal"]).into_iter();
        let val = map(&last["maxVal"]).into_iter();
        for (((name, bal), (_, vbal)), (_, val)) in bal.zip(vbal).zip(val) {
            let process = cluster.process(setup.id_of(name).unwrap()).unwrap();
            let acceptor = process.acceptor.as_ref().unwrap();
            assert_eq!(
                called(number(bal)).map(str::to_owned),
                acceptor.promised().map(ballot),
                "{id}"
            );
            match acceptor.vote() {
                None => assert_eq!((number(vbal), val), (-1, &"(none)".into())),
                Some(vote) => {
                    let text = match &**cluster.text(vote.value) {
                        "(none)" => "“(none)”",
                        text => text,
                    };
                    assert_eq!(val, &text);
                    assert_eq!(called(number(vbal)), Some(&*ballot(vote.ballot)), "{id}");
                }
            }
        }
    }
}

/// Somebody may propose what stands for no value.
#[test]
fn a_value_that_reads_like_none_is_told_apart() {
    let (_, awkward) = all().last().unwrap();
    let text = written(&awkward, Format::Itf);
    let sent = text
        .lines()
        .filter(|line| line.contains("\"type\": \"2a\""));
    let values: BTreeSet<&str> = sent
        .filter_map(|line| line.split("\"val\": ").nth(1))
        .collect();
    assert!(values.iter().any(|value| value.starts_with("\"“(none)”\"")));
    assert!(!values.iter().any(|value| value.starts_with("\"(none)\"")));
}

/// Lamport's numbers keep the order of ballots: by round, then by proposer.
#[test]
fn ballots_are_numbered_in_their_order() {
    let text = written(&play("duel"), Format::Itf);
    let trace: Value = serde_json::from_str(&text).unwrap();
    let ballots = trace["#meta"]["ballots"].as_str().unwrap();
    assert!(
        ballots.starts_with("0 is 1.P, 1 is 1.Q, 2 is 2.P, 3 is 2.Q"),
        "{ballots}"
    );
}
