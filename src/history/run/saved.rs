//! A run as text: the choices that were made, from which all else follows.

use std::fmt::Write;
use std::sync::Arc;

use crate::cluster::Millis;
use crate::scenario::fields::{Field, Read};
use crate::scenario::json::quote;
use crate::scenario::{Place, Scenario, ScenarioError};

use super::super::branch::{Branch, BranchId};
use super::super::line::{Position, Recorded};
use super::super::log::Log;
use super::Run;

/// Branches of a run that are read.
const BRANCHES: usize = 200;
/// Steps of all branches together that are played again.
const STEPS: u64 = 2_000_000;
/// Bytes of the scenario, and of the commands of a branch.
const TEXT: usize = crate::scenario::limits::FILE;
/// Commands of a branch.
const COMMANDS: usize = crate::scenario::limits::SCRIPT;

/// No time that is read is later.
const LATEST: u64 = 1 << 53;

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
        into.push('}');
    }

    /// Reads a run and plays it again.
    pub(in super::super) fn restore(field: &Field) -> Read<Self> {
        let object = field.object(&["scenario", "branches", "shown", "cursor"])?;
        let scenario = object.need("scenario")?;
        let scenario = match Scenario::parse(scenario.text(TEXT)?) {
            Ok(found) => Arc::new(found),
            Err(error) => return scenario.wrong(format_args!("is no scenario: {error}")),
        };
        let shown = object.need("shown")?;
        let wanted = BranchId(shown.small(0..=u32::MAX - 1)?);
        let list = object.need("branches")?;
        let mut branches: Vec<Branch> = Vec::new();
        let mut found = None;
        let mut budget = STEPS;
        for item in list.items(BRANCHES)? {
            let field = item.of(&list);
            let mut run = branch(&field, &scenario, &mut budget)?;
            let mut read = Branch::first();
            std::mem::swap(&mut read, &mut run.branches[0]);
            if branches.last().is_some_and(|last| last.id >= read.id) {
                return field.wrong("has an id that is not above those before it");
            }
            if read.id == wanted {
                found = Some((branches.len(), run));
            }
            branches.push(read);
        }
        let Some((index, mut run)) = found else {
            return shown.wrong("is no branch");
        };
        run.next_branch = branches.last().map_or(1, |last| last.id.0 + 1);
        run.branches = branches;
        run.shown = index;
        let [cursor] = places(&object.need("cursor")?)?;
        run.seek_to(cursor);
        Ok(run)
    }
}

/// A run that has only this branch, played to its end.
fn branch(field: &Field, scenario: &Arc<Scenario>, budget: &mut u64) -> Read<Run> {
    let object = field.object(&["id", "name", "parent", "places", "script", "steps"])?;
    let mut run = match Run::new(scenario.clone()) {
        Ok(run) => run,
        Err(error) => return field.wrong(format_args!("cannot be run: {error}")),
    };
    let mut commands = Log::default();
    if let Some(script) = object.get("script") {
        let read: Result<Scenario, ScenarioError> = Scenario::parse(script.text(TEXT)?);
        let read = match read {
            Ok(read) => read.script,
            Err(error) => return script.wrong(format_args!("cannot be read: {error}")),
        };
        let steps = object.need("steps")?;
        let numbers = numbers(&steps, 2 * COMMANDS)?;
        if numbers.len() != 2 * read.len() {
            return steps.wrong("has not two numbers for each command");
        }
        for ((time, command), numbers) in read.into_iter().zip(numbers.chunks(2)) {
            let at = Position {
                steps: numbers[0],
                time,
            };
            drive(&mut run, at, &steps, budget)?;
            run.apply(command.clone());
            *budget = budget.saturating_sub(1);
            let opened_from = numbers[1].checked_sub(1).map(|id| BranchId(id as u32));
            commands.push(Recorded {
                at,
                command,
                opened_from,
            });
        }
    }
    let marks = object.need("places")?;
    let [fork, end, left_at] = places(&marks)?;
    drive(&mut run, end, &marks, budget)?;
    let small = |field: Field| field.small(0..=u32::MAX - 1).map(BranchId);
    let read = &mut run.branches[0];
    read.id = small(object.need("id")?)?;
    read.parent = object.get("parent").map(small).transpose()?;
    if let Some(name) = object.get("name") {
        read.rename(name.text(TEXT)?);
    }
    read.commands = commands;
    read.fork = fork;
    read.left_at = left_at;
    Ok(run)
}

/// Plays on to a place that was seen before.
fn drive(run: &mut Run, to: Position, field: &Field, budget: &mut u64) -> Read<()> {
    while run.cursor.steps < to.steps {
        if *budget == 0 {
            return field.wrong(format_args!("has more than {STEPS} steps"));
        }
        *budget -= 1;
        if !run.step() {
            return field.wrong("has more steps than there is to happen");
        }
    }
    let early = run.cluster.next_due().is_some_and(|due| due <= to.time);
    if run.cursor.steps > to.steps || run.cursor.time > to.time {
        return field.wrong("goes back in time");
    }
    if run.cursor.time < to.time {
        if early {
            return field.wrong("skips what is due");
        }
        run.run_until(to.time);
    }
    Ok(())
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
