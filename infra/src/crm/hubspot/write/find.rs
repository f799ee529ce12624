//! Finds records after a lost answer: by our own id if the object has a property for it, a contact by its e-mail address, and
//! otherwise by what was sent and the time. Only the last way reads the index, which lags.

use std::collections::{HashMap, HashSet};

use domain::{
    fault::{CrmCode, Outcome},
    ports::{FieldValue, LookedUp, Sought},
    record::Object,
};
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::json;

use super::{
    super::{
        super::client::{
            refusal::{Action, Refusal},
            session::Call,
        },
        HubSpot,
        provider::{LAG, VENDOR},
    },
    natural::{Candidate, Natural},
};

/// The most records in one request by unique values.
const AT_ONCE: usize = 100;

/// The property by which HubSpot tells contacts apart.
const EMAIL: &str = "email";

/// An answer with records.
#[derive(Deserialize)]
pub(super) struct Rows {
    #[serde(default)]
    pub(super) total: u64,
    pub(super) results: Vec<Candidate>,
}

/// A unique property of an object.
type Unique = (Object, String);

/// How a record is looked up.
enum Way {
    /// By the value of a unique property.
    Value { of: Unique, value: String },
    /// By what was sent.
    Content,
}

/// What lookups by unique values found.
#[derive(Default)]
struct ByValue {
    found: HashMap<(Unique, String), Vec<Candidate>>,
    /// Properties by which HubSpot looks nothing up.
    unusable: HashSet<Unique>,
}

impl HubSpot {
    /// Looks records up. Each result says whether it comes from the records themselves or from the index.
    pub(super) async fn found(&self, sought: &[Sought]) -> Outcome<Vec<LookedUp>> {
        let mut ways = Vec::with_capacity(sought.len());
        for one in sought {
            ways.push(self.way(one).await?);
        }
        let by_value = self.by_values(&ways).await?;
        let mut found: Vec<LookedUp> = Vec::with_capacity(sought.len());
        let mut by_content = Vec::new();
        for (at, (one, way)) in sought.iter().zip(&ways).enumerate() {
            match way {
                Way::Value { of, value } if !by_value.unusable.contains(of) => {
                    let rows = by_value.found.get(&(of.clone(), value.clone()));
                    let rows = rows.into_iter().flatten();
                    // What has our own id is ours. An address may be another's, too.
                    let natural = Natural::of(one).filter(|_| of.1 == EMAIL);
                    let rows = rows.filter(|row| {
                        let natural = natural.as_ref();
                        natural.is_none_or(|natural| natural.is_made_from(row))
                    });
                    found.push(LookedUp {
                        found: Some(rows.filter_map(Candidate::id).collect()),
                        lag: SignedDuration::ZERO,
                    });
                }
                Way::Value { .. } | Way::Content => {
                    by_content.push((at, one));
                    found.push(LookedUp {
                        found: None,
                        lag: LAG,
                    });
                }
            }
        }
        for (at, ids) in self.by_content(&by_content).await? {
            if let Some(place) = found.get_mut(at) {
                place.found = ids;
            }
        }
        Ok(found)
    }

    async fn way(&self, sought: &Sought) -> Outcome<Way> {
        let object = sought.draft.object;
        let shape = self.write_shape(object).await?;
        if let (Some(property), Some(value)) = (&shape.external, &sought.external_id) {
            return Ok(Way::Value {
                of: (object, property.clone()),
                value: value.clone(),
            });
        }
        let email = sought.draft.fields.0.get(EMAIL);
        let email = email.and_then(FieldValue::as_str).map(str::trim);
        Ok(match email.filter(|email| !email.is_empty()) {
            Some(email) if object == Object::Contact => Way::Value {
                of: (object, EMAIL.to_owned()),
                value: email.to_lowercase(),
            },
            _ => Way::Content,
        })
    }

    /// Looks records up by the values of unique properties. That reads the records themselves.
    async fn by_values(&self, ways: &[Way]) -> Outcome<ByValue> {
        let mut asked: HashMap<&Unique, Vec<&str>> = HashMap::new();
        for way in ways {
            if let Way::Value { of, value } = way {
                asked.entry(of).or_default().push(value);
            }
        }
        let mut by_value = ByValue::default();
        for (of, mut values) in asked {
            values.sort_unstable();
            values.dedup();
            for values in values.chunks(AT_ONCE) {
                let rows = match self.rows_by(of, values).await {
                    Ok(rows) => rows,
                    // Not every object may have unique properties.
                    Err(refusal)
                        if refusal.action == Action::Stop && !refusal.fault.is_transient() =>
                    {
                        by_value.unusable.insert(of.clone());
                        break;
                    }
                    Err(refusal) => return Err(refusal.into()),
                };
                for row in rows {
                    let Some(value) = row.text(&of.1) else {
                        continue;
                    };
                    let value = match of.1.as_str() {
                        EMAIL => value.to_lowercase(),
                        _ => value.to_owned(),
                    };
                    by_value
                        .found
                        .entry((of.clone(), value))
                        .or_default()
                        .push(row);
                }
            }
        }
        Ok(by_value)
    }

    async fn rows_by(
        &self,
        (object, property): &Unique,
        values: &[&str],
    ) -> Result<Vec<Candidate>, Refusal> {
        let mut names = Natural::read(*object);
        names.push(property);
        let inputs: Vec<_> = values.iter().map(|value| json!({"id": value})).collect();
        let body = json!({"properties": names, "idProperty": property, "inputs": inputs});
        let call = Call::post(self.objects(*object, "/batch/read"), body.to_string());
        Ok(rows(&self.answer(&call).await?)?.results)
    }
}

pub(super) fn rows(body: &[u8]) -> Result<Rows, Refusal> {
    serde_json::from_slice(body).map_err(|_| VENDOR.refusal(CrmCode::PageUnreadable))
}
