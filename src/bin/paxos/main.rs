//! The command line: scenarios without a picture.
//!
//! | exit status | |
//! |---|---|
//! | 0 | what the scenario expects has come out; the property holds |
//! | 1 | it has not, it does not: a violation, or another expectation that was missed |
//! | 2 | bad input, with one sentence on standard error |
//! | 3 | a check that ended at a limit, before it was complete |

#[cfg(not(target_arch = "wasm32"))]
mod check;
#[cfg(not(target_arch = "wasm32"))]
mod export;
#[cfg(not(target_arch = "wasm32"))]
mod file;
#[cfg(not(target_arch = "wasm32"))]
mod options;
#[cfg(not(target_arch = "wasm32"))]
mod run;
#[cfg(not(target_arch = "wasm32"))]
mod summary;

#[cfg(not(target_arch = "wasm32"))]
const HELP: &str = "\
Single-decree Paxos on the command line.

Usage: paxos <command>

Commands:
  run      play a scenario and say what happens
  check    try every schedule: is it safe, or what is the shortest way to break it?
  export   play a scenario and write it for another tool: Mermaid, SVG, ITF, ShiViz, TLA+

Options:
  -h, --help       this text; `paxos <command> --help` says more
  -V, --version    the version

Exit status: 0 as expected, 1 not as expected, 2 bad input, 3 a check that was not complete.
";

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    match command() {
        Ok(status) => (status as u8).into(),
        Err(why) => {
            eprintln!("paxos: {why}");
            2.into()
        }
    }
}

/// What came out.
#[cfg(not(target_arch = "wasm32"))]
enum Status {
    AsExpected = 0,
    NotAsExpected = 1,
    Incomplete = 3,
}

/// What came out, or why nothing could be done.
#[cfg(not(target_arch = "wasm32"))]
fn command() -> Result<Status, String> {
    use lexopt::prelude::{Long, Short, Value};
    let mut args = lexopt::Parser::from_env();
    let first = args.next().map_err(|error| error.to_string())?;
    match first {
        Some(Value(name)) if name == "run" => run::command(args),
        Some(Value(name)) if name == "check" => check::command(args),
        Some(Value(name)) if name == "export" => export::command(args),
        Some(Value(name)) => Err(format!(
            "there is no command {name:?}; `paxos --help` lists them"
        )),
        Some(Short('h') | Long("help")) => run::print(HELP),
        Some(Short('V') | Long("version")) => {
            run::print(concat!("paxos ", env!("CARGO_PKG_VERSION"), "\n"))
        }
        Some(other) => Err(other.unexpected().to_string()),
        None => Err("a command is missing; `paxos --help` lists them".into()),
    }
}

/// In a browser there is no command line.
#[cfg(target_arch = "wasm32")]
fn main() {}
