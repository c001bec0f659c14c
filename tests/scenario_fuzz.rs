//! Whatever the reader of scenario files is given, it does not panic.
//!
//! `PAXOS_FUZZ=1000000 cargo test --profile fast --test scenario_fuzz` tries a million inputs.

#[path = "support/seeds.rs"]
#[allow(dead_code)]
mod seeds;

use paxos_playground::scenario::{BUILT_IN, Scenario};
use rand_core::{Rng as _, SeedableRng as _};
use rand_pcg::Pcg32;

use seeds::number;

/// Files of the library with a few bytes changed, taken out, doubled or put in from another one,
/// and bytes from nowhere.
#[test]
fn no_input_makes_the_reader_panic_and_what_is_read_can_be_written() {
    let count = number("PAXOS_FUZZ").unwrap_or(20_000);
    let count = u32::try_from(count).expect("PAXOS_FUZZ is less than four thousand million");
    let seed = 0x5eed;
    let mut dice = Pcg32::seed_from_u64(seed);
    let (mut read, mut refused) = (0_u32, 0_u32);
    for number in 0..count {
        let bytes = input(&mut dice);
        match Scenario::from_bytes(&bytes) {
            Err(why) => {
                refused += 1;
                assert!(
                    !why.0.is_empty() && why.0.len() < 1_000 && !why.0.contains('\n'),
                    "{why}"
                );
            }
            Ok(scenario) => {
                read += 1;
                if number % 8 == 0 {
                    let again = Scenario::parse(&scenario.to_json());
                    assert_eq!(again, Ok(scenario), "input {number} of seed {seed}");
                }
            }
        }
    }
    println!("{count} inputs: {read} read, {refused} refused");
    assert!(
        read > count / 100 && refused > count / 100,
        "the inputs are too tame or too wild"
    );
}

const TOKENS: [&str; 24] = [
    "null",
    "true",
    "[",
    "]",
    "{",
    "}",
    ",",
    ":",
    "\"",
    "\\u12",
    "\\ud83d",
    "-1",
    "0.5",
    "1e400",
    "18446744073709551616",
    "\"at\"",
    "\"do\"",
    "\"hold\"",
    "\"message\"",
    "\"P\"",
    "\"Z\"",
    "\"x\": 1,",
    "\u{feff}",
    "🐢",
];

fn input(dice: &mut Pcg32) -> Vec<u8> {
    let mut below = |limit: usize| dice.next_u32() as usize % limit.max(1);
    if below(10) == 0 {
        return (0..below(200)).map(|_| below(256) as u8).collect();
    }
    let file = BUILT_IN[below(BUILT_IN.len())].1.as_bytes();
    let mut bytes = file.to_vec();
    for _ in 0..below(4) + usize::from(below(4) > 0) {
        let at = below(bytes.len());
        let end = (at + below(30)).min(bytes.len());
        match below(7) {
            0 => drop(bytes.drain(at..end)),
            1 => bytes.truncate(at),
            2 => bytes[at] = below(256) as u8,
            3 => bytes[at] ^= 1 << below(8),
            4 => drop(bytes.splice(at..end, TOKENS[below(TOKENS.len())].bytes())),
            5 => {
                let copy = bytes[at..end].to_vec();
                drop(bytes.splice(at..at, copy));
            }
            _ => {
                let other = BUILT_IN[below(BUILT_IN.len())].1.as_bytes();
                let from = below(other.len());
                let piece = &other[from..(from + below(60)).min(other.len())];
                drop(bytes.splice(at..end, piece.iter().copied()));
            }
        }
        if bytes.is_empty() {
            break;
        }
    }
    bytes
}
