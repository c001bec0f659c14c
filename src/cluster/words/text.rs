//! Text that somebody typed, made fit to be shown.

/// The first characters of a text, on one line, with an ellipsis if there are more. Characters
/// that would hide or turn around what stands beside them are shown as replaced; text that runs
/// from right to left is kept apart from what surrounds it.
pub fn shorten(text: &str, limit: usize) -> String {
    let mut shown: String = text
        .chars()
        .take(limit)
        .map(|c| match c {
            _ if c.is_control() => ' ',
            _ if is_hidden(c) => char::REPLACEMENT_CHARACTER,
            _ => c,
        })
        .collect();
    if text.chars().nth(limit).is_some() {
        shown.pop();
        shown.push('…');
    }
    let turned = |c| matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fefc}');
    if shown.contains(turned) {
        shown = format!("\u{2068}{shown}\u{2069}");
    }
    shown
}

/// A name with its beginning and its end: names of one kind often begin alike.
pub fn shorten_name(name: &str, limit: usize) -> String {
    let count = name.chars().count();
    if count <= limit || limit < 2 {
        return shorten(name, limit);
    }
    // Where there is little room, the end: what tells names apart is there more often.
    let end = ((limit - 1) / 2).max(2).min(limit - 1);
    let tail: String = name.chars().skip(count - end).collect();
    let head: String = name.chars().take(limit - 1 - end).collect();
    shorten(&format!("{head}…{tail}"), limit)
}

/// Marks that have no width of their own or turn the direction of writing. The joiners are not
/// among them: scripts and emoji need those.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Whether nothing of a text would be seen.
pub(crate) fn is_blank(text: &str) -> bool {
    let is_joiner = |c| matches!(c, '\u{200c}' | '\u{200d}');
    text.chars()
        .all(|c| c.is_whitespace() || c.is_control() || is_hidden(c) || is_joiner(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_keeps_its_beginning_and_its_end() {
        assert_eq!(shorten_name("acceptor", 8), "acceptor");
        assert_eq!(shorten_name("acceptor-12", 8), "acce…-12");
        assert_eq!(shorten_name("acceptor-12", 5), "ac…12");
        assert_eq!(shorten_name("acceptor-12", 4), "a…12");
        assert_eq!(shorten_name("acceptor-12", 3), "…12");
        assert_eq!(shorten_name("acceptor-12", 2), "…2");
        assert_eq!(shorten_name("acceptor-12", 1), "…");
    }

    #[test]
    fn a_long_value_is_cut_at_a_character_and_says_so() {
        assert_eq!(shorten("Hello", 5), "Hello");
        assert_eq!(shorten("Hello!", 5), "Hell…");
        assert_eq!(shorten("żółwżółw", 4), "żół…");
        assert_eq!(shorten(&"x".repeat(10_000), 24).chars().count(), 24);
    }

    #[test]
    fn a_value_stays_on_its_line() {
        assert_eq!(shorten("a\nb\tc\u{7}", 10), "a b c ");
    }

    #[test]
    fn a_value_cannot_turn_around_what_stands_beside_it() {
        assert_eq!(shorten("\u{202e}abc", 10), "\u{fffd}abc");
        assert_eq!(shorten("שלום", 10), "\u{2068}שלום\u{2069}");
        assert!(is_blank(" \u{200b}\n"));
        assert!(is_blank("\u{200d}"), "a joiner that joins nothing");
        assert!(!is_blank("👩\u{200d}🚀"));
    }
}
