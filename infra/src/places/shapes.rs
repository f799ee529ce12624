//! The list of key shapes. A line says everything about one: where its keys lie and how they begin, and what a removal does
//! with it. Keys are made and recognised by this list, so that a line is all that a shape needs here.

use domain::{offboarding::Owned, removal::What};

use self::{
    Fate::{Counts, Outlives, Stays},
    Under::{Generation, Integration, Record, Root, Tenant, TenantSealed},
    Word::{Each, One},
};

/// What a removal of the generation does with a shape.
enum Fate {
    /// It stays until the tenant ends: it is the tenant's own data. The end of the tenant counts it as this.
    Outlives(Owned),
    /// It stays for ever: it proves what was done.
    Stays,
    /// It is deleted, and counted as this. A row that expires by itself in the tenant's partition has this, too: no removal sweeps it.
    Counts(What),
}

/// Where the word of a shape stands in its keys.
#[derive(Clone, Copy)]
enum Under {
    /// At the beginning of the sort key, in a tenant's own partition.
    Tenant(Word),
    /// The same, and the tenant's own keys seal or hash the row.
    TenantSealed(Word),
    /// At the beginning of the sort key, in an integration's partition.
    Integration(Word),
    /// Behind the generation, in an integration's partition.
    Generation(Word),
    /// Behind the record's id, in a partition of records.
    Record(Word),
    /// At the beginning of an object's key, in a bucket.
    Root(Word),
}

