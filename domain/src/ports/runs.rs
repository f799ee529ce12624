//! How far runs have come, and how they ended.

use crate::{
    fault::Outcome,
    progress::{Progress, RunReport},
    tenant::{RunId, Scope},
};

/// Runs, read from Ledger.
#[port::port]
pub trait Runs: Send + Sync {
    /// How far each object has come; objects that were never begun are missing.
    async fn progress(&self, scope: &Scope) -> Outcome<Vec<Progress>>;

    /// The reports of a generation's runs, the newest first, at most `most`; `after` continues an earlier answer.
    async fn runs(
        &self,
        scope: &Scope,
        after: Option<&RunId>,
        most: u32,
    ) -> Outcome<Vec<RunReport>>;

    /// The report of a finished run.
    async fn run(&self, scope: &Scope, run: &RunId) -> Outcome<Option<RunReport>>;
}
