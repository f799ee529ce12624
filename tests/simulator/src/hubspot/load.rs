//! Loads records for a test, as if they had existed for long.

use serde::Deserialize;

use super::error::Refusal;
use super::kind::Kind;
use super::portal::Portal;
use super::property::Source;
use super::row::{Row, quoted};
use super::time::{self, Millis};
use super::types::LinkType;
use super::write::Properties;
use crate::kit::packed::Values;

/// One record. The properties may include times, under the object's own names. Missing values are made up,
/// deterministically.
#[derive(Debug, Deserialize)]
pub struct Line {
    /// `contacts`, `contact` or `0-1`.
    pub object: String,
    /// The id in digits. `None` takes the next free id.
    #[serde(default)]
    pub id: Option<String>,
    /// The properties. Unknown ones become custom properties.
    pub properties: Properties,
    /// When it was archived. `None` if it is not.
    #[serde(default, rename = "archivedAt")]
    pub archived: Option<String>,
    /// Associations to records that were loaded before.
    #[serde(default)]
    pub associations: Vec<Association>,
}

/// An association of a loaded record.
#[derive(Debug, Deserialize)]
pub struct Association {
    /// The other record's object.
    pub object: String,
    /// The other record's id.
    pub id: String,
    /// Whether it is a primary association.
    #[serde(default)]
    pub primary: bool,
}

impl Portal {
    /// Stores a record, in place of the one with its id if there is one. Only ids and times are checked. The search
    /// index has it at once.
    pub(crate) fn load(&mut self, line: &Line) -> Result<u64, Refusal> {
        let bad = |what: String| Refusal::new(400, "INVALID_LINE", what);
        let kind =
            Kind::parse(&line.object).ok_or_else(|| Refusal::unknown_object(&line.object))?;
        let id = match &line.id {
            Some(id) => id.parse().map_err(|_| bad(format!("{id} is no id")))?,
            None => self.table_mut(kind).fresh_id(),
        };
        let read = |text: &str| time::read(text).ok_or_else(|| bad(format!("{text} is no time")));
        let now = self.clock.now();
        let (mut created, mut stamp): (Option<Millis>, Option<Millis>) = (None, None);
        let mut values = Values::new();
        let table = self.table_mut(kind);
        for (name, value) in &line.properties {
            let text = match value {
                serde_json::Value::Null => continue,
                serde_json::Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            let index = table.schema.find_or_add(name);
            match table.schema.property(index).map(|one| one.source) {
                Some(Source::Created) => created = Some(read(&text)?),
                Some(Source::Stamp) => stamp = Some(read(&text)?),
                Some(Source::Id) => {}
                _ if text.is_empty() => {}
                _ => {
                    values.insert(index, quoted(&text));
                }
            }
        }
        let created = created.or(stamp).unwrap_or(now);
        let mut row = Row::pack(id, created, stamp.unwrap_or(created), &values);
        row.archived = line.archived.as_deref().map(read).transpose()?;
        table.put(row, None);
        for one in &line.associations {
            let to =
                Kind::parse(&one.object).ok_or_else(|| Refusal::unknown_object(&one.object))?;
            let end: u64 = one
                .id
                .parse()
                .map_err(|_| bad(format!("{} is no id", one.id)))?;
            self.link_loaded((kind, id), (to, end), one.primary)?;
        }
        Ok(id)
    }

    /// Adds an old association: mirrored properties are written, and no time stamp moves.
    fn link_loaded(
        &mut self,
        (kind, id): (Kind, u64),
        (to, end): (Kind, u64),
        primary: bool,
    ) -> Result<(), Refusal> {
        let wanted = LinkType::between(kind, to)
            .find(|one| one.primary == primary)
            .ok_or_else(|| Refusal::invalid("there is no such association"))?;
        let before = self.stamp((kind, id));
        let other = self.stamp((to, end));
        self.associate(wanted, id, end)?;
        self.set_stamp((kind, id), before);
        self.set_stamp((to, end), other);
        Ok(())
    }

    fn stamp(&self, (kind, id): (Kind, u64)) -> Option<Millis> {
        self.table(kind).get(id).map(|row| row.stamp)
    }

    /// Sets a record's time stamp. The search index has it at once.
    pub(crate) fn set_stamp(&mut self, (kind, id): (Kind, u64), stamp: Option<Millis>) -> bool {
        let (Some(stamp), Some(row)) = (stamp, self.table(kind).get(id).cloned()) else {
            return false;
        };
        if row.stamp != stamp {
            let mut moved = Row::pack(id, row.created, stamp, &row.unpack());
            moved.archived = row.archived;
            self.table_mut(kind).put(moved, None);
        }
        true
    }
}
