//! The end of a tenant, asked for and watched by the operator. The function remove carries it out, with rights that api has not.

use aws_lambda_events::http::header::LOCATION;
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{
    end_tenant,
    fault::{Code, Fault},
    integration::Status,
    offboarding::{Offboarding, TenantReceipt},
    ports::Signed,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Call, Noted, Reply,
    http::{Answered, Changed},
    removal,
};
use crate::problem::Problem;

/// The tenant once more, since there is no way back.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Confirmed {
    confirm: String,
}

/// `POST /operator/tenants/{tenant}/offboarding`. Repeated, it orders what may have been lost.
pub(super) async fn end(call: &Call<'_>) -> Changed {
    let (store, tenant) = (&*call.ports.store, &call.caller.tenant);
    let Confirmed { confirm } = call.request.json()?;
    if confirm != tenant.as_str() {
        return Err(Fault::of(Code::TenantNotConfirmed).into());
    }
    let noted = match store.offboarding(tenant).await? {
        // The state names who asked first, and stays. An entry would be a row of a tenant that has ended.
        Some(state) => Noted::elsewhere(state.asked),
        None if end_tenant::is_known(store, tenant).await? => call.note().await?,
        None => return Err(Fault::of(Code::TenantUnknown).into()),
    };
    let (state, orders) = end_tenant::begin(store, tenant, noted.asked.clone()).await?;
    call.send(orders).await?;
    let place = format!("/operator/tenants/{tenant}/offboarding");
    let reply = Reply::of(202, shown(call, &state).await?)?.with_header(LOCATION, &place)?;
    Ok((reply, noted))
}

/// `GET /operator/tenants/{tenant}/offboarding`.
pub(super) async fn show(call: &Call<'_>) -> Answered {
    let state = call.ports.store.offboarding(&call.caller.tenant).await?;
    Reply::ok(shown(call, &state.ok_or_else(Problem::not_found)?).await?)
}

async fn shown(call: &Call<'_>, state: &Offboarding) -> Result<Value, Problem> {
    let tenant = &call.caller.tenant;
    let receipt = match &state.receipt {
        Some(receipt) => Some(served(
            receipt,
            removal::public_key(call, Signed::Receipt).await?,
        )),
        None => None,
    };
    let (mut removing, mut after) = (Vec::new(), None);
    loop {
        let (found, next) = call
            .ports
            .store
            .integrations(tenant, after.as_ref())
            .await?;
        let left = found
            .into_iter()
            .filter(|one| one.status != Status::Removed);
        removing.extend(left.map(|one| one.scope.integration));
        after = next;
        if after.is_none() {
            break;
        }
    }
    Ok(json!({
        "tenant": tenant,
        "askedBy": state.asked.by,
        "askedAt": state.asked.at,
        "removing": removing,
        "receipt": receipt,
    }))
}

/// Returns the receipt, with the key that verifies it. Its document is a text, because the signature is over these bytes.
fn served(receipt: &TenantReceipt, key: Value) -> Value {
    json!({
        "document": receipt.document,
        "signature": STANDARD.encode(&receipt.signature),
        "keyId": receipt.key_id,
        "publicKey": key,
    })
}
