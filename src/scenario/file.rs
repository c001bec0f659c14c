//! The file format, version 1: what it says about a scenario.

use std::sync::Arc;

use crate::cluster::{
    Backoff, Chance, DelayRange, Millis, NetworkChange, PrepareTo, ProcessSpec, Roles, Setup,
    is_name,
};
use crate::protocol::{Invariant, Rule, Rules};

use super::fields::{Field, Read};
use super::json::{self, Spot};
use super::script::{entry, entry_after};
use super::story::{Expect, Expected, Note, Occasion, When};
use super::{PLANE_HEIGHT, PLANE_WIDTH, Place, Scenario, ScenarioError, layout, limits};

/// When a run ends unless its scenario says so.
pub const UNTIL: Millis = Millis(60_000);

/// The names of roles.
pub const ROLES: [(&str, Roles); 3] = [
    ("proposer", Roles::PROPOSER),
    ("acceptor", Roles::ACCEPTOR),
    ("learner", Roles::LEARNER),
];
/// The names of what a retry waits for.
pub const BACKOFFS: [(&str, Backoff); 3] = [
    ("none", Backoff::None),
    ("fixed", Backoff::Fixed),
    ("random", Backoff::Random),
];
/// The names of whom a Prepare goes to.
pub const PREPARE_TO: [(&str, PrepareTo); 2] =
    [("all", PrepareTo::All), ("majority", PrepareTo::Majority)];

pub fn read_bytes(bytes: &[u8]) -> Read<Scenario> {
    too_large(bytes.len(), limits::FILE)?;
    match std::str::from_utf8(bytes) {
        Ok(text) => read(text, Demand::Complete),
        Err(error) => Err(ScenarioError(format!(
            "the scenario is not in UTF-8: byte {} belongs to no character",
            error.valid_up_to() + 1
        ))),
    }
}

fn too_large(bytes: usize, limit: usize) -> Read<()> {
    if bytes > limit {
        return Err(ScenarioError(format!(
            "the scenario has {bytes} bytes, and {limit} is the limit"
        )));
    }
    Ok(())
}

/// What is demanded of a scenario.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Demand {
    /// What a scenario needs: an acceptor at least.
    Complete,
    /// Nothing, as while somebody builds a cluster: what was done there must be read again, however
    /// much it is, if only the session that it is kept in is not too large.
    Unfinished,
}

impl Demand {
    fn bytes(self) -> usize {
        match self {
            Demand::Complete => limits::FILE,
            Demand::Unfinished => limits::KEPT,
        }
    }

    /// Entries of the script, and as many that were asked for.
    fn commands(self) -> usize {
        match self {
            Demand::Complete => limits::SCRIPT,
            Demand::Unfinished => limits::KEPT,
        }
    }

    /// The latest time, in milliseconds.
    fn latest(self) -> u64 {
        match self {
            Demand::Complete => limits::MILLIS.into(),
            Demand::Unfinished => limits::LATEST,
        }
    }
}

pub fn read(text: &str, demand: Demand) -> Read<Scenario> {
    too_large(text.len(), demand.bytes())?;
    let tree = json::parse(text).map_err(|problem| {
        let Spot { line, column } = Spot::of(text, problem.at);
        let why = problem.why;
        ScenarioError(format!(
            "the scenario is no JSON: {why} (line {line}, column {column})"
        ))
    })?;
    scenario(&Field::root(text, &tree), demand)
}

