//! Records as a test puts them in: as if they had been there for long.

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

/// One record. Times may be among the properties, under the object's own names; what is left out is made up, the same way for
/// the same input.
#[derive(Debug, Deserialize)]
pub struct Line {
    /// `contacts`, `contact` or `0-1`.
    pub object: String,
    /// Digits; the next free id without it.
    #[serde(default)]
    pub id: Option<String>,
    /// Values that describe does not know become custom properties.
    pub properties: Properties,
    /// When it was archived, if it is.
    #[serde(default, rename = "archivedAt")]
    pub archived: Option<String>,
    /// Only to records that were loaded before.
    #[serde(default)]
    pub associations: Vec<Association>,
}

/// An association of a record that is loaded.
#[derive(Debug, Deserialize)]
pub struct Association {
    /// The other record's object.
    pub object: String,
    /// The other record's id.
    pub id: String,
    /// Whether it is the primary one of its kind.
    #[serde(default)]
    pub primary: bool,
}

impl Portal {
    /// Puts a record in, or in the place of the one with its id. Nothing is checked but ids and times; the search index
    /// knows of it at once.
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

    /// As it was long ago: mirrored properties are written, and no time stamp moves.
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

    /// Gives a record a time stamp; the search index knows it at once.
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
