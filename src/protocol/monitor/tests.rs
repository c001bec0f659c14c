use super::*;
use crate::protocol::{Amnesia, Round, Rule, Rules, Tally};

const HELLO: Value = Value(0);
const WORLD: Value = Value(1);
const SAFE: Broken = Broken::NOTHING;

fn n(round: u32) -> Ballot {
    Ballot {
        round: Round(round),
        proposer: ProcessId(9),
    }
}

fn only(invariant: Invariant) -> Broken {
    Broken::unless(false, invariant)
}

/// Acceptors, and those who watch them.
#[derive(Debug)]
struct World {
    monitor: Monitor,
    acceptors: Vec<Acceptor>,
    rules: Rules,
    votes: Learner,
    quorums: Quorums,
}

impl World {
    fn new() -> Self {
        Self::of(3, Rules::KEPT)
    }

    fn of(acceptors: u16, rules: Rules) -> Self {
        let mut monitor = Monitor::new(n(1));
        monitor.saw_proposal(HELLO);
        monitor.saw_proposal(WORLD);
        Self {
            monitor,
            acceptors: vec![Acceptor::default(); usize::from(acceptors)],
            rules,
            votes: Learner::default(),
            quorums: Quorums::majority((0..acceptors).map(ProcessId).collect()),
        }
    }

    fn look(&mut self, who: u16) -> Broken {
        let acceptor = &self.acceptors[usize::from(who)];
        let Self { votes, quorums, .. } = self;
        self.monitor
            .saw_acceptor(ProcessId(who), acceptor, votes, quorums)
    }

    fn promise(&mut self, who: u16, round: u32) -> Broken {
        let acceptor = &mut self.acceptors[usize::from(who)];
        acceptor.on_prepare(n(round), Rules::KEPT);
        let vote = acceptor.vote();
        let id = ProcessId(who);
        let said = self.monitor.saw_promise(id, n(round), vote, &self.votes);
        said.and(self.look(who))
    }

    fn vote(&mut self, who: u16, round: u32, value: Value) -> Broken {
        let id = ProcessId(who);
        let ballot = n(round);
        let Self { votes, quorums, .. } = self;
        self.acceptors[usize::from(who)].on_accept(ballot, value, self.rules);
        votes.on_accepted(id, ballot, value, quorums, Rules::KEPT);
        let vote = Vote { ballot, value };
        let cast = self.monitor.saw_vote(id, vote, votes, quorums);
        cast.and(self.look(who))
    }

    fn accept(&self, round: u32, value: Value) -> Broken {
        self.monitor.saw_accept(n(round), value, &self.quorums)
    }
}

#[test]
fn the_lowest_ballot_is_free_and_a_higher_one_needs_promises() {
    let mut world = World::new();
    assert_eq!(world.accept(1, HELLO), SAFE);
    assert_eq!(world.accept(2, HELLO), only(Invariant::AcceptIsSafe));
    assert_eq!(world.promise(0, 2), SAFE);
    assert_eq!(world.accept(2, HELLO), only(Invariant::AcceptIsSafe));
    assert_eq!(world.promise(1, 3), SAFE);
    assert_eq!(world.accept(2, HELLO), SAFE);
}

#[test]
fn a_value_that_may_still_be_chosen_binds_and_one_that_cannot_be_does_not() {
    let mut world = World::new();
    world.vote(0, 1, HELLO);
    world.promise(1, 2);
    world.promise(0, 2);
    // A voted and C could: HELLO may yet be chosen in ballot 1.
    assert_eq!(world.accept(2, WORLD), only(Invariant::AcceptIsSafe));
    assert_eq!(world.accept(2, HELLO), SAFE);
    world.promise(2, 2);
    assert_eq!(world.accept(2, WORLD), SAFE, "too few are left for HELLO");
}

#[test]
fn a_chosen_value_binds_for_ever_and_two_are_one_too_many() {
    let mut world = World::new();
    assert_eq!(
        world.monitor.saw_learned(HELLO),
        only(Invariant::LearnedImpliesChosen)
    );
    world.vote(0, 1, HELLO);
    assert_eq!(world.vote(1, 1, HELLO), SAFE);
    for who in 0..3 {
        world.promise(who, 5);
    }
    assert_eq!(world.accept(5, WORLD), only(Invariant::AcceptIsSafe));
    assert_eq!(world.accept(5, HELLO), SAFE);
    assert_eq!(world.monitor.saw_learned(HELLO), SAFE);
    world.vote(0, 5, WORLD);
    assert_eq!(world.vote(1, 5, WORLD), only(Invariant::Agreement));
}

#[test]
fn two_values_in_one_ballot_are_seen_at_the_second_vote() {
    let mut world = World::new();
    assert_eq!(world.vote(0, 1, WORLD), SAFE);
    assert_eq!(world.vote(1, 1, HELLO), only(Invariant::OneValuePerBallot));
}

#[test]
fn a_value_that_nobody_proposed_is_not_valid() {
    let world = World::new();
    assert_eq!(world.accept(1, Value(5)), only(Invariant::Validity));
}

#[test]
fn a_promise_that_lies_or_hides_is_seen() {
    let mut world = World::new();
    world.vote(0, 1, HELLO);
    world.vote(0, 2, HELLO);
    let vote = |round, value| {
        let ballot = n(round);
        Some(Vote { ballot, value })
    };
    let mut says = |report| {
        let World { monitor, votes, .. } = &mut world;
        monitor.saw_promise(ProcessId(0), n(3), report, votes)
    };
    assert_eq!(says(vote(2, HELLO)), SAFE);
    let lie = only(Invariant::ReportedVotesWereCast);
    assert_eq!(says(None), lie, "it hides its vote");
    assert_eq!(says(vote(1, HELLO)), lie, "it hides the later one");
    assert_eq!(says(vote(2, WORLD)), lie, "it never voted so");
}

