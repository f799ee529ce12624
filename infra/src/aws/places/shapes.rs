//! The list of key shapes: which there are, where each is, whether a removal takes it, and which shape a key has.

use super::{
    integrations::INTEGRATION,
    tenants::{CONTROLLER, MARKS, RECEIPT_HEAD, TENANT_KEY, TENANT_KEY_CHECK},
};

/// A shape of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Ledger: the integration. It outlives a removal, without credentials.
    Integration,
    /// Ledger, the tenant's own: the entry that lists an integration. It outlives a removal.
    Listed,
    /// Ledger, the tenant's own: a consent that was begun, under its OAuth state. It expires by itself.
    State,
    /// Ledger: the progress of an object.
    Progress,
    /// Ledger: the report of a run.
    Run,
    /// Ledger: a record that could not be kept.
    Quarantine,
    /// Ledger: an intent to create a record.
    Intent,
    /// Ledger: the intent that made a record.
    Made,
    /// Ledger: the progress of an export. It expires by itself.
    Exporting,
    /// Ledger: the progress of a removal. It outlives the removal: counts and times.
    Removal,
    /// Ledger: the receipt of a removal, under the tenant. It outlives everything.
    Receipt,
    /// Ledger: number and hash of a tenant's last receipt.
    ReceiptHead,
    /// Ledger: an audit entry under the tenant: who did what and when, with opaque ids.
    Audit,
    /// Ledger: an assessment. The tenant's own data outlives every removal, so this shape and the next ones do.
    Assessment,
    /// Ledger: the numbers of a person's assessments.
    Assessed,
    /// Ledger: a version of an activity template.
    Template,
    /// Ledger: a person's objection.
    Objection,
    /// Ledger: the erasure of a person.
    Erasure,
    /// Ledger: the edition of a tenant's suppressions, which is a number.
    Suppressions,
    /// Ledger, the tenant's own: what it says about itself as the controller.
    Controller,
    /// Ledger, the tenant's own: the check value of its keys. It outlives every removal, as the keys do.
    TenantKeyCheck,
    /// Ledger: a user's decision about a relation.
    Decision,
    /// Ledger: the record into which another one was merged.
    Merged,
    /// Ledger: a held-back deletion.
    HeldBack,
    /// Ledger: the last decision about held-back deletions.
    DeletionsDecided,
    /// Copies: a record.
    Record,
    /// Copies: a relation, beside its record.
    Relation,
    /// Keys: a generation's wrapped keys.
    Key,
    /// Keys: a tenant's wrapped keys. They outlive every removal.
    TenantKey,
    /// Pages: a page as the CRM sent it.
    Page,
    /// Pages: a body too large for an item.
    Body,
    /// Pages: an exported file.
    Export,
}

/// The table or bucket that holds a shape's keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// Table Ledger.
    Ledger,
    /// Table Copies.
    Copies,
    /// Table Keys.
    Keys,
    /// Bucket Pages.
    Pages,
}

impl Shape {
    /// All shapes.
    pub const ALL: [Self; 32] = [
        Self::Integration,
        Self::Listed,
        Self::State,
        Self::Progress,
        Self::Run,
        Self::Quarantine,
        Self::Intent,
        Self::Made,
        Self::Exporting,
        Self::Removal,
        Self::Receipt,
        Self::ReceiptHead,
        Self::Audit,
        Self::Assessment,
        Self::Assessed,
        Self::Template,
        Self::Objection,
        Self::Erasure,
        Self::Suppressions,
        Self::Controller,
        Self::TenantKeyCheck,
        Self::Decision,
        Self::Merged,
        Self::HeldBack,
        Self::DeletionsDecided,
        Self::Record,
        Self::Relation,
        Self::Key,
        Self::TenantKey,
        Self::Page,
        Self::Body,
        Self::Export,
    ];

