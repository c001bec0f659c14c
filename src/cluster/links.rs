//! Which process reaches which, and how fast.

use std::collections::BTreeMap;

use crate::protocol::{ProcessId, ProcessSet};

use super::{DelayRange, Link};

/// Which links are cut, and which have a delay of their own. A process always reaches itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Links {
    /// For each sender, whom it does not reach; empty as long as nothing is cut.
    cut: Vec<ProcessSet>,
    delays: BTreeMap<(ProcessId, ProcessId), DelayRange>,
}

impl Links {
    pub(super) fn is_cut(&self, from: ProcessId, to: ProcessId) -> bool {
        let cut = self.cut.get(usize::from(from.0));
        cut.is_some_and(|cut| cut.contains(to))
    }

    /// For each sender, whom it does not reach; empty as long as nothing is cut.
    pub(super) fn all_cut(&self) -> &[ProcessSet] {
        &self.cut
    }

    pub(super) fn any_cut(&self) -> bool {
        !self.cut.iter().all(ProcessSet::is_empty)
    }

    pub(super) fn cut(&mut self, link: Link) {
        for (from, to) in link.directions() {
            let index = usize::from(from.0);
            if index >= self.cut.len() {
                self.cut.resize(index + 1, ProcessSet::new());
            }
            self.cut[index].insert(to);
        }
    }

    pub(super) fn heal(&mut self, link: Link) {
        for (from, to) in link.directions() {
            if let Some(cut) = self.cut.get_mut(usize::from(from.0)) {
                cut.remove(to);
            }
        }
    }

    pub(super) fn heal_all(&mut self) {
        self.cut.clear();
    }

    /// Links as these groups say, whatever was cut before: whoever shares a group reaches each
    /// other, and nobody else does.
    pub(super) fn partition(&self, groups: &[Vec<ProcessId>], count: u16) -> Self {
        let mut cut: Vec<ProcessSet> = (0..count)
            .map(|me| (0..count).map(ProcessId).filter(|id| id.0 != me).collect())
            .collect();
        for group in groups {
            for from in group {
                for &to in group {
                    cut[usize::from(from.0)].remove(to);
                }
            }
        }
        let delays = self.delays.clone();
        Self { cut, delays }
    }

    /// Whether the same links are cut.
    pub(super) fn same_cuts(&self, other: &Self) -> bool {
        let none = ProcessSet::new();
        (0..self.cut.len().max(other.cut.len())).all(|index| {
            self.cut.get(index).unwrap_or(&none) == other.cut.get(index).unwrap_or(&none)
        })
    }

    pub(super) fn delay(&self, from: ProcessId, to: ProcessId) -> Option<DelayRange> {
        if self.delays.is_empty() {
            return None;
        }
        self.delays.get(&(from, to)).copied()
    }

    pub(super) fn set_delay(&mut self, link: Link, delay: Option<DelayRange>) {
        for direction in link.directions() {
            match delay {
                Some(delay) => self.delays.insert(direction, delay),
                None => self.delays.remove(&direction),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const P: ProcessId = ProcessId(0);
    const A: ProcessId = ProcessId(1);
    const B: ProcessId = ProcessId(2);

    #[test]
    fn a_link_is_cut_and_healed_in_each_direction_by_itself() {
        let mut links = Links::default();
        links.cut(Link::both_ways(P, A));
        links.heal(Link::one_way(A, P));
        assert!(links.is_cut(P, A) && !links.is_cut(A, P));
        let cuts = links.all_cut().iter().map(|cut| cut.iter().collect());
        assert_eq!(cuts.collect::<Vec<Vec<_>>>(), [vec![A], vec![]]);
        links.heal(Link::both_ways(P, A));
        assert!(!links.any_cut());
        assert!(links.same_cuts(&Links::default()), "room kept is no cut");
    }

    #[test]
    fn groups_decide_about_every_link_and_may_overlap() {
        let mut before = Links::default();
        before.cut(Link::both_ways(P, A));
        let links = before.partition(&[vec![P, A], vec![A, B]], 4);
        assert!(!links.is_cut(P, A), "they share a group now");
        assert!(!links.is_cut(B, A) && links.is_cut(P, B) && links.is_cut(B, P));
        assert!(
            links.is_cut(ProcessId(3), P),
            "in no group, it reaches nobody"
        );
        assert!(!links.is_cut(ProcessId(3), ProcessId(3)), "but itself");
    }

    #[test]
    fn a_link_has_a_delay_of_its_own_until_it_is_taken_back() {
        let slow = DelayRange::new(500, 600).unwrap();
        let mut links = Links::default();
        links.set_delay(Link::one_way(P, A), Some(slow));
        assert_eq!(links.delay(P, A), Some(slow));
        assert_eq!(links.delay(A, P), None);
        links.set_delay(Link::both_ways(P, A), None);
        assert_eq!(links.delay(P, A), None);
    }
}
