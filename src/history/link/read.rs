//! From the bytes of a link to a run.

use std::sync::Arc;

use crate::cluster::{
    Backoff, Chance, Command, DelayRange, Link, MessageId, Millis, NetworkChange, Nth, PrepareTo,
    ProcessSpec, Retry, Roles, Selector, Setup,
};
use crate::history::branch::Branch;
use crate::history::line::{Position, Recorded};
use crate::history::log::Log;
use crate::history::run::rebuilt::{Choices, Playing, Wrong};
use crate::history::{BranchId, Run};
use crate::protocol::{Amnesia, Kind, ProcessId, Rules};
use crate::scenario::limits::LATEST;
use crate::scenario::{
    Asked, Expected, Note, Occasion, Place, Scenario, ScenarioError, When, built_in, tidy,
};

use super::bytes::Reader;
use super::wire::{BACKOFFS, INVARIANTS, KINDS, OCCASIONS, RULES, deed, next_name};
use super::{LINK_PROCESSES, PLAYED};

/// What commands may name.
struct Known<'a> {
    values: Vec<Arc<str>>,
    setup: &'a Setup,
}

pub fn run(bytes: &[u8]) -> Result<Run, ScenarioError> {
    let from = &mut Reader::new(bytes);
    let (mut scenario, library) = story(from);
    let mut setup = Setup {
        processes: cast(from),
        ..Setup::default()
    };
    scenario.places = usual_places(library.as_ref(), &setup);
    move_places(from, &mut scenario.places);
    settings(from, &mut setup);
    let known = Known {
        values: from.list(|from| Arc::from(from.text())),
        setup: &setup,
    };
    let mut at = 0_u64;
    scenario.script = from.list(|from| {
        at = at.wrapping_add_signed(from.signed());
        (Millis(at), command(from, &known))
    });
    let mut branches: Vec<Branch> = Vec::new();
    // Commands that several branches have in common are looked at once.
    let mut all = scenario.script.clone();
    for _ in 0..from.count() {
        let next = branch(from, &known, &branches, &mut all);
        branches.push(next);
    }
    let shown: u32 = from.number();
    let (shown, end) = match branches.get(shown as usize) {
        Some(shown) => (shown.id, shown.end),
        None => (
            BranchId(0),
            from.is_wrong("branch that is shown is not there"),
        ),
    };
    let cursor = spot(from, end);
    let cut = from.maybe(|from| spot(from, end));
    if from.has_more() {
        scenario.asked = asked(from, &known);
    }
    scenario.setup = setup;
    if let Some(why) = from.end() {
        return Err(ScenarioError(format!("the link's {why}")));
    }
    // What may stand in a file may stand in a link, and nothing else.
    let own = std::mem::replace(&mut scenario.script, all);
    if let Err(ScenarioError(why)) = Scenario::parse_unfinished(&scenario.to_json()) {
        return Err(ScenarioError(format!(
            "the link's scenario is wrong: {why}"
        )));
    }
    scenario.script = own;
    let choices = Choices {
        scenario: Arc::new(scenario),
        branches,
        shown,
        cut,
        cursor,
    };
    Run::rebuild(choices, &mut Playing::at_most(PLAYED)).map_err(|Wrong { branch, why }| {
        let which = branch.map_or(0, |index| index + 1);
        ScenarioError(format!("the link's branch {which} {why}"))
    })
}

/// What the scenario has somebody ask for.
fn asked(from: &mut Reader, known: &Known) -> Vec<Asked> {
    let (mut at, mut after) = (0_u64, 0_u64);
    let asked = from.list(|from| {
        at = at.wrapping_add_signed(from.signed());
        after = after.wrapping_add_signed(from.signed());
        Asked {
            at: Millis(at),
            after,
            command: command(from, known),
        }
    });
    if asked.is_empty() {
        from.is_wrong::<()>("scenario says more than it can say");
    }
    asked
}

/// Where processes stand whom nobody has moved: as in the library's scenario those that are the
/// same there, and the others tidily.
pub fn usual_places(library: Option<&Scenario>, setup: &Setup) -> Vec<Place> {
    let mut places = tidy(&setup.processes);
    if let Some(library) = library {
        let known = library.setup.processes.iter().zip(&library.places);
        let all = setup.processes.iter().zip(&mut places);
        for ((spec, place), (known, usual)) in all.zip(known) {
            if spec.name == known.name {
                *place = *usual;
            }
        }
    }
    places
}

