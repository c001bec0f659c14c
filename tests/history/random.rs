//! Random sessions against the oracle.

use std::collections::BTreeMap;

use paxos_playground::cluster::{Command, Millis};
use paxos_playground::history::{BranchId, KeyframePolicy, Position, Run, Session};
use paxos_playground::scenario::{Asked, built_in};

use super::world::{Commands, Dice, command, commands, play, scenario, shown};

fn check(run: &Run) {
    let commands = commands(run);
    let (cluster, events) = play(run.scenario(), &commands, run.cursor());
    assert_eq!(run.cluster(), &cluster);
    assert_eq!(run.events(), events);
    assert_eq!(cluster.now(), run.cursor().time);
    let (_, recorded) = play(run.scenario(), &commands, run.end());
    assert_eq!(run.recorded(), recorded);
    assert!(run.cursor() <= run.end());
}

/// Looks at every branch as a whole, and puts everything back by cloning.
fn futures(run: &Run) -> BTreeMap<BranchId, (Commands, u64)> {
    let futures = run.branches().iter().map(|branch| {
        let mut look = run.clone();
        look.switch(branch.id()).unwrap();
        assert_eq!(look.end(), branch.end());
        check(&look);
        (branch.id(), (commands(&look), look.end().steps))
    });
    futures.collect()
}

/// A deed of the user, by chance. `Some` is a branch that was deleted.
fn act(run: &mut Run, dice: &mut Dice) -> Option<BranchId> {
    let any = run.branches()[dice.below(run.branches().len() as u64) as usize].id();
    match dice.below(20) {
        0..4 => run.apply(command(dice)),
        4..7 => {
            let before = run.cursor();
            let due = run.next_due();
            assert_eq!(run.step(), due.is_some());
            assert_eq!(run.cursor().steps, before.steps + u64::from(due.is_some()));
            assert_eq!(run.cursor().time, due.unwrap_or(before.time));
        }
        7..10 => {
            let time = Millis(run.cursor().time.0 + dice.below(150));
            run.run_until(time);
            assert_eq!(run.cursor().time, time);
            assert!(run.next_due().is_none_or(|due| due > time));
        }
        10..12 => {
            let time = Millis(dice.below(run.end().time.0 + 20));
            run.seek(time);
            assert_eq!(run.cursor().time, time.min(run.end().time));
            let next = run.recorded().get(run.events().len());
            assert!(next.is_none_or(|event| event.at > time));
        }
        12 => {
            let index = dice.below(run.recorded().len() as u64 + 1) as usize;
            let event = run.recorded().get(index).cloned();
            run.seek_event(index);
            assert!(run.events().len() > index || event.is_none());
            assert!(event.is_none_or(|event| event.at == run.cursor().time));
        }
        13..15 => {
            let before = run.cursor();
            assert_eq!(run.step_back(), before > Position::default());
            assert!(run.cursor() < before || before == Position::default());
        }
        15..17 => {
            let (before, command) = (shown(run), run.undoable().cloned());
            let left = run.branch().id();
            assert_eq!(run.undo(), command.is_some());
            if command.is_some() {
                assert_eq!(run.redoable(), command.as_ref());
                assert!(run.cursor().steps < before.cursor.steps);
                // Looking around does not take redo away, and redo is exact. Playing on may open
                // a branch, and may make the line that was left longer, so it is not tried here.
                let mut again = run.clone();
                again.seek(Millis(dice.below(500)));
                again.step_back();
                assert!(again.redo());
                assert_eq!(shown(&again), before);
                assert_eq!(again.branch().id(), left);
            }
        }
        17 => assert_eq!(run.redoable().is_some(), run.redo()),
        18 => run.switch(any).unwrap(),
        _ if dice.below(3) > 0 => {
            let position = Position {
                steps: dice.below(run.end().steps + 3),
                time: Millis(dice.below(run.end().time.0 + 20)),
            };
            run.seek_to(position);
        }
        _ if run.branches().len() > 3 => {
            run.delete(any).unwrap();
            return Some(any);
        }
        _ => run.rename_branch(any, "a name").unwrap(),
    }
    None
}

