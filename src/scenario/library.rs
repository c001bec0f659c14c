//! The scenarios that come with the playground.

use super::Scenario;

/// Lists scenarios by their ids, which are also the names of their files.
macro_rules! library {
    ($($id:literal),* $(,)?) => {
        &[$(($id, include_str!(concat!("library/", $id, ".json")))),*]
    };
}

/// The ids and texts of the built-in scenarios in the order in which to tell them: what Paxos
/// does, what it survives, and what happens without one of its rules. The first one is what the
/// page opens on.
pub const BUILT_IN: &[(&str, &str)] = library![
    "hello",
    "chosen-is-not-learned",
    "late-proposer",
    "highest-ballot-wins",
    "flexible-quorums",
    "duel",
    "duel-ends",
    "delayed-accept",
    "late-and-double-promise",
    "proposer-dies",
    "minority-down",
    "majority-down",
    "crash-with-storage",
    "rough-network",
    "minority-partition",
    "one-way-link",
    "quorum-loss",
    "chained",
    "accept-ignores-promise",
    "own-value-always",
    "shared-ballots",
    "accept-keeps-promise",
    "amnesia",
    "quorums-that-do-not-meet",
    "learner-adds-ballots",
];

/// The groups in which they are told, with how many belong to each.
pub const GROUPS: &[(&str, usize)] = &[
    ("How Paxos agrees", 5),
    ("Rivals, and messages that come late", 4),
    ("Crashes", 4),
    ("Broken networks", 5),
    ("Without a rule", 7),
];

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
        for (id, text) in BUILT_IN {
            let read = Scenario::parse(text).unwrap_or_else(|why| panic!("{id}: {why}"));
            assert_eq!(read.id, *id);
        }
        assert_eq!(built_in("no such"), None);
        let grouped: usize = GROUPS.iter().map(|(_, count)| count).sum();
        assert_eq!(grouped, BUILT_IN.len());
    }
}
