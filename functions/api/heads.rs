//! The heads of the tenant's legal register: verified, signed and given out.

use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{
    admission::Admission,
    legal::{
        ChainHash, Verified,
        heads::{self, Kept, Statement},
    },
    ports::Signed,
};
use serde_json::{Value, json};

use super::{Call, Reply, http::Answered, removal};
use crate::problem::Problem;

/// `GET /v1/register-heads`.
pub(super) async fn show(call: &Call<'_>) -> Answered {
    let kept = Kept {
        assessments: head(call, "assessments")?,
        changes: head(call, "changes")?,
    };
    let (ports, id) = (call.ports, (call.world.holder)());
    let admission = Admission {
        tenant: &call.caller.tenant,
        allowance: &call.settings.allowance,
        now: call.now(),
    };
    let found = heads::heads(&*ports.store, &*ports.keys, &admission, &id, kept).await?;
    let mut suppressions = chain(&found.suppressions.chain);
    suppressions["missing"] = found.suppressions.missing.into();
    suppressions["unknown"] = found.suppressions.unknown.into();
    Reply::ok(json!({
        "assessments": chain(&found.assessments),
        "changes": suppressions,
        "statement": found.statement.as_ref().map(stated),
    }))
}

/// `GET /v1/heads-key`.
pub(super) async fn key(call: &Call<'_>) -> Answered {
    Reply::ok(removal::public_key(call, Signed::Heads).await?)
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
