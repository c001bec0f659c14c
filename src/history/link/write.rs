//! From a run to the bytes of its link.

use std::sync::Arc;

use crate::cluster::{
    Chance, Command, DelayRange, Link, Nth, PrepareTo, ProcessSpec, Selector, Setup,
};
use crate::history::branch::Branch;
use crate::history::line::{Position, Recorded};
use crate::history::{BranchId, Run};
use crate::protocol::ProcessId;
use crate::scenario::{Asked, Expected, Place, Scenario, When, built_in};

use super::bytes::Writer;
use super::read::usual_places;
use super::wire::{BACKOFFS, INVARIANTS, KINDS, OCCASIONS, RULES, deed, next_name};

pub fn run(run: &Run, places: &[Place]) -> Vec<u8> {
    let scenario = &**run.scenario();
    let places = match places.len() == scenario.places.len() {
        true => places,
        false => &scenario.places,
    };
    let library = built_in(&scenario.id);
    let usual = usual_places(library.as_ref(), &scenario.setup);
    let branches = run.branches();
    let mut values = Vec::new();
    let scripted = scenario.commands().map(|(_, command)| command);
    let given = |branch: &'_ Branch| branch.commands.len();
    let given = branches.iter().flat_map(|branch| {
        let all = branch.commands.range(0..given(branch));
        all.map(|recorded| &recorded.command)
    });
    for command in scripted.chain(given) {
        if let Command::Propose { value, .. } = command
            && !values.contains(value)
        {
            values.push(value.clone());
        }
    }
    let out = &mut Writer::default();
    story(out, scenario, library.as_ref());
    cast(out, &scenario.setup.processes, places, &usual);
    settings(out, &scenario.setup);
    out.list(values.iter(), |out, value| out.text(value));
    let mut before = 0;
    out.list(scenario.script.iter(), |out, (at, command)| {
        out.signed(at.0.wrapping_sub(before) as i64);
        before = at.0;
        self::command(out, command, &values);
    });
    out.list(0..branches.len(), |out, index| {
        branch(out, branches, index, &values);
    });
    let end = run.branch().end();
    let mut shown = branches.iter().map(Branch::id);
    let shown = shown.position(|id| id == run.branch().id());
    out.number(shown.unwrap_or(0) as u64);
    spot(out, run.cursor(), end);
    out.maybe(run.cut(), |out, cut| spot(out, cut, end));
    if !scenario.asked.is_empty() {
        asked(out, &scenario.asked, &values);
    }
    std::mem::take(&mut out.0)
}

/// What the scenario has somebody ask for.
fn asked(out: &mut Writer, asked: &[Asked], values: &[Arc<str>]) {
    let (mut time, mut events) = (0, 0);
    out.list(asked.iter(), |out, asked| {
        out.signed(asked.at.0.wrapping_sub(time) as i64);
        out.signed(asked.after.wrapping_sub(events) as i64);
        (time, events) = (asked.at.0, asked.after);
        command(out, &asked.command, values);
    });
}

/// What the library's scenario of this id does not say in the same way.
fn story(out: &mut Writer, scenario: &Scenario, library: Option<&Scenario>) {
    let own = |same: fn(&Scenario, &Scenario) -> bool| {
        let own = library.is_none_or(|library| !same(library, scenario));
        own.then_some(scenario)
    };
    out.text(&scenario.id);
    out.maybe(own(|a, b| a.title == b.title), |out, its| {
        out.text(&its.title);
    });
    out.maybe(own(|a, b| a.summary == b.summary), |out, its| {
        out.text(&its.summary);
    });
    out.maybe(own(|a, b| a.notes == b.notes), |out, its| {
        out.list(its.notes.iter(), |out, note| {
            match note.when {
                When::At(at) => {
                    out.byte(0);
                    out.number(at.0);
                }
                When::On(occasion) => {
                    out.byte(1);
                    out.byte(place(&OCCASIONS, &occasion));
                }
            }
            out.text(&note.title);
            out.text(&note.text);
        });
    });
    out.maybe(own(|a, b| a.expect == b.expect), |out, its| {
        let text = |out: &mut Writer, text: &Arc<str>| out.text(text);
        expected(out, &its.expect.chosen, text);
        expected(out, &its.expect.learned, text);
        expected(out, &its.expect.violation, |out, its| {
            out.byte(place(&INVARIANTS, its));
        });
    });
    out.maybe(own(|a, b| a.until == b.until), |out, its| {
        out.number(its.until.0);
    });
}

