//! The CRM in memory.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use domain::{
    ports::{Crm, Draft, Fields},
    record::{Object, RecordId},
};
use infra::memory::{MemoryCrm, Pages};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::stage::Stage;

const PAGE: usize = 5;

struct Memory {
    crm: MemoryCrm,
    n: AtomicU32,
}

pub(crate) fn ordered() -> Box<dyn Stage> {
    of(Pages::Ordered)
}

pub(crate) fn unordered() -> Box<dyn Stage> {
    of(Pages::Unordered)
}

pub(crate) fn tracked() -> Box<dyn Stage> {
    of(Pages::Tracked)
}

/// Parents are associations, and stand on pages or not.
pub(crate) fn linked(on_pages: bool) -> Box<dyn Stage> {
    let memory = made(Pages::Ordered);
    memory.crm.keep_associations(7, on_pages);
    memory.crm.link_accounts();
    Box::new(memory)
}

/// A CRM whose records have the ids that we choose, whose fields may be lists, and whose index lags.
pub(crate) fn chosen() -> Box<dyn Stage> {
    let stage = made(Pages::Unordered);
    stage.crm.choose_ids();
    stage.crm.take_nested();
    stage.crm.lag_index(SignedDuration::from_hours(1));
    Box::new(stage)
}

fn of(pages: Pages) -> Box<dyn Stage> {
    Box::new(made(pages))
}

fn made(pages: Pages) -> Memory {
    let clock = Timestamp::from_second(1_790_000_000).unwrap();
    let crm = MemoryCrm::new(clock, pages, PAGE);
    // Only one stage keeps external ids. On the other one a lost answer is looked up by the fields that were sent.
    crm.keep_external_ids(pages == Pages::Ordered);
    let n = AtomicU32::new(0);
    Memory { crm, n }
}

impl Memory {
    fn next_id(&self) -> RecordId {
        let n = self.n.fetch_add(1, Ordering::Relaxed);
        RecordId::parse(&format!("r{n:06}")).unwrap()
    }
}

impl Stage for Memory {
    fn connect(&self) -> Arc<dyn Crm> {
        self.crm.session()
    }

    fn page(&self) -> usize {
        PAGE
    }

    fn advance(&self, by: SignedDuration) {
        self.crm.advance(by);
    }

    fn make(&self, object: Object, name: &str) -> RecordId {
        let id = self.next_id();
        self.crm.put(object, &id, &[("Name", name)]);
        id
    }

    fn rename(&self, object: Object, id: &RecordId, name: &str) {
        self.crm.put(object, id, &[("Name", name)]);
    }

    fn make_late(&self, object: Object, name: &str, late: SignedDuration) -> RecordId {
        let id = self.next_id();
        self.crm.put_late(object, &id, &[("Name", name)], late);
        id
    }

    fn delete(&self, object: Object, id: &RecordId) {
        self.crm.delete(object, id);
    }

    fn delete_for_good(&self, object: Object, id: &RecordId) {
        self.crm.delete_for_good(object, id);
    }

    fn restore(&self, object: Object, id: &RecordId) {
        self.crm.restore(object, id);
    }

    fn merge(&self, object: Object, loser: &RecordId, survivor: &RecordId) -> RecordId {
        self.crm.merge(object, loser, survivor);
        survivor.clone()
    }

    fn associate(&self, object: Object, id: &RecordId, parents: &[RecordId]) {
        self.crm.associate(object, id, parents);
    }

    fn hide(&self, _: Object, id: &RecordId) {
        self.crm.hide_parent(id, true);
    }

    fn lose_tokens(&self) -> bool {
        self.crm.lose_tokens(1);
        true
    }

    fn lose_resumes(&self) {
        self.crm.expire_resumes();
    }

    fn purge_deletions(&self) {
        self.crm.forget_deletions(true);
    }

    fn end_access_tokens(&self) {
        self.crm.stumble(1);
    }

    fn throttle(&self, n: u32) {
        self.crm.stumble(n);
    }

    fn trouble(&self, n: u32) {
        self.crm.stumble(n);
    }

    fn use_up_quota(&self) {
        self.crm.exhaust(true);
    }

    fn take_grant_back(&self) {
        self.crm.revoke(true);
    }

    fn take_away(&self, object: Object) {
        self.crm.take_away(object);
    }

    fn lose_next_answer(&self) {
        self.crm.lose_next_answer();
    }

    fn refuse_duplicates(&self) {
        self.crm.refuse_same_names();
    }

    fn draft(&self, object: Object, name: &str) -> Draft {
        drafted(object, json!({ "Name": name }))
    }

    fn nested_field(&self) -> Option<&'static str> {
        Some("Lines")
    }

    fn n_records(&self, object: Object) -> usize {
        self.crm.records(object).len()
    }
}

/// Makes a draft of these fields.
pub(crate) fn drafted(object: Object, fields: serde_json::Value) -> Draft {
    let fields = fields.as_object().unwrap().clone();
    Draft {
        object,
        fields: Fields::from(fields),
        links: Vec::new(),
    }
}
