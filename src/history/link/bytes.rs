//! The bytes of a link: numbers, texts and lists, as the format "postcard" has them.
//!
//! A whole number takes as many bytes as it needs, seven bits each, the lowest first; one that may
//! be negative is counted 0, -1, 1, -2 and so on. Texts and lists begin with their length, what may
//! be missing with 0 or 1. It is written by hand because with the library and derived readers it is
//! 12 KB more in the page; the bytes are the same.

/// The characters of base64url, which mean nothing else in an address.
const CHARACTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Bytes as characters, six bits each.
pub fn to_characters(bytes: &[u8], into: &mut String) {
    for group in bytes.chunks(3) {
        let bits = (0..3).fold(0, |bits, at| {
            bits << 8 | usize::from(*group.get(at).unwrap_or(&0))
        });
        for place in 0..=group.len() {
            into.push(char::from(CHARACTERS[bits >> (18 - 6 * place) & 63]));
        }
    }
}

/// The bytes that these are the characters of.
pub fn from_characters(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for group in text.as_bytes().chunks(4) {
        let mut bits = 0_usize;
        for place in 0..4 {
            let six = match group.get(place) {
                Some(character) => CHARACTERS.iter().position(|known| known == character)?,
                None => 0,
            };
            bits = bits << 6 | six;
        }
        // What is left of the last character must be nothing, and one alone is no byte.
        let count = group.len() - 1;
        if count == 0 || bits & (0xff_ffff >> (8 * count)) != 0 {
            return None;
        }
        bytes.extend_from_slice(&(bits as u32).to_be_bytes()[1..=count]);
    }
    Some(bytes)
}

/// Writes.
#[derive(Default)]
pub struct Writer(pub Vec<u8>);

impl Writer {
    #[inline(never)]
    pub fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    pub fn number(&mut self, number: impl Into<u64>) {
        self.whole(number.into());
    }

    #[inline(never)]
    fn whole(&mut self, mut number: u64) {
        while number > 0x7f {
            self.byte(number as u8 | 0x80);
            number >>= 7;
        }
        self.byte(number as u8);
    }

    pub fn signed(&mut self, number: i64) {
        self.whole((number << 1 ^ number >> 63) as u64);
    }

    #[inline(never)]
    pub fn text(&mut self, text: &str) {
        self.whole(text.len() as u64);
        self.0.extend_from_slice(text.as_bytes());
    }

    pub fn maybe<T>(&mut self, what: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.byte(u8::from(what.is_some()));
        if let Some(what) = what {
            write(self, what);
        }
    }

    pub fn list<T>(
        &mut self,
        items: impl ExactSizeIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T),
    ) {
        self.whole(items.len() as u64);
        items.for_each(|item| write(self, item));
    }
}

/// Reads. Once something is wrong it remembers what, and all that follows is nothing: whoever reads
/// asks once, at the end.
pub struct Reader<'a> {
    rest: &'a [u8],
    wrong: Option<&'static str>,
}

impl<'a> Reader<'a> {
    pub fn new(rest: &'a [u8]) -> Self {
        let wrong = None;
        Self { rest, wrong }
    }

    /// Something is wrong. What was found first is what is said.
    pub fn is_wrong<T: Default>(&mut self, what: &'static str) -> T {
        self.stop(what);
        T::default()
    }

    #[inline(never)]
    fn stop(&mut self, what: &'static str) {
        self.wrong.get_or_insert(what);
        self.rest = &[];
    }

    /// Whether there is more to read, and nothing wrong so far.
    pub fn has_more(&self) -> bool {
        self.wrong.is_none() && !self.rest.is_empty()
    }

