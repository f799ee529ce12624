//! A user's decision about a relation: approved, blocked, or an earlier decision withdrawn. It is stored in the Ledger and applied
//! over the result of matching, which never changes it.

use jiff::Timestamp;
use matching::{CompanyId, Relation, RelationStatus};
use serde::{Deserialize, Serialize};

use crate::{
    body::Body,
    fault::{Code, Fault, Outcome},
    ports::{Copied, Deciding, DecisionsOf, Reading, Relink, StoredDecision, StoredRelation},
    record::{Object, RecordId},
    seal::{
        GenerationKeys, HashKind, IndexKey, KeyedHash, Opener, Place, Room, SealError, Sealed,
        Sealer,
    },
    tenant::Scope,
};

/// The most decisions about one record, far more than a person would make.
const MOST: usize = 50;
/// Attempts at a record that a slice or another user is changing.
const TRIES: u32 = 5;

/// A decision about one relation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The record's object.
    pub object: Object,
    /// The record.
    pub id: RecordId,
    /// The company.
    pub company: CompanyId,
    /// Approved or blocked. `None` if an earlier decision is withdrawn and the result of matching counts again.
    pub verdict: Option<RelationStatus>,
    /// The user who decided: the token's subject.
    pub by: String,
    /// The time of the decision.
    pub at: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct Inside {
    company: CompanyId,
    by: String,
}

impl Decision {
    /// Seals the decision for the Ledger.
    ///
    /// # Errors
    /// Transient if the system lacks randomness or memory.
    pub fn seal(&self, keys: &GenerationKeys, scope: &Scope) -> Outcome<StoredDecision> {
        let company = hash(&keys.index, &self.company);
        let inside = Inside {
            company: self.company.clone(),
            by: self.by.clone(),
        };
        let text = serde_json::to_vec(&inside).map_err(|_| Fault::of(Code::SealUnwritable))?;
        let key = format!("{}#{company}", self.id);
        let place = Place::within(scope, Room::LedgerDecision, self.object.name(), &key);
        Ok(StoredDecision {
            object: self.object,
            id: self.id.clone(),
            company,
            verdict: self.verdict,
            at: self.at,
            sealed: sealed(keys, &place, &text)?,
        })
    }

    /// Opens a stored decision.
    ///
    /// # Errors
    /// Permanent if it does not open under this key at its place.
    pub fn open(opener: &mut Opener, scope: &Scope, stored: &StoredDecision) -> Outcome<Self> {
        let key = format!("{}#{}", stored.id, stored.company);
        let place = Place::within(scope, Room::LedgerDecision, stored.object.name(), &key);
        let text = opener.open(&place, &stored.sealed).map_err(unreadable)?;
        let inside: Inside =
            serde_json::from_slice(&text).map_err(|_| Fault::of(Code::StoreDecisionMalformed))?;
        Ok(Self {
            object: stored.object,
            id: stored.id.clone(),
            company: inside.company,
            verdict: stored.verdict,
            by: inside.by,
            at: stored.at,
        })
    }
}

/// Applies users' decisions to the result of matching. Returns the relations, the strongest first. An approved relation removes the
/// suggested ones, because the user has already said which company the record is.
pub fn lay_over<'d>(
    rule: &[Relation],
    decisions: impl IntoIterator<Item = &'d Decision>,
) -> Vec<Relation> {
    let mut laid = rule.to_vec();
    for decision in decisions {
        let Some(status) = decision.verdict else {
            continue;
        };
        match laid
            .iter_mut()
            .find(|relation| relation.company == decision.company)
        {
            Some(relation) => relation.status = status,
            None => laid.push(Relation {
                company: decision.company.clone(),
                score: if status == RelationStatus::Approved {
                    1_000
                } else {
                    0
                },
                status,
                evidence: Vec::new(),
            }),
        }
    }
    let is_decided = laid
        .iter()
        .any(|relation| relation.status == RelationStatus::Approved);
    laid.retain(|relation| !(is_decided && relation.status == RelationStatus::Suggested));
    laid.sort_by_key(|relation| {
        let firmness = match relation.status {
            RelationStatus::Approved => 0,
            RelationStatus::Automatic => 1,
            RelationStatus::Suggested => 2,
            RelationStatus::Blocked => 3,
        };
        (firmness, std::cmp::Reverse(relation.score))
    });
    laid
}

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
                    Some(sealed(keys, &place, name)?)
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

