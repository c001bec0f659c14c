//! Scenario files that are wrong: each error is one sentence that names the field and its place.

use paxos_playground::scenario::{Scenario, built_in, limits};

/// A sound file with other or more fields.
fn with(fields: &str) -> String {
    format!(
        r#"{{"version": 1, "processes": [{{"id": "P", "roles": ["proposer"]}}, {{"id": "A", "roles": ["acceptor"]}}, {{"id": "B", "roles": ["acceptor"]}}]{}{fields}}}"#,
        if fields.is_empty() { "" } else { ", " }
    )
}

fn script(entry: &str) -> String {
    with(&format!(r#""script": [{entry}]"#))
}

fn cast(processes: &str) -> String {
    format!(r#"{{"version": 1, "processes": [{processes}]}}"#)
}

fn error(text: &str) -> String {
    match Scenario::parse(text) {
        Ok(_) => panic!("this is read: {text}"),
        Err(why) => why.0,
    }
}

#[test]
fn a_small_file_is_enough() {
    let scenario = Scenario::parse(&with("")).unwrap();
    assert_eq!(scenario.setup.processes.len(), 3);
    assert_eq!(scenario.until.0, 60_000);
    assert_ne!(scenario.places[1], scenario.places[2]);
}

#[test]
fn every_error_names_its_field() {
    let message = |fields: &str| {
        script(&format!(
            r#"{{"at": 0, "do": "drop", "message": {{{fields}}}}}"#
        ))
    };
    for (text, expected) in [
        (
            "".into(),
            "the scenario is no JSON: the text ends too early (line 1, column 1)",
        ),
        (
            "[]".into(),
            "the scenario is a list, and must be an object (line 1, column 1)",
        ),
        (
            "{\"version\": 1,\n \"version\": 1}".into(),
            "the scenario is no JSON: the field version stands here twice (line 2, column 2)",
        ),
        ("{}".into(), "version is missing (line 1, column 1)"),
        (
            r#"{"version": 2, "processes": []}"#.into(),
            "version is 2, and must be a whole number from 1 to 1",
        ),
        (r#"{"version": 1}"#.into(), "processes is missing"),
        (
            with(r#""colour": 1"#),
            "colour is unknown here, where a field is version, id,",
        ),
        (
            with(r#""seed": -1"#),
            "seed is -1, and must be a whole number from 0 to 9007199254740991",
        ),
        (
            with(r#""seed": 0.5"#),
            "seed is 0.5, and must be a whole number",
        ),
        (
            with(r#""seed": "7""#),
            "seed is \"7\", and must be a number",
        ),
        (with(r#""title": 7"#), "title is 7, and must be a text"),
        (cast(""), "processes must have an acceptor"),
        (
            cast(r#"{"id": "P", "roles": ["proposer"]}"#),
            "processes must have an acceptor",
        ),
        (
            cast(r#"{"roles": ["acceptor"]}"#),
            "processes[0].id is missing",
        ),
        (cast(r#"{"id": "A"}"#), "processes[0].roles is missing"),
        (
            cast(r#"{"id": "", "roles": ["acceptor"]}"#),
            "processes[0].id must have a character that is seen",
        ),
        (
            cast(r#"{"id": "A\n", "roles": ["acceptor"]}"#),
            "processes[0].id must have a character that is seen, and no control",
        ),
        (
            cast(r#"{"id": "A", "roles": []}"#),
            "processes[0].roles must name a proposer, acceptor or learner",
        ),
        (
            cast(r#"{"id": "A", "roles": ["king"]}"#),
            "processes[0].roles[0] is \"king\", and must be proposer, acceptor or learner",
        ),
        (
            cast(r#"{"id": "A", "roles": ["acceptor", "acceptor"]}"#),
            "processes[0].roles[1] is named twice",
        ),
        (
            cast(r#"{"id": "A", "roles": ["acceptor"]}, {"id": "A", "roles": ["acceptor"]}"#),
            "processes[1].id is \"A\", which is taken",
        ),
        (
            cast(r#"{"id": "A", "roles": ["acceptor"], "x": 1}"#),
            "processes[0] must have both x and y, or neither",
        ),
        (
            cast(r#"{"id": "A", "roles": ["acceptor"], "x": -1, "y": 0}"#),
            "processes[0].x is -1, and must be from 0 to 1000",
        ),
        (
            cast(r#"{"id": "A", "roles": ["acceptor"], "x": 1, "y": 1e999}"#),
            "processes[0].y is 1e999, and must be from 0 to 600",
        ),
        (
            cast(r#"{"id": "A", "roles": ["acceptor"], "x": NaN, "y": 0}"#),
            "the scenario is no JSON: a value is expected here",
        ),
        (
            with(r#""quorum": {"phase1": 3}"#),
            "quorum.phase1 is 3, and must not exceed the number of acceptors, 2",
        ),
        (
            with(r#""quorum": {"phase2": 0}"#),
            "quorum.phase2 is 0, and must be a whole number from 1",
        ),
        (
            with(r#""network": {"delay": [5, 4]}"#),
            "network.delay is [5, 4], and must not begin higher than it ends",
        ),
        (
            with(r#""network": {"delay": [5]}"#),
            "network.delay must have two entries",
        ),
        (
            with(r#""network": {"delay": [5, 6, 7]}"#),
            "network.delay has 3 entries, and 2 is the limit",
        ),
        (
            with(r#""network": {"delay": [0.5, 1]}"#),
            "network.delay[0] is 0.5, and must be a whole number",
        ),
        (
            with(r#""network": {"loss": 1.5}"#),
            "network.loss is 1.5, and must be from 0 to 1",
        ),
        (
            with(r#""network": {"hold": 1}"#),
            "network.hold is 1, and must be true or false",
        ),
        (
            with(r#""rules": {"break": ["all"]}"#),
            "rules.break[0] is \"all\", and must be shared-ballots, ",
        ),
        (
            with(r#""rules": {"break": ["amnesia", "amnesia"]}"#),
            "rules.break[1] is named twice",
        ),
        (
            with(r#""rules": {"prepareTo": "some"}"#),
            "rules.prepareTo is \"some\", and must be all or majority",
        ),
        (
            with(r#""retry": {"timeout": 0}"#),
            "retry.timeout is 0, and must be a whole number from 1",
        ),
        (
            with(r#""retry": {"backoff": "linear"}"#),
            "retry.backoff is \"linear\", and must be none, fixed or random",
        ),
        (
            with(r#""asked": [{"at": 0, "do": "heal"}]"#),
            "asked[0].after is missing",
        ),
        (
            with(r#""asked": [{"at": 0, "after": -1, "do": "heal"}]"#),
            "asked[0].after is -1, and must be a whole number from 0 to",
        ),
        (
            script(r#"{"at": 0, "after": 1, "do": "heal"}"#),
            "script[0].after is unknown here",
        ),
        (script("7"), "script[0] is 7, and must be an object"),
        (script(r#"{"at": 0}"#), "script[0].do is missing"),
        (
            script(r#"{"at": 0, "do": "dance"}"#),
            "script[0].do is \"dance\", and must be propose, crash,",
        ),
        (script(r#"{"do": "heal"}"#), "script[0].at is missing"),
        (
            script(r#"{"at": -5, "do": "heal"}"#),
            "script[0].at is -5, and must be a whole number from 0 to 1000000000",
        ),
        (
            script(r#"{"at": 0, "do": "crash", "process": "Z"}"#),
            "script[0].process is \"Z\", and there is no such process",
        ),
        (
            script(r#"{"at": 0, "do": "crash", "process": "A", "value": "x"}"#),
            "script[0].value is unknown here, where a field is at, do, process or amnesia",
        ),
        (
            script(r#"{"at": 0, "do": "crash", "process": "A", "amnesia": true}"#),
            "script[0].amnesia must be false, \"all\", \"promise\" or \"vote\"",
        ),
        (
            script(r#"{"at": 0, "do": "propose", "process": "P", "value": " "}"#),
            "script[0].value must not be empty",
        ),
        (
            script(r#"{"at": 0, "do": "cut", "from": "A", "to": "A"}"#),
            "script[0].to must be another process",
        ),
        (
            script(r#"{"at": 0, "do": "heal", "from": "A"}"#),
            "script[0].to is missing",
        ),
        (
            script(r#"{"at": 0, "do": "partition", "groups": [["P"], ["A", "Z"]]}"#),
            "script[0].groups[1][1] is \"Z\", and there is no such process",
        ),
        (
            script(r#"{"at": 0, "do": "network"}"#),
            "script[0] must have at least one of delay, loss and duplicate",
        ),
        (
            message(r#""kind": "vote", "from": "P", "to": "A", "nth": 1"#),
            "script[0].message.kind is \"vote\", and must be prepare, ",
        ),
        (
            message(r#""kind": "accept", "from": "P", "to": "A", "nth": 0"#),
            "script[0].message.nth is 0, and must be a whole number from 1",
        ),
        (
            message(r#""kind": "accept", "to": "A", "nth": 1"#),
            "script[0].message.from is missing",
        ),
        (
            message(r#""id": 3, "kind": "accept""#),
            "script[0].message must have id alone, or kind, from, to and nth",
        ),
        (
            with(r#""notes": [{"text": "x"}]"#),
            "notes[0] must have either at or on",
        ),
        (
            with(r#""notes": [{"on": "noon", "text": "x"}]"#),
            "notes[0].on is \"noon\", and must be chosen, adopted, learned or violation",
        ),
        (with(r#""notes": [{"at": 1}]"#), "notes[0].text is missing"),
        (
            with(r#""expect": {"chosen": 1}"#),
            "expect.chosen is 1, and must be a text",
        ),
        (
            with(r#""expect": {"violation": "x"}"#),
            "expect.violation is \"x\", and must be agreement, ",
        ),
        (
            with(r#""until": "soon""#),
            "until is \"soon\", and must be a number",
        ),
    ] {
        let why = error(&text);
        assert!(why.starts_with(expected), "{text}\n{why}\n{expected}");
        assert!(!why.contains('\n') && why.ends_with(')'), "{why}");
        assert!(why.contains("(line "), "{why}");
    }
}

#[test]
fn every_form_of_the_script_is_read_and_written_again() {
    let message = r#""message": {"kind": "accept", "from": "P", "to": "A", "nth": 2}"#;
    let mut entries: Vec<String> = [
        r#""do": "propose", "process": "P", "value": "x\n\"ż\"""#,
        r#""do": "crash", "process": "A""#,
        r#""do": "crash", "process": "A", "amnesia": "vote""#,
        r#""do": "restart", "process": "A""#,
        r#""do": "timeout", "process": "P""#,
        r#""do": "cut", "from": "P", "to": "A", "oneWay": true"#,
        r#""do": "heal", "from": "P", "to": "A""#,
        r#""do": "heal""#,
        r#""do": "partition", "groups": [["P", "A"], []]"#,
        r#""do": "hold""#,
        r#""do": "release""#,
        r#""do": "network", "delay": [1, 2], "loss": 0.123456"#,
        r#""do": "network", "duplicate": 1"#,
        r#""do": "link", "from": "P", "to": "A", "delay": [5, 5]"#,
        r#""do": "link", "from": "P", "to": "A", "delay": null"#,
        r#""do": "deliver", "message": {"id": 7}"#,
    ]
    .map(|entry| format!("{{\"at\": 3, {entry}}}"))
    .into();
    for name in ["drop", "duplicate", "hold", "release", "deliver"] {
        entries.push(format!(r#"{{"at": 4, "do": "{name}", {message}}}"#));
    }
    entries.push(format!(r#"{{"at": 4, "do": "delay", {message}, "by": 9}}"#));
    let asked = entries
        .iter()
        .map(|entry| entry.replacen('{', "{\"after\": 2, ", 1));
    let asked: Vec<String> = asked.collect();
    let text = with(&format!(
        r#""seed": 3, "quorum": {{"phase1": 2, "phase2": 1}}, "until": 5,
        "network": {{"loss": 0.1, "duplicate": 0.000001, "hold": true}},
        "rules": {{"break": ["amnesia", "any-vote"], "nack": false, "prepareTo": "majority"}},
        "retry": {{"timeout": 7, "backoff": "random"}},
        "notes": [{{"on": "learned", "title": "t", "text": "x"}}, {{"at": 2, "text": ""}}],
        "expect": {{"chosen": null, "learned": "v", "violation": "validity"}},
        "script": [{}],
        "asked": [{}]"#,
        entries.join(", "),
        asked.join(", ")
    ));
    let scenario = Scenario::parse(&text).unwrap();
    assert_eq!(scenario.script.len(), entries.len());
    assert_eq!(scenario.asked.len(), entries.len());
    assert_eq!((scenario.asked[0].at.0, scenario.asked[0].after), (3, 2));
    let written = scenario.to_json();
    assert_eq!(
        Scenario::parse(&written).as_ref(),
        Ok(&scenario),
        "{written}"
    );
    assert!(scenario.play(|_, _| ()).is_ok());
}

#[test]
fn what_is_too_large_is_refused_at_once() {
    let ten = 10_000_000;
    let why = error(&" ".repeat(ten));
    assert_eq!(
        why,
        "the scenario has 10000000 bytes, and 1000000 is the limit"
    );
    let many = |count: usize, item: &str| vec![item; count].join(",");
    let why = error(&with(&format!(
        r#""script": [{}]"#,
        many(limits::SCRIPT + 1, r#"{"at":0,"do":"heal"}"#)
    )));
    assert!(
        why.starts_with("script has 10001 entries, and 10000 is the limit"),
        "{why}"
    );
    let why = error(&with(&format!(
        r#""notes": [{}]"#,
        many(limits::NOTES + 1, "1")
    )));
    assert!(why.starts_with("notes has 1001 entries"), "{why}");
    let why = error(&cast(&many(limits::PROCESSES + 1, "1")));
    assert!(
        why.starts_with("processes has 1001 entries, and 1000 is the limit"),
        "{why}"
    );
    let long = "x".repeat(limits::VALUE + 1);
    let why = error(&script(&format!(
        r#"{{"at": 0, "do": "propose", "process": "P", "value": "{long}"}}"#
    )));
    assert!(
        why.starts_with("script[0].value must not have more than 100000 characters"),
        "{why}"
    );
    let why = error(&cast(&format!(r#"{{"id": "{long}", "roles": []}}"#)));
    assert!(
        why.starts_with("processes[0].id must not have more than 40 characters"),
        "{why}"
    );
    let why = error(&"[".repeat(limits::FILE));
    assert!(why.contains("values are nested too deeply"), "{why}");
    let wide = error(&format!("[{}1]", "1,".repeat(limits::FILE / 2 - 2)));
    assert!(wide.starts_with("the scenario is a list"), "{wide}");
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let why = Scenario::from_bytes(b"{\"id\": \"\xff\"}").unwrap_err().0;
    assert_eq!(
        why,
        "the scenario is not in UTF-8: byte 9 belongs to no character"
    );
}

#[test]
fn a_command_by_itself_is_read_as_one_of_a_script_and_its_errors_name_the_field() {
    let hello = built_in("hello").unwrap();
    let propose = hello.command("propose", r#"{"process": "P", "value": "Hello"}"#);
    assert_eq!(propose.as_ref(), Ok(&hello.script[0].1));
    for (name, needs, expected) in [
        (
            "propose",
            r#"{"process": "X", "value": "x"}"#,
            "propose.process is \"X\", and there is no such process",
        ),
        (
            "propose",
            r#"{"process": "P", "value": " "}"#,
            "propose.value must not be empty",
        ),
        ("crash", "{}", "crash.process is missing"),
        (
            "restart",
            r#"{"at": 1}"#,
            "restart.at is unknown here, where a field is process",
        ),
        (
            "drop",
            r#"{"message": {"id": 1.5}}"#,
            "drop.message.id is 1.5, and must be a whole number from 0 to 9007199254740991",
        ),
        (
            "network",
            "{}",
            "network must have at least one of delay, loss and duplicate",
        ),
        (
            "partition",
            r#"{"groups": [["P"], ["Z"]]}"#,
            "partition.groups[1][0] is \"Z\", and there is no such process",
        ),
        ("heal", "[]", "heal is a list, and must be an object"),
        ("heal", "{", "heal is no JSON: the text ends too early"),
    ] {
        let error = hello.command(name, needs).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
    let error = hello.command("dance", "{}").unwrap_err().to_string();
    assert!(
        error.starts_with("the command is \"dance\", and must be propose, crash,"),
        "{error}"
    );
}
