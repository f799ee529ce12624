//! Objections (Art. 21): recorded, withdrawn, checked. They belong to the tenant and outlive every integration.

use domain::{
    legal::{Objection, Person, suppressions},
    ports::SuppressionKind,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Call, Reply,
    http::{Answered, Changed},
    subjects::known,
};
use crate::problem::Problem;

/// The most people in one check.
const MOST: usize = 100;
/// The longest reference, in bytes.
const LONGEST: usize = 200;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Noted {
    person: Person,
    #[serde(default)]
    reference: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct One {
    person: Person,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Many {
    people: Vec<Person>,
}

/// `POST /v1/objections`.
pub(super) async fn record(call: &Call<'_>) -> Changed {
    let Noted { person, reference } = call.request.json()?;
    known(&person, "/person")?;
    if reference.as_ref().is_some_and(|text| text.len() > LONGEST) {
        return Err(Problem::invalid(format!("at most {LONGEST} bytes")).with_field("/reference"));
    }
    let entry = call.note().await?;
    let (ports, tenant) = (call.ports, &call.caller.tenant);
    let keys = ports.keys.tenant(tenant).await?;
    let noted = Objection {
        person: &person,
        at: call.now(),
        by: &call.caller.user,
        reference: reference.as_deref(),
    };
    suppressions::add(
        &*ports.store,
        &keys,
        tenant,
        SuppressionKind::Objection,
        noted,
    )
    .await?;
    Ok((Reply::of(201, json!({ "recorded": call.now() }))?, entry))
}

/// `POST /v1/objections/withdrawal`.
pub(super) async fn withdraw(call: &Call<'_>) -> Changed {
    let One { person } = call.request.json()?;
    known(&person, "/person")?;
    let entry = call.note().await?;
    let (ports, tenant) = (call.ports, &call.caller.tenant);
    let keys = ports.keys.tenant_if_made(tenant).await?;
    let kind = SuppressionKind::Objection;
    let lifted = suppressions::lift(
        &*ports.store,
        keys.as_deref(),
        tenant,
        kind,
        &person,
        call.now(),
    )
    .await?;
    Ok((Reply::ok(json!({ "withdrawn": lifted }))?, entry))
}

/// `POST /v1/objections/check`.
pub(super) async fn check(call: &Call<'_>) -> Answered {
    let Many { people } = call.request.json()?;
    if people.is_empty() || people.len() > MOST {
        return Err(Problem::invalid(format!("1 to {MOST} people")).with_field("/people"));
    }
    for (at, person) in people.iter().enumerate() {
        known(person, &format!("/people/{at}"))?;
    }
    let (ports, tenant) = (call.ports, &call.caller.tenant);
    let keys = ports.keys.tenant_if_made(tenant).await?;
    let suppressed = suppressions::check(&*ports.store, keys.as_deref(), tenant, &people).await?;
    let suppressed: Vec<Value> = suppressed
        .iter()
        .map(|one| json!({"objected": one.objected, "erased": one.erased}))
        .collect();
    Reply::ok(json!({ "people": suppressed }))
}
