//! Crashes, cuts and the network's own faults.

use crate::protocol::Amnesia;

use super::*;

#[test]
fn a_message_to_a_crashed_process_is_lost_and_said_to_be() {
    let mut play = play("PABCL");
    play.propose('P', "Hello");
    play.crash('A');
    play.until(60);
    assert_eq!(
        play.said_of("lost"),
        ["50 Prepare(1.P) from P to A is lost: the receiver is down"]
    );
    play.until(500);
    assert_eq!(play.learned('L'), Some("Hello"), "two of three do");
}

#[test]
fn what_a_process_had_sent_outlives_it() {
    let mut play = play("PABCL");
    play.propose('P', "Hello");
    play.until(120);
    play.crash('P');
    play.until(500);
    assert_eq!(play.learned('L'), Some("Hello"), "the Accepts were sent");
}

#[test]
fn a_proposer_forgets_all_but_its_round() {
    let mut play = play("PABCL");
    play.propose('P', "Hello");
    play.until(60);
    play.crash('P');
    play.restart('P');
    play.until(400);
    assert_eq!(
        play.chosen(),
        None,
        "the promises found nobody who wants them"
    );
    play.said();
    play.propose('P', "World");
    assert_eq!(play.said_of("starts ballot 2.P").len(), 1);
    play.until(1_000);
    assert_eq!(play.learned('L'), Some("World"));
}

#[test]
fn an_acceptor_keeps_its_promise_and_vote_across_a_crash() {
    let mut play = play("PQABCL");
    play.propose('P', "Hello");
    play.until(500);
    for acceptor in ['A', 'B', 'C'] {
        play.crash(acceptor);
        play.restart(acceptor);
    }
    play.propose('Q', "World");
    play.until(1_000);
    assert_eq!(play.chosen(), Some("Hello"));
    assert_eq!(play.broken(), [""; 0]);
}

#[test]
fn amnesia_loses_what_it_says_and_an_invariant_with_it() {
    for (amnesia, sentence, broken) in [
        (
            Amnesia::ALL,
            "500 A crashes and loses what it had stored: its promise and its vote",
            vec!["promise-never-falls"],
        ),
        (
            Amnesia::PROMISE,
            "500 A crashes and loses its stored promise; only its vote is left",
            vec![],
        ),
        (
            Amnesia::VOTE,
            "500 A crashes and loses its stored vote; only its promise is left",
            vec!["reported-votes-were-cast"],
        ),
    ] {
        let mut play = play("PQABCL");
        play.propose('P', "Hello");
        play.until(500);
        let process = play.id('A');
        play.apply(Command::Crash { process, amnesia });
        assert!(play.said().contains(&sentence.into()));
        play.restart('A');
        play.crash('C');
        play.propose('Q', "World");
        play.until(1_000);
        let mut expected = broken;
        if amnesia == Amnesia::ALL {
            expected.push("reported-votes-were-cast");
        }
        assert_eq!(play.broken(), expected, "{sentence}");
    }
}

#[test]
fn a_crash_of_no_acceptor_loses_nothing_durable() {
    let mut play = play("PABC");
    let (process, amnesia) = (play.id('P'), Amnesia::ALL);
    play.apply(Command::Crash { process, amnesia });
    let lost = Amnesia::NONE;
    assert_eq!(play.events[0].fact, Fact::Crashed { process, lost });
}

#[test]
fn a_cut_stops_what_is_sent_and_loses_what_was_on_its_way() {
    let mut play = play("PABCL");
    play.propose('P', "Hello");
    let link = play.both_ways('P', 'A');
    play.apply(Command::Cut { link });
    play.until(60);
    assert_eq!(
        play.said_of("lost"),
        ["50 Prepare(1.P) from P to A is lost on its way: the link was cut before it arrived"]
    );
    play.until(120);
    assert_eq!(
        play.said_of("lost"),
        ["100 Accept(1.P, Hello) from P to A is lost at once: the link is cut"]
    );
}

#[test]
fn a_link_that_is_mended_in_time_loses_only_what_was_sent_meanwhile() {
    let mut play = play("PABCL");
    play.propose('P', "Hello");
    let link = play.both_ways('P', 'A');
    play.apply(Command::Cut { link });
    play.propose('P', "World");
    play.apply(Command::Heal { link: Some(link) });
    play.until(60);
    assert_eq!(
        play.said_of("to A is lost"),
        ["0 Prepare(2.P) from P to A is lost at once: the link is cut"]
    );
}

#[test]
fn a_cut_one_way_lets_the_other_way_pass() {
    let mut play = play("PA");
    let link = Link::one_way(play.id('A'), play.id('P'));
    play.apply(Command::Cut { link });
    play.propose('P', "Hello");
    play.until(200);
    let said = play.said();
    assert!(said.contains(&"0 The link from A to P is cut: nothing gets through".into()));
    assert!(said.contains(&"50 Prepare(1.P) from P reaches A".into()));
    assert!(said.contains(&"50 Promise(1.P) from A to P is lost at once: the link is cut".into()));
}

