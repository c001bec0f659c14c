//! Writing: the same format that is read, one process, command or note a line.

use std::fmt::Write as _;

use crate::cluster::{
    Backoff, Chance, Command, DelayRange, Link, Network, Nth, PrepareTo, Retry, Selector, Setup,
};
use crate::decimal::Decimal;
use crate::protocol::{Amnesia, ProcessId, Rules};

use super::Scenario;
use super::file::{BACKOFFS, PREPARE_TO, UNTIL};
use super::json::{list, quote};
use super::script::AMNESIA;
use super::story::{Expected, When};

/// JSON in the making.
struct Out {
    text: String,
    /// Whether something stands before the next field or item, and so a comma is due.
    comma: bool,
}

impl Out {
    fn next(&mut self) {
        if self.comma {
            self.text.push(',');
        }
        self.comma = true;
    }

    fn name(&mut self, name: &str) {
        self.next();
        if !self.text.ends_with(['{', '\n', ' ']) {
            self.text.push(' ');
        }
        quote(&mut self.text, name);
        self.text.push_str(": ");
    }

    fn text(&mut self, name: &str, text: &str) {
        self.name(name);
        quote(&mut self.text, text);
    }

    /// A field whose value is its own JSON.
    fn raw(&mut self, name: &str, value: impl std::fmt::Display) {
        self.name(name);
        let _ = write!(self.text, "{value}");
    }

    fn object(&mut self, inside: impl FnOnce(&mut Self)) {
        self.text.push('{');
        self.comma = false;
        inside(self);
        self.text.push('}');
        self.comma = true;
    }

    /// A list of the top level, an item a line; left out if empty.
    fn lines<T>(&mut self, name: &str, items: &[T], mut each: impl FnMut(&mut Self, &T)) {
        if items.is_empty() && name != "processes" {
            return;
        }
        self.line(name);
        self.text.push('[');
        self.comma = false;
        for item in items {
            self.next();
            self.text.push_str("\n    ");
            self.object(|out| each(out, item));
        }
        self.text.push_str("\n  ]");
        self.comma = true;
    }

    /// The name of a field of the top level, on a line of its own.
    fn line(&mut self, name: &str) {
        self.next();
        self.text.push_str("\n  ");
        quote(&mut self.text, name);
        self.text.push_str(": ");
    }

    fn line_text(&mut self, name: &str, text: &str) {
        if !text.is_empty() {
            self.line(name);
            quote(&mut self.text, text);
        }
    }

    /// An object of the top level; left out if empty.
    fn line_object(&mut self, name: &str, inside: impl FnOnce(&mut Self)) {
        let mut object = Out::new();
        object.object(inside);
        if object.text != "{}" {
            self.line(name);
            self.text.push_str(&object.text);
        }
    }

    fn new() -> Self {
        Self {
            text: String::new(),
            comma: false,
        }
    }
}

pub fn write(scenario: &Scenario) -> String {
    let mut out = Out::new();
    out.object(|out| whole(out, scenario));
    // The last line is the closing bracket.
    out.text.insert(out.text.len() - 1, '\n');
    out.text.push('\n');
    out.text
}

fn whole(out: &mut Out, scenario: &Scenario) {
    let setup = &scenario.setup;
    out.line("version");
    out.text.push('1');
    out.line_text("id", &scenario.id);
    out.line_text("title", &scenario.title);
    out.line_text("summary", &scenario.summary);
    if setup.seed != 0 {
        out.line("seed");
        let _ = write!(out.text, "{}", setup.seed);
    }
    let processes: Vec<_> = setup.processes.iter().zip(&scenario.places).collect();
    out.lines("processes", &processes, |out, (spec, place)| {
        out.text("id", &spec.name);
        out.name("roles");
        list(&mut out.text, spec.roles.names(), |text, role| {
            quote(text, role)
        });
        out.raw("x", Decimal(place.x));
        out.raw("y", Decimal(place.y));
    });
    settings(out, setup);
    out.lines("script", &scenario.script, |out, (at, command)| {
        out.raw("at", at.0);
        out.text("do", command.name());
        arguments(out, setup, command);
    });
    out.lines("asked", &scenario.asked, |out, asked| {
        out.raw("at", asked.at.0);
        out.raw("after", asked.after);
        out.text("do", asked.command.name());
        arguments(out, setup, &asked.command);
    });
    out.lines("notes", &scenario.notes, |out, note| {
        match note.when {
            When::At(at) => out.raw("at", at.0),
            When::On(occasion) => out.text("on", occasion.name()),
        }
        if !note.title.is_empty() {
            out.text("title", &note.title);
        }
        out.text("text", &note.text);
    });
    let expect = &scenario.expect;
    out.line_object("expect", |out| {
        expected(out, "chosen", &expect.chosen, |value| value);
        expected(out, "learned", &expect.learned, |value| value);
        expected(out, "violation", &expect.violation, |its| its.name());
    });
    if scenario.until != UNTIL {
        out.line("until");
        let _ = write!(out.text, "{}", scenario.until.0);
    }
}

