//! Seals changed records for the store.

use std::collections::HashMap;

use jiff::Timestamp;
use matching::{Relation, normalise};

use super::{Changed, Matched};
use crate::{
    body::{self, Body},
    decision::{self, Decision},
    fault::{Fault, Outcome},
    ports::{Copied, Known, Lookups, StoredRecord, StoredRelation},
    record::{DisplayFields, MatchingAttributes, Object, RecordId},
    seal::{GenerationKeys, HashKind, IndexKey, KeyedHash, Place, Room, Sealed, Sealer},
    tenant::Scope,
};

/// The context in which records are sealed.
pub struct Sealing<'a> {
    /// The scope of the integration.
    pub scope: &'a Scope,
    /// The object of the records.
    pub object: Object,
    /// The generation's keys.
    pub keys: &'a GenerationKeys,
    /// Users' decisions, by record.
    pub decisions: &'a HashMap<(Object, RecordId), Vec<Decision>>,
    /// The time at which the records come into the copy.
    pub copied: Timestamp,
    /// The sealer.
    pub sealer: &'a mut Sealer,
}

/// Seals records of page `page` with the relations found by matching, applies users' decisions to these, and hashes the lookups.
///
/// # Errors
/// Permanent if a body is too large. Transient if the system lacks randomness or memory.
pub fn seal(
    mut sealing: Sealing<'_>,
    page: u64,
    changed: Vec<Changed>,
    matched: Vec<Matched>,
) -> Outcome<Vec<StoredRecord>> {
    let mut text = Vec::new();
    let mut stored = Vec::with_capacity(changed.len());
    for (changed, matched) in changed.into_iter().zip(matched) {
        let record = changed.record;
        body::write(&mut text, &record, sealing.copied, &matched.relations)?;
        let sealed = sealing.seal(Room::CopyRecord, &record.id, &text)?;
        let relations = sealing.relations(&record.id, &matched.relations)?;
        let known = changed.known;
        stored.push(StoredRecord {
            sealed,
            projection: sealing.projection(&record.id, &record.display, &mut text)?,
            lookups: lookups(
                &sealing.keys.index,
                &record.attributes,
                matched.domain.as_deref(),
            ),
            dropped: dropped(known.as_ref(), &relations),
            relations,
            id: record.id,
            modified: record.modified,
            digest: changed.digest,
            born: changed.born,
            page,
            was_large: known.is_some_and(|known| known.large),
            vanished: None,
        });
    }
    Ok(stored)
}

/// Seals a record of the copy again with other relations. `None` if its body lacks the attributes on which they depend.
///
/// # Errors
/// As for [`seal()`].
pub fn seal_again(
    mut sealing: Sealing<'_>,
    copied: Copied,
    body: &Body,
    matched: &Matched,
) -> Outcome<Option<StoredRecord>> {
    let (Some(attributes), Some(display)) = (&body.attributes, &body.display) else {
        return Ok(None);
    };
    let Copied { id, known, .. } = copied;
    let mut text = Vec::new();
    body.write_with(&mut text, &matched.relations)?;
    let sealed = sealing.seal(Room::CopyRecord, &id, &text)?;
    let relations = sealing.relations(&id, &matched.relations)?;
    Ok(Some(StoredRecord {
        sealed,
        projection: sealing.projection(&id, display, &mut text)?,
        lookups: lookups(&sealing.keys.index, attributes, matched.domain.as_deref()),
        dropped: dropped(Some(&known), &relations),
        relations,
        id,
        modified: known.modified,
        digest: known.digest,
        born: known.born,
        page: known.page,
        was_large: known.large,
        vanished: known.vanished,
    }))
}

impl Sealing<'_> {
    fn seal(&mut self, room: Room, id: &RecordId, text: &[u8]) -> Outcome<Sealed> {
        let place = Place::within(self.scope, room, self.object.name(), id.as_str());
        self.sealer.seal(&place, text).map_err(Fault::from)
    }

    fn projection(
        &mut self,
        id: &RecordId,
        display: &DisplayFields,
        text: &mut Vec<u8>,
    ) -> Outcome<Option<Sealed>> {
        if !self.object.has_projection() {
            return Ok(None);
        }
        body::write_projection(text, display)?;
        self.seal(Room::CopyBrief, id, text).map(Some)
    }

    fn relations(&self, id: &RecordId, rule: &[Relation]) -> Outcome<Vec<StoredRelation>> {
        let decided = if self.decisions.is_empty() {
            None
        } else {
            self.decisions.get(&(self.object, id.clone()))
        };
        match decided {
            None => Ok(stored_relations(&self.keys.index, rule)),
            Some(decided) => {
                let laid = decision::lay_over(rule, decided);
                let record = (self.object, id);
                decision::stored_relations(self.keys, self.scope, record, rule, &laid)
            }
        }
    }
}

fn lookups(index: &IndexKey, attributes: &MatchingAttributes, domain: Option<&str>) -> Lookups {
    Lookups {
        email: attributes
            .email
            .as_deref()
            .map(|email| index.hash(HashKind::Email, &normalise::email_key(email))),
        domain: domain.map(|domain| index.hash(HashKind::Domain, domain)),
        parent: attributes
            .parent
            .as_ref()
            .map(|parent| index.hash(HashKind::Parent, &parent.key())),
    }
}

fn stored_relations(index: &IndexKey, relations: &[Relation]) -> Vec<StoredRelation> {
    relations
        .iter()
        .map(|relation| StoredRelation {
            company: index.hash(HashKind::Company, relation.company.as_str()),
            status: relation.status,
            score: relation.score,
            link: None,
        })
        .collect()
}

/// Returns the companies to which a record was related and no longer is.
fn dropped(known: Option<&Known>, relations: &[StoredRelation]) -> Vec<KeyedHash> {
    let is_kept = |company: &KeyedHash| {
        relations
            .iter()
            .any(|relation| relation.company == *company)
    };
    let earlier = known.iter().flat_map(|known| &known.relations);
    earlier
        .filter(|company| !is_kept(company))
        .copied()
        .collect()
}
