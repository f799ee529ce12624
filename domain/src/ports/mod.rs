//! The seams between the rules and the world. No signature here names AWS, HTTP or a vendor.
//!
//! | port | what stands behind it |
//! | --- | --- |
//! | [`Crm`] | one integration's CRM |
//! | [`Store`] | Ledger, Copies and Pages |
//! | [`Keys`] | the table Keys and KMS |
//! | [`Companies`] | the vendor's company database |
//!
//! [`Removals`] and [`Exports`] are parts of the store, [`Signatures`] of the keys, each with a file of its own.

mod apps;
mod bases;
mod beside;
mod companies;
mod company_rows;
mod connections;
mod controllers;
mod crm;
mod deciding;
mod exports;
mod fields;
mod filling;
mod inspect;
mod intents;
mod keys;
mod legal;
mod powers;
mod reading;
mod removals;
mod renewal;
mod signatures;
mod store;
pub mod tenant_keys;
mod vanishing;
mod writing;

use std::{collections::BTreeMap, sync::Arc};

pub use self::{
    apps::{Apps, Ask, Consent},
    bases::{Bases, BasisOf},
    beside::{Fingerprint, Held, Listed, RelationRow},
    companies::{Companies, Edition, Found, Version},
    company_rows::CompanyRows,
    connections::{ChangedSettings, Connections},
    controllers::Controllers,
    crm::{Answer, Changes, Crm, Deleted, IdPage, Page, Shape, Usage},
    deciding::{Deciding, DecisionsOf, Merged, Relink, StoredDecision},
    exports::Exports,
    fields::{Fields, Given},
    filling::{Filling, Source, Usual},
    inspect::{FieldRights, Inspect, Rights},
    intents::{Concluded, Intents, MAX_MADE, Made, StoredIntent},
    keys::{Keys, WrappedKeys},
    legal::{Legal, MarkKind, Marked, StoredMark, StoredTemplate},
    powers::{Allowed, Powers},
    reading::{Copied, Hit, Hits, Index, Look, MAX_LOOKS, Reading, Related, Suggested},
    removals::Removals,
    renewal::Renewal,
    signatures::{PublicKey, Signatures},
    store::{
        Checkpoint, DueToken, HeldToken, Known, Lookups, MAX_GONE, Store, StoredRecord,
        StoredRelation,
    },
    tenant_keys::TenantKeyring,
    vanishing::{MAX_HELD_BACK, Vanishing},
    writing::{
        Checked, Draft, Duplicates, FieldProblem, MAX_BATCH, MAX_FOUND, NewRecord, Sought, Writing,
        Written,
    },
};
use crate::{
    fault::Outcome,
    integration::{Credentials, Provider},
    record::Object,
    settings::Mapping,
};

/// What the rules work with.
#[derive(Clone)]
pub struct Ports {
    /// Ledger, Copies, Pages.
    pub store: Arc<dyn Store>,
    /// Keys and KMS.
    pub keys: Arc<dyn Keys>,
    /// The company database.
    pub companies: Arc<dyn Companies>,
    /// Makes the connector of an integration.
    pub crm: Arc<ConnectCrm>,
}

/// Makes the connector of an integration. No request is sent before one is needed.
pub type ConnectCrm = dyn Fn(CrmAccess) -> Outcome<Arc<dyn Crm>> + Send + Sync;

/// What a connector needs.
pub struct CrmAccess {
    /// Which connector.
    pub provider: Provider,
    /// The grant.
    pub credentials: Credentials,
    /// Who may renew it, and where the renewed one goes.
    pub renewal: Arc<dyn Renewal>,
    /// The fields that the tenant's administrator set.
    pub fields: BTreeMap<Object, Mapping>,
}
