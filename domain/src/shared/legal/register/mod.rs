//! A tenant's legal register: assessments and templates, sealed in the Ledger.

mod assessments;
mod templates;

use std::sync::Arc;

pub use self::{assessments::Filed, templates::Versioned};
use crate::{
    fault::{Code, Fault, Outcome},
    ports::{Keys, Legal, tenant_keys::lost},
    seal::{Opener, Place, Sealed, TenantKeys},
    tenant::TenantId,
};

/// Attempts to get the next number when others want it, too.
const TRIES: u32 = 50;

/// A tenant's legal register.
pub struct Register<'a, L: Legal + ?Sized> {
    legal: &'a L,
    keyring: &'a dyn Keys,
    keys: Option<Arc<TenantKeys>>,
    tenant: &'a TenantId,
}

impl<'a, L: Legal + ?Sized> Register<'a, L> {
    /// Opens a tenant's register. This creates no keys; the first write does.
    ///
    /// # Errors
    /// The fault of the keys.
    pub async fn open(legal: &'a L, keyring: &'a dyn Keys, tenant: &'a TenantId) -> Outcome<Self> {
        Ok(Self {
            legal,
            keyring,
            keys: keyring.tenant_if_made(tenant).await?,
            tenant,
        })
    }

    /// Returns the tenant's keys, even if they were created after the register was opened. `None` if nothing was ever written to
    /// the register and nobody was ever suppressed.
    ///
    /// # Errors
    /// The fault of the keys.
    pub async fn keys(&self) -> Outcome<Option<Arc<TenantKeys>>> {
        match &self.keys {
            Some(keys) => Ok(Some(Arc::clone(keys))),
            None => self.keyring.tenant_if_made(self.tenant).await,
        }
    }

    /// Returns an opener with the tenant's keys.
    async fn opener(&self) -> Outcome<Opener> {
        let keys = self.keys().await?;
        let keys = keys.ok_or_else(|| lost("something is sealed, and there are no keys"))?;
        Ok(Opener::new(&keys.sealing)?)
    }
}

fn open<T: serde::de::DeserializeOwned>(
    opener: &mut Opener,
    place: &Place<'_>,
    sealed: &Sealed,
) -> Outcome<T> {
    let text = opener
        .open(place, sealed)
        .map_err(|error| Fault::of(Code::StoreUnreadable).with_detail(error.to_string()))?;
    serde_json::from_slice(&text).map_err(|_| Fault::of(Code::StoreBodyMalformed))
}
