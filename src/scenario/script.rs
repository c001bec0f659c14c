//! The script of a file: every `do` and its fields.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::cluster::{
    Command, Link, MessageId, Millis, NetworkChange, Nth, ProcessSpec, Selector, Setup, is_blank,
};
use crate::protocol::{Amnesia, Kind, ProcessId};

use super::fields::{Field, Object, Read, one_of, quoted};
use super::file::{Demand, delay_range, millis, network_change};
use super::{Asked, ScenarioError, json, limits};

/// What a crash can lose, by name.
pub const AMNESIA: [(&str, Amnesia); 3] = [
    ("all", Amnesia::ALL),
    ("promise", Amnesia::PROMISE),
    ("vote", Amnesia::VOTE),
];

/// Every `do`, with the fields that it may have beside `at` and `do`.
const FORMS: [(&str, &[&str]); 15] = [
    ("propose", &["at", "do", "process", "value"]),
    ("crash", &["at", "do", "process", "amnesia"]),
    ("restart", &["at", "do", "process"]),
    ("timeout", &["at", "do", "process"]),
    ("cut", &["at", "do", "from", "to", "oneWay"]),
    ("heal", &["at", "do", "from", "to", "oneWay"]),
    ("partition", &["at", "do", "groups"]),
    ("drop", &["at", "do", "message"]),
    ("duplicate", &["at", "do", "message"]),
    ("hold", &["at", "do", "message"]),
    ("release", &["at", "do", "message"]),
    ("deliver", &["at", "do", "message"]),
    ("delay", &["at", "do", "message", "by"]),
    ("network", &["at", "do", "delay", "loss", "duplicate"]),
    ("link", &["at", "do", "from", "to", "oneWay", "delay"]),
];

/// Finds processes by their names.
pub struct Names<'a>(BTreeMap<&'a str, ProcessId>);

impl<'a> Names<'a> {
    pub fn of(setup: &'a Setup) -> Self {
        let names = setup
            .processes
            .iter()
            .map(|ProcessSpec { name, .. }| &**name);
        Self(names.zip(setup.ids()).collect())
    }

    fn find(&self, field: &Field) -> Read<ProcessId> {
        let name = field.text(usize::MAX)?;
        match self.0.get(name) {
            Some(&id) => Ok(id),
            None => field.wrong(format_args!(
                "is {}, and there is no such process",
                quoted(name)
            )),
        }
    }
}

/// One entry.
pub fn entry(field: &Field, names: &Names, demand: Demand) -> Read<(Millis, Command)> {
    let (entry, what) = form(field, &[])?;
    let at = millis(&entry.need("at")?, demand)?;
    Ok((at, command(what, field, &entry, names)?))
}

/// One entry that comes after so many events.
pub fn entry_after(field: &Field, names: &Names, demand: Demand) -> Read<Asked> {
    let (entry, what) = form(field, &["after"])?;
    Ok(Asked {
        at: millis(&entry.need("at")?, demand)?,
        after: entry.need("after")?.whole(0..=limits::SEED)?,
        command: command(what, field, &entry, names)?,
    })
}

/// What is to be done, and the fields that it has.
fn form<'a>(field: &'a Field<'a>, more: &[&'static str]) -> Read<(Object<'a>, &'static str)> {
    // Which fields are known depends on what is to be done.
    let what = field.peek("do")?;
    let form = what.as_text().and_then(|what| {
        let mut forms = FORMS.iter();
        forms.find(|(name, _)| *name == what)
    });
    let Some(&(what, fields)) = form else {
        what.text(usize::MAX)?;
        let known = one_of(FORMS.iter().map(|(name, _)| *name));
        return what.wrong(format_args!("is {}, and must be {known}", what.shown()));
    };
    let entry = field.object(&[fields, more].concat())?;
    Ok((entry, what))
}

/// One command by itself, as [`super::Scenario::command`] says.
pub fn single(name: &str, needs: &str, setup: &Setup) -> Read<Command> {
    let form = FORMS.iter().find(|(known, _)| *known == name);
    let Some(&(what, fields)) = form else {
        let known = one_of(FORMS.iter().map(|(name, _)| *name));
        let why = format!("the command is {}, and must be {known}", quoted(name));
        return Err(ScenarioError(why));
    };
    let tree = json::parse(needs).map_err(|problem| {
        let why = problem.why;
        ScenarioError(format!("{what} is no JSON: {why}"))
    })?;
    let root = Field::alone(&tree);
    let field = root.called(what);
    // Without `at` and `do`, which are in every form.
    let entry = field.object(fields.get(2..).unwrap_or_default())?;
    command(what, &field, &entry, &Names::of(setup))
}

