//! All records of one object, and their fields.

use std::ops::{Deref, DerefMut};

use super::id::Id;
use super::row::{Row, plain};
use super::schema::Schema;
use super::time::Millis;
use crate::kit::records::{self, Record, Records};

/// The order of the keyset cursor.
pub(crate) type Key = records::Key<Row>;

/// One object's records.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) schema: Schema,
    records: Records<Row>,
    next: u64,
}

impl Record for Row {
    type Id = Id;
    const MAX: Id = Id::MAX;

    fn id(&self) -> Id {
        self.id
    }

    fn stamp(&self) -> Millis {
        self.stamp
    }

    fn is_deleted(&self) -> bool {
        self.deleted
    }

    fn external(&self, field: u16) -> Option<String> {
        Some(plain(self.get(field)?).into_owned())
    }
}

impl Deref for Table {
    type Target = Records<Row>;

    fn deref(&self) -> &Records<Row> {
        &self.records
    }
}

impl DerefMut for Table {
    fn deref_mut(&mut self) -> &mut Records<Row> {
        &mut self.records
    }
}

impl Table {
    pub(crate) fn new(schema: Schema) -> Self {
        let fields = (0_u16..).zip(&schema.fields);
        let external = fields.filter(|(_, field)| field.external);
        let records = Records::new(external.map(|(index, _)| index).collect());
        Self {
            schema,
            records,
            next: 1,
        }
    }

    /// Forgets all records and restarts the numbering.
    pub(crate) fn clear(&mut self) {
        *self = Self::new(self.schema.clone());
    }

    /// Returns an id that no record of this object has had.
    pub(crate) fn fresh_id(&mut self) -> Id {
        loop {
            let id = Id::nth(self.schema.prefix, self.next);
            self.next += 1;
            if !self.records.knows(id) {
                return id;
            }
        }
    }
}
