//! A cache of suppressions, valid until their edition changes. Otherwise each request about 100 companies would read
//! all suppressions of its tenant.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use domain::{ports::Suppressed, seal::KeyedHash, tenant::TenantId};

/// How many tenants' suppressions are remembered at most. Some ten thousand suppressions take a megabyte.
const TENANTS: usize = 32;

type Standing = Arc<HashMap<KeyedHash, Suppressed>>;

/// Suppressions by tenant, each with the edition at which they were read.
#[derive(Default)]
pub(super) struct RememberedSuppressions(Mutex<HashMap<TenantId, (u64, Standing)>>);

impl RememberedSuppressions {
    /// Returns the suppressions of this edition. `None` if they are not remembered.
    pub(super) fn of(&self, tenant: &TenantId, edition: u64) -> Option<Standing> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (read, standing) = all.get(tenant)?;
        (*read == edition).then(|| Arc::clone(standing))
    }

    /// Remembers the suppressions that were read at an edition.
    pub(super) fn remember(
        &self,
        tenant: &TenantId,
        edition: u64,
        standing: HashMap<KeyedHash, Suppressed>,
    ) -> Standing {
        let standing = Arc::new(standing);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= TENANTS && !all.contains_key(tenant) {
            all.clear();
        }
        all.insert(tenant.clone(), (edition, Arc::clone(&standing)));
        standing
    }
}
