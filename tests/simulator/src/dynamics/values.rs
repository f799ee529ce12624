//! What a body says about a row, checked against the columns.

use serde_json::{Map, Value};

use super::check::checked;
use super::error::Refusal;
use super::guid::Guid;
use super::kind::Kind;
use super::org::Org;
use super::row::End;
use super::schema::{Field, Source};
use super::time::{self, Millis};
use super::{fixed, kind};
use crate::kit::packed::Values;

/// Columns by name.
pub type Columns = Map<String, Value>;

/// Who writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    Create,
    Update,
    /// A test, which may write anything and whose rows may come in any order.
    Load,
}

/// The parts of a row that are not stored as values.
#[derive(Clone, Debug, Default)]
pub(crate) struct Given {
    pub(crate) id: Option<Guid>,
    pub(crate) created: Option<Millis>,
    pub(crate) modified: Option<Millis>,
}

impl Org {
    /// Merges what a body says into values.
    pub(crate) fn settle(
        &self,
        kind: Kind,
        values: &mut Values,
        columns: &Columns,
        how: How,
    ) -> Result<Given, Refusal> {
        let schema = &self.table(kind).schema;
        let mut given = Given::default();
        for (name, value) in columns {
            if let Some(navigation) = name.strip_suffix("@odata.bind") {
                self.bind(kind, values, navigation, value, how)?;
                continue;
            }
            if name.contains('@') {
                continue;
            }
            let Some(index) = schema.named(name).filter(|_| *name == name.to_lowercase()) else {
                if let Some((index, _)) = schema.navigation(name).filter(|_| value.is_null()) {
                    values.remove(&index);
                    continue;
                }
                return Err(unknown(kind, name));
            };
            let Some(field) = schema.field(index) else {
                continue;
            };
            let is_written = match how {
                How::Create => field.creatable,
                How::Update => field.updatable,
                How::Load => true,
            };
            match field.source {
                Source::Id => {
                    given.id = Some(guid(kind, name, value)?);
                    continue;
                }
                Source::Created if how == How::Load => given.created = Some(moment(field, value)?),
                Source::Modified if how == How::Load => {
                    given.modified = Some(moment(field, value)?)
                }
                Source::Stored if field.name == "overriddencreatedon" && how == How::Create => {
                    given.created = Some(moment(field, value)?);
                }
                _ => {}
            }
            if !is_written || field.source != Source::Stored {
                // Values of columns that the system keeps are passed over in silence.
                continue;
            }
            if field.secured && how != How::Load {
                let message = format!(
                    "Caller user does not have Update permissions to a secured field '{name}'."
                );
                return Err(Refusal::new(403, "0x8004f508", message));
            }
            if value.is_null() {
                values.remove(&index);
            } else if field.kind.is_lookup() {
                values.insert(index, loaded(kind, field, value, how)?);
            } else {
                values.insert(index, checked(kind, field, value)?);
            }
        }
        Ok(given)
    }

    fn bind(
        &self,
        kind: Kind,
        values: &mut Values,
        navigation: &str,
        value: &Value,
        how: How,
    ) -> Result<(), Refusal> {
        let schema = &self.table(kind).schema;
        let undeclared = || {
            let message = format!(
                "An undeclared property '{navigation}' which only has property annotations in the payload but no property value was found in the payload. In OData, only declared navigation properties and declared named streams can be represented as properties without values."
            );
            Refusal::payload(kind, &message)
        };
        let (index, target) = schema.navigation(navigation).ok_or_else(undeclared)?;
        if value.is_null() {
            values.remove(&index);
            return Ok(());
        }
        let link = value.as_str().unwrap_or_default();
        let wrong = || {
            Refusal::payload(
                kind,
                &format!("The URI '{link}' of '{navigation}' is not valid."),
            )
        };
        let end = linked(link).ok_or_else(wrong)?;
        if target.is_some_and(|target| target != end.table) {
            return Err(wrong());
        }
        if how != How::Load {
            if !self.is_there(&end) {
                return Err(Refusal::no_row(&end.table, end.id));
            }
            self.needs(kind, "Append")?;
            if let Some(to) = Kind::of_logical(&end.table) {
                self.needs(to, "AppendTo")?;
            }
        }
        values.insert(index, end.stored());
        Ok(())
    }
}

/// Parses `/accounts(guid)`, relative or absolute.
pub(crate) fn linked(link: &str) -> Option<End> {
    let last = link.rsplit('/').next()?;
    let (set, id) = last.strip_suffix(')')?.split_once('(')?;
    let table = match kind::Kind::of_set(set) {
        Some(kind) => kind.logical(),
        None => fixed::logical(set)?,
    };
    Some(End {
        table: table.to_owned(),
        id: Guid::parse(id)?,
    })
}

fn unknown(kind: Kind, name: &str) -> Refusal {
    let message = format!(
        "An undeclared property '{name}' was found in entity 'Microsoft.Dynamics.CRM.{}'.",
        kind.logical()
    );
    Refusal::payload(kind, &message)
}

/// Reads a lookup that a test gives as `account/<id>`. Clients have to bind.
fn loaded(kind: Kind, field: &Field, value: &Value, how: How) -> Result<Vec<u8>, Refusal> {
    let text = value.as_str().unwrap_or_default();
    let end = text.split_once('/').and_then(|(table, id)| {
        let known = field.targets.iter().any(|target| target == table);
        let id = Guid::parse(id).filter(|_| known)?;
        Some(End {
            table: table.to_owned(),
            id,
        })
    });
    match end.filter(|_| how == How::Load) {
        Some(end) => Ok(end.stored()),
        None => Err(Refusal::payload(
            kind,
            &format!(
                "CRM do not support direct update of Entity Reference properties, Use Navigation properties instead. ('{}')",
                field.name
            ),
        )),
    }
}

fn guid(kind: Kind, name: &str, value: &Value) -> Result<Guid, Refusal> {
    let text = value.as_str().unwrap_or_default();
    let message =
        format!("Cannot convert the literal '{text}' of '{name}' to the expected type 'Edm.Guid'.");
    Guid::parse(text).ok_or_else(|| Refusal::payload(kind, &message))
}

fn moment(field: &Field, value: &Value) -> Result<Millis, Refusal> {
    let text = value.as_str().unwrap_or_default();
    let message = format!("'{text}' is no time for '{}'.", field.name);
    time::read(text).ok_or_else(|| Refusal::value("0x80048d19", message))
}
