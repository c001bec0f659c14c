//! Reading the fields of a JSON tree one by one, each with its path: the one place where a value
//! of the wrong type or out of its range becomes a sentence.

use std::fmt::{Display, Write as _};
use std::ops::RangeInclusive;

use crate::cluster::shorten;
use crate::decimal::{self, Decimal};

use super::json::{Json, Node, Spot};
use super::{ScenarioError, limits};

/// A value of the tree and the path to it, which is written down only for an error.
#[derive(Clone, Copy)]
pub struct Field<'n> {
    text: &'n str,
    node: &'n Node<'n>,
    path: Path<'n>,
}

#[derive(Clone, Copy)]
enum Path<'n> {
    Root,
    Name(&'n Path<'n>, &'static str),
    Index(&'n Path<'n>, usize),
}

impl Path<'_> {
    fn write(&self, into: &mut String) {
        match *self {
            Path::Root => {}
            Path::Name(parent, name) => {
                parent.write(into);
                if !into.is_empty() {
                    into.push('.');
                }
                into.push_str(name);
            }
            Path::Index(parent, index) => {
                parent.write(into);
                let _ = write!(into, "[{index}]");
            }
        }
    }
}

pub type Read<T> = Result<T, ScenarioError>;

impl<'n> Field<'n> {
    /// The whole of a text.
    pub fn root(text: &'n str, node: &'n Node<'n>) -> Self {
        let path = Path::Root;
        Self { text, node, path }
    }

    /// A tree whose text nobody looks at: an error says no place in it.
    pub fn alone(node: &'n Node<'n>) -> Self {
        Self::root("", node)
    }

    /// The same with a name before its path.
    pub fn called<'a>(&'a self, name: &'static str) -> Field<'a> {
        Field {
            path: Path::Name(&self.path, name),
            ..*self
        }
    }

    /// An error about this field; `why` follows its path.
    pub fn wrong<T>(&self, why: impl Display) -> Read<T> {
        self.wrong_at(self.node.at, "", &why)
    }

    fn wrong_at<T>(&self, at: usize, below: &str, why: &dyn Display) -> Read<T> {
        let mut path = String::new();
        self.path.write(&mut path);
        if !path.is_empty() && !below.is_empty() {
            path.push('.');
        }
        path.push_str(below);
        if path.is_empty() {
            path.push_str("the scenario");
        }
        if self.text.is_empty() {
            return Err(ScenarioError(format!("{path} {why}")));
        }
        let Spot { line, column } = Spot::of(self.text, at);
        Err(ScenarioError(format!(
            "{path} {why} (line {line}, column {column})"
        )))
    }

    /// What the value is, for an error: small values themselves, others by their kind.
    pub fn shown(&self) -> String {
        match &self.node.json {
            Json::Number(number) => shorten(number, 24),
            Json::Text(text) => quoted(text),
            other => other.kind().into(),
        }
    }

    fn must_be<T>(&self, what: impl Display) -> Read<T> {
        self.wrong(format_args!("is {}, and must be {what}", self.shown()))
    }

    pub fn is_null(&self) -> bool {
        self.node.json == Json::Null
    }

