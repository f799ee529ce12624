//! Creates records in a customer's CRM: each at most once, whatever is lost, and no person without a clearance.
//!
//! # The protocol
//!
//! 1. `intent`: the request's key leads to a row that only one caller at a time works on. Another request under the same
//!    key is refused. `item` has the states of each record in it.
//! 2. `company`: a record for a company of the reference database is filled from the company's row.
//!    `checks`, `judge`: what the CRM would not take, a clearance for everybody who is named, and duplicates that the copy
//!    knows.
//! 3. The row says "sent" before anything is sent. From here on nothing is sent again before a lookup proves that nothing was
//!    made.
//! 4. The CRM's own rules about duplicates are asked with the request itself.
//! 5. `resolve`: an answer that was lost is looked up, by our own id where the CRM keeps it, else by what was sent. What
//!    cannot be known yet is called unknown, and looked up again when the caller asks again. Interchangeable drafts are
//!    counted (`interchangeable`).
//!    `attribution`: a lookup may take for ours a record that another request is just being told that it made. What the CRM
//!    itself answered wins. The other request then says that it does not know.
//! 6. `copy`, `keep`: a record that was made, by this caller or one before, and is not kept yet is fetched, matched, sealed and
//!    stored with the outcome, in one transaction with the fence. A record that was made for a company is related to it by
//!    its maker's decision, in the same transaction.
//! 7. `bases`: where the CRM has a place beside records for the legal bases of people, each is noted there, once, by the same
//!    protocol. The record is made and kept by then, whatever becomes of the note.
//!
//! A caller who is ended anywhere leaves a row that says how far it came. Whoever asks with the same key goes on there.

mod attribution;
mod bases;
mod body;
mod bounds;
mod checks;
mod chosen;
mod clearances;
mod clock;
mod company;
mod copy;
mod duplicates;
mod fetch;
mod intent;
mod interchangeable;
mod item;
mod judge;
mod judged;
mod keep;
mod people;
mod pointed;
mod preview;
mod resolve;
mod run;
mod unfitting;
mod vanished;

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::{
    preview::{Preview, preview},
    run::{create, outcome, told},
    unfitting::{Unfitting, UnfittingLink},
};
use matching::CompanyId;

use crate::{
    integration::Integration,
    legal::{Missing, assessment::Purpose},
    order::Order,
    ports::{Companies, CreateStore, Crm, Draft, Keys},
    record::{Object, RecordId},
    seal::GenerationKeys,
};

/// What a creation works with.
pub struct CreateContext<'a> {
    /// Ledger, Copies, Pages.
    pub store: &'a dyn CreateStore,
    /// Opens the tenant's keys.
    pub keyring: &'a dyn Keys,
    /// The company database.
    pub companies: &'a dyn Companies,
    /// The integration, as it stands: connected.
    pub integration: &'a Integration,
    /// Its CRM.
    pub crm: Arc<dyn Crm>,
    /// The generation's keys.
    pub keys: Arc<GenerationKeys>,
    /// Who asks: the token's subject.
    pub by: String,
    /// A random id of this invocation, which no other has.
    pub holder: String,
    /// When AWS ends this invocation.
    pub deadline: Timestamp,
    /// Tells the time.
    pub clock: &'a (dyn Fn() -> Timestamp + Send + Sync),
}

/// What is asked for: 1 to [`crate::ports::MAX_BATCH`] records under one key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// The records.
    pub items: Vec<Wanted>,
    /// Whether to create what looks like a duplicate.
    pub allow_duplicate: bool,
}

impl Request {
    /// The request in the spelling that it shares with all that ask for the same: a caller who asks again may write 1.50 as
    /// 1.5, and links in another order.
    fn in_one_spelling(&self) -> Self {
        let mut spelled = self.clone();
        for item in &mut spelled.items {
            item.draft = item.draft.in_one_spelling();
        }
        spelled
    }
}

/// A record that is wanted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Wanted {
    /// The record.
    pub draft: Draft,
    /// What the people in it are to be written to the CRM for; needed where there are any.
    pub purpose: Option<Purpose>,
    /// The company of the reference database that it is for: fields that are not given are filled from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<CompanyId>,
}

/// What became of a request.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Of each record, in the order asked.
    pub items: Vec<CreateOutcome>,
    /// What to put on the bus.
    pub orders: Vec<Order>,
}

/// What became of a record. Ids, codes and names of fields only.
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
        /// Whether it is in the copy already; else the next run brings it.
        in_copy: bool,
        /// What became of the note of the legal basis; none: it is no person's record.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        basis: Option<Noted>,
    },
    /// It looks like records that are there already: nothing was made.
    Duplicate {
        /// Those that the copy knows.
        ours: Vec<DuplicateCandidate>,
        /// Those that the CRM's own rules found.
        crm: Vec<RecordId>,
        /// Whether asking with `allow_duplicate` can help.
        may_save: bool,
    },
    /// The reference database has no such company: nothing was sent.
    UnknownCompany {
        /// The company.
        company: CompanyId,
    },
    /// Somebody in it has no clearance: nothing was sent.
    NotCleared {
        /// What is missing.
        missing: Vec<Missing>,
    },
    /// The CRM would not take it: nothing was sent.
    Unfit {
        /// Fields that are required and not there.
        missing: Vec<String>,
        /// Fields that are not taken.
        refused: Vec<Unfitting>,
        /// Links that are not taken.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        links: Vec<UnfittingLink>,
    },
    /// The CRM did not take it: nothing was made.
    Refused {
        /// The fault's code.
        code: String,
        /// The fields that are meant.
        fields: Vec<String>,
    },
    /// It did not reach the CRM, or the CRM did nothing: asking again with the same key sends it.
    NotSent {
        /// The fault's code.
        code: String,
    },
    /// Whether it was made is not known. Asking again with the same key looks it up, and never makes a second one.
    Unknown,
}

impl CreateOutcome {
    /// Whether nothing was made and nothing can still come of it.
    fn is_void(&self) -> bool {
        !matches!(self, Self::Created { .. } | Self::Unknown)
    }
}

/// What became of the note of a legal basis in the CRM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Noted {
    /// The CRM has it: in the record, beside it, or both.
    Written,
    /// The CRM has no place for it where the connected user may write.
    NoPlace,
    /// The CRM did not take it.
    Refused,
    /// It is not known to be there. Asking again with the same key notes it, and never a second time.
    NotYet,
}

/// A record of the copy that looks like the one that is wanted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DuplicateCandidate {
    /// Its object.
    pub object: Object,
    /// Its id.
    pub id: RecordId,
}
