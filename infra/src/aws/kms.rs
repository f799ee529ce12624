//! Keys of generations. KMS wraps them, and the table Keys holds them.

use std::{collections::HashMap, sync::Arc, time::Duration};

use async_trait::async_trait;
use aws_sdk_dynamodb::primitives::Blob;
use domain::{
    fault::{Fault, Outcome},
    integration::Which,
    ports::{Keys, WrappedKeys},
    seal::{GenerationKeys, TenantKeys},
    tenant::{Scope, TenantId},
};

use super::{
    clients::Clients,
    dynamodb::{
        item::{Attributes, Item, text},
        listed::note_listed,
    },
    lasting::{Lasting, Moment},
    places,
    vault::{Row, Secret, Vault, read},
};

/// How long opened keys are remembered. [`Keys`] sets this bound, and a removal waits this long.
pub const REMEMBERED: Duration = Duration::from_secs(300);

/// The places of wrapped keys.
#[derive(Clone, Debug)]
pub struct KeyPlaces {
    /// Table Keys, which has the keys of generations.
    pub keys: String,
    /// Table TenantKeys.
    pub tenant_keys: String,
    /// Table Ledger, which has the check values of tenants' keys.
    pub ledger: String,
    /// The KMS key that wraps them all.
    pub kms_key: String,
}

/// An asymmetric KMS key that signs.
pub(super) struct SigningKey {
    pub(super) clients: Clients,
    pub(super) key: String,
}

/// The tables Keys and TenantKeys, and KMS.
pub struct AwsKeys {
    pub(super) clients: Clients,
    pub(super) ledger: String,
    pub(super) vault: Vault,
    pub(super) tenant_vault: Vault,
    pub(super) tenants: Lasting<TenantId, TenantKeys>,
    pub(super) receipts: Option<SigningKey>,
    pub(super) heads: Option<SigningKey>,
    opened: Lasting<Scope, GenerationKeys>,
}

impl AwsKeys {
    /// Makes a handle of the keys at these places.
    pub fn new(clients: Clients, places: KeyPlaces) -> Self {
        let kms_key = places.kms_key;
        Self {
            ledger: places.ledger,
            vault: Vault::new(clients.clone(), places.keys, kms_key.clone()),
            tenant_vault: Vault::new(clients.clone(), places.tenant_keys, kms_key),
            clients,
            tenants: Lasting::new(REMEMBERED),
            receipts: None,
            heads: None,
            opened: Lasting::new(REMEMBERED),
        }
    }

    /// Adds the asymmetric KMS key that signs receipts. It belongs to no tenant, so it has clients of its own.
    #[must_use]
    pub fn with_receipt_key(mut self, clients: Clients, key: String) -> Self {
        self.receipts = Some(SigningKey { clients, key });
        self
    }

    /// Adds the asymmetric KMS key that signs statements of heads, in the same way.
    #[must_use]
    pub fn with_heads_key(mut self, clients: Clients, key: String) -> Self {
        self.heads = Some(SigningKey { clients, key });
        self
    }

    fn remember(&self, scope: &Scope, keys: Arc<GenerationKeys>) -> Arc<GenerationKeys> {
        self.opened.remember(scope.clone(), keys, Moment::now())
    }

    fn remembered(&self, scope: &Scope) -> Option<Arc<GenerationKeys>> {
        self.opened.of(scope, Moment::now())
    }

    /// Returns whether keys of any generation of an integration are remembered.
    fn remembers(&self, which: &Which) -> bool {
        self.opened.has(Moment::now(), |scope| {
            scope.tenant == which.tenant && scope.integration == which.integration
        })
    }

    async fn unwrap(&self, scope: &Scope, wrapped: Blob) -> Outcome<Arc<GenerationKeys>> {
        let secret = self.vault.unwrap(&row(scope), wrapped).await?;
        generation_keys(&secret).map(|keys| self.remember(scope, Arc::new(keys)))
    }
}

