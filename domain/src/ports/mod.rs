//! The seams between the rules and the world. No signature here names AWS, HTTP or a vendor.
//!
//! | port | what stands behind it |
//! | --- | --- |
//! | [`Crm`] | one integration's CRM |
//! | [`Store`] | Ledger, Copies and Pages |
//! | [`Keys`] | the table Keys and KMS |
//! | [`Companies`] | the vendor's company database |
//!
//! [`Removals`] is a part of the store, [`Signatures`] of the keys, each with a file of its own.

mod companies;
mod crm;
mod keys;
mod removals;
mod signatures;
mod store;
mod tenant_keys;

use std::sync::Arc;

use futures::future::BoxFuture;

pub use self::{
    companies::{Companies, Found, Version},
    crm::{Answer, Changes, Crm, Deleted, IdPage, Page, Shape, Usage},
    keys::Keys,
    removals::Removals,
    signatures::{PublicKey, Signatures},
    store::{
        Checkpoint, DueToken, Held, HeldToken, Known, Lookups, MAX_GONE, Store, StoredRecord,
        StoredRelation,
    },
    tenant_keys::TenantKeyring,
};
use crate::{
    fault::Outcome,
    integration::{Credentials, Provider},
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

/// Stores renewed credentials. A connector awaits it before it uses what they came with: with rotation the old refresh
/// token is dead from then on, and a new one that only memory has is a lost grant.
pub type KeepCredentials =
    Arc<dyn Fn(Credentials) -> BoxFuture<'static, Outcome<()>> + Send + Sync>;

/// What a connector needs.
pub struct CrmAccess {
    /// Which connector.
    pub provider: Provider,
    /// The grant.
    pub credentials: Credentials,
    /// Where renewed credentials go.
    pub keep: KeepCredentials,
}
