//! Relates the records of a page to companies.

use std::{borrow::Cow, sync::Arc};

use indexmap::IndexSet;
use matching::{Attributes, MatchKey, Posting, Profile, Relation, RelationStatus};

use crate::{
    people::People,
    record::{MatchingAttributes, Object, Record},
};

/// The result of matching a record.
#[derive(Default)]
pub struct Matched {
    /// The relations, the most likely first.
    pub relations: Vec<Relation>,
    /// The domain by which the record can be found. `None` if it has none, or one that many share.
    pub domain: Option<String>,
}

impl Matched {
    /// Returns the number of automatic relations.
    pub fn n_automatic(&self) -> u64 {
        self.n_of(RelationStatus::Automatic)
    }

    /// Returns the number of suggested relations.
    pub fn n_suggested(&self) -> u64 {
        self.n_of(RelationStatus::Suggested)
    }

    fn n_of(&self, status: RelationStatus) -> u64 {
        self.relations
            .iter()
            .filter(|relation| relation.status == status)
            .count() as u64
    }
}

/// The query to the company database for the records of a page.
pub struct Question<'r> {
    /// The keys without duplicates, because the records of a page share domains.
    keys: Vec<MatchKey>,
    /// For each record, its profile, the positions of its keys, and its matching attributes and people. `None` for objects that are
    /// not matched.
    asked: Vec<Option<(Profile, Vec<usize>, Says<'r>)>>,
}

/// The matching attributes of a record, and the people in it.
pub type Says<'r> = (&'r MatchingAttributes, Cow<'r, People>);

impl Record {
    /// Returns the matching attributes of the record, and the people in it.
    pub fn says(&self) -> Says<'_> {
        (&self.attributes, Cow::Borrowed(&self.people))
    }
}

impl<'r> Question<'r> {
    /// Builds the query for records of an object.
    pub fn new(object: Object, records: impl ExactSizeIterator<Item = Says<'r>>) -> Self {
        let hasher = foldhash::fast::RandomState::default();
        let mut places = IndexSet::with_capacity_and_hasher(4 * records.len(), hasher);
        let asked = records
            .map(|(attributes, people)| {
                if !object.is_matched() {
                    return None;
                }
                let profile = borrowed(attributes).profile();
                let place = |key| places.insert_full(key).0;
                let keys = profile.lookup_keys().into_iter().map(place).collect();
                Some((profile, keys, (attributes, people)))
            })
            .collect();
        Self {
            keys: places.into_iter().collect(),
            asked,
        }
    }

    /// Returns the keys to look up.
    pub fn keys(&self) -> &[MatchKey] {
        &self.keys
    }

    /// Matches each record, in the order given. `found` returns the company database's postings for the key at a position of
    /// [`Self::keys`].
    pub fn decide<'f>(self, found: impl Fn(usize) -> &'f [Arc<Posting>]) -> Vec<Matched> {
        let mut candidates: Vec<&Posting> = Vec::new();
        self.asked
            .into_iter()
            .map(|asked| {
                let Some((profile, keys, (attributes, people))) = asked else {
                    return Matched::default();
                };
                candidates.clear();
                for posting in keys.into_iter().flat_map(&found) {
                    let posting = posting.as_ref();
                    if !candidates.iter().any(|known| std::ptr::eq(*known, posting)) {
                        candidates.push(posting);
                    }
                }
                let is_persons_name = || {
                    let name = attributes.company.as_deref();
                    name.is_some_and(|name| people.is_own_name(name))
                };
                Matched {
                    relations: matching::decide(&profile, &candidates, &is_persons_name),
                    domain: profile.domain,
                }
            })
            .collect()
    }
}

/// Returns the keys that a record with these attributes looks up. None for an object that is not matched.
pub fn lookup_keys(object: Object, attributes: &MatchingAttributes) -> Vec<MatchKey> {
    if !object.is_matched() {
        return Vec::new();
    }
    borrowed(attributes).profile().lookup_keys()
}

/// Borrows the attributes in the form that matching takes.
fn borrowed(attributes: &MatchingAttributes) -> Attributes<'_> {
    Attributes {
        name: attributes.company.as_deref(),
        street: attributes.street.as_deref(),
        zip: attributes.zip.as_deref(),
        city: attributes.city.as_deref(),
        country: attributes.country.as_deref(),
        website: attributes.website.as_deref(),
        phone: attributes.phone.as_deref(),
        email: attributes.email.as_deref(),
        vat_id: attributes.vat_id.as_deref(),
        register: attributes.register.as_deref(),
        lei: attributes.lei.as_deref(),
    }
}