fn command(what: &str, field: &Field, entry: &Object, names: &Names) -> Read<Command> {
    let process = || names.find(&entry.need("process")?);
    let message = || message(&entry.need("message")?, names);
    let message_or_all = || {
        entry
            .get("message")
            .map(|its| self::message(&its, names))
            .transpose()
    };
    Ok(match what {
        "propose" => {
            let value = entry.need("value")?;
            let text = value.text(limits::VALUE)?;
            if is_blank(text) {
                return value.wrong("must not be empty");
            }
            Command::Propose {
                process: process()?,
                value: Arc::from(text),
            }
        }
        "crash" => Command::Crash {
            process: process()?,
            amnesia: amnesia(entry)?,
        },
        "restart" => Command::Restart {
            process: process()?,
        },
        "timeout" => Command::Timeout {
            process: process()?,
        },
        "cut" => Command::Cut {
            link: link(entry, names)?,
        },
        "heal" => Command::Heal {
            link: match ["from", "to", "oneWay"]
                .iter()
                .any(|name| entry.get(name).is_some())
            {
                true => Some(link(entry, names)?),
                false => None,
            },
        },
        "partition" => Command::Partition {
            groups: groups(&entry.need("groups")?, names)?,
        },
        "drop" => Command::Drop {
            message: message()?,
        },
        "duplicate" => Command::Duplicate {
            message: message()?,
        },
        "hold" => Command::Hold {
            message: message_or_all()?,
        },
        "release" => Command::Release {
            message: message_or_all()?,
        },
        "deliver" => Command::Deliver {
            message: message()?,
        },
        "delay" => Command::Delay {
            message: message()?,
            by: entry.need("by")?.small(1..=limits::MILLIS)?,
        },
        "network" => {
            let change = network_change(entry)?;
            if change == NetworkChange::default() {
                return field.wrong("must have at least one of delay, loss and duplicate");
            }
            Command::Network { change }
        }
        "link" => {
            let delay = entry.need("delay")?;
            Command::Link {
                link: link(entry, names)?,
                delay: match delay.is_null() {
                    true => None,
                    false => Some(delay_range(&delay)?),
                },
            }
        }
        _ => return field.wrong("is in the list of forms, and cannot be read yet"),
    })
}

fn amnesia(entry: &Object) -> Read<Amnesia> {
    let Some(field) = entry.get("amnesia") else {
        return Ok(Amnesia::NONE);
    };
    match field.as_text() {
        Some(_) => field.word(&AMNESIA),
        None if field.bool().is_ok_and(|lost| !lost) => Ok(Amnesia::NONE),
        None => field.wrong("must be false, \"all\", \"promise\" or \"vote\""),
    }
}

fn link(entry: &Object, names: &Names) -> Read<Link> {
    let (from, to) = (names.find(&entry.need("from")?)?, entry.need("to")?);
    let link = Link {
        from,
        to: names.find(&to)?,
        one_way: match entry.get("oneWay") {
            Some(field) => field.bool()?,
            None => false,
        },
    };
    if link.from == link.to {
        return to.wrong("must be another process than from: a process always reaches itself");
    }
    Ok(link)
}

fn groups(list: &Field, names: &Names) -> Read<Vec<Vec<ProcessId>>> {
    let mut groups = Vec::new();
    for item in list.items(limits::PROCESSES)? {
        let members = item.of(list);
        let mut group = Vec::new();
        for item in members.items(limits::PROCESSES)? {
            group.push(names.find(&item.of(&members))?);
        }
        groups.push(group);
    }
    Ok(groups)
}

/// A message by what a script can know of it in advance, or by its number in the run.
fn message(field: &Field, names: &Names) -> Read<Selector> {
    let message = field.object(&["kind", "from", "to", "nth", "id"])?;
    if let Some(id) = message.get("id") {
        if message.len() > 1 {
            return field.wrong("must have id alone, or kind, from, to and nth");
        }
        return Ok(Selector::Id(MessageId(id.whole(0..=limits::SEED)?)));
    }
    let kind = message.need("kind")?;
    let kind = kind.word(&Kind::ALL.map(|kind| (kind.name(), kind)))?;
    let from = names.find(&message.need("from")?)?;
    let to = names.find(&message.need("to")?)?;
    let nth = match message.get("nth") {
        Some(nth) => nth.small(1..=limits::NTH)?,
        None => 1,
    };
    Ok(Selector::Nth(Nth {
        kind,
        from,
        to,
        nth,
    }))
}
