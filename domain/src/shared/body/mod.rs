//! What is sealed of a record: its fields as the CRM has them, what they say in everybody's words, and the companies that
//! the rule found.
//!
//! Format 4 is format 3 and says who the people in the record are ([`People`]). Format 3 is a JSON object, subject relations are `{"company":"c-1","score":987,"status":"automatic","evidence":"ne70,dc12"}`: a comparison is
//! a letter for what was compared, one for how far it agrees, and its weight. In format 2 it was a list, `["name","equal",70]`, and took three times
//! the bytes (November 2026). Format 1 has no `format`, and `fields` and `relations` alone. Older formats are read; sync writes them anew.
//! What users decided about relations is not in it: that is laid over when a record is shown.

mod relations;

use jiff::Timestamp;
use matching::Relation;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{
    fault::{Code, Fault, Outcome},
    people::People,
    record::{DisplayFields, MatchingAttributes, Object, Record, RecordId},
    seal::{Opener, Place, Room, Sealed},
    suppressed::Subject,
    tenant::Scope,
};

/// The format that is written.
pub const FORMAT: u32 = 4;

/// The format that is written of a record whose people nobody has said yet.
const WITHOUT_PEOPLE: u32 = 3;

/// A record's opened body. Holds personal data: it has no `Debug`.
#[derive(Deserialize)]
#[serde(default)]
pub struct Body {
    /// The format that it was written in.
    pub format: u32,
    /// When this state of the record came into the copy; none in format 1.
    pub copied: Option<Timestamp>,
    /// The matching attributes; none in format 1. Stored under their former name.
    #[serde(rename = "about")]
    pub attributes: Option<MatchingAttributes>,
    /// The display fields; none in format 1. Stored under their former name.
    #[serde(rename = "standing")]
    pub display: Option<DisplayFields>,
    /// The people in it; none before format 4.
    pub people: Option<People>,
    /// The companies that the rule found, the likeliest first.
    #[serde(deserialize_with = "relations::read")]
    pub relations: Vec<Relation>,
    /// The fields, under the CRM's own names.
    pub fields: Box<RawValue>,
}

impl Default for Body {
    fn default() -> Self {
        Self {
            format: 1,
            copied: None,
            attributes: None,
            display: None,
            people: None,
            relations: Vec::new(),
            fields: RawValue::NULL.to_owned(),
        }
    }
}

#[derive(Serialize)]
struct Head<'a> {
    format: u32,
    copied: Timestamp,
    #[serde(rename = "about")]
    attributes: &'a MatchingAttributes,
    #[serde(rename = "standing")]
    display: &'a DisplayFields,
    #[serde(skip_serializing_if = "Option::is_none")]
    people: Option<&'a People>,
}

/// Writes a body over what `into` holds.
///
/// # Errors
/// Permanent: none in practice, since texts and numbers always become JSON.
pub fn write(
    into: &mut Vec<u8>,
    record: &Record,
    copied: Timestamp,
    relations: &[Relation],
) -> Outcome<()> {
    let head = Head {
        format: FORMAT,
        copied,
        attributes: &record.attributes,
        display: &record.display,
        // Most tasks and opportunities name nobody, and need no room to say so.
        people: Some(&record.people).filter(|people| **people != People::default()),
    };
    write_parts(into, &head, relations, &record.fields)
}

impl Body {
    /// Writes the body again, over what `into` holds, with other relations.
    ///
    /// # Errors
    /// Permanent, for a body of format 1: it does not say what the relations depend on.
    pub fn write_with(&self, into: &mut Vec<u8>, relations: &[Relation]) -> Outcome<()> {
        let (Some(attributes), Some(display), Some(copied)) =
            (&self.attributes, &self.display, self.copied)
        else {
            return Err(Fault::of(Code::CopiesBodyFormat));
        };
        let head = Head {
            format: match &self.people {
                Some(_) => FORMAT,
                None => WITHOUT_PEOPLE,
            },
            copied,
            attributes,
            display,
            people: self
                .people
                .as_ref()
                .filter(|people| **people != People::default()),
        };
        write_parts(into, &head, relations, self.fields.get())
    }

    /// The data subject of the record; none in format 1, which does not say it.
    pub fn subject<'a>(&'a self, object: Object, id: &'a RecordId) -> Option<Subject<'a>> {
        Some(Subject {
            object,
            id,
            attributes: self.attributes.as_ref()?,
            display: self.display.as_ref()?,
            people: self.people.as_ref(),
            fields: self.fields.get(),
        })
    }

    /// Opens a record's body.
    ///
    /// # Errors
    /// Permanent, when it does not open under this key at this place, or is of a format that is not known here.
    pub fn open(
        opener: &mut Opener,
        scope: &Scope,
        object: Object,
        id: &RecordId,
        sealed: &Sealed,
    ) -> Outcome<Self> {
        let place = Place::within(scope, Room::CopyRecord, object.name(), id.as_str());
        let text = opener
            .open(&place, sealed)
            .map_err(|error| Fault::of(Code::CopiesUnreadable).with_detail(error.to_string()))?;
        Self::read(&text)
    }

    /// Reads what [`write()`] wrote.
    ///
    /// # Errors
    /// Permanent, when it is anything else, or of a format that is not known here.
    pub fn read(text: &[u8]) -> Outcome<Self> {
        let mut body: Self =
            serde_json::from_slice(text).map_err(|_| Fault::of(Code::CopiesBodyMalformed))?;
        if body.format > FORMAT {
            return Err(Fault::of(Code::CopiesBodyFormat));
        }
        if body.format > WITHOUT_PEOPLE {
            body.people.get_or_insert_default();
        }
        Ok(body)
    }
}

