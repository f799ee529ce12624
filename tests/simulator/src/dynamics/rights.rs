//! What the role lets the app's user do with a table and its rows.

use super::error::Refusal;
use super::kind::Kind;
use super::known::user;
use super::org::Org;
use super::role::Depth;
use super::row::Row;
use super::schema::Schema;

impl Org {
    /// Refuses a request for which the role has no right.
    pub(crate) fn needs(&self, kind: Kind, right: &str) -> Result<(), Refusal> {
        if self.role.depth(kind, right) > Depth::Nothing {
            return Ok(());
        }
        Err(Refusal::no_privilege(user(), right, kind))
    }

    /// Returns whether the app's user may read a row.
    pub(crate) fn sees(&self, kind: Kind, row: &Row) -> bool {
        match self.role.depth(kind, "Read") {
            Depth::Nothing => false,
            Depth::Basic => is_own(&self.table(kind).schema, row),
            Depth::Local | Depth::Global => true,
        }
    }
}

fn is_own(schema: &Schema, row: &Row) -> bool {
    let owner = schema.named("ownerid").and_then(|index| row.end(index));
    owner.is_some_and(|owner| owner.id == user())
}
