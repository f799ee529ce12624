//! One connector.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use domain::{
    fault::{CrmCode, Fault, Kind, Outcome},
    ports::{
        Abilities, Allowed, Answer, Changes, Count, Crm, Deleted, FieldRights, IdPage, Inspect,
        Powers, Revoked, Rights, Shape, Usage,
    },
    progress::{Budget, PageToken, Per},
    record::{Item, Object, Parent, RecordId},
};
use jiff::Timestamp;

use super::{MemoryCrm, rows::Org};

/// The CRM's daily quota.
const QUOTA: u64 = 100_000;

/// Requests that it takes in ten seconds.
const BURST: u64 = 100;

/// One connector. It counts its own requests.
pub(super) struct Session {
    crm: MemoryCrm,
    requests: AtomicU64,
    reading: Mutex<BTreeMap<Object, Reading>>,
    abilities: Abilities,
}

/// What a connector reads of an object.
#[derive(Default)]
struct Reading {
    left_out: BTreeSet<String>,
    shape: Option<Arc<Shape>>,
}

impl Reading {
    fn describe(&mut self, org: &Org) -> Arc<Shape> {
        let named = org.fields.difference(&org.hidden);
        let (refused, fields) = named
            .cloned()
            .partition(|name| self.left_out.contains(name));
        let shape = Arc::new(Shape { fields, refused });
        self.shape = Some(Arc::clone(&shape));
        shape
    }

    /// Returns whether a query for the shape's fields is refused. If so, the shape gets narrower.
    fn is_refused(&mut self, org: &Org) -> bool {
        let shape = self.shape.clone().unwrap_or_else(|| self.describe(org));
        let fields = shape.fields.iter();
        let refused: Vec<_> = fields
            .filter(|name| org.refused.contains(*name) || org.hidden.contains(*name))
            .cloned()
            .collect();
        self.left_out.extend(refused.iter().cloned());
        if !refused.is_empty() {
            self.describe(org);
        }
        !refused.is_empty()
    }
}

impl Session {
    pub(super) fn new(crm: MemoryCrm) -> Self {
        let abilities = crm.lock().abilities();
        Self {
            crm,
            requests: AtomicU64::new(0),
            reading: Mutex::default(),
            abilities,
        }
    }

    fn reading(&self) -> MutexGuard<'_, BTreeMap<Object, Reading>> {
        self.reading.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers a query for the fields in use. `lost` is the result if the query cannot go on with fewer fields.
    fn query<T>(
        &self,
        method: &str,
        object: Object,
        lost: impl FnOnce() -> Option<T>,
        answer: impl FnOnce(&mut Org) -> Outcome<T>,
    ) -> Outcome<T> {
        self.ask(method, Some(object), |org| {
            let mut reading = self.reading();
            let reading = reading.entry(object).or_default();
            if reading.is_refused(org)
                && let Some(lost) = lost()
            {
                return Ok(lost);
            }
            org.left_out.clone_from(&reading.left_out);
            let answer = answer(org);
            org.left_out.clear();
            answer
        })
    }

    pub(super) fn ask<T>(
        &self,
        method: &str,
        object: Option<Object>,
        answer: impl FnOnce(&mut Org) -> Outcome<T>,
    ) -> Outcome<T> {
        let mut org = self.crm.lock();
        let stumbles = std::mem::take(&mut org.stumbles);
        self.requests.fetch_add(1 + stumbles, Ordering::Relaxed);
        *org.calls.entry(method.to_owned()).or_default() += 1;
        if org.revoked {
            return Err(Fault::crm("crm", CrmCode::said("revoked")).with_kind(Kind::Revoked));
        }
        if org.exhausted {
            return Err(Fault::crm("crm", CrmCode::said("quota"))
                .with_kind(Kind::Transient)
                .after(Duration::from_secs(3_600)));
        }
        if object.is_some_and(|object| org.forbidden.contains(&object)) {
            return Err(Fault::crm("crm", CrmCode::said("object_unreadable")));
        }
        let fails = |(of, at, _): &&(&str, Option<Object>, Fault)| {
            *of == method && (at.is_none() || *at == object)
        };
        if let Some((_, _, fault)) = org.faults.iter().find(fails) {
            return Err(fault.clone());
        }
        answer(&mut org)
    }
}

#[async_trait]
impl Inspect for Session {
    async fn organisation(&self) -> Outcome<Option<String>> {
        self.ask("organisation", None, |org| Ok(org.organisation.clone()))
    }

    async fn rights(&self, object: Object) -> Outcome<Option<Rights>> {
        self.ask("rights", None, |org| {
            if org.forbidden.contains(&object) || org.away.contains(&object) {
                return Ok(None);
            }
            let fields = org.fields.difference(&org.hidden);
            Ok(Some(Rights {
                read: true,
                create: true,
                fields: fields
                    .map(|name| FieldRights {
                        name: name.clone(),
                        create: true,
                        required: false,
                    })
                    .collect(),
                ..Rights::default()
            }))
        })
    }
}

