//! Keys of integrations' generations.

use std::sync::Arc;

use async_trait::async_trait;

use crate::{
    fault::Outcome,
    ports::{Signatures, TenantKeyring},
    seal::GenerationKeys,
    tenant::Scope,
};

/// The table Keys and KMS. Opened keys may be remembered for five minutes at most.
#[async_trait]
pub trait Keys: Signatures + TenantKeyring + Send + Sync {
    /// Makes a generation's keys, or opens those that are there: a lost answer may be asked for again.
    async fn create(&self, scope: &Scope) -> Outcome<Arc<GenerationKeys>>;

    /// Opens a generation's keys; none: they were destroyed, or never made.
    async fn open(&self, scope: &Scope) -> Outcome<Option<Arc<GenerationKeys>>>;

    /// The versions of a generation's keys that are there, by name: as it stands now.
    async fn versions(&self, scope: &Scope) -> Outcome<Vec<String>>;

    /// Destroys a generation's keys, every version; answers how many there were.
    async fn destroy(&self, scope: &Scope) -> Outcome<u64>;
}
