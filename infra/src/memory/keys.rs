//! The table Keys, and KMS, in memory.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
};

use async_trait::async_trait;
use aws_lc_rs::{
    encoding::{AsDer, PublicKeyX509Der},
    rand,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use domain::{
    fault::{Fault, Outcome},
    ports::{Keys, PublicKey, Signatures, TenantKeyring},
    seal::{GenerationKeys, TenantKeys},
    tenant::{Scope, TenantId},
};

/// The table Keys, and KMS, in memory.
#[derive(Clone, Default)]
pub struct MemoryKeys {
    generations: Arc<Mutex<BTreeMap<Scope, Arc<GenerationKeys>>>>,
    tenants: Arc<Mutex<BTreeMap<TenantId, Arc<TenantKeys>>>>,
    /// Signs receipts; made when it is asked for.
    signing: Arc<OnceLock<EcdsaKeyPair>>,
}

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
        self.generations
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
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

    async fn versions(&self, scope: &Scope) -> Outcome<Vec<String>> {
        let is_there = self.lock().contains_key(scope);
        Ok(is_there
            .then(|| format!("{}#v1", scope.generation))
            .into_iter()
            .collect())
    }

    async fn destroy(&self, scope: &Scope) -> Outcome<u64> {
        Ok(u64::from(self.lock().remove(scope).is_some()))
    }
}

#[async_trait]
impl TenantKeyring for MemoryKeys {
    async fn tenant(&self, tenant: &TenantId) -> Outcome<Arc<TenantKeys>> {
        let mut keys = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(there) = keys.get(tenant) {
            return Ok(Arc::clone(there));
        }
        let mut bytes = [0; 64];
        rand::fill(&mut bytes).map_err(|_| Fault::passing("keys.no_randomness"))?;
        let made = TenantKeys::from_bytes(&mut bytes)
            .map(Arc::new)
            .map_err(|error| Fault::lasting("keys.unusable").with_detail(error.to_string()))?;
        keys.insert(tenant.clone(), Arc::clone(&made));
        Ok(made)
    }

    async fn tenant_if_made(&self, tenant: &TenantId) -> Outcome<Option<Arc<TenantKeys>>> {
        let keys = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(keys.get(tenant).map(Arc::clone))
    }
}

impl MemoryKeys {
    fn signing(&self) -> Outcome<&EcdsaKeyPair> {
        if let Some(key) = self.signing.get() {
            return Ok(key);
        }
        let made = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING)
            .map_err(|_| Fault::passing("keys.no_randomness"))?;
        Ok(self.signing.get_or_init(|| made))
    }
}

#[async_trait]
impl Signatures for MemoryKeys {
    async fn sign(&self, document: &[u8]) -> Outcome<Vec<u8>> {
        if document.len() > 4_096 {
            return Err(Fault::lasting("keys.document_too_long"));
        }
        let signature = self
            .signing()?
            .sign(&rand::SystemRandom::new(), document)
            .map_err(|_| Fault::passing("keys.no_randomness"))?;
        Ok(signature.as_ref().to_vec())
    }

    async fn public_key(&self) -> Outcome<PublicKey> {
        let der: PublicKeyX509Der<'_> = self
            .signing()?
            .public_key()
            .as_der()
            .map_err(|_| Fault::lasting("keys.unusable"))?;
        Ok(PublicKey::from_der("in-memory".to_owned(), der.as_ref()))
    }
}
