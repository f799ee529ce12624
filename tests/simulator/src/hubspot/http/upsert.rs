//! `batch/upsert`, by a property with unique values or by a contact's e-mail address.

use serde_json::{Value, json};

use super::batch::{One, results};
use super::call::{Answer, Call};
use super::inputs::{inputs, one_input, text, trace, traces};
use super::write::writer;
use crate::hubspot::encode::Selection;
use crate::hubspot::error::Refusal;
use crate::hubspot::kind::Kind;
use crate::hubspot::state::{State, lock};

pub(super) fn answer(state: &State, call: &Call, kind: Kind) -> Result<Answer, Refusal> {
    *lock(&state.sent) = call.body.clone();
    let body = call.object()?;
    let inputs = inputs(&body)?;
    let traced = traces(inputs);
    let mut portal = state.portal();
    let mut done: Vec<One> = Vec::new();
    let mut errors = Vec::new();
    let mut names = Vec::new();
    for input in inputs {
        let value = text(&input["id"]);
        let key = input["idProperty"].as_str();
        let outcome = (|| {
            let mut given = one_input(input)?.clone();
            names.extend(given.keys().cloned());
            let there = portal
                .find(kind, &value, key)?
                .filter(|id| portal.live(kind, *id).is_some());
            match (there, key) {
                (Some(id), _) => Ok((portal.update(kind, id, &given, writer(call))?, false)),
                (None, Some(key)) => {
                    given.insert(key.to_owned(), Value::from(value.clone()));
                    Ok((portal.create(kind, &given, &[], writer(call))?, true))
                }
                (None, None) => Err(Refusal::not_found()),
            }
        })();
        match outcome {
            Ok((row, new)) => {
                let mut more = trace(input);
                more.push(("new", new.to_string().into_bytes()));
                done.push((row, more));
            }
            Err(refusal) if traced => {
                let context = json!({ "objectWriteTraceId": [input["objectWriteTraceId"]] });
                errors.push(refusal.in_batch(&context));
            }
            Err(refusal) => return Err(refusal),
        }
    }
    let names = names.iter().map(String::as_str);
    let selection = Selection::of(&portal.table(kind).schema, names, true);
    Ok(results(&portal, kind, 200, done, &selection, &errors))
}
