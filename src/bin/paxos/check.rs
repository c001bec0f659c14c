//! `paxos check`.

use std::ffi::OsString;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use lexopt::prelude::{Long, Short, Value};
use paxos_playground::checker::{
    Cast, Limits, Model, ModelError, Outcome, Progress, Symmetry, Verdict, search_on,
};
use paxos_playground::protocol::{Invariant, Rule};
use paxos_playground::scenario::{Question, Report, counterexample};

use super::Status;
use super::file::read;
use super::options::{named, number, of_a_question, option, read_into, small};
use super::run::print;

const HELP: &str = "\
Try every schedule of a cluster: every order, delay, loss and duplication of its messages.

Usage: paxos check --acceptors <n> --values <n> --ballots <n> [options]
       paxos check <file or id> [options]

The model is Lamport's TLA+ module Paxos: every message that was sent can be received at any time,
any number of times, or never. Without a file any ballot may propose any value. With one, the
acceptors, quorums, broken rules and proposals are the scenario's, and the ballots go round its
proposers.

Options:
      --acceptors <n>     how many acceptors (3)
      --values <n>        how many values (2); with a file: any ballot may propose any of them
      --ballots <n>       how many ballots (2); with a file one for each proposal, from 2 to 4
      --phase1 <n>        how many promises phase 1 needs (a majority)
      --phase2 <n>        how many votes phase 2 needs (a majority)
      --break <rule>      without this rule of Paxos; may be given more than once
      --property <name>   what is to hold (agreement); `all` is every invariant
      --symmetry <name>   count states that differ only in names as one: none, acceptors, values, both
      --max-states <n>    give up after so many distinct states
      --max-memory <MiB>  give up before using more memory than this (4096)
      --threads <n>       how many threads (one for each core)
      --save <file>       write the counterexample, if there is one, as a scenario that plays
      --json              the result as one JSON object on one line
  -h, --help              this text

Exit status:
  0    the property holds in every schedule within these bounds
  1    it does not; the shortest way to break it is printed
  2    bad input
  3    incomplete: a limit was reached first

";

/// What was asked for.
#[derive(Default)]
struct Request {
    source: Option<OsString>,
    question: Question,
    limits: Limits,
    threads: Option<usize>,
    save: Option<PathBuf>,
    json: bool,
}

/// Read the arguments after `check` and do what they say.
pub fn command(args: lexopt::Parser) -> Result<Status, String> {
    let Some(request) = request(args)? else {
        return print(&help());
    };
    let scenario = match &request.source {
        Some(source) => Some(read(Path::new(source))?),
        None => None,
    };
    let (model, cast) = request.question.model(scenario.as_ref()).map_err(option)?;
    let begun = Instant::now();
    let outcome = explore(&model, &request).map_err(option)?;
    let seconds = begun.elapsed().as_secs_f64();
    let saved = match (&request.save, &outcome.verdict) {
        (Some(path), Verdict::Violated { invariant, trace }) => {
            let found = match &scenario {
                Some(scenario) => scenario.counterexample(&model, trace, *invariant, &cast),
                None => counterexample(&model, trace, *invariant, &cast),
            };
            let text = found.map_err(|why| why.to_string())?.to_json();
            let written = std::fs::write(path, text);
            written.map_err(|why| format!("--save: {}: {why}", path.display()))?;
            Some(path.as_path())
        }
        _ => None,
    };
    let text = match request.json {
        true => json(&Report::of(&model, &cast, &outcome, seconds)),
        false => words(&model, &cast, &outcome, seconds, saved),
    };
    print(&text)?;
    Ok(match outcome.verdict {
        Verdict::Holds => Status::AsExpected,
        Verdict::Violated { .. } => Status::NotAsExpected,
        Verdict::Incomplete(_) => Status::Incomplete,
    })
}

fn help() -> String {
    let rules = Rule::ALL
        .into_iter()
        .map(|rule| format!("  {:<26}{}\n", rule.name(), rule.meaning()));
    let invariants = Invariant::ALL.into_iter();
    let invariants = invariants.map(|known| format!("  {:<26}{}\n", known.name(), known.meaning()));
    let (rules, invariants): (String, String) = (rules.collect(), invariants.collect());
    format!("{HELP}Rules:\n{rules}\nProperties:\n{invariants}")
}

