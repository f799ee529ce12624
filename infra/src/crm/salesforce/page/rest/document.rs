//! Reads the JSON of one query answer. No record becomes a tree.

use std::fmt;

use serde::{
    Deserialize,
    de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use super::super::super::shape::ObjectShape;

/// Takes the rows of a page. A row is its values, each at its field's index and as JSON has it, or `None` if something
/// else is in its place.
pub(super) trait Rows<'a> {
    fn row(&mut self, slots: Option<&[Option<&'a str>]>);
}

/// A page's values beside its rows.
#[derive(Default)]
pub(super) struct Head {
    pub(super) next: Option<String>,
    pub(super) done: Option<bool>,
    pub(super) total: Option<u64>,
}

/// Reads the next document. Its rows go into `sink`.
pub(super) fn document<'de, D: Deserializer<'de>>(
    deserializer: D,
    shape: &ObjectShape,
    sink: &mut impl Rows<'de>,
) -> Result<Head, D::Error> {
    PageSeed { shape, sink }.deserialize(deserializer)
}

struct PageSeed<'s, R> {
    shape: &'s ObjectShape,
    sink: &'s mut R,
}

impl<'de, R: Rows<'de>> DeserializeSeed<'de> for PageSeed<'_, R> {
    type Value = Head;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Head, D::Error> {
        deserializer.deserialize_map(self)
    }
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "camelCase")]
enum PageKey {
    Records,
    NextRecordsUrl,
    Done,
    TotalSize,
    #[serde(other)]
    Other,
}

impl<'de, R: Rows<'de>> Visitor<'de> for PageSeed<'_, R> {
    type Value = Head;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a query answer")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Head, A::Error> {
        let (mut head, mut seen) = (Head::default(), false);
        while let Some(key) = map.next_key()? {
            match key {
                PageKey::Records => {
                    seen = true;
                    map.next_value_seed(RowsSeed {
                        shape: self.shape,
                        sink: &mut *self.sink,
                    })?;
                }
                PageKey::NextRecordsUrl => head.next = map.next_value()?,
                PageKey::Done => head.done = map.next_value::<&RawValue>()?.get().parse().ok(),
                // Only a check uses the total, so a page with an odd one can be read.
                PageKey::TotalSize => {
                    head.total = map.next_value::<&RawValue>()?.get().parse().ok();
                }
                PageKey::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        if seen {
            Ok(head)
        } else {
            Err(serde::de::Error::missing_field("records"))
        }
    }
}

struct RowsSeed<'s, R> {
    shape: &'s ObjectShape,
    sink: &'s mut R,
}

impl<'de, R: Rows<'de>> DeserializeSeed<'de> for RowsSeed<'_, R> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, R: Rows<'de>> Visitor<'de> for RowsSeed<'_, R> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("records")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let mut slots = vec![None; self.shape.fields.len()];
        while let Some(is_record) = seq.next_element_seed(RowSeed {
            shape: self.shape,
            slots: &mut slots,
        })? {
            self.sink.row(is_record.then_some(slots.as_slice()));
        }
        Ok(())
    }
}

struct RowSeed<'s, 'de> {
    shape: &'s ObjectShape,
    slots: &'s mut Vec<Option<&'de str>>,
}

impl<'de> DeserializeSeed<'de> for RowSeed<'_, 'de> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// Anything else in a record's place is one bad record, never a bad page.
impl<'de> Visitor<'de> for RowSeed<'_, 'de> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a record")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        self.slots.fill(None);
        let mut hint = 0;
        while let Some(place) = map.next_key_seed(KeySeed {
            shape: self.shape,
            hint,
        })? {
            match place {
                Some(place) => {
                    let raw: &RawValue = map.next_value()?;
                    if let Some(slot) = self.slots.get_mut(place) {
                        *slot = Some(raw.get());
                    }
                    hint = place + 1;
                }
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(true)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<bool, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(false)
    }

    fn visit_str<E>(self, _: &str) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_bool<E>(self, _: bool) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_i64<E>(self, _: i64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_u64<E>(self, _: u64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_f64<E>(self, _: f64) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }
}

/// Finds a field's index without allocating its name.
struct KeySeed<'s> {
    shape: &'s ObjectShape,
    hint: usize,
}

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<usize>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field's name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Option<usize>, E> {
        Ok(self.shape.find(name, self.hint))
    }
}
