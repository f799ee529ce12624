//! Keys of integrations' generations.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    fault::Outcome,
    integration::Which,
    ports::{Signatures, TenantKeyring},
    seal::GenerationKeys,
    tenant::{Scope, TenantId},
};

/// The tables Keys and TenantKeys, and KMS. Opened keys may be cached for five minutes at most.
#[port::port]
pub trait Keys: Signatures + TenantKeyring + Send + Sync {
    /// Creates a generation's keys, or opens those that exist. A caller that lost the answer may call again. Before there are keys of an
    /// integration, it is noted among its tenant's, so that [`Self::all_versions`] finds what a connection left that was cut off.
    async fn create(&self, scope: &Scope) -> Outcome<Arc<GenerationKeys>>;

    /// Opens a generation's keys. `None` if they were destroyed or never created.
    async fn open(&self, scope: &Scope) -> Outcome<Option<Arc<GenerationKeys>>>;

    /// Fetches the wrapped keys of all generations of an integration. This can run in parallel with the query for the current
    /// generation. An implementation that has cached keys may fetch nothing.
    async fn wrapped(&self, which: &Which) -> Outcome<WrappedKeys> {
        let _ = which;
        Ok(WrappedKeys::default())
    }

    /// Like [`Self::open`], but uses the fetched keys if they include the generation's.
    async fn open_wrapped(
        &self,
        scope: &Scope,
        wrapped: &WrappedKeys,
    ) -> Outcome<Option<Arc<GenerationKeys>>> {
        let _ = wrapped;
        self.open(scope).await
    }

    /// Returns the names of the existing versions of a generation's keys. The read is consistent.
    async fn versions(&self, scope: &Scope) -> Outcome<Vec<String>>;

    /// Destroys all versions of a generation's keys, and returns their number.
    async fn destroy(&self, scope: &Scope) -> Outcome<u64>;

    /// Returns the names of the existing keys of all generations of a tenant's integrations, also of integrations that were never stored.
    /// The read is consistent.
    async fn all_versions(&self, tenant: &TenantId) -> Outcome<Vec<String>>;

    /// Destroys the keys of all generations of a tenant's integrations. Only the end of a tenant does so, after all removals and before
    /// the rows go that name the integrations: no keys are found without them.
    async fn destroy_all(&self, tenant: &TenantId) -> Outcome<()>;
}

/// Wrapped keys of an integration's generations. They are useless without KMS.
#[derive(Clone, Default)]
pub struct WrappedKeys {
    /// Whether the table was queried. If so, a generation that is not among these keys has none.
    pub asked: bool,
    /// The keys by the name of their generation.
    pub by_generation: BTreeMap<String, Vec<u8>>,
}
