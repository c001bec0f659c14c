use super::*;
use crate::cluster::Millis;
use crate::scenario::{Scenario, built_in};

fn hello_until(ms: u64) -> (Scenario, Cluster, Vec<Event>) {
    let scenario = built_in("hello").unwrap();
    let mut cluster = scenario.cluster().unwrap();
    let mut events = Vec::new();
    cluster.run_until(Millis(ms), &mut events);
    (scenario, cluster, events)
}

fn json(value: &impl Serialize) -> serde_json::Value {
    serde_json::to_value(value).unwrap()
}

#[test]
fn a_state_says_what_each_role_holds_and_what_is_on_its_way() {
    let (scenario, cluster, events) = hello_until(176);
    let state = json(&Snapshot::of(&scenario, &cluster, &events));
    assert_eq!(state["time"], 176);
    assert_eq!(
        state["processes"][1],
        serde_json::json!({
            "name": "A", "roles": ["acceptor"], "up": true, "x": 420.0, "y": 90.0,
            "acceptor": {"promised": "1.P", "vote": {"ballot": "1.P", "value": "Hello"}},
            "proposer": null, "learner": null,
        })
    );
    assert_eq!(
        state["processes"][0]["proposer"],
        serde_json::json!({
            "phase": "accepting", "ballot": "1.P", "wish": "Hello", "value": "Hello",
            "promises": [], "votes": [], "retriesAt": null,
        })
    );
    assert_eq!(
        state["processes"][4]["learner"],
        serde_json::json!({"counts": [], "learned": null})
    );
    assert_eq!(
        state["chosen"],
        serde_json::json!({"value": "Hello", "ballot": "1.P", "at": 176})
    );
    assert_eq!(state["nextDue"], 193);
    let flights = state["inFlight"].as_array().unwrap();
    assert_eq!(flights.len(), 5, "one Accept and two times two Accepted");
    assert_eq!(flights[0]["kind"], "accept");
    let progress = flights[0]["progress"].as_f64().unwrap();
    assert!((0.77..0.78).contains(&progress), "59 of 76 ms: {progress}");
}

#[test]
fn an_event_carries_its_evidence() {
    let (scenario, mut cluster, mut events) = hello_until(1_000);
    for (name, needs) in [
        ("partition", r#"{"groups": [["P", "A"], ["B"]]}"#),
        ("cut", r#"{"from": "P", "to": "A", "oneWay": true}"#),
        ("restart", r#"{"process": "P"}"#),
    ] {
        let command = scenario.command(name, needs).unwrap();
        cluster.apply(command, &mut events);
    }
    let records = events
        .iter()
        .map(|event| json(&Record::of(&scenario.setup, &cluster, event)));
    let records: Vec<_> = records.collect();
    let find = |kind: &str| records.iter().find(|record| record["event"] == kind);
    let found = |kind: &str| find(kind).unwrap_or_else(|| panic!("{kind} is missing"));
    assert_eq!(found("chosen")["by"], serde_json::json!(["A", "C"]));
    assert_eq!(found("learned")["by"], serde_json::json!(["B", "C"]));
    let counted = found("promise-counted");
    assert_eq!((&counted["have"], &counted["need"]), (&1.into(), &2.into()));
    assert_eq!(
        found("partitioned")["groups"],
        serde_json::json!([["P", "A"], ["B"]])
    );
    assert_eq!(
        found("cut")["link"],
        serde_json::json!({"from": "P", "to": "A", "oneWay": true})
    );
    assert_eq!(found("refused")["command"], "restart");
    assert!(find("violated").is_none());
}

#[test]
fn an_event_says_when_what_and_in_which_ballot() {
    let (scenario, cluster, events) = hello_until(1_000);
    let first = json(&Record::of(&scenario.setup, &cluster, &events[0]));
    assert_eq!(first["at"], 0);
    assert!(
        first["text"]
            .as_str()
            .unwrap()
            .starts_with("P starts ballot 1.P"),
        "{first}"
    );
    assert_eq!(
        (&first["process"], &first["ballot"]),
        (&"P".into(), &"1.P".into())
    );
    let is_chosen = |event: &&Event| matches!(event.fact, Fact::Chosen { .. });
    let chosen = events.iter().find(is_chosen).unwrap();
    let chosen = json(&Record::of(&scenario.setup, &cluster, chosen));
    assert_eq!(
        (&chosen["at"], &chosen["value"], &chosen["ballot"]),
        (&176.into(), &"Hello".into(), &"1.P".into())
    );
}

#[test]
fn ballots_of_long_names_do_not_read_alike() {
    let mut scenario = built_in("duel").unwrap();
    let names = ["one", "two"].map(|middle| format!("proposer of {middle} in the datacenter"));
    for (spec, name) in scenario.setup.processes.iter_mut().zip(&names) {
        spec.name = name.as_str().into();
    }
    let mut cluster = scenario.cluster().unwrap();
    let mut events = Vec::new();
    cluster.run_until(Millis(100), &mut events);
    let started = events
        .iter()
        .map(|event| json(&Record::of(&scenario.setup, &cluster, event)))
        .filter(|record| record["event"] == "ballot-started")
        .map(|record| record["ballot"].as_str().unwrap().to_owned());
    let wanted = names.map(|name| format!("1.{name}"));
    assert_eq!(started.collect::<Vec<_>>(), wanted);
}

#[test]
fn why_a_message_is_lost_has_a_word_of_its_own() {
    use crate::cluster::LossReason::{ByHand, Chance, CutOnTheWay, CutWhenSent, ReceiverDown};
    let reasons = [ReceiverDown, CutWhenSent, CutOnTheWay, Chance, ByHand];
    assert_eq!(
        reasons.map(kinds::loss),
        [
            "receiver-down",
            "cut-when-sent",
            "cut-on-the-way",
            "chance",
            "by-hand"
        ]
    );
}
