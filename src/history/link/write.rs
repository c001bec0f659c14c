//! From a run to what its link says.

use crate::cluster::{
    Chance, Command, DelayRange, Link, Nth, PrepareTo, ProcessSpec, Selector, Setup,
};
use crate::history::branch::Branch;
use crate::history::line::{Position, Recorded};
use crate::history::{BranchId, Run};
use crate::protocol::ProcessId;
use crate::scenario::{Expected, Note, Place, Scenario, When, built_in};

use super::read::usual_places;
use super::wire::{
    BACKOFFS, Cast, Deed, Future, Given, INVARIANTS, KINDS, Moment, OCCASIONS, Outcome, Planned,
    RULES, Settings, Spot, Story, Told, Way, Which, Whole, next_name,
};

pub fn whole(run: &Run, places: &[Place]) -> Whole {
    let scenario = &**run.scenario();
    let places = match places.len() == scenario.places.len() {
        true => places,
        false => &scenario.places,
    };
    let library = built_in(&scenario.id);
    let values = &mut Vec::new();
    let mut before = 0;
    let script = scenario.script.iter().map(|(at, command)| {
        let after = at.0 as i64 - before;
        before = at.0 as i64;
        Planned(after, deed(command, values))
    });
    let script = script.collect();
    let branches = run.branches();
    let futures = (0..branches.len()).map(|index| future(branches, index, values));
    let branches = futures.collect();
    let shown = run
        .branches()
        .iter()
        .position(|its| its.id() == run.branch().id());
    Whole {
        cast: cast(
            &scenario.setup.processes,
            places,
            &usual_places(library.as_ref(), &scenario.setup),
        ),
        story: story(scenario, library.as_ref()),
        settings: settings(&scenario.setup),
        script,
        branches,
        shown: shown.unwrap_or(0) as u32,
        cursor: spot(run.cursor(), run.branch().end()),
        cut: run.cut().map(|cut| spot(cut, run.branch().end())),
        values: std::mem::take(values),
    }
}

/// What the library's scenario of this id does not say in the same way.
fn story(scenario: &Scenario, library: Option<&Scenario>) -> Story {
    let own =
        |same: fn(&Scenario, &Scenario) -> bool| !library.is_some_and(|it| same(it, scenario));
    let texts = |what: &Expected<std::sync::Arc<str>>| expected(what, |text| String::from(&**text));
    let expect = || Outcome {
        chosen: texts(&scenario.expect.chosen),
        learned: texts(&scenario.expect.learned),
        violation: expected(&scenario.expect.violation, |its| place(&INVARIANTS, its)),
    };
    let notes = || scenario.notes.iter().map(told).collect();
    Story {
        title: own(|a, b| a.title == b.title).then(|| scenario.title.clone()),
        summary: own(|a, b| a.summary == b.summary).then(|| scenario.summary.clone()),
        notes: own(|a, b| a.notes == b.notes).then(notes),
        expect: own(|a, b| a.expect == b.expect).then(expect),
        until: own(|a, b| a.until == b.until).then_some(scenario.until.0),
        id: scenario.id.clone(),
    }
}

fn told(note: &Note) -> Told {
    Told {
        when: match note.when {
            When::At(at) => Moment::At(at.0),
            When::On(occasion) => Moment::On(place(&OCCASIONS, &occasion)),
        },
        title: note.title.clone(),
        text: note.text.clone(),
    }
}

fn expected<T, W>(what: &Expected<T>, written: impl Fn(&T) -> W) -> Option<Option<W>> {
    match what {
        Expected::Anything => None,
        Expected::Nothing => Some(None),
        Expected::Just(what) => Some(Some(written(what))),
    }
}

fn cast(processes: &[ProcessSpec], places: &[Place], usual: &[Place]) -> Cast {
    let mut cast = Cast {
        kinds: Vec::new(),
        names: Vec::new(),
        moved: Vec::new(),
    };
    let mut next = None;
    for ProcessSpec { name, roles } in processes {
        let bits = [
            roles.proposer,
            roles.acceptor,
            roles.learner,
            next.as_deref() == Some(&**name),
        ];
        cast.kinds.push(packed(bits));
        if !bits[3] {
            cast.names.push(String::from(&**name));
        }
        next = next_name(name);
    }
    let mut skipped = 0;
    for (place, usual) in places.iter().zip(usual) {
        let [x, y] = [place.x, place.y].map(tenths);
        if [x, y] == [usual.x, usual.y].map(tenths) {
            skipped += 1;
        } else {
            cast.moved.push((skipped, x, y));
            skipped = 0;
        }
    }
    cast
}

fn tenths(number: f64) -> u16 {
    (number * 10.0).round() as u16
}

