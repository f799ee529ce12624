//! Creates and changes rows.

use std::sync::Arc;

use super::error::Refusal;
use super::guid::Guid;
use super::kind::Kind;
use super::known::user;
use super::org::Org;
use super::row::{End, Row};
use super::values::{Columns, How};
use crate::kit::packed::{Values, plain};

/// Whether duplicates are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Duplicates {
    Suppressed,
    Detected,
}

impl Org {
    /// Creates a row with the id of the body, of the path, or a new one.
    pub(crate) fn create(
        &mut self,
        kind: Kind,
        id: Option<Guid>,
        columns: &Columns,
        duplicates: Duplicates,
    ) -> Result<Arc<Row>, Refusal> {
        self.needs(kind, "Create")?;
        let mut values = Values::new();
        let given = self.settle(kind, &mut values, columns, How::Create)?;
        self.fill(kind, &mut values);
        self.derive(kind, &mut values, None)?;
        let id = id.or(given.id);
        if id.is_some_and(|id| self.table(kind).get_for_write(id).is_some()) {
            return Err(self.taken());
        }
        self.check_unique(kind, None, &values)?;
        if duplicates == Duplicates::Detected {
            self.check_duplicates(kind, None, &values)?;
        }
        let now = self.now();
        let id = id.unwrap_or_else(|| self.fresh_id(kind));
        let version = self.next_version();
        let created = given.created.unwrap_or(now);
        Ok(self.put(kind, Row::pack(id, (created, now), version, &values)))
    }

    /// Changes columns of a row.
    pub(crate) fn update(
        &mut self,
        kind: Kind,
        id: Guid,
        columns: &Columns,
        duplicates: Duplicates,
    ) -> Result<Arc<Row>, Refusal> {
        self.needs(kind, "Write")?;
        let row = Arc::clone(self.needed(kind, id)?);
        let before = row.unpack();
        let mut values = before.clone();
        self.settle(kind, &mut values, columns, How::Update)?;
        self.derive(kind, &mut values, Some(&before))?;
        self.check_unique(kind, Some(id), &values)?;
        if duplicates == Duplicates::Detected {
            self.check_duplicates(kind, Some(id), &values)?;
        }
        Ok(self.replaced(kind, &row, values))
    }

    /// Stores a row with other values. Its time and its version move.
    pub(crate) fn replaced(&mut self, kind: Kind, row: &Row, mut values: Values) -> Arc<Row> {
        let modifier = End {
            table: "systemuser".to_owned(),
            id: user(),
        };
        if let Some(index) = self.table(kind).schema.named("modifiedby") {
            values.insert(index, modifier.stored());
        }
        let (now, version) = (self.now(), self.next_version());
        self.put(
            kind,
            Row::pack(row.id, (row.created, now), version, &values),
        )
    }

    /// Stores what a test gives, in place of the row with its id if there is one.
    pub(crate) fn load(&mut self, kind: Kind, columns: &Columns) -> Result<Guid, Refusal> {
        let mut values = Values::new();
        let given = self.settle(kind, &mut values, columns, How::Load)?;
        self.fill(kind, &mut values);
        self.derive(kind, &mut values, None)?;
        let id = given.id.unwrap_or_else(|| self.fresh_id(kind));
        let now = self.now();
        let created = given.created.or(given.modified).unwrap_or(now);
        let modified = given.modified.unwrap_or(created);
        let version = self.next_version();
        self.put(kind, Row::pack(id, (created, modified), version, &values));
        Ok(id)
    }

    /// Makes the refusal of an id that another row has.
    pub(crate) fn taken(&self) -> Refusal {
        let mut refusal = Refusal::exists();
        if !self.config.behaviour.conflict_has_code {
            refusal.code.clear();
        }
        refusal
    }

    fn check_unique(&self, kind: Kind, own: Option<Guid>, values: &Values) -> Result<(), Refusal> {
        let table = self.table(kind);
        let unique = table.schema.indexed().filter(|(_, field)| field.unique);
        for (index, field) in unique {
            let Some(json) = values.get(&index) else {
                continue;
            };
            let other = table.by_external(index, &plain(json));
            if other.is_some() && other != own {
                return Err(Refusal::key_violated(&field.schema_name));
            }
        }
        Ok(())
    }
}
