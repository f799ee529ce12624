//! Finds records after a lost answer: by our own id if the object has a property for it, a contact by its e-mail address, and
//! otherwise by what was sent and the time. Only the last way reads the index, which lags.

use domain::{
    fault::Outcome,
    ports::{FieldValue, LookedUp, Sought},
    record::Object,
};
use jiff::SignedDuration;

use super::{
    super::{HubSpot, provider::LAG},
    natural::{Candidate, Natural},
    unique::{EMAIL, Value, address},
};

/// How a record is looked up.
enum Way {
    /// By the value of a unique property.
    Value(Value),
    /// By what was sent.
    Content,
}

impl HubSpot {
    /// Looks records up. Each result says whether it comes from the records themselves or from the index.
    pub(super) async fn found(&self, sought: &[Sought]) -> Outcome<Vec<LookedUp>> {
        let mut ways = Vec::with_capacity(sought.len());
        for one in sought {
            ways.push(self.way(one).await?);
        }
        let values = ways.iter().filter_map(|way| match way {
            Way::Value(value) => Some(value),
            Way::Content => None,
        });
        let by_value = self.by_values(values).await?;
        let mut found: Vec<LookedUp> = Vec::with_capacity(sought.len());
        let mut by_content = Vec::new();
        for (at, (one, way)) in sought.iter().zip(&ways).enumerate() {
            match way {
                Way::Value(value) if by_value.trouble(value).is_none() => {
                    // What has our own id is ours. An address may be another's, too.
                    let natural = Natural::of(one).filter(|_| value.property == EMAIL);
                    let rows = by_value.found(value).iter().filter(|row| {
                        let natural = natural.as_ref();
                        natural.is_none_or(|natural| natural.is_made_from(row))
                    });
                    found.push(LookedUp {
                        found: Some(rows.filter_map(Candidate::id).collect()),
                        lag: SignedDuration::ZERO,
                    });
                }
                Way::Value(_) | Way::Content => {
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
        if let (Some(property), Some(text)) = (&shape.external, &sought.external_id) {
            return Ok(Way::Value(Value {
                object,
                property: property.clone(),
                text: text.clone(),
            }));
        }
        let email = sought.draft.fields.0.get(EMAIL);
        let email = email.and_then(FieldValue::as_str).map(str::trim);
        Ok(match email.filter(|email| !email.is_empty()) {
            Some(email) if object == Object::Contact => Way::Value(address(email)),
            _ => Way::Content,
        })
    }
}
