//! Makes items of rows.

use domain::record::Item;

use super::{
    super::{super::shape::ObjectShape, Parsed, build::item, spelling::Json},
    document::Rows,
};

/// Makes items at once.
pub(super) struct Sink<'s> {
    shape: &'s ObjectShape,
    buffer: String,
    pub(super) parsed: Parsed,
}

impl<'s> Sink<'s> {
    pub(super) fn new(shape: &'s ObjectShape) -> Self {
        Self {
            shape,
            buffer: String::with_capacity(4_096),
            parsed: Parsed::default(),
        }
    }
}

impl<'a> Rows<'a> for Sink<'_> {
    fn row(&mut self, slots: Option<&[Option<&'a str>]>) {
        let (item, place) = match slots {
            Some(slots) => item::<Json>(self.shape, slots, &mut self.buffer),
            None => (
                Item::Bad {
                    id: None,
                    reason: "record.not_an_object",
                },
                None,
            ),
        };
        self.parsed.items.push(item);
        self.parsed.note(place);
    }
}
