//! An integration that is opened for reading, and its records in opened form. Several use cases begin with it.

mod below;
mod budget;
pub(crate) mod cursor;
mod freshness;
mod hidden;
mod opened;
mod shown;

use std::sync::Arc;

use futures::try_join;

pub(crate) use self::hidden::is_displayed;
pub use self::{
    budget::{Budget, MAX_ANSWER, weight},
    freshness::{Freshness, ObjectFreshness},
    shown::{Shown, ShownRelation},
};
use crate::{
    fault::{Code, Fault, Outcome},
    integration::{Origin, Which},
    legal::Suppressions,
    ports::{Keys, ViewStore},
    record::RecordId,
    seal::{GenerationKeys, Opener},
    tenant::Scope,
};

/// An integration whose copy may be shown, with its keys.
pub struct View<'a> {
    pub(crate) store: &'a dyn ViewStore,
    keyring: &'a dyn Keys,
    suppressions_edition: u64,
    pub(crate) keys: Arc<GenerationKeys>,
    /// The integration's origin as it was when the view was opened.
    pub origin: Origin,
}

impl<'a> View<'a> {
    /// Opens an integration of the caller's tenant for reading. An integration that lost its grant still shows its copy.
    ///
    /// # Errors
    /// Permanent if there is no such integration, or if it is removed or being removed. Revoked if its keys are lost.
    pub async fn open(
        store: &'a dyn ViewStore,
        keyring: &'a dyn Keys,
        which: &Which,
    ) -> Outcome<Self> {
        // These run in parallel. The generation is not known yet, so the wrapped keys of all generations are fetched.
        let (origin, wrapped, suppressions_edition) = try_join!(
            store.origin(which),
            keyring.wrapped(which),
            store.suppressions_edition(&which.tenant),
        )?;
        let origin = Origin::with_copy(origin)?;
        let keys = keyring.open_wrapped(&origin.scope, &wrapped).await?;
        Self::with((store, keyring), origin, keys, suppressions_edition)
    }

    /// Opens a generation that the caller knows already. Only that generation's row of keys is read, because background functions
    /// may not read others.
    ///
    /// # Errors
    /// As for [`Self::open`]. Fenced if the integration is in another generation now.
    pub async fn of_generation(
        store: &'a dyn ViewStore,
        keyring: &'a dyn Keys,
        scope: &Scope,
    ) -> Outcome<Self> {
        let which = Which {
            tenant: scope.tenant.clone(),
            integration: scope.integration.clone(),
        };
        let (origin, suppressions_edition) = try_join!(
            store.origin(&which),
            store.suppressions_edition(&scope.tenant)
        )?;
        let origin = Origin::with_copy(origin)?;
        if origin.scope != *scope {
            return Err(Fault::of(Code::IntegrationOtherGeneration));
        }
        let keys = keyring.open(scope).await?;
        Self::with((store, keyring), origin, keys, suppressions_edition)
    }

    fn with(
        (store, keyring): (&'a dyn ViewStore, &'a dyn Keys),
        origin: Origin,
        keys: Option<Arc<GenerationKeys>>,
        suppressions_edition: u64,
    ) -> Outcome<Self> {
        Ok(Self {
            store,
            keyring,
            suppressions_edition,
            keys: keys.ok_or_else(|| Fault::of(Code::KeysLost))?,
            origin,
        })
    }

    /// Returns the scope of the copy.
    pub fn scope(&self) -> &Scope {
        &self.origin.scope
    }

    /// Returns a record's id in the copy's spelling.
    ///
    /// # Errors
    /// Permanent if it cannot be an id of this CRM: `record.id_misspelt`.
    pub fn spelt(&self, id: &RecordId) -> Outcome<RecordId> {
        let spelt = self.origin.provider.spelling().one(id);
        spelt.map_err(|fault| fault.within("/record"))
    }

    /// Returns the freshness of the copy per object.
    ///
    /// # Errors
    /// The fault of the store.
    pub async fn freshness(&self) -> Outcome<Freshness> {
        let progress = self.store.progress(self.scope()).await?;
        let fresh = progress.into_iter().map(|progress| ObjectFreshness {
            object: progress.object,
            confirmed: progress.summary.verified_at,
            records: progress.held,
        });
        Ok(Freshness(fresh.collect()))
    }

    pub(crate) fn opener(&self) -> Outcome<Opener> {
        Opener::new(&self.keys.sealing).map_err(Fault::from)
    }

    /// Returns the tenant's suppressions as they were when the view was opened, or later.
    ///
    /// # Errors
    /// The fault of the store or the keys.
    pub async fn suppressions(&self) -> Outcome<Suppressions> {
        let tenant = &self.scope().tenant;
        Suppressions::at(self.store, self.keyring, tenant, self.suppressions_edition).await
    }
}
