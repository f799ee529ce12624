//! The copy's list of ids, for reconciliation with the CRM.

use super::Listed;
use crate::{
    fault::Outcome,
    record::{Object, RecordId},
    seal::KeyedHash,
    tenant::Scope,
};

/// The ids in Copies.
#[port::port]
pub trait Comparing: Send + Sync {
    /// Returns some of the ids in the copy, each with the result of comparing its relations. `after` continues an earlier list.
    async fn held(
        &self,
        scope: &Scope,
        object: Object,
        after: Option<&HeldToken>,
    ) -> Outcome<Listed>;

    /// Deletes relations that belong to no record.
    async fn drop_orphans(
        &self,
        scope: &Scope,
        object: Object,
        orphans: &[(RecordId, KeyedHash)],
    ) -> Outcome<()>;
}

/// Where a list of ids continues.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldToken(pub String);
