//! What stands in the way of a choice, and what does not: messages that are on their way.

use super::*;

fn too_few(up: u16, need: u16, of: u16) -> Option<Obstacle> {
    Some(Obstacle::TooFewAcceptors { up, need, of })
}

/// Four acceptors, of whom phase 1 needs three and phase 2 two.
fn flexible() -> Play {
    play_with("PABCDL", |setup| {
        setup.phase1 = Some(3);
        setup.phase2 = Some(2);
    })
}

#[test]
fn whoever_is_missing_is_said() {
    assert_eq!(play("PABC").cluster.obstacle(), None);
    let cases = [
        ("PL", Obstacle::NoAcceptor, "there is no acceptor to vote"),
        ("ABL", Obstacle::NoProposer, "there is no proposer"),
    ];
    for (names, obstacle, words) in cases {
        assert_eq!(play(names).cluster.obstacle(), Some(obstacle));
        assert_eq!(obstacle.to_string(), words);
    }
}

#[test]
fn a_quorum_has_to_be_up_and_a_proposer() {
    let mut play = play("PQABC");
    play.crash('P');
    assert_eq!(play.cluster.obstacle(), None, "Q is left");
    play.crash('Q');
    let down = play.cluster.obstacle().unwrap();
    assert_eq!(down, Obstacle::NoProposerUp);
    assert_eq!(down.to_string(), "every proposer is down");
    play.restart('Q');
    play.crash('A');
    assert_eq!(play.cluster.obstacle(), None, "two of three are enough");
    play.crash('B');
    let few = play.cluster.obstacle();
    assert_eq!(few, too_few(1, 2, 3));
    let words = "1 of 3 acceptors is up, and a quorum needs 2";
    assert_eq!(few.unwrap().to_string(), words);
    play.restart('A');
    assert_eq!(play.cluster.obstacle(), None);
}

#[test]
fn the_phase_that_needs_more_decides() {
    let mut play = flexible();
    play.crash('A');
    assert_eq!(play.cluster.obstacle(), None);
    play.crash('B');
    let few = play.cluster.obstacle();
    assert_eq!(few, too_few(2, 3, 4));
    let words = "2 of 4 acceptors are up, and a quorum needs 3";
    assert_eq!(few.unwrap().to_string(), words);
}

#[test]
fn promises_on_their_way_may_begin_phase_2() {
    let mut play = flexible();
    play.propose('P', "Hello");
    play.crash('A');
    play.crash('B');
    assert_eq!(play.cluster.obstacle(), too_few(2, 3, 4), "none is made");
    play.restart('A');
    play.restart('B');
    play.until(60);
    for name in ['A', 'B'] {
        play.crash(name);
    }
    assert_eq!(play.cluster.obstacle(), None, "two are enough for votes");
    play.apply(Command::Hold { message: None });
    assert_eq!(play.cluster.obstacle(), None, "what is held may yet arrive");
    play.crash('P');
    assert_eq!(
        play.cluster.obstacle(),
        too_few(2, 3, 4),
        "nobody is there to hear of them"
    );
    play.restart('P');
    play.crash('C');
    assert_eq!(
        play.cluster.obstacle(),
        too_few(1, 3, 4),
        "one is not enough"
    );
}

#[test]
fn accepts_on_their_way_need_no_proposer() {
    let mut play = play("PABC");
    play.propose('P', "Hello");
    play.until(110);
    play.crash('P');
    assert_eq!(play.cluster.obstacle(), None);
    play.crash('A');
    assert_eq!(play.cluster.obstacle(), None, "B and C will vote");
    play.crash('B');
    assert_eq!(play.cluster.obstacle(), too_few(1, 2, 3), "only C will");
    play.restart('A');
    play.until(160);
    assert_eq!(play.chosen(), Some("Hello"));
}

#[test]
fn a_vote_counts_when_its_acceptor_is_down() {
    let mut play = play("PABC");
    play.propose('P', "Hello");
    play.until(110);
    let message = play.nth(Kind::Accept, 'P', 'A', 1);
    play.apply(Command::Deliver { message });
    play.crash('A');
    play.crash('B');
    assert_eq!(play.cluster.obstacle(), None, "A has voted, and C will");
    play.until(160);
    assert_eq!(play.chosen(), Some("Hello"));
}

#[test]
fn prepares_on_their_way_may_bring_the_promises_that_are_missing() {
    let mut play = flexible();
    play.propose('P', "Hello");
    for to in ['C', 'D'] {
        let message = play.nth(Kind::Prepare, 'P', to, 1);
        play.apply(Command::Delay { message, by: 500 });
    }
    play.until(110);
    for name in ['A', 'B'] {
        play.crash(name);
    }
    assert_eq!(play.cluster.obstacle(), None, "two have promised");
    let message = play.nth(Kind::Prepare, 'P', 'D', 1);
    play.apply(Command::Drop { message });
    assert_eq!(play.cluster.obstacle(), None, "one more is enough");
    play.crash('P');
    assert_eq!(play.cluster.obstacle(), too_few(2, 3, 4), "for nobody");
    play.restart('P');
    assert_eq!(
        play.cluster.obstacle(),
        too_few(2, 3, 4),
        "it has forgotten its ballot"
    );
}
