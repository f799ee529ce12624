//! The copy's list of ids, for whoever compares it with the CRM's.

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
    /// Ids in the copy, some at a time, each held against the relations that lie beside it; `after` continues an earlier answer.
    async fn held(
        &self,
        scope: &Scope,
        object: Object,
        after: Option<&HeldToken>,
    ) -> Outcome<Listed>;

    /// Takes out relations that lie beside no record.
    async fn drop_orphans(
        &self,
        scope: &Scope,
        object: Object,
        orphans: &[(RecordId, KeyedHash)],
    ) -> Outcome<()>;
}

/// Where a list of ids goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldToken(pub String);
