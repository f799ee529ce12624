//! Records, relations and freshness, as the frontend sees them.

use domain::{
    fault::{Code, Fault, Outcome},
    record::{Object, OptOut, Parent, RecordId},
    show_copy::{Freshness, Shown, ShownRelation},
};
use jiff::Timestamp;
use matching::Evidence;
use serde::Serialize;
use serde_json::{Value, json, value::RawValue};

use crate::problem::Problem;

/// How fresh the copy is.
pub(super) fn freshness(freshness: &Freshness) -> Value {
    let objects = freshness.0.iter().map(|fresh| {
        json!({
            "object": fresh.object,
            "confirmed": fresh.confirmed,
            "records": fresh.records,
        })
    });
    Value::Array(objects.collect())
}

/// Returns the problem of a list that was not shown. `named` names the place where the cursor came from.
pub(super) fn refused(fault: Fault, named: impl FnOnce(Problem) -> Problem) -> Problem {
    let is_cursor = *fault.code() == Code::CursorRefused;
    let problem = Problem::from(fault);
    if is_cursor { named(problem) } else { problem }
}

/// Converts the problem of a value from the path or the query: what the rules call a field is a parameter there.
pub(super) fn as_parameter(mut problem: Problem) -> Problem {
    match problem.field.take() {
        Some(pointer) => problem.with_parameter(pointer.trim_start_matches('/')),
        None => problem,
    }
}

/// A record.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Told<'a> {
    object: Object,
    id: &'a RecordId,
    modified: Timestamp,
    copied: Option<Timestamp>,
    confirmed: Option<Timestamp>,
    label: Option<&'a str>,
    owner: Option<&'a str>,
    stage: Option<&'a str>,
    open: Option<bool>,
    amount: Option<&'a str>,
    currency: Option<&'a str>,
    due: Option<&'a str>,
    last_activity: Option<&'a str>,
    opt_out: &'a [OptOut],
    parent: Option<&'a RecordId>,
    parent_object: Option<Object>,
    company: Option<&'a str>,
    street: Option<&'a str>,
    zip: Option<&'a str>,
    city: Option<&'a str>,
    country: Option<&'a str>,
    website: Option<&'a str>,
    email: Option<&'a str>,
    phone: Option<&'a str>,
    vat_id: Option<&'a str>,
    register: Option<&'a str>,
    lei: Option<&'a str>,
    relations: Vec<Value>,
    /// Whether the CRM deleted the record and a user decided to leave it in the copy.
    deleted_in_crm: bool,
    /// The fields as the copy has them, to the last digit.
    fields: &'a RawValue,
    /// Names of fields for which the answer had no room.
    omitted_fields: &'a [String],
}

/// Returns a record for the frontend.
pub(super) fn record(record: &Shown) -> Told<'_> {
    let (attributes, display) = (&record.attributes, &record.display);
    Told {
        object: record.object,
        id: &record.id,
        modified: record.modified,
        copied: record.copied,
        confirmed: record.confirmed,
        label: display.label.as_deref(),
        owner: display.owner.as_deref(),
        stage: display.stage.as_deref(),
        open: display.open,
        amount: display.amount.as_deref(),
        currency: display.currency.as_deref(),
        due: display.due.as_deref(),
        last_activity: display.activity.as_deref(),
        opt_out: &display.opt_out,
        parent: attributes.parent.as_ref().map(Parent::id),
        parent_object: record.parent_object,
        company: attributes.company.as_deref(),
        street: attributes.street.as_deref(),
        zip: attributes.zip.as_deref(),
        city: attributes.city.as_deref(),
        country: attributes.country.as_deref(),
        website: attributes.website.as_deref(),
        email: attributes.email.as_deref(),
        phone: attributes.phone.as_deref(),
        vat_id: attributes.vat_id.as_deref(),
        register: attributes.register.as_deref(),
        lei: attributes.lei.as_deref(),
        relations: record.relations.iter().map(relation).collect(),
        deleted_in_crm: record.vanished.is_some(),
        fields: &record.fields,
        omitted_fields: &record.omitted,
    }
}

/// Returns records for the frontend.
pub(super) fn records(records: &[Shown]) -> Vec<Told<'_>> {
    records.iter().map(record).collect()
}

fn relation(relation: &ShownRelation) -> Value {
    json!({
        "company": relation.company,
        "status": relation.status,
        "score": relation.score,
        "evidence": evidence(&relation.evidence),
    })
}

/// Returns the evidence for a relation.
pub(super) fn evidence(evidence: &[Evidence]) -> Value {
    let told = evidence
        .iter()
        .map(|one| json!({"field": one.field, "agreement": one.agreement, "weight": one.weight, "words": one.words()}));
    Value::Array(told.collect())
}

/// Returns 404 for a value in the path that cannot be valid, since nothing can exist under it.
pub(super) fn named<T>(parsed: Outcome<T>) -> Result<T, Problem> {
    parsed.map_err(|_| Problem::not_found())
}
