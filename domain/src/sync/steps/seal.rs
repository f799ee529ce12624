//! From changed records to what the store keeps of them.

use super::{Changed, Matched};
use crate::{
    body,
    fault::{Fault, Outcome},
    matching::Relation,
    ports::{Lookups, StoredRecord, StoredRelation},
    record::{About, Object},
    seal::{HashKind, IndexKey, KeyedHash, Place, Room, SealError, Sealer},
    tenant::Scope,
};

/// Where records are sealed for, and with what.
pub struct Sealing<'a> {
    /// Whose they are.
    pub scope: &'a Scope,
    /// What they are.
    pub object: Object,
    /// The number of the page that they are on.
    pub page: u64,
    /// Makes the keyed hashes.
    pub index: &'a IndexKey,
    /// Seals.
    pub sealer: &'a mut Sealer,
}

/// Seals records with their relations, and hashes what they can be found by.
///
/// # Errors
/// Lasting, when a body is too large; passing, when the system has no randomness or memory left.
pub fn seal(
    sealing: Sealing<'_>,
    changed: Vec<Changed>,
    matched: Vec<Matched>,
) -> Outcome<Vec<StoredRecord>> {
    let Sealing {
        scope,
        object,
        page,
        index,
        sealer,
    } = sealing;
    let mut text = Vec::new();
    let mut stored = Vec::with_capacity(changed.len());
    for (changed, matched) in changed.into_iter().zip(matched) {
        let record = changed.record;
        body::write(&mut text, &record.fields, &matched.relations)?;
        let place = Place::within(scope, Room::CopyRecord, object.name(), record.id.as_str());
        let sealed = sealer.seal(&place, &text).map_err(unsealable)?;
        let relations = stored_relations(index, &matched.relations);
        let known = changed.known;
        let dropped = known
            .iter()
            .flat_map(|known| &known.relations)
            .filter(|company| is_dropped(&relations, company))
            .copied()
            .collect();
        stored.push(StoredRecord {
            lookups: lookups(index, &record.about, matched.domain.as_deref()),
            id: record.id,
            modified: record.modified,
            digest: changed.digest,
            born: changed.born,
            page,
            sealed,
            relations,
            dropped,
            was_large: known.is_some_and(|known| known.large),
        });
    }
    Ok(stored)
}

/// A body too large stays too large; otherwise sealing fails only when the system has no randomness or memory left.
pub(in crate::sync) fn unsealable(error: SealError) -> Fault {
    let fault = match error {
        SealError::TooLarge => Fault::lasting("seal.too_large"),
        _ => Fault::passing("seal.failed"),
    };
    fault.with_detail(error.to_string())
}

fn lookups(index: &IndexKey, about: &About, domain: Option<&str>) -> Lookups {
    Lookups {
        email: about
            .email
            .as_deref()
            .map(|email| index.hash(HashKind::Email, &email.trim().to_lowercase())),
        domain: domain.map(|domain| index.hash(HashKind::Domain, domain)),
        parent: about
            .parent
            .as_ref()
            .map(|parent| index.hash(HashKind::Parent, parent.as_str())),
    }
}

fn stored_relations(index: &IndexKey, relations: &[Relation]) -> Vec<StoredRelation> {
    relations
        .iter()
        .map(|relation| StoredRelation {
            company: index.hash(HashKind::Company, relation.company.as_str()),
            status: relation.status,
            score: relation.score,
        })
        .collect()
}

fn is_dropped(relations: &[StoredRelation], company: &KeyedHash) -> bool {
    relations
        .iter()
        .all(|relation| relation.company != *company)
}
