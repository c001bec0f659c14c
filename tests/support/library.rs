//! What happens in the scenarios of the library, as text that is at hand natively and in browsers.

use paxos_playground::cluster::Cluster;
use paxos_playground::scenario::Scenario;

use super::play::transcript;

macro_rules! told {
    ($($id:literal),* $(,)?) => {
        &[$(($id, include_str!(concat!("../library/", $id, ".txt")))),*]
    };
}

/// The ids of the built-in scenarios and what happens in them.
pub const TOLD: &[(&str, &str)] = told![
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

/// Plays a scenario to its end: every event with its sentence, and the cluster as it is then.
pub fn tell(scenario: &Scenario) -> (String, Cluster) {
    let mut text = format!("# {}\n", scenario.title);
    let cluster = scenario.play(|cluster, events| {
        text += &transcript(&scenario.setup, cluster, events);
    });
    (text, cluster.expect("the scenario was read and is sound"))
}
