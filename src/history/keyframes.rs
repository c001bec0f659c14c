//! Full states, kept here and there, from which every other state is played again.

use std::sync::Arc;

use crate::cluster::Cluster;

/// How many keyframes a run keeps.
///
/// A keyframe is a copy of the whole cluster. To seek is to copy one and to play on from it, so
/// the distance between two of them bounds the time that a seek takes, and their sizes are most
/// of the memory that a history takes. Both have a limit: keyframes begin `every` so many events
/// apart; when they come to weigh more than `bytes`, every second one goes and the distance
/// doubles. So they stay evenly spread over the whole run, the oldest part as quick to reach as
/// the newest, and a run of twice the length has seeks of at most twice the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyframePolicy {
    /// The distance at the beginning, in events.
    pub every: u32,
    /// What all keyframes together may weigh.
    pub bytes: usize,
}

/// Every 1,024 events, and at most 16 MiB: `docs/figures.md` says what that gives.
impl Default for KeyframePolicy {
    fn default() -> Self {
        Self {
            every: 1_024,
            bytes: 16 << 20,
        }
    }
}

/// The cluster as it was after so many steps, at the time of the last of them.
#[derive(Debug)]
pub(super) struct Keyframe {
    pub(super) steps: u64,
    pub(super) events: usize,
    pub(super) cluster: Cluster,
    bytes: usize,
}

/// The keyframes of a line, oldest first. The first is the start of the run and always stays.
#[derive(Clone, Debug)]
pub(super) struct Keyframes {
    frames: Vec<Arc<Keyframe>>,
    policy: KeyframePolicy,
    /// The distance that is kept now, in events.
    distance: usize,
    bytes: usize,
}

impl Keyframes {
    pub(super) fn new(start: Cluster, bytes: usize, policy: KeyframePolicy) -> Self {
        let start = Keyframe {
            steps: 0,
            events: 0,
            cluster: start,
            bytes,
        };
        Self {
            frames: vec![Arc::new(start)],
            policy,
            distance: policy.every.max(1) as usize,
            bytes,
        }
    }

    /// The last one that is not later than so many steps.
    pub(super) fn before(&self, steps: u64) -> &Keyframe {
        let after = self.frames.partition_point(|frame| frame.steps <= steps);
        &self.frames[after.max(1) - 1]
    }

    /// Whether the line has grown so far beyond the last one that another is worth its room.
    pub(super) fn is_due(&self, events: usize) -> bool {
        let last = self.frames.last().map_or(0, |frame| frame.events);
        events >= last + self.distance
    }

    /// Keep this state, and let others go if that is too much.
    pub(super) fn add(&mut self, cluster: &Cluster, steps: u64, events: usize, bytes: usize) {
        self.bytes += bytes;
        self.frames.push(Arc::new(Keyframe {
            steps,
            events,
            cluster: cluster.clone(),
            bytes,
        }));
        while self.bytes > self.policy.bytes && self.frames.len() > 1 {
            self.distance = self.distance.saturating_mul(2);
            self.thin_out();
        }
    }

    fn thin_out(&mut self) {
        let mut next = 0;
        let distance = self.distance;
        self.frames.retain(|frame| {
            let keep = frame.events >= next;
            if keep {
                next = frame.events + distance;
            }
            keep
        });
        self.weigh();
    }

    /// Forget those later than so many steps.
    pub(super) fn truncate(&mut self, steps: u64) {
        self.frames.retain(|frame| frame.steps <= steps);
        self.weigh();
    }

    fn weigh(&mut self) {
        self.bytes = self.frames.iter().map(|frame| frame.bytes).sum();
    }

    /// What they weigh together.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.frames.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::built_in;

    fn frames(every: u32, budget: usize, events: usize) -> Keyframes {
        let cluster = Cluster::new(&built_in("hello").unwrap().setup).unwrap();
        let policy = KeyframePolicy {
            every,
            bytes: budget,
        };
        let mut frames = Keyframes::new(cluster.clone(), 1, policy);
        for count in 1..=events {
            if frames.is_due(count) {
                frames.add(&cluster, count as u64, count, 1);
            }
        }
        frames
    }

    fn gaps(frames: &Keyframes) -> Vec<usize> {
        let pairs = frames.frames.windows(2);
        pairs.map(|pair| pair[1].events - pair[0].events).collect()
    }

    #[test]
    fn within_the_limit_they_are_evenly_apart() {
        assert_eq!(gaps(&frames(10, 100, 55)), [10; 5]);
    }

    #[test]
    fn beyond_the_limit_the_distance_doubles_and_the_start_stays() {
        let frames = frames(10, 8, 1_000);
        assert!(frames.len() <= 8 && frames.bytes() <= 8);
        assert_eq!(gaps(&frames), [160; 6]);
        assert_eq!(frames.before(0).steps, 0);
        assert_eq!(frames.before(159).steps, 0);
        assert_eq!(frames.before(160).steps, 160);
        assert_eq!(frames.before(u64::MAX).steps, 960);
    }

    #[test]
    fn if_one_is_too_much_only_the_start_is_left() {
        assert_eq!(frames(10, 1, 1_000).len(), 1);
        assert_eq!(frames(10, 0, 1_000).len(), 1);
    }

    #[test]
    fn a_cut_line_has_no_keyframes_beyond_the_cut() {
        let mut frames = frames(10, 100, 100);
        frames.truncate(45);
        assert_eq!(gaps(&frames), [10; 4]);
        assert_eq!(frames.bytes(), 5);
    }
}
