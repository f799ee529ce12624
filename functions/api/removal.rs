//! Removals: requested, watched, and proven by receipts.

use std::collections::BTreeMap;

use aws_lambda_events::http::header::LOCATION;
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{
    fault::{Code, Fault},
    integration::Integration,
    ports::Signed,
    removal::{Removal, SignedReceipt, Stage, What},
    remove_integration::{self, Begun},
    tenant::Scope,
};
use serde::Serialize;
use serde_json::{Value, json, value::RawValue};

use super::{
    Call, Reply,
    http::{Answered, Changed},
    pages,
};
use crate::problem::Problem;

/// `DELETE /v1/integrations/{integration}`.
pub(super) async fn begin(call: &Call<'_>) -> Changed {
    let which = call.request.which(&call.caller.tenant)?;
    let noted = call.note().await?;
    let store = &*call.ports.store;
    let scope = match remove_integration::begin(store, &which, &noted.asked).await? {
        Begun::Removing { scope, orders } => {
            // If the order is lost, the hourly rule finds the removal. It has begun in any case.
            call.try_send(orders).await;
            scope
        }
        Begun::Removed(scope) => scope,
        Begun::Unknown => return Err(Fault::of(Code::IntegrationUnknown).into()),
    };
    let place = format!("/v1/integrations/{}/removal", scope.integration);
    let reply = Reply::of(202, shown(call, &scope).await?)?.with_header(LOCATION, &place)?;
    Ok((reply, noted))
}

/// `GET /v1/integrations/{integration}/removal`.
pub(super) async fn show(call: &Call<'_>) -> Answered {
    let scope = present(call).await?;
    Reply::ok(shown(call, &scope).await?)
}

/// `GET /v1/integrations/{integration}/receipt`.
pub(super) async fn receipt(call: &Call<'_>) -> Answered {
    let scope = present(call).await?;
    let receipt = call.ports.store.receipt(&scope).await?;
    Reply::ok(served(&receipt.ok_or_else(Problem::not_found)?))
}

/// `GET /v1/receipts`: all receipts of the tenant, earlier generations included.
pub(super) async fn receipts(call: &Call<'_>) -> Answered {
    let after = call
        .query
        .parsed("cursor", "a cursor of an earlier answer", |cursor| {
            cursor.parse::<u64>().ok()
        })?;
    let mut receipts = call.ports.store.receipts(&call.caller.tenant).await?;
    receipts.retain(|receipt| after.is_none_or(|after| receipt.number > after));
    let told = pages::page(&receipts, served)?;
    let next = pages::cursor(&receipts, told.len(), |receipt| receipt.number.to_string());
    Reply::ok(Receipts {
        receipts: told,
        cursor: next,
    })
}

#[derive(Serialize)]
struct Receipts {
    receipts: Vec<Box<RawValue>>,
    cursor: Option<String>,
}

/// `GET /v1/receipt-key`.
pub(super) async fn key(call: &Call<'_>) -> Answered {
    Reply::ok(public_key(call, Signed::Receipt).await?)
}

/// Returns the key that verifies what was signed.
pub(super) async fn public_key(call: &Call<'_>, what: Signed) -> Result<Value, Problem> {
    let key = call.ports.keys.public_key(what).await?;
    Ok(json!({"keyId": key.id, "algorithm": "ECDSA_SHA_256", "curve": "P-256", "pem": key.pem}))
}

/// Returns the scope of the integration's present generation.
async fn present(call: &Call<'_>) -> Result<Scope, Problem> {
    let which = call.request.which(&call.caller.tenant)?;
    let found = call.ports.store.integration(&which).await?;
    Ok(Integration::known(found)?.scope)
}

async fn shown(call: &Call<'_>, scope: &Scope) -> Result<Value, Problem> {
    let removal = call.ports.store.removal(scope).await?;
    let removal = removal.ok_or_else(Problem::not_found)?;
    let estimated = removal.estimated_end(
        call.now(),
        call.settings.deletes_per_second,
        call.settings.settle,
    );
    let receipt = (removal.stage == Stage::Done)
        .then(|| format!("/v1/integrations/{}/receipt", scope.integration));
    Ok(json!({
        "integration": scope.integration,
        "generation": scope.generation,
        "askedBy": removal.asked.by,
        "askedAt": removal.asked.at,
        "stage": removal.stage,
        "expectedRecords": removal.expected,
        "deleted": deleted(&removal),
        "revocation": {
            "confirmed": removal.revocation.confirmed,
            "code": removal.revocation.code.as_deref().map(Code::public_of),
        },
        "keysDestroyedAt": removal.keys_destroyed,
        "estimatedEnd": estimated,
        "receipt": receipt,
    }))
}

/// Returns the number of deleted items by kind, without the kinds of which there were none.
fn deleted(removal: &Removal) -> BTreeMap<&'static str, u64> {
    What::ALL
        .into_iter()
        .map(|what| (what.name(), removal.n_deleted(what)))
        .filter(|(_, n)| *n > 0)
        .collect()
}

/// Returns a receipt. Its document is a text, because the signature is over these bytes.
fn served(receipt: &SignedReceipt) -> Value {
    json!({
        "integration": receipt.scope.integration,
        "generation": receipt.scope.generation,
        "number": receipt.number,
        "document": receipt.document,
        "sha256": receipt.head().hash,
        "signature": STANDARD.encode(&receipt.signature),
        "keyId": receipt.key_id,
    })
}
