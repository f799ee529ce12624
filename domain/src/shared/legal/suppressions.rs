//! Suppressions on people: objections (Art. 21) and erasures (Art. 17). What is kept of a person is a keyed hash of each
//! identifier, which says nothing, and finds the person again in every later copy.

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

/// An objection or an erasure, as it is noted.
#[derive(Clone, Copy)]
pub struct Objection<'a> {
    /// Who. Nothing of it is stored but keyed hashes.
    pub person: &'a Person,
    /// When.
    pub at: Timestamp,
    /// The user who notes it: the token's subject.
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

/// Suppresses a person, by every identifier that is given. Any one of them is enough to find the person again.
///
/// # Errors
/// Permanent, when nothing identifies the person; what the ports answer otherwise.
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
        // Never taken back: it may be another's of the same name, and suppresses nobody by itself.
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

/// Takes a person's suppressions back, by every identifier that is given; answers how many stood. Without keys nobody was ever
/// suppressed.
///
/// # Errors
/// As [`add`].
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

/// which suppressions stand for each of these people, in the order given: one request for some thirty of them. Without keys nobody
/// was ever suppressed.
///
/// # Errors
/// What the port answers.
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

/// all suppressions of a tenant, for a page or a slice whose records are many more than the suppressions.
#[derive(Clone, Default)]
pub struct Suppressions {
    keys: Option<Arc<TenantKeys>>,
    edition: u64,
    standing: Arc<HashMap<KeyedHash, Suppressed>>,
}

impl Suppressions {
    /// Reads all suppressions that stand.
    ///
    /// # Errors
    /// What the ports answer.
    pub async fn load(
        legal: &(impl Legal + ?Sized),
        keys: &(impl Keys + ?Sized),
        tenant: &TenantId,
    ) -> Outcome<Self> {
        let edition = legal.suppressions_edition(tenant).await?;
        Self::at(legal, keys, tenant, edition).await
    }

    /// Reads the suppressions that stood at `edition`, or later; asks nobody for a tenant who never suppressed anybody.
    ///
    /// # Errors
    /// What the ports answer.
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
        // Suppressions that nobody can be held against would hide nobody.
        let keys = keys.ok_or_else(|| lost("there are suppressions, and no keys"))?;
        Ok(Self {
            keys: Some(keys),
            edition,
            standing,
        })
    }

    /// The edition that they were read at.
    pub fn edition(&self) -> u64 {
        self.edition
    }

    /// Whether nobody is suppressed: then no person need be made out of a record at all.
    pub fn is_empty(&self) -> bool {
        self.standing.is_empty()
    }

    /// Tells two sets of erasures apart: objections keep nothing out of the copy.
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

    /// which suppressions stand for a record itself.
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

    /// Whether somebody of this name is suppressed, at whatever company.
    pub fn have_namesake(&self, person: &Person) -> bool {
        let Some(keys) = self.keys.as_ref().filter(|_| !self.is_empty()) else {
            return false;
        };
        let hash = person.namesakes(keys);
        hash.is_some_and(|hash| self.standing.contains_key(&hash))
    }

    /// which suppressions stand for a person.
    pub fn of(&self, person: &Person) -> Suppressed {
        match &self.keys {
            Some(keys) if !self.is_empty() => {
                any(&person.sought(keys, HashKind::Objection), &self.standing)
            }
            _ => Suppressed::default(),
        }
    }
}

/// A record as what a person is found by: one that names nobody in it cannot be told otherwise.
fn of_record(
    keys: &TenantKeys,
    integration: &IntegrationId,
    object: Object,
    id: &RecordId,
) -> KeyedHash {
    let text = format!("record:{integration}/{object}/{id}");
    keys.index.hash(HashKind::Objection, &text)
}

/// Suppresses records themselves, so that they do not come back whatever they say of their person.
///
/// # Errors
/// What the port answers.
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

/// Takes the suppressions of records back; answers how many stood.
///
/// # Errors
/// What the port answers.
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
