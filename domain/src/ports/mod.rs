//! The interfaces between the rules and the outside world. No signature here names AWS, HTTP or a vendor.
//!
//! | port | what is behind it |
//! | --- | --- |
//! | [`Crm`] | one integration's CRM |
//! | [`Integrations`], [`Grants`], [`Schedule`], [`Leases`], [`Runs`], [`Outbox`], [`Intents`], [`Legal`], [`Controllers`], [`Audit`], [`Allowances`], [`Offboardings`] | the table Ledger |
//! | [`Copies`], [`Comparing`], [`Reading`], [`Deciding`], [`Vanishing`] | the table Copies, with Ledger and Pages |
//! | [`Removals`], [`Exports`] | all three |
//! | [`Keys`], with [`Signatures`] and [`TenantKeyring`] | the tables Keys and TenantKeys, and KMS |
//! | [`Companies`] to read, [`Editions`] to write | the vendor's company database |
//!
//! A use case takes only the ports that it needs. [`needs`] names the combinations of store ports.
//!
//! # To add a method
//!
//! 1. Declare it in the port's file here, and document its contract. `#[port]` generates the wrapper with which tests count and
//!    break calls.
//! 2. Implement it in `infra/src/aws/dynamodb`, in the file of the port's name, and in `infra/src/memory/store`.
//! 3. Test both implementations against the contract in `tests/contract`.
//!
//! If a use case must not have the new method, the port has to be split. Name both parts in [`needs`].

mod abilities;
mod allowances;
mod apps;
mod around;
mod audit;
mod bases;
mod beside;
mod changed;
mod companies;
mod comparing;
mod controllers;
mod copies;
mod crm;
mod deciding;
mod drafts;
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
mod offboardings;
mod outbox;
mod powers;
mod reading;
mod removals;
mod renewal;
mod rows;
mod runs;
mod schedule;
mod signatures;
mod successions;
pub mod tenant_keys;
mod vanishing;
mod writing;

use std::{collections::BTreeMap, sync::Arc};

pub use self::{
    abilities::{
        Abilities, BasisPlace, Count, Counting, Creating, Deletions, Granting, Parents, ReadingOf,
        Recognising, Rehearsing, Resuming,
    },
    allowances::{Allowances, Spending, Spent},
    apps::{Apps, Ask, Consent},
    around::{Around, Call, Hook},
    audit::Audit,
    bases::{Bases, BasisOf, KeptBases},
    beside::{Fingerprint, Held, Listed, RelationRow},
    changed::{ChangedKeys, KeyNumber, KeySet, MAX_CHANGED},
    companies::{Candidates, Companies, Version},
    comparing::{Comparing, HeldToken},
    controllers::Controllers,
    copies::{Copies, Known, Lookups, StoredRecord, StoredRelation},
    crm::{Answer, Changes, Crm, Deleted, IdPage, Page, Shape, Usage},
    deciding::{Deciding, DecisionsOf, Merged, Relink, StoredDecision},
    drafts::{Checked, Draft, FieldProblem, Link, LinkProblem, NewRecord},
    editions::{Begun, Edition, Editions, Publication, Rows},
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
        AnswerStore, ConnectStore, CreateStore, DispatchStore, EndStore, ExportStore, OrderStore,
        RemoveStore, Store, SyncStore, ViewStore,
    },
    offboardings::Offboardings,
    outbox::Outbox,
    powers::{Allowed, Powers},
    reading::{Copied, Hit, Hits, Index, Lookup, MAX_LOOKUPS, Reading, Related, Suggested},
    removals::Removals,
    renewal::Renewal,
    rows::{Amended, Layer, NotNumbers, Numbers, PARTS, Row, RowName, RowValue, part_of},
    runs::Runs,
    schedule::{DueToken, Schedule},
    signatures::{PublicKey, Signatures, Signed},
    successions::{Succession, chain},
    tenant_keys::TenantKeyring,
    vanishing::{MAX_HELD_BACK, Vanishing},
    writing::{Duplicates, LookedUp, MAX_BATCH, MAX_FOUND, Sought, Writing, Written},
};
pub use crate::removal::Revoked;
use crate::{
    fault::Outcome,
    integration::{Credentials, Provider},
    record::Object,
    settings::Mapping,
};

/// The ports that a function holds. `S` is the part of the store that a use case may use.
pub struct Ports<S: ?Sized = dyn Store> {
    /// Ledger, Copies, Pages.
    pub store: Arc<S>,
    /// Keys and KMS.
    pub keys: Arc<dyn Keys>,
    /// The company database.
    pub companies: Arc<dyn Companies>,
    /// Creates the connector of an integration.
    pub crm: Arc<ConnectCrm>,
}

impl<S: ?Sized> Clone for Ports<S> {
    fn clone(&self) -> Self {
        self.with(Arc::clone(&self.store))
    }
}

impl<S: ?Sized> Ports<S> {
    /// Returns the same ports with another view of the store.
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
    /// Returns the ports with the view of the store that a sync may use.
    pub fn for_sync(&self) -> Ports<dyn SyncStore> {
        self.with(self.store.clone() as Arc<dyn SyncStore>)
    }
}

/// Creates the connector of an integration. It sends no request until one is needed.
pub type ConnectCrm = dyn Fn(CrmAccess) -> Outcome<Arc<dyn Crm>> + Send + Sync;

/// What a connector needs.
pub struct CrmAccess {
    /// The provider.
    pub provider: Provider,
    /// The grant.
    pub credentials: Credentials,
    /// The right to renew the grant, and the place for the renewed one.
    pub renewal: Arc<dyn Renewal>,
    /// The fields that the tenant's administrator mapped.
    pub fields: BTreeMap<Object, Mapping>,
}