/// A whole session, checked after every deed.
fn session(seed: u64, deeds: u64) {
    println!("seed {seed}");
    let dice = &mut Dice(seed);
    let policy = KeyframePolicy {
        every: 1 + dice.below(40) as u32,
        bytes: 1 << (10 + dice.below(8)),
    };
    let mut run = Run::with_keyframes(scenario(seed), policy).unwrap();
    let mut known = futures(&run);
    for deed in 0..deeds {
        let deleted = act(&mut run, dice);
        check(&run);
        if deed % 8 != 7 && deleted.is_none() {
            continue;
        }
        // Nothing is ever lost: every branch goes on from what it was.
        let mut now = futures(&run);
        for (id, (commands, end)) in known {
            if Some(id) == deleted {
                continue;
            }
            let (commands_now, end_now) = &now[&id];
            assert!(commands_now.starts_with(&commands), "a command is lost");
            assert!(*end_now >= end, "a future is lost");
        }
        if let Some(id) = deleted {
            assert!(now.remove(&id).is_none());
        }
        known = now;
    }
}

#[test]
fn seeking_equals_playing_in_thousands_of_random_sessions() {
    for seed in 0..2_000 {
        session(seed, 25);
    }
}

#[test]
fn and_in_some_long_ones() {
    for seed in 1_000_000..1_000_008 {
        session(seed, 200);
    }
}

/// A session with this run alone.
fn alone(run: &Run) -> Session {
    let mut session = Session::new(run.scenario().clone()).unwrap();
    *session.run_mut() = run.clone();
    session
}

fn saved(run: &Run) -> String {
    alone(run).save([&*run.scenario().places].into_iter())
}

fn played(seed: u64, deeds: u64) -> Run {
    let dice = &mut Dice(seed);
    let mut run = Run::new(scenario(seed)).unwrap();
    for _ in 0..deeds {
        act(&mut run, dice);
    }
    run
}