/// Nothing said, none, or this.
fn expected<T>(out: &mut Writer, what: &Expected<T>, write: impl FnOnce(&mut Writer, &T)) {
    let said = match what {
        Expected::Anything => None,
        Expected::Nothing => Some(None),
        Expected::Just(what) => Some(Some(what)),
    };
    out.maybe(said, |out, said| out.maybe(said, write));
}

fn cast(out: &mut Writer, processes: &[ProcessSpec], places: &[Place], usual: &[Place]) {
    let mut names = Vec::new();
    let mut next = None;
    out.list(processes.iter(), |out, ProcessSpec { name, roles }| {
        let follows = next.as_deref() == Some(&**name);
        let bits = [roles.proposer, roles.acceptor, roles.learner, follows];
        out.byte(packed(bits));
        if !follows {
            names.push(name);
        }
        next = next_name(name);
    });
    out.list(names.iter(), |out, name| out.text(name));
    let mut moved = Vec::new();
    let mut skipped = 0_u16;
    for (place, usual) in places.iter().zip(usual) {
        let [one, other] = [place, usual].map(|at| [at.x, at.y].map(tenths));
        if one == other {
            skipped += 1;
        } else {
            moved.push([skipped, one[0], one[1]]);
            skipped = 0;
        }
    }
    out.list(moved.into_iter(), |out, numbers| {
        numbers.into_iter().for_each(|number| out.number(number));
    });
}

fn tenths(number: f64) -> u16 {
    (number * 10.0).round() as u16
}

fn settings(out: &mut Writer, setup: &Setup) {
    let network = &setup.network;
    out.number(setup.seed);
    out.maybe(setup.phase1, Writer::number);
    out.maybe(setup.phase2, Writer::number);
    range(out, network.delay);
    chance(out, network.loss);
    chance(out, network.duplicate);
    out.byte(packed([
        network.hold,
        !setup.nack,
        setup.prepare_to == PrepareTo::Majority,
    ]));
    let broken = RULES.map(|rule| setup.rules.breaks(rule));
    let broken = broken.iter().rev();
    out.number(broken.fold(0_u32, |bits, bit| bits << 1 | u32::from(*bit)));
    out.number(setup.retry.timeout.0);
    out.byte(place(&BACKOFFS, &setup.retry.backoff));
}

fn branch(out: &mut Writer, branches: &[Branch], index: usize, values: &[Arc<str>]) {
    let branch = &branches[index];
    let (before, commands) = (&branches[..index], &branch.commands);
    let back = |place: usize| (index - place) as u64;
    out.number(match before.last() {
        Some(other) => branch.id.0 - other.id.0 - 1,
        None => branch.id.0,
    });
    out.maybe(branch.name(), Writer::text);
    let parent = before.iter().position(|its| Some(its.id) == branch.parent);
    out.number(parent.map_or(0, back));
    let all_same = |a: &Recorded, b: &Recorded| a.is_same(b) && a.opened_from == b.opened_from;
    let (mut like, mut same) = (0, 0);
    for (place, other) in before.iter().enumerate() {
        let alike = commands.common(&other.commands, all_same);
        if alike > 0 && alike >= same {
            (like, same) = (back(place), alike);
        }
    }
    out.number(like);
    out.number(same as u64);
    let shared = same.checked_sub(1).and_then(|last| commands.get(last));
    let mut last = shared.map_or_else(Position::default, |shared| shared.at);
    out.number((commands.len() - same) as u64);
    for recorded in commands.range(same..commands.len()) {
        let at = recorded.at;
        out.number(at.steps.wrapping_sub(last.steps));
        out.number(at.time.0.wrapping_sub(last.time.0));
        out.number(recorded.opened_from.map_or(0, |BranchId(id)| id + 1));
        command(out, &recorded.command, values);
        last = at;
    }
    spot(out, branch.end, last);
    spot(out, branch.fork, branch.end);
    spot(out, branch.left_at, branch.end);
}

