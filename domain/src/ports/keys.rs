//! Keys of integrations' generations.

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    fault::Outcome,
    integration::Which,
    ports::{Signatures, TenantKeyring},
    seal::GenerationKeys,
    tenant::Scope,
};

/// The table Keys and KMS. Opened keys may be remembered for five minutes at most.
#[port::port]
pub trait Keys: Signatures + TenantKeyring + Send + Sync {
    /// Makes a generation's keys, or opens those that are there: a lost answer may be asked for again.
    async fn create(&self, scope: &Scope) -> Outcome<Arc<GenerationKeys>>;

    /// Opens a generation's keys; none: they were destroyed, or never made.
    async fn open(&self, scope: &Scope) -> Outcome<Option<Arc<GenerationKeys>>>;

    /// Fetches the keys of all generations of an integration without opening any, so that it can be done beside the question
    /// which generation it is. May answer none where some are remembered.
    async fn wrapped(&self, which: &Which) -> Outcome<WrappedKeys> {
        let _ = which;
        Ok(WrappedKeys::default())
    }

    /// As [`Self::open`], from what was fetched, where that has them.
    async fn open_wrapped(
        &self,
        scope: &Scope,
        wrapped: &WrappedKeys,
    ) -> Outcome<Option<Arc<GenerationKeys>>> {
        let _ = wrapped;
        self.open(scope).await
    }

    /// The versions of a generation's keys that are there, by name: as it stands now.
    async fn versions(&self, scope: &Scope) -> Outcome<Vec<String>>;

    /// Destroys a generation's keys, every version; answers how many there were.
    async fn destroy(&self, scope: &Scope) -> Outcome<u64>;
}

/// Keys of an integration's generations, as the table has them: nothing without KMS.
#[derive(Clone, Default)]
pub struct WrappedKeys {
    /// Whether the table was asked: what is not among these is not there.
    pub asked: bool,
    /// A generation's, by its name.
    pub by_generation: BTreeMap<String, Vec<u8>>,
}
