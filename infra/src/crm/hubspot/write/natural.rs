//! The content by which a record is recognised where it has no id of ours.

use std::collections::BTreeMap;

use domain::{
    ports::{Draft, Sought},
    record::{Object, RecordId},
};
use jiff::Timestamp;
use matching::normalise;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    super::{
        super::client::{canonical, nulls::or_default},
        page::text_or_number,
    },
    created_name,
    shape::id,
    value::spelt,
};

/// The longest value by which the index is searched. What is longer is compared in what the search found.
const LONGEST_SEARCHED: usize = 200;

/// The property with the source of a record.
const SOURCE: &str = "hs_object_source";

/// The sources of records that no app made. Any other source may be an app: HubSpot's list of them is not closed.
const BY_HAND: [&str; 8] = [
    "CRM_UI",
    "CRM_UI_BULK_ACTION",
    "CONTACTS_WEB",
    "MOBILE_IOS",
    "MOBILE_ANDROID",
    "IMPORT",
    "FORM",
    "MIGRATION",
];

/// Returns the properties that tell a record from others.
fn names(object: Object) -> &'static [&'static str] {
    match object {
        Object::Account => &["name", "domain"],
        Object::Contact => &["email", "firstname", "lastname"],
        Object::Lead => &["hs_lead_name"],
        Object::Task => &["hs_task_subject", "hs_timestamp"],
        Object::Opportunity => &["dealname"],
    }
}

/// The values of a draft that tell its record from others.
pub(super) struct Content(BTreeMap<&'static str, String>);

impl Content {
    /// `None` if nothing in the draft tells its record from others.
    pub(super) fn of(draft: &Draft) -> Option<Self> {
        let names = names(draft.object).iter();
        let sent: BTreeMap<&str, String> = names
            .filter_map(|name| Some((*name, sent(draft, name)?)))
            .collect();
        (!sent.is_empty()).then_some(Self(sent))
    }

    /// Returns whether a record has these values.
    pub(super) fn is_in(&self, candidate: &Candidate) -> bool {
        self.0.iter().all(|(name, value)| {
            let there = candidate.text(name).unwrap_or_default();
            spelling(name, there) == spelling(name, value)
        })
    }
}

/// What was sent of a record, and when, by which it is recognised.
pub(super) struct Natural<'a> {
    sought: &'a Sought,
    content: Content,
}

/// A record that a lookup found.
#[derive(Clone, Deserialize)]
pub(super) struct Candidate {
    #[serde(deserialize_with = "text_or_number")]
    id: String,
    #[serde(default, deserialize_with = "or_default")]
    properties: BTreeMap<String, Option<String>>,
}

impl Candidate {
    pub(super) fn id(&self) -> Option<RecordId> {
        id(&self.id)
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.properties.get(name)?.as_deref().map(str::trim)
    }
}

impl<'a> Natural<'a> {
    /// `None` if nothing was sent that tells the record from others.
    pub(super) fn of(sought: &'a Sought) -> Option<Self> {
        let content = Content::of(&sought.draft)?;
        Some(Self { sought, content })
    }

    /// Returns the properties that have to be read of each candidate.
    pub(super) fn read(object: Object) -> Vec<&'static str> {
        let mut read = names(object).to_vec();
        read.extend([created_name(object), SOURCE]);
        read
    }

    /// Returns the filter by the time of creation.
    pub(super) fn created(object: Object, since: Timestamp, until: Timestamp) -> Value {
        json!({
            "propertyName": created_name(object),
            "operator": "BETWEEN",
            "value": since.as_millisecond().to_string(),
            "highValue": until.as_millisecond().to_string(),
        })
    }

    /// Returns the filters of a search that finds the record, and may find others.
    pub(super) fn filters(&self) -> Vec<Value> {
        let sought = self.sought;
        let created = Self::created(sought.draft.object, sought.since, sought.until);
        let sent = self.content.0.iter();
        // HubSpot spells domains in its own way, and times in several.
        let sent = sent.filter(|(name, value)| {
            !matches!(**name, "domain" | "hs_timestamp") && value.len() <= LONGEST_SEARCHED
        });
        let equal = sent
            .map(|(name, value)| json!({"propertyName": name, "operator": "EQ", "value": value}));
        std::iter::once(created).chain(equal).collect()
    }

    /// Returns whether a candidate may have been made from what was sent: by no person, in time, and with the same content.
    pub(super) fn is_made_from(&self, candidate: &Candidate) -> bool {
        let sought = self.sought;
        let created = candidate.text(created_name(sought.draft.object));
        let in_time = created
            .and_then(canonical::instant)
            .is_some_and(|at| (sought.since..=sought.until).contains(&at));
        let source = candidate.text(SOURCE).unwrap_or_default();
        in_time && !BY_HAND.contains(&source) && self.content.is_in(candidate)
    }
}

fn sent(draft: &Draft, name: &str) -> Option<String> {
    let value = spelt(draft.fields.0.get(name)?)?;
    Some(value.trim().to_owned())
}

/// Returns a value in the one spelling in which it is compared.
fn spelling(name: &str, value: &str) -> String {
    match name {
        "email" => value.to_lowercase(),
        "domain" => normalise::domain(value).unwrap_or_else(|| value.to_lowercase()),
        "hs_timestamp" => {
            let at = canonical::instant(value).or_else(|| {
                let millis = value.parse().ok()?;
                Timestamp::from_millisecond(millis).ok()
            });
            at.map_or_else(|| value.to_owned(), |at| at.to_string())
        }
        _ => value.to_owned(),
    }
}
