//! What commands read from their arguments.

use lexopt::Arg;
use lexopt::prelude::{Long, ValueExt as _};
use paxos_playground::checker::{ModelError, Property};
use paxos_playground::protocol::{Invariant, Rule};
use paxos_playground::scenario::Question;

/// The option of this argument, if it is one that every command with a question has.
pub fn of_a_question(arg: &Arg) -> Option<&'static str> {
    let known = ["values", "ballots", "phase1", "phase2", "break", "property"];
    known.into_iter().find(|known| *arg == Long(known))
}

/// Reads what such an option says.
pub fn read_into(
    question: &mut Question,
    option: &'static str,
    args: &mut lexopt::Parser,
) -> Result<(), String> {
    let number = match option {
        "break" => {
            let known = Rule::ALL.map(Rule::name);
            question
                .broken
                .push(named(option, args, Rule::named, &known)?);
            return Ok(());
        }
        "property" => {
            let known = Invariant::ALL.into_iter().map(Invariant::name);
            let known: Vec<_> = known.chain(["all"]).collect();
            question.property = Some(named(option, args, Property::named, &known)?);
            return Ok(());
        }
        "values" => &mut question.values,
        "ballots" => &mut question.ballots,
        "phase1" => &mut question.phase1,
        _ => &mut question.phase2,
    };
    *number = Some(small(option, args)?);
    Ok(())
}

/// A number from 1 to `most`.
pub fn number(option: &str, args: &mut lexopt::Parser, most: u64) -> Result<u64, String> {
    let text = args.value().map_err(|error| error.to_string())?;
    let shown = text.to_string_lossy().into_owned();
    let range = format!("must be a whole number from 1 to {most}");
    let number = text.parse::<u64>();
    let number = number.map_err(|_| format!("--{option} is {shown:?}, and {range}"))?;
    if number == 0 || number > most {
        return Err(format!("--{option} is {number}, and {range}"));
    }
    Ok(number)
}

/// A number of the model, which says itself what the range is.
pub fn small(option: &'static str, args: &mut lexopt::Parser) -> Result<u32, String> {
    let text = args.value().map_err(|error| error.to_string())?;
    let shown = text.to_string_lossy().into_owned();
    let number = text.parse::<u64>();
    let number =
        number.map_err(|_| format!("--{option} is {shown:?}, and must be a whole number"))?;
    // What does not fit is out of any range.
    Ok(u32::try_from(number).unwrap_or(u32::MAX))
}

/// A word of these.
pub fn named<T>(
    option: &str,
    args: &mut lexopt::Parser,
    find: fn(&str) -> Option<T>,
    known: &[&str],
) -> Result<T, String> {
    let text = args.value().map_err(|error| error.to_string())?;
    let shown = text.to_string_lossy();
    let found = find(&shown);
    found.ok_or_else(|| {
        format!(
            "--{option} is {shown:?}, and must be one of {}",
            known.join(", ")
        )
    })
}

/// The fields of a model are the options of the same names.
pub fn option(error: ModelError) -> String {
    format!("--{error}")
}
