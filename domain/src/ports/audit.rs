//! The audit of a tenant, in Ledger. An entry is written before what it is about (a request), or with it (a change).

use crate::{
    audit::{AuditEntry, AuditFilter, AuditPlace, Ended},
    fault::Outcome,
    tenant::TenantId,
};

/// The entries of a tenant. Reads are consistent.
#[port::port]
pub trait Audit: Send + Sync {
    /// Stores the entry of a request that is about to change something. An entry that is there already stays as it is.
    async fn note_request(&self, tenant: &TenantId, entry: &AuditEntry) -> Outcome<()>;

    /// Notes in the entry at `place` how its request ended. Does nothing if there is no such entry.
    async fn conclude_request(
        &self,
        tenant: &TenantId,
        place: &AuditPlace,
        ended: &Ended,
    ) -> Outcome<()>;

    /// Returns at most `most` of the wanted entries, the newest first, from before `before` on, and the place at which the next page
    /// goes on. `None` if there is nothing more. A page may have fewer entries although more follow. A `before` of another day than
    /// the wanted one finds nothing.
    async fn audit(
        &self,
        tenant: &TenantId,
        wanted: &AuditFilter,
        before: Option<&AuditPlace>,
        most: usize,
    ) -> Outcome<(Vec<AuditEntry>, Option<AuditPlace>)>;
}
