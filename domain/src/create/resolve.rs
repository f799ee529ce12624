//! What became of records that were sent, and whose answer never came.

use jiff::SignedDuration;

use super::{
    Making,
    intent::{Intent, State},
    run::{Fresh, external, now},
};
use crate::{fault::Outcome, ports::Sought};

/// How far our clock and the CRM's may lie apart.
pub(super) const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// Looks up every record that may have been sent. One that is found was made; one that is not found, and cannot appear any
/// more, was not, and may be sent; the others stay unknown. Answers what was found.
pub(super) async fn resolve(making: &Making<'_>, intent: &mut Intent) -> Outcome<Vec<Fresh>> {
    let settles = making.crm.settles();
    let mut asked = Vec::new();
    for (at, item) in intent.body.items.iter().enumerate() {
        if let (State::Sent(sent), Some(wanted)) = (&item.state, &item.wanted) {
            let sought = Sought {
                draft: wanted.draft.clone(),
                external: Some(external(intent, at)),
                since: sent.checked_sub(SKEW).unwrap_or(*sent),
                until: sent.checked_add(settles + SKEW).unwrap_or(*sent),
            };
            asked.push((at, *sent, sought));
        }
    }
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    // Before the look: what is looked for after this moment cannot appear later.
    let looked = now(making);
    let (places, sought): (Vec<_>, Vec<_>) = asked
        .into_iter()
        .map(|(at, sent, sought)| ((at, sent, sought.draft.object), sought))
        .unzip();
    let found = making.crm.find(&sought).await?;
    let store = &making.ports.store;
    let scope = &making.integration.scope;
    let mut fresh: Vec<Fresh> = Vec::new();
    for ((at, sent, object), found) in places.into_iter().zip(found) {
        // A record is one request's, and within it one item's.
        let records: Vec<_> = found.into_iter().map(|id| (object, id)).collect();
        let makers = store.makers(scope, &records).await?;
        let mut mine = Vec::new();
        for ((_, id), maker) in records.into_iter().zip(makers) {
            let is_ours = maker.is_none_or(|maker| maker == intent.key);
            if is_ours && fresh.iter().all(|(.., other)| *other != id) {
                mine.push(id);
            }
        }
        if let [id] = mine.as_slice() {
            let claim = [(object, id.clone())];
            if store
                .claim_made(scope, &intent.key, &claim)
                .await?
                .is_some()
            {
                // Another request was told of it meanwhile.
                mine.clear();
            }
        }
        let item = &mut intent.body.items[at];
        match mine.as_slice() {
            [id] => {
                item.made(id.clone());
                fresh.push((at, object, id.clone()));
            }
            [] if looked > sent.checked_add(settles + SKEW).unwrap_or(sent) => {
                item.state = State::Begun;
            }
            // Not to be known: not there yet, or several that could be it.
            _ => {}
        }
    }
    Ok(fresh)
}
