//! From changed records to what the store keeps of them.

use crate::{
    fault::{Fault, Outcome},
    matching::Relation,
    ports::{Lookups, StoredRecord, StoredRelation},
    seal::{HashKind, IndexKey, Place, Room},
    sync::{
        context::{Context, State, unsealable},
        page::Changed,
        related::Matched,
    },
};

/// Seals records with their relations, and hashes what they can be found by.
pub(super) fn seal_records(
    context: &Context<'_>,
    state: &State,
    changed: Vec<Changed>,
    matched: Vec<Matched>,
) -> Outcome<Vec<StoredRecord>> {
    let index = &context.keys.index;
    let page = state.cursor.pages;
    let mut body = Vec::new();
    let mut stored = Vec::with_capacity(changed.len());
    for (changed, matched) in changed.into_iter().zip(matched) {
        let record = changed.record;
        write_body(&mut body, &record.fields, &matched.relations)?;
        let place = Place::within(
            context.scope(),
            Room::CopyRecord,
            state.object.name(),
            record.id.as_str(),
        );
        let sealed = context
            .sealing(|sealer| sealer.seal(&place, &body))
            .map_err(unsealable)?;
        let relations = stored_relations(index, &matched.relations);
        let known = changed.known;
        let dropped = known
            .iter()
            .flat_map(|known| &known.relations)
            .filter(|company| {
                relations
                    .iter()
                    .all(|relation| relation.company != **company)
            })
            .copied()
            .collect();
        let hash = |kind, value: &str| index.hash(kind, value);
        stored.push(StoredRecord {
            lookups: Lookups {
                email: record
                    .about
                    .email
                    .as_deref()
                    .map(|email| hash(HashKind::Email, &email.trim().to_lowercase())),
                domain: matched
                    .domain
                    .as_deref()
                    .map(|domain| hash(HashKind::Domain, domain)),
                parent: record
                    .about
                    .parent
                    .as_ref()
                    .map(|parent| hash(HashKind::Parent, parent.as_str())),
            },
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

/// `{"fields":{…},"relations":[…]}`: the fields are JSON already.
fn write_body(body: &mut Vec<u8>, fields: &str, relations: &[Relation]) -> Outcome<()> {
    body.clear();
    body.extend_from_slice(b"{\"fields\":");
    body.extend_from_slice(fields.as_bytes());
    if !relations.is_empty() {
        body.extend_from_slice(b",\"relations\":");
        serde_json::to_writer(&mut *body, relations)
            .map_err(|_| Fault::lasting("relations.unwritable"))?;
    }
    body.push(b'}');
    Ok(())
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
