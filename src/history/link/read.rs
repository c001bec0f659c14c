//! From what a link says to a run.

use std::sync::Arc;

use crate::cluster::{
    Chance, Command, DelayRange, Link, MessageId, Millis, NetworkChange, Nth, PrepareTo,
    ProcessSpec, Retry, Roles, Selector, Setup,
};
use crate::history::branch::Branch;
use crate::history::line::{Position, Recorded};
use crate::history::log::Log;
use crate::history::run::rebuilt::{Choices, Wrong};
use crate::history::{BranchId, Run};
use crate::protocol::{Amnesia, ProcessId, Rules};
use crate::scenario::{
    Expect, Expected, Note, Place, Scenario, ScenarioError, When, built_in, tidy,
};

use super::wire::{
    BACKOFFS, Cast, Deed, Future, Given, INVARIANTS, KINDS, Moment, OCCASIONS, Outcome, Planned,
    RULES, Settings, Spot, Story, Told, Way, Which, Whole, next_name,
};
use super::{LINK_PROCESSES, PLAYED};

type Read<T> = Result<T, ScenarioError>;

fn wrong<T>(what: &str) -> Read<T> {
    Err(ScenarioError(format!("the link's {what}")))
}

pub fn run(whole: Whole) -> Read<Run> {
    let values = whole.values.into_iter().map(Arc::from).collect();
    let library = built_in(&whole.story.id);
    let setup = setup(&whole.cast, &whole.settings)?;
    let reader = Reader {
        values,
        processes: setup.processes.len(),
    };
    let mut scenario = story(whole.story, library.as_ref())?;
    scenario.places = usual_places(library.as_ref(), &setup);
    move_places(&mut scenario.places, &whole.cast.moved)?;
    scenario.setup = setup;
    let mut at = 0;
    for Planned(after, deed) in whole.script {
        at = match u64::checked_add_signed(at, after) {
            Some(at) => at,
            None => return wrong("script has a time that is none"),
        };
        scenario.script.push((Millis(at), reader.command(deed)?));
    }
    let mut branches: Vec<Branch> = Vec::new();
    let mut given = Vec::new();
    for future in whole.branches {
        let branch = reader.branch(future, &branches, &mut given)?;
        branches.push(branch);
    }
    keeps_to_the_rules_of_files(&scenario, given)?;
    let Some(shown) = branches.get(whole.shown as usize) else {
        return wrong("branch that is to be shown is not there");
    };
    let choices = Choices {
        shown: shown.id,
        cursor: place(shown.end, &whole.cursor)?,
        cut: match whole.cut {
            Some(cut) => Some(place(shown.end, &cut)?),
            None => None,
        },
        scenario: Arc::new(scenario),
        branches,
    };
    Run::rebuild(choices, PLAYED).map_err(|Wrong { branch, why }| {
        let which = branch.map_or(0, |index| index + 1);
        ScenarioError(format!("the link's branch {which} {why}"))
    })
}

/// Where processes stand whom nobody has moved: as in the library's scenario those that are the
/// same there, and the others tidily.
pub fn usual_places(library: Option<&Scenario>, setup: &Setup) -> Vec<Place> {
    let mut places = tidy(&setup.processes);
    if let Some(library) = library {
        let known = library.setup.processes.iter().zip(&library.places);
        for ((spec, place), (known, usual)) in setup.processes.iter().zip(&mut places).zip(known) {
            if spec.name == known.name {
                *place = *usual;
            }
        }
    }
    places
}

/// What may stand in a file may stand in a link, and nothing else. The commands of the branches
/// are looked at as if they were all in the script.
fn keeps_to_the_rules_of_files(scenario: &Scenario, given: Vec<(Millis, Command)>) -> Read<()> {
    let mut all = scenario.clone();
    all.script.extend(given);
    match Scenario::parse(&all.to_json()) {
        Ok(_) => Ok(()),
        Err(ScenarioError(why)) => wrong(&format!("scenario is wrong: {why}")),
    }
}

fn story(story: Story, library: Option<&Scenario>) -> Read<Scenario> {
    let mut scenario = match library {
        Some(known) => Scenario {
            places: Vec::new(),
            script: Vec::new(),
            ..known.clone()
        },
        None => Scenario::new(Setup::default(), Vec::new()),
    };
    scenario.id = story.id;
    if let Some(title) = story.title {
        scenario.title = title;
    }
    if let Some(summary) = story.summary {
        scenario.summary = summary;
    }
    if let Some(notes) = story.notes {
        scenario.notes = notes.into_iter().map(note).collect::<Read<_>>()?;
    }
    if let Some(Outcome {
        chosen,
        learned,
        violation,
    }) = story.expect
    {
        let invariant = |place: u8| listed(&INVARIANTS, place, "expected violation");
        scenario.expect = Expect {
            chosen: expected(chosen.map(|its| its.map(Arc::from))),
            learned: expected(learned.map(|its| its.map(Arc::from))),
            violation: expected(match violation {
                Some(Some(place)) => Some(Some(invariant(place)?)),
                other => other.map(|_| None),
            }),
        };
    }
    if let Some(until) = story.until {
        scenario.until = Millis(until);
    }
    Ok(scenario)
}

