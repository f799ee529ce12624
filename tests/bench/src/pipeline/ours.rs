//! What sync does with a page between the CRM's answer and the store's request, step by step as domain/src/sync/page.rs.
//!
//! The steps themselves are the product's; what strings them together there also awaits the ports, and is told again here.

use std::{collections::HashMap, hint::black_box};

use domain::{
    company::{MatchKey, Profile},
    matching::{Matching, Relation, Subject, Thresholds},
    ports::{Lookups, StoredRecord, StoredRelation},
    record::{About, Item, Record, RecordId},
    seal::{Digest, HashKind, Place, Room, Sealer},
};
use infra::crm::salesforce::page::parse_rest;

use super::input::Input;
use crate::Outcome;

/// As sync's.
const LEVEL: i32 = 1;

/// Parse, compare, match, hash, compress and seal the records of a page.
pub(super) fn records(input: &Input, at: usize) -> Outcome<()> {
    let changed = changed(input, at)?;
    let related = relate(input, &changed);
    black_box(stored(input, changed, related)?);
    Ok(())
}

/// The first of its steps alone: parse.
pub(super) fn parsing(input: &Input, at: usize) -> Outcome<()> {
    black_box(parse_rest(&input.pages[at].bytes, &input.shape)?);
    Ok(())
}

/// Its first steps: parse and compare.
pub(super) fn comparing(input: &Input, at: usize) -> Outcome<()> {
    black_box(changed(input, at)?);
    Ok(())
}

/// All of its steps but the last: parse, compare and match.
pub(super) fn matching(input: &Input, at: usize) -> Outcome<()> {
    let changed = changed(input, at)?;
    black_box(relate(input, &changed));
    Ok(())
}

/// Seals the page as it came.
pub(super) fn page(input: &Input, at: usize) -> Outcome<()> {
    let mut sealer = Sealer::new(&input.keys.sealing, LEVEL)?;
    let name = at.to_string();
    let place = Place::within(&input.scope, Room::Page, "Account", &name);
    black_box(sealer.seal(&place, &input.pages[at].bytes)?);
    Ok(())
}

/// How many records of the input get a relation: a pipeline that finds nothing would be quick.
pub(super) fn related(input: &Input) -> Outcome<usize> {
    let mut n = 0;
    for at in 0..input.pages.len() {
        let related = relate(input, &changed(input, at)?);
        n += related
            .iter()
            .filter(|(relations, _)| !relations.is_empty())
            .count();
    }
    Ok(n)
}

fn changed(input: &Input, at: usize) -> Outcome<Vec<(Record, Digest)>> {
    let parsed = parse_rest(&input.pages[at].bytes, &input.shape)?;
    let mut last: HashMap<RecordId, usize> = HashMap::with_capacity(parsed.items.len());
    let mut live = Vec::with_capacity(parsed.items.len());
    for item in parsed.items {
        if let Item::Live(record) = item {
            last.insert(record.id.clone(), live.len());
            live.push(record);
        }
    }
    let mut changed = Vec::with_capacity(live.len());
    for (place, record) in live.into_iter().enumerate() {
        let digest = input.keys.index.digest(record.fields.as_bytes());
        let is_last = last.get(&record.id) == Some(&place);
        if is_last && input.known.get(&record.id) != Some(&digest) {
            changed.push((record, digest));
        }
    }
    Ok(changed)
}

type Related = (Vec<Relation>, Option<String>);

fn relate(input: &Input, changed: &[(Record, Digest)]) -> Vec<Related> {
    let profiles: Vec<Profile> = changed
        .iter()
        .map(|(record, _)| subject(&record.about).profile())
        .collect();
    let mut places: HashMap<MatchKey, usize> = HashMap::new();
    let keys: Vec<Vec<usize>> = profiles
        .iter()
        .map(|profile| {
            let keys = profile.keys().into_iter();
            keys.map(|key| {
                let next = places.len();
                *places.entry(key).or_insert(next)
            })
            .collect()
        })
        .collect();
    let mut found = vec![None; places.len()];
    for (key, place) in &places {
        found[*place] = input.index.get(key);
    }
    let matching = Matching::new(Thresholds::default());
    profiles
        .into_iter()
        .zip(keys)
        .map(|(profile, keys)| {
            let candidates: Vec<_> = keys
                .iter()
                .filter_map(|&key| found[key])
                .flat_map(|postings| postings.companies())
                .collect();
            (matching.decide(&profile, &candidates), profile.domain)
        })
        .collect()
}

fn stored(
    input: &Input,
    changed: Vec<(Record, Digest)>,
    related: Vec<Related>,
) -> Outcome<Vec<StoredRecord>> {
    let mut sealer = Sealer::new(&input.keys.sealing, LEVEL)?;
    let hash = |kind, value: &str| input.keys.index.hash(kind, value);
    let mut body = Vec::new();
    let mut stored = Vec::with_capacity(changed.len());
    for ((record, digest), (relations, domain)) in changed.into_iter().zip(related) {
        body.clear();
        body.extend_from_slice(b"{\"fields\":");
        body.extend_from_slice(record.fields.as_bytes());
        if !relations.is_empty() {
            body.extend_from_slice(b",\"relations\":");
            serde_json::to_writer(&mut body, &relations)?;
        }
        body.push(b'}');
        let place = Place::within(
            &input.scope,
            Room::CopyRecord,
            "Account",
            record.id.as_str(),
        );
        let sealed = sealer.seal(&place, &body)?;
        let email = record.about.email.as_deref();
        stored.push(StoredRecord {
            lookups: Lookups {
                email: email.map(|email| hash(HashKind::Email, &email.trim().to_lowercase())),
                domain: domain
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
            digest,
            born: 0,
            page: 0,
            sealed,
            relations: relations
                .iter()
                .map(|relation| StoredRelation {
                    company: hash(HashKind::Company, relation.company.as_str()),
                    status: relation.status,
                    score: relation.score,
                })
                .collect(),
            dropped: Vec::new(),
            was_large: false,
        });
    }
    Ok(stored)
}

fn subject(about: &About) -> Subject<'_> {
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
