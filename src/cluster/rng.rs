//! The one source of chance.

use rand_core::{Rng as _, SeedableRng as _};
use rand_pcg::Pcg32;

use super::Chance;

/// PCG-XSH-RR 64/32. Seeds live in links and files, so its stream never changes: the tests pin it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rng(Pcg32);

impl Rng {
    pub(super) fn new(seed: u64) -> Self {
        Self(Pcg32::seed_from_u64(seed))
    }

    /// Evenly from `low` to `high`, both included; `low` must not exceed `high`. Exactly one draw,
    /// even where there is no choice, so that a setting does not shift what follows. The price is
    /// that with `n` outcomes one may be likelier than another by `n` in four thousand million.
    pub(super) fn between(&mut self, low: u32, high: u32) -> u32 {
        let outcomes = u64::from(high - low) + 1;
        let draw = u64::from(self.0.next_u32());
        low + ((draw * outcomes) >> 32) as u32
    }

    /// Whether something happens that has this chance. Exactly one draw.
    pub(super) fn happens(&mut self, chance: Chance) -> bool {
        self.between(0, Chance::CERTAIN.per_million() - 1) < chance.per_million()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_pinned() {
        // The reference output of pcg32_random_r for the initial state 42 and stream 54.
        let mut pcg = Pcg32::new(42, 54);
        let reference: Vec<u32> = (0..6).map(|_| pcg.next_u32()).collect();
        assert_eq!(
            reference,
            [
                0xa15c_02b7,
                0x7b47_f409,
                0xba1d_3330,
                0x83d2_f293,
                0xbfa4_784b,
                0xcbed_606e
            ]
        );
    }

    #[test]
    fn a_draw_stays_in_its_range_and_reaches_both_ends() {
        let mut rng = Rng::new(1);
        let draws: Vec<u32> = (0..1000).map(|_| rng.between(40, 43)).collect();
        for wanted in 40..=43 {
            let share = draws.iter().filter(|&&draw| draw == wanted).count();
            assert!((200..300).contains(&share), "{wanted}: {share} of 1000");
        }
        assert_eq!(rng.between(7, 7), 7);
        rng.between(0, u32::MAX);
    }

    #[test]
    fn a_chance_is_kept_and_never_and_always_are_meant() {
        let mut rng = Rng::new(1);
        let mut count = |chance: u32| {
            let chance = Chance::per_million_of(chance).unwrap();
            (0..10_000).filter(|_| rng.happens(chance)).count()
        };
        assert_eq!(count(0), 0);
        assert_eq!(count(1_000_000), 10_000);
        assert!((2_300..2_700).contains(&count(250_000)));
    }

    #[test]
    fn never_and_always_are_not_off_by_one_in_a_million() {
        let mut rng = Rng::new(1);
        for _ in 0..4_000_000 {
            assert!(!rng.happens(Chance::NEVER));
            assert!(rng.happens(Chance::CERTAIN));
        }
    }

    #[test]
    fn every_question_costs_one_draw_whatever_the_answer() {
        let mut one = Rng::new(9);
        let mut two = one.clone();
        one.between(5, 5);
        one.happens(Chance::NEVER);
        two.between(0, u32::MAX);
        two.happens(Chance::CERTAIN);
        assert_eq!(one, two);
    }
}