/// The arguments; `None` if they ask for help.
fn request(mut args: lexopt::Parser) -> Result<Option<Request>, String> {
    let mut request = Request::default();
    let question = &mut request.question;
    while let Some(arg) = args.next().map_err(|error| error.to_string())? {
        if let Some(option) = of_a_question(&arg) {
            read_into(question, option, &mut args)?;
            continue;
        }
        match arg {
            Long("acceptors") => question.acceptors = Some(small("acceptors", &mut args)?),
            Long("symmetry") => {
                let known = ["none", "acceptors", "values", "both"];
                question.symmetry = named("symmetry", &mut args, Symmetry::named, &known)?;
            }
            Long("max-states") => {
                let most = Limits::default().states;
                request.limits.states = number("max-states", &mut args, most)?;
            }
            Long("max-memory") => {
                let mebibytes = number("max-memory", &mut args, 1 << 24)?;
                request.limits.bytes = mebibytes << 20;
            }
            Long("threads") => {
                request.threads = Some(number("threads", &mut args, 256)? as usize);
            }
            Long("save") => {
                let path = args.value().map_err(|error| error.to_string())?;
                request.save = Some(path.into());
            }
            Long("json") => request.json = true,
            Short('h') | Long("help") => return Ok(None),
            Value(value) if request.source.is_none() => request.source = Some(value),
            other => return Err(other.unexpected().to_string()),
        }
    }
    Ok(Some(request))
}

/// States expanded between two looks at the clock.
const TURN: usize = 100_000;

fn explore(model: &Model, request: &Request) -> Result<Outcome, ModelError> {
    let cores = || available_parallelism().map_or(1, usize::from);
    let threads = request.threads.unwrap_or_else(cores);
    let mut search = search_on(threads, model, request.limits)?;
    let (begun, mut told) = (Instant::now(), Instant::now());
    let terminal = io::stderr().is_terminal();
    let verdict = loop {
        if let Some(verdict) = search.advance(TURN) {
            break verdict;
        }
        if terminal && told.elapsed() > Duration::from_millis(200) {
            told = Instant::now();
            let Progress {
                distinct,
                depth,
                frontier,
                ..
            } = search.progress();
            let rate = distinct as f64 / begun.elapsed().as_secs_f64() / 1e6;
            eprint!("\r{distinct} states, {rate:.1} million/s, depth {depth}, {frontier} to go  ");
        }
    };
    if terminal {
        eprint!("\r\x1b[K");
        // Whether or not it could be cleared, the result follows.
        let _ = io::stderr().flush();
    }
    Ok(Outcome {
        verdict,
        progress: search.progress(),
    })
}

fn json(report: &Report) -> String {
    let line = serde_json::to_string(report);
    line.expect("strings and numbers are always JSON") + "\n"
}

fn words(
    model: &Model,
    cast: &Cast,
    outcome: &Outcome,
    seconds: f64,
    saved: Option<&Path>,
) -> String {
    let Progress {
        distinct,
        generated,
        depth,
        frontier,
        bytes,
    } = outcome.progress;
    let Model {
        acceptors,
        values,
        ballots,
        phase1,
        phase2,
        ..
    } = *model;
    let property = model.property.name();
    let mut text = format!(
        "acceptors {acceptors}, values {values}, ballots {ballots}, quorums {phase1} and {phase2}\n"
    );
    if model.wishes.is_some() {
        text += &format!("one ballot each: {}\n", cast.proposers.join(", "));
    }
    for rule in model.rules.broken() {
        text += &format!("broken rule: {}\n", rule.name());
    }
    if model.symmetry != Symmetry::NONE {
        let symmetry = model.symmetry.name();
        text += &format!("symmetry: {symmetry}; states that differ only in names count once\n");
    }
    text += &match &outcome.verdict {
        Verdict::Holds => {
            format!("holds: {property}, in every schedule of up to {ballots} ballots\n")
        }
        Verdict::Violated { invariant, trace } => {
            let name = invariant.name();
            format!("violated: {name}, in {} steps and no fewer\n", trace.len())
        }
        Verdict::Incomplete(stop) => format!(
            "incomplete: {} was reached; {property} holds in the {distinct} states found, among \
             them all that take at most {} steps\n",
            stop.name(),
            depth - 1
        ),
    };
    text += &format!(
        "{distinct} distinct states, {generated} generated, depth {depth}, {frontier} left\n\
         {seconds:.3} s, {:.2} million distinct states/s, {} MiB\n",
        distinct as f64 / seconds / 1e6,
        bytes.div_ceil(1 << 20)
    );
    match &outcome.verdict {
        Verdict::Violated { trace, .. } => {
            text.push('\n');
            for (number, action) in (1..).zip(trace) {
                text += &format!("{number:>4}  {}\n", cast.says(action));
            }
        }
        Verdict::Holds => {
            if let Some((rule, more)) = model.takes_more_ballots() {
                let rule = rule.name();
                text += &format!("\n{rule} takes {more} ballots to show: try --ballots {more}\n");
            }
        }
        Verdict::Incomplete(_) => {}
    }
    if let Some(path) = saved {
        let path = path.display();
        text += &format!("\nsaved: {path}; `paxos run {path}` plays it\n");
    }
    text
}
