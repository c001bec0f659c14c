//! `paxos export`.

use std::path::{Path, PathBuf};

use lexopt::prelude::{Long, Short, Value};
use paxos_playground::scenario::Question;
use paxos_playground::scenario::export::{ExportError, ExportFile, Format, Played, export};

use super::Status;
use super::file::read;
use super::options::{named, of_a_question, option, read_into};
use super::run::print;

const HELP: &str = "\
Play a scenario to its end and write it for another tool.

Usage: paxos export <file or id> --as <format> [options]

Arguments:
  <file or id>    a scenario file, `-` for standard input, or the id of a built-in scenario

Options:
      --as <format>       which format, see below
      --out <path>        write to this file, or into this folder under a name of its own;
                          without it the export goes to standard output (of tla the module only)
  -h, --help              this text

Only for tla, as for `paxos check`:
      --ballots <n>       how many ballots (one for each proposal, from 2 to 4)
      --values <n>        how many values; any ballot may propose any of them then
      --phase1 <n>        how many promises phase 1 needs
      --phase2 <n>        how many votes phase 2 needs
      --break <rule>      without this rule of Paxos; may be given more than once
      --property <name>   what is to hold (agreement); `all` is every invariant

tla is two files, the module and its configuration, each named like the module: --out is a folder
then, which is made if it is not there.

Exit status:
  0    the export is written, whatever comes out of the scenario
  2    bad input, or the export cannot be written

Formats:
";

/// What was asked for.
#[derive(Default)]
struct Request {
    source: Option<PathBuf>,
    format: Option<Format>,
    out: Option<PathBuf>,
    question: Question,
    /// An option that only a model has.
    of_a_model: Option<&'static str>,
}

/// Read the arguments after `export` and do what they say.
pub fn command(args: lexopt::Parser) -> Result<Status, String> {
    let Some(request) = request(args)? else {
        return print(&help());
    };
    let source = request.source;
    let source = source.ok_or("the scenario is missing; `paxos export --help` says how")?;
    let format = request.format;
    let format = format.ok_or("--as is missing; `paxos export --help` lists the formats")?;
    if let Some(option) = request.of_a_model.filter(|_| format != Format::Tla) {
        let name = format.name();
        return Err(format!(
            "--{option} is for --as tla, and the format is {name}"
        ));
    }
    let scenario = read(&source)?;
    let played = Played::of(scenario).map_err(|why| why.to_string())?;
    let files = export(format, &played, &request.question).map_err(|error| match error {
        ExportError::Model(error) => option(error),
        other => other.to_string(),
    })?;
    match &request.out {
        Some(path) => write(path, &files),
        None => print(files.first().map_or("", |file| &file.text)),
    }
}

/// Write one file to this path, or into this folder under its own name; several into a folder.
fn write(path: &Path, files: &[ExportFile]) -> Result<Status, String> {
    let said = |path: &Path, why: std::io::Error| format!("--out: {}: {why}", path.display());
    if files.len() > 1 {
        std::fs::create_dir_all(path).map_err(|why| said(path, why))?;
    }
    let folder = path.is_dir();
    for file in files {
        let path = match folder {
            true => path.join(&file.name),
            false => path.to_owned(),
        };
        std::fs::write(&path, &file.text).map_err(|why| said(&path, why))?;
    }
    Ok(Status::AsExpected)
}

fn help() -> String {
    let formats = Format::ALL.into_iter();
    let formats = formats.map(|known| format!("  {:<12}{}\n", known.name(), known.meaning()));
    HELP.to_owned() + &formats.collect::<String>()
}

/// The arguments; `None` if they ask for help.
fn request(mut args: lexopt::Parser) -> Result<Option<Request>, String> {
    let mut request = Request::default();
    while let Some(arg) = args.next().map_err(|error| error.to_string())? {
        if let Some(option) = of_a_question(&arg) {
            request.of_a_model = Some(option);
            read_into(&mut request.question, option, &mut args)?;
            continue;
        }
        match arg {
            Long("as") => {
                let known = Format::ALL.map(Format::name);
                request.format = Some(named("as", &mut args, Format::named, &known)?);
            }
            Long("out") => {
                let path = args.value().map_err(|error| error.to_string())?;
                request.out = Some(path.into());
            }
            Short('h') | Long("help") => return Ok(None),
            Value(value) if request.source.is_none() => request.source = Some(value.into()),
            other => return Err(other.unexpected().to_string()),
        }
    }
    Ok(Some(request))
}
