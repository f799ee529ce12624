//! A record's relations as the store keeps them. A company that only a user named is sealed beside its relation.

use matching::{CompanyId, Relation};

use super::{hash, unreadable};
use crate::{
    fault::{Code, Fault, Outcome},
    ports::StoredRelation,
    record::{Object, RecordId},
    seal::{GenerationKeys, KeyedHash, Opener, Place, Room, Sealed},
    tenant::Scope,
};

/// Builds a record's relations for the store. A company that matching did not find is named in the relation itself, because the
/// record's body does not name it.
///
/// # Errors
/// Transient if the system lacks randomness or memory.
pub fn stored_relations(
    keys: &GenerationKeys,
    scope: &Scope,
    (object, id): (Object, &RecordId),
    rule: &[Relation],
    laid: &[Relation],
) -> Outcome<Vec<StoredRelation>> {
    laid.iter()
        .map(|relation| {
            let is_named = rule.iter().any(|found| found.company == relation.company);
            let company = hash(&keys.index, &relation.company);
            let key = format!("{id}#{company}");
            let place = Place::within(scope, Room::CopyLink, object.name(), &key);
            let name = relation.company.as_str().as_bytes();
            Ok(StoredRelation {
                company,
                status: relation.status,
                score: relation.score,
                link: if is_named {
                    None
                } else {
                    Some(keys.sealing.seal(&place, name)?)
                },
            })
        })
        .collect()
}

/// Opens the id of a company that a user linked and the record's body does not name.
///
/// # Errors
/// Permanent if it does not open under this key at its place.
pub fn open_link(
    opener: &mut Opener,
    scope: &Scope,
    (object, id): (Object, &RecordId),
    company: KeyedHash,
    link: &Sealed,
) -> Outcome<CompanyId> {
    let key = format!("{id}#{company}");
    let place = Place::within(scope, Room::CopyLink, object.name(), &key);
    let name = opener.open(&place, link).map_err(unreadable)?;
    let name = String::from_utf8(name).map_err(|_| Fault::of(Code::StoreLinkMalformed))?;
    CompanyId::parse(&name).map_err(|_| Fault::of(Code::StoreLinkMalformed))
}
