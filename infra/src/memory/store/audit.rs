//! Entries of the audit.

use async_trait::async_trait;
use domain::{
    audit::{AuditEntry, AuditFilter, AuditPlace, Ended},
    fault::Outcome,
    ports::Audit,
    removal::Asker,
    tenant::{Scope, TenantId},
};
use jiff::Timestamp;

use super::{MemoryStore, rows::Rows};

#[async_trait]
impl Audit for MemoryStore {
    async fn note_request(&self, tenant: &TenantId, entry: &AuditEntry) -> Outcome<()> {
        let place = (tenant.clone(), entry.place.clone());
        let mut rows = self.lock();
        rows.audit.entry(place).or_insert_with(|| entry.clone());
        Ok(())
    }

    async fn conclude_request(
        &self,
        tenant: &TenantId,
        place: &AuditPlace,
        ended: &Ended,
    ) -> Outcome<()> {
        let mut rows = self.lock();
        if let Some(entry) = rows.audit.get_mut(&(tenant.clone(), place.clone())) {
            let mut ended = ended.clone();
            entry.integration = ended.integration.take().or(entry.integration.take());
            entry.ended = Some(ended);
        }
        Ok(())
    }

    async fn audit(
        &self,
        tenant: &TenantId,
        wanted: &AuditFilter,
        before: Option<&AuditPlace>,
        most: usize,
    ) -> Outcome<(Vec<AuditEntry>, Option<AuditPlace>)> {
        let is_of_day = |place: &AuditPlace| wanted.day.is_none_or(|day| place.is_of(day));
        if before.is_some_and(|before| !is_of_day(before)) {
            return Ok((Vec::new(), None));
        }
        let rows = self.lock();
        let mut found: Vec<AuditEntry> = rows
            .audit
            .iter()
            .rev()
            .filter(|((of, place), _)| of == tenant && is_of_day(place))
            .filter(|((_, place), _)| before.is_none_or(|before| place < before))
            .map(|(_, entry)| entry)
            .filter(|entry| wanted.what.as_ref().is_none_or(|what| entry.what == *what))
            .take(most + 1)
            .cloned()
            .collect();
        let more = found.len() > most;
        found.truncate(most);
        let next = found.last().filter(|_| more);
        let next = next.map(|last| last.place.clone());
        Ok((found, next))
    }
}

impl Rows {
    /// Stores the entry of a change. The caller makes the change under the same lock.
    pub(super) fn note_change(&mut self, scope: &Scope, at: Timestamp, by: &Asker, what: &str) {
        let entry = AuditEntry::of_change(scope, at, by.clone(), what);
        let place = (scope.tenant.clone(), entry.place.clone());
        self.audit.insert(place, entry);
    }
}
