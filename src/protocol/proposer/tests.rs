use super::*;

const P: ProcessId = ProcessId(0);
const A: ProcessId = ProcessId(1);
const B: ProcessId = ProcessId(2);
const C: ProcessId = ProcessId(3);
const HELLO: Value = Value(0);
const WORLD: Value = Value(1);

fn n(round: u32) -> Ballot {
    Ballot {
        round: Round(round),
        proposer: P,
    }
}

/// A ballot of another proposer, in the same round as `n(round)` and higher.
fn other(round: u32) -> Ballot {
    Ballot {
        round: Round(round),
        proposer: ProcessId(9),
    }
}

fn vote(ballot: Ballot, value: Value) -> Option<Vote> {
    Some(Vote { ballot, value })
}

fn three() -> Quorums {
    Quorums::majority([A, B, C].into_iter().collect())
}

fn preparing(wish: Value) -> Proposer {
    let mut proposer = Proposer::new(P);
    proposer.propose(wish).unwrap();
    proposer
}

fn accepting() -> Proposer {
    let mut proposer = preparing(HELLO);
    for from in [A, B] {
        proposer.on_promise(from, n(1), None, &three(), Rules::KEPT);
    }
    proposer
}

#[test]
fn the_first_ballot_is_round_one_and_each_attempt_is_higher() {
    let mut proposer = Proposer::new(P);
    let first = proposer.propose(HELLO).unwrap();
    assert_eq!(first.message(), Some(Message::Prepare { ballot: n(1) }));
    assert_eq!(
        proposer.propose(WORLD).unwrap(),
        ProposerStep::Started {
            ballot: n(2),
            wish: WORLD,
            abandoned: Some(n(1))
        }
    );
}

#[test]
fn without_reported_votes_it_proposes_its_own_value() {
    let mut proposer = preparing(HELLO);
    assert_eq!(
        proposer.on_promise(A, n(1), None, &three(), Rules::KEPT),
        ProposerStep::PromiseCounted {
            ballot: n(1),
            from: A,
            vote: None,
            have: 1,
            need: 2
        }
    );
    let step = proposer.on_promise(C, n(1), None, &three(), Rules::KEPT);
    assert_eq!(
        step,
        ProposerStep::PromiseQuorum {
            ballot: n(1),
            promised_by: [A, C].into_iter().collect(),
            value: HELLO,
            source: ValueSource::Own
        }
    );
    assert_eq!(
        step.message(),
        Some(Message::Accept {
            ballot: n(1),
            value: HELLO
        })
    );
}

#[test]
fn it_must_take_the_value_of_the_highest_vote_whoever_reports_first() {
    let quorums = Quorums::sized([A, B, C].into_iter().collect(), 3, 3).unwrap();
    let mine = Value(7);
    for order in [[A, B, C], [C, B, A], [B, C, A]] {
        let mut proposer = preparing(mine);
        // Two votes for WORLD in a low ballot, one for HELLO in a higher one.
        proposer.on_nack(A, n(1), other(5), &quorums);
        proposer.propose(mine).unwrap();
        let mut last = None;
        for from in order {
            let report = match from {
                A => vote(other(2), WORLD),
                B => vote(other(2), WORLD),
                _ => vote(n(3), HELLO),
            };
            last = Some(proposer.on_promise(from, n(6), report, &quorums, Rules::KEPT));
        }
        assert!(
            matches!(
                last,
                Some(ProposerStep::PromiseQuorum {
                    value: HELLO,
                    source: ValueSource::Adopted { instead_of, .. },
                    ..
                }) if instead_of == mine
            ),
            "{last:?}"
        );
    }
}

#[test]
fn the_same_promise_twice_is_counted_once() {
    let mut proposer = preparing(HELLO);
    proposer.on_promise(A, n(1), None, &three(), Rules::KEPT);
    assert_eq!(
        proposer.on_promise(A, n(1), None, &three(), Rules::KEPT),
        ProposerStep::PromiseIgnored {
            ballot: n(1),
            why: Ignored::Repeated
        }
    );
    assert!(matches!(proposer.phase(), Phase::Preparing { .. }));
}

