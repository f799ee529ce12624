//! `/crm/owners`. An owner's id differs from the user's id.

use serde_json::{Value, json};

use super::call::{Answer, Call, json as answer_json};
use crate::hubspot::error::Refusal;

const MADE: &str = "2024-01-08T09:00:00.000Z";

/// The owners: id, user id, first and last name.
const OWNERS: [(u64, u64, &str, &str); 2] = [
    (77_001, 1_000_001, "Olga", "Owner"),
    (77_002, 1_000_002, "Otto", "Owner"),
];

pub(super) fn list(call: &Call) -> Result<Answer, Refusal> {
    allowed(call)?;
    let all: Vec<Value> = if call.flag("archived") {
        Vec::new()
    } else {
        OWNERS.iter().map(owner).collect()
    };
    let wanted = |one: &Value| {
        call.param("email")
            .is_none_or(|email| email.is_empty() || one["email"] == email)
    };
    let all: Vec<Value> = all.into_iter().filter(wanted).collect();
    Ok(answer_json(200, &json!({ "results": all })))
}

pub(super) fn get(call: &Call, id: &str) -> Result<Answer, Refusal> {
    allowed(call)?;
    let by_user = call.param("idProperty") == Some("userId");
    OWNERS
        .iter()
        .find(|one| id.parse() == Ok(if by_user { one.1 } else { one.0 }))
        .map(|one| answer_json(200, &owner(one)))
        .ok_or_else(Refusal::not_found)
}

fn owner((id, user, first, last): &(u64, u64, &str, &str)) -> Value {
    json!({
        "id": id.to_string(), "email": format!("{}@example.com", first.to_lowercase()), "type": "PERSON", "firstName": first, "lastName": last,
        "userId": user, "userIdIncludingInactive": user, "createdAt": MADE, "updatedAt": MADE, "archived": false,
    })
}

fn allowed(call: &Call) -> Result<(), Refusal> {
    call.needs_one(&["crm.objects.owners.read".to_owned()])
}