    /// Returns the table or bucket of the shape's keys.
    pub fn home(self) -> Home {
        match self {
            Self::Integration
            | Self::Listed
            | Self::State
            | Self::Progress
            | Self::Run
            | Self::Quarantine
            | Self::Intent
            | Self::Made
            | Self::Exporting
            | Self::Removal
            | Self::Receipt
            | Self::ReceiptHead
            | Self::Audit
            | Self::Assessment
            | Self::Assessed
            | Self::Template
            | Self::Objection
            | Self::Erasure
            | Self::Suppressions
            | Self::Controller
            | Self::TenantKeyCheck
            | Self::Decision
            | Self::Merged
            | Self::HeldBack
            | Self::DeletionsDecided => Home::Ledger,
            Self::Record | Self::Relation => Home::Copies,
            Self::Key | Self::TenantKey => Home::Keys,
            Self::Page | Self::Body | Self::Export => Home::Pages,
        }
    }

    /// Returns whether the shape stays after its generation was removed. Such shapes are the tenant's own data, or
    /// prove what was done.
    pub fn outlives_removal(self) -> bool {
        matches!(
            self,
            Self::Integration
                | Self::Removal
                | Self::Receipt
                | Self::ReceiptHead
                | Self::Audit
                | Self::TenantKey
                | Self::Assessment
                | Self::Assessed
                | Self::Template
                | Self::Objection
                | Self::Erasure
                | Self::Suppressions
                | Self::Controller
                | Self::TenantKeyCheck
        )
    }

    /// Returns the shape of a stored key. `None` if it has no known shape. The key is a partition and sort key, or an
    /// object's key and "".
    pub fn of(home: Home, key: &str, sort: &str) -> Option<Self> {
        let after = |prefix: &str| key.strip_prefix(prefix);
        let part = |n: usize| sort.split('#').nth(n);
        match home {
            Home::Ledger | Home::Keys | Home::Copies => {
                after("T#")?;
                match home {
                    Home::Copies if part(1) == Some("R") => Some(Self::Relation),
                    Home::Copies if !sort.contains('#') => Some(Self::Record),
                    Home::Keys if sort == TENANT_KEY => Some(Self::TenantKey),
                    Home::Keys if part(1)?.starts_with('v') => Some(Self::Key),
                    Home::Ledger if sort == INTEGRATION => Some(Self::Integration),
                    // The tenant's own partition, which outlives integrations.
                    Home::Ledger if key.split('#').count() == 2 => match part(0)? {
                        RECEIPT_HEAD if !sort.contains('#') => Some(Self::ReceiptHead),
                        "RECEIPT" => Some(Self::Receipt),
                        "AUDIT" => Some(Self::Audit),
                        "INTEGRATION" => Some(Self::Listed),
                        "STATE" => Some(Self::State),
                        "ASSESSMENT" => Some(Self::Assessment),
                        "ASSESSED" => Some(Self::Assessed),
                        "TEMPLATE" => Some(Self::Template),
                        "OBJECTION" => Some(Self::Objection),
                        "ERASED" => Some(Self::Erasure),
                        MARKS if !sort.contains('#') => Some(Self::Suppressions),
                        CONTROLLER if !sort.contains('#') => Some(Self::Controller),
                        TENANT_KEY_CHECK if !sort.contains('#') => Some(Self::TenantKeyCheck),
                        _ => None,
                    },
                    Home::Ledger => match part(1)? {
                        "OBJECT" => Some(Self::Progress),
                        "RUN" => Some(Self::Run),
                        "QUARANTINE" => Some(Self::Quarantine),
                        "INTENT" => Some(Self::Intent),
                        "MADE" => Some(Self::Made),
                        "EXPORT" => Some(Self::Exporting),
                        "REMOVAL" => Some(Self::Removal),
                        "DECISION" => Some(Self::Decision),
                        "MERGED" => Some(Self::Merged),
                        "HELD" => Some(Self::HeldBack),
                        "DECIDED" => Some(Self::DeletionsDecided),
                        _ => None,
                    },
                    _ => None,
                }
            }
            Home::Pages if key.starts_with("pages/") => Some(Self::Page),
            Home::Pages if key.starts_with("bodies/") => Some(Self::Body),
            Home::Pages if key.starts_with("exports/") => Some(Self::Export),
            Home::Pages => None,
        }
    }
}
