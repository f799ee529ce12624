//! The offboarding of a tenant: its state, what it deletes, and its receipt.
//!
//! The state lies in the Ledger from the first step on, and for ever: it is what says that the tenant has ended. It has ids, counts and
//! times, and no personal data.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::named::named;
use crate::{
    fault::{Code, Fault, Outcome},
    removal::{Asked, ReceiptHead, canonical, receipt::LONGEST},
    tenant::TenantId,
};

/// The version of the receipt's form. It changes whenever the meaning of a member changes.
pub const FORMAT: u32 = 1;

named! {
    /// What an offboarding counts a row as. Rows that prove what was deleted are none of these: they stay.
    Owned;
    /// The row of an integration that was removed.
    Integration = "integrations";
    /// An assessment.
    Assessment = "assessments";
    /// A version of an activity template.
    Template = "templates";
    /// An objection.
    Objection = "objections";
    /// The erasure of a person.
    Erasure = "erasures";
    /// An audit entry.
    AuditEntry = "audit_entries";
    /// What the tenant said about itself as the controller.
    Controller = "controller";
    /// Any other row: indexes, counters, progress of removals.
    Other = "other_rows";
}

named! {
    /// What an offboarding that has no receipt yet is at.
    EndStage;
    /// The integrations are being removed, and nothing of the tenant is counted yet.
    Removing = "removing";
    /// Everything is counted, and what outlives integrations is being deleted.
    Deleting = "deleting";
}

/// An offboarding that has no receipt yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// The tenant.
    pub tenant: TenantId,
    /// When the end was asked for.
    pub asked: Timestamp,
    /// What it is at.
    pub stage: EndStage,
    /// Since when it is at that.
    pub since: Timestamp,
}

/// A row that an offboarding deletes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnedRow {
    /// What it is counted as.
    pub kind: Owned,
    /// Where the store has it.
    pub key: String,
}

/// The state of an offboarding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offboarding {
    /// Who asked, and when. From this time on the tenant has ended.
    pub asked: Asked,
    /// What the tenant had, counted before anything of it was deleted.
    pub counted: Option<Counted>,
    /// The receipt. `None` until everything is deleted.
    pub receipt: Option<TenantReceipt>,
}

/// What a tenant had when no writer could be active any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// The time of counting.
    pub at: Timestamp,
    /// The number of rows of each kind.
    pub rows: BTreeMap<Owned, u64>,
    /// The names of the versions of the tenant's own keys.
    pub keys: Vec<String>,
}

/// The receipt of an offboarding. The signature covers the document's bytes: ECDSA on P-256 with SHA-256, as DER.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TenantReceipt {
    /// The document: [canonical] JSON.
    pub document: String,
    /// The signature.
    pub signature: Vec<u8>,
    /// The id of the key that signed it in KMS.
    pub key_id: String,
}

/// The facts of a receipt that the state does not hold.
pub struct Facts<'a> {
    /// The tenant.
    pub tenant: &'a TenantId,
    /// The last receipt of a removal. `None` if nothing of the tenant was ever removed.
    pub previous: Option<&'a ReceiptHead>,
    /// The id of the signing key in KMS.
    pub key_id: &'a str,
    /// The version of the software.
    pub software: &'a str,
    /// The time at which nothing was left.
    pub verified: Timestamp,
    /// The time of writing.
    pub now: Timestamp,
}

/// The data that stays, and why.
const REMAINS: [(&str, &str); 3] = [
    (
        "backups",
        "deleted rows and wrapped keys until the recovery of the tables ends",
    ),
    ("logs", "codes and counts until their retention ends"),
    (
        "receipts",
        "proof of this offboarding and of removals; who asked is a keyed hash, except that removals asked for before 30 November 2026 \
         may name a user by the id in the issuer's tokens",
    ),
];

impl Offboarding {
    /// Begins an offboarding.
    pub fn begin(asked: Asked) -> Self {
        Self {
            asked,
            counted: None,
            receipt: None,
        }
    }

    /// Returns how far it is. `None` once it has a receipt.
    pub fn ending(&self, tenant: &TenantId) -> Option<Ending> {
        let (stage, since) = match &self.counted {
            None => (EndStage::Removing, self.asked.at),
            Some(counted) => (EndStage::Deleting, counted.at),
        };
        self.receipt.is_none().then(|| Ending {
            tenant: tenant.clone(),
            asked: self.asked.at,
            stage,
            since,
        })
    }

    /// Writes the receipt's document.
    ///
    /// # Errors
    /// Permanent if nothing was counted yet, or if the document would be longer than KMS signs.
    pub fn document(&self, facts: &Facts<'_>) -> Outcome<String> {
        let unfinished = || Fault::of(Code::ReceiptRemovalUnfinished);
        let counted = self.counted.as_ref().ok_or_else(unfinished)?;
        let deleted = Owned::ALL.into_iter().map(|kind| {
            let n = counted.rows.get(&kind).copied().unwrap_or(0);
            (kind.name().to_owned(), Value::from(n))
        });
        let document = canonical::write(&json!({
            "tenant_receipt": FORMAT,
            "number": ReceiptHead::next_number(facts.previous),
            "previous": facts.previous.map(|head| &head.hash),
            "tenant": facts.tenant,
            "asked": { "by": self.asked.by, "at": second(self.asked.at) },
            "deleted": deleted.collect::<Map<_, _>>(),
            "keys": { "destroyed": counted.keys },
            "left": 0,
            "times": {
                "counted": second(counted.at),
                "verified": second(facts.verified),
                "signed": second(facts.now),
            },
            "remains": REMAINS.map(|(what, why)| json!({"what": what, "why": why})),
            "key": facts.key_id,
            "software": facts.software,
        }))?;
        if document.len() > LONGEST {
            return Err(Fault::of(Code::ReceiptTooLong));
        }
        Ok(document)
    }
}

/// Formats a time to the second, in UTC.
fn second(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
