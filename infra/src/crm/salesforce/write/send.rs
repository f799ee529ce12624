//! One request for up to 200 records, and its answer.

use domain::{
    fault::{CrmCode, Fault, Outcome},
    ports::{Duplicates, FieldValue, Fields, NewRecord, Written},
    record::{Object, RecordId},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    super::{
        super::client::{
            nulls::or_default,
            session::{Call, Sent},
        },
        Salesforce,
        errors::{judge_code, may_have_saved},
    },
    links::linked,
    shape::spelt,
};
use crate::crm::salesforce::provider::VENDOR;

/// The most records that one request takes.
const MOST: usize = 200;

/// Serialized directly to text. A tree of values would drop digits of numbers.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Collection<'a, R> {
    all_or_none: bool,
    records: &'a [R],
}

#[derive(Deserialize)]
struct Result_ {
    id: Option<String>,
    success: bool,
    #[serde(default, deserialize_with = "or_default")]
    errors: Vec<Said>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Said {
    status_code: String,
    #[serde(default, deserialize_with = "or_default")]
    message: String,
    #[serde(default, deserialize_with = "or_default")]
    fields: Vec<String>,
    duplicate_result: Option<Value>,
}

impl Salesforce {
    pub(super) async fn created(
        &self,
        records: &[NewRecord],
        duplicates: Duplicates,
    ) -> Outcome<Vec<Written>> {
        // Records are grouped by object, since a request takes ten groups.
        let mut order: Vec<usize> = (0..records.len()).collect();
        order.sort_by_key(|at| records.get(*at).map(NewRecord::object));
        let mut bodies = Vec::with_capacity(records.len());
        for record in order.iter().filter_map(|at| records.get(*at)) {
            bodies.push(self.body(record, true).await?);
        }
        let written = self.collection(&bodies, false, duplicates).await?;
        let mut placed: Vec<(usize, Written)> = order.into_iter().zip(written).collect();
        placed.sort_unstable_by_key(|(at, _)| *at);
        Ok(placed.into_iter().map(|(_, written)| written).collect())
    }

    /// Rehearses a creation. The records are sent all-or-none together with one that can never be created, so
    /// Salesforce judges all of them and keeps none. It has no request that only judges. That one record is a Contact
    /// without a surname, which no organisation's settings allow.
    pub(super) async fn rehearsed(
        &self,
        records: &[NewRecord],
        duplicates: Duplicates,
    ) -> Outcome<Vec<Written>> {
        let mut all = Vec::with_capacity(records.len());
        for records in records.chunks(MOST - 1) {
            let mut order: Vec<usize> = (0..records.len()).collect();
            order.sort_by_key(|at| records.get(*at).map(NewRecord::object));
            let mut bodies = vec![Fields(typed(Object::Contact).into_iter().collect())];
            for record in order.iter().filter_map(|at| records.get(*at)) {
                bodies.push(self.body(record, false).await?);
            }
            let written = self.collection(&bodies, true, duplicates).await?;
            self.take_back(&written).await?;
            let mut placed: Vec<(usize, Written)> =
                order.into_iter().zip(written.into_iter().skip(1)).collect();
            placed.sort_unstable_by_key(|(at, _)| *at);
            all.extend(placed.into_iter().map(|(_, written)| written));
        }
        Ok(all)
    }

    /// Deletes what a rehearsal created. That would be a mistake of ours, so the rehearsal fails.
    async fn take_back(&self, written: &[Written]) -> Outcome<()> {
        let ids: Vec<&str> = written
            .iter()
            .filter_map(|one| match one {
                Written::Created(id) => Some(id.as_str()),
                _ => None,
            })
            .collect();
        if ids.is_empty() {
            return Ok(());
        }
        let call =
            Call::delete(self.options.path("/composite/sobjects")).with("ids", ids.join(","));
        self.session.run(&call, |_| Ok(())).await?;
        Err(VENDOR.fault(CrmCode::RehearsalKept))
    }

