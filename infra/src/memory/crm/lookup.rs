//! Lookups of records that a creation may have made.

use std::collections::BTreeMap;

use domain::{
    ports::{FieldValue, Fields, LookedUp, MAX_FOUND, Sought},
    record::RecordId,
};
use jiff::SignedDuration;

use super::{org::Org, rows::Row};

/// The field for the external id.
pub(super) const EXTERNAL: &str = "External";

/// The fields by which a record is looked up: texts that tell records apart. No CRM compares all fields, and
/// neither does this one.
const NATURAL_KEY: [&str; 6] = ["Name", "Website", "Email", "Company", "Parent", "Who"];

impl Org {
    /// Returns the records that a draft may have become. Lookups by an id read the records, and others read an index.
    pub(super) fn find(&self, sought: &Sought) -> LookedUp {
        let external = sought.external_id.as_ref().filter(|_| self.has_external);
        let at_once = |found| LookedUp {
            found,
            lag: SignedDuration::ZERO,
        };
        if self.chooses_ids {
            let chosen = sought.chosen_id.as_ref();
            return at_once(chosen.map(|chosen| self.ids_where(sought, |id, _| id == chosen)));
        }
        if let Some(external) = external {
            let is_it = |row: &Row| row.fields.get(EXTERNAL) == Some(external);
            return at_once(Some(self.ids_where(sought, |_, row| is_it(row))));
        }
        LookedUp {
            found: self.by_content(sought),
            lag: self.index_lag,
        }
    }

    /// Returns `None` if the draft has nothing to look it up by, or if there are too many such records.
    fn by_content(&self, sought: &Sought) -> Option<Vec<RecordId>> {
        let mut wanted = plain(&sought.draft.fields);
        wanted.retain(|name, value| NATURAL_KEY.contains(&name.as_str()) && !value.is_empty());
        if wanted.is_empty() {
            return None;
        }
        let mut links = sought.draft.links.clone();
        links.sort_unstable();
        let is_indexed = |row: &Row| {
            let since = row
                .made
                .and_then(|made| made.checked_add(self.index_lag).ok());
            since.is_none_or(|since| since <= self.clock)
        };
        let is_it = |row: &Row| {
            let is_like = |(name, value)| row.fields.get(name) == Some(value);
            let in_time = (sought.since..=sought.until).contains(&row.modified);
            in_time && row.links == links && wanted.iter().all(is_like)
        };
        let found = self.ids_where(sought, |_, row| is_indexed(row) && is_it(row));
        Some(found).filter(|found| found.len() < MAX_FOUND)
    }

    fn ids_where(&self, sought: &Sought, is_it: impl Fn(&RecordId, &Row) -> bool) -> Vec<RecordId> {
        let found = self.live(sought.draft.object);
        let found = found.filter(|(id, row)| is_it(id, row));
        found.map(|(id, _)| id.clone()).collect()
    }
}

/// Returns fields as texts, without those that are null.
pub(super) fn plain(fields: &Fields) -> BTreeMap<String, String> {
    let text = |value: &FieldValue| match value {
        FieldValue::Null => None,
        FieldValue::Truth(truth) => Some(truth.to_string()),
        FieldValue::Number(number) => Some(number.as_str().to_owned()),
        FieldValue::Text(text) => Some(text.clone()),
        FieldValue::Other(json) => Some(json.to_string()),
    };
    let given = fields.0.iter();
    given
        .filter_map(|(name, value)| Some((name.clone(), text(value)?)))
        .collect()
}
