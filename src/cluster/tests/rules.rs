//! What each broken rule does to a running cluster. Each play is won only because of that rule:
//! the same play with all rules ends well.

use super::*;

/// The invariants that a play breaks, first with the rule broken and then with all rules.
fn with_and_without(rule: Rule, names: &str, script: impl Fn(&mut Play)) -> Vec<&'static str> {
    let mut well = play(names);
    script(&mut well);
    assert_eq!(well.broken(), [""; 0], "{}, with all rules", rule.name());
    let mut ill = play_with(names, breaking(rule));
    script(&mut ill);
    assert_eq!(ill.cluster.rules().broken().collect::<Vec<_>>(), [rule]);
    ill.broken()
}

/// Nothing reaches these acceptors from this proposer any more.
fn cut_off(play: &mut Play, proposer: char, acceptors: &str) {
    for acceptor in acceptors.chars() {
        let link = play.both_ways(proposer, acceptor);
        play.apply(Command::Cut { link });
    }
}

#[test]
fn shared_ballots_choose_two_values_in_one() {
    let broken = with_and_without(Rule::SharedBallots, "PQABCL", |play| {
        play.propose('P', "Hello");
        play.propose('Q', "World");
        play.until(1_000);
    });
    assert_eq!(broken, ["agreement", "one-value-per-ballot"]);
    let mut play = play_with("PQABCL", breaking(Rule::SharedBallots));
    play.propose('P', "Hello");
    play.propose('Q', "World");
    let said = play.said_of("starts");
    assert!(said[0].contains("P starts ballot 1.P") && said[1].contains("Q starts ballot 1.P"));
}

#[test]
fn ballots_of_two_proposers_are_never_equal_otherwise() {
    let mut play = play("PQABCL");
    play.propose('P', "Hello");
    play.propose('Q', "World");
    play.until(1_000);
    assert_eq!(play.said_of("Q starts ballot 1.Q").len(), 1);
    assert_eq!(play.broken(), [""; 0]);
}

#[test]
fn an_acceptor_that_ignores_its_promise_chooses_behind_a_back() {
    let broken = with_and_without(Rule::AcceptIgnoresPromise, "PQABCL", |play| {
        for name in ['A', 'B', 'C'] {
            let message = Some(play.nth(Kind::Accept, 'P', name, 1));
            play.apply(Command::Hold { message });
        }
        play.propose('P', "Hello");
        play.until(200);
        play.propose('Q', "World");
        play.until(600);
        play.apply(Command::Release { message: None });
        play.until(1_000);
    });
    assert!(broken.contains(&"agreement") && broken.contains(&"promise-never-falls"));
}

#[test]
fn a_vote_against_a_promise_says_so() {
    let mut play = play_with("PQABC", breaking(Rule::AcceptIgnoresPromise));
    let message = Some(play.nth(Kind::Accept, 'P', 'A', 1));
    play.apply(Command::Hold { message });
    play.propose('P', "Hello");
    play.until(200);
    play.propose('Q', "World");
    play.until(260);
    play.apply(Command::Release { message: None });
    play.until(320);
    let said = play.said_of("A votes");
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(
        said[0].ends_with("although it has promised 1.Q: that rule is broken"),
        "{said:?}"
    );
}

#[test]
fn a_vote_that_does_not_raise_the_promise_is_above_it() {
    let broken = with_and_without(Rule::AcceptKeepsPromise, "PQABCL", |play| {
        let message = play.nth(Kind::Prepare, 'P', 'C', 1);
        play.apply(Command::Drop { message });
        play.propose('P', "Hello");
        play.until(1_000);
    });
    assert_eq!(
        broken,
        ["promise-at-least-vote"],
        "C voted without a promise"
    );
}

#[test]
fn an_own_value_replaces_a_chosen_one() {
    let broken = with_and_without(Rule::OwnValueAlways, "PQABCL", |play| {
        play.propose('P', "Hello");
        play.until(500);
        play.propose('Q', "World");
        play.until(1_000);
    });
    assert_eq!(broken, ["agreement", "accept-is-safe"]);
}

#[test]
fn a_hidden_vote_lets_a_chosen_value_be_replaced() {
    let broken = with_and_without(Rule::PromiseHidesVote, "PQABCL", |play| {
        play.propose('P', "Hello");
        play.until(500);
        play.propose('Q', "World");
        play.until(1_000);
        assert!(play.rules_said());
    });
    assert_eq!(
        broken,
        ["agreement", "reported-votes-were-cast", "accept-is-safe"]
    );
}

impl Play {
    /// Whether every sentence of a broken rule says so, if there is one.
    fn rules_said(&mut self) -> bool {
        self.cluster.rules() == Rules::KEPT || !self.said_of("that rule is broken").is_empty()
    }
}

/// A votes for "low" in 1.P, and B for "high" in the higher 1.Q, which C may join at any time.
/// Then R meets A and B, this one `last`. With "high" on its way to being chosen, it must not take
/// "low".
fn two_votes(play: &mut Play, last: char) {
    for name in ['B', 'C'] {
        let message = play.nth(Kind::Accept, 'P', name, 1);
        play.apply(Command::Drop { message });
    }
    let message = Some(play.nth(Kind::Accept, 'Q', 'C', 1));
    play.apply(Command::Hold { message });
    play.propose('P', "low");
    play.until(200);
    cut_off(play, 'Q', "A");
    play.propose('Q', "high");
    play.until(400);
    let link = play.both_ways('R', last);
    let delay = DelayRange::new(60, 60).ok();
    play.apply(Command::Link { link, delay });
    cut_off(play, 'R', "C");
    play.propose('R', "mine");
    play.until(600);
    play.apply(Command::Release { message: None });
    play.until(1_000);
}