fn write_parts(
    into: &mut Vec<u8>,
    head: &Head<'_>,
    relations: &[Relation],
    fields: &str,
) -> Outcome<()> {
    into.clear();
    let unwritable = |_| Fault::of(Code::CopiesUnwritable);
    serde_json::to_writer(&mut *into, head).map_err(unwritable)?;
    // What follows goes in before the closing brace; the fields are JSON already.
    into.pop();
    relations::write(into, relations).map_err(unwritable)?;
    into.extend_from_slice(b",\"fields\":");
    into.extend_from_slice(fields.as_bytes());
    into.push(b'}');
    Ok(())
}

/// As the API shows it: relations with names.
impl Serialize for Body {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Shown<'a> {
            fields: &'a RawValue,
            relations: &'a [Relation],
        }
        Shown {
            fields: &self.fields,
            relations: &self.relations,
        }
        .serialize(serializer)
    }
}

/// What a company's status needs of the records that belong to it: kept beside a Task's or Opportunity's body in the index
/// by parent, so that they are counted without being read.
///
/// # Errors
/// Permanent: none in practice.
pub fn write_projection(into: &mut Vec<u8>, display: &DisplayFields) -> Outcome<()> {
    into.clear();
    let projection = DisplayFields {
        label: None,
        owner: None,
        ..display.clone()
    };
    serde_json::to_writer(into, &projection).map_err(|_| Fault::of(Code::CopiesUnwritable))
}

/// Whether an object's records have a projection.
pub fn has_projection(object: Object) -> bool {
    matches!(object, Object::Task | Object::Opportunity)
}

/// Opens a projection.
///
/// # Errors
/// Permanent, when it does not open under this key at this place.
pub fn open_projection(
    opener: &mut Opener,
    scope: &Scope,
    object: Object,
    id: &RecordId,
    sealed: &Sealed,
) -> Outcome<DisplayFields> {
    let place = Place::within(scope, Room::CopyBrief, object.name(), id.as_str());
    let text = opener
        .open(&place, sealed)
        .map_err(|error| Fault::of(Code::CopiesUnreadable).with_detail(error.to_string()))?;
    serde_json::from_slice(&text).map_err(|_| Fault::of(Code::CopiesBodyMalformed))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn record() -> Record {
        Record {
            id: RecordId::parse("1").unwrap(),
            modified: Timestamp::UNIX_EPOCH,
            fields: "{\"Name\":\"Werk GmbH\"}".into(),
            attributes: MatchingAttributes {
                company: Some("Werk GmbH".into()),
                ..MatchingAttributes::default()
            },
            display: DisplayFields {
                open: Some(true),
                ..DisplayFields::default()
            },
            people: People {
                emails: vec!["info@werk.example".into()],
                ..People::default()
            },
        }
    }

    #[test]
    fn a_body_says_what_was_written_into_it() {
        let mut text = b"something else".to_vec();
        write(&mut text, &record(), Timestamp::UNIX_EPOCH, &[]).unwrap();
        let body = Body::read(&text).unwrap();
        assert_eq!(
            (body.format, body.fields.get()),
            (FORMAT, &*record().fields)
        );
        assert!(body.attributes.as_ref() == Some(&record().attributes));
        assert!(body.display.as_ref() == Some(&record().display));
        assert!(body.people.as_ref() == Some(&record().people));
        let mut again = Vec::new();
        body.write_with(&mut again, &[]).unwrap();
        assert_eq!(again, text);
    }

    #[test]
    fn a_body_of_today_that_says_of_no_people_has_none_and_an_older_one_does_not_say() {
        let nobody = Record {
            people: People::default(),
            ..record()
        };
        let mut text = Vec::new();
        write(&mut text, &nobody, Timestamp::UNIX_EPOCH, &[]).unwrap();
        let body = Body::read(&text).unwrap();
        assert!(body.people == Some(People::default()));
        let older = String::from_utf8(text).unwrap();
        let older = older.replacen("\"format\":4", "\"format\":3", 1);
        let body = Body::read(older.as_bytes()).unwrap();
        assert!(body.people.is_none());
        // With other relations it is still one that does not say.
        let mut again = Vec::new();
        body.write_with(&mut again, &[]).unwrap();
        assert_eq!(String::from_utf8(again).unwrap(), older);
    }

    #[test]
    fn a_stored_body_keeps_the_names_of_its_members() {
        let mut text = Vec::new();
        write(&mut text, &record(), Timestamp::UNIX_EPOCH, &[]).unwrap();
        let members = r#","about":{"company":"Werk GmbH"},"standing":{"open":true},"people":{"#;
        let text = String::from_utf8(text).unwrap();
        assert!(text.contains(members), "{text}");
    }

    #[test]
    fn a_body_of_the_first_format_is_read_and_not_written_again() {
        let body = Body::read(b"{\"fields\":{\"A\":1},\"relations\":[]}").unwrap();
        assert_eq!((body.format, body.fields.get()), (1, "{\"A\":1}"));
        assert!(body.attributes.is_none() && body.copied.is_none());
        let fault = body.write_with(&mut Vec::new(), &[]).unwrap_err();
        assert_eq!(*fault.code(), Code::CopiesBodyFormat);
    }
}
