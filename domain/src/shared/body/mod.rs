//! The sealed body of a record: its fields as the CRM has them, the matching attributes and display fields, the people, and the
//! relations that matching found.
//!
//! Format 5 adds opt-outs to the display fields of format 4. Format 4 adds the people in the record ([`People`]) to format 3. Format 3 is a JSON object. Its relations are
//! `{"company":"c-1","score":987,"status":"automatic","evidence":"ne70,dc12"}`. Each comparison is a letter for the compared field,
//! a letter for the agreement, and the weight. In format 2 a comparison was a list, `["name","equal",70]`, and took three times the
//! bytes (November 2026). Format 1 has no `format`, and only `fields` and `relations`. Older formats can be read, and sync rewrites
//! them. Users' decisions about relations are not part of the body. They are applied when a record is shown.

mod projection;
mod relations;
mod subject;
mod write;

pub use self::{
    projection::{open_projection, write_projection},
    subject::Subject,
    write::write,
};

use jiff::Timestamp;
use matching::Relation;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{
    fault::{Code, Fault, Outcome},
    people::People,
    record::{DisplayFields, MatchingAttributes, Object, RecordId},
    seal::{Opener, Place, Room, Sealed},
    tenant::Scope,
};

/// The format of new bodies.
pub const FORMAT: u32 = 5;

/// The format of rewritten bodies whose people are not listed yet.
const WITHOUT_PEOPLE: u32 = 3;

/// A record's opened body. It holds personal data, so it has no `Debug`.
#[derive(Deserialize)]
#[serde(default)]
pub struct Body {
    /// The format in which it was written.
    pub format: u32,
    /// The time at which this state of the record came into the copy. `None` in format 1.
    pub copied: Option<Timestamp>,
    /// The matching attributes. `None` in format 1. Stored under their former name.
    #[serde(rename = "about")]
    pub attributes: Option<MatchingAttributes>,
    /// The display fields. `None` in format 1. Stored under their former name.
    #[serde(rename = "standing")]
    pub display: Option<DisplayFields>,
    /// The people in it. `None` before format 4.
    pub people: Option<People>,
    /// The relations that matching found, the most likely first.
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

impl Body {
    /// Returns the parts of the record that identify its data subject. `None` in format 1, which lacks them.
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
    /// Permanent if it does not open under this key at this place, or if its format is unknown.
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

    /// Parses the output of [`write()`].
    ///
    /// # Errors
    /// Permanent if the text is malformed, or if its format is unknown.
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

/// Writes it as the API shows it, with the names of compared fields and agreements.
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::record::{OptOut, Record};

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
                opt_out: vec![OptOut::Email, OptOut::Phone],
                ..DisplayFields::default()
            },
            people: People {
                emails: vec!["info@werk.example".into()],
                ..People::default()
            },
        }
    }

    #[test]
    fn a_body_is_read_as_it_was_written() {
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
    fn a_current_body_without_people_has_none_and_an_older_one_does_not_tell() {
        let nobody = Record {
            people: People::default(),
            ..record()
        };
        let mut text = Vec::new();
        write(&mut text, &nobody, Timestamp::UNIX_EPOCH, &[]).unwrap();
        let body = Body::read(&text).unwrap();
        assert!(body.people == Some(People::default()));
        let older = String::from_utf8(text).unwrap();
        let older = older.replacen("\"format\":5", "\"format\":3", 1);
        let body = Body::read(older.as_bytes()).unwrap();
        assert!(body.people.is_none());
        // With other relations it still does not list people.
        let mut again = Vec::new();
        body.write_with(&mut again, &[]).unwrap();
        assert_eq!(String::from_utf8(again).unwrap(), older);
    }

    #[test]
    fn a_body_of_an_earlier_format_stays_one_when_its_relations_change() {
        let mut text = Vec::new();
        write(&mut text, &record(), Timestamp::UNIX_EPOCH, &[]).unwrap();
        let earlier = String::from_utf8(text).unwrap();
        let earlier = earlier.replacen("\"format\":5", "\"format\":4", 1);
        let mut again = Vec::new();
        let body = Body::read(earlier.as_bytes()).unwrap();
        body.write_with(&mut again, &[]).unwrap();
        assert_eq!(String::from_utf8(again).unwrap(), earlier);
    }

    #[test]
    fn a_stored_body_keeps_the_names_of_its_members() {
        let mut text = Vec::new();
        write(&mut text, &record(), Timestamp::UNIX_EPOCH, &[]).unwrap();
        let members = r#","about":{"company":"Werk GmbH"},"standing":{"open":true,"opt_out":["email","phone"]},"people":{"#;
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
