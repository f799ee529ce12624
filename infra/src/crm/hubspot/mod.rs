//! The HubSpot connector. `crm/mod.rs` describes the files that every vendor's folder has.
//!
//! | file | what |
//! | --- | --- |
//! | `provider` | data: hosts, token endpoints, consents, abilities, lag |
//! | [`auth`] | the operator's app |
//! | `names` | the objects' names in paths and scopes |
//! | `errors` | the one table of refusals and their meaning |
//! | [`settings`] | the operator's settings |
//! | `describe`, `field`, `shape` | which properties there are, and where in them the words of every CRM are |
//! | `changes`, `search`, `certain`, `read`, `associations`, `ids`, `deletions` | the reading part of the port: windows, lists and records by id, all ids, the recycle bin |
//! | `page`, `page_token` | parsing of pages (pure), and where a list of pages goes on |
//! | `people` | which records are people, and which properties name and reach them |
//! | `rights`, `powers` | what a grant may do with objects, and what beyond them |
//! | `write` | creating records, and finding those that may have been made |
//! | [`pace`] | for HubSpot only: how fast requests may follow each other |

mod associations;
pub mod auth;
mod certain;
mod changes;
mod deletions;
mod describe;
mod errors;
mod field;
mod ids;
mod names;
pub mod pace;
mod page;
mod page_token;
mod people;
mod powers;
mod provider;
mod read;
mod record_id;
mod rights;
mod search;
pub mod settings;
mod shape;
mod write;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use domain::{
    fault::{Kind, Outcome},
    integration::Grant,
    ports::{
        Abilities, Answer, Changes, Count, Crm, CrmAccess, Deleted, IdPage, Revoked, Shape, Usage,
    },
    progress::PageToken,
    record::{Item, Object, Parent, RecordId},
    settings::Mapping,
};
use jiff::Timestamp;

pub use self::settings::Options;
use self::{
    pace::Pace,
    provider::{ABILITIES, LAG, TOKEN_MINUTES, VENDOR},
    shape::ObjectShape,
    write::{KnownTypes, WriteShape},
};
use super::client::{
    meter::Meter,
    session::{Call, Session},
};

/// One integration's HubSpot account.
pub struct HubSpot {
    options: Arc<Options>,
    meter: Arc<Meter>,
    session: Session,
    pace: Pace,
    /// The properties that the tenant's administrator chose.
    mapped: BTreeMap<Object, Mapping>,
    shapes: tokio::sync::Mutex<HashMap<Object, Arc<ObjectShape>>>,
    /// What the rules know about the shapes.
    in_use: Mutex<HashMap<Object, Arc<Shape>>>,
    write_shapes: tokio::sync::Mutex<HashMap<Object, Arc<WriteShape>>>,
    /// The types of associations.
    types: tokio::sync::Mutex<KnownTypes>,
    /// Properties that are not read.
    left_out: Mutex<HashMap<Object, BTreeSet<String>>>,
}

impl HubSpot {
    /// Makes a connector. No request is sent before one is needed.
    ///
    /// # Errors
    /// Returns a permanent fault if a host of the credentials does not belong to HubSpot, or if the options are invalid.
    pub fn connect(access: CrmAccess, options: Options) -> Outcome<Arc<dyn Crm>> {
        options.check()?;
        let options = Arc::new(options);
        let mapped = access.fields.clone();
        let (session, meter) = Session::open(access, &VENDOR, &options.client, options.list_page)?;
        Ok(Arc::new(Self {
            pace: Pace::new(options.limits, Arc::clone(&meter)),
            options,
            meter,
            session,
            mapped,
            shapes: tokio::sync::Mutex::default(),
            in_use: Mutex::default(),
            write_shapes: tokio::sync::Mutex::default(),
            types: tokio::sync::Mutex::default(),
            left_out: Mutex::default(),
        }))
    }
}

#[async_trait]
impl Crm for HubSpot {
    fn abilities(&self) -> &Abilities {
        &ABILITIES
    }

    async fn clock(&self) -> Outcome<Timestamp> {
        Ok(self.account().await?.1)
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

    /// Tokens are positions. HubSpot stores nothing for them.
    async fn forget(&self, _: &PageToken) {}

    async fn deleted(
        &self,
        object: Object,
        since: Timestamp,
        until: Timestamp,
    ) -> Outcome<Deleted> {
        self.deleted_between(object, since, until).await
    }

    /// Returns the count of the index, which lags.
    async fn count(&self, object: Object) -> Outcome<Count> {
        let now = self.meter.usage().clock;
        let now = match now {
            Some(now) => now,
            None => self.account().await?.1,
        };
        let total = self.total(object).await?;
        Ok(Count::AsOf(total, now.checked_sub(LAG).unwrap_or(now)))
    }

    async fn ids(&self, object: Object, token: Option<&PageToken>) -> Outcome<IdPage> {
        self.id_page(object, token).await
    }

    async fn fetch(&self, object: Object, ids: &[RecordId]) -> Outcome<Vec<Item>> {
        self.fetched(object, ids).await
    }

    async fn parents(&self, object: Object, ids: &[RecordId]) -> Outcome<Vec<Option<Parent>>> {
        // No record has an id that is no number.
        let known: Vec<RecordId> = ids
            .iter()
            .filter_map(|one| page::id(one.as_str()))
            .collect();
        let parents = self.parents_of(object, &known).await?;
        Ok(ids.iter().map(|id| parents.of(id).cloned()).collect())
    }

    fn usage(&self) -> Usage {
        self.meter.usage()
    }

    /// Uninstalls the app from the account, which notifies the account's administrators, and then revokes the refresh
    /// token. Issued access tokens stay valid until they expire.
    async fn revoke(&self) -> Outcome<Revoked> {
        let credentials = self.session.credentials().await?;
        if matches!(credentials.grant, Grant::Token { .. }) {
            return Ok(Revoked::NotByUs);
        }
        let version = &self.options.version;
        let call = Call::delete(format!("/appinstalls/{version}/external-install"));
        let is_uninstalled = match self.session.run(&call, |_| Ok(())).await {
            Ok(()) => true,
            // The grant ended before, as it does when the account uninstalls the app.
            Err(refusal) if refusal.fault.kind() == Kind::Revoked => true,
            // We may not uninstall the app. Revoking the token is the part that matters.
            Err(refusal) if refusal.fault.kind() == Kind::Permanent => false,
            // What answers at that path is not the API.
            Err(refusal) if refusal.no_api => false,
            Err(refusal) => return Err(refusal.into()),
        };
        self.session.revoke().await?;
        Ok(match is_uninstalled {
            true => Revoked::DeadWithinMinutes(TOKEN_MINUTES),
            false => Revoked::StillInstalled(TOKEN_MINUTES),
        })
    }
}