#[test]
fn what_is_saved_is_restored_as_it_was() {
    for seed in 0..600 {
        println!("seed {seed}");
        let run = played(seed, 60);
        let text = saved(&run);
        let session = Session::restore(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        let back = session.run();
        check(back);
        assert_eq!(back.cursor(), run.cursor());
        assert_eq!(back.end(), run.end());
        assert_eq!(back.branch().id(), run.branch().id());
        assert_eq!(back.events(), run.events());
        assert_eq!(futures(back), futures(&run));
        let names = |run: &Run| -> Vec<_> {
            let branches = run.branches().iter();
            branches
                .map(|branch| {
                    (
                        branch.name().map(String::from),
                        branch.parent(),
                        branch.fork(),
                    )
                })
                .collect()
        };
        assert_eq!(names(back), names(&run));
        assert_eq!(back.undoable(), run.undoable());
        assert_eq!(saved(back), text, "saved again it is the same");
        // A link says the same, in fewer words.
        let link = run.to_link(&run.scenario().places);
        let linked = Run::from_link(&link).unwrap_or_else(|error| panic!("{error}\n{link}"));
        assert!(saved(&linked) == text, "seed {seed}");
        assert!(linked.is_same_choice(&run));
        assert_eq!(linked.to_link(&linked.scenario().places), link);
    }
}

#[test]
fn what_was_asked_for_in_a_scenario_is_a_choice() {
    let mut scenario = built_in("hello").unwrap();
    let plain = Run::new(scenario.clone().into()).unwrap();
    assert!(plain.is_same_choice(&plain.clone()));
    scenario.asked.push(Asked {
        at: Millis(1),
        after: 1,
        command: Command::Heal { link: None },
    });
    let asked = Run::new(scenario.into()).unwrap();
    assert!(!plain.is_same_choice(&asked));
}

#[test]
fn a_broken_session_is_an_error_and_never_a_panic() {
    let dice = &mut Dice(11);
    let texts: Vec<String> = (0..8).map(|seed| saved(&played(seed, 40))).collect();
    let mut errors = 0;
    for round in 0..40_000 {
        let mut bytes = texts[round % texts.len()].clone().into_bytes();
        for _ in 0..1 + dice.below(4) {
            let at = dice.below(bytes.len() as u64) as usize;
            match dice.below(4) {
                0 => bytes[at] = b'0' + dice.below(10) as u8,
                1 => bytes[at] = dice.below(128) as u8,
                2 if bytes.len() > 9 => drop(bytes.remove(at)),
                _ => bytes.truncate(at.max(9)),
            }
        }
        if let Ok(text) = String::from_utf8(bytes) {
            match Session::restore(&text) {
                Ok(session) => check(session.run()),
                Err(error) => {
                    errors += 1;
                    assert!(!error.to_string().is_empty());
                }
            }
        }
    }
    assert!(errors > 20_000, "{errors}");
}

#[test]
fn what_is_saved_is_restored_however_much_it_is() {
    let mut session = Session::from_run(Run::new(scenario(1)).unwrap());
    let proposer = session.run().scenario().setup.ids().next().unwrap();
    let run = session.run_mut();
    for number in 10..22 {
        let value = number.to_string().repeat(50_000).into();
        run.apply(Command::Propose {
            process: proposer,
            value,
        });
        run.run_until(Millis(run.cursor().time.0 + 500));
    }
    session.begin(scenario(2), true).unwrap();
    let run = session.run_mut();
    for _ in 0..201 {
        run.seek(Millis(20));
        run.apply(Command::Restart { process: proposer });
        run.run_until(Millis(40));
    }
    assert!(run.branches().len() > 200);
    for seed in 0..99 {
        session.begin(scenario(seed), true).unwrap();
    }
    let places: Vec<_> = session
        .runs()
        .iter()
        .map(|run| run.scenario().clone())
        .collect();
    let text = session.save(places.iter().map(|scenario| &*scenario.places));
    let back = Session::restore(&text).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(back.runs().len(), 101);
    assert_eq!(
        back.save(places.iter().map(|scenario| &*scenario.places)),
        text
    );
}

#[test]
fn what_is_done_late_is_restored() {
    let late = Millis(5_000_000_000);
    let mut run = Run::new(scenario(1)).unwrap();
    run.apply(Command::Hold { message: None });
    run.run_until(late);
    let acceptor = run.scenario().setup.ids().nth(2).unwrap();
    run.apply(Command::Restart { process: acceptor });
    let text = saved(&run);
    assert!(text.contains("5000000000"));
    let back = Session::restore(&text).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(back.run().events(), run.events());
    assert_eq!(saved(back.run()), text);
}

#[test]
fn a_session_is_played_again_within_one_budget() {
    let mut scenario = built_in("duel").unwrap();
    scenario.until = Millis(1_000_000_000);
    let mut run = Run::new(scenario.into()).unwrap();
    while run.events().len() < 100_000 {
        run.step();
    }
    let one = saved(&run);
    let (head, rest) = one.split_once("\"runs\":[").unwrap();
    let item = rest.strip_suffix("]}").unwrap();
    let of = |count: usize| format!("{head}\"runs\":[{}]}}", vec![item; count].join(","));
    assert_eq!(Session::restore(&of(2)).unwrap().runs().len(), 2);
    let error = Session::restore(&of(120)).unwrap_err().to_string();
    assert!(
        error.contains("more to be played again than 10000000"),
        "{error}"
    );
}

#[test]
fn another_version_is_said() {
    let text = saved(&played(3, 10)).replacen("\"version\":1", "\"version\":2", 1);
    let error = Session::restore(&text).unwrap_err().to_string();
    assert!(error.contains("version"), "{error}");
}
