//! The parser: RFC 8259, strictly, and with a limit to how deep values can be nested.

use std::borrow::Cow;

use super::{Json, Node};

/// How deep values can be nested. A scenario needs 5.
const DEPTH_LIMIT: u32 = 16;

/// Where and why a text is no JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The position in the text, in bytes.
    pub at: usize,
    /// Why, as the end of a sentence.
    pub why: Cow<'static, str>,
}

/// Read a JSON text.
///
/// # Errors
/// Where it is no JSON, and why.
pub fn parse(text: &str) -> Result<Node<'_>, Problem> {
    let mut parser = Parser {
        text,
        at: 0,
        depth: 0,
    };
    // Some editors put a mark at the start of a file.
    if text.starts_with('\u{feff}') {
        parser.at = '\u{feff}'.len_utf8();
    }
    let node = parser.value()?;
    parser.space();
    match parser.peek() {
        None => Ok(node),
        Some(_) => parser.wrong("there is more text after the end"),
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: u32,
}

type Parsed<T> = Result<T, Problem>;

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn wrong<T>(&self, why: &'static str) -> Parsed<T> {
        let at = self.at;
        let why = match self.peek() {
            None => "the text ends too early".into(),
            Some(_) => why.into(),
        };
        Err(Problem { at, why })
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    fn value(&mut self) -> Parsed<Node<'a>> {
        self.space();
        let at = self.at;
        let json = match self.peek() {
            Some(b'"') => Json::Text(self.string()?),
            Some(b'{') => self.nested(Self::object)?,
            Some(b'[') => self.nested(Self::list)?,
            Some(b'-' | b'0'..=b'9') => Json::Number(self.number()?),
            _ => self.word()?,
        };
        Ok(Node { at, json })
    }

    fn word(&mut self) -> Parsed<Json<'a>> {
        let words = [
            ("null", Json::Null),
            ("true", Json::Bool(true)),
            ("false", Json::Bool(false)),
        ];
        for (word, json) in words {
            if self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
                self.at += word.len();
                return Ok(json);
            }
        }
        self.wrong("a value is expected here")
    }

    fn nested(&mut self, inside: fn(&mut Self) -> Parsed<Json<'a>>) -> Parsed<Json<'a>> {
        if self.depth == DEPTH_LIMIT {
            return self.wrong("values are nested too deeply");
        }
        self.at += 1;
        self.depth += 1;
        let json = inside(self)?;
        self.depth -= 1;
        Ok(json)
    }

    fn list(&mut self) -> Parsed<Json<'a>> {
        let mut items = Vec::new();
        self.space();
        if self.take(b']') {
            return Ok(Json::List(items));
        }
        loop {
            items.push(self.value()?);
            self.space();
            if self.take(b']') {
                return Ok(Json::List(items));
            }
            if !self.take(b',') {
                return self.wrong("a comma or ] is expected here");
            }
        }
    }

    fn object(&mut self) -> Parsed<Json<'a>> {
        let mut fields: Vec<(Cow<'a, str>, Node<'a>)> = Vec::new();
        self.space();
        if self.take(b'}') {
            return Ok(Json::Object(fields));
        }
        loop {
            self.space();
            let at = self.at;
            if self.peek() != Some(b'"') {
                return self.wrong("the name of a field is expected here, in quotation marks");
            }
            let name = self.string()?;
            if fields.len() == FIELD_LIMIT {
                let why = "this object has too many fields".into();
                return Err(Problem { at, why });
            }
            if fields.iter().any(|(other, _)| *other == name) {
                let name = crate::cluster::shorten(&name, 40);
                let why = format!("the field {name} stands here twice").into();
                return Err(Problem { at, why });
            }
            self.space();
            if !self.take(b':') {
                return self.wrong("a colon is expected here");
            }
            let value = self.value()?;
            fields.push((name, value));
            self.space();
            if self.take(b'}') {
                return Ok(Json::Object(fields));
            }
            if !self.take(b',') {
                return self.wrong("a comma or } is expected here");
            }
        }
    }

    fn digits(&mut self) -> Parsed<()> {
        if !matches!(self.peek(), Some(b'0'..=b'9')) {
            return self.wrong("a digit is expected here");
        }
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        Ok(())
    }

    fn number(&mut self) -> Parsed<&'a str> {
        let start = self.at;
        self.take(b'-');
        if self.take(b'0') {
            if matches!(self.peek(), Some(b'0'..=b'9')) {
                return self.wrong("a number does not begin with 0");
            }
        } else {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _sign = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        Ok(&self.text[start..self.at])
    }

    fn string(&mut self) -> Parsed<Cow<'a, str>> {
        self.at += 1;
        let start = self.at;
        // Quotation marks and backslashes never are a part of another character.
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Cow::Borrowed(&self.text[start..self.at - 1]));
                }
                Some(b'\\') => break,
                Some(0x20..) => self.at += 1,
                _ => {
                    return self.wrong(
                        "a line break or control character in a text is written \\n or \\u…",
                    );
                }
            }
        }
        let mut text = self.text[start..self.at].to_owned();
        loop {
            let plain = self.at;
            while matches!(self.peek(), Some(byte) if byte >= 0x20 && byte != b'"' && byte != b'\\')
            {
                self.at += 1;
            }
            text.push_str(&self.text[plain..self.at]);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(Cow::Owned(text));
                }
                Some(b'\\') => text.push(self.escape()?),
                _ => {
                    return self.wrong(
                        "a line break or control character in a text is written \\n or \\u…",
                    );
                }
            }
        }
    }

    fn escape(&mut self) -> Parsed<char> {
        let start = self.at;
        self.at += 1;
        let c = match self.peek() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                let first = self.unit()?;
                let paired = (0xd800..0xdc00).contains(&first) && self.take(b'\\');
                let code = match paired && self.take(b'u') {
                    true => {
                        let second = self.unit()?;
                        let low = (0xdc00..0xe000).contains(&second);
                        low.then(|| 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00))
                    }
                    false => Some(first),
                };
                return code.and_then(char::from_u32).ok_or(Problem {
                    at: start,
                    why: "half a character stands here".into(),
                });
            }
            _ => return self.wrong("this escape does not exist"),
        };
        self.at += 1;
        Ok(c)
    }

    /// Four hexadecimal digits.
    fn unit(&mut self) -> Parsed<u32> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            let Some(digit) = digit else {
                return self.wrong("four hexadecimal digits are expected here");
            };
            unit = unit * 16 + digit;
            self.at += 1;
        }
        Ok(unit)
    }
}

