//! Whatever link the page is given, it does not panic.
//!
//! `PAXOS_LINKS=1000000 cargo test --profile fast --test link_fuzz` tries a million links.

#[path = "links/made.rs"]
#[allow(dead_code)]
mod made;
#[path = "support/seeds.rs"]
#[allow(dead_code)]
mod seeds;

use std::thread;

use data_encoding::BASE64URL_NOPAD;
use paxos_playground::history::Run;
use rand_core::Rng as _;
use rand_pcg::Pcg32;

use seeds::number;

/// The tries are divided among threads, each with dice of its own.
const PARTS: u64 = 4;
const SEED: u64 = 0x5eed;

/// Good links with a few bytes changed, taken out, doubled or put in from another one, most of
/// them with a checksum that fits; links with characters changed; and bytes from nowhere.
#[test]
fn no_link_makes_the_reader_panic_and_what_is_read_is_a_run_like_any_other() {
    let count = number("PAXOS_LINKS").unwrap_or(10_000);
    let count = u32::try_from(count).expect("PAXOS_LINKS is less than four thousand million");
    let each = count / PARTS as u32;
    let sound = &sound();
    let read: u32 = thread::scope(|scope| {
        let parts: Vec<_> = (0..PARTS)
            .map(|part| scope.spawn(move || how_many_are_read(each, part, sound)))
            .collect();
        parts.into_iter().map(|part| part.join().unwrap()).sum()
    });
    println!("{count} links: {read} read");
    assert!(
        read > count / 100 && read < count - count / 100,
        "the links are too tame or too wild"
    );
}

fn how_many_are_read(count: u32, part: u64, sound: &[Vec<u8>]) -> u32 {
    let mut dice = Pcg32::new(SEED, part);
    let mut read = 0;
    for number in 0..count {
        let link = input(&mut dice, sound);
        match Run::from_link(&link) {
            Err(why) => {
                let fits = why.0.starts_with("the link") && why.0.len() < 500;
                assert!(fits && !why.0.contains('\n'), "{why}");
            }
            Ok(run) => {
                read += 1;
                if number % 64 == 0 {
                    is_a_run_like_any_other(run, &format!("link {number} of part {part}: {link}"));
                }
            }
        }
    }
    read
}

/// It is written as a link that opens as the same, every branch can be shown, and it can go on.
fn is_a_run_like_any_other(run: Run, what: &str) {
    let places = &run.scenario().places;
    let again = run.to_link(places);
    let back = Run::from_link(&again).unwrap_or_else(|why| panic!("{what}: {why}"));
    assert_eq!(back.to_link(&back.scenario().places), again, "{what}");
    made::same(&back, &run);
    for branch in run.branches() {
        let mut shown = run.clone();
        shown.switch(branch.id()).unwrap();
        while shown.undo() {}
        while shown.redo() {}
        shown.seek_event(usize::MAX);
        for _ in 0..20 {
            shown.step();
        }
        assert!(shown.cursor() <= shown.end(), "{what}");
    }
}

/// What good links say.
fn sound() -> Vec<Vec<u8>> {
    let (own, places) = made::own();
    let alone = |run: Run| run.to_link(&run.scenario().places);
    let links = [
        own.to_link(&places),
        alone(made::hello()),
        alone(made::broken()),
        alone(made::branches()),
        alone(made::messages()),
        alone(made::crowd(30)),
        alone(made::hundred_deeds("duel")),
        alone(made::hundred_deeds("rough-network")),
    ];
    let said = |link: &String| {
        let bytes = BASE64URL_NOPAD.decode(&link.as_bytes()[1..]).unwrap();
        bytes[..bytes.len() - 2].to_vec()
    };
    links.iter().map(said).collect()
}

/// A link that says this, true or not.
fn link(bytes: &[u8]) -> String {
    let sum = bytes.iter().fold(0x811c_9dc5_u32, |sum, byte| {
        (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
    });
    let sum = ((sum >> 16) as u16 ^ sum as u16).to_be_bytes();
    format!("1{}", BASE64URL_NOPAD.encode(&[bytes, &sum].concat()))
}

fn input(dice: &mut Pcg32, sound: &[Vec<u8>]) -> String {
    let mut below = |limit: usize| dice.next_u32() as usize % limit.max(1);
    if below(20) == 0 {
        let bytes: Vec<u8> = (0..below(200)).map(|_| below(256) as u8).collect();
        return link(&bytes);
    }
    let mut bytes = sound[below(sound.len())].clone();
    for _ in 0..1 + below(3) {
        if bytes.is_empty() {
            break;
        }
        let at = below(bytes.len());
        let end = (at + below(12)).min(bytes.len());
        match below(8) {
            0 => drop(bytes.drain(at..end)),
            1 => bytes.truncate(at),
            2 => bytes[at] = below(256) as u8,
            3 => bytes[at] ^= 1 << below(8),
            4 => bytes[at] = bytes[at].wrapping_add(1),
            // A number that is as large as can be.
            5 => drop(bytes.splice(at..at + 1, [0xff; 9].into_iter().chain([1]))),
            6 => {
                let copy = bytes[at..end].to_vec();
                drop(bytes.splice(at..at, copy));
            }
            _ => {
                let other = &sound[below(sound.len())];
                let from = below(other.len());
                let piece = &other[from..(from + below(40)).min(other.len())];
                drop(bytes.splice(at..end, piece.iter().copied()));
            }
        }
    }
    let mut text = link(&bytes);
    if below(10) == 0 {
        let mut characters: Vec<char> = text.chars().collect();
        let at = below(characters.len());
        match below(3) {
            0 => characters.truncate(at),
            1 => characters[at] = ['<', '%', '=', 'ż', '0', '2', ' '][below(7)],
            _ => drop(characters.remove(at)),
        }
        text = characters.into_iter().collect();
    }
    text
}