/// Returns the place of a generation's keys and the context that they are bound to.
fn row(scope: &Scope) -> Row {
    Row {
        pk: places::integration_in(scope),
        sk: places::key(scope.generation, 1),
        context: context(scope),
    }
}

impl AwsKeys {
    /// Reads the rows of a generation's keys.
    async fn rows(&self, scope: &Scope) -> Outcome<Vec<Attributes>> {
        let rows = self
            .vault
            .rows(places::integration_in(scope))
            .key_condition_expression("pk = :pk AND begins_with(sk, :sk)")
            .expression_attribute_values(":sk", text(places::keys(scope.generation)))
            .projection_expression("pk, sk");
        read(rows).await
    }
}

/// Returns the encryption context. It has opaque ids only, since CloudTrail logs the context in clear.
fn context(scope: &Scope) -> HashMap<String, String> {
    HashMap::from([
        ("tenant".to_owned(), scope.tenant.to_string()),
        ("integration".to_owned(), scope.integration.to_string()),
        ("generation".to_owned(), scope.generation.to_string()),
    ])
}

fn generation_keys(secret: &Secret) -> Outcome<GenerationKeys> {
    GenerationKeys::from_bytes(&mut secret.clone()).map_err(Fault::from)
}

#[async_trait]
impl Keys for AwsKeys {
    async fn create(&self, scope: &Scope) -> Outcome<Arc<GenerationKeys>> {
        note_listed(&self.clients.dynamodb, &self.ledger, scope).await?;
        let secret = self.vault.make(&row(scope)).await?;
        generation_keys(&secret).map(|keys| self.remember(scope, Arc::new(keys)))
    }

    async fn open(&self, scope: &Scope) -> Outcome<Option<Arc<GenerationKeys>>> {
        if let Some(keys) = self.remembered(scope) {
            return Ok(Some(keys));
        }
        match self.vault.wrapped(&row(scope)).await? {
            Some(wrapped) => self.unwrap(scope, wrapped).await.map(Some),
            None => Ok(None),
        }
    }

    async fn wrapped(&self, which: &Which) -> Outcome<WrappedKeys> {
        let mut wrapped = WrappedKeys::default();
        if self.remembers(which) {
            return Ok(wrapped);
        }
        wrapped.asked = true;
        for row in read(self.vault.rows(places::integration_of(which))).await? {
            let (name, secret) = (row.text("sk")?.to_owned(), row.blob("wrapped")?.to_vec());
            wrapped.by_generation.insert(name, secret);
        }
        Ok(wrapped)
    }

    async fn open_wrapped(
        &self,
        scope: &Scope,
        wrapped: &WrappedKeys,
    ) -> Outcome<Option<Arc<GenerationKeys>>> {
        if !wrapped.asked {
            return self.open(scope).await;
        }
        if let Some(keys) = self.remembered(scope) {
            return Ok(Some(keys));
        }
        match wrapped.by_generation.get(&row(scope).sk) {
            Some(secret) => {
                let secret = Blob::new(secret.clone());
                self.unwrap(scope, secret).await.map(Some)
            }
            None => Ok(None),
        }
    }

    async fn versions(&self, scope: &Scope) -> Outcome<Vec<String>> {
        let rows = self.rows(scope).await?;
        rows.iter()
            .map(|row| row.text("sk").map(str::to_owned))
            .collect()
    }

    async fn destroy(&self, scope: &Scope) -> Outcome<u64> {
        self.opened.forget(scope, Moment::now());
        let mut destroyed = 0;
        for row in self.rows(scope).await? {
            destroyed += u64::from(self.delete(&row).await?);
        }
        Ok(destroyed)
    }

    async fn all_versions(&self, tenant: &TenantId) -> Outcome<Vec<String>> {
        self.list_all(tenant).await
    }

    async fn destroy_all(&self, tenant: &TenantId) -> Outcome<()> {
        self.delete_all(tenant).await
    }
}
