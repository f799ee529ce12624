//! Legal bases: who may be written to a CRM, why, and who may not.
//!
//! | file | what |
//! | --- | --- |
//! | [`person`] | a person's identifiers, normalised, as keyed hashes |
//! | [`assessment`] | one person's legal basis, with the balancing test where the basis is legitimate interest |
//! | [`template`] | purpose and necessity of an activity, prefilled; never the balancing test of a person |
//! | [`chain`] | assessments are append-only: each has the hash of the one before |
//! | [`changes`] | every change of suppressions, in a chain as well |
//! | [`heads`] | the heads of both chains, verified and signed |
//! | [`register`] | assessments and templates in the Ledger: append, find, verify |
//! | [`suppressions`] | objections (Art. 21) and erasures (Art. 17): keyed hashes of people who objected or were erased |
//! | [`cleared`] | the proof that a person needs to be written to a CRM |
//! | [`clearance`] | the judgement that gives it, or says what is missing |
//!
//! Everything here belongs to the tenant, not to an integration. It outlasts removal and reconnection, sealed and hashed under the
//! tenant's keys.

// Ports name a `Clearance`, so its file lies among the words. It is a module of `legal`, so that nobody else can make one.
#[path = "../../words/grounds/clearance.rs"]
pub mod cleared;

pub mod clearance;
pub mod heads;
pub mod register;
pub mod suppressions;

pub use self::{
    clearance::{Missing, Refusal, clear},
    cleared::{Clearance, ClearedBy},
    register::Register,
    suppressions::{Objection, Suppressions},
};
pub use crate::{
    grounds::{
        assessment::{self, Assessment, Balancing, Basis, Outcome as BalancingOutcome},
        chain::{self, ChainHash, Verified},
        changes,
        template::{self, Template},
    },
    person::{self, Named, Person},
};