#[test]
fn a_promise_for_an_old_ballot_is_not_counted() {
    let mut proposer = preparing(HELLO);
    proposer.propose(HELLO).unwrap();
    let before = proposer.clone();
    assert_eq!(
        proposer.on_promise(A, n(1), None, &three(), Rules::KEPT),
        ProposerStep::PromiseIgnored {
            ballot: n(1),
            why: Ignored::OtherBallot {
                current: Some(n(2))
            }
        }
    );
    assert_eq!(proposer, before);
}

#[test]
fn a_late_promise_cannot_change_the_value_of_the_ballot() {
    let mut proposer = accepting();
    let step = proposer.on_promise(C, n(1), vote(other(0), WORLD), &three(), Rules::KEPT);
    assert_eq!(
        step,
        ProposerStep::PromiseIgnored {
            ballot: n(1),
            why: Ignored::PhaseOver
        }
    );
    assert!(matches!(
        proposer.phase(),
        Phase::Accepting { value: HELLO, .. }
    ));
}

#[test]
fn somebody_who_is_no_acceptor_counts_in_no_quorum() {
    let mut proposer = preparing(HELLO);
    let why = Ignored::NotAnAcceptor;
    let ballot = n(1);
    assert_eq!(
        proposer.on_promise(ProcessId(8), ballot, None, &three(), Rules::KEPT),
        ProposerStep::PromiseIgnored { ballot, why }
    );
    let mut proposer = accepting();
    assert_eq!(
        proposer.on_accepted(ProcessId(8), ballot, HELLO, &three()),
        ProposerStep::VoteIgnored { ballot, why }
    );
}

#[test]
fn it_knows_that_its_value_is_chosen_after_a_quorum_of_different_voters() {
    let mut proposer = accepting();
    assert!(matches!(
        proposer.on_accepted(A, n(1), HELLO, &three()),
        ProposerStep::VoteCounted {
            have: 1,
            need: 2,
            ..
        }
    ));
    assert!(matches!(
        proposer.on_accepted(A, n(1), HELLO, &three()),
        ProposerStep::VoteIgnored {
            why: Ignored::Repeated,
            ..
        }
    ));
    assert!(matches!(
        proposer.on_accepted(B, n(1), HELLO, &three()),
        ProposerStep::VoteQuorum { value: HELLO, .. }
    ));
    assert!(matches!(
        proposer.on_accepted(C, n(1), HELLO, &three()),
        ProposerStep::VoteIgnored {
            why: Ignored::PhaseOver,
            ..
        }
    ));
}

#[test]
fn the_two_phases_have_their_own_quorums() {
    let quorums = Quorums::sized([A, B, C].into_iter().collect(), 3, 1).unwrap();
    let mut proposer = preparing(HELLO);
    proposer.on_promise(A, n(1), None, &quorums, Rules::KEPT);
    proposer.on_promise(B, n(1), None, &quorums, Rules::KEPT);
    assert!(matches!(proposer.phase(), Phase::Preparing { .. }));
    proposer.on_promise(C, n(1), None, &quorums, Rules::KEPT);
    assert!(matches!(
        proposer.on_accepted(A, n(1), HELLO, &quorums),
        ProposerStep::VoteQuorum { .. }
    ));
}

#[test]
fn a_nack_makes_the_next_ballot_higher_than_the_promise() {
    let mut proposer = preparing(HELLO);
    assert_eq!(
        proposer.on_nack(A, n(1), other(7), &three()),
        ProposerStep::NackNoted {
            ballot: n(1),
            from: A,
            promised: other(7),
            hopeless: false
        }
    );
    proposer.propose(HELLO).unwrap();
    assert_eq!(proposer.ballot(), Some(n(8)));
    assert!(n(8) > other(7));
}

#[test]
fn a_ballot_is_hopeless_once_those_who_did_not_refuse_are_too_few() {
    let mut proposer = preparing(HELLO);
    let refuse =
        |proposer: &mut Proposer, from| match proposer.on_nack(from, n(1), other(2), &three()) {
            ProposerStep::NackNoted { hopeless, .. } => hopeless,
            step => panic!("{step:?}"),
        };
    assert!(!refuse(&mut proposer, A));
    assert!(refuse(&mut proposer, B));
    assert_eq!(proposer.refused_by(), &[A, B].into_iter().collect());
    // A vote that is counted stays one, whatever its acceptor promised since.
    let mut proposer = accepting();
    proposer.on_accepted(A, n(1), HELLO, &three());
    assert!(!refuse(&mut proposer, A));
    assert!(!refuse(&mut proposer, B));
    assert!(refuse(&mut proposer, C));
}

