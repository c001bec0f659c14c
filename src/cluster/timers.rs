//! Progress: when a proposer tries again.
//!
//! Safety never depends on any of this (PMS §2.4): a retry is one more ballot.

use crate::protocol::{Ballot, ProcessId};

use super::process::Timer;
use super::{Backoff, Cluster, Command, Event, Fact, Millis, Refusal};

/// How often the random time is doubled at most.
const DOUBLINGS: u32 = 6;

impl Cluster {
    /// A ballot began: its time begins. One draw, whatever the setting.
    pub(super) fn start_timer(&mut self, process: ProcessId) {
        self.stop_timer(process);
        let extra = self.draw_extra(process);
        let timeout = self.setup.retry.timeout;
        let due = match self.setup.retry.backoff {
            Backoff::None => return,
            Backoff::Fixed => self.now.after(timeout),
            Backoff::Random => self.now.after(timeout).after(extra),
        };
        self.set_timer(process, due, false);
    }

    /// A ballot cannot succeed any more: with random back-off the random time begins now. One
    /// draw, whatever the setting.
    pub(super) fn give_up_early(&mut self, process: ProcessId, ballot: Ballot) -> Option<Fact> {
        let extra = self.draw_extra(process);
        let timer = self.machine(process).timer?;
        let until = self.now.after(extra);
        let random = self.setup.retry.backoff == Backoff::Random;
        if !random || timer.early || until >= timer.due.0 {
            return None;
        }
        self.stop_timer(process);
        self.set_timer(process, until, true);
        Some(Fact::BacksOff {
            process,
            ballot,
            until,
        })
    }

    pub(super) fn stop_timer(&mut self, process: ProcessId) {
        if let Some(timer) = self.machine(process).timer.take() {
            self.timers.remove(&timer.due);
        }
    }

    /// The timer, already taken off the list, has run out.
    pub(super) fn timer_fires(&mut self, process: ProcessId, events: &mut Vec<Event>) {
        self.machine(process).timer = None;
        if let Err(why) = self.time_out(process, false, events) {
            let command = Command::Timeout { process };
            self.record(events, Fact::Refused { command, why });
        }
    }

    /// Leave the unfinished ballot behind and start the next one with the same wish.
    pub(super) fn time_out(
        &mut self,
        process: ProcessId,
        by_hand: bool,
        events: &mut Vec<Event>,
    ) -> Result<(), Refusal> {
        let proposer = self.machine(process).proposer.as_ref();
        let ballot = proposer.and_then(|proposer| proposer.unfinished());
        let ballot = ballot.ok_or(Refusal::NothingToRetry)?;
        let step = self.start_ballot(process, None)?;
        let retries = &mut self.machine(process).retries;
        *retries = retries.saturating_add(1);
        let timed_out = Fact::TimedOut {
            process,
            ballot,
            by_hand,
        };
        self.record(events, timed_out);
        self.proposer_did(process, step, events);
        Ok(())
    }

    fn set_timer(&mut self, process: ProcessId, at: Millis, early: bool) {
        let due = (at, self.next_order());
        self.timers.insert(due, process);
        self.machine(process).timer = Some(Timer { due, early });
    }

    /// From nothing to one timeout, twice as much with each retry.
    fn draw_extra(&mut self, process: ProcessId) -> Millis {
        let retries = self.machine(process).retries;
        let timeout = self.setup.retry.timeout.0;
        let longest = timeout.saturating_mul(1 << retries.min(DOUBLINGS));
        let longest = u32::try_from(longest).unwrap_or(u32::MAX);
        Millis(u64::from(self.rng.between(0, longest)))
    }
}
