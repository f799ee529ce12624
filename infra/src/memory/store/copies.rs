//! Records, relations, bodies and pages.

use async_trait::async_trait;
use domain::{
    fault::{Code, Fault, Outcome},
    ports::{Copies, Fingerprint, Known, Lookups, StoredRecord, StoredRelation},
    record::{Object, RecordId},
    seal::Sealed,
    tenant::{RunId, Scope},
};

use super::{
    MemoryStore,
    rows::{RecordKey, Row, Rows},
    writes::{Write, is_large, writes},
};

#[async_trait]
impl Copies for MemoryStore {
    async fn known(
        &self,
        scope: &Scope,
        object: Object,
        ids: &[RecordId],
    ) -> Outcome<Vec<Option<Known>>> {
        let rows = self.lock();
        Ok(ids
            .iter()
            .map(|id| {
                let row = rows.records.get(&(scope.clone(), object, id.clone()));
                row.map(|row| row.known.clone())
            })
            .collect())
    }

    async fn put(&self, scope: &Scope, object: Object, records: Vec<StoredRecord>) -> Outcome<()> {
        for write in writes(scope, object, records) {
            if self.is_cut() {
                return Err(Fault::of(Code::MemoryPutCut));
            }
            self.lock().write(write);
        }
        Ok(())
    }

    async fn record(
        &self,
        scope: &Scope,
        object: Object,
        id: &RecordId,
    ) -> Outcome<Option<Sealed>> {
        let rows = self.lock();
        let place = (scope.clone(), object, id.clone());
        let Some(row) = rows.records.get(&place) else {
            return Ok(None);
        };
        let body = row.sealed.as_ref().or_else(|| rows.bodies.get(&place));
        body.cloned()
            .map(Some)
            .ok_or_else(|| Fault::of(Code::CopiesBodyMissing))
    }

    async fn put_page(
        &self,
        scope: &Scope,
        object: Object,
        run: &RunId,
        page: u64,
        sealed: Sealed,
    ) -> Outcome<()> {
        let mut rows = self.lock();
        let place = (scope.clone(), run.clone(), object, page);
        rows.pages.insert(place, sealed);
        Ok(())
    }
}

impl Rows {
    /// Puts records without a cut.
    pub(super) fn put(&mut self, scope: &Scope, object: Object, records: Vec<StoredRecord>) {
        for write in writes(scope, object, records) {
            self.write(write);
        }
    }

    /// Applies one of the writes that make up a put.
    pub(super) fn write(&mut self, write: Write) {
        match write {
            Write::Unfinished(place, known) => {
                let row = Row {
                    known,
                    fingerprint: None,
                    lookups: Lookups::default(),
                    sealed: None,
                    projection: None,
                };
                self.records.insert(place, row);
            }
            Write::Body(place, Some(body)) => {
                self.bodies.insert(place, body);
            }
            Write::Body(place, None) => {
                self.bodies.remove(&place);
            }
            Write::Drop(place, company) => {
                self.relations.remove(&(place.clone(), company));
                self.links.remove(&(place, company));
            }
            Write::Relation(place, relation) => self.put_relation(&place, &relation),
            Write::Record(place, record) => self.put_record(place, *record),
        }
    }

    fn put_record(&mut self, place: RecordKey, record: StoredRecord) {
        let large = is_large(&record);
        let known = Known {
            digest: record.digest,
            modified: record.modified,
            born: record.born,
            page: record.page,
            relations: record
                .relations
                .iter()
                .map(|relation| relation.company)
                .collect(),
            large,
            vanished: record.vanished,
        };
        let row = Row {
            known,
            fingerprint: Fingerprint::of_stored(&record.relations),
            lookups: record.lookups,
            sealed: (!large).then_some(record.sealed),
            projection: record.projection,
        };
        self.records.insert(place, row);
    }

    pub(super) fn put_relation(&mut self, place: &RecordKey, relation: &StoredRelation) {
        let place = (place.clone(), relation.company);
        match &relation.link {
            Some(link) => self.links.insert(place.clone(), link.clone()),
            None => self.links.remove(&place),
        };
        self.relations
            .insert(place, (relation.status, relation.score));
    }

    pub(super) fn take_out(&mut self, scope: &Scope, object: Object, id: &RecordId, known: &Known) {
        let place = (scope.clone(), object, id.clone());
        for company in &known.relations {
            self.relations.remove(&(place.clone(), *company));
            self.links.remove(&(place.clone(), *company));
        }
        if known.large {
            self.bodies.remove(&place);
        }
        self.records.remove(&place);
    }
}
