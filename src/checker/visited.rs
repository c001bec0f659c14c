//! The set of states that were seen.

use super::key::Key;

/// A set of keys other than zero: one flat table with open addressing, nothing but the keys in it.
#[derive(Debug)]
pub(super) struct Visited<K> {
    slots: Vec<K>,
    /// How far a hash is shifted down to be a slot.
    shift: u32,
    len: usize,
}

/// The table would need more memory than there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OutOfMemory;

const FIRST_BITS: u32 = 10;

impl<K: Key> Visited<K> {
    pub(super) fn new() -> Self {
        Self {
            slots: vec![K::default(); 1 << FIRST_BITS],
            shift: 64 - FIRST_BITS,
            len: 0,
        }
    }

    /// Where the search for a key begins.
    pub(super) fn slot(&self, key: K) -> usize {
        (key.hash() >> self.shift) as usize
    }

    /// Where the search for each key begins. The slots are read ahead of time, so that they are at hand
    /// when [`Visited::insert`] needs them: many such reads wait for memory together, one after the
    /// other they would wait in a row.
    pub(super) fn look_ahead(&self, keys: impl Iterator<Item = K>, slots: &mut Vec<u32>) {
        let mut free = 0_usize;
        slots.clear();
        for key in keys {
            let slot = self.slot(key);
            free += usize::from(self.slots[slot] == K::default());
            slots.push(slot as u32);
        }
        // The reads have to happen although nobody needs the count.
        std::hint::black_box(free);
    }

    /// Adds a key, whose search begins at `slot`; `false` if it was there.
    pub(super) fn insert(&mut self, key: K, mut slot: usize) -> bool {
        let mask = self.slots.len() - 1;
        loop {
            let found = &mut self.slots[slot & mask];
            if *found == key {
                return false;
            }
            if *found == K::default() {
                *found = key;
                self.len += 1;
                return true;
            }
            slot += 1;
        }
    }

    /// Makes room for this many more keys.
    pub(super) fn reserve(&mut self, more: usize, limit: usize) -> Result<(), OutOfMemory> {
        // At most three quarters are used, so that searches stay short.
        let wanted = (self.len + more).max(1) * 4 / 3 + 1;
        if wanted <= self.slots.len() {
            return Ok(());
        }
        let size = wanted.next_power_of_two();
        // Both tables are there while the keys move.
        if (size + self.slots.len()) * size_of::<K>() > limit {
            return Err(OutOfMemory);
        }
        let mut slots = Vec::new();
        slots.try_reserve_exact(size).map_err(|_| OutOfMemory)?;
        slots.resize(size, K::default());
        let old = std::mem::replace(&mut self.slots, slots);
        self.shift = 64 - size.trailing_zeros();
        self.len = 0;
        for key in old {
            if key != K::default() {
                self.insert(key, self.slot(key));
            }
        }
        Ok(())
    }

    /// Takes all keys out and keeps the room.
    pub(super) fn clear(&mut self) {
        self.slots.fill(K::default());
        self.len = 0;
    }

    /// How many bytes it uses.
    pub(super) fn bytes(&self) -> usize {
        self.slots.len() * size_of::<K>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_each_key_once_however_it_grows() {
        let mut set = Visited::<u64>::new();
        let keys = (1..50_000_u64).map(|n| n * n);
        for key in keys.clone() {
            set.reserve(1, usize::MAX).unwrap();
            assert!(set.insert(key, set.slot(key)));
        }
        for key in keys.clone() {
            assert!(!set.insert(key, set.slot(key)), "{key}");
        }
        assert_eq!(set.len, keys.count());
        assert!(set.insert(2, set.slot(2)), "no square");
        set.clear();
        assert!(set.insert(4, set.slot(4)));
    }

    #[test]
    fn a_table_beyond_the_limit_is_refused_and_nothing_is_lost() {
        let mut set = Visited::<u64>::new();
        set.insert(7, set.slot(7));
        assert_eq!(set.reserve(5_000, 20_000), Err(OutOfMemory));
        assert!(!set.insert(7, set.slot(7)));
    }

    #[test]
    fn at_most_three_quarters_are_used_and_both_tables_count() {
        let mut set = Visited::<u64>::new();
        assert_eq!(set.bytes(), 1_024 * 8);
        set.reserve(767, 0).unwrap();
        assert_eq!(set.bytes(), 1_024 * 8, "they fit");
        let room = (2_048 + 1_024) * 8;
        assert!(set.reserve(768, room - 1).is_err());
        assert_eq!(set.bytes(), 1_024 * 8, "nothing has changed");
        set.reserve(768, room).unwrap();
        assert_eq!(set.bytes(), 2_048 * 8);
    }
}
