//! The Salesforce connector. `crm/mod.rs` describes the files that every vendor's folder has. They come first in this table.
//!
//! | file | what |
//! | --- | --- |
//! | `provider` | data: hosts, token endpoint, consents, lag |
//! | [`auth`] | the operator's app |
//! | `errors` | the one table of error codes |
//! | [`settings`] | the operator's settings |
//! | `describe`, [`shape`] | the fields of an object, and where the values of every CRM are in them |
//! | `changes`, `read`, `ids`, `deletions` | the reading part of the port: windows, pages, ids and single records, deletions |
//! | [`page`], `page_token` | parsing of pages (pure), and where a list of pages goes on |
//! | `people` | which records are people, and which fields name and reach them |
//! | `rights`, `powers` | what a grant may do with objects, and what beyond them |
//! | `write` | creating records, and finding those that may have been made |
//! | `soql`, `bulk`, `narrow`, `wide` | for Salesforce only: queries as text, bulk jobs, fields for which queries are refused, objects too wide for one query |

pub mod auth;
mod bulk;
mod changes;
mod deletions;
mod describe;
mod errors;
mod field;
mod ids;
mod narrow;
pub mod page;
mod page_token;
mod people;
mod powers;
pub(super) mod provider;
mod read;
mod rights;
pub mod settings;
pub mod shape;
mod soql;
mod wide;
mod write;

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use domain::{
    fault::{CrmCode, Outcome},
    ports::{
        Abilities, Answer, Changes, Count, Crm, CrmAccess, Deleted, IdPage, Revoked, Shape, Usage,
    },
    progress::{Budget, PageToken, Per},
    record::{Item, Object, Parent, RecordId},
    settings::Mapping,
};
use jiff::Timestamp;
use serde::Deserialize;

pub use self::settings::Options;
use self::{
    narrow::Narrowed,
    page_token::Mark,
    provider::{ABILITIES, VENDOR},
    shape::ObjectShape,
    write::shape::WriteShape,
};
use super::client::{
    meter::Meter,
    session::{Call, Session},
};

/// One integration's Salesforce organisation.
pub struct Salesforce {
    options: Arc<Options>,
    meter: Arc<Meter>,
    session: Session,
    /// The fields that the tenant's administrator chose.
    mapped: BTreeMap<Object, Mapping>,
    shapes: tokio::sync::Mutex<HashMap<Object, Arc<ObjectShape>>>,
    /// What the rules know about the shapes, and what is left out of them.
    narrowed: Mutex<HashMap<Object, Narrowed>>,
    write_shapes: tokio::sync::Mutex<HashMap<Object, Arc<WriteShape>>>,
    /// The user for whom the grant acts.
    user: tokio::sync::Mutex<Option<String>>,
    /// Whether the organisation has an object for legal bases.
    has_bases: tokio::sync::Mutex<Option<bool>>,
    /// Objects for which bulk queries turned out to be unavailable.
    rest_only: Mutex<HashSet<Object>>,
}

#[derive(Deserialize)]
struct Limits {
    #[serde(rename = "DailyApiRequests")]
    requests: Option<Limit>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Limit {
    max: u64,
    remaining: u64,
}

impl Salesforce {
    /// Makes a connector. No request is sent before one is needed.
    ///
    /// # Errors
    /// Returns a permanent fault if a host of the credentials does not belong to Salesforce, or if the options are invalid.
    pub fn connect(access: CrmAccess, options: Options) -> Outcome<Arc<dyn Crm>> {
        options.check()?;
        let options = Arc::new(options);
        let fields = access.fields.clone();
        let (session, meter) = Session::open(access, &VENDOR, &options.client, options.rest_page)?;
        Ok(Arc::new(Self {
            options,
            meter,
            session,
            mapped: fields,
            shapes: tokio::sync::Mutex::default(),
            narrowed: Mutex::default(),
            write_shapes: tokio::sync::Mutex::default(),
            user: tokio::sync::Mutex::default(),
            has_bases: tokio::sync::Mutex::default(),
            rest_only: Mutex::default(),
        }))
    }
}

#[async_trait]
impl Crm for Salesforce {
    fn abilities(&self) -> &Abilities {
        &ABILITIES
    }

    /// Reads the clock from the limits. Every answer has the clock, and this one has the quota even if no header does.
    async fn clock(&self) -> Outcome<Timestamp> {
        let call = Call::get(self.options.path("/limits"));
        let (clock, limits) = self
            .session
            .run(&call, |reply| {
                let clock = reply
                    .date()
                    .ok_or_else(|| VENDOR.refusal(CrmCode::ClockUnreadable))?;
                Ok((clock, serde_json::from_slice::<Limits>(&reply.body).ok()))
            })
            .await?;
        let limit = limits.and_then(|limits| limits.requests);
        if let Some(limit) = limit.filter(|_| !self.meter.has_budgets()) {
            self.meter.set_budget(Budget {
                name: provider::ORGANISATION_BUDGET.into(),
                used: limit.max.saturating_sub(limit.remaining),
                total: limit.max,
                per: Per::Day,
                is_ours: false,
            });
        }
        Ok(clock)
    }

    async fn describe(&self, object: Object) -> Outcome<Option<Shape>> {
        if self.shape_if_seen(object).await?.is_none() {
            return Ok(None);
        }
        let shape = self.shape_in_use(object);
        Ok(Some(
            shape.map_or_else(Shape::default, Arc::unwrap_or_clone),
        ))
    }

    async fn leave_out(&self, object: Object, fields: &[String], ask: bool) -> Outcome<()> {
        Ok(self.never_ask_for(object, fields, ask).await?)
    }

    fn in_use(&self, object: Object) -> Option<Arc<Shape>> {
        self.shape_in_use(object)
    }

    async fn changes(&self, ask: Changes<'_>) -> Outcome<Answer> {
        self.changes_of(&ask).await
    }

    async fn forget(&self, token: &PageToken) {
        if let Some(Mark::Bulk { job, .. }) = Mark::read(token) {
            self.drop_job(&job).await;
        }
    }

    async fn deleted(
        &self,
        object: Object,
        since: Timestamp,
        until: Timestamp,
    ) -> Outcome<Deleted> {
        self.deleted_between(object, since, until).await
    }

    async fn count(&self, object: Object) -> Outcome<Count> {
        let (reach, live) = Self::live(object);
        Ok(Count::Exact(self.count_where(object, reach, live).await?))
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

    async fn revoke(&self) -> Outcome<Revoked> {
        self.session.revoke().await?;
        // Revoking a refresh token ends its access tokens, too.
        Ok(Revoked::Dead)
    }
}
