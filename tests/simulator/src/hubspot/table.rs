//! All records of one object: the records, their history, the survivors of merged ones, the e-mail addresses, and the lag of the search index.

use std::collections::{BTreeMap, HashMap};
use std::ops::Deref;
use std::sync::Arc;

use super::history::History;
use super::kind::Kind;
use super::lag::Lag;
use super::property::Property;
use super::row::Row;
use super::schema::Schema;
use super::time::{BIN, Millis};
use crate::kit::records::Records;

/// One object's records.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) schema: Schema,
    records: Records<Row>,
    pub(crate) history: History,
    /// What the search index does not have yet.
    pub(crate) lag: Lag,
    /// The record into which each merged one was merged.
    pub(crate) merged: BTreeMap<u64, u64>,
    /// The live contact of each address, primary or additional, in lower case.
    emails: HashMap<String, u64>,
    next: u64,
}

impl Deref for Table {
    type Target = Records<Row>;

    fn deref(&self) -> &Records<Row> {
        &self.records
    }
}

impl Table {
    pub(crate) fn new(kind: Kind, first_id: u64) -> Self {
        Self {
            schema: Schema::new(kind),
            records: Records::new(Vec::new()),
            history: History::default(),
            lag: Lag::default(),
            merged: BTreeMap::new(),
            emails: HashMap::new(),
            next: first_id,
        }
    }

    /// Adds a property, or replaces the one with its name.
    pub(crate) fn add_property(&mut self, property: Property) -> u16 {
        let unique = property.unique;
        let index = self.schema.add(property);
        if unique {
            self.records.add_external(index);
        }
        index
    }

    /// Returns an id above all ids so far.
    pub(crate) fn fresh_id(&mut self) -> u64 {
        while self.records.knows(self.next) || self.merged.contains_key(&self.next) {
            self.next += 1;
        }
        self.next += 1;
        self.next - 1
    }

    /// Stores a record in place of the one with its id. The search index has it when it is due.
    pub(crate) fn put(&mut self, row: Row, due: Option<Millis>) {
        let before = self.records.get(row.id).cloned();
        self.note(row.id, before.as_ref(), due);
        self.forget_emails(before.as_deref());
        if row.archived.is_none() {
            for email in self.emails_of(&row) {
                self.emails.entry(email).or_insert(row.id);
            }
        }
        // Ids are assigned in ascending order, also after a load of higher ones.
        self.next = self.next.max(row.id + 1);
        self.records.put(row);
    }

    /// Removes a record permanently and without a trace. The search index learns of it when it is due.
    pub(crate) fn purge(&mut self, id: u64, now: Millis, due: Option<Millis>) -> Option<Arc<Row>> {
        let before = self.records.get_for_write(id).cloned()?;
        self.note(id, Some(&before), due);
        self.forget_emails(Some(&before));
        self.records.purge(id, now);
        self.history.forget(id);
        Some(before)
    }

    /// Hides a record from every request, until a time or until it is released.
    pub(crate) fn hold(&mut self, id: u64, until: Option<Millis>) -> bool {
        self.records.hold(id, until)
    }

    /// Keeps a record out of the search index until a time. Changes that the index does not have yet are added then.
    pub(crate) fn hold_index(&mut self, id: u64, until: Millis) -> bool {
        let there = self.records.get(id).is_some();
        if there {
            self.lag.hold(id, until);
        }
        there
    }

    /// Shows what is due, and deletes what has been in the recycle bin for too long.
    pub(crate) fn tick(&mut self, now: Millis) {
        self.records.release(now, false);
        if !self.lag.is_empty() {
            self.lag.catch_up(now);
        }
    }

    /// Shows all held records.
    pub(crate) fn release(&mut self, now: Millis) -> usize {
        self.lag.clear();
        self.records.release(now, true)
    }

    /// Returns whether a record is in the recycle bin and not too old for it.
    pub(crate) fn is_in_bin(row: &Row, now: Millis) -> bool {
        row.archived.is_some_and(|at| now - at < BIN)
    }

    /// Returns the record into which a merged one was merged, at the end of the chain. Any other id is returned as it is.
    pub(crate) fn survivor(&self, mut id: u64) -> u64 {
        while let Some(into) = self.merged.get(&id) {
            id = *into;
        }
        id
    }

    /// Returns the live contact with an address.
    pub(crate) fn by_email(&self, email: &str) -> Option<u64> {
        self.emails.get(&email.trim().to_lowercase()).copied()
    }

    /// Returns all addresses of a contact in lower case.
    pub(crate) fn emails_of(&self, row: &Row) -> Vec<String> {
        if self.schema.kind != Kind::Contact {
            return Vec::new();
        }
        let one = row.named(&self.schema, "email");
        let more = row.named(&self.schema, "hs_additional_emails");
        one.iter()
            .map(|email| email.trim().to_lowercase())
            .chain(more.iter().flat_map(|more| {
                more.split(';')
                    .map(|email| email.trim().to_lowercase())
                    .collect::<Vec<_>>()
            }))
            .filter(|email| !email.is_empty())
            .collect()
    }

    fn note(&mut self, id: u64, before: Option<&Arc<Row>>, due: Option<Millis>) {
        if let Some(due) = due {
            self.lag.note(id, before.cloned(), due);
        }
    }

    fn forget_emails(&mut self, row: Option<&Row>) {
        let Some(row) = row else { return };
        for email in self.emails_of(row) {
            if self.emails.get(&email) == Some(&row.id) {
                self.emails.remove(&email);
            }
        }
    }
}
