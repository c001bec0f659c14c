//! Plays: what is done to a cluster and what then happens, as text that a person can review.
//!
//! A play begins with the cluster, one setting a line, and comments after `#`. Then each command
//! stands after `> `, above the events that happen until the next one, each with its time in
//! milliseconds. A summary of all processes ends it. Only what stands above the first command, the
//! commands and the comments directly above them is read; the rest is what the cluster gives.

use std::fmt::{Display, Write as _};
use std::str::FromStr;

use paxos_playground::cluster::{
    Cluster, Command, Event, Millis, Names, Network, Process, ProcessSpec, Roles, Setup,
};
use paxos_playground::protocol::{Amnesia, Phase, Vote};

/// Lists the plays by name, with their texts, so that they are also at hand where there are no
/// files.
macro_rules! plays {
    ($($name:ident),* $(,)?) => {
        &[$((stringify!($name), include_str!(concat!("../plays/", stringify!($name), ".play")))),*]
    };
}

/// The names and texts of all plays.
pub const ALL: &[(&str, &str)] = plays![
    hello,
    a_later_proposer_adopts_the_chosen_value,
    a_higher_ballot_takes_over,
    a_minority_is_down,
    a_majority_is_down_and_restarts,
    a_proposer_crashes_in_mid_ballot,
    the_vote_of_the_highest_ballot_counts,
    a_restarted_proposer_uses_a_fresh_ballot,
    a_learner_that_was_down_learns_later,
    two_proposers_keep_outbidding_each_other,
    three_processes_with_all_roles,
    one_process_is_everything,
    four_acceptors,
    flexible_quorums,
    what_cannot_be_done,
];

/// A play that was read.
pub struct Play {
    header: String,
    pub setup: Setup,
    acts: Vec<Act>,
}

struct Act {
    /// The command and the comments above it, as written.
    text: String,
    at: Millis,
    command: Command,
}

impl Play {
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut play = Play {
            header: String::new(),
            setup: Setup::default(),
            acts: Vec::new(),
        };
        let mut comments = String::new();
        for (number, line) in (1..).zip(text.lines()) {
            let wrong = |why: String| format!("line {number}: {why}: {line}");
            if let Some(command) = line.strip_prefix("> ") {
                let (at, command) = read_command(&play.setup, command).map_err(wrong)?;
                if play.acts.last().is_some_and(|act| act.at > at) {
                    return Err(wrong("the command before it is later".into()));
                }
                let text = std::mem::take(&mut comments) + line + "\n";
                play.acts.push(Act { text, at, command });
            } else if play.acts.is_empty() {
                read_setting(&mut play.setup, line).map_err(wrong)?;
                writeln!(play.header, "{line}").unwrap();
            } else if line.starts_with('#') {
                writeln!(comments, "{line}").unwrap();
            } else {
                comments.clear();
            }
        }
        Ok(play)
    }

    /// The commands and their times.
    pub fn script(&self) -> impl Iterator<Item = (Millis, Command)> {
        self.acts.iter().map(|act| (act.at, act.command.clone()))
    }

    /// The whole text, with the events that really happen.
    pub fn perform(&self) -> String {
        let mut cluster = Cluster::new(&self.setup).expect("the play's cluster is sound");
        for (at, command) in self.script() {
            cluster.schedule(at, command);
        }
        let mut text = self.header.clone();
        for (index, act) in self.acts.iter().enumerate() {
            if index > 0 {
                text += "\n";
            }
            text += &act.text;
            // Commands were scheduled before anything was sent, so they come first at their time.
            text += &step(&self.setup, &mut cluster);
            let next = self.acts.get(index + 1).map(|act| act.at);
            while cluster
                .next_due()
                .is_some_and(|due| next.is_none_or(|next| due < next))
            {
                text += &step(&self.setup, &mut cluster);
            }
        }
        text += "\nIn the end:\n";
        for (id, process) in cluster.processes() {
            let names = Names::new(&self.setup, &cluster);
            let name = &self.setup.spec(id).name;
            writeln!(text, "{name:>7}  {}", state(&names, process)).unwrap();
        }
        text
    }
}

fn step(setup: &Setup, cluster: &mut Cluster) -> String {
    let mut events = Vec::new();
    cluster.step(&mut events);
    transcript(setup, cluster, &events)
}

