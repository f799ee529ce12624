//! Leases, and what their holders write.

use async_trait::async_trait;
use domain::{
    fault::Outcome,
    integration::{Integration, Lease, Status},
    order::Order,
    ports::{Checkpoint, Leases},
    progress::{Progress, Quarantined, RunReport},
    standstill::Standstill,
    tenant::{RunId, Scope},
};
use jiff::Timestamp;

use super::MemoryStore;

#[async_trait]
impl Leases for MemoryStore {
    async fn take_lease(
        &self,
        scope: &Scope,
        lease: &Lease,
        now: Timestamp,
    ) -> Outcome<Option<Integration>> {
        let mut rows = self.lock();
        let integration = rows.admitted(scope)?;
        let other = integration
            .lease
            .as_ref()
            .is_some_and(|there| there.holder != lease.holder && there.deadline > now);
        if other {
            return Ok(None);
        }
        integration.lease = Some(lease.clone());
        let integration = integration.clone();
        let which = (scope.tenant.clone(), scope.integration.clone());
        rows.worked.insert(which, lease.deadline);
        Ok(Some(integration))
    }

    async fn release_lease(&self, scope: &Scope, holder: &str) -> Outcome<()> {
        let mut rows = self.lock();
        let place = (scope.tenant.clone(), scope.integration.clone());
        let integration = rows.integrations.get_mut(&place);
        if let Some(integration) = integration.filter(|found| found.scope == *scope) {
            let given_back = integration.lease.take_if(|lease| lease.holder == holder);
            if given_back.is_some() {
                rows.worked.remove(&place);
            }
        }
        Ok(())
    }

    async fn leave_open(&self, scope: &Scope, holder: &str, look_again: Timestamp) -> Outcome<()> {
        if let Ok(integration) = self.lock().fenced(scope, holder) {
            integration.due = look_again;
            integration.lease = None;
            return Ok(());
        }
        self.release_lease(scope, holder).await
    }

    async fn note_standstill(
        &self,
        scope: &Scope,
        holder: &str,
        found: &Standstill,
    ) -> Outcome<()> {
        let mut rows = self.lock();
        rows.fenced(scope, holder)?.standstill = Some(found.clone());
        Ok(())
    }

    async fn checkpoint(&self, scope: &Scope, holder: &str, step: Checkpoint<'_>) -> Outcome<()> {
        let mut rows = self.lock();
        rows.fenced(scope, holder)?;
        let place = (scope.clone(), step.progress.object);
        let there = rows.progress.get(&place);
        if there.is_some_and(|there| there.cursor == step.progress.cursor) {
            return Ok(());
        }
        let held = there
            .map_or(0, |there| there.held)
            .saturating_add_signed(step.added)
            .saturating_sub(step.gone.len() as u64);
        let progress = Progress {
            held,
            ..step.progress.clone()
        };
        for (id, known) in step.gone {
            rows.take_out(scope, step.progress.object, id, known);
        }
        rows.progress.insert(place, progress);
        Ok(())
    }

    async fn quarantine(&self, scope: &Scope, run: &RunId, records: &[Quarantined]) -> Outcome<()> {
        let mut rows = self.lock();
        let mut n_without_id = 0;
        for record in records {
            let name = if let Some(id) = &record.id {
                id.to_string()
            } else {
                n_without_id += 1;
                format!("#{}#{n_without_id}", record.page)
            };
            let place = (scope.clone(), record.object, name);
            rows.quarantine.insert(place, (run.clone(), record.clone()));
        }
        Ok(())
    }

    async fn finish(
        &self,
        scope: &Scope,
        holder: &str,
        report: &RunReport,
        next: Timestamp,
        status: Status,
        orders: &[Order],
    ) -> Outcome<()> {
        let mut rows = self.lock();
        let place = (scope.clone(), report.run.clone());
        if let Err(fault) = rows.fenced(scope, holder) {
            // An equal report means that this write was applied before and its answer was lost.
            return if rows.runs.get(&place) == Some(report) {
                Ok(())
            } else {
                Err(fault)
            };
        }
        let integration = rows.fenced(scope, holder)?;
        integration.due = next;
        integration.open_run = None;
        integration.standstill = None;
        integration.lease = None;
        integration.status = status;
        integration.untold.extend_from_slice(orders);
        let which = (scope.tenant.clone(), scope.integration.clone());
        rows.worked.remove(&which);
        if report.is_in_order() {
            rows.verified.insert(which, report.ended);
        } else {
            rows.verified.entry(which).or_insert(report.begun);
        }
        rows.runs.insert(place, report.clone());
        Ok(())
    }
}
