//! The tables Keys and TenantKeys, and KMS, in memory.

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
    fault::{Code, Fault, Outcome},
    ports::{
        Keys, PublicKey, Signatures, Signed, TenantKeyring,
        tenant_keys::{lost, verify},
    },
    seal::{GenerationKeys, KeyedHash, TenantKeys},
    tenant::{Scope, TenantId},
};

/// The tables Keys and TenantKeys, and KMS, in memory.
#[derive(Clone, Default)]
pub struct MemoryKeys {
    generations: Arc<Mutex<BTreeMap<Scope, Arc<GenerationKeys>>>>,
    tenants: Arc<Mutex<BTreeMap<TenantId, OfTenant>>>,
    /// The keys that sign receipts and statements. Each is made at its first use.
    receipts: Arc<OnceLock<EcdsaKeyPair>>,
    heads: Arc<OnceLock<EcdsaKeyPair>>,
}

/// The state of a tenant's keys.
#[derive(Default)]
struct OfTenant {
    keys: Option<Arc<TenantKeys>>,
    /// The check value of the first keys.
    noted: Option<KeyedHash>,
}

impl OfTenant {
    fn opened(&mut self) -> Outcome<Option<Arc<TenantKeys>>> {
        let Some(keys) = &self.keys else {
            return match self.noted {
                Some(_) => Err(lost("the keys are missing")),
                None => Ok(None),
            };
        };
        verify(keys, *self.noted.get_or_insert(keys.check()))?;
        Ok(Some(Arc::clone(keys)))
    }
}

impl MemoryKeys {
    /// Makes an instance without any keys.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the generations that have keys.
    pub fn scopes(&self) -> Vec<Scope> {
        self.lock().keys().cloned().collect()
    }

    /// Loses a tenant's keys but keeps their check value.
    pub fn lose_tenant(&self, tenant: &TenantId) {
        if let Some(of) = self.of_tenants().get_mut(tenant) {
            of.keys = None;
        }
    }

    /// Replaces a tenant's keys by those of another tenant.
    pub fn mistake_tenant(&self, tenant: &TenantId, other: &TenantId) {
        let mut all = self.of_tenants();
        let keys = all.get(other).and_then(|of| of.keys.clone());
        all.entry(tenant.clone()).or_default().keys = keys;
    }

    fn of_tenants(&self) -> MutexGuard<'_, BTreeMap<TenantId, OfTenant>> {
        self.tenants.lock().unwrap_or_else(PoisonError::into_inner)
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
        rand::fill(&mut bytes).map_err(|_| Fault::of(Code::KeysNoRandomness))?;
        let made = GenerationKeys::from_bytes(&mut bytes)
            .map(Arc::new)
            .map_err(|error| Fault::of(Code::KeysUnusable).with_detail(error.to_string()))?;
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

    async fn all_versions(&self, tenant: &TenantId) -> Outcome<Vec<String>> {
        let keys = self.lock();
        let theirs = keys.keys().filter(|scope| scope.tenant == *tenant);
        let name = |scope: &Scope| format!("{} {}#v1", scope.integration, scope.generation);
        Ok(theirs.map(name).collect())
    }

    async fn destroy_all(&self, tenant: &TenantId) -> Outcome<()> {
        self.lock().retain(|scope, _| scope.tenant != *tenant);
        Ok(())
    }
}

#[async_trait]
impl TenantKeyring for MemoryKeys {
    async fn tenant(&self, tenant: &TenantId) -> Outcome<Arc<TenantKeys>> {
        let mut all = self.of_tenants();
        let of = all.entry(tenant.clone()).or_default();
        if let Some(there) = of.opened()? {
            return Ok(there);
        }
        let mut bytes = [0; 64];
        rand::fill(&mut bytes).map_err(|_| Fault::of(Code::KeysNoRandomness))?;
        let made = TenantKeys::from_bytes(&mut bytes)
            .map(Arc::new)
            .map_err(|error| Fault::of(Code::KeysUnusable).with_detail(error.to_string()))?;
        of.noted = Some(made.check());
        of.keys = Some(Arc::clone(&made));
        Ok(made)
    }

    async fn tenant_if_made(&self, tenant: &TenantId) -> Outcome<Option<Arc<TenantKeys>>> {
        match self.of_tenants().get_mut(tenant) {
            Some(of) => of.opened(),
            None => Ok(None),
        }
    }

    async fn tenant_versions(&self, tenant: &TenantId) -> Outcome<Vec<String>> {
        let all = self.of_tenants();
        let is_there = all.get(tenant).is_some_and(|of| of.keys.is_some());
        Ok(is_there
            .then(|| "TENANT#v1".to_owned())
            .into_iter()
            .collect())
    }

    async fn destroy_tenant(&self, tenant: &TenantId) -> Outcome<()> {
        self.of_tenants().remove(tenant);
        Ok(())
    }
}

impl MemoryKeys {
    fn signing(&self, what: Signed) -> Outcome<&EcdsaKeyPair> {
        let key = match what {
            Signed::Receipt => &self.receipts,
            Signed::Heads => &self.heads,
        };
        if let Some(key) = key.get() {
            return Ok(key);
        }
        let made = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING)
            .map_err(|_| Fault::of(Code::KeysNoRandomness))?;
        Ok(key.get_or_init(|| made))
    }
}

#[async_trait]
impl Signatures for MemoryKeys {
    async fn sign(&self, what: Signed, document: &[u8]) -> Outcome<Vec<u8>> {
        if document.len() > 4_096 {
            return Err(Fault::of(Code::KeysDocumentTooLong));
        }
        let signature = self
            .signing(what)?
            .sign(&rand::SystemRandom::new(), document)
            .map_err(|_| Fault::of(Code::KeysNoRandomness))?;
        Ok(signature.as_ref().to_vec())
    }

    async fn public_key(&self, what: Signed) -> Outcome<PublicKey> {
        let der: PublicKeyX509Der<'_> = self
            .signing(what)?
            .public_key()
            .as_der()
            .map_err(|_| Fault::of(Code::KeysUnusable))?;
        let id = match what {
            Signed::Receipt => "in-memory",
            Signed::Heads => "in-memory-heads",
        };
        Ok(PublicKey::from_der(id.to_owned(), der.as_ref()))
    }
}
