//! `paxos run`.

use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::Path;

use lexopt::prelude::{Long, Short, Value};
use paxos_playground::cluster::{Cluster, Event, Names, shorten_value};
use paxos_playground::scenario::record::Record;
use paxos_playground::scenario::{BUILT_IN, Scenario, built_in};

use super::Status;
use super::file::read;
use super::summary::Summary;

const HELP: &str = "\
Play a scenario to its end and say what happens.

Usage: paxos run [--json] <file or id>

Arguments:
  <file or id>    a scenario file, `-` for standard input, or the id of a built-in scenario

Options:
      --json    one JSON object for each event, and a summary as the last one
  -h, --help    this text

Without --json each event is one line: its time in milliseconds and a sentence.

Exit status:
  0    what the scenario expects has come out, and no other invariant was violated
  1    an invariant was violated that the scenario does not expect, or an expectation was missed
  2    the scenario cannot be read

Built-in scenarios:
";

/// Read the arguments after `run` and do what they say.
pub fn command(mut args: lexopt::Parser) -> Result<Status, String> {
    let mut json = false;
    let mut source = None;
    while let Some(arg) = args.next().map_err(|error| error.to_string())? {
        match arg {
            Long("json") => json = true,
            Short('h') | Long("help") => return print(&help()),
            Value(value) if source.is_none() => source = Some(value),
            other => return Err(other.unexpected().to_string()),
        }
    }
    let source = source.ok_or("the scenario is missing; `paxos run --help` says how")?;
    let scenario = read(Path::new(&source))?;
    let mut out = BufWriter::new(io::stdout().lock());
    let played = match json {
        true => play_json(&scenario, &mut out),
        false => play_text(&scenario, &mut out),
    };
    match played.and_then(|met| out.flush().map(|()| met)) {
        Ok(true) => Ok(Status::AsExpected),
        Ok(false) => Ok(Status::NotAsExpected),
        // Whoever reads has seen enough, as in `paxos run hello | head`.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(Status::AsExpected),
        Err(error) => Err(format!("the output cannot be written: {error}")),
    }
}

/// Print a text that was asked for.
pub fn print(text: &str) -> Result<Status, String> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(format!("the output cannot be written: {error}"))
        }
        _ => Ok(Status::AsExpected),
    }
}

fn help() -> String {
    let lines = BUILT_IN.iter().filter_map(|(id, _)| built_in(id));
    let lines = lines.map(|scenario| format!("  {:<26}{}\n", scenario.id, scenario.title));
    HELP.to_owned() + &lines.collect::<String>()
}

/// Play, and hand over each step's events.
fn play(
    scenario: &Scenario,
    mut each: impl FnMut(&Cluster, &[Event]) -> io::Result<()>,
) -> io::Result<Cluster> {
    let mut written = Ok(());
    let cluster = scenario.play(|cluster, events| {
        if written.is_ok() {
            written = each(cluster, events);
        }
    });
    written?;
    cluster.map_err(io::Error::other)
}

fn play_text(scenario: &Scenario, out: &mut impl Write) -> io::Result<bool> {
    let setup = &scenario.setup;
    let cluster = play(scenario, |cluster, events| {
        let names = Names::new(setup, cluster);
        events
            .iter()
            .try_for_each(|Event { at, fact }| writeln!(out, "{:>7}  {}", at.0, names.fact(fact)))
    })?;
    let summary = Summary::of(scenario, &cluster);
    writeln!(out)?;
    match &summary.chosen {
        Some(value) => writeln!(out, "chosen: {}", shorten_value(value))?,
        None => writeln!(out, "chosen: nothing")?,
    }
    for violation in &summary.violations {
        let (invariant, at) = (violation.invariant, violation.at);
        writeln!(out, "violated: {invariant}, first at {at} ms")?;
    }
    if let Some(next) = summary.next {
        writeln!(
            out,
            "ended at {} ms: more would happen at {next} ms",
            scenario.until
        )?;
    }
    for sentence in &summary.never_sent {
        writeln!(out, "never sent: {sentence}")?;
    }
    for missed in &summary.missed {
        writeln!(out, "missed: {missed}")?;
    }
    Ok(summary.met)
}

fn play_json(scenario: &Scenario, out: &mut impl Write) -> io::Result<bool> {
    let setup = &scenario.setup;
    let cluster = play(scenario, |cluster, events| {
        events.iter().try_for_each(|event| {
            serde_json::to_writer(&mut *out, &Record::of(setup, cluster, event))?;
            writeln!(out)
        })
    })?;
    let summary = Summary::of(scenario, &cluster);
    serde_json::to_writer(&mut *out, &summary)?;
    writeln!(out)?;
    Ok(summary.met)
}