#[test]
fn a_crash_loses_the_ballot_and_never_the_round() {
    let mut proposer = accepting();
    proposer.forget();
    assert_eq!(proposer.phase(), &Phase::Idle);
    assert_eq!(proposer.wish(), None);
    assert!(matches!(
        proposer.on_accepted(A, n(1), HELLO, &three()),
        ProposerStep::VoteIgnored {
            why: Ignored::OtherBallot { current: None },
            ..
        }
    ));
    proposer.propose(WORLD).unwrap();
    assert_eq!(proposer.last_round(), Some(Round(2)));
    assert_eq!(proposer.ballot(), Some(n(2)), "1.P is used up for ever");
}

#[test]
fn rounds_can_be_used_up_and_that_is_no_panic() {
    let mut proposer = preparing(HELLO);
    proposer.on_nack(A, n(1), other(u32::MAX), &three());
    assert_eq!(proposer.propose(HELLO), None);
}

/// The value that a proposer which wishes `Value(7)` takes, when the votes of ballots 3, 1
/// and 2 are reported to it in this order, each for the value of its number.
fn value_with(broken: Rule) -> (Value, ValueSource) {
    let quorums = Quorums::sized([A, B, C].into_iter().collect(), 3, 3).unwrap();
    let rules = Rules::breaking([broken]);
    let mut proposer = Proposer::new(P);
    proposer.on_nack(A, n(1), other(5), &quorums);
    proposer.propose(Value(7)).unwrap();
    for (from, round) in [(A, 3), (B, 1)] {
        proposer.on_promise(from, n(6), vote(n(round), Value(round)), &quorums, rules);
    }
    match proposer.on_promise(C, n(6), vote(n(2), Value(2)), &quorums, rules) {
        ProposerStep::PromiseQuorum { value, source, .. } => (value, source),
        step => panic!("{step:?}"),
    }
}

#[test]
fn a_broken_choice_takes_the_wrong_value_and_says_which_was_right() {
    let votes = |round| vote(n(round), Value(round)).unwrap();
    let highest = votes(3);
    let misled = |vote| ValueSource::Misled { vote, highest };
    assert_eq!(
        value_with(Rule::LowestVote),
        (Value(1), misled(votes(1))),
        "the lowest"
    );
    assert_eq!(
        value_with(Rule::AnyVote),
        (Value(2), misled(votes(2))),
        "the last one heard"
    );
    assert_eq!(
        value_with(Rule::OwnValueAlways),
        (Value(7), ValueSource::Insisted { highest })
    );
    assert!(matches!(
        value_with(Rule::Amnesia),
        (Value(3), ValueSource::Adopted { .. })
    ));
}

#[test]
fn of_two_votes_in_one_ballot_the_one_heard_first_decides() {
    // Only shared ballots bring this about: which one it is matters less than that it is known.
    for broken in [Rule::SharedBallots, Rule::LowestVote] {
        let rules = Rules::breaking([broken]);
        let mut proposer = preparing(Value(7));
        proposer.on_promise(A, n(1), vote(other(0), HELLO), &three(), rules);
        proposer.on_promise(B, n(1), vote(other(0), WORLD), &three(), rules);
        assert!(
            matches!(proposer.phase(), Phase::Accepting { value: HELLO, .. }),
            "{broken:?}: {proposer:?}"
        );
    }
}

#[test]
fn a_vote_for_a_value_of_somebody_else_is_not_counted() {
    let mut proposer = accepting();
    assert_eq!(
        proposer.on_accepted(A, n(1), WORLD, &three()),
        ProposerStep::VoteIgnored {
            ballot: n(1),
            why: Ignored::OtherValue
        }
    );
}

#[test]
fn a_vote_that_is_reported_is_not_taken_for_a_chosen_value() {
    let mut proposer = preparing(HELLO);
    proposer.on_promise(A, n(1), vote(other(0), WORLD), &three(), Rules::KEPT);
    proposer.on_promise(B, n(1), vote(other(0), WORLD), &three(), Rules::KEPT);
    // Even a whole quorum that reports it: phase 2 has to be gone through.
    assert!(matches!(
        proposer.phase(),
        Phase::Accepting { value: WORLD, .. }
    ));
    assert_eq!(proposer.unfinished(), Some(n(1)));
}