/// A scenario of which only the words are right, and the one of the library.
fn story(from: &mut Reader) -> (Scenario, Option<Scenario>) {
    let id = from.text();
    let library = built_in(id);
    let new = || Scenario::new(Setup::default(), Vec::new());
    let mut scenario = library.clone().unwrap_or_else(new);
    scenario.id = id.into();
    if from.flag() {
        scenario.title = from.text().into();
    }
    if from.flag() {
        scenario.summary = from.text().into();
    }
    if from.flag() {
        scenario.notes = from.list(|from| Note {
            when: match from.flag() {
                false => When::At(Millis(from.whole())),
                true => When::On(from.listed(&OCCASIONS).unwrap_or(Occasion::Chosen)),
            },
            title: from.text().into(),
            text: from.text().into(),
        });
    }
    if from.flag() {
        let text = |from: &mut Reader| Some(Arc::from(from.text()));
        scenario.expect.chosen = expected(from, text);
        scenario.expect.learned = expected(from, text);
        scenario.expect.violation = expected(from, |from| from.listed(&INVARIANTS));
    }
    if from.flag() {
        scenario.until = Millis(from.whole());
    }
    (scenario, library)
}

fn expected<T>(from: &mut Reader, read: impl Fn(&mut Reader) -> Option<T>) -> Expected<T> {
    match from.maybe(|from| from.maybe(read)) {
        None => Expected::Anything,
        Some(said) => said.flatten().map_or(Expected::Nothing, Expected::Just),
    }
}

fn cast(from: &mut Reader) -> Vec<ProcessSpec> {
    let kinds = from.list(Reader::byte);
    let mut names = from.list(Reader::text).into_iter();
    if kinds.len() > LINK_PROCESSES {
        return from.is_wrong("cast has more than 300 processes");
    }
    let mut cast: Vec<ProcessSpec> = Vec::new();
    for kind in kinds {
        let [proposer, acceptor, learner, follows] = unpacked(kind);
        let name = match follows {
            true => cast.last().and_then(|last| next_name(&last.name)),
            false => names.next().map(String::from),
        };
        let name = name.unwrap_or_else(|| from.is_wrong("cast has a process without a name"));
        let roles = Roles {
            proposer,
            acceptor,
            learner,
        };
        let name = name.into();
        cast.push(ProcessSpec { name, roles });
    }
    cast
}

fn move_places(from: &mut Reader, places: &mut [Place]) {
    let mut rest = places.iter_mut();
    for _ in 0..from.count() {
        let skipped: u16 = from.number();
        let [x, y] = [(); 2].map(|()| f64::from(from.number::<u16>()) / 10.0);
        match rest.nth(usize::from(skipped)) {
            Some(place) => *place = Place { x, y },
            None => from.is_wrong("cast has more places than processes"),
        }
    }
}

fn settings(from: &mut Reader, setup: &mut Setup) {
    setup.seed = from.whole();
    setup.phase1 = from.maybe(Reader::number);
    setup.phase2 = from.maybe(Reader::number);
    setup.network.delay = range(from);
    setup.network.loss = chance(from);
    setup.network.duplicate = chance(from);
    let [hold, no_nack, few] = unpacked(from.byte());
    setup.network.hold = hold;
    setup.nack = !no_nack;
    if few {
        setup.prepare_to = PrepareTo::Majority;
    }
    let bits: u32 = from.number();
    let broken = RULES.iter().enumerate();
    let broken = broken.filter(|(place, _)| bits >> place & 1 == 1);
    setup.rules = Rules::breaking(broken.map(|(_, rule)| *rule));
    setup.retry = Retry {
        timeout: Millis(from.whole()),
        backoff: from.listed(&BACKOFFS).unwrap_or(Backoff::None),
    };
}

/// The next branch; also notes which commands it has for itself.
fn branch(
    from: &mut Reader,
    known: &Known,
    before: &[Branch],
    given: &mut Vec<(Millis, Command)>,
) -> Branch {
    let mut branch = Branch::first();
    let lowest = before.last().map_or(0, |last| last.id.0 + 1);
    let skipped = from.number();
    branch.id = match lowest.checked_add(skipped) {
        Some(id) if id <= BranchId::LINKED => BranchId(id),
        _ => BranchId(from.is_wrong("branches have numbers that are too high")),
    };
    if from.flag() {
        branch.rename(from.text());
    }
    let back = |places: usize| {
        before
            .len()
            .checked_sub(places)
            .and_then(|at| before.get(at))
    };
    let parent: u32 = from.number();
    branch.parent = back(parent as usize).map(|parent| parent.id);
    let (like, same): (u32, u32) = (from.number(), from.number());
    branch.commands = match back(like as usize) {
        Some(other) if same as usize <= other.commands.len() => {
            other.commands.prefix(same as usize)
        }
        _ => Log::default(),
    };
    if branch.commands.len() < same as usize || (parent > 0 && branch.parent.is_none()) {
        from.is_wrong::<()>("branches speak of one that is not there");
    }
    let last = branch.commands.len().checked_sub(1);
    let last = last.and_then(|last| branch.commands.get(last));
    let mut at = last.map_or_else(Position::default, |last| last.at);
    for _ in 0..from.count() {
        at.steps = at.steps.saturating_add(from.whole());
        at.time.0 = at.time.0.saturating_add(from.whole());
        let opened: u32 = from.number();
        let command = command(from, known);
        given.push((at.time, command.clone()));
        branch.commands.push(Recorded {
            at,
            command,
            opened_from: opened.checked_sub(1).map(BranchId),
        });
    }
    branch.end = spot(from, at);
    branch.fork = spot(from, branch.end);
    branch.left_at = spot(from, branch.end);
    branch
}

