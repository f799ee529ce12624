//! Keys of tenants: wrapped by KMS, in the table Keys, beside those of generations.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError},
    time::Instant,
};

use async_trait::async_trait;
use domain::{fault::Outcome, ports::TenantKeyring, seal::TenantKeys, tenant::TenantId};

use super::{
    kms::{AwsKeys, REMEMBERED},
    places,
    vault::{Row, Secret},
};

fn row(tenant: &TenantId) -> Row {
    Row {
        pk: places::tenant(tenant),
        sk: places::TENANT_KEY.to_owned(),
        context: HashMap::from([("tenant".to_owned(), tenant.to_string())]),
    }
}

impl AwsKeys {
    fn remembered_tenant(&self, tenant: &TenantId) -> Option<Arc<TenantKeys>> {
        let opened = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        opened
            .get(tenant)
            .filter(|(since, _)| since.elapsed() < REMEMBERED)
            .map(|(_, keys)| Arc::clone(keys))
    }

    fn remember_tenant(&self, tenant: &TenantId, secret: &Secret) -> Outcome<Arc<TenantKeys>> {
        let keys = TenantKeys::from_bytes(&mut secret.clone()).map(Arc::new)?;
        let mut opened = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        opened.retain(|_, (since, _)| since.elapsed() < REMEMBERED);
        opened.insert(tenant.clone(), (Instant::now(), Arc::clone(&keys)));
        Ok(keys)
    }
}

#[async_trait]
impl TenantKeyring for AwsKeys {
    async fn tenant(&self, tenant: &TenantId) -> Outcome<Arc<TenantKeys>> {
        if let Some(keys) = self.remembered_tenant(tenant) {
            return Ok(keys);
        }
        let secret = self.vault.make(&row(tenant)).await?;
        self.remember_tenant(tenant, &secret)
    }

    async fn tenant_if_made(&self, tenant: &TenantId) -> Outcome<Option<Arc<TenantKeys>>> {
        if let Some(keys) = self.remembered_tenant(tenant) {
            return Ok(Some(keys));
        }
        let row = row(tenant);
        match self.vault.wrapped(&row).await? {
            None => Ok(None),
            Some(wrapped) => {
                let secret = self.vault.unwrap(&row, wrapped).await?;
                self.remember_tenant(tenant, &secret).map(Some)
            }
        }
    }
}