/// One line for each event: its time and its sentence.
pub fn transcript(setup: &Setup, cluster: &Cluster, events: &[Event]) -> String {
    let names = Names::new(setup, cluster);
    let mut text = String::new();
    for Event { at, fact } in events {
        writeln!(text, "{:>7}  {}", at.0, names.fact(fact)).unwrap();
    }
    text
}

/// A process in a few words.
fn state(names: &Names, process: &Process) -> String {
    let ballot = |ballot| names.ballot_text(ballot);
    let vote = |vote: Vote| {
        format!(
            "“{}” in {}",
            names.value_text(vote.value),
            ballot(vote.ballot)
        )
    };
    let mut words = Vec::new();
    if !process.up {
        words.push("down".into());
    }
    if let Some(proposer) = &process.proposer {
        words.push(match proposer.phase() {
            Phase::Idle => "without a ballot".into(),
            Phase::Preparing { ballot: n, .. } => format!("preparing {}", ballot(*n)),
            Phase::Accepting { ballot: n, .. } => format!("waiting for votes in {}", ballot(*n)),
            Phase::Done { ballot: n, .. } => format!("done with {}", ballot(*n)),
        });
    }
    if let Some(acceptor) = &process.acceptor {
        words.push(match acceptor.promised() {
            None => "no promise".into(),
            Some(promised) => format!("promised {}", ballot(promised)),
        });
        words.push(match acceptor.vote() {
            None => "no vote".into(),
            Some(cast) => format!("voted {}", vote(cast)),
        });
    }
    if let Some(learner) = &process.learner {
        words.push(match learner.learned() {
            None => "learned nothing".into(),
            Some(learned) => format!("learned {}", vote(learned)),
        });
    }
    words.join(", ")
}

/// Processes such as `P proposer, A acceptor+learner`.
pub fn processes(list: &str) -> Result<Vec<ProcessSpec>, String> {
    list.split(',').map(|entry| process(entry.trim())).collect()
}

fn process(entry: &str) -> Result<ProcessSpec, String> {
    let (name, list) = entry.split_once(' ').ok_or("a process needs roles")?;
    let mut roles = Roles::default();
    for role in list.split('+') {
        match role {
            "proposer" => roles.proposer = true,
            "acceptor" => roles.acceptor = true,
            "learner" => roles.learner = true,
            _ => return Err(format!("{role} is no role")),
        }
    }
    let name = name.into();
    Ok(ProcessSpec { name, roles })
}

fn read_setting(setup: &mut Setup, line: &str) -> Result<(), String> {
    if line.is_empty() || line.starts_with('#') {
        return Ok(());
    }
    let (key, value) = line.split_once(": ").ok_or("no setting")?;
    match key {
        "processes" => setup.processes = processes(value)?,
        "seed" => setup.seed = number(value)?,
        "delay" => {
            let (shortest, longest) = value.split_once(' ').ok_or("two times are needed")?;
            let network = Network::with_delay(number(shortest)?, number(longest)?);
            setup.network = network.map_err(|error| error.to_string())?;
        }
        "quorums" => {
            let (phase1, phase2) = value.split_once(' ').ok_or("two sizes are needed")?;
            setup.phase1 = Some(number(phase1)?);
            setup.phase2 = Some(number(phase2)?);
        }
        _ => return Err("unknown setting".into()),
    }
    Ok(())
}

fn read_command(setup: &Setup, text: &str) -> Result<(Millis, Command), String> {
    let mut words = text.splitn(5, ' ');
    let mut word = || words.next().ok_or("a word is missing");
    if word()? != "at" {
        return Err("a command begins with its time, as in `at 0`".into());
    }
    let at = Millis(number(word()?)?);
    let (what, name) = (word()?, word()?);
    let process = setup.id_of(name).ok_or("there is no such process")?;
    let command = match what {
        "propose" => {
            let value = words.next().unwrap_or_default().into();
            Command::Propose { process, value }
        }
        "crash" => Command::Crash {
            process,
            amnesia: Amnesia::NONE,
        },
        "restart" => Command::Restart { process },
        _ => return Err("unknown command".into()),
    };
    Ok((at, command))
}

fn number<T: FromStr<Err: Display>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error: T::Err| error.to_string())
}
