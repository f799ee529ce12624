//! Converts a row's values to an item.

use domain::{
    number,
    progress::Position,
    record::{Item, Record},
};

use super::{
    super::{
        super::client::canonical,
        shape::{Kind, ObjectShape},
    },
    people::people,
    slots::{Slots, boolean, id, value},
    spelling::Spelling,
    words::{attributes, display},
};

/// The largest value that is kept, in bytes as sent. Salesforce's longest text area has 131,072 characters. The bound
/// is four times that, and some room for escapes. A longer value is not one of Salesforce's.
const LARGEST_VALUE: usize = 1 << 20;

/// Makes an item of a row. Returns also its position in the order of changes.
pub(super) fn item<S: Spelling>(
    shape: &ObjectShape,
    slots: &Slots<'_>,
    buffer: &mut String,
) -> (Item, Option<Position>) {
    let id = match id::<S>(value::<S>(slots, shape.id)) {
        Ok(id) => id,
        Err(reason) => return (Item::Bad { id: None, reason }, None),
    };
    let stamp = value::<S>(slots, shape.stamp).and_then(S::text);
    let Some(modified) = stamp.and_then(|text| canonical::instant(&text)) else {
        return (
            Item::Bad {
                id: Some(id),
                reason: "record.time_malformed",
            },
            None,
        );
    };
    let place = Position {
        at: modified,
        id: Some(id.clone()),
    };
    let gone = shape
        .deleted
        .and_then(|at| value::<S>(slots, at))
        .and_then(boolean::<S>);
    if gone == Some(true) {
        let survivor = shape
            .survivor
            .and_then(|at| value::<S>(slots, at))
            .map(|raw| super::slots::id::<S>(Some(raw)));
        return (
            Item::Gone {
                id,
                survivor: survivor.and_then(Result::ok),
            },
            Some(place),
        );
    }
    buffer.clear();
    let item = match fields::<S>(shape, slots, buffer).and_then(|()| attributes::<S>(shape, slots))
    {
        Ok(attributes) => Item::Live(Record {
            id,
            modified,
            fields: buffer.as_str().into(),
            attributes,
            display: display::<S>(shape, slots),
            people: people::<S>(shape, slots),
        }),
        Err(reason) => Item::Bad {
            id: Some(id),
            reason,
        },
    };
    (item, Some(place))
}

fn fields<S: Spelling>(
    shape: &ObjectShape,
    slots: &Slots<'_>,
    out: &mut String,
) -> Result<(), &'static str> {
    out.push('{');
    for (field, raw) in shape.fields.iter().zip(slots) {
        let Some(raw) = raw.filter(|raw| !S::is_empty(raw)) else {
            continue;
        };
        if raw.len() > LARGEST_VALUE {
            return Err("record.field_too_large");
        }
        if out.len() > 1 {
            out.push(',');
        }
        out.push_str(&field.key);
        let fits = match field.kind {
            Kind::Text | Kind::Email | Kind::Phone | Kind::Code => S::push_text(out, raw),
            Kind::Number => number::push(out, raw),
            Kind::Boolean => boolean::<S>(raw).map(|_| out.push_str(raw)).is_some(),
            Kind::Time => S::text(raw).is_some_and(|text| canonical::push_time(out, &text)),
        };
        if !fits {
            let is_string = field.kind.is_text() && raw.starts_with('"');
            return Err(if is_string {
                "record.not_utf8"
            } else {
                "record.field_type"
            });
        }
    }
    out.push('}');
    Ok(())
}
