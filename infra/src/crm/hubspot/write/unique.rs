//! Looks records up by the values of unique properties. That reads the records themselves, and not the index.

use std::collections::{HashMap, HashSet};

use domain::{
    fault::{CrmCode, Fault, Outcome},
    record::Object,
};
use serde::Deserialize;
use serde_json::json;

use super::{
    super::{
        super::client::{
            nulls::or_default,
            refusal::{Action, Refusal},
            session::Call,
        },
        HubSpot,
        page::{Beside, SaidOfOne, Told},
        provider::VENDOR,
    },
    natural::{Candidate, Natural},
};

/// The most records in one request by unique values.
const AT_ONCE: usize = 100;

/// The property by which HubSpot tells contacts apart.
pub(super) const EMAIL: &str = "email";

/// The property with a contact's further addresses, separated by `;`. Each is as unique as the first one.
pub(super) const MORE_EMAILS: &str = "hs_additional_emails";

/// An answer with records.
#[derive(Deserialize)]
pub(super) struct Rows {
    /// The number of records in all pages. Only searches state it.
    pub(super) total: Option<u64>,
    pub(super) results: Vec<Candidate>,
    #[serde(default, deserialize_with = "or_default")]
    errors: Vec<SaidOfOne>,
}

/// A value of a unique property.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Value {
    pub(super) object: Object,
    pub(super) property: String,
    pub(super) text: String,
}

/// Returns an address of a contact as a unique value.
pub(super) fn address(text: &str) -> Value {
    Value {
        object: Object::Contact,
        property: EMAIL.to_owned(),
        text: text.trim().to_lowercase(),
    }
}

/// A unique property of an object.
type Unique = (Object, String);

/// What lookups by unique values found.
#[derive(Default)]
pub(super) struct ByValue {
    found: HashMap<Value, Vec<Candidate>>,
    /// Properties by which HubSpot looks nothing up, with its reasons.
    unusable: HashMap<Unique, Fault>,
}

impl ByValue {
    /// Returns the records that have a value.
    pub(super) fn found(&self, value: &Value) -> &[Candidate] {
        self.found.get(value).map_or(&[], Vec::as_slice)
    }

    /// Returns why nothing was looked up by a value's property. `None` if it was.
    pub(super) fn trouble(&self, value: &Value) -> Option<&Fault> {
        self.unusable.get(&(value.object, value.property.clone()))
    }
}

impl HubSpot {
    /// Looks records up by values.
    pub(super) async fn by_values(&self, values: impl Iterator<Item = &Value>) -> Outcome<ByValue> {
        let mut asked: HashMap<Unique, HashSet<&str>> = HashMap::new();
        for value in values {
            let of = (value.object, value.property.clone());
            asked.entry(of).or_default().insert(&value.text);
        }
        let mut by_value = ByValue::default();
        for (of, texts) in asked {
            let mut texts: Vec<&str> = texts.into_iter().collect();
            texts.sort_unstable();
            for texts in texts.chunks(AT_ONCE) {
                match self.rows_by(&of, texts).await {
                    Ok(rows) => by_value.add(&of, rows),
                    // Not every object may have unique properties.
                    Err(refusal)
                        if refusal.action == Action::Stop && !refusal.fault.is_transient() =>
                    {
                        by_value.unusable.insert(of.clone(), refusal.into());
                        break;
                    }
                    Err(refusal) => return Err(refusal.into()),
                }
            }
        }
        Ok(by_value)
    }

    async fn rows_by(
        &self,
        (object, property): &Unique,
        texts: &[&str],
    ) -> Result<Vec<Candidate>, Refusal> {
        let mut names = Natural::read(*object);
        names.push(property);
        if property == EMAIL {
            names.push(MORE_EMAILS);
        }
        let inputs: Vec<_> = texts.iter().map(|text| json!({"id": text})).collect();
        let body = json!({"properties": names, "idProperty": property, "inputs": inputs});
        let call = Call::post(self.objects(*object, "/batch/read"), body.to_string());
        let read = |body: &[u8]| {
            let Rows {
                results, errors, ..
            } = rows(body)?;
            let beside = Beside::of(errors);
            beside.without_trouble()?;
            // A value about which the answer is silent may have a record. To take it for none would make a second one.
            let mut told = Told::default();
            beside.absent().for_each(|text| told.note(text));
            for row in &results {
                let values = values_of(row, property);
                if !values.iter().any(|value| texts.contains(&value.as_str())) {
                    told.note_odd();
                }
                values.iter().for_each(|value| told.note(value));
            }
            told.all_of(texts.iter().copied())?;
            Ok(results)
        };
        self.pace.request().await;
        self.session.run(&call, |reply| read(&reply.body)).await
    }
}

/// Returns the values of a unique property that a record has. A contact may have several addresses.
fn values_of(row: &Candidate, property: &str) -> Vec<String> {
    let own = row.text(property).unwrap_or_default();
    if property != EMAIL {
        return vec![own.to_owned()];
    }
    let more = row.text(MORE_EMAILS).unwrap_or_default().split(';');
    let all = std::iter::once(own).chain(more).map(address);
    all.map(|address| address.text).collect()
}

impl ByValue {
    fn add(&mut self, (object, property): &Unique, rows: Vec<Candidate>) {
        for row in rows {
            for text in values_of(&row, property) {
                let value = Value {
                    object: *object,
                    property: property.clone(),
                    text,
                };
                self.found.entry(value).or_default().push(row.clone());
            }
        }
    }
}

pub(super) fn rows(body: &[u8]) -> Result<Rows, Refusal> {
    serde_json::from_slice(body).map_err(|_| VENDOR.refusal(CrmCode::PageUnreadable))
}
