//! Creates records in a customer's CRM: each at most once, even if answers are lost, and no person without a clearance.
//!
//! # The protocol
//!
//! 1. `intent`: the request's key leads to a row that only one caller at a time works on. Another request under the same
//!    key is refused. `item` has the states of each record in it.
//! 2. `company`: a record for a company of the reference database is filled from the company's row.
//!    `checks`, `judge`: the CRM accepts the record, everybody who is named has a clearance, and the copy has no duplicate
//!    candidate.
//! 3. The row says "sent" before anything is sent. From then on a record is sent again only if a lookup proves that it was not
//!    created.
//! 4. The CRM applies its own rules about duplicates to the request itself.
//! 5. `resolve`: after a lost answer the records are looked up, by the external id if the CRM keeps it, otherwise by their fields.
//!    An outcome that cannot be known yet is called unknown, and looked up again when the caller asks again. Interchangeable drafts
//!    are counted (`interchangeable`).
//!    `attribution`: a lookup may find a record that another request created and whose answer is still on its way. The CRM's
//!    answer wins over a lookup, and the outcome of the request with the lookup becomes unknown again.
//! 6. `copy`, `keep`: created records that are not kept yet are fetched, matched, sealed and stored with the outcome, in one
//!    transaction with the fence. A record that was created for a company is related to that company by the user's decision, in
//!    the same transaction.
//! 7. `bases`: if the CRM has a place beside records for the legal bases of people, each basis is noted there once, by the same
//!    protocol. The record is created and kept by then, whether or not the note succeeds.
//!
//! A caller may be ended at any point. Its row has the states until then, and the next caller with the same key continues from
//! there.

mod answer;
mod attribution;
mod bases;
mod body;
mod bounds;
mod checks;
mod chosen;
mod clearances;
mod company;
mod copy;
mod count;
mod duplicates;
mod fetch;
mod intent;
mod interchangeable;
mod item;
mod judge;
mod judged;
mod keep;
mod known;
mod opted_out;
mod people;
mod pointed;
mod preview;
mod resolve;
mod run;
mod uncleared;
mod unfitting;
mod vanished;

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::{
    answer::Answer,
    known::Known,
    opted_out::OptedOut,
    preview::{Preview, Verdict, preview},
    run::{create, outcome, told},
    uncleared::{Uncleared, Whom},
    unfitting::{Unfitting, UnfittingLink},
};
use matching::CompanyId;

use crate::{
    admission::Admission,
    allowance::Allowance,
    integration::Integration,
    legal::{Missing, assessment::Purpose},
    ports::{Companies, CreateStore, Crm, Draft, Keys},
    record::{Object, RecordId},
    seal::GenerationKeys,
};

/// What a creation works with.
pub struct CreateContext<'a> {
    /// The store: Ledger, Copies and Pages.
    pub store: &'a dyn CreateStore,
    /// Opens the tenant's keys.
    pub keyring: &'a dyn Keys,
    /// The company database.
    pub companies: &'a dyn Companies,
    /// The integration, which is connected.
    pub integration: &'a Integration,
    /// Its CRM.
    pub crm: Arc<dyn Crm>,
    /// The generation's keys.
    pub keys: Arc<GenerationKeys>,
    /// The user: the token's subject.
    pub by: String,
    /// A random id of this invocation.
    pub holder: String,
    /// The time at which AWS ends this invocation.
    pub deadline: Timestamp,
    /// Tells the time.
    pub clock: &'a (dyn Fn() -> Timestamp + Send + Sync),
    /// What the operator allows all tenants. `None` if nothing is to be counted.
    pub allowance: Option<&'a Allowance>,
}

impl CreateContext<'_> {
    fn admission(&self) -> Option<Admission<'_>> {
        Some(Admission {
            tenant: &self.integration.scope.tenant,
            allowance: self.allowance?,
            now: (self.clock)(),
        })
    }
}

/// A request: 1 to [`crate::ports::MAX_BATCH`] records under one key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// The records.
    pub items: Vec<Wanted>,
    /// Whether to create records that have duplicate candidates.
    pub allow_duplicate: bool,
}

impl Request {
    /// Returns the request in a spelling that all requests for the same records share. A caller who asks again may write 1.50 as
    /// 1.5, and links in another order.
    fn in_one_spelling(&self) -> Self {
        let mut spelled = self.clone();
        for item in &mut spelled.items {
            item.draft = item.draft.in_one_spelling();
        }
        spelled
    }
}

/// A wanted record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Wanted {
    /// The record.
    pub draft: Draft,
    /// The purpose for which the people in it are written to the CRM. Required if it names people.
    pub purpose: Option<Purpose>,
    /// The company of the reference database for which it is created. Fields that are not given are filled from the company.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<CompanyId>,
}

/// The outcome of a record. It has only ids, codes and names of fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "outcome",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum CreateOutcome {
    /// It is in the CRM.
    Created {
        /// The CRM's id.
        id: RecordId,
        /// Whether it is in the copy already. Otherwise the next run brings it.
        in_copy: bool,
        /// The state of the note of the legal basis. `None` if the record is not a person's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        basis: Option<Noted>,
    },
    /// There are duplicate candidates. Nothing was created.
    Duplicate {
        /// The candidates in the copy.
        ours: Vec<DuplicateCandidate>,
        /// The candidates that the CRM's own rules found.
        crm: Vec<RecordId>,
        /// Whether `allow_duplicate` can help.
        may_save: bool,
    },
    /// The reference database does not have the company. Nothing was sent.
    UnknownCompany {
        /// The company.
        company: CompanyId,
    },
    /// Somebody in it has no clearance. Nothing was sent.
    NotCleared {
        /// What is missing.
        missing: Vec<Missing>,
    },
    /// The CRM would not accept it. Nothing was sent.
    Unfit {
        /// Required fields that are missing.
        missing: Vec<String>,
        /// Fields that the CRM does not accept.
        refused: Vec<Unfitting>,
        /// Links that the CRM does not accept.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        links: Vec<UnfittingLink>,
    },
    /// The CRM refused it. Nothing was created.
    Refused {
        /// The fault's code.
        code: String,
        /// The fields at fault.
        fields: Vec<String>,
    },
    /// It did not reach the CRM, or the CRM did nothing. Another call with the same key sends it.
    NotSent {
        /// The fault's code.
        code: String,
    },
    /// It may have been created. Another call with the same key looks it up, and never creates a second record.
    Unknown,
}

impl CreateOutcome {
    /// Returns whether nothing was created and nothing can be any more.
    fn is_void(&self) -> bool {
        !matches!(self, Self::Created { .. } | Self::Unknown)
    }
}

/// The state of the note of a legal basis in the CRM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Noted {
    /// The CRM has the note: in the record, beside it, or both.
    Written,
    /// The CRM has no place for the note, or none where the connected user may write.
    NoPlace,
    /// The CRM refused the note.
    Refused,
    /// The CRM may not have the note yet. Another call with the same key writes it, and never a second time.
    NotYet,
}

/// A record of the copy that looks like the wanted one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DuplicateCandidate {
    /// Its object.
    pub object: Object,
    /// Its id.
    pub id: RecordId,
}
