//! Which companies the records of a page are.

use std::{borrow::Cow, sync::Arc};

use indexmap::IndexSet;
use matching::{Attributes, MatchKey, Posting, Profile, Relation, RelationStatus};

use crate::{
    people::People,
    record::{MatchingAttributes, Object, Record},
};

/// What the rule finds for a record.
#[derive(Default)]
pub struct Matched {
    /// The relations, the likeliest first.
    pub relations: Vec<Relation>,
    /// The domain that the record can be found by: its own, shared with nobody.
    pub domain: Option<String>,
}

impl Matched {
    /// How many relations are automatic.
    pub fn n_automatic(&self) -> u64 {
        self.n_of(RelationStatus::Automatic)
    }

    /// How many relations are suggested.
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

/// What the company database is asked for the records of a page, once for all of them.
pub struct Question<'r> {
    /// Each key once: the records of a page share domains.
    keys: Vec<MatchKey>,
    /// Of each record its profile, the places of its keys, and what it says; none for an object that is no company's.
    asked: Vec<Option<(Profile, Vec<usize>, Says<'r>)>>,
}

/// The matching attributes of a record, and the people in it.
pub type Says<'r> = (&'r MatchingAttributes, Cow<'r, People>);

impl Record {
    /// The matching attributes of the record, and the people in it.
    pub fn says(&self) -> Says<'_> {
        (&self.attributes, Cow::Borrowed(&self.people))
    }
}

impl<'r> Question<'r> {
    /// Asks for records of an object, which say this.
    pub fn new(object: Object, records: impl ExactSizeIterator<Item = Says<'r>>) -> Self {
        let hasher = foldhash::fast::RandomState::default();
        let mut places = IndexSet::with_capacity_and_hasher(4 * records.len(), hasher);
        let asked = records
            .map(|(attributes, people)| {
                if !has_relations(object) {
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

    /// The keys to look up.
    pub fn keys(&self) -> &[MatchKey] {
        &self.keys
    }

    /// Decides for each record, in the order given. `found` says what the company database has under the key at a place of
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

/// Whether an object's records are matched: a task or an opportunity is its account's matter.
pub fn has_relations(object: Object) -> bool {
    !matches!(object, Object::Task | Object::Opportunity)
}

/// The attributes in the form that the rule takes.
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