/// Updates a record's stored relations from the result of matching and users' decisions, including the decision `new`. Returns the
/// relations afterwards. `None` if there is no such record.
///
/// # Errors
/// Fenced if the integration's generation has ended. Transient if the record keeps changing.
pub async fn settle(
    store: &(impl Deciding + Reading + ?Sized),
    keys: &GenerationKeys,
    scope: &Scope,
    (object, id): (Object, &RecordId),
    new: Option<&Decision>,
) -> Outcome<Option<Vec<Relation>>> {
    let mut opener = Opener::new(&keys.sealing).map_err(unreadable)?;
    for _ in 0..TRIES {
        let found = store.copied(scope, &[(object, id.clone())]).await?.pop();
        let Some(Copied { known, sealed, .. }) = found.flatten() else {
            return Ok(None);
        };
        // A body that is being moved will be in its place soon.
        let sealed = sealed.ok_or_else(|| Fault::of(Code::CopiesBodyMissing))?;
        let body = Body::open(&mut opener, scope, object, id, &sealed)?;
        let mut decisions = store
            .decisions(scope, DecisionsOf::Record(object, id))
            .await?
            .iter()
            .map(|stored| Decision::open(&mut opener, scope, stored))
            .collect::<Outcome<Vec<_>>>()?;
        if let Some(new) = new {
            decisions.retain(|decision| decision.company != new.company);
            if decisions.len() >= MOST {
                return Err(Fault::of(Code::RelationTooManyDecisions));
            }
            decisions.push(new.clone());
        }
        let laid = lay_over(&body.relations, &decisions);
        let change = Relink {
            object,
            id: id.clone(),
            seen: known,
            relations: stored_relations(keys, scope, (object, id), &body.relations, &laid)?,
            decision: new.map(|new| new.seal(keys, scope)).transpose()?,
        };
        if store.relink(scope, &change).await? {
            return Ok(Some(laid));
        }
    }
    Err(Fault::of(Code::RelationChangedMeanwhile))
}

/// Returns the hash of a company.
pub fn hash(index: &IndexKey, company: &CompanyId) -> KeyedHash {
    index.hash(HashKind::Company, company.as_str())
}

fn sealed(keys: &GenerationKeys, place: &Place<'_>, text: &[u8]) -> Outcome<Sealed> {
    Sealer::new(&keys.sealing, 1)
        .and_then(|mut sealer| sealer.seal(place, text))
        .map_err(Fault::from)
}

fn unreadable(error: SealError) -> Fault {
    Fault::of(Code::CopiesUnreadable).with_detail(error.to_string())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use RelationStatus::{Approved, Automatic, Blocked, Suggested};

    fn relation(company: &str, status: RelationStatus, score: u16) -> Relation {
        Relation {
            company: CompanyId::parse(company).unwrap(),
            score,
            status,
            evidence: Vec::new(),
        }
    }

    fn decision(company: &str, verdict: Option<RelationStatus>) -> Decision {
        Decision {
            object: Object::Account,
            id: RecordId::parse("1").unwrap(),
            company: CompanyId::parse(company).unwrap(),
            verdict,
            by: "user-1".to_owned(),
            at: Timestamp::UNIX_EPOCH,
        }
    }

    fn laid(rule: &[Relation], decisions: &[Decision]) -> Vec<(String, RelationStatus, u16)> {
        let laid = lay_over(rule, decisions);
        let tell = |relation: Relation| {
            let company = relation.company.as_str().to_owned();
            (company, relation.status, relation.score)
        };
        laid.into_iter().map(tell).collect()
    }

    #[test]
    fn an_approved_relation_is_first_and_removes_the_suggested_ones() {
        let rule = [relation("a", Suggested, 600), relation("b", Suggested, 400)];
        assert_eq!(
            laid(&rule, &[decision("b", Some(Approved))]),
            [("b".to_owned(), Approved, 400)]
        );
        let rule = [relation("a", Automatic, 990)];
        assert_eq!(
            laid(&rule, &[decision("z", Some(Approved))]),
            [
                ("z".to_owned(), Approved, 1_000),
                ("a".to_owned(), Automatic, 990)
            ]
        );
    }

    #[test]
    fn a_blocked_relation_stays_blocked_whatever_matching_finds() {
        let rule = [relation("a", Automatic, 990), relation("b", Suggested, 400)];
        assert_eq!(
            laid(&rule, &[decision("a", Some(Blocked))]),
            [
                ("b".to_owned(), Suggested, 400),
                ("a".to_owned(), Blocked, 990)
            ]
        );
        assert_eq!(
            laid(&[], &[decision("a", Some(Blocked))]),
            [("a".to_owned(), Blocked, 0)]
        );
    }

    #[test]
    fn a_withdrawn_decision_changes_nothing() {
        let rule = [relation("a", Suggested, 600)];
        assert_eq!(
            laid(&rule, &[decision("a", None), decision("b", None)]),
            [("a".to_owned(), Suggested, 600)]
        );
    }

    #[test]
    fn a_decision_opens_only_at_its_own_place() {
        let scope = Scope {
            tenant: crate::tenant::TenantId::parse("acme").unwrap(),
            integration: crate::tenant::IntegrationId::parse("crm-1").unwrap(),
            generation: crate::tenant::Generation(1),
        };
        let keys = GenerationKeys::from_bytes(&mut [7; 64]).unwrap();
        let decision = decision("a", Some(Approved));
        let stored = decision.seal(&keys, &scope).unwrap();
        let mut opener = Opener::new(&keys.sealing).unwrap();
        assert_eq!(
            Decision::open(&mut opener, &scope, &stored).unwrap(),
            decision
        );
        let moved = StoredDecision {
            id: RecordId::parse("2").unwrap(),
            ..stored
        };
        assert!(Decision::open(&mut opener, &scope, &moved).is_err());
    }
}