/// The fixed text by which a shape is told.
#[derive(Clone, Copy)]
enum Word {
    /// There is one such key, and this is all of it.
    One(&'static str),
    /// There are many such keys, which begin with this.
    Each(&'static str),
}

macro_rules! shapes {
    ($($(#[doc = $doc:literal])* $shape:ident in $home:ident, $under:expr, $fate:expr;)*) => {
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

            const fn under(self) -> Under {
                match self {
                    $(Self::$shape => $under,)*
                }
            }

            /// Returns what a removal counts it as. `None` if it outlives the removal.
            pub fn counts_as(self) -> Option<What> {
                let fate = match self {
                    $(Self::$shape => $fate,)*
                };
                match fate {
                    Outlives(_) | Stays => None,
                    Counts(what) => Some(what),
                }
            }

            /// Returns what the end of a tenant counts it as. `None` if it stays.
            pub fn owned_as(self) -> Option<Owned> {
                let fate = match self {
                    $(Self::$shape => $fate,)*
                };
                match fate {
                    Outlives(owned) => Some(owned),
                    Stays => None,
                    Counts(_) => Some(Owned::Other),
                }
            }
        }
    };
}

shapes! {
    /// Ledger: the integration. It outlives a removal, without credentials.
    Integration in Ledger, Integration(One("INTEGRATION")), Outlives(Owned::Integration);
    /// Ledger, the tenant's own: the entry that lists an integration. It outlives a removal.
    Listed in Ledger, Tenant(Each("INTEGRATION#")), Outlives(Owned::Other);
    /// Ledger, the tenant's own: a consent that was begun, under its OAuth state. It expires by itself.
    State in Ledger, Tenant(Each("STATE#")), Counts(What::Row);
    /// Ledger: the progress of an object.
    Progress in Ledger, Generation(Each("OBJECT#")), Counts(What::Progress);
    /// Ledger: the report of a run.
    Run in Ledger, Generation(Each("RUN#")), Counts(What::Run);
    /// Ledger: a record that could not be kept.
    Quarantine in Ledger, Generation(Each("QUARANTINE#")), Counts(What::Quarantine);
    /// Ledger: an intent to create a record.
    Intent in Ledger, Generation(Each("INTENT#")), Counts(What::Intent);
    /// Ledger: the intent that made a record.
    Made in Ledger, Generation(Each("MADE#")), Counts(What::Row);
    /// Ledger: the progress of an export. It expires by itself.
    Exporting in Ledger, Generation(Each("EXPORT#")), Counts(What::Row);
    /// Ledger: the progress of a removal. It outlives the removal: counts and times.
    Removal in Ledger, Generation(One("REMOVAL")), Outlives(Owned::Other);
    /// Ledger: the receipt of a removal, under the tenant. It outlives everything.
    Receipt in Ledger, Tenant(Each("RECEIPT#")), Stays;
    /// Ledger: number and hash of a tenant's last receipt.
    ReceiptHead in Ledger, Tenant(One("RECEIPT")), Stays;
    /// Ledger, the tenant's own: the state of its offboarding, which says that it has ended. It outlives everything.
    Offboarding in Ledger, Tenant(One("OFFBOARDING")), Stays;
    /// Ledger: an audit entry under the tenant: who did what and when, with opaque ids.
    Audit in Ledger, Tenant(Each("AUDIT#")), Outlives(Owned::AuditEntry);
    /// Ledger: an assessment. The tenant's own data outlives every removal, so this shape and the next ones do.
    Assessment in Ledger, TenantSealed(Each("ASSESSMENT#")), Outlives(Owned::Assessment);
    /// Ledger: the numbers of a person's assessments.
    Assessed in Ledger, TenantSealed(Each("ASSESSED#")), Outlives(Owned::Other);
    /// Ledger: a version of an activity template.
    Template in Ledger, TenantSealed(Each("TEMPLATE#")), Outlives(Owned::Template);
    /// Ledger: a person's objection.
    Objection in Ledger, TenantSealed(Each("OBJECTION#")), Outlives(Owned::Objection);
    /// Ledger: the erasure of a person.
    Erasure in Ledger, TenantSealed(Each("ERASED#")), Outlives(Owned::Erasure);
    /// Ledger: a change of suppressions, in the chain of all of them.
    Change in Ledger, TenantSealed(Each("CHANGED#")), Outlives(Owned::Other);
    /// Ledger: the edition of a tenant's suppressions, which is a number, and the head of the chain of changes.
    Suppressions in Ledger, TenantSealed(One("MARKS")), Outlives(Owned::Other);
    /// Ledger, the tenant's own: what it says about itself as the controller.
    Controller in Ledger, TenantSealed(One("CONTROLLER")), Outlives(Owned::Controller);
    /// Ledger, the tenant's own: the check value of its keys. It outlives every removal, as the keys do.
    TenantKeyCheck in Ledger, Tenant(One("KEYCHECK")), Outlives(Owned::Other);
    /// Ledger, the tenant's own: its allowance, and what it has used of it. It outlives every removal, so that removing and connecting
    /// again gives no new allowance.
    Allowance in Ledger, Tenant(One("ALLOWANCE")), Outlives(Owned::Other);
    /// Ledger: a user's decision about a relation.
    Decision in Ledger, Generation(Each("DECISION#")), Counts(What::Decision);
    /// Ledger: the record into which another one was merged.
    Merged in Ledger, Generation(Each("MERGED#")), Counts(What::Row);
    /// Ledger: a held-back deletion.
    HeldBack in Ledger, Generation(Each("HELD#")), Counts(What::Row);
    /// Ledger: the last decision about held-back deletions.
    DeletionsDecided in Ledger, Generation(One("DECIDED")), Counts(What::Row);
    /// Copies: a record. Nothing follows its id.
    Record in Copies, Record(One("")), Counts(What::Record);
    /// Copies: a relation, beside its record.
    Relation in Copies, Record(Each("R#")), Counts(What::Relation);
    /// Keys: a generation's wrapped keys.
    Key in Keys, Generation(Each("v")), Counts(What::Key);
    /// TenantKeys: a tenant's wrapped keys. They outlive every removal.
    TenantKey in TenantKeys, Tenant(One("TENANT#v1")), Outlives(Owned::Other);
    /// Pages: a page as the CRM sent it.
    Page in Pages, Root(Each("pages/")), Counts(What::Page);
    /// Pages: a body too large for an item.
    Body in Pages, Root(Each("bodies/")), Counts(What::Body);
    /// Pages: an exported file.
    Export in Pages, Root(Each("exports/")), Counts(What::Export);
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
    /// Table TenantKeys.
    TenantKeys,
    /// Bucket Pages.
    Pages,
}

impl Shape {
    /// Returns the shape of a stored key. `None` if it has no known shape. The key is a partition and sort key, or an
    /// object's key and "".
    pub fn of(home: Home, key: &str, sort: &str) -> Option<Self> {
        let mut shapes = Self::ALL.iter().copied();
        shapes.find(|shape| shape.home() == home && shape.under().has(key, sort))
    }

    /// Returns the fixed text of its keys: all of them, or how they begin.
    pub const fn word(self) -> &'static str {
        match self.under() {
            Tenant(word) | TenantSealed(word) | Integration(word) | Generation(word)
            | Record(word) | Root(word) => word.text(),
        }
    }

    /// Returns the words of all shapes in Ledger whose rows a tenant's own keys seal or hash.
    pub fn under_tenant_keys() -> impl Iterator<Item = &'static str> {
        let shapes = Self::ALL.iter();
        let sealed = shapes.filter(|shape| matches!(shape.under(), TenantSealed(_)));
        sealed.map(|shape| shape.word())
    }
}

impl Under {
    fn has(self, key: &str, sort: &str) -> bool {
        let parts = || key.strip_prefix("T#").map(|rest| rest.split('#').count());
        let behind = || sort.split_once('#').map(|(_, rest)| rest);
        match self {
            Tenant(word) | TenantSealed(word) => parts() == Some(1) && word.fits(sort),
            Integration(word) => parts() == Some(2) && word.fits(sort),
            Generation(word) => parts() == Some(2) && behind().is_some_and(|rest| word.fits(rest)),
            // The key of a record ends with its id.
            Record(word) => parts().is_some() && word.fits(behind().unwrap_or_default()),
            Root(word) => word.fits(key),
        }
    }
}

impl Word {
    const fn text(self) -> &'static str {
        match self {
            One(text) | Each(text) => text,
        }
    }

    fn fits(self, text: &str) -> bool {
        match self {
            One(all) => text == all,
            Each(beginning) => text.starts_with(beginning),
        }
    }
}

#[cfg(test)]
mod tests;
