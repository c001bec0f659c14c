//! The file format, version 1.

use std::sync::Arc;

use serde::Deserialize;

use crate::cluster::{Command, Millis, NAME_LIMIT, Network, ProcessSpec, Roles, Setup};
use crate::protocol::Amnesia;

use super::{PLANE_HEIGHT, PLANE_WIDTH, Place, Scenario, ScenarioError};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    #[serde(default)]
    id: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    summary: String,
    #[serde(default)]
    seed: u64,
    processes: Vec<ProcessEntry>,
    #[serde(default)]
    quorum: QuorumEntry,
    #[serde(default)]
    network: NetworkEntry,
    #[serde(default)]
    script: Vec<ScriptEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProcessEntry {
    id: Arc<str>,
    roles: Vec<RoleEntry>,
    x: Option<f64>,
    y: Option<f64>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum RoleEntry {
    Proposer,
    Acceptor,
    Learner,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct QuorumEntry {
    phase1: Option<u16>,
    phase2: Option<u16>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct NetworkEntry {
    delay: Option<(u32, u32)>,
}

#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "lowercase", deny_unknown_fields)]
enum ScriptEntry {
    Propose {
        at: u64,
        process: String,
        value: Arc<str>,
    },
    Crash {
        at: u64,
        process: String,
    },
    Restart {
        at: u64,
        process: String,
    },
}

pub(super) fn read(text: &str) -> Result<Scenario, ScenarioError> {
    let file: File = serde_json::from_str(text).map_err(|e| ScenarioError(e.to_string()))?;
    if file.version != 1 {
        let version = file.version;
        return Err(ScenarioError(format!(
            "version is {version}, and only version 1 is known"
        )));
    }
    let mut setup = Setup {
        seed: file.seed,
        phase1: file.quorum.phase1,
        phase2: file.quorum.phase2,
        ..Setup::default()
    };
    if let Some((shortest, longest)) = file.network.delay {
        let network = Network::with_delay(shortest, longest);
        setup.network = network.map_err(|e| ScenarioError(e.to_string()))?;
    }
    let mut places = Vec::new();
    let count = file.processes.len();
    for (index, entry) in file.processes.into_iter().enumerate() {
        places.push(place(index, count, &entry)?);
        let mut roles = Roles::default();
        for role in entry.roles {
            match role {
                RoleEntry::Proposer => roles.proposer = true,
                RoleEntry::Acceptor => roles.acceptor = true,
                RoleEntry::Learner => roles.learner = true,
            }
        }
        let name = entry.id;
        setup.processes.push(ProcessSpec { name, roles });
    }
    setup.validate().map_err(|e| ScenarioError(e.to_string()))?;
    let entries = file.script.into_iter().enumerate();
    let script = entries
        .map(|(index, entry)| command(&setup, index, entry))
        .collect::<Result<_, _>>()?;
    Ok(Scenario {
        id: file.id,
        title: file.title,
        summary: file.summary,
        setup,
        places,
        script,
    })
}

/// Where a process stands: where the file says, or on a circle.
fn place(index: usize, count: usize, entry: &ProcessEntry) -> Result<Place, ScenarioError> {
    let check = |field, value: f64, limit: f64| {
        if (0.0..=limit).contains(&value) {
            return Ok(value);
        }
        Err(ScenarioError(format!(
            "processes[{index}].{field} is {value}, and must be from 0 to {limit}"
        )))
    };
    match (entry.x, entry.y) {
        (Some(x), Some(y)) => Ok(Place {
            x: check("x", x, PLANE_WIDTH)?,
            y: check("y", y, PLANE_HEIGHT)?,
        }),
        (None, None) => {
            let angle = std::f64::consts::TAU * (index as f64 / count as f64 - 0.5);
            Ok(Place {
                x: PLANE_WIDTH / 2.0 * (1.0 + 0.8 * angle.cos()),
                y: PLANE_HEIGHT / 2.0 * (1.0 + 0.8 * angle.sin()),
            })
        }
        (None, Some(_)) => Err(ScenarioError(format!("processes[{index}].x is missing"))),
        (Some(_), None) => Err(ScenarioError(format!("processes[{index}].y is missing"))),
    }
}

fn command(
    setup: &Setup,
    index: usize,
    entry: ScriptEntry,
) -> Result<(Millis, Command), ScenarioError> {
    let find = |name: &str| {
        setup.id_of(name).ok_or_else(|| {
            let name = crate::cluster::shorten(name, NAME_LIMIT);
            ScenarioError(format!(
                "script[{index}].process is \"{name}\", and there is no such process"
            ))
        })
    };
    Ok(match entry {
        ScriptEntry::Propose { at, process, value } => {
            let process = find(&process)?;
            (Millis(at), Command::Propose { process, value })
        }
        ScriptEntry::Crash { at, process } => {
            let process = find(&process)?;
            let amnesia = Amnesia::NONE;
            (Millis(at), Command::Crash { process, amnesia })
        }
        ScriptEntry::Restart { at, process } => {
            let process = find(&process)?;
            (Millis(at), Command::Restart { process })
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        read(text).unwrap_err().0
    }

    #[test]
    fn a_small_file_is_enough_and_places_are_found_for_it() {
        let scenario = read(r#"{"version": 1, "processes": [{"id": "A", "roles": ["acceptor"]}, {"id": "B", "roles": ["acceptor"]}]}"#).unwrap();
        assert_eq!(scenario.setup.processes.len(), 2);
        assert_ne!(scenario.places[0], scenario.places[1]);
    }

    #[test]
    fn errors_name_the_field() {
        for (text, expected) in [
            ("{", "EOF"),
            (r#"{"processes": []}"#, "missing field `version`"),
            (r#"{"version": 2, "processes": []}"#, "version is 2"),
            (
                r#"{"version": 1, "processes": [], "colour": 1}"#,
                "unknown field `colour`",
            ),
            (
                r#"{"version": 1, "processes": [{"id": "A", "roles": ["king"]}]}"#,
                "unknown variant `king`",
            ),
            (
                r#"{"version": 1, "processes": [{"id": "A", "roles": ["acceptor"], "x": -1, "y": 0}]}"#,
                "processes[0].x is -1",
            ),
            (
                r#"{"version": 1, "processes": [{"id": "A", "roles": ["acceptor"], "x": 1}]}"#,
                "processes[0].y is missing",
            ),
            (
                r#"{"version": 1, "processes": [], "script": [{"at": 0, "do": "crash", "process": "Z"}]}"#,
                "script[0].process is \"Z\"",
            ),
            (
                r#"{"version": 1, "processes": [], "network": {"delay": [5, 4]}}"#,
                "network.delay is [5, 4]",
            ),
        ] {
            let message = error(text);
            assert!(message.contains(expected), "{text}\n{message}");
        }
    }
}
