//! Every play of `tests/plays` gives the events that are written in it.
//!
//! After a change that is meant, `UPDATE_PLAYS=1 cargo test --test plays` writes them anew, to be
//! reviewed like code.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use paxos_playground::scenario::built_in;
use support::play::{ALL, Play};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plays")
}

#[test]
fn every_play_gives_the_events_that_are_written_in_it() {
    let update = std::env::var_os("UPDATE_PLAYS").is_some();
    let mut wrong = String::new();
    for (name, _) in ALL {
        // From the file, for what was compiled in may be older than an update.
        let path = folder().join(name).with_extension("play");
        let written = fs::read_to_string(&path).unwrap();
        let play = Play::parse(&written).unwrap_or_else(|why| panic!("{name}.play, {why}"));
        let happened = play.perform();
        if update {
            fs::write(&path, happened).unwrap();
        } else if happened != written {
            wrong += &format!("\n{name}.play\n{}", difference(&written, &happened));
        }
    }
    assert!(
        wrong.is_empty(),
        "- is written, + is what happens{wrong}\n\
         If the change is meant: UPDATE_PLAYS=1 cargo test --test plays"
    );
}

#[test]
fn no_play_is_forgotten() {
    let files: BTreeSet<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let known = ALL.iter().map(|(name, _)| format!("{name}.play"));
    assert_eq!(files, known.collect());
}

#[test]
fn the_hello_play_is_the_scenario_that_the_page_opens_on() {
    let (_, text) = ALL[0];
    let play = Play::parse(text).unwrap();
    let hello = built_in("hello").unwrap();
    assert_eq!(play.setup, hello.setup);
    assert_eq!(play.script().collect::<Vec<_>>(), hello.script);
}

#[test]
fn a_play_that_cannot_be_read_says_where_and_why() {
    let why = |text: &str| Play::parse(text).err().unwrap();
    let cast = "processes: P proposer\n";
    assert!(why("colour: red").starts_with("line 1: unknown setting"));
    assert!(why("processes: P king").contains("king is no role"));
    assert!(why(&format!("{cast}> at 0 dance P")).starts_with("line 2: unknown command"));
    assert!(why(&format!("{cast}> at 0 crash Z")).contains("no such process"));
    assert!(why(&format!("{cast}> at 1 crash P\n> at 0 restart P")).contains("is later"));
}

#[test]
fn a_difference_shows_the_lines_around_it() {
    let shown = difference("a\nb\nc\nd\ne\nf\n", "a\nb\nc\nX\ne\nf\n");
    assert_eq!(shown, "  b\n  c\n- d\n+ X\n  e\n  f\n");
}

/// The lines that differ, between the lines that both begin and end with.
fn difference(written: &str, happened: &str) -> String {
    let written: Vec<&str> = written.lines().collect();
    let happened: Vec<&str> = happened.lines().collect();
    let both = written.iter().zip(&happened);
    let start = both.take_while(|(a, b)| a == b).count();
    let both = written[start..].iter().rev();
    let both = both.zip(happened[start..].iter().rev());
    let end = both.take_while(|(a, b)| a == b).count();
    let mark = |mark: &str, lines: &[&str]| -> String {
        lines
            .iter()
            .map(|line| format!("{mark} {line}\n"))
            .collect()
    };
    let after = written.len() - end;
    let context = 2;
    [
        mark(" ", &written[start.saturating_sub(context)..start]),
        mark("-", &written[start..after]),
        mark("+", &happened[start..happened.len() - end]),
        mark(" ", &written[after..(after + context).min(written.len())]),
    ]
    .concat()
}
