//! What a test does to the records of the CRM.

use std::collections::BTreeMap;

use domain::{
    ports::Link,
    record::{Object, RecordId},
};
use jiff::{SignedDuration, Timestamp};

use super::{MemoryCrm, Pages, rows::Row};

impl MemoryCrm {
    /// Creates or changes a record, now.
    pub fn put(&self, object: Object, id: &RecordId, fields: &[(&str, &str)]) {
        self.put_late(object, id, fields, SignedDuration::ZERO);
    }

    /// Creates or changes a record, now. The record becomes visible only `late` later, with the present time stamp.
    pub fn put_late(
        &self,
        object: Object,
        id: &RecordId,
        fields: &[(&str, &str)],
        late: SignedDuration,
    ) {
        let mut org = self.lock();
        let modified = org.clock;
        let shows = modified.checked_add(late).unwrap_or(Timestamp::MAX);
        let fields: BTreeMap<String, String> = fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        org.fields.extend(fields.keys().cloned());
        org.deleted
            .retain(|(of, there, _)| (*of, there) != (object, id));
        let version = org.next_version();
        let row = Row {
            modified,
            shows,
            version,
            fields,
            links: Vec::new(),
            made: None,
            gone: None,
            absorbed: Vec::new(),
            bad: false,
        };
        org.rows_mut(object).insert(id.clone(), row);
    }

    /// Makes a record unreadable, now.
    pub fn spoil(&self, object: Object, id: &RecordId) {
        self.change(object, id, |row| row.bad = true);
    }

    /// Deletes a record, now. Windows still show the deletion.
    pub fn delete(&self, object: Object, id: &RecordId) {
        self.change(object, id, |row| row.gone = Some(None));
    }

    /// Merges a record into another, now. Windows still show it.
    pub fn merge(&self, object: Object, id: &RecordId, survivor: &RecordId) {
        self.change(object, id, |row| row.gone = Some(Some(survivor.clone())));
    }

    /// Merges records into another, now. They vanish, and only the survivor's row names them.
    pub fn absorb(&self, object: Object, ids: &[RecordId], survivor: &RecordId) {
        let mut org = self.lock();
        for id in ids {
            org.rows_mut(object).remove(id);
        }
        drop(org);
        self.change(object, survivor, |row| row.absorbed.extend_from_slice(ids));
    }

    /// Restores a deleted record, now.
    pub fn restore(&self, object: Object, id: &RecordId) {
        self.change(object, id, |row| row.gone = None);
    }

    /// Deletes a record permanently, now. Only the list of deletions shows it.
    pub fn delete_for_good(&self, object: Object, id: &RecordId) {
        let is_tracked = self.lock().pages == Pages::Tracked;
        if is_tracked {
            return self.delete(object, id);
        }
        let mut org = self.lock();
        let now = org.clock;
        if org.rows_mut(object).remove(id).is_some() {
            org.deleted.push((object, id.clone(), now));
        }
    }

    /// Removes a record without a trace.
    pub fn lose(&self, object: Object, id: &RecordId) {
        self.lock().rows_mut(object).remove(id);
    }

    /// Returns the records to which a record belongs.
    pub fn links(&self, object: Object, id: &RecordId) -> Vec<Link> {
        let mut org = self.lock();
        let row = org.rows_mut(object).get(id);
        row.map(|row| row.links.clone()).unwrap_or_default()
    }

    /// Returns the present readable records: the fields' text, and the time of the last change.
    pub fn records(&self, object: Object) -> BTreeMap<RecordId, (String, Timestamp)> {
        self.lock().readable(object)
    }

    fn change(&self, object: Object, id: &RecordId, what: impl FnOnce(&mut Row)) {
        let mut org = self.lock();
        let now = org.clock;
        let version = org.next_version();
        if let Some(row) = org.rows_mut(object).get_mut(id) {
            row.modified = now;
            row.shows = now;
            row.version = version;
            what(row);
        }
    }
}