    /// Returns a record as Salesforce takes it, with our own id and the legal basis if there are fields for them.
    async fn body(&self, record: &NewRecord, with_external_id: bool) -> Outcome<Fields> {
        let shape = self.write_shape(record.object()).await?;
        let mut body = linked(&shape, record.draft()).fields.0;
        body.retain(|_, value| *value != FieldValue::Null);
        for (name, value) in &mut body {
            let is_reference = shape
                .fields
                .get(name)
                .is_some_and(|field| field.is_reference);
            if let (true, FieldValue::Text(id)) = (is_reference, &*value) {
                *value = FieldValue::Text(spelt(id.trim()));
            }
        }
        body.extend(typed(record.object()));
        if let (true, Some(name), Some(id)) =
            (with_external_id, &shape.external, record.external_id())
        {
            body.insert(name.clone(), FieldValue::Text(id.to_owned()));
        }
        if let (Some(name), [clearance, ..]) = (&shape.basis, record.clearances()) {
            body.insert(name.clone(), FieldValue::Text(clearance.by().to_string()));
        }
        Ok(Fields(body))
    }

    pub(super) async fn collection(
        &self,
        records: &[impl Serialize],
        all_or_none: bool,
        duplicates: Duplicates,
    ) -> Outcome<Vec<Written>> {
        let n = records.len();
        let body = Collection {
            all_or_none,
            records,
        };
        let body = serde_json::to_string(&body).map_err(|_| VENDOR.fault(CrmCode::Unwritable))?;
        let call = Call::post(self.options.path("/composite/sobjects"), body)
            .header("sforce-duplicate-rule-header", rule(duplicates));
        let reply = match self.session.send(&call).await {
            Sent::Answer(reply) => reply,
            Sent::Nothing(refusal) => {
                let fault = Fault::from(refusal);
                let one = if fault.is_transient() || fault.kind() == domain::fault::Kind::Revoked {
                    Written::NotSent(fault)
                } else {
                    Written::Refused {
                        fault,
                        fields: Vec::new(),
                    }
                };
                return Ok(vec![one; n]);
            }
            Sent::Unknown(refusal) => return Err(refusal.into()),
        };
        let results: Vec<Result_> = serde_json::from_slice(&reply.body)
            .map_err(|_| VENDOR.fault(CrmCode::AnswerUnreadable))?;
        if results.len() != n {
            return Err(VENDOR.fault(CrmCode::AnswerUnreadable));
        }
        results.into_iter().map(written).collect()
    }
}

/// Returns the header for Salesforce's duplicate rules. A rule runs as our user.
fn rule(duplicates: Duplicates) -> String {
    let save = duplicates == Duplicates::Save;
    format!("allowSave={save}; includeRecordDetails=false; runAsCurrentUser=true")
}

/// Returns the attribute that names a record's object.
fn typed(object: Object) -> [(String, FieldValue); 1] {
    let attributes = json!({ "type": object.name() }).to_string();
    [(
        "attributes".to_owned(),
        FieldValue::Other(attributes.into()),
    )]
}

fn written(result: Result_) -> Outcome<Written> {
    if result.success {
        let id = result.id.as_deref().unwrap_or_default();
        return RecordId::parse(id)
            .map(Written::Created)
            .map_err(|_| VENDOR.fault(CrmCode::AnswerUnreadable));
    }
    let Some(said) = result.errors.into_iter().next() else {
        return Err(VENDOR.fault(CrmCode::AnswerUnreadable));
    };
    Ok(match said.status_code.as_str() {
        "ALL_OR_NONE_OPERATION_ROLLED_BACK" => Written::Rehearsed,
        "DUPLICATES_DETECTED" => duplicate(said.duplicate_result.as_ref()),
        code => {
            let fault = Fault::from(judge_code(code, &said.message));
            if fault.is_transient() && may_have_saved(code) {
                Written::Unknown(fault)
            } else if fault.is_transient() {
                Written::NotSent(fault)
            } else {
                Written::Refused {
                    fault,
                    fields: said.fields,
                }
            }
        }
    })
}

fn duplicate(result: Option<&Value>) -> Written {
    let all = |value: &Value, name: &str| -> Vec<Value> {
        value[name].as_array().cloned().unwrap_or_default()
    };
    let matches = result
        .map(|result| all(result, "matchResults"))
        .unwrap_or_default();
    let mut of: Vec<RecordId> = matches
        .iter()
        .flat_map(|found| all(found, "matchRecords"))
        .filter_map(|found| RecordId::parse(found["record"]["Id"].as_str()?).ok())
        .collect();
    of.sort_unstable();
    of.dedup();
    Written::Duplicate {
        of,
        may_save: result.is_some_and(|result| result["allowSave"] == Value::Bool(true)),
    }
}
