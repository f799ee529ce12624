//! Who the data subject of a record is.

use std::borrow::Cow;

use crate::{
    people::People,
    record::{DisplayFields, MatchingAttributes, Object, RecordId},
};

/// The parts of a record that identify its data subject.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// Its object.
    pub object: Object,
    /// Its id.
    pub id: &'a RecordId,
    /// Its matching attributes.
    pub attributes: &'a MatchingAttributes,
    /// Its display fields.
    pub display: &'a DisplayFields,
    /// The people in it. `None` if its body is of a format that did not list them, in which case they are derived from `fields`.
    pub people: Option<&'a People>,
    /// Its fields, as JSON.
    pub fields: &'a str,
}

impl<'a> Subject<'a> {
    /// Returns the people in the record.
    pub fn people(&self) -> Cow<'a, People> {
        let label = self.display.label.as_deref();
        People::of(
            self.people,
            self.object,
            self.attributes,
            label,
            self.fields,
        )
    }
}
