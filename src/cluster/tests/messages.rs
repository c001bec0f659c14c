//! "You are the network": one message at a time.

use super::*;

#[test]
fn a_message_that_is_named_before_it_is_sent_is_waited_for() {
    let mut play = play("PABCL");
    let message = play.nth(Kind::Accept, 'P', 'C', 1);
    play.apply(Command::Hold {
        message: Some(message),
    });
    play.propose('P', "Hello");
    assert_eq!(
        play.said()[0],
        "0 A command waits for its message: accept number 1 from P to C is not sent yet"
    );
    assert_eq!(play.cluster.waiting().len(), 1);
    play.until(500);
    assert_eq!(
        play.said_of("held"),
        ["100 Accept(1.P, Hello) from P to C is held until it is let go"]
    );
    assert!(play.cluster.waiting().is_empty());
    assert_eq!(play.cluster.held().count(), 1);
    assert_eq!(play.cluster.next_due(), None, "it will not move by itself");
    play.apply(Command::Release {
        message: Some(message),
    });
    play.until(549);
    assert_eq!(
        play.said_of("goes on"),
        ["500 Accept(1.P, Hello) from P to C goes on: it has 50 ms left"]
    );
    play.until(550);
    assert_eq!(play.said_of("reaches C").len(), 1);
}

#[test]
fn a_message_that_is_never_sent_is_reported_at_the_end() {
    let mut play = play("PAB");
    let message = play.nth(Kind::Nack, 'A', 'P', 1);
    play.apply(Command::Drop { message });
    // Acceptors do not talk to each other, so this one can never come.
    let never = play.nth(Kind::Promise, 'A', 'B', 1);
    play.apply(Command::Drop { message: never });
    play.propose('P', "Hello");
    play.until(60_000);
    assert_eq!(
        play.cluster.waiting(),
        [
            &Command::Drop { message },
            &Command::Drop { message: never }
        ]
    );
}

#[test]
fn the_nth_message_counts_from_the_start_and_per_pair_and_kind() {
    let mut play = play("PAB");
    play.propose('P', "one");
    play.propose('P', "two");
    let message = play.nth(Kind::Prepare, 'P', 'A', 2);
    play.apply(Command::Drop { message });
    assert_eq!(
        play.said_of("lost"),
        ["0 Prepare(2.P) from P to A is lost: it was taken out by hand"]
    );
    assert_eq!(
        play.check(Command::Drop { message }),
        Err(Refusal::MessageGone)
    );
}

#[test]
fn a_dropped_message_never_arrives() {
    let mut play = play("PAB");
    let message = play.nth(Kind::Accept, 'P', 'A', 1);
    play.apply(Command::Drop { message });
    play.propose('P', "Hello");
    play.until(1_000);
    assert_eq!(play.chosen(), None);
}

#[test]
fn a_duplicate_travels_by_itself_and_stands_in_for_its_original() {
    let mut play = play("PABL");
    play.propose('P', "Hello");
    let message = play.nth(Kind::Prepare, 'P', 'A', 1);
    play.until(25);
    play.apply(Command::Duplicate { message });
    assert_eq!(
        play.said_of("doubled"),
        ["25 Prepare(1.P) from P to A is doubled by hand: the second one is on its own way"]
    );
    play.apply(Command::Drop { message });
    play.until(1_000);
    assert_eq!(play.learned('L'), Some("Hello"), "the copy does as well");
    let said = play.said_of("Prepare(1.P) from P reaches A");
    assert_eq!(said, ["75 Prepare(1.P) from P reaches A"]);
}

#[test]
fn delivering_by_hand_overtakes_everything() {
    let mut play = play("PABCL");
    play.propose('P', "Hello");
    let message = play.nth(Kind::Prepare, 'P', 'C', 1);
    play.apply(Command::Deliver { message });
    assert_eq!(play.said_of("reaches"), ["0 Prepare(1.P) from P reaches C"]);
    assert_eq!(
        play.check(Command::Deliver { message }),
        Err(Refusal::MessageGone)
    );
}

#[test]
fn a_message_can_be_told_to_arrive_as_soon_as_it_is_sent() {
    let mut play = play("PABCL");
    let message = play.nth(Kind::Accept, 'P', 'C', 1);
    play.apply(Command::Deliver { message });
    play.propose('P', "Hello");
    play.until(500);
    let reaches = play.said_of("Accept(1.P, Hello) from P reaches");
    assert_eq!(reaches[0], "100 Accept(1.P, Hello) from P reaches C");
}

#[test]
fn a_delivery_by_hand_can_still_fail_and_says_so() {
    let mut play = play("PABC");
    play.propose('P', "Hello");
    play.crash('A');
    let message = play.nth(Kind::Prepare, 'P', 'A', 1);
    play.apply(Command::Deliver { message });
    assert_eq!(play.said_of("lost: the receiver is down").len(), 1);
}

