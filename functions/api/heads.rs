//! The heads of the tenant's legal register: verified, signed and given out.

use base64::{Engine, engine::general_purpose::STANDARD};
use domain::legal::{
    ChainHash, Verified,
    heads::{self, Kept, Statement},
};
use serde_json::{Value, json};

use super::{Call, Reply, http::Answered};
use crate::problem::Problem;

/// `GET /v1/register-heads`.
pub(super) async fn show(call: &Call<'_>) -> Answered {
    let kept = Kept {
        assessments: head(call, "assessments")?,
        changes: head(call, "changes")?,
    };
    let (ports, tenant) = (call.ports, &call.caller.tenant);
    let found = heads::heads(&*ports.store, &*ports.keys, tenant, kept, call.now()).await?;
    let mut suppressions = chain(&found.suppressions.chain);
    suppressions["missing"] = found.suppressions.missing.into();
    suppressions["unknown"] = found.suppressions.unknown.into();
    Reply::ok(json!({
        "assessments": chain(&found.assessments),
        "changes": suppressions,
        "statement": found.statement.as_ref().map(stated),
    }))
}

/// Reads a head that the caller kept: `NUMBER.HASH`.
fn head(call: &Call<'_>, name: &'static str) -> Result<Option<(u64, ChainHash)>, Problem> {
    call.query.parsed(
        name,
        "a number, a point and 64 hexadecimal digits",
        |text| {
            let (number, hash) = text.split_once('.')?;
            Some((number.parse().ok()?, ChainHash::parse(hash)?))
        },
    )
}

fn chain(chain: &Verified) -> Value {
    let broken = chain.broken.as_ref();
    json!({
        "entries": chain.entries,
        "head": chain.head.to_string(),
        "broken": broken.map(|(number, why)| json!({"number": number, "why": why})),
        "kept": chain.kept,
    })
}

/// Returns the statement. Its document is a text, because the signature is over these bytes.
fn stated(statement: &Statement) -> Value {
    json!({
        "document": statement.document,
        "signature": STANDARD.encode(&statement.signature),
        "keyId": statement.key_id,
    })
}
