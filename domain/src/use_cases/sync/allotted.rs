//! What a slice may use of the CRM's daily budget.

use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;

use crate::{
    fault::{Code, Outcome},
    integration::Integration,
    ports::Crm,
    progress::{Budget, Exhausted, Hourly, Progress, Share},
    sync::Slice,
};

/// What a slice knows of the share.
pub(super) struct Allotted {
    share: Share,
    /// What the runs sent in the last day before this slice.
    before: Hourly,
    /// The budgets as an earlier slice knew them. They count until the CRM reports them to this one.
    reported: Vec<Budget>,
    /// Whether the run waited until now.
    pub(super) resumes: bool,
    /// The requests of this slice at the last look.
    seen: AtomicU64,
    /// The most requests between two looks. The next step may take as many.
    largest: AtomicU64,
}

impl Allotted {
    /// `percent` is the administrator's setting.
    pub(super) fn new(
        slice: &Slice<'_>,
        integration: &Integration,
        percent: Option<u8>,
        progress: &[Progress],
    ) -> Self {
        let usual = slice.settings.crm_share;
        let code = Code::CrmShareUsedUp.to_string();
        Self {
            share: Share {
                percent: percent.unwrap_or(usual.percent),
                ..usual
            },
            before: Progress::hourly(progress),
            reported: Progress::reported(progress).to_vec(),
            resumes: integration.waits().is_some_and(|waits| waits.code == code),
            seen: AtomicU64::new(0),
            largest: AtomicU64::new(0),
        }
    }

    /// Returns why the slice may not begin. What earlier slices left decides without a request. Only how much others used meanwhile
    /// has to be asked.
    ///
    /// # Errors
    /// The fault of the CRM.
    pub(super) async fn forbids_to_begin(
        &mut self,
        crm: &dyn Crm,
        now: Timestamp,
    ) -> Outcome<Option<Exhausted>> {
        let budgets = &self.reported;
        let judge = |budgets: &[Budget], resumes| {
            self.share.exhausted(budgets, &self.before, 1, resumes, now)
        };
        match judge(budgets, self.resumes) {
            Some(found) if found.code == Code::CrmReserveReached => {
                crm.clock().await?;
                self.reported = crm.usage().budgets;
                Ok(self.forbids(crm, self.resumes, now))
            }
            found => Ok(found),
        }
    }

    /// Returns why the slice may not take another step.
    pub(super) fn forbids_a_step(&self, crm: &dyn Crm, now: Timestamp) -> Option<Exhausted> {
        self.forbids(crm, false, now)
    }

    fn forbids(&self, crm: &dyn Crm, resumes: bool, now: Timestamp) -> Option<Exhausted> {
        let usage = crm.usage();
        let step = usage.requests - self.seen.swap(usage.requests, Ordering::Relaxed);
        let largest = self.largest.fetch_max(step, Ordering::Relaxed).max(step);
        let budgets = match usage.budgets.iter().any(Budget::is_lasting) {
            true => &usage.budgets,
            false => &self.reported,
        };
        let mut sent = self.before.clone();
        sent.add(now, usage.requests);
        self.share.exhausted(budgets, &sent, largest, resumes, now)
    }
}
