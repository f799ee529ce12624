//! Lookups of records that a creation may have made.

use std::collections::BTreeMap;

use domain::{
    ports::{FieldValue, Fields, MAX_FOUND, Sought},
    record::RecordId,
};

use super::{org::Org, rows::Row};

/// The field for the external id.
pub(super) const EXTERNAL: &str = "External";

/// The fields by which a record is looked up: texts that tell records apart. No CRM compares all fields, and
/// neither does this one.
const NATURAL_KEY: [&str; 6] = ["Name", "Website", "Email", "Company", "Parent", "Who"];

impl Org {
    /// Returns the records that a draft may have become. `None` if the draft has nothing to look them up by, or if there
    /// are too many.
    pub(super) fn find(&self, sought: &Sought) -> Option<Vec<RecordId>> {
        let object = sought.draft.object;
        let shows = |row: &Row| {
            let since = row
                .made
                .and_then(|made| made.checked_add(self.index_lag).ok());
            since.is_none_or(|since| since <= self.clock)
        };
        let found = self.live(object).filter(|(_, row)| shows(row));
        if self.chooses_ids {
            let chosen = sought.chosen_id.as_ref()?;
            let found = found.filter(|(id, _)| *id == chosen);
            return Some(found.map(|(id, _)| id.clone()).collect());
        }
        let has_id = self.has_external && sought.external_id.is_some();
        let mut wanted = plain(&sought.draft.fields);
        wanted.retain(|name, value| NATURAL_KEY.contains(&name.as_str()) && !value.is_empty());
        if wanted.is_empty() && !has_id {
            return None;
        }
        let mut links = sought.draft.links.clone();
        links.sort_unstable();
        let is_it = |row: &Row| match (&sought.external_id, self.has_external) {
            (Some(external), true) => row.fields.get(EXTERNAL) == Some(external),
            _ => {
                let is_like = |(name, value)| row.fields.get(name) == Some(value);
                let in_time = (sought.since..=sought.until).contains(&row.modified);
                in_time && row.links == links && wanted.iter().all(is_like)
            }
        };
        let found = found.filter(|(_, row)| is_it(row));
        let found: Vec<RecordId> = found.map(|(id, _)| id.clone()).collect();
        Some(found).filter(|found| found.len() < MAX_FOUND)
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
