//! A person's erasure from the copy.
//!
//! The suppressions are written first, then the records are deleted. So a sync that comes in between finds the suppressions.
//! Records written by a slice that began before the suppressions are deleted by the next run.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{cursor, find::check, mention::Mention, walk::walk};
use crate::{
    fault::{Code, Fault, Outcome},
    integration::Which,
    legal::{
        Objection, Person,
        suppressions::{self, lift_records, suppress_records},
    },
    ports::{Integrations, Keys, SuppressionKind, ViewStore},
    record::{Object, RecordId},
    spelling::Spelling,
    tenant::{IntegrationId, TenantId},
    view::View,
};

/// Attempts at a record that a slice is writing.
const TRIES: u32 = 5;

/// A record that concerns a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordPlace {
    /// The integration of the copy.
    pub integration: IntegrationId,
    /// Its object.
    pub object: Object,
    /// Its id.
    pub id: RecordId,
}

/// The result of one part of an erasure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erased {
    /// Records that were deleted from the copy. They do not come back.
    pub erased: Vec<RecordPlace>,
    /// Accounts and opportunities that name the person and were left, because they are about others, too.
    pub left: Vec<RecordPlace>,
    /// The cursor of the next part. `None` after the last part.
    pub next: Option<String>,
}

/// Erases a part of the data held about a person. `after` is the cursor of the previous part. If `everything` is set, accounts and
/// opportunities that only name the person are deleted, too.
///
/// # Errors
/// Permanent if nothing identifies the person, or if the cursor belongs to another person.
pub async fn erase(
    store: &dyn ViewStore,
    keyring: &dyn Keys,
    tenant: &TenantId,
    noted: Objection<'_>,
    everything: bool,
    after: Option<&str>,
) -> Outcome<Erased> {
    let person = noted.person;
    check(person)?;
    let keys = keyring.tenant(tenant).await?;
    let reached = cursor::open(Some(&keys), tenant, person, after)?;
    if after.is_none() && !person.identifiers().is_empty() {
        suppressions::add(store, &keys, tenant, SuppressionKind::Erasure, noted).await?;
    }
    let (steps, next) = walk((store, keyring), tenant, person, reached, None).await?;
    let mut told = Erased {
        erased: Vec::new(),
        left: Vec::new(),
        next: next
            .map(|next| cursor::seal(&keys, tenant, person, &next))
            .transpose()?,
    };
    for (view, found) in steps {
        let integration = view.scope().integration.clone();
        for (record, mention) in found {
            let place = RecordPlace {
                integration: integration.clone(),
                object: record.object,
                id: record.id,
            };
            // A record of another person is deleted if it names this one, because it would be withheld for the address or number
            // alone.
            let is_others =
                mention == Mention::Named && record.object.is_left_if_it_only_names_a_person();
            if is_others && !everything {
                told.left.push(place);
                continue;
            }
            let suppressed = [(integration.clone(), place.object, place.id.clone())];
            suppress_records(store, &keys, tenant, &suppressed, noted).await?;
            take_out(&view, place.object, &place.id).await?;
            if !told.erased.contains(&place) {
                told.erased.push(place);
            }
        }
    }
    Ok(told)
}

async fn take_out(view: &View<'_>, object: Object, id: &RecordId) -> Outcome<()> {
    let wanted = [(object, id.clone())];
    for _ in 0..TRIES {
        let found = view.store.copied(view.scope(), &wanted).await?.pop();
        let Some(copied) = found.flatten() else {
            return Ok(());
        };
        let known = &copied.known;
        if view.store.erase(view.scope(), object, id, known).await? {
            return Ok(());
        }
    }
    Err(Fault::of(Code::RecordChangedMeanwhile))
}

/// Lifts a person's erasure. The next run brings back what the CRM has of the person. `records` are the records that the erasure
/// returned. Returns how many suppressions were in force.
///
/// # Errors
/// Permanent if there is neither an identified person nor a record, or if a value of the person or an id is malformed.
pub async fn lift(
    store: &dyn ViewStore,
    keyring: &dyn Keys,
    tenant: &TenantId,
    person: &Person,
    records: &[(IntegrationId, Object, RecordId)],
    at: Timestamp,
) -> Outcome<u64> {
    if *person != Person::default() {
        check(person)?;
    }
    let keys = keyring.tenant_if_made(tenant).await?;
    let keys = keys.as_deref();
    let records = &spelt(store, tenant, records).await?;
    let mut n = 0;
    if records.is_empty() || !person.identifiers().is_empty() {
        n += suppressions::lift(store, keys, tenant, SuppressionKind::Erasure, person, at).await?;
    }
    if !records.is_empty() {
        n += lift_records(store, keys, tenant, records, at).await?;
    }
    Ok(n)
}

/// Returns the records with their ids in the spelling of their integration's copy. If the integration no longer exists, an id stays
/// as it was given.
async fn spelt(
    store: &dyn Integrations,
    tenant: &TenantId,
    records: &[(IntegrationId, Object, RecordId)],
) -> Outcome<Vec<(IntegrationId, Object, RecordId)>> {
    let mut spellings: BTreeMap<&IntegrationId, Option<Spelling>> = BTreeMap::new();
    let mut all = Vec::with_capacity(records.len());
    for (at, (integration, object, id)) in records.iter().enumerate() {
        let spelling = match spellings.get(integration) {
            Some(known) => *known,
            None => {
                let which = Which {
                    tenant: tenant.clone(),
                    integration: integration.clone(),
                };
                let found = store.integration(&which).await?;
                let spelling = found.map(|found| found.provider.spelling());
                spellings.insert(integration, spelling);
                spelling
            }
        };
        let id = match spelling {
            Some(spelling) => spelling
                .one(id)
                .map_err(|fault| fault.within(&format!("/records/{at}/id")))?,
            None => id.clone(),
        };
        all.push((integration.clone(), *object, id));
    }
    Ok(all)
}
