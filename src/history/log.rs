//! A list that only grows at its end, and whose copies share what they have in common.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::{Index, Range};
use std::sync::Arc;

use crate::cluster::Event;

/// How many entries lie in one piece. The last piece of a list is its own; all others may be
/// shared, so a copy of any list costs one pointer for each piece.
const PIECE: usize = 64;

/// A list in shared pieces, of which all but the last are full.
///
/// A branch is a copy of the line that it leaves, cut short: the past exists once however many
/// futures it has. A list of a hundred thousand entries is copied in microseconds, which lets a
/// page keep whole sessions as values.
#[derive(Clone, Debug)]
pub(super) struct Log<T> {
    pieces: Vec<Arc<Vec<T>>>,
    len: usize,
}

impl<T> Default for Log<T> {
    fn default() -> Self {
        Self {
            pieces: Vec::new(),
            len: 0,
        }
    }
}

impl<T: Clone> Log<T> {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn get(&self, index: usize) -> Option<&T> {
        self.pieces.get(index / PIECE)?.get(index % PIECE)
    }

    pub(super) fn push(&mut self, entry: T) {
        if self.len.is_multiple_of(PIECE) {
            self.pieces.push(Arc::new(Vec::with_capacity(PIECE)));
        }
        let piece = self.pieces.last_mut().expect("a piece with room was added");
        Arc::make_mut(piece).push(entry);
        self.len += 1;
    }

    /// Keep only the first entries.
    pub(super) fn truncate(&mut self, len: usize) {
        if len >= self.len {
            return;
        }
        self.len = len;
        self.pieces.truncate(len.div_ceil(PIECE));
        let rest = len % PIECE;
        let Some(last) = self.pieces.last_mut().filter(|_| rest > 0) else {
            return;
        };
        match Arc::get_mut(last) {
            Some(own) => own.truncate(rest),
            None => *last = Arc::new(last[..rest].to_vec()),
        }
    }

    /// The first entries as a list of their own.
    pub(super) fn prefix(&self, len: usize) -> Self {
        let mut prefix = self.clone();
        prefix.truncate(len);
        prefix
    }

    pub(super) fn range(&self, range: Range<usize>) -> impl DoubleEndedIterator<Item = &T> {
        range.filter_map(|index| self.get(index))
    }

    /// How many of the first `len` entries come before the first for which `is` does not hold;
    /// it must hold for a beginning of the list and for nothing after.
    pub(super) fn partition_point(&self, len: usize, is: impl Fn(&T) -> bool) -> usize {
        let (mut low, mut high) = (0, len.min(self.len));
        while low < high {
            let middle = low + (high - low) / 2;
            if self.get(middle).is_some_and(&is) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// How many entries two lists have in common at their beginnings.
    pub(super) fn common(&self, other: &Self, same: impl Fn(&T, &T) -> bool) -> usize {
        let pairs = self.pieces.iter().zip(&other.pieces);
        let shared = pairs.take_while(|(a, b)| Arc::ptr_eq(a, b)).count();
        let from = (shared * PIECE).min(self.len).min(other.len);
        let rest = (from..self.len).map_while(|index| self.get(index).zip(other.get(index)));
        from + rest.take_while(|(a, b)| same(a, b)).count()
    }

    /// The bytes of the pieces that were not `seen` yet, with what `beside` says that their
    /// entries point to.
    pub(super) fn bytes(&self, seen: &mut BTreeSet<usize>, beside: impl Fn(&T) -> usize) -> usize {
        let own = |piece: &&Arc<Vec<T>>| seen.insert(Arc::as_ptr(piece).addr());
        let pieces = self.pieces.iter().filter(own).map(|piece| {
            let beside: usize = piece.iter().map(&beside).sum();
            size_of::<Vec<T>>()
                + 4 * size_of::<usize>()
                + size_of::<T>() * piece.capacity()
                + beside
        });
        pieces.sum::<usize>() + self.pieces.capacity() * size_of::<usize>()
    }
}

/// The first events of a line, in their order: cheap to pass around, to index and to cut.
#[derive(Clone, Copy)]
pub struct Events<'a> {
    log: &'a Log<Event>,
    start: usize,
    end: usize,
}

impl<'a> Events<'a> {
    pub(super) fn of(log: &'a Log<Event>, end: usize) -> Self {
        let start = 0;
        Self { log, start, end }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.end - self.start
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// The event at this index.
    pub fn get(&self, index: usize) -> Option<&'a Event> {
        let index = self.start.checked_add(index)?;
        self.log.get(index).filter(|_| index < self.end)
    }

