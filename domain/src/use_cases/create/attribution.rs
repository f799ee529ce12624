//! Whose the records are that were made. A look sees a record before whoever made it has the CRM's answer, and may take it
//! for its own: then it says so until the maker has noted it, and not after.

use super::{
    CreateContext, CreateOutcome,
    intent::{Intent, Item, State},
};
use crate::{
    fault::Outcome,
    record::{Object, RecordId},
};

/// Notes what the CRM itself said that we made, and asks whether what a look took for ours is still ours: else, or where
/// that cannot be asked, it is unknown again.
pub(super) async fn confirm(context: &CreateContext<'_>, intent: &mut Intent) -> Outcome<()> {
    let found = found(intent, |item| match &item.state {
        State::Made {
            object,
            id,
            sent: Some(_),
        } => Some((*object, id.clone())),
        _ => None,
    });
    let others = others(context, intent, &found).await;
    for (n, (at, _)) in found.iter().enumerate() {
        let item = &mut intent.body.items[*at];
        let is_anothers = others.as_ref().map_or(true, |others| others.contains(&n));
        if let (
            true,
            State::Made {
                sent: Some(sent), ..
            },
        ) = (is_anothers, &item.state)
        {
            item.state = State::Sent(*sent);
        }
    }
    let noted = note(context, intent).await;
    others.and(noted)
}

async fn note(context: &CreateContext<'_>, intent: &Intent) -> Outcome<()> {
    let answered = intent
        .body
        .items
        .iter()
        .filter_map(|item| match &item.state {
            State::Made {
                object,
                id,
                sent: None,
            } => Some((*object, id.clone())),
            _ => None,
        });
    let answered: Vec<_> = answered.collect();
    if answered.is_empty() {
        return Ok(());
    }
    let (store, scope) = (context.store, &context.integration.scope);
    match store.note_made(scope, &intent.key, &answered).await {
        Err(fault) if fault.is_transient() => store.note_made(scope, &intent.key, &answered).await,
        noted => noted,
    }
}

/// Takes back what we said of records that a look took for ours and whose maker has told otherwise since.
pub(super) async fn correct(context: &CreateContext<'_>, intent: &mut Intent) -> Outcome<()> {
    let found = found(intent, |item| match (&item.state, item.found) {
        (State::Done(CreateOutcome::Created { id, .. }), Some(object)) => {
            Some((object, id.clone()))
        }
        _ => None,
    });
    for n in others(context, intent, &found).await? {
        if let Some((at, _)) = found.get(n) {
            intent.body.items[*at].state = State::Done(CreateOutcome::Unknown);
        }
    }
    Ok(())
}

type Place = (usize, (Object, RecordId));

fn found(intent: &Intent, which: impl Fn(&Item) -> Option<(Object, RecordId)>) -> Vec<Place> {
    let items = intent.body.items.iter().enumerate();
    items
        .filter_map(|(at, item)| Some((at, which(item)?)))
        .collect()
}

/// Which of these are noted as another request's.
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
