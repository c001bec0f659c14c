//! The pseudocode of single-decree Paxos, line by line, and which lines an event has run.

use crate::cluster::Fact;
use crate::protocol::{AcceptorStep, LearnerStep, ProcessId, ProposerStep, Rule, ValueSource};

/// A line of the pseudocode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its name: the role's letter and a number.
    pub id: &'static str,
    /// How deep it stands.
    pub indent: u8,
    /// What it says.
    pub text: &'static str,
    /// The rules that are in it.
    pub rules: &'static [Rule],
}

const fn line(id: &'static str, indent: u8, text: &'static str, rules: &'static [Rule]) -> Line {
    Line {
        id,
        indent,
        text,
        rules,
    }
}

/// What a proposer does.
pub const PROPOSER: [Line; 9] = [
    line("P1", 0, "To propose v:", &[]),
    line(
        "P2",
        1,
        "n ← a ballot of its own, higher than all it knows of",
        &[Rule::SharedBallots],
    ),
    line("P3", 1, "send Prepare(n) to the acceptors", &[]),
    line("P4", 0, "On Promise(n, vote): count its sender once", &[]),
    line(
        "P5",
        0,
        "Once a quorum has promised n, if it reported votes: v ← the value of the highest",
        &[Rule::OwnValueAlways, Rule::LowestVote, Rule::AnyVote],
    ),
    line("P6", 1, "send Accept(n, v) to the acceptors", &[]),
    line("P7", 0, "On Accepted(n, v): count its sender once", &[]),
    line("P8", 0, "Once a quorum has voted in n: v is chosen", &[]),
    line(
        "P9",
        0,
        "If that takes too long: begin again, with a higher n",
        &[],
    ),
];

/// What an acceptor does.
pub const ACCEPTOR: [Line; 8] = [
    line(
        "A1",
        0,
        "Keep promised and vote on disk: a crash loses neither",
        &[Rule::Amnesia, Rule::AmnesiaPromise, Rule::AmnesiaVote],
    ),
    line("A2", 0, "On Prepare(n), if n > promised:", &[]),
    line(
        "A3",
        1,
        "promised ← n; answer Promise(n, vote)",
        &[Rule::PromiseHidesVote],
    ),
    line("A4", 1, "otherwise, answer Nack(n, promised)", &[]),
    line(
        "A5",
        0,
        "On Accept(n, v), if n ≥ promised:",
        &[Rule::AcceptIgnoresPromise],
    ),
    line("A6", 1, "promised ← n", &[Rule::AcceptKeepsPromise]),
    line(
        "A7",
        1,
        "vote ← (n, v); tell learners and proposer Accepted(n, v)",
        &[],
    ),
    line("A8", 1, "otherwise, answer Nack(n, promised)", &[]),
];

/// What a learner does.
pub const LEARNER: [Line; 2] = [
    line(
        "L1",
        0,
        "On Accepted(n, v): count its sender once, for n",
        &[Rule::LearnerAddsBallots],
    ),
    line("L2", 0, "Once a quorum has voted in n: v is learned", &[]),
];

/// Who ran which lines in an event; nobody, if it ran none.
pub fn ran(fact: &Fact) -> Option<(ProcessId, &'static [&'static str])> {
    let (process, lines): (ProcessId, &[&str]) = match fact {
        Fact::Proposer { process, step } => (*process, proposer(step)),
        Fact::Acceptor { process, step } => (*process, acceptor(step)),
        Fact::Learner { process, step } => (
            *process,
            match step {
                LearnerStep::Counted { .. } => &["L1"],
                LearnerStep::Learned { .. }
                | LearnerStep::Confirmed { .. }
                | LearnerStep::Contradicted { .. } => &["L1", "L2"],
                _ => &["L1"],
            },
        ),
        Fact::TimedOut { process, .. } | Fact::BacksOff { process, .. } => (*process, &["P9"]),
        Fact::Crashed { process, .. } => (*process, &["A1"]),
        _ => return None,
    };
    (!lines.is_empty()).then_some((process, lines))
}

fn proposer(step: &ProposerStep) -> &'static [&'static str] {
    match step {
        ProposerStep::Started { .. } => &["P1", "P2", "P3"],
        ProposerStep::PromiseCounted { .. } | ProposerStep::PromiseIgnored { .. } => &["P4"],
        ProposerStep::PromiseQuorum { source, .. } => match source {
            ValueSource::Adopted { .. } => &["P4", "P5", "P6"],
            _ => &["P4", "P6"],
        },
        ProposerStep::VoteCounted { .. } | ProposerStep::VoteIgnored { .. } => &["P7"],
        ProposerStep::VoteQuorum { .. } => &["P7", "P8"],
        _ => &[],
    }
}

fn acceptor(step: &AcceptorStep) -> &'static [&'static str] {
    match step {
        AcceptorStep::Promised { .. } => &["A2", "A3"],
        AcceptorStep::AlreadyPromised { .. } => &["A2"],
        AcceptorStep::PrepareRefused { .. } => &["A2", "A4"],
        AcceptorStep::Voted { .. } => &["A5", "A6", "A7"],
        AcceptorStep::VotedAgain { .. } => &["A5", "A7"],
        AcceptorStep::AcceptRefused { .. } => &["A5", "A8"],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{BUILT_IN, built_in};

    fn all() -> impl Iterator<Item = Line> {
        PROPOSER.into_iter().chain(ACCEPTOR).chain(LEARNER)
    }

    #[test]
    fn every_rule_stands_in_exactly_one_line() {
        for rule in Rule::ALL {
            let lines = all().filter(|line| line.rules.contains(&rule)).count();
            assert_eq!(lines, 1, "{}", rule.name());
        }
    }

    #[test]
    fn every_line_is_run_by_some_scenario_and_every_line_that_runs_is_there() {
        let mut seen = Vec::new();
        for (id, _) in BUILT_IN {
            let scenario = built_in(id).unwrap();
            let play = scenario.play(|_, events| {
                let lines = events.iter().filter_map(|event| ran(&event.fact));
                seen.extend(lines.flat_map(|(_, lines)| lines.iter().copied()));
            });
            play.unwrap();
        }
        for line in all() {
            assert!(seen.contains(&line.id), "{} never runs", line.id);
        }
        for id in seen {
            assert!(all().any(|line| line.id == id), "{id} is no line");
        }
    }

    #[test]
    fn hello_runs_them_in_order() {
        let mut order: Vec<&str> = Vec::new();
        let scenario = built_in("hello").unwrap();
        let play = scenario.play(|_, events| {
            for (_, lines) in events.iter().filter_map(|event| ran(&event.fact)) {
                for line in lines {
                    if !order.contains(line) {
                        order.push(line);
                    }
                }
            }
        });
        play.unwrap();
        let expected = "P1 P2 P3 A2 A3 P4 P6 A5 A6 A7";
        assert!(order.join(" ").starts_with(expected), "{order:?}");
        assert!(!order.contains(&"P5"), "no vote was reported");
    }
}
