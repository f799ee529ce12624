//! Rows that a test gives.

use serde::Deserialize;

use super::error::Refusal;
use super::guid::Guid;
use super::kind::Kind;
use super::org::Org;
use super::schema::{Field, Type};
use super::values::Columns;

/// One row of a load.
#[derive(Debug, Deserialize)]
pub struct Line {
    /// The table, by its logical name or its set's.
    pub object: String,
    /// The row's id. Without one it gets the next free one.
    #[serde(default)]
    pub id: Option<String>,
    /// The columns by their logical names. A lookup is `account/<id>`, or bound as a client does it. Its end may come later. Columns
    /// that only the system writes may be given, too: `createdon`, `modifiedon`, `merged`, `masterid`. Unknown columns whose names
    /// begin with `new_` become texts of the customer's own.
    #[serde(default)]
    pub columns: Columns,
}

impl Org {
    /// Stores a row, in place of the one with its id if there is one.
    pub(crate) fn load_line(&mut self, line: &Line) -> Result<Guid, Refusal> {
        let bad = |what: String| Refusal::new(400, "INVALID_LINE", what);
        let kind = Kind::parse(&line.object);
        let kind = kind.ok_or_else(|| bad(format!("there is no table {}", line.object)))?;
        self.add_own_columns(kind, &line.columns);
        let Some(id) = &line.id else {
            return self.load(kind, &line.columns);
        };
        if Guid::parse(id).is_none() {
            return Err(bad(format!("{id} is no id")));
        }
        let mut columns = line.columns.clone();
        columns.insert(kind.id_column().to_owned(), id.clone().into());
        self.load(kind, &columns)
    }

    /// Adds the customer's own columns (`new_…`) that the table does not have yet, as texts.
    fn add_own_columns(&mut self, kind: Kind, columns: &Columns) {
        for name in columns.keys().filter(|name| name.starts_with("new_")) {
            if self.table(kind).schema.named(name).is_none() {
                self.metadata_version = self.next_version();
                let field = Field::custom(name, Type::String);
                self.table_mut(kind).add_field(field);
            }
        }
    }
}
