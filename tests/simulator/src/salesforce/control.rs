//! Control operations: what a test does to the CRM behind the client's back.

use std::collections::BTreeMap;
use std::ops::Bound;

use serde_json::{Map, Value};

use super::error::Refusal;
use super::id::Id;
use super::lifecycle::Converted;
use super::state::{State, lock};
use super::time::{Millis, rest_text};
use crate::kit::control;
pub use crate::kit::control::Count;
use crate::kit::control::each_line;

/// A record's fields by name.
pub type Fields = Map<String, Value>;

/// The control operations, in process.
pub type Control = control::Control<State>;

/// The result of an operation. An unknown object, id or field gives the refusal that Salesforce would answer.
pub type Outcome<T> = Result<T, Refusal>;

impl Control {
    /// Stores a record. Missing id, times and owner are filled in, deterministically. Unknown custom fields are created.
    pub fn load(&self, object: &str, fields: &Fields) -> Outcome<String> {
        Ok(self.state.org().load(object, fields)?.to_string())
    }

    /// Stores lines of `{"object":"Account","fields":{…}}`. Stops at the first line that is refused, and names its number.
    pub fn load_lines(&self, lines: &str) -> Outcome<usize> {
        let mut org = self.state.org();
        let loaded = each_line(lines, |line: Line| {
            let loaded = org.load(&line.object, &line.fields);
            loaded.map(drop).map_err(|refusal| refusal.message)
        });
        loaded.map_err(|message| Refusal::new(400, "INVALID_LINE", message))
    }

    /// Forgets all records, deletions, open query locators and duplicate rules.
    pub fn clear(&self) {
        lock(&self.state.cursors).clear();
        let mut org = self.state.org();
        org.tables.iter_mut().for_each(super::table::Table::clear);
        org.duplicate_rules.clear();
    }

    /// Changes fields, including system fields. If SystemModstamp is not given, it becomes the clock's time.
    pub fn edit(&self, object: &str, id: &str, fields: &Fields) -> Outcome<()> {
        self.state.org().edit(object, parsed(id)?, fields)
    }

    /// Creates a record as a user of the CRM would: required fields are checked, and times come from the clock.
    pub fn create(&self, object: &str, fields: &Fields) -> Outcome<String> {
        let saving = super::duplicates::Saving {
            allow: true,
            details: false,
        };
        Ok(self.state.org().create(object, fields, saving)?.to_string())
    }

    /// Moves a record to the recycle bin. A client's DELETE of an account takes its children along. This operation does
    /// so only if `cascade` is set.
    pub fn soft_delete(&self, object: &str, id: &str, cascade: bool) -> Outcome<()> {
        self.state.org().delete(object, parsed(id)?, cascade)
    }

    /// Deletes a record permanently, so that `queryAll` lacks it, too. Only the deletion log keeps an entry.
    pub fn hard_delete(&self, object: &str, id: &str) -> Outcome<()> {
        let id = parsed(id)?;
        let mut org = self.state.org();
        let now = org.stamp();
        if org.table_mut(object)?.purge(id, now) {
            Ok(())
        } else {
            Err(Refusal::not_found())
        }
    }

    /// Takes a record out of the recycle bin.
    pub fn undelete(&self, object: &str, id: &str) -> Outcome<()> {
        self.state.org().undelete(object, parsed(id)?)
    }

    /// Merges accounts, contacts or leads. See the module `lifecycle`.
    pub fn merge(&self, object: &str, winner: &str, loser: &str) -> Outcome<()> {
        self.state
            .org()
            .merge(object, parsed(winner)?, parsed(loser)?)
    }

    /// Converts a lead, into an existing account if one is given.
    pub fn convert_lead(
        &self,
        lead: &str,
        account: Option<&str>,
        opportunity: bool,
    ) -> Outcome<Converted> {
        let account = account.map(parsed).transpose()?;
        self.state
            .org()
            .convert(parsed(lead)?, account, opportunity)
    }

    /// Hides a record from every request until a time of the simulator's clock, or until [`Self::release`].
    pub fn hold(&self, object: &str, id: &str, until: Option<Millis>) -> Outcome<()> {
        let id = parsed(id)?;
        if self.state.org().table_mut(object)?.hold(id, until) {
            Ok(())
        } else {
            Err(Refusal::not_found())
        }
    }

    /// Shows all held records, with the SystemModstamp that they had all along.
    pub fn release(&self) -> usize {
        let mut org = self.state.org();
        let now = org.clock.now();
        org.tables
            .iter_mut()
            .map(|table| table.release(now, true))
            .sum()
    }

    /// Sets the same SystemModstamp on all records of an object that are not deleted, as a bulk update does.
    pub fn restamp(&self, object: &str, stamp: Millis) -> Outcome<usize> {
        let ids = self.ids(object, false)?;
        let fields =
            Fields::from_iter([("SystemModstamp".to_owned(), Value::from(rest_text(stamp)))]);
        for id in &ids {
            self.edit(object, id, &fields)?;
        }
        Ok(ids.len())
    }

    /// Returns the numbers of records per object.
    pub fn counts(&self) -> BTreeMap<String, Count> {
        let org = self.state.org();
        org.tables
            .iter()
            .map(|table| {
                (
                    table.schema.object.to_owned(),
                    Count {
                        live: table.live(),
                        all: table.all(),
                    },
                )
            })
            .collect()
    }

    /// Returns the ids of one object in order, on request including deleted ones.
    pub fn ids(&self, object: &str, deleted: bool) -> Outcome<Vec<String>> {
        let org = self.state.org();
        let rows = org.table(object)?.by_id(Bound::Unbounded, Bound::Unbounded);
        Ok(rows
            .filter(|row| deleted || !row.deleted)
            .map(|row| row.id.to_string())
            .collect())
    }

    /// Returns all fields of a record that are not null, including hidden fields, for deleted and held records, too.
    pub fn get(&self, object: &str, id: &str) -> Outcome<Fields> {
        let org = self.state.org();
        let table = org.table(object)?;
        let row = table
            .get_for_write(parsed(id)?)
            .ok_or_else(Refusal::not_found)?;
        let value = |(index, json): (u16, &[u8])| {
            let name = table
                .schema
                .field(index)
                .map(|field| field.name.clone())
                .unwrap_or_default();
            (name, serde_json::from_slice(json).unwrap_or_default())
        };
        Ok(row.values().map(value).collect())
    }
}

#[derive(serde::Deserialize)]
struct Line {
    object: String,
    fields: Fields,
}

fn parsed(id: &str) -> Outcome<Id> {
    Id::parse(id).ok_or_else(|| Refusal::new(400, "MALFORMED_ID", format!("malformed id {id}")))
}
