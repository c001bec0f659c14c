//! `paxos check`.

use serde_json::Value;

use super::{lines, run};

/// Exit status and the one line of JSON.
fn check(args: &[&str]) -> (i32, Value) {
    let args = [&["check"], args, &["--json"]].concat();
    let (status, out, err) = run(&args, "");
    assert_eq!(err, "", "{args:?}");
    let lines = lines(&out);
    assert_eq!(lines.len(), 1, "{out}");
    (status, lines[0].clone())
}

fn refused(args: &[&str]) -> String {
    let (status, out, err) = run(&[&["check"], args].concat(), "");
    assert_eq!((status, out.as_str()), (2, ""), "{args:?}");
    assert_eq!(err.lines().count(), 1, "{err}");
    let sentence = err.strip_prefix("paxos: ").unwrap();
    String::from(sentence.trim_end())
}

#[test]
fn what_holds_is_counted_and_exits_0() {
    let (status, line) = check(&["--acceptors", "3", "--values", "2", "--ballots", "2"]);
    assert_eq!(status, 0);
    assert_eq!(line["verdict"], "holds");
    assert_eq!(line["property"], "agreement");
    assert_eq!(line["distinct"], 3_921);
    assert_eq!(line["depth"], 17);
    assert_eq!(line["steps"], Value::Null);
    assert_eq!(line["trace"], Value::Array(Vec::new()));
    assert!(line["generated"].as_u64() > Some(3_921));
    assert!(line["bytes"].as_u64() > Some(3_921 * 12));
    assert!(line["seconds"].as_f64() > Some(0.0));
}

#[test]
fn a_violation_exits_1_with_the_fewest_steps() {
    let (status, line) = check(&["--ballots", "2", "--break", "amnesia"]);
    assert_eq!((status, &line["verdict"]), (1, &"violated".into()));
    assert_eq!(line["steps"], 13);
    let trace = line["trace"].as_array().unwrap();
    assert_eq!(trace.len(), 13);
    assert!(trace.iter().any(|step| step["action"] == "Forget"));
    assert!(trace.iter().all(|step| step["says"].is_string()));
    let (_, line) = check(&["--phase1", "1", "--phase2", "1"]);
    assert_eq!(line["steps"], 8);
}

#[test]
fn several_rules_may_be_broken_and_any_property_asked_for() {
    let broken = ["--break", "lowest-vote", "--break", "promise-hides-vote"];
    let (status, line) = check(&[&broken[..], &["--property", "all"]].concat());
    assert_eq!((status, &line["steps"]), (1, &7.into()));
    assert_eq!(line["property"], "reported-votes-were-cast");
    let (status, line) = check(&[&broken[..], &["--property", "promise-never-falls"]].concat());
    assert_eq!((status, &line["verdict"]), (0, &"holds".into()));
}

#[test]
fn a_limit_exits_3_and_says_what_was_covered() {
    let (status, line) = check(&["--ballots", "4", "--max-states", "10000"]);
    assert_eq!((status, &line["verdict"]), (3, &"incomplete".into()));
    assert_eq!(
        (&line["distinct"], &line["limit"]),
        (&10_000.into(), &"max-states".into())
    );
    let (status, line) = check(&["--ballots", "4", "--max-memory", "8", "--threads", "1"]);
    assert_eq!((status, &line["limit"]), (3, &"max-memory".into()));
    assert!(line["bytes"].as_u64() < Some(12 << 20));
}

#[test]
fn the_number_of_threads_changes_no_count() {
    let with = |threads| check(&["--ballots", "3", "--threads", threads]).1;
    let (one, four) = (with("1"), with("4"));
    for name in ["verdict", "distinct", "generated", "depth"] {
        assert_eq!(one[name], four[name], "{name}");
    }
}

#[test]
fn symmetry_is_reported() {
    let (_, line) = check(&["--symmetry", "both"]);
    assert_eq!(line["symmetry"], "both");
    assert!(line["distinct"].as_u64() < Some(3_921 / 4));
    let (_, out, _) = run(&["check", "--symmetry", "acceptors"], "");
    assert!(out.contains("symmetry: acceptors"), "{out}");
}

