//! Integrations.

use async_trait::async_trait;
use domain::{
    fault::Outcome,
    integration::{Integration, Origin, Status, Which},
    ports::{ChangedSettings, Integrations},
    tenant::{Generation, IntegrationId, TenantId},
};

use super::MemoryStore;

#[async_trait]
impl Integrations for MemoryStore {
    async fn integration(&self, which: &Which) -> Outcome<Option<Integration>> {
        Ok(self.lock().integration(which).cloned())
    }

    async fn origin(&self, which: &Which) -> Outcome<Option<Origin>> {
        Ok(self.lock().integration(which).map(Origin::from))
    }

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

    async fn connect(
        &self,
        integration: &Integration,
        earlier: Option<(Generation, Status)>,
    ) -> Outcome<bool> {
        let mut rows = self.lock();
        let scope = &integration.scope;
        let place = (scope.tenant.clone(), scope.integration.clone());
        let there = rows.integrations.get(&place);
        // No two sealed grants are equal. A caller who finds its own grant stored has been here before.
        let ours = there.is_some_and(|there| {
            there.admits(scope) && there.credentials == integration.credentials
        });
        let is_leased = there.is_some_and(|there| there.is_leased(integration.due));
        let as_seen = there.map(|there| (there.scope.generation, there.status)) == earlier
            && !(is_leased && earlier.is_some_and(|(_, status)| status == Status::Connected));
        if as_seen && !ours {
            rows.worked.remove(&place);
            // A new grant verifies nothing.
            if earlier.map(|(generation, _)| generation) == Some(scope.generation) {
                let since = rows.verified.entry(place.clone());
                since.or_insert(integration.due);
            } else {
                rows.verified.insert(place.clone(), integration.due);
            }
            rows.integrations.insert(place, integration.clone());
        }
        Ok(as_seen || ours)
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
}
