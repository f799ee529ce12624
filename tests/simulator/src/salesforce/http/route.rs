//! The handlers of the paths under `/services/data/vNN.0`.

use std::sync::Arc;

use axum::http::Method;
use serde_json::{Value, json};

use super::call::{Answer, Call, json};
use super::{composite, deleted, jobs, limits, query, record};
use crate::salesforce::error::Refusal;
use crate::salesforce::state::State;

/// Answers `rest`, the path after the version.
pub(super) fn answer(state: &Arc<State>, call: &Call, rest: &[&str]) -> Result<Answer, Refusal> {
    let (get, post, patch, delete) = (Method::GET, Method::POST, Method::PATCH, Method::DELETE);
    let method = &call.method;
    match rest {
        [] if *method == get => Ok(json(200, &resources(call.version()))),
        ["query"] if *method == get => query::first(state, call, false),
        ["queryAll"] if *method == get => query::first(state, call, true),
        ["query" | "queryAll", locator] if *method == get => query::more(state, call, locator),
        ["limits"] if *method == get => Ok(json(200, &limits::answer(state))),
        ["sobjects"] if *method == get => Ok(json(200, &record::objects(state, call.version()))),
        ["sobjects", object] if *method == get => record::object(state, call, object),
        ["sobjects", object] if *method == post => record::create(state, call, object),
        ["sobjects", object, "describe"] if *method == get => record::describe(state, call, object),
        ["sobjects", object, "deleted"] if *method == get => deleted::deleted(state, call, object),
        ["sobjects", object, "updated"] if *method == get => deleted::updated(state, call, object),
        ["sobjects", object, id] if *method == get => record::get(state, call, object, id),
        ["sobjects", object, id] if *method == patch => record::update(state, call, object, id),
        ["sobjects", object, id] if *method == delete => record::delete(state, object, id),
        ["sobjects", object, field, value] if *method == get => {
            record::get_external(state, call, object, field, value)
        }
        ["sobjects", object, field, value] if *method == patch => {
            record::upsert(state, call, object, field, value)
        }
        ["composite", "sobjects"] if *method == post => composite::create(state, call),
        ["composite", "sobjects"] if *method == patch => composite::update(state, call),
        ["composite", "sobjects"] if *method == delete => composite::delete(state, call),
        ["composite", "sobjects", object, field] if *method == patch => {
            composite::upsert(state, call, object, field)
        }
        ["jobs", "query"] if *method == post => jobs::create(state, call),
        ["jobs", "query"] if *method == get => Ok(jobs::list(state)),
        ["jobs", "query", id] if *method == get => jobs::look(state, call, id),
        ["jobs", "query", id] if *method == patch => jobs::abort(state, call, id),
        ["jobs", "query", id] if *method == delete => jobs::delete(state, id),
        ["jobs", "query", id, "results"] if *method == get => jobs::results(state, call, id),
        []
        | ["query" | "queryAll" | "limits" | "sobjects", ..]
        | ["composite", "sobjects", ..]
        | ["jobs", "query", ..] => {
            let message = format!("HTTP Method '{method}' not allowed. Allowed are others");
            Err(Refusal::new(405, "METHOD_NOT_ALLOWED", message))
        }
        _ => Err(Refusal::not_found()),
    }
}

/// Returns the versions that `/services/data` lists. Any other from 20 to 99 works as well.
pub(super) fn versions() -> Value {
    let seasons = [
        (60, "Spring '24"),
        (61, "Summer '24"),
        (62, "Winter '25"),
        (63, "Spring '25"),
        (64, "Summer '25"),
        (65, "Winter '26"),
        (66, "Spring '26"),
        (67, "Summer '26"),
    ];
    seasons.iter().map(|(n, label)| json!({ "label": label, "url": format!("/services/data/v{n}.0"), "version": format!("{n}.0") })).collect()
}

fn resources(version: &str) -> Value {
    let names = [
        "sobjects",
        "query",
        "queryAll",
        "limits",
        "composite",
        "jobs",
    ];
    names
        .iter()
        .map(|name| {
            (
                (*name).to_owned(),
                json!(format!("/services/data/{version}/{name}")),
            )
        })
        .collect::<serde_json::Map<_, _>>()
        .into()
}
