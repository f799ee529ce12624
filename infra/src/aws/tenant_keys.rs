//! Keys of tenants. KMS wraps them, and the table TenantKeys holds them: unlike the keys of generations they can be
//! recovered, since an objection must never disappear with them. Their check values lie in the Ledger.

use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use aws_sdk_dynamodb::primitives::Blob;
use domain::{
    fault::{AwsCode, Code, Fault, Outcome},
    ports::{
        TenantKeyring,
        tenant_keys::{lost, verify},
    },
    seal::{KeyedHash, TenantKeys},
    tenant::TenantId,
};
use futures::future::{try_join, try_join_all};

use super::{
    dynamodb::{
        batch::key,
        checkpoint::{Transacted, delete, first, transact},
        item::{Attributes, Item, blob, text},
    },
    fault::{fault, is_refused, malformed},
    kms::AwsKeys,
    lasting::Moment,
    places,
    vault::{Row, Secret},
};

/// Attempts at making a tenant's keys, or at reading the keys that another caller made first.
const TRIES: u32 = 5;
/// The attribute that holds the check value.
const CHECK: &str = "check";

fn row(tenant: &TenantId) -> Row {
    Row {
        pk: places::tenant(tenant),
        sk: places::TENANT_KEY.to_owned(),
        context: HashMap::from([("tenant".to_owned(), tenant.to_string())]),
    }
}

fn opened(secret: &Secret) -> Outcome<Arc<TenantKeys>> {
    Ok(TenantKeys::from_bytes(&mut secret.clone()).map(Arc::new)?)
}

impl AwsKeys {
    fn remember_tenant(&self, tenant: &TenantId, keys: Arc<TenantKeys>) -> Arc<TenantKeys> {
        self.tenants.remember(tenant.clone(), keys, Moment::now())
    }

    async fn tenant_opened(
        &self,
        tenant: &TenantId,
        how: Opening,
    ) -> Outcome<Option<Arc<TenantKeys>>> {
        match self.tenants.of(tenant, Moment::now()) {
            Some(keys) => Ok(Some(keys)),
            None => self.open_tenant(tenant, how).await,
        }
    }

    /// Opens a tenant's keys and checks them against their check value. Returns `None` if the tenant never had keys.
    async fn open_tenant(
        &self,
        tenant: &TenantId,
        how: Opening,
    ) -> Outcome<Option<Arc<TenantKeys>>> {
        let row = row(tenant);
        let (mut wrapped, noted) =
            try_join(self.tenant_vault.wrapped(&row), self.noted_check(tenant)).await?;
        if wrapped.is_none() && (noted.is_some() || self.has_used_keys(tenant).await?) {
            // The first write may have come between the two reads. Keys are always older than what they sealed, so the
            // row is there now unless it is lost.
            let missing = || lost("the row of the table TenantKeys is missing");
            wrapped = Some(self.tenant_vault.wrapped(&row).await?.ok_or_else(missing)?);
        }
        let Some(wrapped) = wrapped else {
            return Ok(None);
        };
        let keys = opened(&self.unwrap_tenant(&row, wrapped).await?)?;
        let noted = match (noted, how) {
            (Some(noted), _) => noted,
            // Keys that were made before 2026-11-29 have no check value yet. A run or an export may not write one. It remembers
            // nothing either, so that the next writer sees that there is none.
            (None, Opening::ToRead) => return Ok(Some(keys)),
            (None, Opening::ToWrite) => self.note_check(tenant, keys.check()).await?,
        };
        verify(&keys, noted)?;
        Ok(Some(self.remember_tenant(tenant, keys)))
    }

    async fn unwrap_tenant(&self, row: &Row, wrapped: Blob) -> Outcome<Secret> {
        let unwrapped = self.tenant_vault.unwrap(row, wrapped).await;
        unwrapped.map_err(|fault| {
            if matches!(fault.code(), Code::Aws(_, AwsCode::InvalidCiphertext)) {
                lost("KMS does not accept the row of the table TenantKeys")
            } else {
                fault
            }
        })
    }

