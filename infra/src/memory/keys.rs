use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use aws_lc_rs::rand;
use domain::{
    fault::{Fault, Outcome},
    ports::Keys,
    seal::GenerationKeys,
    tenant::Scope,
};

/// The table Keys, and KMS, in memory.
#[derive(Clone, Default)]
pub struct MemoryKeys(Arc<Mutex<BTreeMap<Scope, Arc<GenerationKeys>>>>);

impl MemoryKeys {
    /// No keys at all.
    pub fn new() -> Self {
        Self::default()
    }

    /// The generations that have keys.
    pub fn scopes(&self) -> Vec<Scope> {
        self.lock().keys().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Scope, Arc<GenerationKeys>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Keys for MemoryKeys {
    async fn create(&self, scope: &Scope) -> Outcome<Arc<GenerationKeys>> {
        let mut keys = self.lock();
        if let Some(there) = keys.get(scope) {
            return Ok(Arc::clone(there));
        }
        let mut bytes = [0; 64];
        rand::fill(&mut bytes).map_err(|_| Fault::passing("keys.no_randomness"))?;
        let made = GenerationKeys::from_bytes(&mut bytes)
            .map(Arc::new)
            .map_err(|error| Fault::lasting("keys.unusable").with_detail(error.to_string()))?;
        keys.insert(scope.clone(), Arc::clone(&made));
        Ok(made)
    }

    async fn open(&self, scope: &Scope) -> Outcome<Option<Arc<GenerationKeys>>> {
        Ok(self.lock().get(scope).map(Arc::clone))
    }

    async fn destroy(&self, scope: &Scope) -> Outcome<u64> {
        Ok(u64::from(self.lock().remove(scope).is_some()))
    }
}
