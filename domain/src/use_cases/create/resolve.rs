//! Finds the outcomes of records that were sent and whose answers were lost.

use std::collections::BTreeSet;

use jiff::SignedDuration;

use super::{
    CreateContext, CreateOutcome,
    intent::{Intent, external_id},
    interchangeable::{Finding, Proof, proofs},
    item::{Item, Sent, Step},
};
use crate::{
    crm_time,
    fault::Outcome,
    ports::{LookedUp, Sought},
    record::{Object, RecordId},
    seal::KeyedHash,
};

/// The largest assumed difference between our clock and the CRM's.
pub(super) const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// Looks up every record that may have been sent. [`proofs`] decides what the lookups prove. A record that was not created may be
/// sent again. After a fault the intent has the results until then.
pub(super) async fn resolve(context: &CreateContext<'_>, intent: &mut Intent) -> Outcome<()> {
    let asked = asked(context, intent);
    if asked.is_empty() {
        return Ok(());
    }
    // The time is read before the lookup. A record that could appear only until then cannot appear later.
    let looked_up = crm_time::now(&*context.crm).await?;
    let (places, sought): (Vec<usize>, Vec<Sought>) = asked.into_iter().unzip();
    let found = context.crm.find(&sought).await?;
    let free = free(context, intent, &sought, &found).await?;
    let findings: Vec<Finding<'_>> = sought
        .iter()
        .zip(found)
        .map(|(sought, LookedUp { found, lag })| {
            let object = sought.draft.object;
            let mine = |found: Vec<RecordId>| {
                let found = found.into_iter();
                found
                    .filter(|id| free.contains(&(object, id.clone())))
                    .collect()
            };
            Finding {
                draft: &sought.draft,
                found: found.map(mine),
                // The newest records may be missing from what the lookup read.
                is_over: looked_up > sought.until.checked_add(lag).unwrap_or(sought.until),
            }
        })
        .collect();
    let proofs = proofs(&findings);
    let store = context.store;
    let scope = &context.integration.scope;
    for ((at, sought), proof) in places.iter().zip(&sought).zip(&proofs) {
        if let Proof::Made(id) = proof {
            let object = sought.draft.object;
            let claim = [(object, id.clone())];
            let others = store.claim_made(scope, &intent.key, &claim).await?;
            // Otherwise another request has claimed it meanwhile.
            if let (None, Some(sent)) = (others, sent(intent, *at)) {
                sent.found(object, id.clone());
            }
        }
    }
    // This comes after the claims. The proof is that all records found belong to other items.
    for (at, proof) in places.into_iter().zip(proofs) {
        if let (Proof::NotMade, Some(sent)) = (proof, sent(intent, at)) {
            sent.not_made();
        }
    }
    Ok(())
}

fn sent(intent: &mut Intent, at: usize) -> Option<Sent<'_>> {
    intent.step(at).and_then(Step::sent)
}

/// Returns the lookups for the records that may have been sent, with their places in the request.
fn asked(context: &CreateContext<'_>, intent: &Intent) -> Vec<(usize, Sought)> {
    let settles = context.crm.settles();
    let asked = intent.body().places(Item::sent).into_iter();
    asked
        .map(|(at, (draft, sent))| {
            let item = intent.body().item(at);
            let has_external_id = item.is_some_and(Item::has_external_id);
            let sought = Sought {
                draft: draft.clone(),
                external_id: has_external_id.then(|| external_id(intent, at)),
                chosen_id: item.and_then(Item::chosen_id).cloned(),
                since: sent.checked_sub(SKEW).unwrap_or(sent),
                until: sent.checked_add(settles + SKEW).unwrap_or(sent),
            };
            (at, sought)
        })
        .collect()
}

/// Returns the found records that this request may have created and that are not assigned to any of its items yet.
async fn free(
    context: &CreateContext<'_>,
    intent: &Intent,
    sought: &[Sought],
    found: &[LookedUp],
) -> Outcome<BTreeSet<(Object, RecordId)>> {
    let all = sought.iter().zip(found).flat_map(|(sought, found)| {
        let object = sought.draft.object;
        let found = found.found.iter().flatten();
        found.map(move |id| (object, id.clone()))
    });
    let mut all: Vec<(Object, RecordId)> = all.collect();
    all.sort_unstable();
    all.dedup();
    if all.is_empty() {
        return Ok(BTreeSet::new());
    }
    let scope = &context.integration.scope;
    let makers = context.store.makers(scope, &all).await?;
    let outcomes = intent.body().outcomes();
    let taken: BTreeSet<&RecordId> = outcomes
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
