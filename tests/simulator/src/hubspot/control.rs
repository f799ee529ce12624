//! Control operations: what a test does to the CRM behind the client's back.

use std::collections::BTreeMap;
use std::ops::Bound;

use serde_json::Value;

use super::error::Refusal;
use super::kind::Kind;
use super::load::Line;
use super::property::Property;
use super::state::State;
use super::time::Millis;
use super::types::LinkType;
pub use super::write::Properties;
use super::writer::Writer;
use crate::kit::control;
pub use crate::kit::control::Count;
use crate::kit::control::each_line;

/// The control operations, in process.
pub type Control = control::Control<State>;

/// The result of an operation. An unknown object, id or property gives the refusal that HubSpot would answer.
pub type Outcome<T> = Result<T, Refusal>;

impl Control {
    /// Stores a record. See [`Line`].
    pub fn load_line(&self, line: &Line) -> Outcome<String> {
        Ok(self.state.portal().load(line)?.to_string())
    }

    /// Stores a record without associations.
    pub fn load(&self, object: &str, properties: &Properties) -> Outcome<String> {
        let line = Line {
            object: object.to_owned(),
            id: None,
            properties: properties.clone(),
            archived: None,
            associations: Vec::new(),
        };
        self.load_line(&line)
    }

    /// Stores lines of JSON, each a [`Line`]. Stops at the first line that is refused, and names its number.
    pub fn load_lines(&self, lines: &str) -> Outcome<usize> {
        let mut portal = self.state.portal();
        let loaded = each_line(lines, |line: Line| {
            let loaded = portal.load(&line);
            loaded.map(drop).map_err(|refusal| refusal.message)
        });
        loaded.map_err(|message| Refusal::new(400, "INVALID_LINE", message))
    }

    /// Forgets all records. Properties stay.
    pub fn clear(&self) {
        self.state.portal().clear();
    }

    /// Creates a record as a user in the browser would, with plain or primary associations. Required properties are
    /// checked, and times come from the clock.
    pub fn create(
        &self,
        object: &str,
        properties: &Properties,
        associations: &[(&str, &str, bool)],
    ) -> Outcome<String> {
        let kind = kind(object)?;
        let mut wanted = Vec::new();
        for (other, id, primary) in associations {
            wanted.push(super::associate::Wanted {
                kind: link_type(kind, self::kind(other)?, *primary)?,
                to: parsed(id)?,
            });
        }
        let mut portal = self.state.portal();
        let row = portal.create(kind, properties, &wanted, Writer::Person)?;
        Ok(row.id.to_string())
    }

    /// Changes properties as a user would. The time stamp becomes the clock's time.
    pub fn edit(&self, object: &str, id: &str, properties: &Properties) -> Outcome<()> {
        let mut portal = self.state.portal();
        portal
            .update(kind(object)?, parsed(id)?, properties, Writer::Person)
            .map(|_| ())
    }

    /// Associates two records. No time stamp moves, unless a property mirrors the association.
    pub fn associate(&self, from: (&str, &str), to: (&str, &str), primary: bool) -> Outcome<()> {
        let (from_kind, to_kind) = (kind(from.0)?, kind(to.0)?);
        let wanted = link_type(from_kind, to_kind, primary)?;
        let mut portal = self.state.portal();
        portal.associate(wanted, parsed(from.1)?, parsed(to.1)?)
    }

    /// Removes all associations of two records. A lead without any primary association vanishes.
    pub fn dissociate(&self, from: (&str, &str), to: (&str, &str)) -> Outcome<()> {
        let (from_kind, to_kind) = (kind(from.0)?, kind(to.0)?);
        let (from, to) = (parsed(from.1)?, parsed(to.1)?);
        let mut portal = self.state.portal();
        portal.dissociate(from_kind, from, to_kind, to, None);
        Ok(())
    }

    /// Moves a record to the recycle bin.
    pub fn archive(&self, object: &str, id: &str) -> Outcome<()> {
        found(self.state.portal().archive(kind(object)?, parsed(id)?))
    }

    /// Removes a record without a trace, as `gdpr-delete` and the end of the 90 days do.
    pub fn purge(&self, object: &str, id: &str) -> Outcome<()> {
        found(self.state.portal().purge(kind(object)?, parsed(id)?))
    }

