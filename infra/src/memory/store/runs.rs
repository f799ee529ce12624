//! Reads runs.

use async_trait::async_trait;
use domain::{
    fault::Outcome,
    ports::Runs,
    progress::{Progress, RunReport},
    record::Object,
    tenant::{RunId, Scope},
};

use super::MemoryStore;

#[async_trait]
impl Runs for MemoryStore {
    async fn progress(&self, scope: &Scope) -> Outcome<Vec<Progress>> {
        let rows = self.lock();
        Ok(Object::ALL
            .into_iter()
            .filter_map(|object| rows.progress.get(&(scope.clone(), object)).cloned())
            .collect())
    }

    async fn runs(
        &self,
        scope: &Scope,
        after: Option<&RunId>,
        most: u32,
    ) -> Outcome<Vec<RunReport>> {
        let rows = self.lock();
        let newest_first = rows.runs.iter().rev();
        Ok(newest_first
            .filter(|((of, _), _)| of == scope)
            .filter(|((_, run), _)| after.is_none_or(|after| run < after))
            .take(usize::try_from(most).unwrap_or(usize::MAX))
            .map(|(_, report)| report.clone())
            .collect())
    }

    async fn run(&self, scope: &Scope, run: &RunId) -> Outcome<Option<RunReport>> {
        let place = (scope.clone(), run.clone());
        Ok(self.lock().runs.get(&place).cloned())
    }
}
