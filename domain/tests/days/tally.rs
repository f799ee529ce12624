//! What came of it.

use std::{collections::BTreeMap, time::Duration};

use domain::{progress::RunReport, tenant::RunId};
use jiff::SignedDuration;

use super::world::{Who, at};

/// What came of a simulation.
#[derive(Clone, Default)]
pub(crate) struct Tally {
    /// Runs that dispatch began, and looks at open runs.
    pub(crate) begun: u64,
    pub(crate) resumed: u64,
    /// Orders of dispatch, and its requests to the bus.
    pub(crate) orders: u64,
    pub(crate) to_the_bus: u64,
    /// Lists that dispatch went through to the end, the most invocations that one took, and the longest time.
    pub(crate) complete: u32,
    pub(crate) most_invocations: u32,
    pub(crate) longest_list: Duration,
    /// The most messages that were in the queue after a list.
    pub(crate) longest_queue: usize,
    /// Slices, and what they came to.
    pub(crate) slices: u64,
    pub(crate) handed_over: u64,
    pub(crate) crowded: u64,
    pub(crate) superfluous: u64,
    pub(crate) killed: u64,
    /// The time of all slices together.
    pub(crate) busy: Duration,
    /// Calls of ports by name.
    pub(crate) requests: BTreeMap<&'static str, u64>,
    /// The most slices of first readings that read at the same time, and the time for which they read.
    pub(crate) most_first: usize,
    pub(crate) first_seconds: f64,
    /// The days on which a run began that ended in order, by integration, a bit each. Then those that failed.
    in_order: Vec<u64>,
    failed: Vec<u64>,
    first_in_order: Vec<bool>,
    /// How long the first orders of runs waited, by day.
    waits: Vec<Vec<Duration>>,
    ordered: BTreeMap<u32, RunId>,
    /// The longest time from the begin of a run to its end, in order.
    pub(crate) longest_run: SignedDuration,
}

impl Tally {
    pub(crate) fn of(integrations: u32, firsts: u32, days: u32) -> Self {
        Self {
            in_order: vec![0; integrations as usize],
            failed: vec![0; integrations as usize],
            first_in_order: vec![false; firsts as usize],
            waits: vec![Vec::new(); days as usize],
            ..Self::default()
        }
    }

    /// Notes that a slice begins on the first order of a run.
    pub(crate) fn waited(&mut self, who: Who, run: &RunId, wait: Duration) {
        let Who::Small(n) = who else { return };
        if self.ordered.get(&n) == Some(run) {
            return;
        }
        self.ordered.insert(n, run.clone());
        let day = run.begun().map_or(0, |begun| day(begun.as_second()));
        if let Some(of_day) = self.waits.get_mut(day) {
            of_day.push(wait);
        }
    }

    pub(crate) fn finished(&mut self, who: Who, report: &RunReport) {
        let day = day(report.begun.as_second());
        match who {
            Who::Small(n) if report.is_in_order() => {
                self.in_order[n as usize] |= 1 << day;
                let lasted = report.ended.duration_since(report.begun);
                self.longest_run = self.longest_run.max(lasted);
            }
            Who::Small(n) => self.failed[n as usize] |= 1 << day,
            Who::Greedy(n) => self.first_in_order[n as usize] |= report.is_in_order(),
        }
    }

    /// Returns how many integrations have no run in order that began on a day, and how many of them have one that failed.
    pub(crate) fn without(&self, day: u32) -> (usize, usize) {
        let missing = self.in_order.iter().zip(&self.failed);
        let missing: Vec<bool> = missing
            .filter(|(days, _)| **days & (1 << day) == 0)
            .map(|(_, failed)| failed & (1 << day) != 0)
            .collect();
        (
            missing.len(),
            missing.iter().filter(|failed| **failed).count(),
        )
    }

    /// Returns how many first readings are at their end.
    pub(crate) fn first_readings(&self) -> usize {
        self.first_in_order.iter().filter(|over| **over).count()
    }

    /// Returns how many seconds the first orders of a day's runs waited: half of them, 99 of a hundred, and the longest.
    pub(crate) fn waits(&self, day: u32) -> [f64; 3] {
        let mut waits = self.waits[day as usize].clone();
        waits.sort_unstable();
        let place = |part: f64| {
            let last = waits.len().saturating_sub(1);
            let place = (last as f64 * part).round() as usize;
            waits.get(place).map_or(0.0, Duration::as_secs_f64)
        };
        [place(0.5), place(0.99), place(1.0)]
    }
}

fn day(second: i64) -> usize {
    usize::try_from((second - at(0).as_second()) / 86_400).unwrap_or(0)
}