#[test]
fn a_minority_partition_chooses_nothing_and_healing_mends_it() {
    let mut play = play("PQABCDEL");
    let group = |names: &str| names.chars().map(|name| play.id(name)).collect();
    let groups = vec![group("PAB"), group("QCDE")];
    play.apply(Command::Partition { groups });
    play.propose('P', "Hello");
    play.until(500);
    assert_eq!(play.chosen(), None);
    play.propose('Q', "World");
    play.until(1_000);
    assert_eq!(play.chosen(), Some("World"));
    assert_eq!(play.learned('L'), None, "in no group, it reaches nobody");
    assert_eq!(
        play.said_of("split"),
        ["0 The cluster is split: P, A and B | Q, C, D and E. Nothing passes between the groups"]
    );
    play.apply(Command::Heal { link: None });
    play.propose('P', "Hello");
    play.until(2_000);
    assert_eq!(play.learned('L'), Some("World"));
}

#[test]
fn loss_and_duplication_by_chance_follow_the_settings() {
    let mut play = play_with("PABC", |setup| setup.network.loss = Chance::CERTAIN);
    play.propose('P', "Hello");
    assert_eq!(play.said_of("is lost: the network loses some").len(), 3);
    play.apply(Command::Network {
        change: NetworkChange {
            delay: Some(DelayRange::new(10, 10).unwrap()),
            loss: Some(Chance::NEVER),
            duplicate: Some(Chance::CERTAIN),
        },
    });
    play.propose('P', "Hello");
    let said = play.said();
    assert_eq!(
        said[0],
        "0 From now on messages take 10 ms, 0 % are lost and 100 % are doubled"
    );
    let doubled = said
        .iter()
        .filter(|said| said.contains("is doubled by the network"));
    assert_eq!(doubled.count(), 3);
    assert_eq!(play.cluster.in_flight().count(), 6);
    play.until(100);
    assert_eq!(play.chosen(), Some("Hello"));
    assert_eq!(play.broken(), [""; 0], "what comes twice counts once");
}

#[test]
fn the_chances_of_one_thing_do_not_depend_on_the_setting_of_another() {
    let arrivals = |change: fn(&mut Network)| {
        let mut play = play_with("PABCDE", |setup| {
            setup.network = Network::with_delay(1, 1_000).unwrap();
            change(&mut setup.network);
        });
        play.propose('P', "Hello");
        let sent = play.events.iter().filter_map(|event| match event.fact {
            Fact::Sent(envelope) => Some(envelope.arrives),
            _ => None,
        });
        sent.collect::<Vec<_>>()
    };
    let plain = arrivals(|_| {});
    assert_eq!(plain, arrivals(|network| network.loss = Chance::CERTAIN));
    assert_eq!(
        plain,
        arrivals(|network| network.duplicate = Chance::CERTAIN)
    );
    assert_eq!(plain, arrivals(|network| network.hold = true));
}

#[test]
fn a_link_has_a_delay_of_its_own() {
    let mut play = play("PABC");
    let slow = DelayRange::new(300, 300).unwrap();
    let link = Link::one_way(play.id('P'), play.id('A'));
    let delay = Some(slow);
    play.apply(Command::Link { link, delay });
    play.propose('P', "Hello");
    let arrivals: Vec<u64> = play.cluster.in_flight().map(|m| m.arrives.0).collect();
    assert_eq!(arrivals, [50, 50, 300]);
    assert_eq!(
        play.said_of("link"),
        ["0 The link from P to A takes 300 ms from now on"]
    );
    assert_eq!(
        play.check(Command::Link { link, delay }),
        Err(Refusal::NoChange)
    );
}

#[test]
fn what_would_change_nothing_is_refused_with_the_reason() {
    let mut play = play("PAB");
    let (p, a, link) = (play.id('P'), play.id('A'), play.both_ways('P', 'A'));
    let nobody = ProcessId(77);
    let own = Link::both_ways(p, p);
    for (command, why) in [
        (Command::Restart { process: a }, Refusal::Up),
        (
            Command::Restart { process: nobody },
            Refusal::UnknownProcess,
        ),
        (Command::Timeout { process: p }, Refusal::NothingToRetry),
        (Command::Timeout { process: a }, Refusal::NotAProposer),
        (Command::Heal { link: None }, Refusal::NotCut),
        (Command::Heal { link: Some(link) }, Refusal::NotCut),
        (Command::Cut { link: own }, Refusal::SameProcess),
        (Command::Release { message: None }, Refusal::NotHeld),
        (
            Command::Drop {
                message: Selector::Id(MessageId(9)),
            },
            Refusal::MessageGone,
        ),
        (
            Command::Partition {
                groups: vec![vec![p, nobody]],
            },
            Refusal::UnknownProcess,
        ),
        (
            Command::Network {
                change: NetworkChange::default(),
            },
            Refusal::NoChange,
        ),
    ] {
        assert_eq!(play.check(command.clone()), Err(why), "{command:?}");
        play.apply(command.clone());
        let refused = Fact::Refused { command, why };
        assert_eq!(play.events.pop().map(|event| event.fact), Some(refused));
    }
    play.apply(Command::Cut { link });
    assert_eq!(play.check(Command::Cut { link }), Err(Refusal::AlreadyCut));
    let link = Link::one_way(a, p);
    assert_eq!(play.check(Command::Heal { link: Some(link) }), Ok(()));
}

#[test]
fn what_is_cut_is_known_for_each_sender() {
    let mut play = play("PABC");
    assert!(play.cluster.cuts().is_empty());
    let link = play.both_ways('A', 'B');
    play.apply(Command::Cut { link });
    let (a, b) = (play.id('A'), play.id('B'));
    let cuts = play.cluster.cuts();
    let reached = |from: ProcessId, to| !cuts[usize::from(from.0)].contains(to);
    assert_eq!(
        [reached(a, b), reached(b, a), reached(a, a)],
        [false, false, true]
    );
}