    pub fn bool(&self) -> Read<bool> {
        match self.node.json {
            Json::Bool(bool) => Ok(bool),
            _ => self.must_be("true or false"),
        }
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&'n str> {
        match &self.node.json {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A text of at most so many characters.
    pub fn text(&self, limit: usize) -> Read<&'n str> {
        let Some(text) = self.as_text() else {
            return self.must_be("a text");
        };
        match text.chars().nth(limit) {
            None => Ok(text),
            Some(_) => self.wrong(format_args!("must not have more than {limit} characters")),
        }
    }

    /// One of some words.
    pub fn word<T: Copy>(&self, words: &[(&'static str, T)]) -> Read<T> {
        let found = self.as_text().and_then(|text| {
            let mut words = words.iter();
            words.find(|(word, _)| *word == text)
        });
        match found {
            Some((_, meaning)) => Ok(*meaning),
            None => self.must_be(one_of(words.iter().map(|(word, _)| *word))),
        }
    }

    /// A whole number.
    pub fn whole(&self, range: RangeInclusive<u64>) -> Read<u64> {
        let Json::Number(number) = self.node.json else {
            return self.must_be("a number");
        };
        if let Ok(whole) = number.parse()
            && range.contains(&whole)
        {
            return Ok(whole);
        }
        let (low, high) = (range.start(), range.end());
        self.must_be(format_args!("a whole number from {low} to {high}"))
    }

    /// A whole number that fits; `range` must fit too.
    pub fn small(&self, range: RangeInclusive<u32>) -> Read<u32> {
        let whole = self.whole(u64::from(*range.start())..=u64::from(*range.end()))?;
        Ok(whole as u32)
    }

    /// A number, whole or not.
    pub fn number(&self, range: RangeInclusive<f64>) -> Read<f64> {
        let Json::Number(number) = self.node.json else {
            return self.must_be("a number");
        };
        match decimal::parse(number) {
            Some(number) if range.contains(&number) => Ok(number),
            _ => self.must_be(format_args!(
                "from {} to {}",
                Decimal(*range.start()),
                Decimal(*range.end())
            )),
        }
    }

    /// The items of a list.
    pub fn items(&self, limit: usize) -> Read<impl ExactSizeIterator<Item = Item<'n>> + use<'n>> {
        let Json::List(items) = &self.node.json else {
            return self.must_be("a list");
        };
        let count = items.len();
        if count > limit {
            return self.wrong(format_args!(
                "has {count} entries, and {limit} is the limit"
            ));
        }
        let text = self.text;
        let items = items.iter().enumerate();
        Ok(items.map(move |(index, node)| Item { text, node, index }))
    }

    /// One field of an object whose names are not known yet.
    pub fn peek(&self, name: &'static str) -> Read<Field<'_>> {
        let Json::Object(fields) = &self.node.json else {
            return self.must_be("an object");
        };
        Object {
            field: self,
            fields,
        }
        .need(name)
    }

    /// The fields of an object, none of which may have another name than these.
    pub fn object(&self, names: &[&'static str]) -> Read<Object<'_>> {
        let Json::Object(fields) = &self.node.json else {
            return self.must_be("an object");
        };
        for (name, node) in fields {
            if !names.contains(&&**name) {
                let known = one_of(names.iter().copied());
                let why = format!("is unknown here, where a field is {known}");
                return self.wrong_at(node.at, &shorten(name, limits::NAME), &why);
            }
        }
        Ok(Object {
            field: self,
            fields,
        })
    }
}

/// An item of a list, which becomes a [`Field`] once its list is known to live long enough.
pub struct Item<'n> {
    text: &'n str,
    node: &'n Node<'n>,
    index: usize,
}

impl<'n> Item<'n> {
    /// As a field of its list.
    pub fn of<'a>(&self, list: &'a Field<'a>) -> Field<'a>
    where
        'n: 'a,
    {
        Field {
            text: self.text,
            node: self.node,
            path: Path::Index(&list.path, self.index),
        }
    }
}

/// An object whose fields all have names that are known.
pub struct Object<'a> {
    field: &'a Field<'a>,
    fields: &'a [(std::borrow::Cow<'a, str>, Node<'a>)],
}

impl<'a> Object<'a> {
    /// How many fields there are.
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// A field that may be left out.
    pub fn get(&self, name: &'static str) -> Option<Field<'a>> {
        let (_, node) = self.fields.iter().find(|(known, _)| known == name)?;
        Some(Field {
            text: self.field.text,
            node,
            path: Path::Name(&self.field.path, name),
        })
    }

    /// A field that must be there.
    pub fn need(&self, name: &'static str) -> Read<Field<'a>> {
        match self.get(name) {
            Some(field) => Ok(field),
            None => {
                let at = self.field.node.at;
                self.field.wrong_at(at, name, &"is missing")
            }
        }
    }
}

/// A text in quotation marks, shortened.
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", shorten(text, limits::NAME))
}

/// "a, b or c".
pub fn one_of(words: impl ExactSizeIterator<Item = &'static str>) -> String {
    let last = words.len().saturating_sub(1);
    let mut list = String::new();
    for (index, word) in words.enumerate() {
        if index > 0 {
            list.push_str(if index == last { " or " } else { ", " });
        }
        list.push_str(word);
    }
    list
}
