//! The scenarios that come with the playground.

use super::Scenario;

/// The ids and texts of the built-in scenarios, the first one being what the page opens on.
pub const BUILT_IN: [(&str, &str); 1] = [("hello", include_str!("library/hello.json"))];

/// A built-in scenario.
pub fn built_in(id: &str) -> Option<Scenario> {
    let (_, text) = BUILT_IN.iter().find(|(known, _)| *known == id)?;
    Some(Scenario::parse(text).expect("the built-in scenarios are read by a test"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_built_in_scenarios_are_sound_and_named_as_they_say() {
        for (id, _) in BUILT_IN {
            assert_eq!(built_in(id).unwrap().id, id);
        }
        assert_eq!(built_in("no such"), None);
    }
}
