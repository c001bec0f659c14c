//! Names that other tools can stand.

use std::collections::BTreeSet;

/// The beginning of a file's name: what is safe of an id, on any system.
pub fn stem(id: &str) -> String {
    let safe = |c: char| match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '_' | '-' => c,
        _ => '-',
    };
    let stem: String = id.chars().map(safe).collect();
    match stem.trim_matches('-') {
        "" => "paxos".to_owned(),
        stem => stem.to_owned(),
    }
}

/// Text on one line: control characters and line ends become spaces.
pub fn one_line(text: &str) -> String {
    let end = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    text.replace(end, " ")
}

/// Names that differ from each other, in the order of the given ones: where two would be alike, a
/// number is added.
pub fn unique(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let mut unique = |name: String| {
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        let mut free = std::iter::once(name.clone()).chain(numbered);
        let free = free.find(|name| !taken.contains(name)).unwrap_or_default();
        taken.insert(free.clone());
        free
    };
    names.map(&mut unique).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_a_name_that_is_safe_everywhere() {
        assert_eq!(stem("late-proposer"), "late-proposer");
        assert_eq!(stem("../etc/passwd"), "etc-passwd");
        assert_eq!(stem("żółw"), "w");
        assert_eq!(stem("…"), "paxos");
        assert_eq!(stem(""), "paxos");
    }

    #[test]
    fn names_that_would_be_alike_get_numbers() {
        let names = ["A", "A", "A_2", "B"].map(String::from).into_iter();
        assert_eq!(unique(names), ["A", "A_2", "A_2_2", "B"]);
    }

    #[test]
    fn a_line_stays_one() {
        assert_eq!(one_line("a\nb\u{2028}c"), "a b c");
    }
}
