//! Salesforce. The files that every vendor's folder has come first; `crm/mod.rs` says what each is for.
//!
//! | file | what |
//! | --- | --- |
//! | `provider` | data: hosts, token endpoint, consents, lag |
//! | [`auth`] | the operator's app |
//! | `errors` | the one table of error codes |
//! | [`settings`] | what can be set |
//! | `describe`, [`shape`] | which fields there are, and where in them the words of every CRM are |
//! | `changes`, `read`, `ids`, `deletions` | what the port asks for: windows, pages, ids and single records, deletions |
//! | [`page`], `page_token` | bytes into records (pure), and where a page set goes on |
//! | `people` | which records are people, and which fields name and reach them |
//! | `rights`, `powers` | what a grant may do, with objects and beyond |
//! | `write` | creating records, and finding those that may have been made |
//! | `soql`, `bulk`, `narrow` | only Salesforce has these: queries as text, bulk jobs, fields that queries are refused for |

pub mod auth;
mod bulk;
mod changes;
mod deletions;
mod describe;
mod errors;
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
    progress::PageToken,
    record::{Item, Object, RecordId},
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
    http::Http,
    meter::Meter,
    session::{Call, Session},
};

/// One integration's Salesforce organisation.
pub struct Salesforce {
    options: Arc<Options>,
    meter: Arc<Meter>,
    session: Session,
    /// The fields that the tenant's administrator set.
    mapped: BTreeMap<Object, Mapping>,
    shapes: tokio::sync::Mutex<HashMap<Object, Arc<ObjectShape>>>,
    /// What the rules are told of these, and what is left out of them.
    narrowed: Mutex<HashMap<Object, Narrowed>>,
    write_shapes: tokio::sync::Mutex<HashMap<Object, Arc<WriteShape>>>,
    /// The user that the grant acts for.
    user: tokio::sync::Mutex<Option<String>>,
    /// Whether legal bases have a place of their own.
    has_bases: tokio::sync::Mutex<Option<bool>>,
    /// Objects that bulk queries were found not to do.
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
    /// Permanent, when a host of the credentials is not one of Salesforce's, or the options make no sense.
    pub fn connect(access: CrmAccess, options: Options) -> Outcome<Arc<dyn Crm>> {
        options.check()?;
        let options = Arc::new(options);
        let meter = Arc::new(Meter::default());
        let fields = access.fields.clone();
        let http = Http::new(
            &VENDOR,
            &options.client,
            options.rest_page,
            Arc::clone(&meter),
        )?;
        let session = Session::new(access, http, Arc::new(options.client.clone()))?;
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

    /// The limits are asked for, since each answer has the clock, and this one the quota even where no header says it.
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
        if let (Some(limit), None) = (limit, self.meter.usage().quota) {
            self.meter
                .set_quota((limit.max.saturating_sub(limit.remaining), limit.max));
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

    fn usage(&self) -> Usage {
        self.meter.usage()
    }

    async fn revoke(&self) -> Outcome<Revoked> {
        self.session.revoke().await?;
        // Revoking a refresh token ends its access tokens, too.
        Ok(Revoked::Dead)
    }
}
