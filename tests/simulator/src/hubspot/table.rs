//! All records of one object: what is there, what became of merged ones, who has which e-mail address, what the search index sees.

use std::collections::{BTreeMap, HashMap};
use std::ops::Deref;
use std::sync::Arc;

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
    /// What the search index has not seen yet.
    pub(crate) lag: Lag,
    /// Which record a merged one became part of.
    pub(crate) merged: BTreeMap<u64, u64>,
    /// Which live contact has an address, primary or additional, in lower case.
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

    /// An id above all that there were.
    pub(crate) fn fresh_id(&mut self) -> u64 {
        while self.records.knows(self.next) || self.merged.contains_key(&self.next) {
            self.next += 1;
        }
        self.next += 1;
        self.next - 1
    }

    /// Stores a record in place of the one with its id. The search index sees it when it is due.
    pub(crate) fn put(&mut self, row: Row, due: Option<Millis>) {
        let before = self.records.get(row.id).cloned();
        self.note(row.id, before.as_ref(), due);
        self.forget_emails(before.as_deref());
        if row.archived.is_none() {
            for email in self.emails_of(&row) {
                self.emails.entry(email).or_insert(row.id);
            }
        }
        // Ids are given out in ascending order, also after a load of higher ones.
        self.next = self.next.max(row.id + 1);
        self.records.put(row);
    }

    /// Takes a record away for good, without a trace. The search index sees it when it is due.
    pub(crate) fn purge(&mut self, id: u64, now: Millis, due: Option<Millis>) -> Option<Arc<Row>> {
        let before = self.records.get_for_write(id).cloned()?;
        self.note(id, Some(&before), due);
        self.forget_emails(Some(&before));
        self.records.purge(id, now);
        Some(before)
    }

    /// Hides a record from every request, until a time or until released.
    pub(crate) fn hold(&mut self, id: u64, until: Option<Millis>) -> bool {
        self.records.hold(id, until)
    }

    /// Keeps a record out of the search index until a time; a change that the index has not seen is seen then.
    pub(crate) fn hold_index(&mut self, id: u64, until: Millis) -> bool {
        let there = self.records.get(id).is_some();
        if there {
            self.lag.hold(id, until);
        }
        there
    }

    /// Makes visible what is due, and empties the recycle bin of what is too old.
    pub(crate) fn tick(&mut self, now: Millis) {
        self.records.release(now, false);
        if !self.lag.is_empty() {
            self.lag.catch_up(now);
        }
    }

    /// Makes everything held visible.
    pub(crate) fn release(&mut self, now: Millis) -> usize {
        self.lag.clear();
        self.records.release(now, true)
    }

    /// A record in the recycle bin that is not too old.
    pub(crate) fn is_in_bin(row: &Row, now: Millis) -> bool {
        row.archived.is_some_and(|at| now - at < BIN)
    }

    /// The record that a merged one became part of, at the end of the chain; any other id is itself.
    pub(crate) fn survivor(&self, mut id: u64) -> u64 {
        while let Some(into) = self.merged.get(&id) {
            id = *into;
        }
        id
    }

    /// The live contact with an address.
    pub(crate) fn by_email(&self, email: &str) -> Option<u64> {
        self.emails.get(&email.trim().to_lowercase()).copied()
    }

    /// All addresses of a contact, in lower case.
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
