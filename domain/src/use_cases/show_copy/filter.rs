//! The filter of a list.

use jiff::Timestamp;
use matching::{CompanyId, RelationStatus, normalise};

use crate::{
    decision,
    fault::{Fault, Outcome},
    ports::Index,
    record::{Object, RecordId},
    seal::{HashKind, KeyedHash},
    view::{Shown, View},
};

/// The most records on a page.
pub const MAX_PAGE: usize = 200;

/// The conditions on records. An empty filter matches all records of the object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Records of this object. `None` for records of all objects, if an e-mail address, a domain, a parent or a company is given.
    pub object: Option<Object>,
    /// Records with this e-mail address.
    pub email: Option<String>,
    /// Records whose website or e-mail address has this domain.
    pub domain: Option<String>,
    /// Records that belong to this one.
    pub parent: Option<(Object, RecordId)>,
    /// Records that are related to this company, except blocked relations.
    pub company: Option<CompanyId>,
    /// Records with a relation of this status.
    pub status: Option<RelationStatus>,
    /// Records that are open, or records that are closed.
    pub open: Option<bool>,
    /// Records of this user of the CRM.
    pub owner: Option<String>,
    /// Records that changed in the CRM at this time or later.
    pub since: Option<Timestamp>,
}

impl Filter {
    /// Returns the same filter with ids in the copy's spelling.
    pub(super) fn spelt(&self, view: &View<'_>) -> Outcome<Self> {
        let spelling = view.origin.provider.spelling();
        let parent = self.parent.as_ref();
        let parent = parent.map(|(object, id)| Ok::<_, Fault>((*object, spelling.one(id)?)));
        let owner = self.owner.as_ref().map(|id| spelling.one_text(id));
        Ok(Self {
            parent: parent
                .transpose()
                .map_err(|fault| fault.within("/parent"))?,
            owner: owner.transpose().map_err(|fault| fault.within("/owner"))?,
            ..self.clone()
        })
    }

    /// Returns the filter as text, to which cursors are bound.
    pub(super) fn question(&self) -> String {
        format!("{self:?}")
    }

    /// Returns the index that leads to the fewest records, and the hashes to look up in it, one after the other. `None` if no index
    /// applies.
    pub(super) fn index(&self, view: &View<'_>) -> Option<(Index, Vec<KeyedHash>)> {
        let hash = |kind, value: &str| view.keys.index.hash(kind, value);
        if let Some(email) = &self.email {
            // Records copied before 2026-11-29 were indexed by the address as it was written.
            let spellings = normalise::email_spellings(email);
            let hashes = spellings.iter().map(|email| hash(HashKind::Email, email));
            return Some((Index::Email, hashes.collect()));
        }
        let (index, hash) = if let Some(parent) = &self.parent {
            (Index::Parent, view.below(parent.0, &parent.1))
        } else if let Some(company) = &self.company {
            (Index::Company, decision::hash(&view.keys.index, company))
        } else {
            // The registered domain of a host. A text without one finds no record.
            let domain = self.domain.as_ref()?;
            let domain = normalise::domain(domain).unwrap_or_else(|| domain.to_lowercase());
            (Index::Domain, hash(HashKind::Domain, &domain))
        };
        Some((index, vec![hash]))
    }

    pub(super) fn admits(&self, view: &View<'_>, record: &Shown) -> bool {
        let display = &record.display;
        let has = |status| {
            let mut relations = record.relations.iter();
            relations.any(|relation| relation.status == status)
        };
        self.object.is_none_or(|object| record.object == object)
            && self.status.is_none_or(has)
            && self.open.is_none_or(|open| display.open == Some(open))
            && self
                .owner
                .as_ref()
                .is_none_or(|owner| display.owner.as_deref() == Some(owner))
            && self.since.is_none_or(|since| record.modified >= since)
            && self.email.as_ref().is_none_or(|email| {
                let own = record.attributes.email.as_deref().unwrap_or_default();
                normalise::email_key(own) == normalise::email_key(email)
            })
            && self.parent.as_ref().is_none_or(|(object, id)| {
                let parent = view.origin.provider.parent(*object, id.clone());
                record.attributes.parent.as_ref() == Some(&parent)
            })
            && self.company.as_ref().is_none_or(|company| {
                record.relations.iter().any(|relation| {
                    relation.company == *company && relation.status != RelationStatus::Blocked
                })
            })
    }
}
