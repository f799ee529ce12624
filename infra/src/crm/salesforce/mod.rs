//! Salesforce.
//!
//! # Layout
//!
//! | module | what |
//! | --- | --- |
//! | `gate` | which hosts and addresses may be spoken to |
//! | `http`, `retry`, `faults`, `usage` | one request; tries; what refusals mean; what was used |
//! | [`app`] | the operator's app: consents |
//! | `oauth`, `jwt`, `session` | tokens, and requests with them |
//! | `describe`, [`shape`], `narrow`, `rights`, `powers` | which fields there are, and which of them are refused; what a grant may do, with objects and beyond |
//! | `soql` | queries |
//! | `changes`, `query`, `bulk`, `ids`, `deleted`, `mark`, `paging` | what the port asks for, by REST and in bulk; page tokens, and pages without end |
//! | `write` | creating records, and finding those that may have been made |
//! | `people` | which records are people, and which fields name and reach them |
//! | [`page`] | bytes into records: pure |

pub mod app;
mod bulk;
mod changes;
mod deleted;
mod describe;
mod faults;
pub mod gate;
mod http;
mod ids;
mod jwt;
mod mark;
mod narrow;
mod oauth;
pub mod options;
pub mod page;
mod paging;
mod people;
mod powers;
mod query;
mod retry;
mod rights;
mod session;
pub mod shape;
mod soql;
mod usage;
mod write;

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use domain::{
    fault::{CrmCode, Outcome},
    ports::{Answer, Changes, Crm, CrmAccess, Deleted, IdPage, Shape, Usage},
    progress::PageToken,
    record::{Item, Object, RecordId},
    settings::Mapping,
};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

pub use self::options::{Client, Options};
use self::{
    faults::Refusal,
    mark::Mark,
    narrow::Narrowed,
    session::{Call, Session},
    shape::ObjectShape,
    usage::Meter,
    write::shape::WriteShape,
};

/// How long a change may stay invisible: others read 5 minutes again and stay 5 minutes behind (Fivetran, Estuary), and
/// rows were seen two seconds below a stored cursor; we double the larger.
const LAG: SignedDuration = SignedDuration::from_mins(10);

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
        let session = Session::new(access, Arc::clone(&options), Arc::clone(&meter))?;
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
    fn lag(&self) -> SignedDuration {
        LAG
    }

    /// The limits are asked for, since each answer has the clock, and this one the quota even where no header says it.
    async fn clock(&self) -> Outcome<Timestamp> {
        let call = Call::get(self.options.path("/limits"));
        let (clock, limits) = self
            .session
            .run(&call, |reply| {
                let clock = reply
                    .date()
                    .ok_or_else(|| Refusal::of(CrmCode::ClockUnreadable))?;
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

    async fn describe(&self, object: Object) -> Outcome<Shape> {
        self.shape(object).await?;
        let shape = self.shape_in_use(object);
        Ok(shape.map_or_else(Shape::default, Arc::unwrap_or_clone))
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

    async fn count(&self, object: Object) -> Outcome<u64> {
        let (reach, live) = Self::live(object);
        Ok(self.count_where(object, reach, live).await?)
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

    async fn revoke(&self) -> Outcome<()> {
        Ok(self.session.revoke().await?)
    }
}
