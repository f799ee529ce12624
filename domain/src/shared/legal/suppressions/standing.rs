//! All suppressions of a tenant at once.

use std::{collections::HashMap, sync::Arc};

use futures::future::try_join;

use super::{any, of_record};
use crate::{
    fault::Outcome,
    person::Person,
    ports::{Keys, Legal, Suppressed, tenant_keys::lost},
    record::{Object, RecordId},
    seal::{HashKind, KeyedHash, TenantKeys},
    tenant::{IntegrationId, TenantId},
};

/// All suppressions of a tenant, for a page or a slice that has many more records than there are suppressions.
#[derive(Clone, Default)]
pub struct Suppressions {
    keys: Option<Arc<TenantKeys>>,
    edition: u64,
    standing: Arc<HashMap<KeyedHash, Suppressed>>,
}

impl Suppressions {
    /// Reads all suppressions in force.
    ///
    /// # Errors
    /// The fault of the store or the keys.
    pub async fn load(
        legal: &(impl Legal + ?Sized),
        keys: &(impl Keys + ?Sized),
        tenant: &TenantId,
    ) -> Outcome<Self> {
        let edition = legal.suppressions_edition(tenant).await?;
        Self::at(legal, keys, tenant, edition).await
    }

    /// Reads the suppressions that were in force at `edition` or later. At 0 it reads them, too: either nobody was ever suppressed, or
    /// the row that counts editions was lost.
    ///
    /// # Errors
    /// The fault of the store or the keys.
    pub async fn at(
        legal: &(impl Legal + ?Sized),
        keys: &(impl Keys + ?Sized),
        tenant: &TenantId,
        edition: u64,
    ) -> Outcome<Self> {
        if edition == 0 && legal.all_suppressed(tenant, 0).await?.is_empty() {
            return Ok(Self::default());
        }
        let (keys, standing) = try_join(
            keys.tenant_if_made(tenant),
            legal.all_suppressed(tenant, edition),
        )
        .await?;
        // Without keys the suppressions could not be checked, and nobody would be hidden.
        let keys = keys.ok_or_else(|| lost("there are suppressions, and no keys"))?;
        Ok(Self {
            keys: Some(keys),
            edition,
            standing,
        })
    }

    /// Returns the edition at which they were read.
    pub fn edition(&self) -> u64 {
        self.edition
    }

    /// Returns whether nobody is suppressed. Then callers need not extract people from records.
    pub fn is_empty(&self) -> bool {
        self.standing.is_empty()
    }

    /// Returns a text that differs for different sets of erasures. Objections are not part of it, because they remove nothing from
    /// the copy.
    pub fn fingerprint(&self) -> String {
        let erased = self
            .standing
            .iter()
            .filter(|(_, suppressed)| suppressed.erased);
        let mut all: Vec<String> = erased.map(|(hash, _)| hash.to_string()).collect();
        all.sort_unstable();
        match &self.keys {
            Some(keys) if !all.is_empty() => keys
                .index
                .hash(HashKind::Objection, &all.join(","))
                .to_string(),
            _ => String::new(),
        }
    }

    /// Returns the suppressions in force for a record itself.
    pub fn of_record(
        &self,
        integration: &IntegrationId,
        object: Object,
        id: &RecordId,
    ) -> Suppressed {
        match &self.keys {
            Some(keys) if !self.is_empty() => {
                let hash = of_record(keys, integration, object, id);
                self.standing.get(&hash).copied().unwrap_or_default()
            }
            _ => Suppressed::default(),
        }
    }

    /// Returns whether somebody of this name is suppressed, at any company.
    pub fn have_namesake(&self, person: &Person) -> bool {
        let Some(keys) = self.keys.as_ref().filter(|_| !self.is_empty()) else {
            return false;
        };
        let hash = person.namesakes(keys);
        hash.is_some_and(|hash| self.standing.contains_key(&hash))
    }

    /// Returns the suppressions in force for a person.
    pub fn of(&self, person: &Person) -> Suppressed {
        match &self.keys {
            Some(keys) if !self.is_empty() => {
                any(&person.sought(keys, HashKind::Objection), &self.standing)
            }
            _ => Suppressed::default(),
        }
    }
}