fn scenario(root: &Field, demand: Demand) -> Read<Scenario> {
    let file = root.object(&[
        "version",
        "id",
        "title",
        "summary",
        "seed",
        "processes",
        "quorum",
        "network",
        "rules",
        "retry",
        "script",
        "asked",
        "notes",
        "expect",
        "until",
    ])?;
    file.need("version")?.whole(1..=1)?;
    let text = |name, limit| match file.get(name) {
        Some(field) => field.text(limit).map(String::from),
        None => Ok(String::new()),
    };
    let (id, title) = (text("id", limits::ID)?, text("title", limits::TITLE)?);
    let summary = text("summary", limits::TEXT)?;
    let mut setup = Setup::default();
    if let Some(seed) = file.get("seed") {
        setup.seed = seed.whole(0..=limits::SEED)?;
    }
    let places = processes(&file.need("processes")?, demand, &mut setup)?;
    if let Some(quorum) = file.get("quorum") {
        quorums(&quorum, &mut setup)?;
    }
    if let Some(field) = file.get("network") {
        let network = field.object(&["delay", "loss", "duplicate", "hold"])?;
        let change = network_change(&network)?;
        setup.network = setup.network.changed(&change);
        if let Some(hold) = network.get("hold") {
            setup.network.hold = hold.bool()?;
        }
    }
    if let Some(field) = file.get("rules") {
        rules(&field, &mut setup)?;
    }
    if let Some(field) = file.get("retry") {
        let retry = field.object(&["timeout", "backoff"])?;
        if let Some(timeout) = retry.get("timeout") {
            setup.retry.timeout = Millis(u64::from(timeout.small(1..=limits::MILLIS)?));
        }
        if let Some(backoff) = retry.get("backoff") {
            setup.retry.backoff = backoff.word(&BACKOFFS)?;
        }
    }
    setup.validate().map_err(|e| ScenarioError(e.to_string()))?;
    let names = super::script::Names::of(&setup);
    let mut script = Vec::new();
    if let Some(list) = file.get("script") {
        for item in list.items(demand.commands())? {
            script.push(entry(&item.of(&list), &names, demand)?);
        }
    }
    let mut asked = Vec::new();
    if let Some(list) = file.get("asked") {
        for item in list.items(demand.commands())? {
            asked.push(entry_after(&item.of(&list), &names, demand)?);
        }
    }
    let mut notes = Vec::new();
    if let Some(list) = file.get("notes") {
        for item in list.items(limits::NOTES)? {
            notes.push(note(&item.of(&list), demand)?);
        }
    }
    let expect = match file.get("expect") {
        Some(field) => expect(&field)?,
        None => Expect::default(),
    };
    let until = match file.get("until") {
        Some(field) => millis(&field, demand)?,
        None => UNTIL,
    };
    Ok(Scenario {
        id,
        title,
        summary,
        setup,
        places,
        script,
        asked,
        notes,
        expect,
        until,
    })
}

/// A time.
pub fn millis(field: &Field, demand: Demand) -> Read<Millis> {
    Ok(Millis(field.whole(0..=demand.latest())?))
}

/// The processes, and where they stand.
fn processes(list: &Field, demand: Demand, setup: &mut Setup) -> Read<Vec<Place>> {
    let mut places = Vec::new();
    let mut names = std::collections::BTreeSet::new();
    for item in list.items(limits::PROCESSES)? {
        let field = item.of(list);
        let process = field.object(&["id", "roles", "x", "y"])?;
        let id = process.need("id")?;
        let name = id.text(limits::NAME)?;
        if !is_name(name) {
            return id.wrong("must have a character that is seen, and no control characters");
        }
        let name = Arc::<str>::from(name);
        if !names.insert(name.clone()) {
            return id.wrong(format_args!("is \"{name}\", which is taken"));
        }
        let roles = roles(&process.need("roles")?)?;
        setup.processes.push(ProcessSpec { name, roles });
        places.push(match (process.get("x"), process.get("y")) {
            (None, None) => None,
            (Some(x), Some(y)) => Some(Place {
                x: x.number(0.0..=PLANE_WIDTH)?,
                y: y.number(0.0..=PLANE_HEIGHT)?,
            }),
            _ => return field.wrong("must have both x and y, or neither"),
        });
    }
    let acceptor = setup.processes.iter().any(|spec| spec.roles.acceptor);
    if demand == Demand::Complete && !acceptor {
        return list.wrong("must have an acceptor: without one nothing is ever chosen");
    }
    let tidy = layout::tidy(&setup.processes).into_iter();
    let places = places.into_iter().zip(tidy);
    Ok(places.map(|(given, tidy)| given.unwrap_or(tidy)).collect())
}

fn roles(list: &Field) -> Read<Roles> {
    let mut roles = Roles::default();
    for item in list.items(ROLES.len())? {
        let field = item.of(list);
        let role = field.word(&ROLES)?;
        let both = roles.and(role);
        if both == roles {
            return field.wrong("is named twice");
        }
        roles = both;
    }
    if roles.is_empty() {
        return list.wrong("must name a proposer, acceptor or learner");
    }
    Ok(roles)
}