fn spot(from: &mut Reader, start: Position) -> Position {
    let steps = start.steps.checked_add_signed(from.signed());
    let time = start.time.0.checked_add_signed(from.signed());
    match steps.zip(time) {
        Some((steps, time)) if time <= LATEST => Position {
            steps,
            time: Millis(time),
        },
        _ => from.is_wrong("moments are none"),
    }
}

fn command(from: &mut Reader, known: &Known) -> Command {
    let code = from.byte();
    match code {
        deed::PROPOSE => {
            let process = process(from, known);
            let place: u32 = from.number();
            let value = known.values.get(place as usize).cloned();
            let value =
                value.unwrap_or_else(|| from.is_wrong("commands propose what is not there"));
            Command::Propose { process, value }
        }
        deed::CRASH => {
            let process = process(from, known);
            let [promise, vote] = unpacked(from.byte());
            let amnesia = Amnesia { promise, vote };
            Command::Crash { process, amnesia }
        }
        deed::RESTART => Command::Restart {
            process: process(from, known),
        },
        deed::TIMEOUT => Command::Timeout {
            process: process(from, known),
        },
        deed::CUT => Command::Cut {
            link: link(from, known),
        },
        deed::HEAL => Command::Heal {
            link: from.maybe(|from| link(from, known)),
        },
        deed::PARTITION => Command::Partition {
            groups: from.list(|from| from.list(|from| process(from, known))),
        },
        deed::DROP => Command::Drop {
            message: message(from, known),
        },
        deed::DUPLICATE => Command::Duplicate {
            message: message(from, known),
        },
        deed::HOLD => Command::Hold {
            message: from.maybe(|from| message(from, known)),
        },
        deed::RELEASE => Command::Release {
            message: from.maybe(|from| message(from, known)),
        },
        deed::DELIVER => Command::Deliver {
            message: message(from, known),
        },
        deed::DELAY => Command::Delay {
            message: message(from, known),
            by: from.number(),
        },
        deed::NETWORK => Command::Network {
            change: NetworkChange {
                delay: from.maybe(range),
                loss: from.maybe(chance),
                duplicate: from.maybe(chance),
            },
        },
        deed::LINK => Command::Link {
            link: link(from, known),
            delay: from.maybe(range),
        },
        _ => {
            from.is_wrong::<()>("commands are of a kind that is not known");
            Command::Heal { link: None }
        }
    }
}

fn process(from: &mut Reader, known: &Known) -> ProcessId {
    let id: u16 = from.number();
    match usize::from(id) < known.setup.processes.len() {
        true => ProcessId(id),
        false => ProcessId(from.is_wrong("commands name a process that is not there")),
    }
}

fn link(from: &mut Reader, known: &Known) -> Link {
    Link {
        from: process(from, known),
        to: process(from, known),
        one_way: from.flag(),
    }
}

fn message(from: &mut Reader, known: &Known) -> Selector {
    match from.flag() {
        false => Selector::Id(MessageId(from.whole())),
        true => Selector::Nth(Nth {
            kind: from.listed(&KINDS).unwrap_or(Kind::Prepare),
            from: process(from, known),
            to: process(from, known),
            nth: from.number(),
        }),
    }
}

fn range(from: &mut Reader) -> DelayRange {
    let range = DelayRange::new(from.number(), from.number());
    range.unwrap_or_else(|_| from.is_wrong("delays begin higher than they end"))
}

fn chance(from: &mut Reader) -> Chance {
    let chance = Chance::per_million_of(from.number());
    chance.unwrap_or_else(|| from.is_wrong("chances are more than certain"))
}

fn unpacked<const N: usize>(bits: u8) -> [bool; N] {
    std::array::from_fn(|place| bits >> place & 1 == 1)
}
