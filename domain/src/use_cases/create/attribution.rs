//! Attribution: which request made a record that a lookup found.
//!
//! A lookup can find a record of another request before that request has the CRM's answer, and may take the record for its own.
//! Once the maker has noted the record, the mistake is corrected.

use super::{
    CreateContext,
    intent::Intent,
    item::{Item, Step},
};
use crate::{
    fault::Outcome,
    record::{Object, RecordId},
};

/// Notes the records that the CRM itself confirmed to this request, and checks those that a lookup took for this request's. If
/// another request made such a record, or if the check fails, the outcome is unknown again.
pub(super) async fn confirm(context: &CreateContext<'_>, intent: &mut Intent) -> Outcome<()> {
    let found = |item: &Item| {
        let (object, id, is_found) = item.made()?;
        is_found.then(|| (object, id.clone()))
    };
    let found = intent.body().places(found);
    let others = others(context, intent, &found).await;
    for (n, (at, _)) in found.iter().enumerate() {
        if others.as_ref().map_or(true, |others| others.contains(&n)) {
            is_anothers(intent, *at);
        }
    }
    let noted = note(context, intent).await;
    others.and(noted)
}

async fn note(context: &CreateContext<'_>, intent: &Intent) -> Outcome<()> {
    let uncopied = intent.body().uncopied().into_iter();
    let answered = uncopied.filter(|one| !one.is_found);
    let answered: Vec<_> = answered.map(|one| (one.object, one.id)).collect();
    if answered.is_empty() {
        return Ok(());
    }
    let (store, scope) = (context.store, &context.integration.scope);
    match store.note_made(scope, &intent.key, &answered).await {
        Err(fault) if fault.is_transient() => store.note_made(scope, &intent.key, &answered).await,
        noted => noted,
    }
}

/// Corrects outcomes: a lookup took the record for this request's, and another request has noted it since.
pub(super) async fn correct(context: &CreateContext<'_>, intent: &mut Intent) -> Outcome<()> {
    let kept = |item: &Item| {
        let (object, id) = item.kept_as_found()?;
        Some((object, id.clone()))
    };
    let kept = intent.body().places(kept);
    for n in others(context, intent, &kept).await? {
        if let Some((at, _)) = kept.get(n) {
            is_anothers(intent, *at);
        }
    }
    Ok(())
}

fn is_anothers(intent: &mut Intent, at: usize) {
    if let Some(found) = intent.step(at).and_then(Step::found) {
        found.confirmed_as_anothers();
    }
}

type Place = (usize, (Object, RecordId));

/// Returns which of these records another request has noted.
async fn others(
    context: &CreateContext<'_>,
    intent: &Intent,
    found: &[Place],
) -> Outcome<Vec<usize>> {
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let records: Vec<_> = found.iter().map(|(_, record)| record.clone()).collect();
    let store = context.store;
    let makers = store.makers(&context.integration.scope, &records).await?;
    let makers = makers.into_iter().enumerate();
    Ok(makers
        .filter(|(_, maker)| maker.is_some_and(|maker| maker != intent.key))
        .map(|(n, _)| n)
        .collect())
}
