//! Wrapped secrets. KMS draws and wraps 64 bytes, and each secret has a row in a table.

use std::collections::HashMap;

use aws_sdk_dynamodb::{operation::query::builders::QueryFluentBuilder, primitives::Blob};
use domain::fault::{Code, Fault, Outcome};
use zeroize::Zeroizing;

use super::{
    clients::Clients,
    dynamodb::item::{Attributes, Item, blob, text},
    fault::{fault, is_refused, malformed},
};

/// An unwrapped secret: sealing key and index key. It is overwritten when it is dropped.
pub(super) type Secret = Zeroizing<[u8; 64]>;

/// The place of a wrapped secret and the encryption context that it is bound to. The context has opaque ids only, since
/// CloudTrail logs it in clear.
pub(super) struct Row {
    pub(super) pk: String,
    pub(super) sk: String,
    pub(super) context: HashMap<String, String>,
}

/// A table of wrapped secrets and the KMS key that wraps them.
pub(super) struct Vault {
    clients: Clients,
    table: String,
    kms_key: String,
}

/// Sends a read that [`Vault::rows`] began.
pub(super) async fn read(rows: QueryFluentBuilder) -> Outcome<Vec<Attributes>> {
    let read = rows.send().await;
    let read = read.map_err(|error| fault("keys_query", &error))?;
    Ok(read.items.unwrap_or_default())
}

impl Vault {
    pub(super) fn new(clients: Clients, table: String, kms_key: String) -> Self {
        Self {
            clients,
            table,
            kms_key,
        }
    }

    /// Returns the table's name.
    pub(super) fn table(&self) -> &str {
        &self.table
    }

    /// Returns the id of the KMS key.
    pub(super) fn kms_key(&self) -> &str {
        &self.kms_key
    }

    /// Reads the wrapped secret of a row with a consistent read.
    pub(super) async fn wrapped(&self, row: &Row) -> Outcome<Option<Blob>> {
        let found = self
            .clients
            .dynamodb
            .get_item()
            .table_name(&self.table)
            .key("pk", text(&row.pk))
            .key("sk", text(&row.sk))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault("keys_get", &error))?;
        found
            .item
            .map(|row| row.blob("wrapped").map(|bytes| Blob::new(bytes.to_vec())))
            .transpose()
    }

    /// Begins a consistent read of an integration's rows, which [`read`] sends. A removal destroys the keys of its generation, so there
    /// are those of one or two generations, and they never fill a page.
    pub(super) fn rows(&self, integration: String) -> QueryFluentBuilder {
        self.clients
            .dynamodb
            .query()
            .table_name(&self.table)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", text(integration))
            .consistent_read(true)
    }

    /// Asks KMS to unwrap the secret.
    pub(super) async fn unwrap(&self, row: &Row, wrapped: Blob) -> Outcome<Secret> {
        let answer = self
            .clients
            .kms
            .decrypt()
            .key_id(&self.kms_key)
            .ciphertext_blob(wrapped)
            .set_encryption_context(Some(row.context.clone()))
            .send()
            .await
            .map_err(|error| fault("kms_decrypt", &error))?;
        secret(answer.plaintext)
    }

    /// Lets KMS draw a secret for a row. Returns the secret and its wrapped form, which is the one to store.
    pub(super) async fn draw(&self, row: &Row) -> Outcome<(Secret, Blob)> {
        let made = self
            .clients
            .kms
            .generate_data_key()
            .key_id(&self.kms_key)
            .number_of_bytes(64)
            .set_encryption_context(Some(row.context.clone()))
            .send()
            .await
            .map_err(|error| fault("kms_generate", &error))?;
        let wrapped = made
            .ciphertext_blob
            .ok_or_else(|| malformed("KMS answered without a wrapped key"))?;
        Ok((secret(made.plaintext)?, wrapped))
    }

    /// Returns the secret of a row and makes it if there is none. Concurrent callers all get the one that was stored.
    pub(super) async fn make(&self, row: &Row) -> Outcome<Secret> {
        if let Some(wrapped) = self.wrapped(row).await? {
            return self.unwrap(row, wrapped).await;
        }
        let (made, wrapped) = self.draw(row).await?;
        let put = self
            .clients
            .dynamodb
            .put_item()
            .table_name(&self.table)
            .item("pk", text(&row.pk))
            .item("sk", text(&row.sk))
            .item("wrapped", blob(wrapped.as_ref()))
            .item("kms_key", text(&self.kms_key))
            .condition_expression("attribute_not_exists(pk)")
            .send()
            .await;
        match put {
            Ok(_) => Ok(made),
            // Another caller was first, or we were and the answer was lost. The stored row counts.
            Err(error) if is_refused(&error) => {
                let wrapped = self
                    .wrapped(row)
                    .await?
                    .ok_or_else(|| Fault::of(Code::KeysVanished))?;
                self.unwrap(row, wrapped).await
            }
            Err(error) => Err(fault("keys_put", &error)),
        }
    }
}

fn secret(plain: Option<Blob>) -> Outcome<Secret> {
    let plain = Zeroizing::new(plain.map(Blob::into_inner).unwrap_or_default());
    let bytes = plain.as_slice().try_into().map(Zeroizing::new);
    bytes.map_err(|_| malformed("a wrapped secret is 64 bytes"))
}