fn note(told: Told) -> Read<Note> {
    let Told { when, title, text } = told;
    let when = match when {
        Moment::At(at) => When::At(Millis(at)),
        Moment::On(place) => When::On(listed(&OCCASIONS, place, "note")?),
    };
    Ok(Note { when, title, text })
}

fn expected<T>(said: Option<Option<T>>) -> Expected<T> {
    match said {
        None => Expected::Anything,
        Some(None) => Expected::Nothing,
        Some(Some(what)) => Expected::Just(what),
    }
}

fn setup(cast: &Cast, settings: &Settings) -> Read<Setup> {
    if cast.kinds.len() > LINK_PROCESSES {
        return wrong(&format!(
            "cast has {} processes, and {LINK_PROCESSES} is the limit",
            cast.kinds.len()
        ));
    }
    let mut processes: Vec<ProcessSpec> = Vec::new();
    let mut names = cast.names.iter();
    for kind in &cast.kinds {
        let [proposer, acceptor, learner, follows] = unpacked(*kind);
        let name = match follows {
            true => processes.last().and_then(|last| next_name(&last.name)),
            false => names.next().cloned(),
        };
        let Some(name) = name else {
            return wrong("cast has a process without a name");
        };
        let roles = Roles {
            proposer,
            acceptor,
            learner,
        };
        let name = Arc::from(name);
        processes.push(ProcessSpec { name, roles });
    }
    let [hold, no_nack, few] = unpacked(settings.flags);
    let mut setup = Setup {
        seed: settings.seed,
        processes,
        phase1: settings.phase1,
        phase2: settings.phase2,
        rules: Rules::breaking((0..).zip(RULES).filter_map(|(place, rule)| {
            let broken = settings.broken >> place & 1 == 1;
            broken.then_some(rule)
        })),
        nack: !no_nack,
        prepare_to: if few {
            PrepareTo::Majority
        } else {
            PrepareTo::All
        },
        retry: Retry {
            timeout: Millis(settings.timeout),
            backoff: listed(&BACKOFFS, settings.backoff, "retry")?,
        },
        ..Setup::default()
    };
    setup.network.delay = range(settings.delay)?;
    setup.network.loss = chance(settings.loss)?;
    setup.network.duplicate = chance(settings.duplicate)?;
    setup.network.hold = hold;
    Ok(setup)
}

fn move_places(places: &mut [Place], moved: &[(u16, u16, u16)]) -> Read<()> {
    let mut rest = places.iter_mut();
    for &(skipped, x, y) in moved {
        let Some(place) = rest.nth(usize::from(skipped)) else {
            return wrong("cast has more places than processes");
        };
        *place = Place {
            x: f64::from(x) / 10.0,
            y: f64::from(y) / 10.0,
        };
    }
    Ok(())
}

/// What commands speak of.
struct Reader {
    values: Vec<Arc<str>>,
    processes: usize,
}

impl Reader {
    /// The next branch; also notes which commands it has for itself.
    fn branch(
        &self,
        future: Future,
        before: &[Branch],
        given: &mut Vec<(Millis, Command)>,
    ) -> Read<Branch> {
        let back = |places: u32| before.len().checked_sub(places as usize);
        let mut branch = Branch::first();
        let next =
            before.last().map_or(0, |last| u64::from(last.id.0) + 1) + u64::from(future.skipped);
        branch.id = match u32::try_from(next) {
            Ok(id) if id < u32::MAX => BranchId(id),
            _ => return wrong("branches have numbers that are too high"),
        };
        branch.name = None;
        if let Some(name) = future.name {
            branch.rename(&name);
        }
        branch.parent = match (future.parent, back(future.parent)) {
            (0, _) => None,
            (_, Some(parent)) => Some(before[parent].id),
            _ => return wrong("branch has a parent that is not there"),
        };
        let alike = back(future.like).and_then(|place| before.get(place));
        let same = future.same as usize;
        branch.commands = match alike {
            Some(alike) if same <= alike.commands.len() => alike.commands.prefix(same),
            _ if same == 0 => Log::default(),
            _ => return wrong("branch has commands like those of a branch that is not there"),
        };
        let last = branch.commands.len().checked_sub(1);
        let mut at = last
            .and_then(|last| branch.commands.get(last))
            .map_or_else(Position::default, |it| it.at);
        for Given(steps, time, opened, deed) in future.commands {
            let steps = i64::try_from(steps).unwrap_or(i64::MAX);
            let time = i64::try_from(time).unwrap_or(i64::MAX);
            at = place(at, &Spot(steps, time))?;
            let command = self.command(deed)?;
            given.push((at.time, command.clone()));
            branch.commands.push(Recorded {
                at,
                command,
                opened_from: opened.checked_sub(1).map(BranchId),
            });
        }
        branch.end = place(at, &future.end)?;
        branch.fork = place(branch.end, &future.fork)?;
        branch.left_at = place(branch.end, &future.left_at)?;
        Ok(branch)
    }

