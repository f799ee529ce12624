//! Consents that were begun, and the lease for renewing a grant.

use async_trait::async_trait;
use domain::{
    fault::{Code, Fault, Outcome},
    ports::Grants,
    seal::Sealed,
    tenant::{Scope, TenantId},
};
use jiff::Timestamp;

use super::MemoryStore;

#[async_trait]
impl Grants for MemoryStore {
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

    async fn keep_credentials(
        &self,
        scope: &Scope,
        holder: &str,
        credentials: &Sealed,
    ) -> Outcome<()> {
        let mut rows = self.lock();
        let has_right = rows
            .renewals
            .get(scope)
            .is_some_and(|(there, _)| there == holder);
        let integration = rows.admitted(scope)?;
        if !has_right {
            // An equal grant means that this write was applied before and its answer was lost.
            return if integration.credentials == *credentials {
                Ok(())
            } else {
                Err(Fault::of(Code::RenewalNotOurs))
            };
        }
        integration.credentials = credentials.clone();
        rows.renewals.remove(scope);
        Ok(())
    }
}
