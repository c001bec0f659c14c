//! JSON, as much of it as a scenario needs: a tree that remembers where in the text each value
//! stands, so that an error can say so.
//!
//! It is our own because of that, and because the page has to be small: with serde_json and a
//! derived reader of only a part of the format the page was larger.

mod read;

use std::borrow::Cow;
use std::fmt::Write as _;

pub use read::parse;

/// A value and where it begins.
#[derive(Clone, Debug, PartialEq)]
pub struct Node<'a> {
    /// The position in the text, in bytes.
    pub at: usize,
    /// The value.
    pub json: Json<'a>,
}

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub enum Json<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number as it is written, for nothing to be lost.
    Number(&'a str),
    /// A text, without its escapes.
    Text(Cow<'a, str>),
    /// `[…]`
    List(Vec<Node<'a>>),
    /// `{…}`, in the order of the text; the parser lets no name stand twice.
    Object(Vec<(Cow<'a, str>, Node<'a>)>),
}

impl Json<'_> {
    /// What kind of value it is, with its article.
    pub fn kind(&self) -> &'static str {
        match self {
            Json::Null => "null",
            Json::Bool(true) => "true",
            Json::Bool(false) => "false",
            Json::Number(_) => "a number",
            Json::Text(_) => "a text",
            Json::List(_) => "a list",
            Json::Object(_) => "an object",
        }
    }
}

/// A position as people count it: line and column from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The line.
    pub line: usize,
    /// The character in the line.
    pub column: usize,
}

impl Spot {
    /// The position that is so many bytes into the text.
    pub fn of(text: &str, at: usize) -> Self {
        let before = &text.as_bytes()[..at.min(text.len())];
        let start = before.iter().rposition(|&byte| byte == b'\n');
        let start = start.map_or(0, |newline| newline + 1);
        // Every byte but the later ones of a character.
        let characters = before[start..].iter().filter(|&&byte| byte & 0xc0 != 0x80);
        Self {
            line: before.iter().filter(|&&byte| byte == b'\n').count() + 1,
            column: characters.count() + 1,
        }
    }
}

/// Add a text to some JSON, in quotation marks and with its escapes.
pub fn quote(into: &mut String, text: &str) {
    into.push('"');
    for c in text.chars() {
        match c {
            '"' => into.push_str("\\\""),
            '\\' => into.push_str("\\\\"),
            '\n' => into.push_str("\\n"),
            // The others that have to be escaped, those that some scripts take for a new line, and
            // the one with which a text could end the script element that it stands in.
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '<') => {
                let _ = write!(into, "\\u{:04x}", u32::from(c));
            }
            c => into.push(c),
        }
    }
    into.push('"');
}

/// Add a list to some JSON, each item as it is written by `each`.
pub fn list<T>(
    into: &mut String,
    items: impl IntoIterator<Item = T>,
    each: impl Fn(&mut String, T),
) {
    into.push('[');
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            into.push_str(", ");
        }
        each(into, item);
    }
    into.push(']');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_counted_in_lines_and_characters() {
        let text = "a\nżó b\n";
        let spot = |at| {
            let Spot { line, column } = Spot::of(text, at);
            (line, column)
        };
        assert_eq!(spot(0), (1, 1));
        assert_eq!(spot(text.find('b').unwrap()), (2, 4));
        assert_eq!(spot(999), (3, 1));
    }

    #[test]
    fn what_is_quoted_is_read_as_it_was() {
        for text in [
            "",
            "Hello",
            "\"\\\u{0}\n\t\u{7f}\u{2028}",
            "</script>",
            "żółw 🐢",
        ] {
            let mut quoted = String::new();
            quote(&mut quoted, text);
            assert_eq!(parse(&quoted).unwrap().json, Json::Text(text.into()));
            assert!(!quoted.contains('<'));
        }
    }
}
