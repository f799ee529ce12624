//! Created records on their way into the copy: fetched from the CRM, then matched and sealed like all other records.

use std::collections::HashMap;

use super::{CreateContext, body::Uncopied};
use crate::{
    decision::Decision,
    fault::Outcome,
    parents,
    ports::{Candidates, Parents, StoredRecord},
    record::{Item, Object, RecordId},
    seal::Sealer,
    steps::{Changed, Digests, Question, Sealing, seal},
};

/// The page number of records that no page of a run brought. So no run counts them as its own.
const OF_NO_PAGE: u64 = u64::MAX;

/// Users' decisions by record.
pub(super) type Decisions = HashMap<(Object, RecordId), Vec<Decision>>;

/// Returns the records for the copy, each with its place in the request. `None` for a record that the copy has already. A record
/// that cannot be read yet is left out, and the next run brings it.
pub(super) async fn copies(
    context: &CreateContext<'_>,
    uncopied: &[Uncopied],
    decisions: &Decisions,
) -> Outcome<Vec<(usize, Option<StoredRecord>)>> {
    let mut all = Vec::new();
    for object in Object::ALL {
        let of = uncopied.iter().filter(|one| one.object == object);
        let of: Vec<(usize, RecordId)> = of.map(|one| (one.at, one.id.clone())).collect();
        for of in of.chunks(FETCHED) {
            all.extend(copies_of(context, object, of, decisions).await?);
        }
    }
    Ok(all)
}

/// The number of records in one fetch.
const FETCHED: usize = 200;

async fn copies_of(
    context: &CreateContext<'_>,
    object: Object,
    of: &[(usize, RecordId)],
    decisions: &Decisions,
) -> Outcome<Vec<(usize, Option<StoredRecord>)>> {
    let scope = &context.integration.scope;
    let ids: Vec<RecordId> = of.iter().map(|(_, id)| id.clone()).collect();
    let mut items = context.crm.fetch(object, &ids).await?;
    parents::complete(&*context.crm, object, &mut items).await?;
    let live: Vec<_> = items
        .into_iter()
        .filter_map(|item| match item {
            Item::Live(record) => Some(record),
            Item::Gone { .. } | Item::Bad { .. } => None,
        })
        .collect();
    let ids: Vec<RecordId> = live.iter().map(|record| record.id.clone()).collect();
    let known = context.store.known(scope, object, &ids).await?;
    let place = |id: &RecordId| of.iter().find(|(_, one)| one == id).map(|(at, _)| *at);
    let mut copies = Vec::with_capacity(live.len());
    let mut fresh = Vec::with_capacity(live.len());
    for (record, known) in live.into_iter().zip(known) {
        match known {
            None => fresh.push(record),
            Some(_) => copies.extend(place(&record.id).map(|at| (at, None))),
        }
    }
    let digests = Digests {
        index: &context.keys.index,
        mapping: "",
        are_associated: context.crm.abilities().reading(object).parents != Parents::InRecord,
    };
    let digests = fresh
        .iter()
        .map(|record| digests.of(&record.fields, record.attributes.parent.as_ref()))
        .collect::<Vec<_>>();
    let changed: Vec<Changed> = fresh
        .into_iter()
        .zip(digests)
        .map(|(record, digest)| Changed {
            record,
            digest,
            known: None,
            born: OF_NO_PAGE,
        })
        .collect();
    let question = Question::new(object, changed.iter().map(|one| one.record.says()));
    let found = match question.keys() {
        [] => Vec::new(),
        keys => context.companies.candidates(keys).await?,
    };
    let matched = question.decide(|place| match found.get(place) {
        Some(Candidates::Some(postings)) => postings,
        Some(Candidates::TooCommon | Candidates::None) | None => &[],
    });
    let mut sealer = Sealer::new(&context.keys.sealing, 1)?;
    let sealing = Sealing {
        scope,
        object,
        keys: &context.keys,
        decisions,
        copied: (context.clock)(),
        sealer: &mut sealer,
    };
    let stored = seal(sealing, OF_NO_PAGE, changed, matched)?;
    let stored = stored.into_iter();
    copies.extend(stored.filter_map(|record| Some((place(&record.id)?, Some(record)))));
    Ok(copies)
}
