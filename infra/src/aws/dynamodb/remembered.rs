//! Suppressions on people that were read, until there is another edition of them: a question about 100 companies would otherwise
//! read all of a tenant's suppressions each time.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use domain::{ports::Suppressed, seal::KeyedHash, tenant::TenantId};

/// Tenants whose suppressions are remembered, at most. Some ten thousand suppressions take a megabyte.
const TENANTS: usize = 32;

type Standing = Arc<HashMap<KeyedHash, Suppressed>>;

/// Suppressions by tenant, each of one edition.
#[derive(Default)]
pub(super) struct RememberedSuppressions(Mutex<HashMap<TenantId, (u64, Standing)>>);

impl RememberedSuppressions {
    /// The suppressions of this very edition.
    pub(super) fn of(&self, tenant: &TenantId, edition: u64) -> Option<Standing> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (read, standing) = all.get(tenant)?;
        (*read == edition).then(|| Arc::clone(standing))
    }

    /// Remembers what was read for an edition.
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