    async fn noted_check(&self, tenant: &TenantId) -> Outcome<Option<KeyedHash>> {
        let found = self
            .clients
            .dynamodb
            .get_item()
            .table_name(&self.ledger)
            .set_key(Some(check_key(tenant)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault("key_check_get", &error))?;
        let check = |row: Attributes| {
            KeyedHash::parse(row.text(CHECK)?).ok_or_else(|| malformed("key check"))
        };
        found.item.map(check).transpose()
    }

    /// Stores a check value unless there is one already. Returns the stored one.
    async fn note_check(&self, tenant: &TenantId, check: KeyedHash) -> Outcome<KeyedHash> {
        let put = self
            .clients
            .dynamodb
            .put_item()
            .table_name(&self.ledger)
            .set_item(Some(check_row(tenant, check)))
            .condition_expression("attribute_not_exists(pk)")
            .send()
            .await;
        match put {
            Ok(_) => Ok(check),
            Err(error) if is_refused(&error) => {
                let noted = self.noted_check(tenant).await?;
                noted.ok_or_else(|| Fault::of(Code::KeysCheckVanished))
            }
            Err(error) => Err(fault("key_check_put", &error)),
        }
    }

    /// Returns whether the Ledger has anything that the tenant's keys sealed or hashed. It is called only for tenants
    /// without keys, and its small queries run concurrently.
    async fn has_used_keys(&self, tenant: &TenantId) -> Outcome<bool> {
        let asked = places::Shape::under_tenant_keys().map(|prefix| async move {
            self.clients
                .dynamodb
                .query()
                .table_name(&self.ledger)
                .key_condition_expression("pk = :pk AND begins_with(sk, :sk)")
                .expression_attribute_values(":pk", text(places::tenant(tenant)))
                .expression_attribute_values(":sk", text(prefix))
                .projection_expression("sk")
                .limit(1)
                .consistent_read(true)
                .send()
                .await
                .map(|rows| !rows.items().is_empty())
                .map_err(|error| fault("keys_used_query", &error))
        });
        let found = try_join_all(asked).await?;
        Ok(found.contains(&true))
    }

    /// Makes a tenant's first keys. One transaction writes the keys and their check value, so neither is ever found
    /// without the other. Returns `None` if another caller was first, or if we were and the answer was lost.
    async fn make_tenant(&self, tenant: &TenantId) -> Outcome<Option<Arc<TenantKeys>>> {
        let row = row(tenant);
        let (secret, wrapped) = self.tenant_vault.draw(&row).await?;
        let keys = opened(&secret)?;
        let mut item = key(row.pk.as_str(), row.sk.as_str());
        item.insert("wrapped".to_owned(), blob(wrapped.as_ref()));
        item.insert("kms_key".to_owned(), text(self.tenant_vault.kms_key()));
        let actions = vec![
            first(self.tenant_vault.table(), item)?,
            first(&self.ledger, check_row(tenant, keys.check()))?,
        ];
        match transact(&self.clients.dynamodb, "keys_make", actions).await? {
            Transacted::Done => Ok(Some(self.remember_tenant(tenant, keys))),
            Transacted::FirstFailed | Transacted::SecondFailed => Ok(None),
        }
    }
}

/// What a tenant's keys are opened for.
#[derive(Clone, Copy)]
enum Opening {
    ToRead,
    ToWrite,
}

fn check_key(tenant: &TenantId) -> Attributes {
    key(places::tenant(tenant), places::TENANT_KEY_CHECK)
}

fn check_row(tenant: &TenantId, check: KeyedHash) -> Attributes {
    let mut row = check_key(tenant);
    row.insert(CHECK.to_owned(), text(check.to_string()));
    row
}

#[async_trait]
impl TenantKeyring for AwsKeys {
    async fn tenant(&self, tenant: &TenantId) -> Outcome<Arc<TenantKeys>> {
        for _ in 0..TRIES {
            if let Some(keys) = self.tenant_opened(tenant, Opening::ToWrite).await? {
                return Ok(keys);
            }
            if let Some(keys) = self.make_tenant(tenant).await? {
                return Ok(keys);
            }
        }
        Err(Fault::of(Code::KeysContended))
    }

    async fn tenant_if_made(&self, tenant: &TenantId) -> Outcome<Option<Arc<TenantKeys>>> {
        self.tenant_opened(tenant, Opening::ToRead).await
    }

    async fn tenant_versions(&self, tenant: &TenantId) -> Outcome<Vec<String>> {
        let row = row(tenant);
        let found = self.tenant_vault.wrapped(&row).await?;
        Ok(found.map(|_| row.sk).into_iter().collect())
    }

    async fn destroy_tenant(&self, tenant: &TenantId) -> Outcome<()> {
        let row = row(tenant);
        let actions = vec![
            delete(self.tenant_vault.table(), key(row.pk, row.sk))?,
            delete(&self.ledger, check_key(tenant))?,
        ];
        transact(&self.clients.dynamodb, "keys_destroy", actions).await?;
        self.tenants.forget(tenant, Moment::now());
        Ok(())
    }
}
