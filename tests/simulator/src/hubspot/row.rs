//! One record in packed form.

use std::borrow::Cow;

use super::property::Source;
use super::schema::Schema;
use super::time::{self, Millis};
use crate::kit::packed::{Packed, Values, plain};
use crate::kit::records::Record;

/// One record. It stores each value as the JSON string of an answer, without nulls.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) id: u64,
    pub(crate) created: Millis,
    pub(crate) stamp: Millis,
    /// When it was moved to the recycle bin. `None` if it is not there.
    pub(crate) archived: Option<Millis>,
    values: Packed,
}

impl Row {
    pub(crate) fn pack(id: u64, created: Millis, stamp: Millis, values: &Values) -> Self {
        Self {
            id,
            created,
            stamp,
            archived: None,
            values: Packed::pack(values),
        }
    }

    /// Returns the same record in the recycle bin, or out of it.
    pub(crate) fn with_archived(&self, archived: Option<Millis>) -> Self {
        let row = Self::pack(self.id, self.created, self.stamp, &self.unpack());
        Self { archived, ..row }
    }

    pub(crate) fn unpack(&self) -> Values {
        self.values.unpack()
    }

    /// Returns stored values by ascending index. Values that are not stored (id, times) are left out.
    pub(crate) fn stored(&self) -> impl Iterator<Item = (u16, &[u8])> {
        self.values.values()
    }

    /// Returns a property's text. `None` is null.
    pub(crate) fn text(&self, schema: &Schema, index: u16) -> Option<Cow<'_, str>> {
        match schema.property(index)?.source {
            Source::Stored => self.values.get(index).map(plain),
            Source::Id => Some(Cow::Owned(self.id.to_string())),
            Source::Created => Some(Cow::Owned(time::text(self.created))),
            Source::Stamp => Some(Cow::Owned(time::text(self.stamp))),
        }
    }

    /// Returns the text of the property with a name.
    pub(crate) fn named(&self, schema: &Schema, name: &str) -> Option<Cow<'_, str>> {
        self.text(schema, schema.find_any(name)?)
    }
}

/// Returns a text in the form of a stored value.
pub(crate) fn quoted(text: &str) -> Vec<u8> {
    serde_json::Value::from(text).to_string().into_bytes()
}

impl Record for Row {
    type Id = u64;
    const MAX: u64 = u64::MAX;

    fn id(&self) -> u64 {
        self.id
    }

    fn stamp(&self) -> Millis {
        self.stamp
    }

    fn is_deleted(&self) -> bool {
        self.archived.is_some()
    }

    fn external(&self, field: u16) -> Option<String> {
        self.values.get(field).map(|json| plain(json).into_owned())
    }
}
