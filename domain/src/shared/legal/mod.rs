//! Legal bases: who may be written to a CRM, why, and who may not.
//!
//! | file | what |
//! | --- | --- |
//! | [`person`] | who is meant: identifiers, normalised, as keyed hashes |
//! | [`assessment`] | one person's legal basis, with the balancing test where the basis is legitimate interest |
//! | [`template`] | purpose and necessity of an activity, prefilled; never the balancing of a person |
//! | [`chain`] | assessments are append-only: each has the hash of the one before |
//! | [`register`] | assessments and templates in the Ledger: append, find, verify |
//! | [`suppressions`] | objections (Art. 21) and erasures (Art. 17): what is left of people who do not want to be here |
//! | [`clearance`] | the value without which no person reaches a CRM |
//!
//! Everything here belongs to the tenant, not to an integration: it survives removal and reconnection, sealed and hashed
//! under the tenant's keys.

pub mod clearance;
pub mod register;
pub mod suppressions;

pub use self::{
    clearance::{Missing, Refusal, clear},
    register::Register,
    suppressions::{Objection, Suppressions},
};
pub use crate::{
    grounds::{
        assessment::{self, Assessment, Balancing, Basis, Outcome as BalancingOutcome},
        chain::{self, ChainHash, Verified},
        clearance::{Clearance, ClearedBy},
        template::{self, Template},
    },
    person::{self, Named, Person},
};
