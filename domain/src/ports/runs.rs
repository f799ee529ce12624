//! The progress of runs, and their reports.

use crate::{
    fault::Outcome,
    progress::{Progress, RunReport},
    tenant::{RunId, Scope},
};

/// Runs, read from Ledger.
#[port::port]
pub trait Runs: Send + Sync {
    /// Returns the progress of each object. Objects that were never begun are missing.
    async fn progress(&self, scope: &Scope) -> Outcome<Vec<Progress>>;

    /// Returns at most `most` reports of a generation's runs, the newest first. `after` continues an earlier list.
    async fn runs(
        &self,
        scope: &Scope,
        after: Option<&RunId>,
        most: u32,
    ) -> Outcome<Vec<RunReport>>;

    /// Returns the report of a finished run.
    async fn run(&self, scope: &Scope, run: &RunId) -> Outcome<Option<RunReport>>;
}