#[test]
fn a_message_can_be_slowed_down_held_or_not() {
    let mut play = play("PAB");
    play.propose('P', "Hello");
    let message = play.nth(Kind::Prepare, 'P', 'A', 1);
    play.until(25);
    play.apply(Command::Delay { message, by: 100 });
    assert_eq!(
        play.said_of("longer"),
        ["25 Prepare(1.P) from P to A takes 100 ms longer: it was slowed down by hand"]
    );
    play.apply(Command::Hold {
        message: Some(message),
    });
    play.until(1_000);
    play.apply(Command::Delay { message, by: 1_000 });
    play.apply(Command::Release {
        message: Some(message),
    });
    play.until(5_000);
    assert_eq!(
        play.said_of("Prepare(1.P) from P reaches A"),
        ["2125 Prepare(1.P) from P reaches A"],
        "25 of 50 gone, 100 and 1,000 more"
    );
}

#[test]
fn whoever_holds_all_messages_is_the_network() {
    let mut play = play("PABCL");
    play.propose('P', "Hello");
    play.apply(Command::Hold { message: None });
    assert_eq!(
        play.check(Command::Hold { message: None }),
        Err(Refusal::AlreadyHeld)
    );
    play.until(1_000);
    assert_eq!(play.cluster.held().count(), 3, "nothing moves");
    // The user delivers as they like, and what is sent is held at once.
    for name in ['C', 'A'] {
        let message = play.nth(Kind::Prepare, 'P', name, 1);
        play.apply(Command::Deliver { message });
    }
    let held: Vec<Kind> = play.cluster.held().map(|m| m.message.kind()).collect();
    assert_eq!(held, [Kind::Prepare, Kind::Promise, Kind::Promise]);
    let message = play.nth(Kind::Prepare, 'P', 'B', 1);
    let delay = Command::Delay { message, by: 0 };
    assert_eq!(play.check(delay), Err(Refusal::NoChange));
    // One that was let go by itself can be held with the others again.
    play.apply(Command::Release {
        message: Some(message),
    });
    assert_eq!(play.check(Command::Hold { message: None }), Ok(()));
    play.apply(Command::Release { message: None });
    assert_eq!(play.cluster.held().count(), 0);
    play.until(2_000);
    assert_eq!(play.learned('L'), Some("Hello"));
    assert_eq!(
        play.check(Command::Release { message: None }),
        Err(Refusal::NotHeld)
    );
}

#[test]
fn a_scenario_can_begin_with_everything_held() {
    let mut play = play_with("PABC", |setup| setup.network.hold = true);
    play.propose('P', "Hello");
    play.until(10_000);
    assert_eq!(play.cluster.held().count(), 3);
    assert_eq!(play.said_of("is held until it is let go").len(), 3);
}

/// One process with all roles, and two acceptors.
fn alone_and_two() -> Play {
    play_with("PAB", |setup| {
        setup.processes[0].roles = Roles {
            proposer: true,
            acceptor: true,
            learner: true,
        };
    })
}

#[test]
fn what_a_process_tells_itself_takes_no_time_and_cannot_go_wrong_and_is_shown() {
    let mut play = alone_and_two();
    play.apply(Command::Network {
        change: NetworkChange {
            loss: Some(Chance::CERTAIN),
            ..NetworkChange::default()
        },
    });
    play.apply(Command::Hold { message: None });
    play.apply(Command::Partition { groups: vec![] });
    play.propose('P', "Hello");
    let own = play.nth(Kind::Prepare, 'P', 'P', 1);
    assert_eq!(
        play.check(Command::Drop { message: own }),
        Err(Refusal::OwnMessage)
    );
    assert_eq!(
        play.check(Command::Hold { message: Some(own) }),
        Err(Refusal::OwnMessage)
    );
    play.until(0);
    let said = play.said();
    assert!(said.contains(&"0 P sends Prepare(1.P) to P".into()));
    assert!(said.contains(&"0 Prepare(1.P) from P reaches P".into()));
    assert!(said.contains(&"0 Promise(1.P) from P reaches P".into()));
}

#[test]
fn nothing_that_is_late_is_lost() {
    // "A delayed process loses what it wanted to send": here only a reason loses a message.
    let mut play = play("PABCL");
    play.apply(Command::Hold { message: None });
    play.propose('P', "Hello");
    for _ in 0..6 {
        let now = play.cluster.now().0;
        play.until(now + 10_000);
        for id in play.cluster.held().map(|m| m.id).collect::<Vec<_>>() {
            let message = Some(Selector::Id(id));
            play.apply(Command::Release { message });
        }
    }
    assert_eq!(play.learned('L'), Some("Hello"));
    assert_eq!(play.said_of("lost").len(), 0);
}

#[test]
fn messages_are_counted_from_one() {
    let mut play = play("PABC");
    play.propose('P', "Hello");
    let drop = |nth| Command::Drop {
        message: play.nth(Kind::Prepare, 'P', 'A', nth),
    };
    assert_eq!(play.check(drop(1)), Ok(()));
    assert_eq!(play.check(drop(0)), Err(Refusal::MessageNotSent));
    assert_eq!(play.check(drop(2)), Err(Refusal::MessageNotSent));
}
