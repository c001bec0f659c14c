//! `paxos run`.

use paxos_playground::scenario::BUILT_IN;

use super::{lines, run};

const CAST: &str = r#"{"version": 1, "processes": [{"id": "P", "roles": ["proposer"]}, {"id": "A", "roles": ["acceptor"]}]"#;

#[test]
fn every_built_in_scenario_ends_as_it_expects() {
    for (id, _) in BUILT_IN {
        let (status, out, err) = run(&["run", id], "");
        assert_eq!((status, err.as_str()), (0, ""), "{id}\n{out}");
    }
}

#[test]
fn events_are_printed_with_their_times_and_then_the_outcome() {
    let (_, out, _) = run(&["run", "hello"], "");
    assert!(
        out.starts_with("      0  P starts ballot 1.P to propose “Hello”"),
        "{out}"
    );
    assert!(out.ends_with("\n\nchosen: Hello\n"), "{out}");
}

#[test]
fn json_is_one_object_a_line_and_a_summary() {
    let (status, out, _) = run(&["run", "--json", "amnesia"], "");
    let lines = lines(&out);
    let (summary, events) = lines.split_last().unwrap();
    assert_eq!(status, 0);
    assert_eq!(summary["event"], "end");
    assert_eq!(summary["scenario"], "amnesia");
    assert_eq!(summary["events"], events.len());
    assert_eq!(summary["chosen"], "Hello");
    assert_eq!(summary["learned"][0]["process"], "L");
    assert_eq!(summary["violations"][0]["invariant"], "agreement");
    assert_eq!(summary["violations"][0]["at"], 500);
    assert_eq!(summary["met"], true);
    for field in ["neverSent", "missed"] {
        assert_eq!(summary[field].as_array().map(Vec::len), Some(0));
    }
    let find = |kind: &str| events.iter().find(|line| line["event"] == kind).unwrap();
    let sent = &find("sent")["message"];
    for (field, value) in [
        ("kind", "prepare"),
        ("from", "P"),
        ("to", "A"),
        ("ballot", "1.P"),
    ] {
        assert_eq!(sent[field], value);
    }
    assert_eq!(
        (&sent["nth"], &sent["sent"], &sent["arrives"]),
        (&1.into(), &0.into(), &50.into())
    );
    let chosen = find("chosen");
    assert_eq!(
        (&chosen["value"], &chosen["ballot"]),
        (&"Hello".into(), &"1.P".into())
    );
    assert_eq!(find("lost")["why"], "by-hand");
    assert_eq!(find("crashed")["process"], "A");
    assert_eq!(find("violated")["invariant"], "promise-never-falls");
    assert!(
        events
            .iter()
            .all(|line| line["at"].is_u64() && line["text"].is_string())
    );
}

#[test]
fn a_violation_that_nobody_expects_and_a_missed_expectation_end_with_1() {
    let (_, text) = BUILT_IN.iter().find(|(id, _)| *id == "amnesia").unwrap();
    let (status, out, _) = run(
        &["run", "-"],
        &text.replace("\"violation\": \"agreement\"", "\"learned\": \"Hello\""),
    );
    assert_eq!(status, 1);
    assert!(
        out.contains("missed: no violation is expected, and what failed is agreement, "),
        "{out}"
    );
    let (status, out, _) = run(
        &["run", "-"],
        &text.replace("\"agreement\"", "\"validity\""),
    );
    assert_eq!(status, 1);
    assert!(
        out.contains("missed: expect.violation is validity, and what failed is agreement"),
        "{out}"
    );
    let hello = BUILT_IN[0]
        .1
        .replace("\"chosen\": \"Hello\"", "\"chosen\": null");
    let (status, out, _) = run(&["run", "--json", "-"], &hello);
    let missed = lines(&out).pop().unwrap();
    assert_eq!(status, 1);
    assert_eq!(missed["met"], false);
    assert_eq!(
        missed["missed"][0],
        "expect.chosen is null, and “Hello” was chosen"
    );
}

#[test]
fn a_message_that_is_never_sent_is_reported_and_so_is_an_early_end() {
    let script = r#""until": 60, "script": [
        {"at": 0, "do": "propose", "process": "P", "value": "x"},
        {"at": 0, "do": "drop", "message": {"kind": "nack", "from": "A", "to": "P", "nth": 3}}]}"#;
    let (status, out, _) = run(&["run", "-"], &format!("{CAST}, {script}"));
    assert_eq!(status, 0);
    assert!(
        out.contains("never sent: drop nack number 3 from A to P\n"),
        "{out}"
    );
    assert!(
        out.contains("ended at 60 ms: more would happen at "),
        "{out}"
    );
}

#[test]
fn bad_input_ends_with_2_and_one_sentence() {
    let broken = format!("{CAST},\n \"until\": -1}}");
    for (args, input, expected) in [
        (
            &["run", "-"][..],
            broken.as_str(),
            "paxos: -: until is -1, and must be a whole number from 0 to 1000000000 (line 2, column 11)",
        ),
        (
            &["run", "-"],
            "{",
            "paxos: -: the scenario is no JSON: the text ends too early (line 1, column 2)",
        ),
        (
            &["run", "no-such"],
            "",
            "paxos: no-such: there is no such file, and no built-in scenario with this id",
        ),
        (&["run"], "", "paxos: the scenario is missing"),
        (&["run", "hello", "hello"], "", "paxos: unexpected argument"),
        (
            &["run", "--fast", "hello"],
            "",
            "paxos: invalid option '--fast'",
        ),
        (&["dance"], "", "paxos: there is no command \"dance\""),
        (&[], "", "paxos: a command is missing"),
    ] {
        let (status, out, err) = run(args, input);
        assert_eq!((status, out.as_str()), (2, ""), "{args:?}");
        assert!(err.starts_with(expected), "{err}");
        assert_eq!(err.lines().count(), 1, "{err}");
    }
    let large = " ".repeat(10_000_000);
    let (status, _, err) = run(&["run", "-"], &large);
    assert_eq!(status, 2);
    assert!(err.contains("larger than 1000000 bytes"), "{err}");
}

#[test]
fn help_says_what_there_is() {
    let (status, out, _) = run(&["--help"], "");
    assert_eq!(status, 0);
    assert!(out.contains("run      play a scenario"), "{out}");
    let (status, out, _) = run(&["run", "--help"], "");
    assert_eq!(status, 0);
    assert!(BUILT_IN.iter().all(|(id, _)| out.contains(id)), "{out}");
    assert!(run(&["--version"], "").1.starts_with("paxos "));
}