fn settings(setup: &Setup) -> Settings {
    let network = &setup.network;
    Settings {
        seed: setup.seed,
        phase1: setup.phase1,
        phase2: setup.phase2,
        delay: range(network.delay),
        loss: network.loss.per_million(),
        duplicate: network.duplicate.per_million(),
        flags: packed([
            network.hold,
            !setup.nack,
            setup.prepare_to == PrepareTo::Majority,
        ]),
        broken: (0..)
            .zip(RULES)
            .filter(|&(_, rule)| setup.rules.breaks(rule))
            .fold(0, |bits, (place, _)| bits | 1 << place),
        timeout: setup.retry.timeout.0,
        backoff: place(&BACKOFFS, &setup.retry.backoff),
    }
}

fn future(branches: &[Branch], index: usize, values: &mut Vec<String>) -> Future {
    let branch = &branches[index];
    let back = |place: usize| (index - place) as u32;
    let before = &branches[..index];
    let all_same = |a: &Recorded, b: &Recorded| a.is_same(b) && a.opened_from == b.opened_from;
    let alike = before
        .iter()
        .map(|other| branch.commands.common(&other.commands, all_same));
    let alike = alike.enumerate().filter(|(_, same)| *same > 0);
    let alike = alike.max_by_key(|(_, same)| *same);
    let (like, same) = alike.map_or((0, 0), |(place, same)| (back(place), same));
    let parent = branch
        .parent
        .and_then(|id| before.iter().position(|other| other.id == id));
    let mut last = match same
        .checked_sub(1)
        .and_then(|last| branch.commands.get(last))
    {
        Some(recorded) => recorded.at,
        None => Position::default(),
    };
    let commands = branch
        .commands
        .range(same..branch.commands.len())
        .map(|recorded| {
            let at = recorded.at;
            let (steps, time) = (at.steps - last.steps, at.time.0 - last.time.0);
            last = at;
            let opened = recorded.opened_from.map_or(0, |BranchId(id)| id + 1);
            Given(steps, time, opened, deed(&recorded.command, values))
        });
    let commands = commands.collect();
    Future {
        skipped: match before.last() {
            Some(other) => branch.id.0 - other.id.0 - 1,
            None => branch.id.0,
        },
        name: branch.name.clone(),
        parent: parent.map_or(0, back),
        like,
        same: same as u32,
        commands,
        end: spot(branch.end, last),
        fork: spot(branch.fork, branch.end),
        left_at: spot(branch.left_at, branch.end),
    }
}

fn spot(at: Position, from: Position) -> Spot {
    let apart = |at: u64, from: u64| at.wrapping_sub(from) as i64;
    Spot(apart(at.steps, from.steps), apart(at.time.0, from.time.0))
}

fn deed(command: &Command, values: &mut Vec<String>) -> Deed {
    match *command {
        Command::Propose { process, ref value } => {
            let known = values.iter().position(|its| **its == **value);
            let place = known.unwrap_or_else(|| {
                values.push(String::from(&**value));
                values.len() - 1
            });
            Deed::Propose(process.0, place as u32)
        }
        Command::Crash { process, amnesia } => {
            Deed::Crash(process.0, packed([amnesia.promise, amnesia.vote]))
        }
        Command::Restart { process } => Deed::Restart(process.0),
        Command::Timeout { process } => Deed::Timeout(process.0),
        Command::Cut { link } => Deed::Cut(way(link)),
        Command::Heal { link } => Deed::Heal(link.map(way)),
        Command::Partition { ref groups } => {
            let ids = |group: &Vec<ProcessId>| group.iter().map(|id| id.0).collect();
            Deed::Partition(groups.iter().map(ids).collect())
        }
        Command::Drop { message } => Deed::Drop(which(message)),
        Command::Duplicate { message } => Deed::Duplicate(which(message)),
        Command::Hold { message } => Deed::Hold(message.map(which)),
        Command::Release { message } => Deed::Release(message.map(which)),
        Command::Deliver { message } => Deed::Deliver(which(message)),
        Command::Delay { message, by } => Deed::Delay(which(message), by),
        Command::Network { change } => Deed::Network(
            change.delay.map(range),
            change.loss.map(Chance::per_million),
            change.duplicate.map(Chance::per_million),
        ),
        Command::Link { link, delay } => Deed::Link(way(link), delay.map(range)),
    }
}

fn way(link: Link) -> Way {
    Way(link.from.0, link.to.0, link.one_way)
}

fn range(delay: DelayRange) -> (u32, u32) {
    (delay.shortest(), delay.longest())
}

fn which(message: Selector) -> Which {
    match message {
        Selector::Id(id) => Which::Id(id.0),
        Selector::Nth(Nth {
            kind,
            from,
            to,
            nth,
        }) => Which::Nth(place(&KINDS, &kind), from.0, to.0, nth),
    }
}

/// Where something is in its list. All there is, is there: a test sees to it.
fn place<T: PartialEq>(list: &[T], what: &T) -> u8 {
    list.iter().position(|known| known == what).unwrap_or(0) as u8
}

fn packed<const N: usize>(bits: [bool; N]) -> u8 {
    (0..)
        .zip(bits)
        .fold(0, |all, (place, bit)| all | u8::from(bit) << place)
}