/// More fields than any object of a scenario has; with it, looking for doubles takes no time.
const FIELD_LIMIT: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    fn text(json: &str) -> String {
        match parse(json).map(|node| node.json) {
            Ok(Json::Text(text)) => text.into_owned(),
            other => panic!("{json} is {other:?}"),
        }
    }

    #[test]
    fn values_are_read_with_their_places() {
        let node = parse(" {\"a\": [1, -2.5e+3, null], \"b\": true}\n").unwrap();
        let Json::Object(fields) = node.json else {
            panic!()
        };
        assert_eq!((node.at, fields[0].1.at, fields[1].1.at), (1, 7, 32));
        let Json::List(items) = &fields[0].1.json else {
            panic!()
        };
        assert_eq!(items[1].json, Json::Number("-2.5e+3"));
        assert!(parse("\u{feff}[]").is_ok());
    }

    #[test]
    fn escapes_are_read_and_half_characters_are_not() {
        assert_eq!(text(r#""a\n\u0041\/\ud83d\udc22ż""#), "a\nA/🐢ż");
        assert_eq!(text(r#""\"\\\b\f\n\r\t""#), "\"\\\u{8}\u{c}\n\r\t");
        for half in [
            r#""\ud83d""#,
            r#""\ud83dx""#,
            r#""\ud83d\n""#,
            r#""\udc22""#,
            r#""\ud83d\u0041""#,
        ] {
            let problem = parse(half).unwrap_err();
            assert_eq!(
                (problem.at, &*problem.why),
                (1, "half a character stands here"),
                "{half}"
            );
        }
    }

    #[test]
    fn what_is_no_json_is_said_with_its_place() {
        for (json, at, why) in [
            ("", 0, "ends too early"),
            ("[1", 2, "ends too early"),
            ("[1 2]", 3, "a comma or ]"),
            ("[1,]", 3, "a value is expected"),
            ("{a: 1}", 1, "name of a field"),
            (r#"{"a" 1}"#, 5, "a colon"),
            (r#"{"a": 1, "a": 2}"#, 9, "the field a stands here twice"),
            ("01", 1, "does not begin with 0"),
            ("-", 1, "ends too early"),
            ("NaN", 0, "a value is expected"),
            ("Infinity", 0, "a value is expected"),
            ("1.x", 2, "a digit"),
            ("{} {}", 3, "more text"),
            ("\"a\nb\"", 2, "a line break"),
            ("\"\\x\"", 2, "this escape"),
            ("\"\\u12g4\"", 5, "four hexadecimal"),
        ] {
            let problem = parse(json).unwrap_err();
            assert_eq!(problem.at, at, "{json}: {problem:?}");
            assert!(problem.why.contains(why), "{json}: {problem:?}");
        }
    }

    #[test]
    fn deep_nesting_and_endless_fields_are_refused() {
        let deep = "[".repeat(1_000_000);
        assert_eq!(
            parse(&deep).unwrap_err().why,
            "values are nested too deeply"
        );
        let deep = "{\"a\":".repeat(1_000_000);
        assert_eq!(
            parse(&deep).unwrap_err().why,
            "values are nested too deeply"
        );
        let fields: Vec<String> = (0..100_000).map(|n| format!("\"{n}\":0")).collect();
        let wide = format!("{{{}}}", fields.join(","));
        assert!(parse(&wide).unwrap_err().why.contains("too many fields"));
    }
}
