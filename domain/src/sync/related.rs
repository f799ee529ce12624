//! Which companies the records of a page are.

use std::collections::HashMap;

use crate::{
    company::{MatchKey, Posting, Profile},
    fault::Outcome,
    matching::{Matching, Relation, RelationStatus, Subject},
    ports::Found,
    record::{About, Object},
    sync::{context::Context, page::Changed},
};

/// A record's relations, the likeliest first.
#[derive(Default)]
pub(super) struct Matched {
    pub(super) relations: Vec<Relation>,
    /// The domain that the record can be found by: its own, shared with nobody.
    pub(super) domain: Option<String>,
}

impl Matched {
    pub(super) fn n_automatic(&self) -> u64 {
        self.n_of(RelationStatus::Automatic)
    }

    pub(super) fn n_suggested(&self) -> u64 {
        self.n_of(RelationStatus::Suggested)
    }

    fn n_of(&self, status: RelationStatus) -> u64 {
        self.relations
            .iter()
            .filter(|relation| relation.status == status)
            .count() as u64
    }
}

/// Decides for each record, in the order given. The company database is asked once for the whole page.
pub(super) async fn relate(
    context: &Context<'_>,
    object: Object,
    changed: &[Changed],
) -> Outcome<Vec<Matched>> {
    // A task or an opportunity is its account's matter.
    if matches!(object, Object::Task | Object::Opportunity) {
        return Ok(changed.iter().map(|_| Matched::default()).collect());
    }
    let profiles: Vec<Profile> = changed
        .iter()
        .map(|changed| subject(&changed.record.about).profile())
        .collect();
    // Each key once: the records of a page share domains.
    let mut places: HashMap<MatchKey, usize> = HashMap::new();
    let keys: Vec<Vec<usize>> = profiles
        .iter()
        .map(|profile| {
            profile
                .keys()
                .into_iter()
                .map(|key| {
                    let next = places.len();
                    *places.entry(key).or_insert(next)
                })
                .collect()
        })
        .collect();
    let found = ask(context, places).await?;
    let matching = Matching::new(context.slice.settings.thresholds);
    Ok(profiles
        .into_iter()
        .zip(keys)
        .map(|(profile, keys)| {
            let candidates: Vec<&Posting> =
                keys.iter().flat_map(|&key| postings(&found[key])).collect();
            Matched {
                relations: matching.decide(&profile, &candidates),
                domain: profile.domain,
            }
        })
        .collect())
}

async fn ask(context: &Context<'_>, places: HashMap<MatchKey, usize>) -> Outcome<Vec<Found>> {
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let mut keys: Vec<(MatchKey, usize)> = places.into_iter().collect();
    keys.sort_unstable_by_key(|(_, place)| *place);
    let keys: Vec<MatchKey> = keys.into_iter().map(|(key, _)| key).collect();
    context.ports().companies.candidates(&keys).await
}

fn postings(found: &Found) -> &[Posting] {
    match found {
        Found::Some(postings) => postings,
        Found::TooCommon | Found::None => &[],
    }
}

/// What a record says of its company.
pub(super) fn subject(about: &About) -> Subject<'_> {
    Subject {
        name: about.company.as_deref(),
        street: about.street.as_deref(),
        zip: about.zip.as_deref(),
        city: about.city.as_deref(),
        country: about.country.as_deref(),
        website: about.website.as_deref(),
        phone: about.phone.as_deref(),
        email: about.email.as_deref(),
        vat_id: about.vat_id.as_deref(),
        register: about.register.as_deref(),
        lei: None,
    }
}
