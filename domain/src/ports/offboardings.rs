//! Offboardings in the Ledger, and the deletion of what outlives a tenant's integrations.

use crate::{
    fault::Outcome,
    offboarding::{Offboarding, OwnedRow},
    tenant::TenantId,
};

/// The store of offboardings. Every writing method is idempotent, and reads are consistent.
#[port::port]
pub trait Offboardings: Send + Sync {
    /// Returns the state of a tenant's offboarding. `None` unless the tenant has ended.
    async fn offboarding(&self, tenant: &TenantId) -> Outcome<Option<Offboarding>>;

    /// Stores `after` if the stored state is `before` (`None`: there is none). Returns whether `after` is stored now, so that a caller
    /// who lost the answer may call again.
    async fn put_offboarding(
        &self,
        tenant: &TenantId,
        before: Option<&Offboarding>,
        after: &Offboarding,
    ) -> Outcome<bool>;

    /// Returns at most about `most` of the rows that the tenant still has, in one order, from behind `after` on. Empty if there are no
    /// more. The state of the offboarding and the receipts are not among them: these stay.
    async fn owned_rows(
        &self,
        tenant: &TenantId,
        after: Option<&OwnedRow>,
        most: usize,
    ) -> Outcome<Vec<OwnedRow>>;

    /// Deletes the result of [`Self::owned_rows`]. A row that is gone already is no error.
    async fn discard_owned(&self, tenant: &TenantId, found: &[OwnedRow]) -> Outcome<()>;
}
