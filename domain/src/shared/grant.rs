//! An integration's grant: opened for a connector, renewed by one at a time.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use crate::{
    fault::{Code, Fault, Outcome},
    integration::{Credentials, Integration},
    ports::{ConnectCrm, Crm, CrmAccess, Grants, Keys, Renewal},
    seal::{GenerationKeys, Sealed},
    settings::Settings,
    tenant::Scope,
};

/// How long the right to renew lasts: longer than a renewal with all its tries may take.
const RIGHT: SignedDuration = SignedDuration::from_mins(4);

/// Makes the connector of a connected integration. `holder` is the caller's own id, which nobody else has.
///
/// # Errors
/// Revoked, when there is no key or no readable grant any more; what the connector says of its hosts.
pub async fn open(
    store: Arc<dyn Grants>,
    keys: &dyn Keys,
    connect: &ConnectCrm,
    integration: &Integration,
    holder: &str,
) -> Outcome<(Arc<dyn Crm>, Arc<GenerationKeys>)> {
    let scope = &integration.scope;
    let keys = keys
        .open(scope)
        .await?
        .ok_or_else(|| Fault::of(Code::KeysLost))?;
    let settings = Settings::open(&keys, scope, integration.settings.as_ref())?;
    let crm = connect(CrmAccess {
        provider: integration.provider,
        credentials: Credentials::open(&keys, scope, &integration.credentials)?,
        renewal: Arc::new(Stored {
            store,
            keys: Arc::clone(&keys),
            scope: scope.clone(),
            holder: holder.to_owned(),
        }),
        fields: settings.fields,
    })?;
    Ok((crm, keys))
}

/// The grant of an integration in the Ledger.
struct Stored {
    store: Arc<dyn Grants>,
    keys: Arc<GenerationKeys>,
    scope: Scope,
    holder: String,
}

impl Stored {
    fn opened(&self, sealed: &Sealed) -> Outcome<Credentials> {
        Credentials::open(&self.keys, &self.scope, sealed)
    }
}

#[async_trait]
impl Renewal for Stored {
    async fn begin(&self, now: Timestamp) -> Outcome<Option<Credentials>> {
        let until = now.checked_add(RIGHT).unwrap_or(Timestamp::MAX);
        self.store
            .begin_renewal(&self.scope, &self.holder, now, until)
            .await?
            .map(|sealed| self.opened(&sealed))
            .transpose()
    }

    async fn keep(&self, credentials: Credentials) -> Outcome<()> {
        let sealed = credentials.seal(&self.keys, &self.scope)?;
        self.store
            .keep_credentials(&self.scope, &self.holder, &sealed)
            .await
    }

    async fn abandon(&self) {
        // It ends by itself.
        let _ = self.store.end_renewal(&self.scope, &self.holder).await;
    }
}

/// A grant that no row has yet: that of an integration which is just being connected.
pub struct Unstored(Mutex<Credentials>);

impl Unstored {
    /// Holds it.
    pub fn new(credentials: Credentials) -> Self {
        Self(Mutex::new(credentials))
    }

    /// The grant as it stands now.
    pub fn get(&self) -> Credentials {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

#[async_trait]
impl Renewal for Unstored {
    async fn begin(&self, _: Timestamp) -> Outcome<Option<Credentials>> {
        Ok(Some(self.get()))
    }

    async fn keep(&self, credentials: Credentials) -> Outcome<()> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = credentials;
        Ok(())
    }

    async fn abandon(&self) {}
}
