//! What became of records that were sent, and whose answer never came.

use std::collections::BTreeSet;

use jiff::SignedDuration;

use super::{
    CreateContext, CreateOutcome,
    clock::crm_clock,
    intent::{Intent, State, external_id},
    interchangeable::{Looked, Told, tell},
};
use crate::{
    fault::Outcome,
    ports::Sought,
    record::{Object, RecordId},
    seal::KeyedHash,
};

/// How far our clock and the CRM's may lie apart.
pub(super) const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// Looks up every record that may have been sent. What is told of each: [`tell`]. One that was not made may be sent. A fault
/// leaves what was found before it in the intent.
pub(super) async fn resolve(context: &CreateContext<'_>, intent: &mut Intent) -> Outcome<()> {
    let asked = asked(context, intent);
    if asked.is_empty() {
        return Ok(());
    }
    // Before the look: what is looked for after this moment cannot appear later.
    let looked_at = crm_clock(context).await?;
    let (places, sought): (Vec<usize>, Vec<Sought>) = asked.into_iter().unzip();
    let found = context.crm.find(&sought).await?;
    let free = free(context, intent, &sought, &found).await?;
    let looks: Vec<Looked<'_>> = sought
        .iter()
        .zip(found)
        .map(|(sought, found)| {
            let object = sought.draft.object;
            let mine = |found: Vec<RecordId>| {
                let found = found.into_iter();
                found
                    .filter(|id| free.contains(&(object, id.clone())))
                    .collect()
            };
            Looked {
                draft: &sought.draft,
                found: found.map(mine),
                is_over: looked_at > sought.until,
            }
        })
        .collect();
    let told = tell(&looks);
    let store = context.store;
    let scope = &context.integration.scope;
    for ((at, sought), told) in places.iter().zip(&sought).zip(&told) {
        if let Told::Made(id) = told {
            let claim = [(sought.draft.object, id.clone())];
            let others = store.claim_made(scope, &intent.key, &claim).await?;
            // Else another request was told of it meanwhile.
            let item = &mut intent.body.items[*at];
            if let (None, State::Sent(sent)) = (others, &item.state) {
                item.state = State::Made {
                    object: sought.draft.object,
                    id: id.clone(),
                    sent: Some(*sent),
                };
            }
        }
    }
    // What was not made is known from its being none of those that were: not before each of them is somebody's.
    for (at, told) in places.into_iter().zip(told) {
        if told == Told::NotMade {
            intent.body.items[at].state = State::Begun;
        }
    }
    Ok(())
}

/// What may have been sent, and its places in the request.
fn asked(context: &CreateContext<'_>, intent: &Intent) -> Vec<(usize, Sought)> {
    let settles = context.crm.settles();
    let mut asked = Vec::new();
    for (at, item) in intent.body.items.iter().enumerate() {
        if let (State::Sent(sent), Some(wanted)) = (&item.state, &item.wanted) {
            let sought = Sought {
                draft: wanted.draft.clone(),
                external_id: Some(external_id(intent, at)),
                since: sent.checked_sub(SKEW).unwrap_or(*sent),
                until: sent.checked_add(settles + SKEW).unwrap_or(*sent),
            };
            asked.push((at, sought));
        }
    }
    asked
}

/// Of what was found, what may have been made by this request and is none of its records yet.
async fn free(
    context: &CreateContext<'_>,
    intent: &Intent,
    sought: &[Sought],
    found: &[Option<Vec<RecordId>>],
) -> Outcome<BTreeSet<(Object, RecordId)>> {
    let all = sought.iter().zip(found).flat_map(|(sought, found)| {
        let object = sought.draft.object;
        found.iter().flatten().map(move |id| (object, id.clone()))
    });
    let mut all: Vec<(Object, RecordId)> = all.collect();
    all.sort_unstable();
    all.dedup();
    if all.is_empty() {
        return Ok(BTreeSet::new());
    }
    let scope = &context.integration.scope;
    let makers = context.store.makers(scope, &all).await?;
    let outcome = intent.body.outcome();
    let taken: BTreeSet<&RecordId> = outcome
        .iter()
        .filter_map(|outcome| match outcome {
            CreateOutcome::Created { id, .. } => Some(id),
            _ => None,
        })
        .collect();
    let is_free = |(place, maker): &(&(Object, RecordId), Option<KeyedHash>)| {
        maker.is_none_or(|maker| maker == intent.key) && !taken.contains(&place.1)
    };
    let free = all.iter().zip(makers).filter(is_free);
    Ok(free.map(|(place, _)| place.clone()).collect())
}
