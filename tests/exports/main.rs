//! Exports: what each format wants is kept, whatever users typed, and `hello` is written down.
//!
//! `UPDATE_PLAYS=1 cargo test --test exports` writes the files beside this one anew after a change
//! that is meant, to be reviewed like code. `script/validate-exports` gives exports to the real
//! tools.

mod itf;
mod sessions;
mod shiviz;
#[path = "../support/mod.rs"]
mod support;
mod text;

use std::fs;
use std::path::Path;

use paxos_playground::scenario::export::{ExportFile, Format, Played, export};
use paxos_playground::scenario::{BUILT_IN, Question, Scenario, built_in};

fn files(played: &Played, format: Format) -> Vec<ExportFile> {
    export(format, played, &Question::default()).unwrap_or_else(|why| panic!("{format:?}: {why}"))
}

/// The only file, or the first.
fn written(played: &Played, format: Format) -> String {
    let mut files = files(played, format).into_iter();
    files.next().expect("there is a file").text
}

fn play(id: &str) -> Played {
    Played::of(built_in(id).unwrap()).unwrap()
}

/// Every scenario of the library, and one in which everything has an awkward name.
fn all() -> impl Iterator<Item = (&'static str, Played)> {
    let built_in = BUILT_IN.iter().map(|(id, _)| (*id, play(id)));
    built_in.chain([("awkward", awkward())])
}

/// Names and values that mean something to other tools. `script/validate-exports` has it too.
pub const AWKWARD: &str = include_str!("awkward.json");

fn awkward() -> Played {
    Played::of(Scenario::parse(AWKWARD).unwrap()).unwrap()
}

#[test]
fn hello_is_written_down_in_every_format() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exports");
    let update = std::env::var_os("UPDATE_PLAYS").is_some();
    for format in Format::ALL {
        for ExportFile { name, text, .. } in files(&play("hello"), format) {
            let path = folder.join(&name);
            if update {
                fs::write(&path, &text).unwrap();
            }
            let known = fs::read_to_string(&path).unwrap_or_default();
            let name = format.name();
            assert!(
                text == known,
                "compare with `paxos export hello --as {name}`"
            );
        }
    }
}

#[test]
fn every_format_has_a_name_of_its_own_and_every_file_one_that_is_safe() {
    for format in Format::ALL {
        assert_eq!(Format::named(format.name()), Some(format));
        for file in files(&awkward(), format) {
            let safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
            assert!(file.name.chars().all(safe), "{}", file.name);
            assert!(file.media_type.contains('/'));
            assert!(file.text.ends_with('\n'));
        }
    }
    assert_eq!(Format::named("pdf"), None);
}
