//! Suppressions: objections (Art. 21) and erasures (Art. 17). Only keyed hashes of a person's identifiers are stored. They reveal
//! nothing, and recognise the person in every later copy.

mod change;
mod standing;
mod verify;

use std::collections::HashMap;

use jiff::Timestamp;

pub use self::{
    change::{add, lift, lift_records, suppress_records},
    standing::Suppressions,
    verify::verify,
};
use crate::{
    fault::Outcome,
    person::Person,
    ports::{Legal, Suppressed},
    record::{Object, RecordId},
    seal::{HashKind, KeyedHash, TenantKeys},
    tenant::{IntegrationId, TenantId},
};

/// An objection or an erasure to store.
#[derive(Clone, Copy)]
pub struct Objection<'a> {
    /// The person. Only keyed hashes of the person are stored.
    pub person: &'a Person,
    /// The time.
    pub at: Timestamp,
    /// The user who enters it: the token's subject.
    pub by: &'a str,
    /// The tenant's own reference to the matter, without personal data.
    pub reference: Option<&'a str>,
}

/// Returns the suppressions in force for each of these people, in the order given. One request covers about thirty people. A tenant
/// without keys never suppressed anybody.
///
/// # Errors
/// The fault of the store.
pub async fn check(
    legal: &(impl Legal + ?Sized),
    keys: Option<&TenantKeys>,
    tenant: &TenantId,
    people: &[Person],
) -> Outcome<Vec<Suppressed>> {
    let Some(keys) = keys else {
        return Ok(vec![Suppressed::default(); people.len()]);
    };
    let hashes: Vec<Vec<KeyedHash>> = people
        .iter()
        .map(|person| person.sought(keys, HashKind::Objection))
        .collect();
    let mut asked: Vec<KeyedHash> = hashes.iter().flatten().copied().collect();
    asked.sort_unstable();
    asked.dedup();
    let suppressed = legal.suppressed(tenant, &asked).await?;
    let by_hash: HashMap<KeyedHash, Suppressed> = asked.into_iter().zip(suppressed).collect();
    Ok(hashes.iter().map(|of| any(of, &by_hash)).collect())
}

/// Returns the hash of a record itself. A record that names nobody cannot be recognised by a person's identifiers.
fn of_record(
    keys: &TenantKeys,
    integration: &IntegrationId,
    object: Object,
    id: &RecordId,
) -> KeyedHash {
    let text = format!("record:{integration}/{object}/{id}");
    keys.index.hash(HashKind::Objection, &text)
}

fn any(hashes: &[KeyedHash], by_hash: &HashMap<KeyedHash, Suppressed>) -> Suppressed {
    hashes
        .iter()
        .filter_map(|hash| by_hash.get(hash))
        .copied()
        .fold(Suppressed::default(), Suppressed::or)
}
