//! The rows, and the fence.

use std::collections::BTreeMap;

use domain::{
    exports::Export,
    fault::{Code, Fault, Kind, Outcome},
    integration::{Integration, Which},
    ports::{Fingerprint, Known, Lookups, StoredDecision},
    progress::{Progress, Quarantined, RunReport},
    record::{Object, RecordId},
    removal::{Removal, SignedReceipt},
    seal::{KeyedHash, Sealed},
    tenant::{ExportId, IntegrationId, RunId, Scope, TenantId},
    vanished::{Decided, Vanished},
};
use jiff::Timestamp;
use matching::RelationStatus;

use super::{intents::IntentRows, legal::LegalRows};

/// Where a record is.
pub(super) type RecordKey = (Scope, Object, RecordId);
/// Where a page is.
pub(super) type PageKey = (Scope, RunId, Object, u64);

/// All that is stored.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) integrations: BTreeMap<(TenantId, IntegrationId), Integration>,
    /// What was begun, by the hashes of states.
    pub(super) states: BTreeMap<(TenantId, String), Sealed>,
    /// What tenants said of themselves.
    pub(super) controllers: BTreeMap<TenantId, Sealed>,
    /// Who renews a grant, and until when.
    pub(super) renewals: BTreeMap<Scope, (String, Timestamp)>,
    pub(super) progress: BTreeMap<(Scope, Object), Progress>,
    pub(super) runs: BTreeMap<(Scope, RunId), RunReport>,
    pub(super) quarantine: BTreeMap<(Scope, Object, String), (RunId, Quarantined)>,
    pub(super) records: BTreeMap<RecordKey, Row>,
    pub(super) relations: BTreeMap<(RecordKey, KeyedHash), (RelationStatus, u16)>,
    pub(super) links: BTreeMap<(RecordKey, KeyedHash), Sealed>,
    pub(super) decisions: BTreeMap<(RecordKey, KeyedHash), StoredDecision>,
    /// What records were merged into.
    pub(super) merged: BTreeMap<RecordKey, RecordId>,
    pub(super) bodies: BTreeMap<RecordKey, Sealed>,
    pub(super) intents: IntentRows,
    pub(super) legal: LegalRows,
    /// Deletions that are held back: the run that did, and what became of them.
    pub(super) held_back: BTreeMap<RecordKey, (RunId, Vanished)>,
    /// What was said about them last.
    pub(super) decided: BTreeMap<Scope, Decided>,
    pub(super) pages: BTreeMap<PageKey, Sealed>,
    /// Files that were exported, by name.
    pub(super) exports: BTreeMap<(Scope, String), Vec<u8>>,
    /// What was uploaded of files that are not whole, by name and upload: parts by number.
    pub(super) uploads: BTreeMap<(Scope, String, String), BTreeMap<u32, Vec<u8>>>,
    pub(super) exporting: BTreeMap<(Scope, ExportId), Exporting>,
    pub(super) removals: BTreeMap<Scope, Underway>,
    pub(super) receipts: BTreeMap<Scope, SignedReceipt>,
}

/// A removal, and who works on it until when.
#[derive(Clone)]
pub(super) struct Underway {
    pub(super) removal: Removal,
    pub(super) lease: Option<(String, Timestamp)>,
}

/// An export, and who works on it until when.
pub(super) struct Exporting {
    pub(super) export: Export,
    pub(super) lease: Option<(String, Timestamp)>,
}

/// A record's item.
pub(super) struct Row {
    pub(super) known: Known,
    /// Of the relations beside it; none where there are none.
    pub(super) fingerprint: Option<Fingerprint>,
    pub(super) lookups: Lookups,
    /// None, where the body lies beside the item.
    pub(super) sealed: Option<Sealed>,
    pub(super) projection: Option<Sealed>,
}

impl Rows {
    /// The integration, if it is connected, in this generation, and leased to `holder`.
    pub(super) fn fenced(&mut self, scope: &Scope, holder: &str) -> Outcome<&mut Integration> {
        let integration = self.admitted(scope)?;
        let lease = integration.lease.as_ref();
        if lease.is_some_and(|lease| lease.holder == holder) {
            Ok(integration)
        } else {
            Err(Fault::of(Code::LeaseNotOurs))
        }
    }

    /// The integration, if it is connected and in this generation.
    pub(super) fn admitted(&mut self, scope: &Scope) -> Outcome<&mut Integration> {
        self.integrations
            .get_mut(&(scope.tenant.clone(), scope.integration.clone()))
            .filter(|integration| integration.admits(scope))
            .ok_or_else(|| Fault::of(Code::IntegrationNotConnected).with_kind(Kind::Fenced))
    }

    pub(super) fn integration(&self, which: &Which) -> Option<&Integration> {
        self.integrations
            .get(&(which.tenant.clone(), which.integration.clone()))
    }
}
