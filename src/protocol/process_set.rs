//! A set of processes.

use super::ProcessId;

/// A set of processes, in the order of their ids: bits, so that counting and comparing quorums is
/// cheap and no hash order can leak into a run.
#[derive(Clone, Debug, Default)]
pub struct ProcessSet {
    words: Vec<u64>,
}

/// Equal when they hold the same processes, whatever was in them before.
impl PartialEq for ProcessSet {
    fn eq(&self, other: &Self) -> bool {
        let length = self.words.len().max(other.words.len());
        (0..length).all(|index| self.word(index) == other.word(index))
    }
}

impl Eq for ProcessSet {}

impl ProcessSet {
    /// The empty set.
    pub fn new() -> Self {
        Self::default()
    }

    fn word(&self, index: usize) -> u64 {
        self.words.get(index).copied().unwrap_or(0)
    }

    fn place(id: ProcessId) -> (usize, u64) {
        (usize::from(id.0) / 64, 1 << (id.0 % 64))
    }

    /// Adds a process; `false` if it was there already.
    pub fn insert(&mut self, id: ProcessId) -> bool {
        let (index, bit) = Self::place(id);
        if index >= self.words.len() {
            self.words.resize(index + 1, 0);
        }
        let new = self.words[index] & bit == 0;
        self.words[index] |= bit;
        new
    }

    /// Whether the process is in the set.
    pub fn contains(&self, id: ProcessId) -> bool {
        let (index, bit) = Self::place(id);
        self.word(index) & bit != 0
    }

    /// How many processes are in the set.
    pub fn len(&self) -> u16 {
        let ones: u32 = self.words.iter().map(|word| word.count_ones()).sum();
        u16::try_from(ones).expect("there are at most 65,536 ids, and the cluster allows fewer")
    }

    /// Whether nobody is in the set.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|&word| word == 0)
    }

    /// Takes everybody out, and keeps the room.
    pub fn clear(&mut self) {
        self.words.clear();
    }

    /// The processes, lowest id first.
    pub fn iter(&self) -> impl Iterator<Item = ProcessId> + '_ {
        self.words.iter().enumerate().flat_map(|(index, &word)| {
            (0..64)
                .filter(move |bit| word >> bit & 1 == 1)
                .map(move |bit| ProcessId((index * 64 + bit) as u16))
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
