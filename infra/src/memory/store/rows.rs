//! The rows, and the fence.

use std::collections::BTreeMap;

use domain::{
    allowance::StoredAllowance,
    audit::{AuditEntry, AuditPlace},
    exports::Export,
    fault::{Code, Fault, Kind, Outcome},
    integration::{Integration, Which},
    offboarding::Offboarding,
    ports::{Fingerprint, Known, Lookups, StoredDecision, StoredIntent},
    progress::{Progress, Quarantined, RunReport},
    record::{Object, RecordId},
    removal::{Removal, SignedReceipt},
    seal::{KeyedHash, Sealed},
    tenant::{ExportId, IntegrationId, RunId, Scope, TenantId},
    vanished::{Decided, Vanished},
};
use jiff::Timestamp;
use matching::RelationStatus;

use super::{ordered::Integrations, register::LegalRows};

/// The place of a record.
pub(super) type RecordKey = (Scope, Object, RecordId);
/// The place of a page.
pub(super) type PageKey = (Scope, RunId, Object, u64);

/// What intents leave in the Ledger.
#[derive(Default)]
pub(super) struct IntentRows {
    pub(super) intents: BTreeMap<(Scope, KeyedHash), StoredIntent>,
    pub(super) makers: BTreeMap<(Scope, Object, RecordId), KeyedHash>,
}

/// All rows of the store.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) integrations: Integrations,
    /// The end of each integration's last run that was in order, or when it was connected.
    pub(super) verified: BTreeMap<(TenantId, IntegrationId), Timestamp>,
    /// The deadline of the last slice that began on each open run.
    pub(super) worked: BTreeMap<(TenantId, IntegrationId), Timestamp>,
    /// Consents that were begun, by the hashes of their states.
    pub(super) states: BTreeMap<(TenantId, String), Sealed>,
    /// What tenants say about themselves.
    pub(super) controllers: BTreeMap<TenantId, Sealed>,
    /// Tenants' allowances, and what they have used.
    pub(super) allowances: BTreeMap<TenantId, StoredAllowance>,
    /// Offboardings of tenants that have ended.
    pub(super) offboardings: BTreeMap<TenantId, Offboarding>,
    /// The audit.
    pub(super) audit: BTreeMap<(TenantId, AuditPlace), AuditEntry>,
    /// Who renews a grant, and until when.
    pub(super) renewals: BTreeMap<Scope, (String, Timestamp)>,
    pub(super) progress: BTreeMap<(Scope, Object), Progress>,
    pub(super) runs: BTreeMap<(Scope, RunId), RunReport>,
    pub(super) quarantine: BTreeMap<(Scope, Object, String), (RunId, Quarantined)>,
    pub(super) records: BTreeMap<RecordKey, Row>,
    pub(super) relations: BTreeMap<(RecordKey, KeyedHash), (RelationStatus, u16)>,
    pub(super) links: BTreeMap<(RecordKey, KeyedHash), Sealed>,
    pub(super) decisions: BTreeMap<(RecordKey, KeyedHash), StoredDecision>,
    /// The records that others were merged into.
    pub(super) merged: BTreeMap<RecordKey, RecordId>,
    pub(super) bodies: BTreeMap<RecordKey, Sealed>,
    pub(super) intents: IntentRows,
    pub(super) legal: LegalRows,
    /// Held-back deletions: the run that held each back, and its state.
    pub(super) held_back: BTreeMap<RecordKey, (RunId, Vanished)>,
    /// The last decision about them.
    pub(super) decided: BTreeMap<Scope, Decided>,
    pub(super) pages: BTreeMap<PageKey, Sealed>,
    /// Exported files, by name.
    pub(super) exports: BTreeMap<(Scope, String), Vec<u8>>,
    /// Parts of unfinished uploads by number, by file name and upload.
    pub(super) uploads: BTreeMap<(Scope, String, String), BTreeMap<u32, Vec<u8>>>,
    pub(super) exporting: BTreeMap<(Scope, ExportId), Exporting>,
    pub(super) removals: BTreeMap<Scope, Underway>,
    pub(super) receipts: BTreeMap<Scope, SignedReceipt>,
}

/// A removal, who works on it, and until when.
#[derive(Clone)]
pub(super) struct Underway {
    pub(super) removal: Removal,
    pub(super) lease: Option<(String, Timestamp)>,
}

/// An export, who works on it, and until when.
pub(super) struct Exporting {
    pub(super) export: Export,
    pub(super) lease: Option<(String, Timestamp)>,
}

/// A record's item.
pub(super) struct Row {
    pub(super) known: Known,
    /// The fingerprint of the relations beside it. `None` if it has no relations.
    pub(super) fingerprint: Option<Fingerprint>,
    pub(super) lookups: Lookups,
    /// The sealed body. `None` if it lies beside the item.
    pub(super) sealed: Option<Sealed>,
    pub(super) projection: Option<Sealed>,
}

impl Rows {
    /// Returns the integration if it is connected, in this generation, and leased to `holder`.
    pub(super) fn fenced(&mut self, scope: &Scope, holder: &str) -> Outcome<&mut Integration> {
        let integration = self.admitted(scope)?;
        let lease = integration.lease.as_ref();
        if lease.is_some_and(|lease| lease.holder == holder) {
            Ok(integration)
        } else {
            Err(Fault::of(Code::LeaseNotOurs))
        }
    }

    /// Returns the integration if it is connected and in this generation.
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
