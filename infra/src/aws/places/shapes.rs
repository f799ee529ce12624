//! The list of key shapes: which there are, where each is, what a removal does with it, and which shape a key has.

use domain::removal::What;

use self::Fate::{Counts, Outlives};
use super::{
    integrations::INTEGRATION,
    tenants::{CONTROLLER, MARKS, RECEIPT_HEAD, TENANT_KEY, TENANT_KEY_CHECK},
};

/// What a removal of the generation does with a shape.
enum Fate {
    /// It stays: it is the tenant's own data, or proves what was done.
    Outlives,
    /// It is deleted, and counted as this.
    Counts(What),
}

macro_rules! shapes {
    ($($(#[doc = $doc:literal])* $shape:ident in $home:ident, $fate:expr;)*) => {
        /// A shape of keys.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Shape {
            $($(#[doc = $doc])* $shape,)*
        }

        impl Shape {
            /// All shapes.
            pub const ALL: &[Self] = &[$(Self::$shape),*];

            /// Returns the table or bucket of the shape's keys.
            pub fn home(self) -> Home {
                match self {
                    $(Self::$shape => Home::$home,)*
                }
            }

            /// Returns what a removal counts it as. `None` if it outlives the removal.
            pub fn counts_as(self) -> Option<What> {
                let fate = match self {
                    $(Self::$shape => $fate,)*
                };
                match fate {
                    Outlives => None,
                    Counts(what) => Some(what),
                }
            }
        }
    };
}

shapes! {
    /// Ledger: the integration. It outlives a removal, without credentials.
    Integration in Ledger, Outlives;
    /// Ledger, the tenant's own: the entry that lists an integration. It outlives a removal.
    Listed in Ledger, Outlives;
    /// Ledger, the tenant's own: a consent that was begun, under its OAuth state. It expires by itself.
    State in Ledger, Counts(What::Row);
    /// Ledger: the progress of an object.
    Progress in Ledger, Counts(What::Progress);
    /// Ledger: the report of a run.
    Run in Ledger, Counts(What::Run);
    /// Ledger: a record that could not be kept.
    Quarantine in Ledger, Counts(What::Quarantine);
    /// Ledger: an intent to create a record.
    Intent in Ledger, Counts(What::Intent);
    /// Ledger: the intent that made a record.
    Made in Ledger, Counts(What::Row);
    /// Ledger: the progress of an export. It expires by itself.
    Exporting in Ledger, Counts(What::Row);
    /// Ledger: the progress of a removal. It outlives the removal: counts and times.
    Removal in Ledger, Outlives;
    /// Ledger: the receipt of a removal, under the tenant. It outlives everything.
    Receipt in Ledger, Outlives;
    /// Ledger: number and hash of a tenant's last receipt.
    ReceiptHead in Ledger, Outlives;
    /// Ledger: an audit entry under the tenant: who did what and when, with opaque ids.
    Audit in Ledger, Outlives;
    /// Ledger: an assessment. The tenant's own data outlives every removal, so this shape and the next ones do.
    Assessment in Ledger, Outlives;
    /// Ledger: the numbers of a person's assessments.
    Assessed in Ledger, Outlives;
    /// Ledger: a version of an activity template.
    Template in Ledger, Outlives;
    /// Ledger: a person's objection.
    Objection in Ledger, Outlives;
    /// Ledger: the erasure of a person.
    Erasure in Ledger, Outlives;
    /// Ledger: the edition of a tenant's suppressions, which is a number.
    Suppressions in Ledger, Outlives;
    /// Ledger, the tenant's own: what it says about itself as the controller.
    Controller in Ledger, Outlives;
    /// Ledger, the tenant's own: the check value of its keys. It outlives every removal, as the keys do.
    TenantKeyCheck in Ledger, Outlives;
    /// Ledger: a user's decision about a relation.
    Decision in Ledger, Counts(What::Decision);
    /// Ledger: the record into which another one was merged.
    Merged in Ledger, Counts(What::Row);
    /// Ledger: a held-back deletion.
    HeldBack in Ledger, Counts(What::Row);
    /// Ledger: the last decision about held-back deletions.
    DeletionsDecided in Ledger, Counts(What::Row);
    /// Copies: a record.
    Record in Copies, Counts(What::Record);
    /// Copies: a relation, beside its record.
    Relation in Copies, Counts(What::Relation);
    /// Keys: a generation's wrapped keys.
    Key in Keys, Counts(What::Key);
    /// Keys: a tenant's wrapped keys. They outlive every removal.
    TenantKey in Keys, Outlives;
    /// Pages: a page as the CRM sent it.
    Page in Pages, Counts(What::Page);
    /// Pages: a body too large for an item.
    Body in Pages, Counts(What::Body);
    /// Pages: an exported file.
    Export in Pages, Counts(What::Export);
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
