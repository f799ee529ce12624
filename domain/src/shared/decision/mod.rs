//! A user's decision about a relation: approved, blocked, or an earlier decision withdrawn. It is stored in the Ledger and applied
//! over the result of matching, which never changes it.

mod lay_over;
mod settle;
mod stored;

use jiff::Timestamp;
use matching::{CompanyId, RelationStatus};
use serde::{Deserialize, Serialize};

pub use self::{
    lay_over::lay_over,
    settle::settle,
    stored::{open_link, stored_relations},
};
use crate::{
    fault::{Code, Fault, Outcome},
    ports::StoredDecision,
    record::{Object, RecordId},
    seal::{GenerationKeys, HashKind, IndexKey, KeyedHash, Opener, Place, Room, SealError},
    tenant::Scope,
};

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
            sealed: keys.sealing.seal(&place, &text)?,
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

/// Returns the hash of a company.
pub fn hash(index: &IndexKey, company: &CompanyId) -> KeyedHash {
    index.hash(HashKind::Company, company.as_str())
}

fn unreadable(error: SealError) -> Fault {
    Fault::of(Code::CopiesUnreadable).with_detail(error.to_string())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_opens_only_at_its_own_place() {
        let scope = Scope {
            tenant: crate::tenant::TenantId::parse("acme").unwrap(),
            integration: crate::tenant::IntegrationId::parse("crm-1").unwrap(),
            generation: crate::tenant::Generation(1),
        };
        let keys = GenerationKeys::from_bytes(&mut [7; 64]).unwrap();
        let decision = Decision {
            object: Object::Account,
            id: RecordId::parse("1").unwrap(),
            company: CompanyId::parse("a").unwrap(),
            verdict: Some(RelationStatus::Approved),
            by: "user-1".to_owned(),
            at: Timestamp::UNIX_EPOCH,
        };
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