fn expected<T>(out: &mut Out, name: &str, what: &Expected<T>, text: impl Fn(&T) -> &str) {
    match what {
        Expected::Anything => {}
        Expected::Nothing => out.raw(name, "null"),
        Expected::Just(what) => out.text(name, text(what)),
    }
}

fn settings(out: &mut Out, setup: &Setup) {
    out.line_object("quorum", |out| {
        for (name, size) in [("phase1", setup.phase1), ("phase2", setup.phase2)] {
            if let Some(size) = size {
                out.raw(name, size);
            }
        }
    });
    let (network, usual) = (setup.network, Network::default());
    out.line_object("network", |out| {
        if network.delay != usual.delay {
            delay(out, network.delay);
        }
        for (name, chance) in [("loss", network.loss), ("duplicate", network.duplicate)] {
            if chance != Chance::NEVER {
                share(out, name, chance);
            }
        }
        if network.hold {
            out.raw("hold", true);
        }
    });
    out.line_object("rules", |out| {
        if setup.rules != Rules::KEPT {
            out.name("break");
            let broken = setup.rules.broken();
            list(&mut out.text, broken, |text, rule| quote(text, rule.name()));
        }
        if !setup.nack {
            out.raw("nack", false);
        }
        if setup.prepare_to != PrepareTo::All {
            out.text("prepareTo", named(&PREPARE_TO, setup.prepare_to));
        }
    });
    let usual = Retry::default();
    out.line_object("retry", |out| {
        if setup.retry.timeout != usual.timeout {
            out.raw("timeout", setup.retry.timeout);
        }
        if setup.retry.backoff != Backoff::None {
            out.text("backoff", named(&BACKOFFS, setup.retry.backoff));
        }
    });
}

/// What a command needs beside its `at` and `do`.
fn arguments(out: &mut Out, setup: &Setup, command: &Command) {
    match command {
        Command::Propose { process, value } => {
            name(out, setup, "process", *process);
            out.text("value", value);
        }
        Command::Crash { process, amnesia } => {
            name(out, setup, "process", *process);
            if *amnesia != Amnesia::NONE {
                out.text("amnesia", named(&AMNESIA, *amnesia));
            }
        }
        Command::Restart { process } | Command::Timeout { process } => {
            name(out, setup, "process", *process);
        }
        Command::Cut { link } | Command::Heal { link: Some(link) } => ends(out, setup, *link),
        Command::Partition { groups } => {
            out.name("groups");
            list(&mut out.text, groups, |text, group| {
                list(text, group, |text, &id| quote(text, &setup.spec(id).name));
            });
        }
        Command::Drop { message: which }
        | Command::Duplicate { message: which }
        | Command::Deliver { message: which }
        | Command::Hold {
            message: Some(which),
        }
        | Command::Release {
            message: Some(which),
        } => message(out, setup, *which),
        Command::Delay { message: which, by } => {
            message(out, setup, *which);
            out.raw("by", by);
        }
        Command::Network { change } => {
            if let Some(range) = change.delay {
                delay(out, range);
            }
            for (name, chance) in [("loss", change.loss), ("duplicate", change.duplicate)] {
                if let Some(chance) = chance {
                    share(out, name, chance);
                }
            }
        }
        Command::Link { link, delay: range } => {
            ends(out, setup, *link);
            match range {
                Some(range) => delay(out, *range),
                None => out.raw("delay", "null"),
            }
        }
        Command::Heal { link: None }
        | Command::Hold { message: None }
        | Command::Release { message: None } => {}
    }
}

fn name(out: &mut Out, setup: &Setup, field: &str, id: ProcessId) {
    out.text(field, &setup.spec(id).name);
}

fn ends(out: &mut Out, setup: &Setup, link: Link) {
    name(out, setup, "from", link.from);
    name(out, setup, "to", link.to);
    if link.one_way {
        out.raw("oneWay", true);
    }
}

fn message(out: &mut Out, setup: &Setup, which: Selector) {
    out.name("message");
    out.object(|out| match which {
        Selector::Id(id) => out.raw("id", id.0),
        Selector::Nth(Nth {
            kind,
            from,
            to,
            nth,
        }) => {
            out.text("kind", kind.name());
            name(out, setup, "from", from);
            name(out, setup, "to", to);
            out.raw("nth", nth);
        }
    });
}

fn delay(out: &mut Out, range: DelayRange) {
    let (shortest, longest) = (range.shortest(), range.longest());
    out.raw("delay", format_args!("[{shortest}, {longest}]"));
}

/// A probability with at most six digits, for it is in parts per million.
fn share(out: &mut Out, name: &str, chance: Chance) {
    let parts = chance.per_million();
    let digits = format!("{}.{:06}", parts / 1_000_000, parts % 1_000_000);
    out.raw(name, digits.trim_end_matches('0').trim_end_matches('.'));
}

fn named<T: PartialEq>(names: &[(&'static str, T)], wanted: T) -> &'static str {
    let found = names.iter().find(|(_, known)| *known == wanted);
    found.map_or("", |(name, _)| name)
}