fn quorums(field: &Field, setup: &mut Setup) -> Read<()> {
    let quorum = field.object(&["phase1", "phase2"])?;
    let acceptors = setup.processes.iter().filter(|spec| spec.roles.acceptor);
    let acceptors = acceptors.count() as u32;
    let size = |name| match quorum.get(name) {
        Some(size) => {
            let whole = size.small(1..=u32::MAX)?;
            if whole > acceptors {
                return size.wrong(format_args!(
                    "is {whole}, and must not exceed the number of acceptors, {acceptors}"
                ));
            }
            Ok(Some(whole as u16))
        }
        None => Ok(None),
    };
    setup.phase1 = size("phase1")?;
    setup.phase2 = size("phase2")?;
    Ok(())
}

/// The settings of the network that can change while it runs.
pub fn network_change(network: &super::fields::Object) -> Read<NetworkChange> {
    let chance = |name| match network.get(name) {
        Some(field) => {
            let share = field.number(0.0..=1.0)?;
            let parts = (share * 1e6).round() as u32;
            Ok(Chance::per_million_of(parts))
        }
        None => Ok(None),
    };
    let delay = network.get("delay");
    Ok(NetworkChange {
        delay: delay.map(|field| delay_range(&field)).transpose()?,
        loss: chance("loss")?,
        duplicate: chance("duplicate")?,
    })
}

/// A range such as `[40, 80]`.
pub fn delay_range(field: &Field) -> Read<DelayRange> {
    let mut ends = Vec::new();
    for item in field.items(2)? {
        ends.push(item.of(field).small(0..=limits::MILLIS)?);
    }
    let [shortest, longest] = ends[..] else {
        return field.wrong("must have two entries, the shortest delay and the longest");
    };
    match DelayRange::new(shortest, longest) {
        Ok(range) => Ok(range),
        Err(_) => field.wrong(format_args!(
            "is [{shortest}, {longest}], and must not begin higher than it ends"
        )),
    }
}

fn rules(field: &Field, setup: &mut Setup) -> Read<()> {
    let rules = field.object(&["break", "nack", "prepareTo"])?;
    if let Some(list) = rules.get("break") {
        let mut broken = Vec::new();
        for item in list.items(Rule::ALL.len())? {
            let field = item.of(&list);
            let rule = field.word(&Rule::ALL.map(|rule| (rule.name(), rule)))?;
            if broken.contains(&rule) {
                return field.wrong("is named twice");
            }
            broken.push(rule);
        }
        setup.rules = Rules::breaking(broken);
    }
    if let Some(nack) = rules.get("nack") {
        setup.nack = nack.bool()?;
    }
    if let Some(to) = rules.get("prepareTo") {
        setup.prepare_to = to.word(&PREPARE_TO)?;
    }
    Ok(())
}

fn note(field: &Field, demand: Demand) -> Read<Note> {
    let note = field.object(&["at", "on", "title", "text"])?;
    let when = match (note.get("at"), note.get("on")) {
        (Some(at), None) => When::At(millis(&at, demand)?),
        (None, Some(on)) => When::On(on.word(&Occasion::NAMES)?),
        _ => return field.wrong("must have either at or on"),
    };
    let title = match note.get("title") {
        Some(title) => title.text(limits::TITLE)?.into(),
        None => String::new(),
    };
    let text = note.need("text")?.text(limits::TEXT)?.into();
    Ok(Note { when, title, text })
}

fn expect(field: &Field) -> Read<Expect> {
    let expect = field.object(&["chosen", "learned", "violation"])?;
    let value = |name| match expect.get(name) {
        None => Ok(Expected::Anything),
        Some(field) if field.is_null() => Ok(Expected::Nothing),
        Some(field) => Ok(Expected::Just(Arc::from(field.text(limits::VALUE)?))),
    };
    let violation = match expect.get("violation") {
        None => Expected::Anything,
        Some(field) if field.is_null() => Expected::Nothing,
        Some(field) => {
            let names = Invariant::ALL.map(|invariant| (invariant.name(), invariant));
            Expected::Just(field.word(&names)?)
        }
    };
    Ok(Expect {
        chosen: value("chosen")?,
        learned: value("learned")?,
        violation,
    })
}
