//! Suppresses people and records, and lifts that.

use jiff::Timestamp;
use serde::Serialize;

use super::{Objection, of_record};
use crate::{
    fault::{Code, Fault, Outcome},
    person::Person,
    ports::{Legal, StoredSuppression, SuppressionKind},
    record::{Object, RecordId},
    seal::{HashKind, KeyedHash, Place, Room, Sealer, TenantKeys},
    tenant::{IntegrationId, TenantId},
};

#[derive(Serialize)]
struct Note<'a> {
    at: Timestamp,
    by: &'a str,
    reference: Option<&'a str>,
}

/// Suppresses a person by every given identifier. Any one of them is enough to recognise the person later.
///
/// # Errors
/// Permanent if nothing identifies the person. Otherwise the fault of the store.
pub async fn add(
    legal: &(impl Legal + ?Sized),
    keys: &TenantKeys,
    tenant: &TenantId,
    kind: SuppressionKind,
    noted: Objection<'_>,
) -> Outcome<()> {
    noted.person.check()?;
    let mut people = noted.person.hashes(keys, HashKind::Objection);
    if noted.person.company.is_some() {
        // This hash is never lifted, because it may also stand for another person of the same name. By itself it suppresses nobody.
        people.extend(noted.person.namesakes(keys));
    }
    let suppressions = sealed_suppressions(keys, tenant, kind, people, &noted)?;
    legal.suppress(tenant, kind, &suppressions).await
}

fn sealed_suppressions(
    keys: &TenantKeys,
    tenant: &TenantId,
    kind: SuppressionKind,
    people: Vec<KeyedHash>,
    noted: &Objection<'_>,
) -> Outcome<Vec<StoredSuppression>> {
    let note = Note {
        at: noted.at,
        by: noted.by,
        reference: noted.reference,
    };
    let text = serde_json::to_vec(&note).map_err(|_| Fault::of(Code::ObjectionUnwritable))?;
    let mut sealer = Sealer::new(&keys.sealing, 1)?;
    let mut suppressions = Vec::with_capacity(people.len());
    for person in people {
        let key = format!("{}#{person}", room_key(kind));
        let place = Place::of_tenant(tenant, Room::LegalObjection, &key);
        let sealed = sealer.seal(&place, &text)?;
        suppressions.push(StoredSuppression {
            person,
            at: noted.at,
            sealed,
        });
    }
    Ok(suppressions)
}

/// Lifts a person's suppressions by every given identifier. Returns how many were in force. A tenant without keys never suppressed
/// anybody.
///
/// # Errors
/// As for [`add`].
pub async fn lift(
    legal: &(impl Legal + ?Sized),
    keys: Option<&TenantKeys>,
    tenant: &TenantId,
    kind: SuppressionKind,
    person: &Person,
    at: Timestamp,
) -> Outcome<u64> {
    person.check()?;
    let Some(keys) = keys else {
        return Ok(0);
    };
    let hashes = person.sought(keys, HashKind::Objection);
    legal.lift(tenant, kind, &hashes, at).await
}

/// Suppresses records themselves, so that they do not come back, whatever they say about their person.
///
/// # Errors
/// The fault of the store.
pub async fn suppress_records(
    legal: &(impl Legal + ?Sized),
    keys: &TenantKeys,
    tenant: &TenantId,
    records: &[(IntegrationId, Object, RecordId)],
    noted: Objection<'_>,
) -> Outcome<()> {
    let hashes = records
        .iter()
        .map(|(integration, object, id)| of_record(keys, integration, *object, id));
    let suppressions = sealed_suppressions(
        keys,
        tenant,
        SuppressionKind::Erasure,
        hashes.collect(),
        &noted,
    )?;
    legal
        .suppress(tenant, SuppressionKind::Erasure, &suppressions)
        .await
}

/// Lifts the suppressions of records. Returns how many were in force.
///
/// # Errors
/// The fault of the store.
pub async fn lift_records(
    legal: &(impl Legal + ?Sized),
    keys: Option<&TenantKeys>,
    tenant: &TenantId,
    records: &[(IntegrationId, Object, RecordId)],
    at: Timestamp,
) -> Outcome<u64> {
    let Some(keys) = keys else {
        return Ok(0);
    };
    let hashes: Vec<KeyedHash> = records
        .iter()
        .map(|(integration, object, id)| of_record(keys, integration, *object, id))
        .collect();
    legal
        .lift(tenant, SuppressionKind::Erasure, &hashes, at)
        .await
}

fn room_key(kind: SuppressionKind) -> &'static str {
    match kind {
        SuppressionKind::Objection => "OBJECTION",
        SuppressionKind::Erasure => "ERASED",
    }
}
