//! Records as items of pages.

use std::collections::BTreeMap;

use domain::record::{
    DisplayFields, Item, MatchingAttributes, Object, OptOut, Parent, Record, RecordId,
};
use jiff::Timestamp;
use serde_json::value::RawValue;

use super::{org::Org, people::people, rows::Row};

impl Org {
    pub(super) fn readable(&self, object: Object) -> BTreeMap<RecordId, (String, Timestamp)> {
        self.live(object)
            .filter(|(_, row)| !row.bad)
            .map(|(id, row)| (id.clone(), (self.text(row), row.modified)))
            .collect()
    }

    pub(super) fn item(&self, object: Object, id: &RecordId, row: &Row) -> Item {
        if let Some(survivor) = &row.gone {
            return Item::Gone {
                id: id.clone(),
                survivor: survivor.clone(),
            };
        }
        if row.bad {
            return Item::Bad {
                id: Some(id.clone()),
                reason: "record.unreadable",
            };
        }
        let field = |name: &str| row.fields.get(name).map(|value| value.as_str().into());
        Item::Live(Record {
            id: id.clone(),
            modified: row.modified,
            fields: self.text(row).into(),
            attributes: MatchingAttributes {
                // In a record with a parent, `Name` is not the company's name.
                company: match row.fields.get("Parent") {
                    Some(_) => field("Company"),
                    None => field("Company").or_else(|| field("Name")),
                },
                zip: field("Zip"),
                city: field("City"),
                website: field("Website"),
                email: field("Email"),
                parent: match &self.associations {
                    None => {
                        let named = row.fields.get("Parent");
                        let named = named.and_then(|id| RecordId::parse(id).ok());
                        let parent = named.or_else(|| row.account().cloned());
                        parent.map(Parent::named_by_id)
                    }
                    Some(_) => None,
                },
                ..MatchingAttributes::default()
            },
            display: DisplayFields {
                label: field("Name"),
                owner: field("Owner"),
                stage: field("Phase"),
                open: row.fields.get("Open").map(|open| open == "yes"),
                amount: field("Amount"),
                due: field("Due"),
                activity: field("Activity"),
                opt_out: match row.fields.get("NoMail") {
                    Some(_) => vec![OptOut::Email],
                    None => Vec::new(),
                },
                ..DisplayFields::default()
            },
            people: people(
                object,
                row.fields
                    .iter()
                    .filter(|(name, _)| !(self.overlooks_copies && *name == "Copied"))
                    .map(|(name, value)| (&**name, &**value)),
            ),
        })
    }

    pub(super) fn item_of(&self, object: Object, id: &RecordId) -> Option<Item> {
        let (id, row) = self.live(object).find(|(there, _)| *there == id)?;
        Some(self.item(object, id, row))
    }

    /// Returns a field's value: a text, or a list or an object if the CRM accepts those.
    fn json(&self, value: &str) -> Option<Box<RawValue>> {
        let is_nested = self.nested && value.starts_with(['[', '{']);
        let nested = is_nested.then(|| RawValue::from_string(value.to_owned()).ok());
        let text = || serde_json::value::to_raw_value(value).ok();
        nested.flatten().or_else(text)
    }

    pub(super) fn text(&self, row: &Row) -> String {
        let fields: BTreeMap<&String, Box<RawValue>> = row
            .fields
            .iter()
            .filter(|(name, value)| {
                !value.is_empty() && !self.hidden.contains(*name) && !self.left_out.contains(*name)
            })
            .filter_map(|(name, value)| Some((name, self.json(value)?)))
            .collect();
        serde_json::to_string(&fields).unwrap_or_default()
    }
}
