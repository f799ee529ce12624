//! Sets and keys in paths: `accounts(…)`.

use crate::dynamics::error::Refusal;
use crate::dynamics::guid::Guid;
use crate::dynamics::kind::Kind;
use crate::dynamics::org::Org;
use crate::dynamics::values::Columns;

/// What the brackets of a path say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Id(Guid),
    /// A column with unique values, and the value.
    Alternate(u16, String),
}

/// Splits `accounts(…)` into the set and what is in its brackets.
pub(super) fn split(segment: &str) -> (&str, Option<&str>) {
    match segment.split_once('(') {
        Some((set, rest)) => (set, Some(rest.strip_suffix(')').unwrap_or(rest))),
        None => (segment, None),
    }
}

/// Parses what is in the brackets.
pub(super) fn parse(org: &Org, kind: Kind, text: &str) -> Result<Key, Refusal> {
    if let Some(id) = Guid::parse(text) {
        return Ok(Key::Id(id));
    }
    let wrong = || Refusal::query(format!("Bad Request - Error in query syntax: '{text}'."));
    let (name, value) = text.split_once('=').ok_or_else(wrong)?;
    let value = value.trim().trim_matches('\'').replace("''", "'");
    let schema = &org.table(kind).schema;
    if name.trim() == kind.id_column() {
        return Guid::parse(&value).map(Key::Id).ok_or_else(wrong);
    }
    let unique = schema
        .named(name.trim())
        .filter(|index| schema.field(*index).is_some_and(|field| field.unique));
    let message = format!("The specified key properties of '{name}' are not an alternate key.");
    let index = unique.ok_or_else(|| Refusal::query(message))?;
    Ok(Key::Alternate(index, value))
}

impl Key {
    /// Returns the id of the row, if there is one.
    pub(super) fn find(&self, org: &Org, kind: Kind) -> Option<Guid> {
        let table = org.table(kind);
        match self {
            Self::Id(id) => table.get(*id).map(|row| row.id),
            Self::Alternate(index, value) => table.by_external(*index, value),
        }
    }

    /// Returns the id of the row that has to be there.
    pub(super) fn needed(&self, org: &Org, kind: Kind) -> Result<Guid, Refusal> {
        let missing = || match self {
            Self::Id(id) => Refusal::no_row(kind.logical(), id),
            Self::Alternate(_, value) => Refusal::no_row(kind.logical(), value),
        };
        self.find(org, kind).ok_or_else(missing)
    }

    /// Returns the id and the columns of a row that is created by its key.
    pub(super) fn named(
        &self,
        org: &Org,
        kind: Kind,
        mut columns: Columns,
    ) -> (Option<Guid>, Columns) {
        match self {
            Self::Id(id) => (Some(*id), columns),
            Self::Alternate(index, value) => {
                if let Some(field) = org.table(kind).schema.field(*index) {
                    let value = value.clone().into();
                    columns.entry(field.name.clone()).or_insert(value);
                }
                (None, columns)
            }
        }
    }
}
