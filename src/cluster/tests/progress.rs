//! Retries, duels, `Nack` and to whom a `Prepare` goes.

use super::*;

fn retry(backoff: Backoff) -> impl FnOnce(&mut Setup) {
    move |setup| {
        let timeout = Millis(160);
        setup.retry = Retry { timeout, backoff };
    }
}

/// Two proposers, each starting when the other is between its two phases.
fn duel(backoff: Backoff, seed: u64) -> Play {
    let mut play = play_with("PQABCL", |setup| {
        retry(backoff)(setup);
        setup.seed = seed;
    });
    play.propose('P', "Hello");
    play.until(80);
    play.propose('Q', "World");
    play
}

#[test]
fn with_fixed_back_off_a_duel_never_ends() {
    let mut play = duel(Backoff::Fixed, 1);
    play.until(60_000);
    assert_eq!(play.chosen(), None);
    assert!(play.cluster.votes_cast().is_empty(), "nobody ever votes");
    let tries = play.said_of("has waited long enough").len();
    assert_eq!(tries, 375 + 374, "every 160 ms each");
    assert_eq!(play.broken(), [""; 0], "and nothing is unsafe about it");
}

#[test]
fn with_random_back_off_every_duel_ends() {
    for seed in 0..200 {
        let mut play = duel(Backoff::Random, seed);
        play.until(60_000);
        assert!(play.learned('L').is_some(), "seed {seed}");
        assert_eq!(play.cluster.next_due(), None, "and then there is peace");
    }
}

#[test]
fn without_a_retry_a_lost_ballot_stays_lost() {
    let mut play = duel(Backoff::None, 1);
    play.until(60_000);
    assert_eq!(play.chosen(), Some("World"), "Q came last");
    let process = play.id('P');
    let stuck = play.cluster.process(process).unwrap();
    assert_eq!(stuck.retries_at(), None);
    play.said();
    play.apply(Command::Timeout { process });
    assert_eq!(
        play.said()[0],
        "60000 P is told to give up ballot 1.P and tries a higher one"
    );
    play.until(61_000);
    let proposer = play.cluster.process(process).unwrap().proposer.as_ref();
    assert_eq!(proposer.and_then(|its| its.unfinished()), None);
    assert_eq!(play.chosen(), Some("World"));
}

#[test]
fn a_timer_is_volatile_and_ends_with_the_ballot() {
    let mut play = play_with("PABCL", retry(Backoff::Fixed));
    let p = play.id('P');
    let timer = |play: &Play| play.cluster.process(p).unwrap().retries_at();
    play.propose('P', "Hello");
    assert_eq!(timer(&play), Some(Millis(160)));
    play.crash('P');
    assert_eq!(timer(&play), None);
    play.restart('P');
    play.until(1_000);
    assert_eq!(play.said_of("has waited").len(), 0);
    play.apply(Command::Link {
        link: play.both_ways('P', 'A'),
        delay: Some(DelayRange::new(10, 10).unwrap()),
    });
    play.apply(Command::Link {
        link: play.both_ways('P', 'B'),
        delay: Some(DelayRange::new(10, 10).unwrap()),
    });
    play.propose('P', "Hello");
    assert_eq!(timer(&play), Some(Millis(1_160)));
    play.until(1_050);
    assert_eq!(timer(&play), None, "it knows that its value is chosen");
}

#[test]
fn a_retry_gets_through_loss() {
    let mut play = play_with("PABCL", |setup| {
        retry(Backoff::Fixed)(setup);
        setup.retry.timeout = Millis(300);
        setup.network.loss = Chance::per_million_of(400_000).unwrap();
    });
    play.propose('P', "Hello");
    play.until(60_000);
    assert_eq!(play.chosen(), Some("Hello"));
}

#[test]
fn without_nack_a_refusal_is_silent() {
    let mut play = play_with("PQABC", |setup| setup.nack = false);
    play.propose('Q', "World");
    play.until(300);
    play.said();
    play.propose('P', "Hello");
    play.until(1_000);
    assert_eq!(play.said_of("Nack"), [""; 0]);
    assert_eq!(play.chosen(), Some("World"));
}

#[test]
fn a_hopeless_ballot_is_given_up_early_only_with_random_back_off() {
    let gives_up = |backoff| {
        let mut play = play_with("PQABC", |setup| {
            retry(backoff)(setup);
            setup.retry.timeout = Millis(5_000);
        });
        play.propose('Q', "World");
        play.until(300);
        play.propose('P', "Hello");
        play.until(30_000);
        play.said_of("gives up ballot 1.P, which no quorum is left for")
            .len()
    };
    assert_eq!(gives_up(Backoff::None), 0);
    assert_eq!(gives_up(Backoff::Fixed), 0);
    assert_eq!(gives_up(Backoff::Random), 1);
}

#[test]
fn a_prepare_to_a_majority_goes_round() {
    let mut play = play_with("PABCDE", |setup| setup.prepare_to = PrepareTo::Majority);
    let mut asked = Vec::new();
    for _ in 0..3 {
        play.propose('P', "Hello");
        let said = play.said_of("P sends Prepare");
        asked.push(
            said.iter()
                .map(|said| said.chars().last().unwrap())
                .collect::<String>(),
        );
    }
    assert_eq!(asked, ["ABC", "BCD", "CDE"]);
    play.until(500);
    assert_eq!(play.chosen(), Some("Hello"), "Accept goes to all");
}

#[test]
fn one_acceptor_that_is_down_does_not_stop_prepares_to_a_majority_for_ever() {
    let mut play = play_with("PABCL", |setup| {
        retry(Backoff::Fixed)(setup);
        setup.retry.timeout = Millis(300);
        setup.prepare_to = PrepareTo::Majority;
    });
    play.crash('A');
    play.propose('P', "Hello");
    play.until(2_000);
    assert_eq!(play.learned('L'), Some("Hello"));
}

/// Who promises if B is to crash at 50 ms after so many events, when A, B and C get their Prepares.
fn who_promises(after: u64) -> Vec<String> {
    let mut play = play("PABC");
    let process = play.id('B');
    let amnesia = crate::protocol::Amnesia::NONE;
    let crash = Command::Crash { process, amnesia };
    play.cluster.schedule_after(Millis(50), after, crash);
    play.propose('P', "Hello");
    play.until(60);
    let promises = play.said_of(" promises ").into_iter();
    let names = promises.map(|said| said.split(' ').nth(1).unwrap_or_default().to_string());
    names.collect()
}

#[test]
fn what_is_asked_between_the_events_of_an_instant_comes_there() {
    let mut play = play("PABC");
    play.propose('P', "Hello");
    play.until(49);
    let before = play.cluster.recorded();
    play.cluster.step(&mut play.events);
    let (first, now) = (play.cluster.recorded(), play.cluster.now());
    assert_eq!((now, first > before + 1), (Millis(50), true));
    assert_eq!(who_promises(before), ["A", "C"]);
    assert_eq!(
        who_promises(first),
        ["A", "C"],
        "as soon as there are so many"
    );
    assert_eq!(who_promises(first + 1), ["A", "B", "C"], "one later");
    assert_eq!(
        who_promises(1_000),
        ["A", "B", "C"],
        "when nothing else is due"
    );
}
