//! One request for one record, and its answer.
//!
//! A record is written under the id that we chose, on the condition that there is none (`If-None-Match: *`). Without that condition
//! the same request would change a record that is there.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use domain::{
    fault::{CrmCode, Fault, Kind},
    ports::{Duplicates, FieldValue, NewRecord, Written},
    record::{Object, RecordId},
};
use futures::{FutureExt, StreamExt, future::BoxFuture, stream};

use super::{
    super::{
        super::client::{
            refusal::Refusal,
            session::{Call, Sent},
        },
        Dynamics,
        errors::{DUPLICATE, code_of},
        names::{id, set},
        provider::VENDOR,
        read::data,
    },
    links::linked,
    shape::WriteShape,
};

/// The header by which the organisation's duplicate detection is switched on for a request. It is off otherwise.
const DETECTION: &str = "MSCRM.SuppressDuplicateDetection";

impl Dynamics {
    /// Creates records, several at a time. Whatever happens to one, the others are sent, unless Dataverse asks for quiet: whoever sends
    /// on is made to wait longer (<https://learn.microsoft.com/power-apps/developer/data-platform/api-limits>).
    pub(super) async fn created(
        &self,
        records: &[NewRecord],
        duplicates: Duplicates,
    ) -> Vec<Written> {
        // The fault with which Dataverse asked for quiet.
        let quiet = Mutex::new(None);
        let mut sent: Vec<BoxFuture<'_, Written>> = Vec::with_capacity(records.len());
        for record in records {
            sent.push(self.created_in_turn(record, duplicates, &quiet).boxed());
        }
        stream::iter(sent)
            .buffered(self.options.at_once)
            .collect()
            .await
    }

    async fn created_in_turn(
        &self,
        record: &NewRecord,
        duplicates: Duplicates,
        quiet: &Mutex<Option<Fault>>,
    ) -> Written {
        let quiet = || quiet.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(fault) = quiet().clone() {
            return Written::NotSent(fault);
        }
        let written = self.created_one(record, duplicates).await;
        if let Written::NotSent(fault) = &written
            && fault.retry_after().is_some()
        {
            quiet().get_or_insert_with(|| fault.clone());
        }
        written
    }

    async fn created_one(&self, record: &NewRecord, duplicates: Duplicates) -> Written {
        let shape = match self.write_shape(record.object()).await {
            Ok(shape) => shape,
            // Nothing was sent.
            Err(fault) => return not_sent(fault),
        };
        let Some(chosen) = record.chosen_id().and_then(|one| id(one.as_str())) else {
            return not_sent(VENDOR.fault(CrmCode::Unwritable));
        };
        let body = serde_json::to_string(&body(&shape, record));
        let Ok(body) = body else {
            return not_sent(VENDOR.fault(CrmCode::Unwritable));
        };
        let suppress = duplicates == Duplicates::Save;
        self.write(set(record.object()), &chosen, body, suppress)
            .await
    }

    /// Writes a record under an id that none has.
    pub(super) async fn write(
        &self,
        set: &str,
        id: &RecordId,
        body: String,
        suppress: bool,
    ) -> Written {
        let call = Call::patch(self.options.path(&format!("{set}({id})")), body);
        let call = data(call)
            .header("If-None-Match", "*".to_owned())
            .header(DETECTION, suppress.to_string());
        match self.session.send(&call).await {
            Sent::Answer(_) => Written::Created(id.clone()),
            Sent::Nothing(refusal) => of_refusal(refusal, suppress),
            // The documentation has a sample in which a duplicate is told with the status of a server in trouble.
            Sent::Unknown(refusal) if is_duplicate(&refusal) => of_refusal(refusal, suppress),
            Sent::Unknown(refusal) => Written::Unknown(refusal.into()),
        }
    }
}

fn is_duplicate(refusal: &Refusal) -> bool {
    code_of(refusal.body.bytes()) == DUPLICATE
}

/// Returns what a refusal of the request for one record means.
fn of_refusal(refusal: Refusal, suppressed: bool) -> Written {
    if is_duplicate(&refusal) {
        // Dataverse does not say which records they are.
        return Written::Duplicate {
            of: Vec::new(),
            may_save: !suppressed,
        };
    }
    match refusal.fault.kind() {
        Kind::Permanent => Written::Refused {
            fields: refusal.field.into_iter().collect(),
            fault: refusal.fault,
        },
        _ => Written::NotSent(refusal.fault),
    }
}

/// A record that did not leave us. What stays the same at each attempt is a refusal.
pub(super) fn not_sent(fault: Fault) -> Written {
    match fault.kind() {
        Kind::Permanent => Written::Refused {
            fault,
            fields: Vec::new(),
        },
        _ => Written::NotSent(fault),
    }
}

/// The outcome of a rehearsal, which Dataverse does not have.
pub(super) fn never_rehearsed() -> Written {
    Written::Unknown(VENDOR.fault(CrmCode::said("never_rehearsed")))
}

/// Returns a record as Dataverse takes it: with the links, and the legal basis if there is a column for it.
pub(super) fn body(shape: &WriteShape, record: &NewRecord) -> BTreeMap<String, FieldValue> {
    let mut body = BTreeMap::new();
    for (name, value) in &record.fields().0 {
        let bind = shape.fields.get(name).and_then(|field| field.bind.as_ref());
        match (bind, value) {
            (_, FieldValue::Null) => {}
            (Some((name, set)), FieldValue::Text(text)) => {
                if let Some(to) = id(text.trim()) {
                    let record = FieldValue::Text(format!("/{set}({to})"));
                    body.insert(format!("{name}@odata.bind"), record);
                }
            }
            _ => {
                body.insert(name.clone(), value.clone());
            }
        }
    }
    let links = linked(shape, record.draft()).bound.into_iter();
    body.extend(links.map(|(name, record)| (name, FieldValue::Text(record))));
    if let (Some(column), [clearance, ..]) = (&shape.basis, record.clearances()) {
        let by = FieldValue::Text(clearance.by().to_string());
        body.entry(column.clone()).or_insert(by);
    }
    body
}

/// Returns the name by which a note is set to be about a record.
pub(super) const fn about(object: Object) -> &'static str {
    match object {
        Object::Account => "objectid_account@odata.bind",
        Object::Contact => "objectid_contact@odata.bind",
        Object::Lead => "objectid_lead@odata.bind",
        Object::Task => "objectid_task@odata.bind",
        Object::Opportunity => "objectid_opportunity@odata.bind",
    }
}
