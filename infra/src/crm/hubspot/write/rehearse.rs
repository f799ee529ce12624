//! Judges records before they are created, as far as HubSpot can be asked: whether another record has one of their unique values.

use std::collections::HashSet;

use domain::{
    fault::{CrmCode, Outcome},
    ports::{NewRecord, Written},
    record::{Object, RecordId},
};

use super::{
    super::{HubSpot, provider::VENDOR},
    natural::Candidate,
    shape::WriteShape,
    unique::{ByValue, EMAIL, MORE_EMAILS, Value, address},
    value::spelt,
};

impl HubSpot {
    /// Returns for each record whether another one has one of its unique values, in HubSpot or earlier in the same request.
    pub(super) async fn rehearsed(&self, records: &[NewRecord]) -> Outcome<Vec<Written>> {
        let mut all = Vec::with_capacity(records.len());
        for record in records {
            let shape = self.write_shape(record.object()).await?;
            all.push(values(&shape, record));
        }
        let by_value = self.by_values(all.iter().flatten()).await?;
        let mut earlier: HashSet<&Value> = HashSet::new();
        let mut judged = Vec::with_capacity(records.len());
        for values in &all {
            let is_repeated = values.iter().any(|value| earlier.contains(value));
            judged.push(verdict(values, &by_value, is_repeated));
            earlier.extend(values);
        }
        Ok(judged)
    }
}

fn verdict(values: &[Value], by_value: &ByValue, is_repeated: bool) -> Written {
    let found = values.iter().flat_map(|value| by_value.found(value));
    let mut of: Vec<RecordId> = found.filter_map(Candidate::id).collect();
    of.sort_unstable();
    of.dedup();
    if !of.is_empty() || is_repeated {
        return Written::Duplicate {
            of,
            may_save: false,
        };
    }
    match values.iter().find_map(|value| by_value.trouble(value)) {
        Some(fault) => Written::Unknown(fault.clone()),
        // HubSpot has no other rule about duplicates that could be asked for.
        None if values.is_empty() => {
            Written::Unknown(VENDOR.fault(CrmCode::said("nothing_unique")))
        }
        None => Written::Rehearsed,
    }
}

/// Returns the values of a record that no other record of its object may have.
fn values(shape: &WriteShape, record: &NewRecord) -> Vec<Value> {
    let object = record.object();
    let mut values = Vec::new();
    for (name, value) in &record.fields().0 {
        let Some(text) = spelt(value) else {
            continue;
        };
        let is_unique = shape.fields.get(name).is_some_and(|field| field.is_unique);
        if object == Object::Contact && [EMAIL, MORE_EMAILS].contains(&name.as_str()) {
            let parts = text.split(';').filter(|part| !part.trim().is_empty());
            values.extend(parts.map(address));
        } else if is_unique {
            values.push(Value {
                object,
                property: name.clone(),
                text: text.trim().to_owned(),
            });
        }
    }
    values
}