#[test]
fn the_lowest_vote_is_the_wrong_one() {
    let broken = with_and_without(Rule::LowestVote, "PQRABCL", |play| two_votes(play, 'B'));
    assert_eq!(broken, ["agreement", "accept-is-safe"]);
}

#[test]
fn any_vote_is_sometimes_the_wrong_one() {
    let broken = with_and_without(Rule::AnyVote, "PQRABCL", |play| two_votes(play, 'A'));
    assert_eq!(broken, ["agreement", "accept-is-safe"]);
    let mut lucky = play_with("PQRABCL", breaking(Rule::AnyVote));
    two_votes(&mut lucky, 'B');
    assert!(
        lucky.holds(Invariant::AcceptIsSafe),
        "the right one came last"
    );
}

#[test]
fn a_plain_crash_loses_what_the_broken_storage_does_not_keep() {
    let crash_and_propose = |play: &mut Play| {
        play.propose('P', "Hello");
        play.until(500);
        for name in ['A', 'B', 'C'] {
            play.crash(name);
            play.restart(name);
        }
        play.propose('Q', "World");
        play.until(1_000);
    };
    assert_eq!(
        with_and_without(Rule::Amnesia, "PQABCL", crash_and_propose),
        [
            "agreement",
            "promise-never-falls",
            "reported-votes-were-cast",
            "accept-is-safe"
        ]
    );
    assert_eq!(
        with_and_without(Rule::AmnesiaVote, "PQABCL", crash_and_propose),
        ["agreement", "reported-votes-were-cast", "accept-is-safe"]
    );
}

#[test]
fn a_promise_that_a_crash_takes_binds_nobody() {
    let broken = with_and_without(Rule::AmnesiaPromise, "PQABCL", |play| {
        for name in ['A', 'B', 'C'] {
            let message = Some(play.nth(Kind::Accept, 'P', name, 1));
            play.apply(Command::Hold { message });
        }
        play.propose('P', "Hello");
        play.until(200);
        play.propose('Q', "World");
        play.until(310);
        // Q has its promises, and its Accepts are on their way.
        for name in ['A', 'B', 'C'] {
            play.crash(name);
            play.restart(name);
            let message = play.nth(Kind::Accept, 'P', name, 1);
            play.apply(Command::Deliver { message });
        }
        play.until(1_000);
    });
    assert!(broken.contains(&"agreement") && broken.contains(&"promise-never-falls"));
}

#[test]
fn a_learner_that_adds_ballots_up_learns_what_is_not_chosen() {
    let broken = with_and_without(Rule::LearnerAddsBallots, "PABCL", |play| {
        for (nth, names) in [(1, "BC"), (2, "AC")] {
            for name in names.chars() {
                let message = play.nth(Kind::Accept, 'P', name, nth);
                play.apply(Command::Drop { message });
            }
        }
        play.propose('P', "Hello");
        play.until(500);
        play.propose('P', "Hello");
        play.until(1_000);
        assert_eq!(play.chosen(), None);
    });
    assert_eq!(broken, ["learned-implies-chosen"]);
}

#[test]
fn quorums_that_do_not_meet_are_unsafe_without_any_broken_rule() {
    let mut play = play_with("PQABCL", |setup| {
        (setup.phase1, setup.phase2) = (Some(1), Some(1))
    });
    cut_off(&mut play, 'P', "BC");
    cut_off(&mut play, 'Q', "AB");
    play.propose('P', "Hello");
    play.propose('Q', "World");
    play.until(1_000);
    assert_eq!(play.broken(), ["agreement", "accept-is-safe"]);
}

#[test]
fn a_failure_has_its_instant_and_its_event_and_is_said_once() {
    let mut play = play_with("PQABCL", breaking(Rule::OwnValueAlways));
    for (time, name) in [(500, 'P'), (1_000, 'Q'), (1_500, 'P')] {
        play.propose(name, &format!("of {name}"));
        play.until(time);
    }
    let failure = play.cluster.failure(Invariant::Agreement).unwrap();
    assert_eq!(
        failure.at,
        Millis(650),
        "the second vote for the second value"
    );
    let event = &play.events[failure.event as usize];
    assert!(matches!(
        event.fact,
        Fact::Chosen {
            before: Some(_),
            ..
        }
    ));
    assert_eq!(play.cluster.recorded(), play.events.len() as u64);
    assert_eq!(
        play.said_of("agreement"),
        ["650 An invariant is broken: agreement. At most one value is ever chosen."]
    );
}

#[test]
fn without_the_monitor_the_run_is_the_same_and_nobody_looks() {
    let run = |watched: bool| {
        let mut play = play_with("PQABCL", breaking(Rule::OwnValueAlways));
        if !watched {
            play.cluster = play.cluster.unwatched();
        }
        play.propose('P', "Hello");
        play.until(500);
        play.propose('Q', "World");
        play.until(1_000);
        (play.broken().len(), play.events)
    };
    let (failures, mut events) = run(true);
    assert_eq!(failures, 2);
    events.retain(|event| !matches!(event.fact, Fact::Violated { .. }));
    assert_eq!(run(false), (0, events));
}
