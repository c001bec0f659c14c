//! `paxos export`.

use std::fs;
use std::path::PathBuf;

use paxos_playground::scenario::export::Format;

use super::run;

/// A folder of this test's own, empty.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn every_format_goes_to_standard_output() {
    for format in Format::ALL {
        let (status, out, err) = run(&["export", "hello", "--as", format.name()], "");
        assert_eq!((status, err.as_str()), (0, ""), "{format:?}");
        assert!(out.contains("Hello") && out.ends_with('\n'), "{format:?}");
    }
}

#[test]
fn a_violation_is_exported_like_anything_else() {
    let (status, out, _) = run(&["export", "amnesia", "--as", "mermaid"], "");
    assert_eq!(status, 0);
    assert!(out.contains("An invariant is broken"), "{out}");
}

#[test]
fn a_scenario_comes_from_standard_input_and_what_is_exported_plays() {
    let (_, hello, _) = run(&["export", "hello", "--as", "scenario"], "");
    let (status, again, _) = run(&["export", "-", "--as", "scenario"], &hello);
    assert_eq!((status, &again), (0, &hello));
    let (status, out, _) = run(&["run", "-"], &hello);
    assert_eq!(status, 0, "{out}");
}

#[test]
fn a_file_is_written_where_it_is_wanted() {
    let folder = folder("export-file");
    let (path, inside) = (folder.join("x.svg"), folder.join("hello.svg"));
    let (svg, into) = (path.to_str().unwrap(), folder.to_str().unwrap());
    let (_, text, _) = run(&["export", "hello", "--as", "svg"], "");
    for (out, written) in [(svg, &path), (into, &inside)] {
        let (status, said, err) = run(&["export", "hello", "--as", "svg", "--out", out], "");
        assert_eq!((status, said.as_str(), err.as_str()), (0, "", ""));
        assert_eq!(fs::read_to_string(written).unwrap(), text);
    }
}

#[test]
fn a_model_is_two_files_in_a_folder() {
    let folder = folder("export-model").join("new");
    let out = folder.to_str().unwrap();
    let args = ["export", "hello", "--as", "tla", "--ballots", "3", "--out"];
    let options = ["--values", "2", "--break", "any-vote", "--property", "all"];
    let args = [&args[..], &[out], &options].concat();
    assert_eq!(run(&args, ""), (0, String::new(), String::new()));
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let module = read("PaxosHello.tla");
    assert!(module.contains("\nBallots == 0..2\n"), "{module}");
    assert!(module.contains("\n\\* Broken rule: any-vote.\n"));
    assert!(module.contains("\nValues == {\"Hello\", \"World\"}\n"));
    assert!(read("PaxosHello.cfg").contains("\nPROPERTY AcceptIsSafe\n"));
}

#[test]
fn what_is_wrong_is_said_in_one_sentence() {
    let missing = folder("export-wrong").join("none/x.svg");
    let missing = missing.to_str().unwrap();
    for (args, why) in [
        (
            &["export"][..],
            "the scenario is missing; `paxos export --help` says how",
        ),
        (
            &["export", "hello"],
            "--as is missing; `paxos export --help` lists the formats",
        ),
        (
            &["export", "hello", "--as", "pdf"],
            "--as is \"pdf\", and must be one of mermaid, svg, itf, shiviz, tla, scenario",
        ),
        (
            &["export", "hello", "--as", "svg", "--ballots", "3"],
            "--ballots is for --as tla, and the format is svg",
        ),
        (
            &["export", "hello", "--as", "tla", "--ballots", "17"],
            "--ballots is 17, and must be from 1 to 16",
        ),
        (
            &["export", "nobody", "--as", "svg"],
            "nobody: there is no such file, and no built-in scenario with this id",
        ),
        (
            &["export", "hello", "--as", "svg", "--out", missing],
            &format!("--out: {missing}: No such file or directory (os error 2)"),
        ),
    ] {
        let expected = (2, String::new(), format!("paxos: {why}\n"));
        assert_eq!(run(args, ""), expected);
    }
}

#[test]
fn help_lists_the_formats() {
    let (status, out, _) = run(&["export", "--help"], "");
    assert_eq!(status, 0);
    for format in Format::ALL {
        assert!(out.contains(&format!("  {:<12}", format.name())));
    }
}
