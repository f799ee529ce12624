//! The names of the objects in Dataverse: tables, sets and columns.

use domain::record::{Object, RecordId};

/// The column with the time of the last change.
pub(super) const STAMP: &str = "modifiedon";
/// The column with the record into which a merged one went, as answers have it.
pub(super) const SURVIVOR: &str = "_masterid_value";
/// What an answer adds to the name of a lookup for the table of the record that it names.
pub(super) const TABLE_OF_LOOKUP: &str = "@Microsoft.Dynamics.CRM.lookuplogicalname";

/// Returns the logical name of an object's table.
pub(super) const fn table(object: Object) -> &'static str {
    match object {
        Object::Account => "account",
        Object::Contact => "contact",
        Object::Lead => "lead",
        Object::Task => "task",
        Object::Opportunity => "opportunity",
    }
}

/// Returns the name of an object's set in paths.
pub(super) const fn set(object: Object) -> &'static str {
    match object {
        Object::Account => "accounts",
        Object::Contact => "contacts",
        Object::Lead => "leads",
        Object::Task => "tasks",
        Object::Opportunity => "opportunities",
    }
}

/// Returns the column with the ids of an object. Tasks are activities.
pub(super) const fn id_name(object: Object) -> &'static str {
    match object {
        Object::Account => "accountid",
        Object::Contact => "contactid",
        Object::Lead => "leadid",
        Object::Task => "activityid",
        Object::Opportunity => "opportunityid",
    }
}

/// Returns what the names of an object's privileges end in. Tasks have those of all activities.
pub(super) const fn of_privilege(object: Object) -> &'static str {
    match object {
        Object::Account => "Account",
        Object::Contact => "Contact",
        Object::Lead => "Lead",
        Object::Task => "Activity",
        Object::Opportunity => "Opportunity",
    }
}

/// Returns the object of a table. `None` if its records are not copied.
pub(super) fn object_of(logical_name: &str) -> Option<Object> {
    let mut objects = Object::ALL.into_iter();
    objects.find(|object| table(*object) == logical_name)
}

/// Returns whether records of an object can be merged.
pub(super) const fn is_merged(object: Object) -> bool {
    match object {
        Object::Account | Object::Contact | Object::Lead => true,
        Object::Task | Object::Opportunity => false,
    }
}

/// Parses an id: a GUID in any case. Anything else might redirect a request, or change a filter.
pub(super) fn id(text: &str) -> Option<RecordId> {
    let bytes = text.as_bytes();
    let fits = bytes.len() == 36
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        });
    let lower = fits.then(|| text.to_ascii_lowercase())?;
    RecordId::parse(&lower).ok()
}

/// Returns whether a text may be the name of a column. Names go into URLs, separated by commas.
pub(super) fn is_name(name: &str) -> bool {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    (1..=120).contains(&name.len()) && name.bytes().all(fits)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_guid_and_has_one_spelling() {
        let lower = "6e2f5b36-0000-4000-8000-00000000abcd";
        assert_eq!(id(&lower.to_uppercase()).unwrap().as_str(), lower);
        for odd in ["", "1", "6e2f5b36-0000-4000-8000-00000000abc'", "nobody"] {
            assert_eq!(id(odd), None, "{odd}");
        }
    }
}
