//! How a run ended, the last line of `--json`. The names of the fields are what scripts rely on;
//! they stay.

use paxos_playground::cluster::{Cluster, Names};
use paxos_playground::protocol::Vote;
use paxos_playground::scenario::Scenario;
use paxos_playground::scenario::record::Violation;
use serde::Serialize;

/// How the run ended: the last object, which alone has `"event": "end"`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    event: &'static str,
    scenario: String,
    at: u64,
    events: u64,
    pub chosen: Option<String>,
    /// What each learner knows that is up.
    learned: Vec<Learned>,
    pub violations: Vec<Violation>,
    /// When more would have happened, if the run was ended by its `until`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<u64>,
    /// Commands whose message was never sent.
    pub never_sent: Vec<String>,
    pub missed: Vec<String>,
    /// Whether every expectation was met.
    pub met: bool,
}

#[derive(Serialize)]
struct Learned {
    process: String,
    value: Option<String>,
}

impl Summary {
    pub fn of(scenario: &Scenario, cluster: &Cluster) -> Self {
        let setup = &scenario.setup;
        let text = |vote: Vote| cluster.text(vote.value).to_string();
        let learned = cluster.processes().filter(|(_, process)| process.up);
        let learned = learned.filter_map(|(id, process)| {
            let learner = process.learner.as_ref()?;
            Some(Learned {
                process: setup.spec(id).name.to_string(),
                value: learner.learned().map(text),
            })
        });
        let names = Names::new(setup, cluster);
        let waiting = cluster.waiting().into_iter();
        let missed = scenario.expect.missed(cluster);
        Self {
            event: "end",
            scenario: scenario.id.clone(),
            at: cluster.now().0,
            events: cluster.recorded(),
            chosen: cluster.chosen().map(text),
            learned: learned.collect(),
            violations: Violation::all(cluster),
            next: cluster.next_due().map(|due| due.0),
            never_sent: waiting
                .map(|command| names.command(command).to_string())
                .collect(),
            met: missed.is_empty(),
            missed: missed.into_iter().map(|missed| missed.0).collect(),
        }
    }
}
