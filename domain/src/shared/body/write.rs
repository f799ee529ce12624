//! How a body is written.

use jiff::Timestamp;
use matching::Relation;
use serde::Serialize;

use super::{Body, FORMAT, WITHOUT_PEOPLE, relations};
use crate::{
    fault::{Code, Fault, Outcome},
    people::People,
    record::{DisplayFields, MatchingAttributes, Record},
};

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

/// Writes a body, and overwrites `into`.
///
/// # Errors
/// Permanent, but this does not occur in practice: texts and numbers always become JSON.
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
        // Most tasks and opportunities name nobody, and no bytes are spent on that.
        people: Some(&record.people).filter(|people| **people != People::default()),
    };
    write_parts(into, &head, relations, &record.fields)
}

impl Body {
    /// Writes the body again with other relations, and overwrites `into`.
    ///
    /// # Errors
    /// Permanent for a body of format 1, which lacks the attributes on which relations depend.
    pub fn write_with(&self, into: &mut Vec<u8>, relations: &[Relation]) -> Outcome<()> {
        let (Some(attributes), Some(display), Some(copied)) =
            (&self.attributes, &self.display, self.copied)
        else {
            return Err(Fault::of(Code::CopiesBodyFormat));
        };
        let head = Head {
            format: match &self.people {
                // A body has what its format says, whatever happens to its relations.
                Some(_) => self.format,
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
    // The rest is inserted before the closing brace. The fields are JSON already.
    into.pop();
    relations::write(into, relations).map_err(unwritable)?;
    into.extend_from_slice(b",\"fields\":");
    into.extend_from_slice(fields.as_bytes());
    into.push(b'}');
    Ok(())
}