fn spot(out: &mut Writer, at: Position, from: Position) {
    out.signed(at.steps.wrapping_sub(from.steps) as i64);
    out.signed(at.time.0.wrapping_sub(from.time.0) as i64);
}

fn command(out: &mut Writer, command: &Command, values: &[Arc<str>]) {
    let process = |out: &mut Writer, code, id: ProcessId| {
        out.byte(code);
        out.number(id.0);
    };
    let one = |out: &mut Writer, code, message| {
        out.byte(code);
        self::message(out, message);
    };
    match *command {
        Command::Propose {
            process: id,
            ref value,
        } => {
            process(out, deed::PROPOSE, id);
            let place = values.iter().position(|known| known == value);
            out.number(place.unwrap_or(0) as u64);
        }
        Command::Crash {
            process: id,
            amnesia,
        } => {
            process(out, deed::CRASH, id);
            out.byte(packed([amnesia.promise, amnesia.vote]));
        }
        Command::Restart { process: id } => process(out, deed::RESTART, id),
        Command::Timeout { process: id } => process(out, deed::TIMEOUT, id),
        Command::Cut { link } => {
            out.byte(deed::CUT);
            way(out, link);
        }
        Command::Heal { link } => {
            out.byte(deed::HEAL);
            out.maybe(link, way);
        }
        Command::Partition { ref groups } => {
            out.byte(deed::PARTITION);
            out.list(groups.iter(), |out, group| {
                out.list(group.iter(), |out, id| out.number(id.0));
            });
        }
        Command::Drop { message } => one(out, deed::DROP, message),
        Command::Duplicate { message } => one(out, deed::DUPLICATE, message),
        Command::Hold { message } => {
            out.byte(deed::HOLD);
            out.maybe(message, self::message);
        }
        Command::Release { message } => {
            out.byte(deed::RELEASE);
            out.maybe(message, self::message);
        }
        Command::Deliver { message } => one(out, deed::DELIVER, message),
        Command::Delay { message, by } => {
            one(out, deed::DELAY, message);
            out.number(by);
        }
        Command::Network { change } => {
            out.byte(deed::NETWORK);
            out.maybe(change.delay, range);
            out.maybe(change.loss, chance);
            out.maybe(change.duplicate, chance);
        }
        Command::Link { link, delay } => {
            out.byte(deed::LINK);
            way(out, link);
            out.maybe(delay, range);
        }
    }
}

fn way(out: &mut Writer, link: Link) {
    out.number(link.from.0);
    out.number(link.to.0);
    out.byte(u8::from(link.one_way));
}

fn range(out: &mut Writer, delay: DelayRange) {
    out.number(delay.shortest());
    out.number(delay.longest());
}

fn chance(out: &mut Writer, chance: Chance) {
    out.number(chance.per_million());
}

fn message(out: &mut Writer, message: Selector) {
    match message {
        Selector::Id(id) => {
            out.byte(0);
            out.number(id.0);
        }
        Selector::Nth(Nth {
            kind,
            from,
            to,
            nth,
        }) => {
            out.byte(1);
            out.byte(place(&KINDS, &kind));
            out.number(from.0);
            out.number(to.0);
            out.number(nth);
        }
    }
}

/// Where something is in its list. All there is, is there: a test sees to it.
fn place<T: PartialEq>(list: &[T], what: &T) -> u8 {
    list.iter().position(|known| known == what).unwrap_or(0) as u8
}

fn packed<const N: usize>(bits: [bool; N]) -> u8 {
    let bits = (0..).zip(bits);
    bits.fold(0, |all, (place, bit)| all | u8::from(bit) << place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Invariant, Kind, Rule};
    use crate::scenario::Occasion;

    #[test]
    fn everything_that_has_a_name_has_a_number() {
        assert!(Rule::ALL.into_iter().all(|rule| RULES.contains(&rule)));
        assert!(Kind::ALL.iter().all(|kind| KINDS.contains(kind)));
        assert!(Invariant::ALL.iter().all(|its| INVARIANTS.contains(its)));
        let mut occasions = Occasion::NAMES.iter().map(|(_, occasion)| occasion);
        assert!(occasions.all(|its| OCCASIONS.contains(its)));
    }
}
