//! Reads single values of a row.

use domain::{number, record::RecordId};

use super::{
    super::shape::{Kind, ObjectShape},
    spelling::Spelling,
};

/// A row's values, each at its field's index.
pub(super) type Slots<'a> = [Option<&'a str>];

pub(super) fn value<'a, S: Spelling>(slots: &Slots<'a>, at: usize) -> Option<&'a str> {
    slots
        .get(at)
        .copied()
        .flatten()
        .filter(|raw| !S::is_empty(raw))
}

pub(super) fn boolean<S: Spelling>(raw: &str) -> Option<bool> {
    match raw {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// Returns a field's value, equal for REST and bulk: a number is in its canonical spelling.
pub(super) fn said<S: Spelling>(
    shape: &ObjectShape,
    slots: &Slots<'_>,
    at: Option<usize>,
) -> Option<Box<str>> {
    let raw = value::<S>(slots, at?)?;
    if shape.fields.get(at?)?.kind == Kind::Number {
        let mut digits = String::new();
        return number::push(&mut digits, raw).then(|| digits.into());
    }
    let text = S::text(raw)?;
    let text = text.trim();
    (!text.is_empty()).then(|| text.into())
}

/// Reads the id of a row that may have no other field.
pub(super) fn id<S: Spelling>(raw: Option<&str>) -> Result<RecordId, &'static str> {
    let raw = raw.ok_or("record.id_missing")?;
    let text = S::text(raw).ok_or("record.id_malformed")?;
    RecordId::parse(&text).map_err(|_| "record.id_malformed")
}
