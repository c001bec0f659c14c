//! A set of processes.

use super::ProcessId;

/// A set of processes, in the order of their ids: bits, so that counting and comparing quorums is
/// cheap and no hash order can leak into a run. The first 64 ids need no allocation.
#[derive(Clone, Debug, Default)]
pub struct ProcessSet {
    first: u64,
    rest: Vec<u64>,
}

/// Equal when they hold the same processes, whatever was in them before.
impl PartialEq for ProcessSet {
    fn eq(&self, other: &Self) -> bool {
        let length = self.rest.len().max(other.rest.len());
        (0..=length).all(|index| self.word(index) == other.word(index))
    }
}

impl Eq for ProcessSet {}

impl ProcessSet {
    /// The empty set.
    pub fn new() -> Self {
        Self::default()
    }

    fn word(&self, index: usize) -> u64 {
        match index.checked_sub(1) {
            None => self.first,
            Some(index) => self.rest.get(index).copied().unwrap_or(0),
        }
    }

    fn word_mut(&mut self, index: usize) -> &mut u64 {
        let Some(index) = index.checked_sub(1) else {
            return &mut self.first;
        };
        if index >= self.rest.len() {
            self.rest.resize(index + 1, 0);
        }
        &mut self.rest[index]
    }

    fn words(&self) -> impl Iterator<Item = u64> + '_ {
        std::iter::once(self.first).chain(self.rest.iter().copied())
    }

    fn place(id: ProcessId) -> (usize, u64) {
        (usize::from(id.0) / 64, 1 << (id.0 % 64))
    }

    /// Adds a process; `false` if it was there already.
    pub fn insert(&mut self, id: ProcessId) -> bool {
        let (index, bit) = Self::place(id);
        let word = self.word_mut(index);
        let new = *word & bit == 0;
        *word |= bit;
        new
    }

    /// Takes a process out; `false` if it was not there.
    pub fn remove(&mut self, id: ProcessId) -> bool {
        let (index, bit) = Self::place(id);
        let there = self.contains(id);
        if there {
            *self.word_mut(index) &= !bit;
        }
        there
    }

    /// Whether the process is in the set.
    pub fn contains(&self, id: ProcessId) -> bool {
        let (index, bit) = Self::place(id);
        self.word(index) & bit != 0
    }

    /// How many processes are in the set.
    pub fn len(&self) -> u16 {
        let ones: u32 = self.words().map(u64::count_ones).sum();
        u16::try_from(ones).expect("there are at most 65,536 ids, and the cluster allows fewer")
    }

    /// Whether nobody is in the set.
    pub fn is_empty(&self) -> bool {
        self.words().all(|word| word == 0)
    }

    /// Takes everybody out, and keeps the room.
    pub fn clear(&mut self) {
        self.first = 0;
        self.rest.clear();
    }

    /// The processes, lowest id first.
    pub fn iter(&self) -> impl Iterator<Item = ProcessId> + '_ {
        self.words().enumerate().flat_map(|(index, mut word)| {
            std::iter::from_fn(move || {
                let bit = word.trailing_zeros() as usize;
                (word != 0).then(|| {
                    word &= word - 1;
                    ProcessId((index * 64 + bit) as u16)
                })
            })
        })
    }
}

impl FromIterator<ProcessId> for ProcessSet {
    fn from_iter<I: IntoIterator<Item = ProcessId>>(ids: I) -> Self {
        let mut set = Self::new();
        for id in ids {
            set.insert(id);
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_each_process_once_and_in_order() {
        let mut set = ProcessSet::new();
        for id in [70, 3, 70, 64, 3] {
            set.insert(ProcessId(id));
        }
        assert_eq!(set.len(), 3);
        assert_eq!(
            set.iter().map(|id| id.0).collect::<Vec<_>>(),
            [3, 64, 70],
            "lowest id first, across words"
        );
        assert!(set.contains(ProcessId(64)));
        assert!(!set.contains(ProcessId(65)));
        assert!(!set.contains(ProcessId(900)), "beyond what is stored");
        assert!(set.remove(ProcessId(64)));
        assert!(!set.remove(ProcessId(64)) && !set.remove(ProcessId(900)));
        assert_eq!(set.len(), 2);
    }

    #[test]
    fn equality_ignores_room_that_is_kept() {
        let mut grown: ProcessSet = [ProcessId(200)].into_iter().collect();
        grown.clear();
        assert!(grown.is_empty());
        grown.insert(ProcessId(1));
        let fresh: ProcessSet = [ProcessId(1)].into_iter().collect();
        assert_eq!(grown, fresh);
        grown.insert(ProcessId(130));
        assert_ne!(grown, fresh);
        assert_ne!(fresh, grown);
    }
}
