//! Converts a row's values to an item.

use std::borrow::Cow;

use domain::{
    number,
    people::{People, Role},
    progress::Position,
    record::{DisplayFields, Item, MatchingAttributes, Parent, Record, RecordId},
};

use super::super::{
    super::client::canonical,
    people::reach,
    shape::{Kind, ObjectShape},
};

/// The largest value that is kept, in bytes as sent. Salesforce's longest text area has 131,072 characters. The bound
/// is four times that, and some room for escapes. A longer value is not one of Salesforce's.
const LARGEST_VALUE: usize = 1 << 20;

/// The spelling of values on a page. For an empty or null value both methods return `None`.
pub(super) trait Spelling {
    /// Returns whether the field is empty.
    fn is_empty(raw: &str) -> bool;
    /// Returns the text. `None` if the value is no text.
    fn text(raw: &str) -> Option<Cow<'_, str>>;
    /// Appends the text in its canonical spelling. Returns false if the value is no text.
    fn push_text(out: &mut String, raw: &str) -> bool;
}

/// Values as JSON has them, with quotes.
pub(super) struct Json;

/// Values without any quoting.
pub(super) struct Plain;

fn has_escape(text: &str) -> bool {
    memchr::memchr(b'\\', text.as_bytes()).is_some()
}

impl Spelling for Json {
    fn is_empty(raw: &str) -> bool {
        raw == "null" || raw == "\"\""
    }

    fn text(raw: &str) -> Option<Cow<'_, str>> {
        let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
        if has_escape(inner) {
            serde_json::from_str(raw).ok().map(Cow::Owned)
        } else {
            Some(Cow::Borrowed(inner))
        }
    }

    fn push_text(out: &mut String, raw: &str) -> bool {
        if raw.starts_with('"') && !has_escape(raw) {
            // Without an escape no character needs one, since JSON allows no bare control characters.
            out.push_str(raw);
            return true;
        }
        Self::text(raw)
            .map(|text| canonical::push_text(out, &text))
            .is_some()
    }
}

impl Spelling for Plain {
    fn is_empty(raw: &str) -> bool {
        raw.is_empty()
    }

    fn text(raw: &str) -> Option<Cow<'_, str>> {
        Some(Cow::Borrowed(raw))
    }

    fn push_text(out: &mut String, raw: &str) -> bool {
        canonical::push_text(out, raw);
        true
    }
}

/// A row's values, each at its field's index.
pub(super) type Slots<'a> = [Option<&'a str>];

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
            .map(|raw| self::id::<S>(Some(raw)));
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

/// Reads the id of a row that may have no other field.
pub(super) fn id<S: Spelling>(raw: Option<&str>) -> Result<RecordId, &'static str> {
    let raw = raw.ok_or("record.id_missing")?;
    let text = S::text(raw).ok_or("record.id_malformed")?;
    RecordId::parse(&text).map_err(|_| "record.id_malformed")
}

fn value<'a, S: Spelling>(slots: &Slots<'a>, at: usize) -> Option<&'a str> {
    slots
        .get(at)
        .copied()
        .flatten()
        .filter(|raw| !S::is_empty(raw))
}

fn boolean<S: Spelling>(raw: &str) -> Option<bool> {
    match raw {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
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

/// Returns a field's value, equal for REST and bulk: a number is in its canonical spelling.
fn said<S: Spelling>(
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

fn display<S: Spelling>(shape: &ObjectShape, slots: &Slots<'_>) -> DisplayFields {
    let at = &shape.display;
    let text = |at: Option<usize>| said::<S>(shape, slots, at);
    // Both dates and times of Salesforce begin with the day.
    let day = |at: Option<usize>| text(at)?.get(..10).map(Box::from);
    let ended = at.ended.and_then(|at| value::<S>(slots, at));
    let ended = ended.and_then(boolean::<S>);
    let label = at.label.iter().filter_map(|at| text(Some(*at)));
    let label = label.collect::<Vec<_>>().join(" ");
    DisplayFields {
        label: (!label.is_empty()).then(|| label.into()),
        owner: text(at.owner),
        stage: text(at.stage),
        open: ended.map(|ended| !ended),
        amount: text(at.amount),
        currency: text(at.currency),
        due: day(at.due),
        // Something that is still to be done is no activity yet.
        activity: if at.only_ended && ended != Some(true) {
            None
        } else {
            at.activity.iter().find_map(|at| day(Some(*at)))
        },
    }
}

/// Returns the people of a record. All texts of a person are searched, and only the address fields of any other record.
fn people<S: Spelling>(shape: &ObjectShape, slots: &Slots<'_>) -> People {
    let at = &shape.people;
    let text = |at: usize| value::<S>(slots, at).and_then(S::text);
    let flag = at.flag.and_then(|at| value::<S>(slots, at));
    let flag = flag.and_then(boolean::<S>);
    let is_person = match flag {
        _ if at.always => true,
        Some(flag) => flag,
        None => at.hints.iter().any(|at| text(*at).is_some()),
    };
    let mut people = People::default();
    if !is_person {
        for email in at.emails.iter().filter_map(|at| text(*at)) {
            people.role = Role::Names;
            people.add_reach(&email);
        }
        return people;
    }
    people.role = Role::Person;
    if flag == Some(true) {
        let account = at.account.and_then(|at| value::<S>(slots, at));
        people.account = account.and_then(|raw| id::<S>(Some(raw)).ok());
    }
    for parts in [&at.name, &at.full_name] {
        let parts: Vec<_> = parts.iter().filter_map(|at| text(*at)).collect();
        people.add_name(&parts.join(" "));
    }
    for other in at.others.iter().filter_map(|at| text(*at)) {
        people.add_name(&other);
    }
    for (at, field) in shape.fields.iter().enumerate() {
        if field.kind.is_text()
            && field.kind != Kind::Code
            && let Some(text) = text(at)
        {
            reach(&mut people, Some(field.kind), &text);
        }
    }
    people
}

fn attributes<S: Spelling>(
    shape: &ObjectShape,
    slots: &Slots<'_>,
) -> Result<MatchingAttributes, &'static str> {
    let at = &shape.attributes;
    let text = |at: Option<usize>| said::<S>(shape, slots, at);
    let register: Vec<Box<str>> = at
        .register
        .iter()
        .filter_map(|index| text(Some(*index)))
        .collect();
    let parent = at
        .parents
        .iter()
        .find_map(|index| value::<S>(slots, *index));
    Ok(MatchingAttributes {
        company: text(at.company),
        street: text(at.street),
        zip: text(at.zip),
        city: text(at.city),
        country: text(at.country),
        website: text(at.website),
        phone: text(at.phone),
        email: text(at.email),
        vat_id: text(at.vat_id),
        register: (!register.is_empty()).then(|| register.join(" ").into()),
        lei: text(at.lei),
        parent: parent
            .map(|raw| id::<S>(Some(raw)).map(Parent::named_by_id))
            .transpose()
            .map_err(|_| "record.parent_malformed")?,
    })
}
