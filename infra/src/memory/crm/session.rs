//! One connector.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use domain::{
    fault::{CrmCode, Fault, Outcome},
    ports::{Abilities, Answer, Changes, Count, Crm, Deleted, IdPage, Revoked, Shape, Usage},
    progress::{Budget, PageToken, Per},
    record::{Item, Object, Parent, RecordId},
};
use jiff::Timestamp;

use super::{MemoryCrm, fields::Reading};

/// How many requests the CRM takes in ten seconds.
const BURST: u64 = 100;

/// One connector. It counts its own requests.
pub(super) struct Session {
    pub(super) crm: MemoryCrm,
    pub(super) requests: AtomicU64,
    /// What the connector reads of each object.
    pub(super) reading: Mutex<BTreeMap<Object, Reading>>,
    abilities: Abilities,
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
        let (used, quota) = {
            let org = self.crm.lock();
            (org.used, org.quota)
        };
        Usage {
            requests,
            budgets: vec![
                Budget {
                    name: "day".into(),
                    used: used.max(requests),
                    total: quota,
                    per: Per::Day,
                    is_ours: false,
                },
                Budget {
                    name: "burst".into(),
                    used: requests.min(BURST),
                    total: BURST,
                    per: Per::Seconds(10),
                    is_ours: false,
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
