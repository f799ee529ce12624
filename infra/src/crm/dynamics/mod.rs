//! The Dynamics 365 connector: the Dataverse Web API. `crm/mod.rs` describes the files that every vendor's folder has.
//!
//! | file | what |
//! | --- | --- |
//! | `provider`, `hosts` | data: hosts, token endpoints, consents, abilities, lag |
//! | [`auth`] | the operator's app |
//! | `names`, `link` | the names of tables, sets and columns; links in answers, held against the environment |
//! | `errors` | the one table of refusals and their meaning |
//! | [`settings`] | the operator's settings |
//! | `metadata`, `describe`, `field`, `shape` | which columns there are, and where in them the words of every CRM are |
//! | `changes`, `read`, `ids`, `count` | the reading part of the port: tracked changes and windows of time, records by id, all ids, counts |
//! | `page`, `page_token` | parsing of pages (pure), and where a list of pages goes on |
//! | `people` | which records are people, and which columns name and reach them |
//! | `rights`, `powers`, `privileges` | what a grant may do with objects, and what beyond them |
//! | `write` | creating records under ids of ours, and finding them |

pub mod auth;
mod changes;
mod count;
mod describe;
mod errors;
mod field;
mod hosts;
mod ids;
mod link;
mod metadata;
mod names;
mod page;
mod page_token;
mod people;
mod powers;
mod privileges;
mod provider;
mod read;
mod rights;
pub mod settings;
mod shape;
mod write;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use domain::{
    fault::{CrmCode, Outcome},
    ports::{
        Abilities, Answer, Changes, Count, Crm, CrmAccess, Deleted, IdPage, Revoked, Shape, Usage,
    },
    progress::PageToken,
    record::{Item, Object, Parent, RecordId},
    settings::Mapping,
};
use jiff::Timestamp;
use url::Url;

pub use self::settings::Options;
use self::{
    privileges::Privileges,
    provider::{ABILITIES, VENDOR},
    shape::ObjectShape,
    write::WriteShape,
};
use super::client::{meter::Meter, session::Session};

/// One integration's environment.
pub struct Dynamics {
    options: Arc<Options>,
    meter: Arc<Meter>,
    session: Session,
    /// The environment, against which links in answers are held.
    origin: Url,
    /// The columns that the tenant's administrator chose.
    mapped: BTreeMap<Object, Mapping>,
    shapes: tokio::sync::Mutex<HashMap<Object, Arc<ObjectShape>>>,
    /// What the rules know about the shapes.
    in_use: Mutex<HashMap<Object, Arc<Shape>>>,
    write_shapes: tokio::sync::Mutex<HashMap<Object, Arc<WriteShape>>>,
    /// Columns that are not read.
    left_out: Mutex<HashMap<Object, BTreeSet<String>>>,
    /// Tables of which the user may not follow the tracked changes.
    untracked: Mutex<HashSet<Object>>,
    /// The user's privileges, once they were asked for. `None` in it if the user may not see them.
    privileges: tokio::sync::Mutex<Option<Option<Arc<Privileges>>>>,
}

impl Dynamics {
    /// Makes a connector. No request is sent before one is needed.
    ///
    /// # Errors
    /// Returns a permanent fault if the credentials name no environment of Dataverse, or if the options are invalid.
    pub fn connect(access: CrmAccess, options: Options) -> Outcome<Arc<dyn Crm>> {
        options.check()?;
        let environment = access.credentials.instance_url.as_deref();
        let origin = VENDOR.origin(
            environment.unwrap_or_default(),
            options.client.allow_loopback,
        )?;
        let options = Arc::new(options);
        let mapped = access.fields.clone();
        let (session, meter) = Session::open(access, &VENDOR, &options.client, options.page)?;
        Ok(Arc::new(Self {
            options,
            meter,
            session,
            origin,
            mapped,
            shapes: tokio::sync::Mutex::default(),
            in_use: Mutex::default(),
            write_shapes: tokio::sync::Mutex::default(),
            left_out: Mutex::default(),
            untracked: Mutex::default(),
            privileges: tokio::sync::Mutex::default(),
        }))
    }
}

#[async_trait]
impl Crm for Dynamics {
    fn abilities(&self) -> &Abilities {
        &ABILITIES
    }

    async fn clock(&self) -> Outcome<Timestamp> {
        Ok(self.who().await?.clock)
    }

    async fn describe(&self, object: Object) -> Outcome<Option<Shape>> {
        let shape = self.shape_if_there(object).await?;
        Ok(shape.map(|shape| shape.told()))
    }

    async fn leave_out(&self, object: Object, fields: &[String], ask: bool) -> Outcome<()> {
        self.never_ask_for(object, fields, ask).await;
        Ok(())
    }

    fn in_use(&self, object: Object) -> Option<Arc<Shape>> {
        let in_use = self.in_use.lock().unwrap_or_else(PoisonError::into_inner);
        in_use.get(&object).cloned()
    }

    async fn changes(&self, ask: Changes<'_>) -> Outcome<Answer> {
        self.changes_of(&ask).await
    }

    /// Links are positions. Dataverse stores nothing for them.
    async fn forget(&self, _: &PageToken) {}

    /// Deletions are among the tracked changes, and nowhere else.
    async fn deleted(&self, _: Object, _: Timestamp, _: Timestamp) -> Outcome<Deleted> {
        Ok(Deleted::Unknown)
    }

    async fn count(&self, object: Object) -> Outcome<Count> {
        self.counted(object).await
    }

    async fn ids(&self, object: Object, token: Option<&PageToken>) -> Outcome<IdPage> {
        self.id_page(object, token).await
    }

    async fn fetch(&self, object: Object, ids: &[RecordId]) -> Outcome<Vec<Item>> {
        self.fetched(object, ids).await
    }

    /// Records name their parents themselves, and the abilities say so.
    async fn parents(&self, _: Object, _: &[RecordId]) -> Outcome<Vec<Option<Parent>>> {
        Err(VENDOR.fault(CrmCode::said("parents_in_record")))
    }

    fn usage(&self) -> Usage {
        self.meter.usage()
    }

    /// Entra has no endpoint at which an app ends a grant. Only the customer can end it: by taking the consent back, or by
    /// removing the application user.
    async fn revoke(&self) -> Outcome<Revoked> {
        Ok(Revoked::NotByUs)
    }
}
