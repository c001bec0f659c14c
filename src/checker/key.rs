//! Packed states: a state is one key of a few words, and its fields are bits of it.

/// A packed state. Zero is the initial state, in which nothing was sent.
pub trait Key: Copy + Eq + Ord + Default + Send + Sync {
    /// How many bits it has.
    const BITS: u32;

    /// The `width` bits from `offset`; at most 64.
    fn field(self, offset: u32, width: u32) -> u64;

    /// The same with these bits set as well, `bits` being moved up to `offset`.
    fn with(self, offset: u32, bits: u64) -> Self;

    /// The same with the field replaced.
    fn put(self, offset: u32, width: u32, value: u64) -> Self;

    /// Where to look for it first: all bits count, and the high ones of the result are the best.
    fn hash(self) -> u64;
}

/// The lowest bits, so many of them.
pub(super) const fn ones(width: u32) -> u64 {
    if width >= 64 {
        u64::MAX
    } else {
        (1 << width) - 1
    }
}

/// The places of the bits of a mask, lowest first.
pub(super) fn each_bit(mut mask: u64) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        let bit = mask.trailing_zeros();
        (mask != 0).then(|| {
            mask &= mask - 1;
            bit
        })
    })
}

/// An odd number near 2^64 divided by the golden ratio.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

impl Key for u64 {
    const BITS: u32 = 64;

    fn field(self, offset: u32, width: u32) -> u64 {
        (self >> offset) & ones(width)
    }

    fn with(self, offset: u32, bits: u64) -> Self {
        self | bits << offset
    }

    fn put(self, offset: u32, width: u32, value: u64) -> Self {
        self & !(ones(width) << offset) | value << offset
    }

    fn hash(self) -> u64 {
        // A product carries upwards only: what is above the middle is brought down first.
        (self ^ self >> 29).wrapping_mul(GOLDEN)
    }
}

impl Key for u128 {
    const BITS: u32 = 128;

    fn field(self, offset: u32, width: u32) -> u64 {
        (self >> offset) as u64 & ones(width)
    }

    fn with(self, offset: u32, bits: u64) -> Self {
        self | u128::from(bits) << offset
    }

    fn put(self, offset: u32, width: u32, value: u64) -> Self {
        self & !(u128::from(ones(width)) << offset) | u128::from(value) << offset
    }

    fn hash(self) -> u64 {
        mix((self as u64).hash(), (self >> 64) as u64)
    }
}

/// 256 bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Wide([u128; 2]);

impl Key for Wide {
    const BITS: u32 = 256;

    fn field(self, offset: u32, width: u32) -> u64 {
        let (half, within) = ((offset / 128) as usize, offset % 128);
        let low = self.0[half] >> within;
        // The part that reaches into the other half.
        let high = match within {
            65.. if half == 0 => self.0[1] << (128 - within),
            _ => 0,
        };
        (low | high) as u64 & ones(width)
    }

    fn with(mut self, offset: u32, bits: u64) -> Self {
        let (half, within) = ((offset / 128) as usize, offset % 128);
        self.0[half] |= u128::from(bits) << within;
        if within > 64 && half == 0 {
            self.0[1] |= u128::from(bits) >> (128 - within);
        }
        self
    }

    fn put(mut self, offset: u32, width: u32, value: u64) -> Self {
        let old = Self::default().with(offset, self.field(offset, width));
        self.0[0] ^= old.0[0];
        self.0[1] ^= old.0[1];
        self.with(offset, value)
    }

    fn hash(self) -> u64 {
        let [low, high] = self.0;
        mix(mix(low.hash(), high as u64), (high >> 64) as u64)
    }
}

fn mix(hash: u64, word: u64) -> u64 {
    (hash.rotate_left(25) ^ word ^ word >> 29).wrapping_mul(GOLDEN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields_stay_apart<K: Key + std::fmt::Debug>() {
        for width in [1, 3, 20, 63, 64] {
            for offset in 0..=(K::BITS - width) {
                let low = ones(offset.min(64));
                let full = K::default().with(0, low).put(offset, width, ones(width));
                assert_eq!(full.field(offset, width), ones(width));
                let pattern = 0x5a5a_5a5a_5a5a_5a5a & ones(width);
                let put = full.put(offset, width, pattern);
                assert_eq!(put.field(offset, width), pattern, "{offset} {width}");
                assert_eq!(put.put(offset, width, ones(width)), full);
                if offset > 0 {
                    assert_eq!(put.field(0, offset.min(64)), low, "{offset} {width}");
                }
            }
        }
    }

    #[test]
    fn a_field_is_read_as_it_was_put_and_leaves_the_others_alone() {
        fields_stay_apart::<u64>();
        fields_stay_apart::<u128>();
        fields_stay_apart::<Wide>();
    }

    #[test]
    fn every_bit_moves_the_hash_where_a_table_looks() {
        fn high_bits_differ<K: Key>() {
            let hashes = (0..K::BITS).map(|bit| K::default().with(bit, 1).hash() >> 40);
            let mut hashes: Vec<u64> = hashes.collect();
            hashes.sort_unstable();
            hashes.dedup();
            assert_eq!(hashes.len(), K::BITS as usize);
        }
        high_bits_differ::<u64>();
        high_bits_differ::<u128>();
        high_bits_differ::<Wide>();
    }
}
