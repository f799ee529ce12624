//! The seams between the rules and the world. No signature here names AWS, HTTP or a vendor.
//!
//! | port | what stands behind it |
//! | --- | --- |
//! | [`Crm`] | one integration's CRM |
//! | [`Integrations`], [`Grants`], [`Schedule`], [`Leases`], [`Runs`], [`Outbox`], [`Intents`], [`Legal`], [`Controllers`] | the table Ledger |
//! | [`Copies`], [`Comparing`], [`Reading`], [`Deciding`], [`Vanishing`] | the table Copies, with Ledger and Pages |
//! | [`Removals`], [`Exports`] | all of these |
//! | [`Keys`], with [`Signatures`] and [`TenantKeyring`] | the table Keys and KMS |
//! | [`Companies`] to read, [`Editions`] to write | the vendor's company database |
//!
//! A use case takes the ports that it needs, and no others. Where it needs several ports of the store, [`needs`] names them.
//!
//! # To add a method
//!
//! 1. Declare it in the port's file here, with its promise. `#[port]` writes the wrapper that tests count and break calls with.
//! 2. Implement it in `infra/src/aws/dynamodb`, in the file of the port's name, and in `infra/src/memory/store`.
//! 3. Hold both against the promise in `tests/contract`.
//!
//! A use case that must not have the new method needs a port of its own: split the port, and name both in [`needs`].

mod abilities;
mod apps;
mod around;
mod bases;
mod beside;
mod companies;
mod comparing;
mod controllers;
mod copies;
mod crm;
mod deciding;
mod editions;
mod exports;
mod fields;
mod filling;
mod grants;
mod inspect;
mod integrations;
mod intents;
mod keys;
mod leases;
mod legal;
pub mod needs;
mod outbox;
mod powers;
mod reading;
mod removals;
mod renewal;
mod runs;
mod schedule;
mod signatures;
pub mod tenant_keys;
mod vanishing;
mod writing;

use std::{collections::BTreeMap, sync::Arc};

pub use self::{
    abilities::{
        Abilities, Count, Counting, Creating, Deletions, Granting, ReadingOf, Recognising, Resuming,
    },
    apps::{Apps, Ask, Consent},
    around::{Around, Call, Hook},
    bases::{Bases, BasisOf},
    beside::{Fingerprint, Held, Listed, RelationRow},
    companies::{Candidates, Companies, Version},
    comparing::{Comparing, HeldToken},
    controllers::Controllers,
    copies::{Copies, Known, Lookups, StoredRecord, StoredRelation},
    crm::{Answer, Changes, Crm, Deleted, IdPage, Page, Shape, Usage},
    deciding::{Deciding, DecisionsOf, Merged, Relink, StoredDecision},
    editions::{Edition, Editions},
    exports::Exports,
    fields::{FieldValue, Fields},
    filling::{Filling, Source, Usual},
    grants::Grants,
    inspect::{FieldRights, Inspect, Rights},
    integrations::{ChangedSettings, Integrations},
    intents::{Concluded, Intents, MAX_MADE, Made, StoredIntent},
    keys::{Keys, WrappedKeys},
    leases::{Checkpoint, Leases, MAX_GONE},
    legal::{Legal, StoredSuppression, StoredTemplate, Suppressed, SuppressionKind},
    needs::{
        AnswerStore, ConnectStore, CreateStore, DispatchStore, ExportStore, RemoveStore, Store,
        SyncStore, ViewStore,
    },
    outbox::Outbox,
    powers::{Allowed, Powers},
    reading::{Copied, Hit, Hits, Index, Lookup, MAX_LOOKUPS, Reading, Related, Suggested},
    removals::Removals,
    renewal::Renewal,
    runs::Runs,
    schedule::{DueToken, Schedule},
    signatures::{PublicKey, Signatures},
    tenant_keys::TenantKeyring,
    vanishing::{MAX_HELD_BACK, Vanishing},
    writing::{
        Checked, Draft, Duplicates, FieldProblem, MAX_BATCH, MAX_FOUND, NewRecord, Sought, Writing,
        Written,
    },
};
pub use crate::removal::Revoked;
use crate::{
    fault::Outcome,
    integration::{Credentials, Provider},
    record::Object,
    settings::Mapping,
};

/// What the doors hold, and what a use case gets of it. `S` is what may be touched of the store.
pub struct Ports<S: ?Sized = dyn Store> {
    /// Ledger, Copies, Pages.
    pub store: Arc<S>,
    /// Keys and KMS.
    pub keys: Arc<dyn Keys>,
    /// The company database.
    pub companies: Arc<dyn Companies>,
    /// Makes the connector of an integration.
    pub crm: Arc<ConnectCrm>,
}

impl<S: ?Sized> Clone for Ports<S> {
    fn clone(&self) -> Self {
        self.with(Arc::clone(&self.store))
    }
}

impl<S: ?Sized> Ports<S> {
    /// The same ports, with another view of the store.
    pub fn with<T: ?Sized>(&self, store: Arc<T>) -> Ports<T> {
        Ports {
            store,
            keys: Arc::clone(&self.keys),
            companies: Arc::clone(&self.companies),
            crm: Arc::clone(&self.crm),
        }
    }
}

impl Ports {
    /// What a sync may touch.
    pub fn for_sync(&self) -> Ports<dyn SyncStore> {
        self.with(self.store.clone() as Arc<dyn SyncStore>)
    }
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
