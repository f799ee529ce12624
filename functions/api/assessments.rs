//! The legal register: assessments, their chain, and activity templates. A person is named only in a body, never in a
//! path or a query, since those are logged.

use domain::{
    legal::{
        Assessment, ChainHash, Person, Register, Template,
        register::{Filed, Versioned},
    },
    ports::Store,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json, value::RawValue};

use super::{
    Call, Reply,
    http::{Answered, Changed},
    pages,
    subjects::known,
};
use crate::problem::Problem;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sought {
    person: Person,
    cursor: Option<String>,
}

async fn register<'a>(call: &'a Call<'_>) -> Result<Register<'a, dyn Store>, Problem> {
    let ports = call.ports;
    Ok(Register::open(&*ports.store, &*ports.keys, &call.caller.tenant).await?)
}

/// `POST /v1/assessments`.
pub(super) async fn create(call: &Call<'_>) -> Changed {
    let assessment: Assessment = call.request.json()?;
    assessment.check(call.now())?;
    let noted = call.note().await?;
    let filed = register(call).await?.file(&assessment, call.now()).await?;
    Ok((Reply::of(201, shown(&filed))?, noted.about(filed.number)))
}

/// `GET /v1/assessments/{number}`.
pub(super) async fn show(call: &Call<'_>) -> Answered {
    let number = call.request.param("number");
    let number = number.parse().map_err(|_| Problem::not_found())?;
    let found = register(call).await?.assessment(number).await?;
    Reply::ok(shown(&found.ok_or_else(Problem::not_found)?))
}

/// `POST /v1/assessments/search`.
pub(super) async fn search(call: &Call<'_>) -> Answered {
    let Sought { person, cursor } = call.request.json()?;
    known(&person, "/person")?;
    let after: Option<u64> = cursor
        .map(|cursor| cursor.parse())
        .transpose()
        .map_err(|_| Problem::invalid("a cursor of an earlier answer").with_field("/cursor"))?;
    let found = register(call).await?.assessments_of(&[person]).await?;
    let mut found: Vec<Filed> = found.into_iter().flatten().collect();
    found.sort_unstable_by_key(|filed| filed.number);
    found.retain(|filed| after.is_none_or(|after| filed.number > after));
    let told = pages::page(&found, shown)?;
    let next = pages::cursor(&found, told.len(), |filed| filed.number.to_string());
    Reply::ok(Assessments {
        assessments: told,
        cursor: next,
    })
}

/// `GET /v1/assessment-chain`.
pub(super) async fn verify(call: &Call<'_>) -> Answered {
    let query = &call.query;
    let number = query.parsed("number", "an assessment's number", |text| text.parse().ok())?;
    let hash = query.parsed("hash", "64 hexadecimal digits", ChainHash::parse)?;
    let kept = match (number, hash) {
        (Some(number), Some(hash)) => Some((number, hash)),
        (None, None) => None,
        (number, _) => {
            let missing = if number.is_some() { "hash" } else { "number" };
            let why = "number and hash belong together";
            return Err(Problem::bad_request(why).with_parameter(missing));
        }
    };
    let verified = register(call).await?.verify(kept).await?;
    let broken = verified
        .broken
        .map(|(number, why)| json!({"number": number, "why": why}));
    Reply::ok(json!({
        "entries": verified.entries,
        "head": verified.head.to_string(),
        "broken": broken,
        "kept": verified.kept,
    }))
}

/// `POST /v1/templates`.
pub(super) async fn put_template(call: &Call<'_>) -> Changed {
    let template: Template = call.request.json()?;
    template.check()?;
    let noted = call.note().await?;
    let stored = register(call)
        .await?
        .put_template(&template, call.now())
        .await?;
    Ok((Reply::of(201, versioned(&stored))?, noted))
}

/// `GET /v1/templates`.
pub(super) async fn templates(call: &Call<'_>) -> Answered {
    let after = call
        .query
        .parsed("cursor", "a cursor of an earlier answer", |cursor| {
            let (name, version) = cursor.rsplit_once('.')?;
            Some((name.to_owned(), version.parse::<u32>().ok()?))
        })?;
    let mut templates = register(call).await?.templates().await?;
    let key = |one: &Versioned| (one.template.name.as_str().to_owned(), one.version);
    templates.sort_by_key(key);
    templates.retain(|one| after.as_ref().is_none_or(|after| key(one) > *after));
    let told = pages::page(&templates, versioned)?;
    let next = pages::cursor(&templates, told.len(), |one| {
        let (name, version) = key(one);
        format!("{name}.{version}")
    });
    Reply::ok(Templates {
        templates: told,
        cursor: next,
    })
}

#[derive(Serialize)]
struct Assessments {
    assessments: Vec<Box<RawValue>>,
    cursor: Option<String>,
}

#[derive(Serialize)]
struct Templates {
    templates: Vec<Box<RawValue>>,
    cursor: Option<String>,
}

fn shown(filed: &Filed) -> Value {
    json!({
        "number": filed.number,
        "recorded": filed.at,
        "hash": filed.hash.to_string(),
        "assessment": filed.assessment,
    })
}

fn versioned(versioned: &Versioned) -> Value {
    json!({
        "version": versioned.version,
        "recorded": versioned.at,
        "template": versioned.template,
    })
}
