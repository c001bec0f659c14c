//! Which random runs to try: `PAXOS_SEEDS=100000` tries more of them, `PAXOS_SEED=17` one.

/// The number in an environment variable.
pub fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    let number = text.parse();
    Some(number.unwrap_or_else(|_| panic!("{name} is {text}, and must be a number")))
}

/// The seeds to try: one, or from 0 as many as asked for.
pub fn seeds(default: u64) -> std::ops::Range<u64> {
    match number("PAXOS_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("PAXOS_SEEDS").unwrap_or(default),
    }
}

/// Fewer of them, for what holds for all or for none.
pub fn some_seeds(default: u64) -> std::ops::Range<u64> {
    let seeds = seeds(default);
    seeds.start..seeds.end.min(seeds.start + default)
}
