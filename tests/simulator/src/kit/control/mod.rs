//! Control operations: what a test does to a CRM behind the client's back. A vendor's folder adds its own to these.

mod arguments;
mod lines;
mod refused;
mod serve;

use std::sync::Arc;

pub(crate) use self::arguments::Arguments;
pub(crate) use self::lines::each_line;
pub(crate) use self::refused::Refused;
pub(crate) use self::serve::{Operations, answer};
use super::fault::{Fault, FaultRule, Match};
use super::lock;
use super::log::LogEntry;
use super::state::Simulated;

/// The control operations, in process. It is cheap to clone and works from any thread.
pub struct Control<S> {
    pub(crate) state: Arc<S>,
}

impl<S> Clone for Control<S> {
    fn clone(&self) -> Self {
        Self {
            state: Arc::clone(&self.state),
        }
    }
}

/// Records of one object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Count {
    /// Visible records that are not deleted.
    pub live: usize,
    /// All visible records, including those in the recycle bin.
    pub all: usize,
}

impl<S: Simulated> Control<S> {
    /// Adds faults to the queue.
    pub fn add_faults(&self, rules: impl IntoIterator<Item = FaultRule>) {
        lock(self.state.faults()).rules.extend(rules);
    }

    /// Spoils the next `times` requests whose paths start with `path`.
    pub fn spoil(&self, path: &str, times: u32, fault: Fault) {
        self.spoil_nth(path, 1, times, fault);
    }

    /// Does the same from the `nth` such request on, counted from 1.
    pub fn spoil_nth(&self, path: &str, nth: u32, times: u32, fault: Fault) {
        let matches = Match {
            path: Some(path.to_owned()),
            nth: Some(nth),
            ..Match::default()
        };
        self.add_faults([FaultRule {
            matches,
            times,
            fault,
            seen: 0,
            struck: 0,
        }]);
    }

    /// Returns the queue of faults, with the counts of each.
    pub fn faults(&self) -> Vec<FaultRule> {
        lock(self.state.faults()).rules.clone()
    }

    /// Empties the queue of faults.
    pub fn clear_faults(&self) {
        lock(self.state.faults()).rules.clear();
    }

    /// Returns the body of the last request that creates records, as it was sent.
    pub fn sent(&self) -> String {
        String::from_utf8_lossy(&lock(self.state.sent())).into_owned()
    }

    /// Returns the request log. Its paths have templates in place of ids.
    pub fn requests(&self) -> Vec<LogEntry> {
        lock(self.state.log()).entries()
    }

    /// Returns how many requests went to templates that start with `template`, without control requests.
    pub fn count_requests(&self, template: &str) -> u64 {
        self.requests()
            .iter()
            .filter(|entry| entry.template.starts_with(template))
            .map(|entry| entry.count)
            .sum()
    }

    /// Empties the request log.
    pub fn reset_requests(&self) {
        lock(self.state.log()).reset();
    }
}
