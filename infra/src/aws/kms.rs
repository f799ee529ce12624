//! Keys of generations: wrapped by KMS, in the table Keys.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use aws_sdk_dynamodb::{
    primitives::Blob,
    types::{AttributeValue, ReturnValue},
};
use domain::{
    fault::{Fault, Outcome},
    ports::Keys,
    seal::GenerationKeys,
    tenant::Scope,
};
use zeroize::Zeroizing;

use super::{
    clients::Clients,
    dynamodb::item::{Item, blob, text},
    fault::{fault, malformed},
    places,
};

/// How long opened keys are remembered: the bound that `Keys` gives, and what a removal waits out.
const REMEMBERED: Duration = Duration::from_secs(300);

/// The table Keys and KMS.
pub struct AwsKeys {
    clients: Clients,
    table: String,
    kms_key: String,
    opened: Mutex<HashMap<Scope, (Instant, Arc<GenerationKeys>)>>,
}

impl AwsKeys {
    /// Keys in `table`, wrapped by `kms_key`.
    pub fn new(clients: Clients, table: String, kms_key: String) -> Self {
        Self {
            clients,
            table,
            kms_key,
            opened: Mutex::default(),
        }
    }

    fn remember(&self, scope: &Scope, keys: Arc<GenerationKeys>) -> Arc<GenerationKeys> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        opened.retain(|_, (since, _)| since.elapsed() < REMEMBERED);
        opened.insert(scope.clone(), (Instant::now(), Arc::clone(&keys)));
        keys
    }

    fn remembered(&self, scope: &Scope) -> Option<Arc<GenerationKeys>> {
        let opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        opened
            .get(scope)
            .filter(|(since, _)| since.elapsed() < REMEMBERED)
            .map(|(_, keys)| Arc::clone(keys))
    }

    async fn wrapped(&self, scope: &Scope) -> Outcome<Option<Blob>> {
        let row = self
            .clients
            .dynamodb
            .get_item()
            .table_name(&self.table)
            .key("pk", text(places::integration_in(scope)))
            .key("sk", text(places::key(scope.generation, 1)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault("keys_get", &error))?;
        row.item
            .map(|row| row.blob("wrapped").map(|bytes| Blob::new(bytes.to_vec())))
            .transpose()
    }

    async fn unwrap(&self, scope: &Scope, wrapped: Blob) -> Outcome<Arc<GenerationKeys>> {
        let answer = self
            .clients
            .kms
            .decrypt()
            .key_id(&self.kms_key)
            .ciphertext_blob(wrapped)
            .set_encryption_context(Some(context(scope)))
            .send()
            .await
            .map_err(|error| fault("kms_decrypt", &error))?;
        let plain = Zeroizing::new(answer.plaintext.map(Blob::into_inner).unwrap_or_default());
        generation_keys(&plain).map(|keys| self.remember(scope, Arc::new(keys)))
    }
}

/// Opaque ids only: CloudTrail logs the context in clear.
fn context(scope: &Scope) -> HashMap<String, String> {
    HashMap::from([
        ("tenant".to_owned(), scope.tenant.to_string()),
        ("integration".to_owned(), scope.integration.to_string()),
        ("generation".to_owned(), scope.generation.to_string()),
    ])
}

fn generation_keys(plain: &[u8]) -> Outcome<GenerationKeys> {
    let mut bytes: Zeroizing<[u8; 64]> = Zeroizing::new(
        plain
            .try_into()
            .map_err(|_| malformed("a generation's keys are 64 bytes"))?,
    );
    GenerationKeys::from_bytes(&mut bytes)
        .map_err(|error| Fault::passing("seal.failed").with_detail(error.to_string()))
}

#[async_trait]
impl Keys for AwsKeys {
    async fn create(&self, scope: &Scope) -> Outcome<Arc<GenerationKeys>> {
        if let Some(wrapped) = self.wrapped(scope).await? {
            return self.unwrap(scope, wrapped).await;
        }
        let made = self
            .clients
            .kms
            .generate_data_key()
            .key_id(&self.kms_key)
            .number_of_bytes(64)
            .set_encryption_context(Some(context(scope)))
            .send()
            .await
            .map_err(|error| fault("kms_generate", &error))?;
        let wrapped = made
            .ciphertext_blob
            .ok_or_else(|| malformed("KMS answered without a wrapped key"))?;
        let put = self
            .clients
            .dynamodb
            .put_item()
            .table_name(&self.table)
            .item("pk", text(places::integration_in(scope)))
            .item("sk", text(places::key(scope.generation, 1)))
            .item("wrapped", blob(wrapped.as_ref()))
            .item("kms_key", text(&self.kms_key))
            .condition_expression("attribute_not_exists(pk)")
            .send()
            .await;
        match put {
            Ok(_) => {
                let plain =
                    Zeroizing::new(made.plaintext.map(Blob::into_inner).unwrap_or_default());
                generation_keys(&plain).map(|keys| self.remember(scope, Arc::new(keys)))
            }
            // Another was first, or it was us and the answer was lost: the row that is there counts.
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|error| error.is_conditional_check_failed_exception()) =>
            {
                let wrapped = self
                    .wrapped(scope)
                    .await?
                    .ok_or_else(|| Fault::passing("keys.vanished"))?;
                self.unwrap(scope, wrapped).await
            }
            Err(error) => Err(fault("keys_put", &error)),
        }
    }

    async fn open(&self, scope: &Scope) -> Outcome<Option<Arc<GenerationKeys>>> {
        if let Some(keys) = self.remembered(scope) {
            return Ok(Some(keys));
        }
        match self.wrapped(scope).await? {
            Some(wrapped) => self.unwrap(scope, wrapped).await.map(Some),
            None => Ok(None),
        }
    }

    async fn destroy(&self, scope: &Scope) -> Outcome<u64> {
        self.opened
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(scope);
        let rows = self
            .clients
            .dynamodb
            .query()
            .table_name(&self.table)
            .key_condition_expression("pk = :pk AND begins_with(sk, :sk)")
            .expression_attribute_values(":pk", text(places::integration_in(scope)))
            .expression_attribute_values(":sk", text(places::keys(scope.generation)))
            .projection_expression("pk, sk")
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault("keys_query", &error))?;
        let mut destroyed = 0;
        for row in rows.items.unwrap_or_default() {
            let deleted = self
                .clients
                .dynamodb
                .delete_item()
                .table_name(&self.table)
                .key("pk", AttributeValue::S(row.text("pk")?.to_owned()))
                .key("sk", AttributeValue::S(row.text("sk")?.to_owned()))
                .return_values(ReturnValue::AllOld)
                .send()
                .await
                .map_err(|error| fault("keys_delete", &error))?;
            destroyed += u64::from(deleted.attributes.is_some());
        }
        Ok(destroyed)
    }
}