    /// What is wrong, now that all is read.
    pub fn end(&self) -> Option<&'static str> {
        let more = "scenario says more than it can say";
        self.wrong.or((!self.rest.is_empty()).then_some(more))
    }

    #[inline(never)]
    pub fn byte(&mut self) -> u8 {
        match self.rest.split_first() {
            Some((byte, rest)) => {
                self.rest = rest;
                *byte
            }
            None => self.is_wrong("scenario ends too early"),
        }
    }

    #[inline(never)]
    pub fn whole(&mut self) -> u64 {
        let mut number = 0;
        for place in 0..10 {
            let byte = self.byte();
            let bits = u64::from(byte & 0x7f);
            if place == 9 && bits > 1 {
                break;
            }
            number |= bits << (7 * place);
            if byte < 0x80 {
                return number;
            }
        }
        self.is_wrong("numbers are too large")
    }

    /// A number that must not be larger than its kind can be.
    pub fn number<T: TryFrom<u64> + Default>(&mut self) -> T {
        match T::try_from(self.whole()) {
            Ok(number) => number,
            Err(_) => self.is_wrong("numbers are too large"),
        }
    }

    #[inline(never)]
    pub fn signed(&mut self) -> i64 {
        let number = self.whole();
        (number >> 1) as i64 ^ -((number & 1) as i64)
    }

    #[inline(never)]
    pub fn text(&mut self) -> &'a str {
        let count = self.count();
        let (text, rest) = self.rest.split_at(count);
        self.rest = rest;
        match std::str::from_utf8(text) {
            Ok(text) => text,
            Err(_) => self.is_wrong("texts are not in UTF-8"),
        }
    }

    /// Yes or no.
    #[inline(never)]
    pub fn flag(&mut self) -> bool {
        match self.byte() {
            0 => false,
            1 => true,
            _ => self.is_wrong("choices are neither yes nor no"),
        }
    }

    pub fn maybe<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.flag().then(|| read(self))
    }

    /// How many there are in a list: no more than bytes are left, for each takes one.
    #[inline(never)]
    pub fn count(&mut self) -> usize {
        let count = self.whole();
        match usize::try_from(count) {
            Ok(count) if count <= self.rest.len() => count,
            _ => self.is_wrong("lists and texts are longer than the link"),
        }
    }

    pub fn list<T>(&mut self, mut read: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.count()).map(|_| read(self)).collect()
    }

    /// What has this place in a list of what is known.
    pub fn listed<T: Copy>(&mut self, list: &[T]) -> Option<T> {
        let place = self.byte();
        let found = list.get(usize::from(place)).copied();
        found.or_else(|| self.is_wrong("scenario has something of a kind that is not known"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_become_characters_and_come_back() {
        let known = [
            ("", ""),
            ("f", "Zg"),
            ("fo", "Zm8"),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg"),
        ];
        for (bytes, characters) in known {
            let mut text = String::new();
            to_characters(bytes.as_bytes(), &mut text);
            assert_eq!(text, characters);
            assert_eq!(
                from_characters(characters).as_deref(),
                Some(bytes.as_bytes())
            );
        }
        for wrong in ["Z", "Zh", "Zm9vY", "Zm9=", "Zm+v", "Zmż"] {
            assert_eq!(from_characters(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn numbers_come_back_and_what_is_no_number_is_said() {
        let mut writer = Writer::default();
        let numbers = [0, 1, 127, 128, 300, u64::MAX];
        numbers.iter().for_each(|&number| writer.number(number));
        let signed = [0, -1, 1, -64, 64, i64::MIN, i64::MAX];
        signed.iter().for_each(|&number| writer.signed(number));
        let mut reader = Reader::new(&writer.0);
        assert_eq!(numbers.map(|_| reader.whole()), numbers);
        assert_eq!(signed.map(|_| reader.signed()), signed);
        assert_eq!(reader.end(), None);
        assert_eq!(reader.byte(), 0);
        assert_eq!(reader.end(), Some("scenario ends too early"));
        let mut endless = Reader::new(&[0xff; 11]);
        endless.whole();
        assert_eq!(endless.end(), Some("numbers are too large"));
    }
}