    fn command(&self, deed: Deed) -> Read<Command> {
        Ok(match deed {
            Deed::Propose(process, value) => Command::Propose {
                process: self.process(process)?,
                value: match self.values.get(value as usize) {
                    Some(value) => value.clone(),
                    None => return wrong("command proposes a value that is not there"),
                },
            },
            Deed::Crash(process, lost) => {
                let [promise, vote] = unpacked(lost);
                Command::Crash {
                    process: self.process(process)?,
                    amnesia: Amnesia { promise, vote },
                }
            }
            Deed::Restart(process) => Command::Restart {
                process: self.process(process)?,
            },
            Deed::Timeout(process) => Command::Timeout {
                process: self.process(process)?,
            },
            Deed::Cut(way) => Command::Cut {
                link: self.link(way)?,
            },
            Deed::Heal(way) => Command::Heal {
                link: way.map(|way| self.link(way)).transpose()?,
            },
            Deed::Partition(groups) => {
                let ids = |group: Vec<u16>| group.into_iter().map(|id| self.process(id)).collect();
                Command::Partition {
                    groups: groups.into_iter().map(ids).collect::<Read<_>>()?,
                }
            }
            Deed::Drop(which) => Command::Drop {
                message: self.message(which)?,
            },
            Deed::Duplicate(which) => Command::Duplicate {
                message: self.message(which)?,
            },
            Deed::Hold(which) => Command::Hold {
                message: which.map(|which| self.message(which)).transpose()?,
            },
            Deed::Release(which) => Command::Release {
                message: which.map(|which| self.message(which)).transpose()?,
            },
            Deed::Deliver(which) => Command::Deliver {
                message: self.message(which)?,
            },
            Deed::Delay(which, by) => Command::Delay {
                message: self.message(which)?,
                by,
            },
            Deed::Network(delay, loss, duplicate) => Command::Network {
                change: NetworkChange {
                    delay: delay.map(range).transpose()?,
                    loss: loss.map(chance).transpose()?,
                    duplicate: duplicate.map(chance).transpose()?,
                },
            },
            Deed::Link(way, delay) => Command::Link {
                link: self.link(way)?,
                delay: delay.map(range).transpose()?,
            },
        })
    }

    fn process(&self, id: u16) -> Read<ProcessId> {
        match usize::from(id) < self.processes {
            true => Ok(ProcessId(id)),
            false => wrong("command names a process that is not there"),
        }
    }

    fn link(&self, Way(from, to, one_way): Way) -> Read<Link> {
        Ok(Link {
            from: self.process(from)?,
            to: self.process(to)?,
            one_way,
        })
    }

    fn message(&self, which: Which) -> Read<Selector> {
        Ok(match which {
            Which::Id(id) => Selector::Id(MessageId(id)),
            Which::Nth(kind, from, to, nth) => Selector::Nth(Nth {
                kind: listed(&KINDS, kind, "message")?,
                from: self.process(from)?,
                to: self.process(to)?,
                nth,
            }),
        })
    }
}

fn place(from: Position, Spot(steps, time): &Spot) -> Read<Position> {
    let both = from
        .steps
        .checked_add_signed(*steps)
        .zip(from.time.0.checked_add_signed(*time));
    match both {
        // No clock of a browser can show more.
        Some((steps, time)) if time <= 1 << 53 => Ok(Position {
            steps,
            time: Millis(time),
        }),
        _ => wrong("branch has a moment that is none"),
    }
}

fn range((shortest, longest): (u32, u32)) -> Read<DelayRange> {
    DelayRange::new(shortest, longest).or_else(|_| wrong("delay begins higher than it ends"))
}

fn chance(parts: u32) -> Read<Chance> {
    match Chance::per_million_of(parts) {
        Some(chance) => Ok(chance),
        None => wrong("loss or duplicate is more than always"),
    }
}

fn listed<T: Copy>(list: &[T], place: u8, what: &str) -> Read<T> {
    match list.get(usize::from(place)) {
        Some(found) => Ok(*found),
        None => wrong(&format!("{what} is of a kind that is not known")),
    }
}

fn unpacked<const N: usize>(bits: u8) -> [bool; N] {
    std::array::from_fn(|place| bits >> place & 1 == 1)
}
