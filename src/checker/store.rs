//! Long lists in pieces: they grow without being copied, and so without needing twice their room.

/// Entries of a piece, as a power of two.
const PIECE: u32 = 15;
const SIZE: usize = 1 << PIECE;

/// A list that only grows.
#[derive(Debug)]
pub(super) struct Store<T> {
    pieces: Vec<Vec<T>>,
    len: usize,
}

impl<T: Copy> Store<T> {
    pub(super) fn new() -> Self {
        Self {
            pieces: Vec::new(),
            len: 0,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn get(&self, index: usize) -> T {
        self.pieces[index >> PIECE][index & (SIZE - 1)]
    }

    /// Adds an entry; `false` if there is no memory for it.
    pub(super) fn push(&mut self, entry: T) -> bool {
        if self.len & (SIZE - 1) == 0 && !self.add_piece() {
            return false;
        }
        match self.pieces.last_mut() {
            Some(piece) => piece.push(entry),
            None => return false,
        }
        self.len += 1;
        true
    }

    fn add_piece(&mut self) -> bool {
        let mut piece = Vec::new();
        // The first piece grows as it needs to: most models are small.
        let room = if self.pieces.is_empty() { 64 } else { SIZE };
        let there = piece.try_reserve_exact(room).is_ok() && self.pieces.try_reserve(1).is_ok();
        if there {
            self.pieces.push(piece);
        }
        there
    }

    /// How many bytes it uses.
    pub(super) fn bytes(&self) -> usize {
        let pieces = self.pieces.iter().map(|piece| piece.capacity());
        pieces.sum::<usize>() * size_of::<T>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_stay_where_they_were_put() {
        let mut store = Store::new();
        for entry in 0..3 * SIZE + 5 {
            assert!(store.push(entry));
        }
        assert_eq!(store.len(), 3 * SIZE + 5);
        assert!((0..store.len()).all(|index| store.get(index) == index));
        assert!(store.bytes() >= store.len() * size_of::<usize>());
    }
}
