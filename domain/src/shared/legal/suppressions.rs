//! Suppressions: objections (Art. 21) and erasures (Art. 17). Only keyed hashes of a person's identifiers are stored. They reveal
//! nothing, and recognise the person in every later copy.

use std::{collections::HashMap, sync::Arc};

use futures::future::try_join;
use jiff::Timestamp;
use serde::Serialize;

use crate::{
    fault::{Code, Fault, Outcome},
    person::Person,
    ports::{Keys, Legal, StoredSuppression, Suppressed, SuppressionKind, tenant_keys::lost},
    record::{Object, RecordId},
    seal::{HashKind, KeyedHash, Place, Room, Sealer, TenantKeys},
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

/// All suppressions of a tenant, for a page or a slice that has many more records than there are suppressions.
#[derive(Clone, Default)]
pub struct Suppressions {
    keys: Option<Arc<TenantKeys>>,
    edition: u64,
    standing: Arc<HashMap<KeyedHash, Suppressed>>,
}

impl Suppressions {
    /// Reads all suppressions in force.
    ///
    /// # Errors
    /// The fault of the store or the keys.
    pub async fn load(
        legal: &(impl Legal + ?Sized),
        keys: &(impl Keys + ?Sized),
        tenant: &TenantId,
    ) -> Outcome<Self> {
        let edition = legal.suppressions_edition(tenant).await?;
        Self::at(legal, keys, tenant, edition).await
    }

    /// Reads the suppressions that were in force at `edition` or later. Sends no request for a tenant that never suppressed
    /// anybody.
    ///
    /// # Errors
    /// The fault of the store or the keys.
    pub async fn at(
        legal: &(impl Legal + ?Sized),
        keys: &(impl Keys + ?Sized),
        tenant: &TenantId,
        edition: u64,
    ) -> Outcome<Self> {
        if edition == 0 {
            return Ok(Self::default());
        }
        let (keys, standing) = try_join(
            keys.tenant_if_made(tenant),
            legal.all_suppressed(tenant, edition),
        )
        .await?;
        // Without keys the suppressions could not be checked, and nobody would be hidden.
        let keys = keys.ok_or_else(|| lost("there are suppressions, and no keys"))?;
        Ok(Self {
            keys: Some(keys),
            edition,
            standing,
        })
    }

    /// Returns the edition at which they were read.
    pub fn edition(&self) -> u64 {
        self.edition
    }

    /// Returns whether nobody is suppressed. Then callers need not extract people from records.
    pub fn is_empty(&self) -> bool {
        self.standing.is_empty()
    }

    /// Returns a text that differs for different sets of erasures. Objections are not part of it, because they remove nothing from
    /// the copy.
    pub fn fingerprint(&self) -> String {
        let erased = self
            .standing
            .iter()
            .filter(|(_, suppressed)| suppressed.erased);
        let mut all: Vec<String> = erased.map(|(hash, _)| hash.to_string()).collect();
        all.sort_unstable();
        match &self.keys {
            Some(keys) if !all.is_empty() => keys
                .index
                .hash(HashKind::Objection, &all.join(","))
                .to_string(),
            _ => String::new(),
        }
    }

    /// Returns the suppressions in force for a record itself.
    pub fn of_record(
        &self,
        integration: &IntegrationId,
        object: Object,
        id: &RecordId,
    ) -> Suppressed {
        match &self.keys {
            Some(keys) if !self.is_empty() => {
                let hash = of_record(keys, integration, object, id);
                self.standing.get(&hash).copied().unwrap_or_default()
            }
            _ => Suppressed::default(),
        }
    }

    /// Returns whether somebody of this name is suppressed, at any company.
    pub fn have_namesake(&self, person: &Person) -> bool {
        let Some(keys) = self.keys.as_ref().filter(|_| !self.is_empty()) else {
            return false;
        };
        let hash = person.namesakes(keys);
        hash.is_some_and(|hash| self.standing.contains_key(&hash))
    }

    /// Returns the suppressions in force for a person.
    pub fn of(&self, person: &Person) -> Suppressed {
        match &self.keys {
            Some(keys) if !self.is_empty() => {
                any(&person.sought(keys, HashKind::Objection), &self.standing)
            }
            _ => Suppressed::default(),
        }
    }
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

fn any(hashes: &[KeyedHash], by_hash: &HashMap<KeyedHash, Suppressed>) -> Suppressed {
    hashes
        .iter()
        .filter_map(|hash| by_hash.get(hash))
        .copied()
        .fold(Suppressed::default(), Suppressed::or)
}

fn room_key(kind: SuppressionKind) -> &'static str {
    match kind {
        SuppressionKind::Objection => "OBJECTION",
        SuppressionKind::Erasure => "ERASED",
    }
}