#[test]
fn a_scenario_is_checked_with_its_own_quorums_rules_and_crashes() {
    let (status, line) = check(&["flexible-quorums"]);
    assert_eq!((status, &line["verdict"]), (0, &"holds".into()));
    let (status, line) = check(&["quorums-that-do-not-meet"]);
    assert_eq!((status, &line["steps"]), (1, &12.into()));
    let (status, line) = check(&["amnesia"]);
    assert_eq!((status, &line["steps"]), (1, &13.into()));
    let (status, line) = check(&["hello", "--break", "shared-ballots", "--values", "2"]);
    assert_eq!((status, &line["steps"]), (1, &9.into()));
}

#[test]
fn a_saved_counterexample_plays_to_the_violation() {
    let folder = std::env::temp_dir().join(format!("paxos-check-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("found.json");
    let file = file.to_str().unwrap();
    let (status, out, _) = run(
        &["check", "--break", "own-value-always", "--save", file],
        "",
    );
    assert_eq!(status, 1);
    assert!(out.contains("violated: agreement, in 12 steps"), "{out}");
    let (status, played, _) = run(&["run", file], "");
    std::fs::remove_dir_all(folder).unwrap();
    // The scenario expects the violation, so it comes out as expected.
    assert_eq!(status, 0, "{played}");
    assert!(played.contains("violated: agreement"), "{played}");
}

#[test]
fn a_mistake_that_takes_more_ballots_is_said_to() {
    let (status, out, _) = run(&["check", "--break", "accept-keeps-promise"], "");
    assert_eq!(status, 0);
    assert!(
        out.ends_with("takes 3 ballots to show: try --ballots 3\n"),
        "{out}"
    );
}

#[test]
fn nothing_but_the_result_is_printed_into_a_pipe() {
    let (_, out, err) = run(&["check", "--ballots", "4"], "");
    assert_eq!(err, "");
    assert!(!out.contains('\r'), "{out:?}");
}

#[test]
fn bad_input_names_the_option_and_the_limit() {
    let known = [
        (
            &["--acceptors", "0"][..],
            "--acceptors is 0, and must be from 1 to 32",
        ),
        (
            &["--acceptors", "100000"],
            "--acceptors is 100000, and must be from 1 to 32",
        ),
        (
            &["--values", "17"],
            "--values is 17, and must be from 1 to 16",
        ),
        (
            &["--ballots", "0"],
            "--ballots is 0, and must be from 1 to 16",
        ),
        (&["--phase1", "4"], "--phase1 is 4, and must be from 1 to 3"),
        (&["--phase2", "0"], "--phase2 is 0, and must be from 1 to 3"),
        (
            &["--acceptors", "three"],
            "--acceptors is \"three\", and must be a whole number",
        ),
        (
            &["--acceptors", "-1"],
            "--acceptors is \"-1\", and must be a whole number",
        ),
        (
            &["--threads", "0"],
            "--threads is 0, and must be a whole number from 1 to 256",
        ),
        (
            &["--max-states", "0"],
            "--max-states is 0, and must be a whole number from 1 to 4294967295",
        ),
        (
            &["hello", "--ballots", "99"],
            "--ballots is 99, and must be from 1 to 16",
        ),
        (
            &["hello", "--acceptors", "3"],
            "--acceptors cannot be combined with a scenario, which has its own",
        ),
        (
            &["no-such-file.json"],
            "no-such-file.json: there is no such file, and no built-in scenario with this id",
        ),
        (
            &["--symmetry", "values", "--values", "7"],
            "--values is 7, and must be from 1 to 6",
        ),
    ];
    for (args, sentence) in known {
        assert_eq!(refused(args), sentence);
    }
    let wide = refused(&["--acceptors", "32", "--ballots", "16"]);
    assert!(
        wide.starts_with("--ballots, ") && wide.contains("at most 256"),
        "{wide}"
    );
    let rule = refused(&["--break", "gravity"]);
    assert!(rule.starts_with("--break is \"gravity\", and must be one of shared-ballots, "));
    let property = refused(&["--property", "liveness"]);
    assert!(property.starts_with("--property is \"liveness\", and must be one of agreement, "));
    assert!(refused(&["--ballots"]).contains("--ballots"));
    assert!(refused(&["--speed"]).contains("--speed"));
}
