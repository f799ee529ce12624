//! Data subjects: what is stored about a person, and the person's erasure from the copy.

use domain::{
    facts::exports_until,
    fault::{Code, Fault},
    legal::{Objection, Person},
    record::{Object, RecordId},
    subject_requests::{self, RecordPlace},
    tenant::IntegrationId,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    Call, Reply,
    http::{Answered, Changed},
    shown::{self, Told},
};
use crate::problem::Problem;

/// Says what an erasure does not reach, in every answer about one.
fn not_reached() -> String {
    format!(
        "The CRM itself is the controller's: the controller erases there what it has of the person. Sealed pages as the CRM sent them \
         expire by themselves within pageRetentionDays. Exports expire after {}. Assessments stay: they prove what the person's data was used \
         on. Until the erasure is lifted, nobody is shown anything of the person.",
        exports_until()
    )
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Search {
    person: Person,
    cursor: Option<String>,
}

/// `POST /v1/subjects/search`.
pub(super) async fn search(call: &Call<'_>) -> Answered {
    let search: Search = call.request.json()?;
    let ports = call.ports;
    let tenant = &call.caller.tenant;
    let part = subject_requests::find(
        &*ports.store,
        &*ports.keys,
        tenant,
        &search.person,
        search.cursor.as_deref(),
    )
    .await
    .map_err(refused)?;
    let records = part.records.iter().map(|(integration, record, own)| Held {
        record: shown::record(record),
        integration,
        is_own: *own,
    });
    let assessments: Vec<Value> = part
        .assessments
        .iter()
        .map(
            |filed| json!({"number": filed.number, "at": filed.at, "assessment": filed.assessment}),
        )
        .collect();
    Reply::ok(Part {
        records: records.collect(),
        assessments,
        more_assessments: part.more_assessments,
        suppressions: part.suppressed.map(
            |suppressed| json!({"objected": suppressed.objected, "erased": suppressed.erased}),
        ),
        source: SOURCE,
        cursor: part.next.as_deref(),
    })
}

/// The source of the stored data (Art. 15 (1) (g)).
const SOURCE: &str = "the tenant's CRM, as copied by the integration of each record; assessments by the tenant's own users";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Part<'a> {
    records: Vec<Held<'a>>,
    assessments: Vec<Value>,
    more_assessments: bool,
    #[serde(rename = "marks")]
    suppressions: Option<Value>,
    source: &'static str,
    cursor: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Held<'a> {
    #[serde(flatten)]
    record: Told<'a>,
    integration: &'a IntegrationId,
    is_own: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Erase {
    person: Person,
    #[serde(default)]
    everything: bool,
    reference: Option<String>,
    cursor: Option<String>,
}

/// `POST /v1/subjects/erasures`.
pub(super) async fn erase(call: &Call<'_>) -> Changed {
    let asked: Erase = call.request.json()?;
    if asked
        .reference
        .as_ref()
        .is_some_and(|text| text.len() > 200)
    {
        return Err(Problem::invalid("at most 200 bytes").with_field("/reference"));
    }
    subject_requests::check(&asked.person).map_err(refused)?;
    let entry = call.note().await?;
    let noted = Objection {
        person: &asked.person,
        at: call.now(),
        by: &call.caller.user,
        reference: asked.reference.as_deref(),
    };
    let (ports, tenant) = (call.ports, &call.caller.tenant);
    let cursor = asked.cursor.as_deref();
    let told = subject_requests::erase(
        &*ports.store,
        &*ports.keys,
        tenant,
        noted,
        asked.everything,
        cursor,
    )
    .await
    .map_err(refused)?;
    let reply = Reply::ok(json!({
        "erased": places(&told.erased),
        "left": places(&told.left),
        "note": not_reached(),
        "pageRetentionDays": call.settings.page_retention_days,
        "cursor": told.next,
    }))?;
    Ok((reply, entry))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lift {
    #[serde(default)]
    person: Person,
    #[serde(default)]
    records: Vec<ErasedRecord>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ErasedRecord {
    integration: IntegrationId,
    object: Object,
    id: RecordId,
}

/// `POST /v1/subjects/erasures/lift`.
pub(super) async fn lift(call: &Call<'_>) -> Changed {
    let asked: Lift = call.request.json()?;
    if asked.records.len() > 100 {
        return Err(Problem::invalid("at most 100").with_field("/records"));
    }
    if asked.person != Person::default() {
        subject_requests::check(&asked.person).map_err(refused)?;
    }
    let records: Vec<_> = asked
        .records
        .into_iter()
        .map(|place| (place.integration, place.object, place.id))
        .collect();
    let entry = call.note().await?;
    let (ports, tenant) = (call.ports, &call.caller.tenant);
    let n = subject_requests::lift(
        &*ports.store,
        &*ports.keys,
        tenant,
        &asked.person,
        &records,
        call.now(),
    )
    .await
    .map_err(refused)?;
    Ok((Reply::ok(json!({"lifted": n}))?, entry))
}

fn places(found: &[RecordPlace]) -> Vec<Value> {
    let told = found.iter().map(
        |found| json!({"integration": found.integration, "object": found.object, "id": found.id}),
    );
    told.collect()
}

/// Checks a person's fields. `pointer` is the person's place in the body.
///
/// # Errors
/// Returns 422 with a pointer to the field that is unacceptable.
pub(super) fn known(person: &Person, pointer: &str) -> Result<(), Problem> {
    Ok(person.check().map_err(|fault| fault.within(pointer))?)
}

fn refused(fault: Fault) -> Problem {
    match fault.code() {
        Code::PersonEmailMalformed
        | Code::PersonPhoneMalformed
        | Code::PersonTooLong
        | Code::PersonUnidentified => fault.within("/person").into(),
        _ => shown::refused(fault, |problem| problem.with_field("/cursor")),
    }
}