    /// Takes a record out of the recycle bin.
    pub fn restore(&self, object: &str, id: &str) -> Outcome<()> {
        self.state.portal().restore(kind(object)?, parsed(id)?)
    }

    /// Merges two records. Returns the id of the result, which is a new one if `new_id` is set.
    pub fn merge(&self, object: &str, primary: &str, other: &str, new_id: bool) -> Outcome<String> {
        let (primary, other) = (parsed(primary)?, parsed(other)?);
        let mut portal = self.state.portal();
        let id = portal.merge(kind(object)?, primary, other, new_id)?;
        Ok(id.to_string())
    }

    /// Hides a record from every request until a time of the simulator's clock, or until [`Self::release`].
    pub fn hold(&self, object: &str, id: &str, until: Option<Millis>) -> Outcome<()> {
        let (kind, id) = (kind(object)?, parsed(id)?);
        found(self.state.portal().table_mut(kind).hold(id, until))
    }

    /// Keeps a record out of the search index until a time. All other requests see it.
    pub fn hold_index(&self, object: &str, id: &str, until: Millis) -> Outcome<()> {
        let (kind, id) = (kind(object)?, parsed(id)?);
        found(self.state.portal().table_mut(kind).hold_index(id, until))
    }

    /// Shows all held records and completes the search index.
    pub fn release(&self) -> usize {
        self.state.portal().release()
    }

    /// Sets the same time stamp on all records of an object that are not archived, as HubSpot's own jobs do.
    pub fn restamp(&self, object: &str, stamp: Millis) -> Outcome<usize> {
        let kind = kind(object)?;
        let ids = self.ids(object, false)?;
        let mut portal = self.state.portal();
        for id in &ids {
            portal.set_stamp((kind, parsed(id)?), Some(stamp));
        }
        Ok(ids.len())
    }

    /// Returns the numbers of records per object, by plural names.
    pub fn counts(&self) -> BTreeMap<String, Count> {
        let portal = self.state.portal();
        let count = |kind: Kind| Count {
            live: portal.table(kind).live(),
            all: portal.table(kind).all(),
        };
        Kind::ALL
            .into_iter()
            .map(|kind| (kind.plural().to_owned(), count(kind)))
            .collect()
    }

    /// Returns the ids of one object in order, on request including archived ones.
    pub fn ids(&self, object: &str, archived: bool) -> Outcome<Vec<String>> {
        let portal = self.state.portal();
        let table = portal.table(kind(object)?);
        let rows = table.by_id(Bound::Unbounded, Bound::Unbounded);
        Ok(rows
            .filter(|row| archived || row.archived.is_none())
            .map(|row| row.id.to_string())
            .collect())
    }

    /// Returns all properties of a record that are not null, whatever scopes they need, for archived and held records, too.
    pub fn get(&self, object: &str, id: &str) -> Outcome<Properties> {
        let portal = self.state.portal();
        let table = portal.table(kind(object)?);
        let row = table
            .get_for_write(parsed(id)?)
            .ok_or_else(Refusal::not_found)?;
        let value = |(n, property): (usize, &Property)| {
            let text = row.text(&table.schema, u16::try_from(n).ok()?)?;
            Some((property.name.clone(), Value::from(text.into_owned())))
        };
        let properties = table.schema.properties.iter().enumerate();
        Ok(properties.filter_map(value).collect())
    }

    /// Returns the ids with which a record is associated.
    pub fn associated(&self, from: (&str, &str), to: &str) -> Outcome<Vec<String>> {
        let portal = self.state.portal();
        let ids = portal.ends(kind(from.0)?, parsed(from.1)?, kind(to)?);
        Ok(ids.iter().map(u64::to_string).collect())
    }
}

pub(super) fn kind(object: &str) -> Outcome<Kind> {
    Kind::parse(object).ok_or_else(|| Refusal::unknown_object(object))
}

fn parsed(id: &str) -> Outcome<u64> {
    id.parse()
        .map_err(|_| Refusal::invalid(format!("{id} is no id")))
}

fn found(there: bool) -> Outcome<()> {
    if there {
        Ok(())
    } else {
        Err(Refusal::not_found())
    }
}

fn link_type(from: Kind, to: Kind, primary: bool) -> Outcome<LinkType> {
    LinkType::between(from, to)
        .find(|one| one.primary == primary)
        .ok_or_else(|| Refusal::invalid("there is no such association"))
}
