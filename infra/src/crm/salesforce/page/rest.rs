//! Pages of query answers. A page is one JSON document, or several if a wide object needs several queries.
//!
//! Values stay in the received bytes until they are written in their canonical spelling. No record becomes a tree.

use std::{collections::HashMap, fmt};

use domain::{
    fault::{CrmCode, Outcome},
    record::Item,
};
use serde::{
    Deserialize,
    de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{
    super::{provider::VENDOR, shape::ObjectShape},
    Parsed,
    build::{self, Json},
};

/// Makes a page readable that is not UTF-8, so that only the records with the bad bytes are bad. Each sequence of bad
/// bytes becomes half a surrogate pair of UTF-16, which JSON can express and no text can contain.
pub fn mend_utf8(bytes: &[u8]) -> Vec<u8> {
    let mut mended = Vec::with_capacity(bytes.len() + 64);
    for chunk in bytes.utf8_chunks() {
        mended.extend_from_slice(chunk.valid().as_bytes());
        if !chunk.invalid().is_empty() {
            let n_backslashes = mended
                .iter()
                .rev()
                .take_while(|byte| **byte == b'\\')
                .count();
            if n_backslashes % 2 == 1 {
                // A backslash before the bad bytes would swallow our escape.
                mended.push(b'\\');
            }
            mended.extend_from_slice(br"\ud800");
        }
    }
    mended
}

/// Parses one query answer, or several that belong together, one after the other. Rows of several answers are joined by their ids.
///
/// # Errors
/// Returns a transient fault if the bytes are not UTF-8 or no such JSON: truncated, or from another server.
pub fn parse_rest(bytes: &[u8], shape: &ObjectShape) -> Outcome<Parsed> {
    let unreadable = || VENDOR.fault(CrmCode::PageUnreadable);
    let text = std::str::from_utf8(bytes).map_err(|_| VENDOR.fault(CrmCode::PageNotUtf8))?;
    let mut pages = serde_json::Deserializer::from_str(text);
    let mut sink = Sink::new(shape);
    let head = PageSeed {
        shape,
        sink: &mut sink,
    }
    .deserialize(&mut pages)
    .map_err(|_| unreadable())?;
    let parsed = if pages.end().is_ok() {
        sink.parsed
    } else {
        let mut pages = serde_json::Deserializer::from_str(text);
        let mut join = Join {
            width: shape.fields.len(),
            ..Join::default()
        };
        while pages.end().is_err() {
            PageSeed {
                shape,
                sink: &mut join,
            }
            .deserialize(&mut pages)
            .map_err(|_| unreadable())?;
        }
        join.into_parsed(shape)
    };
    Ok(Parsed {
        next: head.next,
        done: head.done,
        total: head.total,
        ..parsed
    })
}

/// Takes the rows of a page. A row is its values, each at its field's index and as JSON has it, or `None` if something
/// else is in its place.
trait Rows<'a> {
    fn row(&mut self, slots: Option<&[Option<&'a str>]>);
}

/// Makes items at once.
struct Sink<'s> {
    shape: &'s ObjectShape,
    buffer: String,
    parsed: Parsed,
}

impl<'s> Sink<'s> {
    fn new(shape: &'s ObjectShape) -> Self {
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
            Some(slots) => build::item::<Json>(self.shape, slots, &mut self.buffer),
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

/// Collects rows until all their parts are there, in the order of the first answer.
#[derive(Default)]
struct Join<'a> {
    width: usize,
    rows: Vec<Vec<Option<&'a str>>>,
    by_id: HashMap<&'a str, usize>,
    torn: Vec<bool>,
    bad: u64,
    shape_places: Option<(usize, usize)>,
}

impl<'a> Rows<'a> for Join<'a> {
    fn row(&mut self, slots: Option<&[Option<&'a str>]>) {
        let (Some(slots), Some((id_at, stamp_at))) = (slots, self.shape_places) else {
            self.bad += 1;
            return;
        };
        let Some(id) = slots.get(id_at).copied().flatten() else {
            self.bad += 1;
            return;
        };
        let Some(index) = self.by_id.get(id).copied() else {
            self.by_id.insert(id, self.rows.len());
            self.rows.push(slots.to_vec());
            self.torn.push(false);
            return;
        };
        let (Some(row), Some(torn)) = (self.rows.get_mut(index), self.torn.get_mut(index)) else {
            return;
        };
        *torn |= row.get(stamp_at) != slots.get(stamp_at);
        for (kept, new) in row.iter_mut().zip(slots) {
            *kept = kept.or(*new);
        }
    }
}

impl Join<'_> {
    fn into_parsed(self, shape: &ObjectShape) -> Parsed {
        let mut sink = Sink::new(shape);
        for (row, torn) in self.rows.iter().zip(&self.torn) {
            // A field that no answer has, not even as null, means that the record was not in all of the answers.
            let whole = !torn && row.len() == self.width && row.iter().all(Option::is_some);
            match build::id::<Json>(row.get(shape.id).copied().flatten()) {
                Ok(id) if !whole => sink.parsed.torn.push(id),
                _ => sink.row(Some(row)),
            }
        }
        for _ in 0..self.bad {
            sink.row(None);
        }
        sink.parsed
    }
}

/// A page's values beside its rows.
#[derive(Default)]
struct Head {
    next: Option<String>,
    done: Option<bool>,
    total: Option<u64>,
}

struct PageSeed<'s, R> {
    shape: &'s ObjectShape,
    sink: &'s mut R,
}

impl<'de, R: Rows<'de> + Prepare> DeserializeSeed<'de> for PageSeed<'_, R> {
    type Value = Head;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Head, D::Error> {
        self.sink.prepare(self.shape);
        deserializer.deserialize_map(self)
    }
}

/// Tells a sink the indexes of id and time stamp.
trait Prepare {
    fn prepare(&mut self, _shape: &ObjectShape) {}
}

impl Prepare for Sink<'_> {}

impl Prepare for Join<'_> {
    fn prepare(&mut self, shape: &ObjectShape) {
        self.shape_places = Some((shape.id, shape.stamp));
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

impl<'de, R: Rows<'de> + Prepare> Visitor<'de> for PageSeed<'_, R> {
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
