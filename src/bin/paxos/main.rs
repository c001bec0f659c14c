//! The command line: scenarios without a picture.
//!
//! | exit status | |
//! |---|---|
//! | 0 | what the scenario expects has come out |
//! | 1 | it has not: a violation, or another expectation that was missed |
//! | 2 | bad input, with one sentence on standard error |

#[cfg(not(target_arch = "wasm32"))]
mod events;
#[cfg(not(target_arch = "wasm32"))]
mod run;

#[cfg(not(target_arch = "wasm32"))]
const HELP: &str = "\
Single-decree Paxos on the command line.

Usage: paxos <command>

Commands:
  run     play a scenario and say what happens

Options:
  -h, --help       this text; `paxos <command> --help` says more
  -V, --version    the version

Exit status: 0 as expected, 1 not as expected, 2 bad input.
";

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    match command() {
        Ok(true) => 0.into(),
        Ok(false) => 1.into(),
        Err(why) => {
            eprintln!("paxos: {why}");
            2.into()
        }
    }
}

/// Whether everything came out as expected, or why nothing could be done.
#[cfg(not(target_arch = "wasm32"))]
fn command() -> Result<bool, String> {
    use lexopt::prelude::{Long, Short, Value};
    let mut args = lexopt::Parser::from_env();
    let first = args.next().map_err(|error| error.to_string())?;
    match first {
        Some(Value(name)) if name == "run" => run::command(args),
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
