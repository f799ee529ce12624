//! Records, relations and freshness, as the frontend sees them.

use domain::{
    fault::Outcome,
    matching::Evidence,
    show::{Freshness, Shown, ShownRelation},
};
use serde_json::{Value, json};

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

/// A record.
///
/// # Errors
/// Fields that are no JSON: a bug.
pub(super) fn record(record: &Shown) -> Result<Value, Problem> {
    let (about, standing) = (&record.about, &record.standing);
    let fields: Value =
        serde_json::from_str(record.fields.get()).map_err(|_| Problem::internal())?;
    let relations: Vec<Value> = record.relations.iter().map(relation).collect();
    Ok(json!({
        "object": record.object,
        "id": record.id,
        "modified": record.modified,
        "copied": record.copied,
        "confirmed": record.confirmed,
        "label": standing.label,
        "owner": standing.owner,
        "stage": standing.stage,
        "open": standing.open,
        "amount": standing.amount,
        "currency": standing.currency,
        "due": standing.due,
        "lastActivity": standing.activity,
        "parent": about.parent,
        "company": about.company,
        "website": about.website,
        "email": about.email,
        "phone": about.phone,
        "relations": relations,
        "fields": fields,
    }))
}

/// Records.
///
/// # Errors
/// As [`record`].
pub(super) fn records(records: &[Shown]) -> Result<Vec<Value>, Problem> {
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

/// Why the rule came to a relation.
pub(super) fn evidence(evidence: &[Evidence]) -> Value {
    let told = evidence
        .iter()
        .map(|one| json!({"field": one.field, "agreement": one.agreement, "weight": one.weight}));
    Value::Array(told.collect())
}

/// What a path names that cannot be: there is nothing under it.
pub(super) fn named<T>(parsed: Outcome<T>) -> Result<T, Problem> {
    parsed.map_err(|_| Problem::not_found())
}
