//! A run as text: the choices that were made, from which all else follows.

use std::fmt::Write;
use std::sync::Arc;

use crate::cluster::Millis;
use crate::scenario::fields::{Field, Read};
use crate::scenario::json::quote;
use crate::scenario::limits::{KEPT, LATEST};
use crate::scenario::{Place, Scenario, ScenarioError};

use super::super::branch::{Branch, BranchId};
use super::super::line::{Position, Recorded};
use super::super::log::Log;
use super::Run;
use super::rebuilt::{Choices, Playing, Wrong};

impl Run {
    /// Writes the run, with its processes where they stand now.
    pub(in super::super) fn save(&self, places: &[Place], into: &mut String) {
        let mut scenario = Scenario::clone(&self.scenario);
        if places.len() == scenario.places.len() {
            scenario.places = places.to_vec();
        }
        into.push_str("{\"scenario\":");
        quote(into, &scenario.to_json());
        into.push_str(",\"branches\":[");
        for (index, branch) in self.branches.iter().enumerate() {
            into.push_str(if index == 0 { "\n" } else { ",\n" });
            let _ = write!(into, "{{\"id\":{}", branch.id.0);
            if let Some(name) = &branch.name {
                into.push_str(",\"name\":");
                quote(into, name);
            }
            if let Some(parent) = branch.parent {
                let _ = write!(into, ",\"parent\":{}", parent.0);
            }
            into.push_str(",\"places\":");
            let places = [branch.fork, branch.end, branch.left_at];
            list(into, places.iter().flat_map(|at| [at.steps, at.time.0]));
            if branch.commands.len() > 0 {
                let commands = || branch.commands.range(0..branch.commands.len());
                // The commands are the script of a scenario with the same processes.
                let mut script = Scenario::new(scenario.setup.clone(), Vec::new());
                let entry = |recorded: &Recorded| (recorded.at.time, recorded.command.clone());
                script.script = commands().map(entry).collect();
                into.push_str(",\"script\":");
                quote(into, &script.to_json());
                into.push_str(",\"steps\":");
                let opened = |id: Option<BranchId>| id.map_or(0, |id| u64::from(id.0) + 1);
                list(
                    into,
                    commands()
                        .flat_map(|recorded| [recorded.at.steps, opened(recorded.opened_from)]),
                );
            }
            into.push('}');
        }
        let _ = write!(into, "],\"shown\":{},\"cursor\":", self.branch().id.0);
        list(into, [self.cursor.steps, self.cursor.time.0].into_iter());
        if let Some(cut) = self.cut {
            into.push_str(",\"cut\":");
            list(into, [cut.steps, cut.time.0].into_iter());
        }
        into.push('}');
    }

    /// Reads a run and plays it again.
    pub(in super::super) fn restore(field: &Field, playing: &mut Playing) -> Read<Self> {
        let object = field.object(&["scenario", "branches", "shown", "cursor", "cut"])?;
        let scenario = object.need("scenario")?;
        let scenario = match Scenario::parse_unfinished(scenario.text(KEPT)?) {
            Ok(found) => Arc::new(found),
            Err(error) => return scenario.wrong(format_args!("is no scenario: {error}")),
        };
        let shown = object.need("shown")?;
        let list = object.need("branches")?;
        let branches = list.items(KEPT)?.map(|item| branch(&item.of(&list)));
        let [cursor] = places(&object.need("cursor")?)?;
        let cut = object.get("cut").map(|field| places::<1>(&field));
        let choices = Choices {
            cut: cut.transpose()?.map(|[cut]| cut),
            scenario,
            branches: branches.collect::<Read<_>>()?,
            shown: BranchId(shown.small(0..=BranchId::KEPT)?),
            cursor,
        };
        Run::rebuild(choices, playing).or_else(|Wrong { branch, why }| {
            let item = list.items(KEPT)?.nth(branch.unwrap_or(KEPT));
            match item {
                Some(item) => item.of(&list).wrong(why),
                None => shown.wrong(why),
            }
        })
    }
}

/// A branch as it is written.
fn branch(field: &Field) -> Read<Branch> {
    let object = field.object(&["id", "name", "parent", "places", "script", "steps"])?;
    let mut commands = Log::default();
    if let Some(script) = object.get("script") {
        let read: Result<Scenario, ScenarioError> = Scenario::parse_unfinished(script.text(KEPT)?);
        let read = match read {
            Ok(read) => read.script,
            Err(error) => return script.wrong(format_args!("cannot be read: {error}")),
        };
        let steps = object.need("steps")?;
        let numbers = numbers(&steps, KEPT)?;
        if numbers.len() != 2 * read.len() {
            return steps.wrong("has not two numbers for each command");
        }
        for ((time, command), numbers) in read.into_iter().zip(numbers.chunks(2)) {
            let at = Position {
                steps: numbers[0],
                time,
            };
            let opened_from = numbers[1].checked_sub(1).map(|id| BranchId(id as u32));
            commands.push(Recorded {
                at,
                command,
                opened_from,
            });
        }
    }
    let [fork, end, left_at] = places(&object.need("places")?)?;
    let small = |field: Field| field.small(0..=BranchId::KEPT).map(BranchId);
    let mut read = Branch::first();
    read.id = small(object.need("id")?)?;
    read.parent = object.get("parent").map(small).transpose()?;
    if let Some(name) = object.get("name") {
        read.rename(name.text(KEPT)?);
    }
    read.commands = commands;
    read.fork = fork;
    read.end = end;
    read.left_at = left_at;
    Ok(read)
}

fn list(into: &mut String, numbers: impl Iterator<Item = u64>) {
    for (index, number) in numbers.enumerate() {
        let _ = write!(into, "{}{number}", if index == 0 { '[' } else { ',' });
    }
    into.push(']');
}

fn numbers(field: &Field, limit: usize) -> Read<Vec<u64>> {
    let items = field.items(limit)?;
    items.map(|item| item.of(field).whole(0..=LATEST)).collect()
}

fn places<const N: usize>(field: &Field) -> Read<[Position; N]> {
    let numbers = numbers(field, 2 * N)?;
    if numbers.len() != 2 * N {
        return field.wrong(format_args!("must have {} numbers", 2 * N));
    }
    Ok(std::array::from_fn(|index| Position {
        steps: numbers[2 * index],
        time: Millis(numbers[2 * index + 1]),
    }))
}
