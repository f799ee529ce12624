//! Connecting, setting and showing integrations.

use async_trait::async_trait;
use domain::{
    fault::{Fault, Outcome},
    integration::Integration,
    order::Order,
    ports::{ChangedSettings, Connections},
    progress::RunReport,
    seal::Sealed,
    tenant::{IntegrationId, RunId, Scope, TenantId},
};
use jiff::Timestamp;

use super::MemoryStore;

#[async_trait]
impl Connections for MemoryStore {
    async fn integrations(
        &self,
        tenant: &TenantId,
        after: Option<&IntegrationId>,
    ) -> Outcome<(Vec<Integration>, Option<IntegrationId>)> {
        let rows = self.lock();
        let mut found: Vec<Integration> = rows
            .integrations
            .values()
            .filter(|there| there.scope.tenant == *tenant)
            .filter(|there| after.is_none_or(|after| there.scope.integration > *after))
            .take(self.page_size + 1)
            .cloned()
            .collect();
        let more = found.len() > self.page_size;
        found.truncate(self.page_size);
        let last = found.last().map(|last| last.scope.integration.clone());
        Ok((found, last.filter(|_| more)))
    }

    async fn put_state(
        &self,
        tenant: &TenantId,
        hash: &str,
        begun: &Sealed,
        _: Timestamp,
    ) -> Outcome<()> {
        let place = (tenant.clone(), hash.to_owned());
        self.lock().states.insert(place, begun.clone());
        Ok(())
    }

    async fn take_state(&self, tenant: &TenantId, hash: &str) -> Outcome<Option<Sealed>> {
        let place = (tenant.clone(), hash.to_owned());
        Ok(self.lock().states.remove(&place))
    }

    async fn begin_renewal(
        &self,
        scope: &Scope,
        holder: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Outcome<Option<Sealed>> {
        let mut rows = self.lock();
        let credentials = rows.admitted(scope)?.credentials.clone();
        let other = rows
            .renewals
            .get(scope)
            .is_some_and(|(there, ends)| there != holder && *ends > now);
        if other {
            return Ok(None);
        }
        rows.renewals
            .insert(scope.clone(), (holder.to_owned(), until));
        Ok(Some(credentials))
    }

    async fn end_renewal(&self, scope: &Scope, holder: &str) -> Outcome<()> {
        let mut rows = self.lock();
        if rows
            .renewals
            .get(scope)
            .is_some_and(|(there, _)| there == holder)
        {
            rows.renewals.remove(scope);
        }
        Ok(())
    }

    async fn put_settings(&self, change: &ChangedSettings<'_>) -> Outcome<bool> {
        let mut rows = self.lock();
        let Ok(there) = rows.admitted(&change.seen.scope) else {
            return Ok(false);
        };
        if there.settings.as_ref() == Some(change.kept) {
            return Ok(true);
        }
        let as_seen = there.settings == change.seen.settings
            && there.due == change.seen.due
            && there.open_run == change.seen.open_run;
        if as_seen {
            there.settings = Some(change.kept.clone());
            there.due = change.due;
            if let (Some(open), Some(next)) = (&mut there.open_run, change.next) {
                open.next = next;
            }
        }
        Ok(as_seen)
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

    async fn note_told(&self, scope: &Scope, orders: &[Order]) -> Outcome<()> {
        let place = (scope.tenant.clone(), scope.integration.clone());
        if let Some(integration) = self.lock().integrations.get_mut(&place) {
            integration.untold.retain(|order| !orders.contains(order));
        }
        Ok(())
    }
}

impl MemoryStore {
    /// Stores renewed credentials, and gives the right to renew back.
    pub(super) fn keep(&self, scope: &Scope, holder: &str, credentials: &Sealed) -> Outcome<()> {
        let mut rows = self.lock();
        let has_right = rows
            .renewals
            .get(scope)
            .is_some_and(|(there, _)| there == holder);
        let integration = rows.admitted(scope)?;
        if !has_right {
            // Done before, and only the answer was lost.
            return if integration.credentials == *credentials {
                Ok(())
            } else {
                Err(Fault::fenced("renewal.not_ours"))
            };
        }
        integration.credentials = credentials.clone();
        rows.renewals.remove(scope);
        Ok(())
    }
}
