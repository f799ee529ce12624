//! The heads of a tenant's two chains, signed: who keeps them can tell later whether anything was taken out.

use jiff::Timestamp;
use serde_json::json;

use super::{Register, suppressions};
use crate::{
    admission::Admission,
    allowance::Limit,
    fault::Outcome,
    grounds::{
        chain::{ChainHash, Verified},
        changes::Replayed,
    },
    ports::{Allowances, Keys, Legal, Signed},
    removal::canonical,
    tenant::TenantId,
};

/// The version of the document's form. It changes whenever the meaning of a member changes.
pub const FORMAT: u32 = 1;

/// Heads that the caller kept: number and hash of an entry of each chain.
#[derive(Clone, Copy, Debug, Default)]
pub struct Kept {
    /// Of the assessments.
    pub assessments: Option<(u64, ChainHash)>,
    /// Of the changes of suppressions.
    pub changes: Option<(u64, ChainHash)>,
}

/// Both chains, and the signed statement about them.
#[derive(Clone, Debug)]
pub struct Heads {
    /// The chain of assessments.
    pub assessments: Verified,
    /// The chain of changes of suppressions, and how it agrees with those in force.
    pub suppressions: Replayed,
    /// The statement. `None` if a chain is broken or no longer has what the caller kept, or if a suppression is missing: nothing is signed
    /// that is not whole.
    pub statement: Option<Statement>,
}

/// A signed statement of both heads. The signature covers the document's bytes: ECDSA on P-256 with SHA-256, as DER.
#[derive(Clone, Debug)]
pub struct Statement {
    /// The document: [canonical] JSON.
    pub document: String,
    /// The signature.
    pub signature: Vec<u8>,
    /// The id of the key that signed it in KMS.
    pub key_id: String,
}

/// Checks both chains, and signs their heads. The request `id` counts in the tenant's allowance, since each costs a signature of KMS.
///
/// # Errors
/// Permanent: `allowance.used_up`. Otherwise the fault of the store or the keys.
pub async fn heads(
    legal: &(impl Allowances + Legal + ?Sized),
    keys: &dyn Keys,
    admission: &Admission<'_>,
    id: &str,
    kept: Kept,
) -> Outcome<Heads> {
    let (tenant, now) = (admission.tenant, admission.now);
    admission.spend(legal, Limit::HeadsPerHour, 1, id).await?;
    let register = Register::open(legal, keys, tenant).await?;
    let assessments = register.verify(kept.assessments).await?;
    let suppressions = suppressions::verify(legal, tenant, kept.changes).await?;
    let chains = [&assessments, &suppressions.chain];
    let is_whole = suppressions.missing == 0
        && chains
            .iter()
            .all(|chain| chain.broken.is_none() && chain.kept != Some(false));
    let statement = match is_whole {
        true => Some(signed(keys, tenant, &assessments, &suppressions.chain, now).await?),
        false => None,
    };
    Ok(Heads {
        assessments,
        suppressions,
        statement,
    })
}

async fn signed(
    keys: &dyn Keys,
    tenant: &TenantId,
    assessments: &Verified,
    changes: &Verified,
    now: Timestamp,
) -> Outcome<Statement> {
    let key_id = keys.public_key(Signed::Heads).await?.id;
    let head = |chain: &Verified| json!({"number": chain.entries, "hash": chain.head.to_string()});
    let document = canonical::write(&json!({
        "register_heads": FORMAT,
        "tenant": tenant,
        "at": now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "assessments": head(assessments),
        "changes": head(changes),
        "key": key_id,
    }))?;
    Ok(Statement {
        signature: keys.sign(Signed::Heads, document.as_bytes()).await?,
        document,
        key_id,
    })
}
