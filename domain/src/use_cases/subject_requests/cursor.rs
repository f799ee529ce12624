//! The cursor of a search for a person, as a caller holds it. It is sealed, and opens only for the same person of the same tenant.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use super::walk::Reached;
use crate::{
    fault::{Code, Fault, Outcome},
    legal::Person,
    seal::{HashKind, Place, Room, Sealed, TenantKeys},
    tenant::TenantId,
};

/// Returns the text to which a cursor is bound: the tenant and the person.
fn question(keys: &TenantKeys, person: &Person) -> Outcome<String> {
    let text = serde_json::to_string(person).map_err(|_| Fault::of(Code::SealUnwritable))?;
    Ok(format!(
        "SUBJECT#{}",
        keys.index.hash(HashKind::Person, &text)
    ))
}

/// Seals a position as the cursor of the next part.
pub(super) fn seal(
    keys: &TenantKeys,
    tenant: &TenantId,
    person: &Person,
    reached: &Reached,
) -> Outcome<String> {
    let question = question(keys, person)?;
    let place = Place::of_tenant(tenant, Room::ApiCursor, &question);
    let text = serde_json::to_vec(reached).map_err(|_| Fault::of(Code::SealUnwritable))?;
    let sealed = keys.sealing.seal(&place, &text)?;
    Ok(URL_SAFE_NO_PAD.encode(sealed.as_bytes()))
}

/// Opens the cursor of the previous part. Without one, the search begins.
///
/// # Errors
/// Permanent if the cursor belongs to another person.
pub(super) fn open(
    keys: Option<&TenantKeys>,
    tenant: &TenantId,
    person: &Person,
    after: Option<&str>,
) -> Outcome<Reached> {
    let Some(after) = after else {
        return Ok(Reached::default());
    };
    let refused = || Fault::of(Code::CursorRefused).with_detail("begin again");
    let keys = keys.ok_or_else(refused)?;
    let question = question(keys, person)?;
    let place = Place::of_tenant(tenant, Room::ApiCursor, &question);
    let bytes = URL_SAFE_NO_PAD.decode(after).map_err(|_| refused())?;
    let text = keys.sealing.open(&place, &Sealed::from_stored(bytes));
    let text = text.map_err(|_| refused())?;
    serde_json::from_slice(&text).map_err(|_| refused())
}