#[async_trait]
impl Powers for Session {
    async fn scopes(&self) -> Outcome<Option<Allowed>> {
        self.ask("scopes", None, |org| Ok(org.scopes.clone()))
    }

    async fn permissions(&self) -> Outcome<Option<Allowed>> {
        self.ask("permissions", None, |_| Ok(None))
    }
}

#[async_trait]
impl Crm for Session {
    fn abilities(&self) -> &Abilities {
        &self.abilities
    }

    async fn clock(&self) -> Outcome<Timestamp> {
        self.ask("clock", None, |org| Ok(org.clock))
    }

    async fn describe(&self, object: Object) -> Outcome<Option<Shape>> {
        self.ask("describe", Some(object), |org| {
            if org.away.contains(&object) {
                return Ok(None);
            }
            let mut reading = self.reading();
            let shape = reading.entry(object).or_default().describe(org);
            Ok(Some(Shape::clone(&shape)))
        })
    }

    async fn leave_out(&self, object: Object, fields: &[String], ask: bool) -> Outcome<()> {
        self.ask("leave_out", Some(object), |org| {
            let refused = fields.iter();
            let refused = refused.filter(|name| !ask || org.refused.contains(*name));
            let left_out = refused.cloned().collect();
            self.reading().entry(object).or_default().left_out = left_out;
            Ok(())
        })
    }

    fn in_use(&self, object: Object) -> Option<Arc<Shape>> {
        self.reading().get(&object)?.shape.clone()
    }

    async fn changes(&self, ask: Changes<'_>) -> Outcome<Answer> {
        let lost = || ask.token.map(|_| Answer::TokenLost);
        let object = ask.object;
        let answer = self.query("changes", object, lost, |org| org.changes(ask))?;
        let on_page = self.crm.lock().on_page.clone();
        if let (Answer::Page(page), Some(on_page)) = (&answer, on_page) {
            on_page(object, page.items.len());
        }
        Ok(answer)
    }

    async fn forget(&self, token: &PageToken) {
        self.crm.lock().forget(token);
    }

    async fn deleted(
        &self,
        object: Object,
        since: Timestamp,
        until: Timestamp,
    ) -> Outcome<Deleted> {
        self.ask("deleted", Some(object), |org| {
            if org.deletions_unknown {
                return Ok(Deleted::Unknown);
            }
            let ids = org
                .deleted
                .iter()
                .filter(|(of, _, at)| *of == object && since <= *at && *at <= until)
                .map(|(_, id, _)| id.clone())
                .collect();
            Ok(Deleted::Ids(ids))
        })
    }

    async fn count(&self, object: Object) -> Outcome<Count> {
        self.ask("count", Some(object), |org| Ok(org.count(object)))
    }

    async fn ids(&self, object: Object, token: Option<&PageToken>) -> Outcome<IdPage> {
        self.ask("ids", Some(object), |org| {
            let (ids, next) = org.ids(object, token);
            Ok(IdPage { ids, next })
        })
    }

    async fn fetch(&self, object: Object, ids: &[RecordId]) -> Outcome<Vec<Item>> {
        if ids.len() > 200 {
            return Err(Fault::crm("crm", CrmCode::said("too_many_ids")));
        }
        self.query(
            "fetch",
            object,
            || None,
            |org| {
                Ok(ids
                    .iter()
                    .filter_map(|id| org.item_of(object, id))
                    .collect())
            },
        )
    }

    async fn parents(&self, object: Object, ids: &[RecordId]) -> Outcome<Vec<Option<Parent>>> {
        self.ask("parents", Some(object), |org| {
            let associations = org
                .associations
                .as_ref()
                .ok_or_else(|| Fault::crm("crm", CrmCode::said("parents_in_record")))?;
            let is_there = |id: &RecordId| org.live(object).any(|(there, _)| there == id);
            associations.parents(object, ids, is_there)
        })
    }

    fn usage(&self) -> Usage {
        let requests = self.requests.load(Ordering::Relaxed);
        Usage {
            requests,
            budgets: vec![
                Budget {
                    name: "day".into(),
                    used: requests,
                    total: QUOTA,
                    per: Per::Day,
                },
                Budget {
                    name: "burst".into(),
                    used: requests.min(BURST),
                    total: BURST,
                    per: Per::Seconds(10),
                },
            ],
            clock: Some(self.crm.now()),
        }
    }

    async fn revoke(&self) -> Outcome<Revoked> {
        self.ask("revoke", None, |org| {
            org.revoked = true;
            Ok(org.revoking)
        })
    }
}
