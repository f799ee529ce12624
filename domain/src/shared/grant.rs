//! An integration's grant: opened for a connector, and renewed by one process at a time.

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

/// The time limit for a consent, from the request to the user's return. The record of processing states it.
pub const CONSENT_LIMIT: SignedDuration = SignedDuration::from_mins(15);
/// The validity of the right to renew. It is longer than a renewal with all its retries can take.
const RIGHT: SignedDuration = SignedDuration::from_mins(4);

/// Creates the connector of a connected integration. `holder` is an id that only the caller has.
///
/// # Errors
/// Revoked if the keys are gone or the grant is unreadable. Otherwise the connector's fault about its hosts.
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
        // Best effort: the right expires by itself.
        let _ = self.store.end_renewal(&self.scope, &self.holder).await;
    }
}

/// A grant that is not stored yet, because its integration is just being connected.
pub struct Unstored(Mutex<Credentials>);

impl Unstored {
    /// Wraps a grant.
    pub fn new(credentials: Credentials) -> Self {
        Self(Mutex::new(credentials))
    }

    /// Returns the grant's current state.
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