    /// The latest event.
    pub fn last(&self) -> Option<&'a Event> {
        self.len().checked_sub(1).and_then(|last| self.get(last))
    }

    /// Those from one index up to another, which is not included. What is not there is left out.
    pub fn range(&self, range: Range<usize>) -> Events<'a> {
        let end = self.start.saturating_add(range.end).min(self.end);
        Events {
            log: self.log,
            start: self.start.saturating_add(range.start).min(end),
            end,
        }
    }

    /// One after another, from either end.
    pub fn iter(&self) -> EventsIter<'a> {
        EventsIter(*self)
    }

    /// A copy that does not depend on the run.
    pub fn to_vec(&self) -> Vec<Event> {
        self.iter().cloned().collect()
    }
}

impl Index<usize> for Events<'_> {
    type Output = Event;

    /// Panics if there is no such event, as indexing a slice does.
    fn index(&self, index: usize) -> &Event {
        let event = self.get(index);
        event.expect("the index is less than the number of events")
    }
}

impl<'a> IntoIterator for Events<'a> {
    type Item = &'a Event;
    type IntoIter = EventsIter<'a>;

    fn into_iter(self) -> EventsIter<'a> {
        self.iter()
    }
}

impl PartialEq for Events<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<T: AsRef<[Event]> + ?Sized> PartialEq<T> for Events<'_> {
    fn eq(&self, other: &T) -> bool {
        self.iter().eq(other.as_ref())
    }
}

impl fmt::Debug for Events<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// What [`Events::iter`] gives.
#[derive(Clone, Debug)]
pub struct EventsIter<'a>(Events<'a>);

impl<'a> Iterator for EventsIter<'a> {
    type Item = &'a Event;

    fn next(&mut self) -> Option<&'a Event> {
        let event = self.0.get(0)?;
        self.0.start += 1;
        Some(event)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.0.len(), Some(self.0.len()))
    }

    fn nth(&mut self, n: usize) -> Option<&'a Event> {
        self.0 = self.0.range(n..usize::MAX);
        self.next()
    }
}

impl<'a> DoubleEndedIterator for EventsIter<'a> {
    fn next_back(&mut self) -> Option<&'a Event> {
        let event = self.0.last()?;
        self.0.end -= 1;
        Some(event)
    }
}

impl ExactSizeIterator for EventsIter<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(numbers: Range<usize>) -> Log<usize> {
        let mut log = Log::default();
        numbers.for_each(|number| log.push(number));
        log
    }

    fn all(log: &Log<usize>) -> Vec<usize> {
        log.range(0..log.len()).copied().collect()
    }

    #[test]
    fn a_copy_shares_the_past_and_goes_its_own_way() {
        for len in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE] {
            let old = log(0..4 * PIECE);
            let mut new = old.prefix(len);
            assert_eq!(all(&new), (0..len).collect::<Vec<_>>());
            new.push(7_000);
            assert_eq!(new.get(len), Some(&7_000));
            assert_eq!(new.len(), len + 1);
            assert_eq!(all(&old), (0..4 * PIECE).collect::<Vec<_>>(), "untouched");
            assert_eq!(new.common(&old, |a, b| a == b), len);
            assert_eq!(old.common(&new, |a, b| a == b), len);
        }
    }

    #[test]
    fn a_list_that_nobody_shares_is_cut_in_place() {
        let mut list = log(0..100);
        list.truncate(70);
        list.truncate(200);
        assert_eq!(list.len(), 70);
        list.push(5);
        assert_eq!(list.get(70), Some(&5));
        list.truncate(0);
        assert_eq!((list.len(), list.get(0)), (0, None));
    }

    #[test]
    fn searching_stays_within_the_part_that_is_asked_for() {
        let list = log(0..200);
        assert_eq!(list.partition_point(200, |&n| n < 130), 130);
        assert_eq!(list.partition_point(100, |&n| n < 130), 100);
        assert_eq!(list.partition_point(0, |_| true), 0);
    }
}