#[test]
fn a_vote_above_a_promise_excuses_none_below_it() {
    let mut world = World::new();
    world.vote(0, 1, HELLO);
    world.vote(0, 3, HELLO);
    world.acceptors[0].forget(Amnesia::ALL);
    world.look(0);
    let lie = only(Invariant::ReportedVotesWereCast);
    let reported = Some(Vote {
        ballot: n(1),
        value: HELLO,
    });
    let says = |report| {
        let World { monitor, votes, .. } = &world;
        monitor
            .clone()
            .saw_promise(ProcessId(0), n(2), report, votes)
    };
    assert_eq!(says(reported), SAFE, "below ballot 2 it is the last one");
    assert_eq!(world.promise(0, 2), lie, "it forgot its vote in ballot 1");
    assert_eq!(world.promise(1, 2), SAFE);
}

#[test]
fn lost_storage_is_seen_and_what_was_closed_is_open_again() {
    let mut world = World::new();
    world.vote(0, 1, HELLO);
    for who in 0..3 {
        world.promise(who, 2);
    }
    assert_eq!(world.accept(2, WORLD), SAFE);
    world.acceptors[1].forget(Amnesia::PROMISE);
    assert_eq!(world.look(1), only(Invariant::PromiseNeverFalls));
    assert_eq!(world.accept(2, WORLD), only(Invariant::AcceptIsSafe));
}

/// `SafeAt` as Lamport's module `Voting` has it, over every lower ballot, from all that ever
/// happened: enough acceptors voted for this value there, or never will vote there.
fn safe_at(world: &World, round: u32, value: Value) -> bool {
    let all = world.quorums.acceptors();
    let enough = all.len() - world.quorums.phase2() + 1;
    (1..round).all(|lower| {
        let voted = |who: ProcessId, vote: &Tally| {
            vote.vote.ballot == n(lower) && vote.voted_by.contains(who)
        };
        let harmless = all.iter().filter(|&who| {
            let mut votes = world.votes.tallies().iter();
            match votes.find(|tally| voted(who, tally)) {
                Some(tally) => tally.vote.value == value,
                None => world.acceptors[usize::from(who.0)].promised() > Some(n(lower)),
            }
        });
        harmless.count() as u16 >= enough
    })
}

/// What is open, and how many for each value.
type Standing = (Vec<Open>, Vec<(Value, u32)>);

/// As it was kept up, and as it is counted from the start.
fn open_twice(world: &World) -> [Standing; 2] {
    let mut again = world.monitor.clone();
    again.look_again(&world.votes, &world.quorums);
    [world.monitor.clone(), again].map(|mut monitor| {
        monitor.open_values.sort();
        (monitor.open, monitor.open_values)
    })
}

#[test]
fn it_calls_safe_what_the_specification_calls_safe() {
    // Every schedule is drawn from a small generator: promises and votes in any ballot, and
    // now and then a lost promise. Votes are cast in even rounds, and each round has one value.
    let mut state = 1_u64;
    let mut draw = |sides: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) % sides
    };
    let broken = [
        Rules::KEPT,
        Rules::breaking([Rule::AcceptIgnoresPromise]),
        Rules::breaking([Rule::AcceptKeepsPromise]),
        // Only with both is there a vote below a promise that stays as it is.
        Rules::breaking([Rule::AcceptIgnoresPromise, Rule::AcceptKeepsPromise]),
    ];
    let (mut safe, mut unsafe_) = (0, 0);
    for (acceptors, rules) in [3, 4, 5].into_iter().flat_map(|n| broken.map(|r| (n, r))) {
        for _ in 0..100 {
            let mut world = World::of(acceptors, rules);
            for _ in 0..20 {
                let who = draw(acceptors.into()) as u16;
                let round = 2 * (1 + draw(5) as u32);
                match draw(10) {
                    0..4 => drop(world.promise(who, round)),
                    4..9 => {
                        let value = Value(round / 2 % 2);
                        let acceptor = &world.acceptors[usize::from(who)];
                        if acceptor.promised() <= Some(n(round))
                            || rules.breaks(Rule::AcceptIgnoresPromise)
                        {
                            world.vote(who, round, value);
                        }
                    }
                    _ => {
                        world.acceptors[usize::from(who)].forget(Amnesia::PROMISE);
                        world.look(who);
                    }
                }
                let [kept, counted] = open_twice(&world);
                assert_eq!(kept, counted, "{world:?}");
                for round in [2, 4, 6, 8, 10, 12] {
                    for value in [HELLO, WORLD] {
                        let monitor = world.accept(round, value) == SAFE;
                        assert_eq!(monitor, safe_at(&world, round, value), "{world:?}");
                        *(if monitor { &mut safe } else { &mut unsafe_ }) += 1;
                    }
                }
            }
        }
    }
    assert!(safe > 10_000 && unsafe_ > 10_000, "{safe} {unsafe_}");
}

#[test]
fn what_is_over_is_forgotten() {
    let mut world = World::new();
    for round in 1..1_000 {
        world.vote(0, round, Value(round % 2));
        assert!(world.monitor.open.len() <= 1_000);
    }
    assert_eq!(
        world.monitor.open.len(),
        999,
        "B and C could still vote in all"
    );
    world.promise(1, 1_000);
    world.promise(2, 1_000);
    assert_eq!(world.monitor.open.len(), 0);
    assert_eq!(world.monitor.open_values, []);
}
