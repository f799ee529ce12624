//! The whole list of due integrations at once, where it is short or nobody waits: [`listed`] for the operator command, [`whole`]
//! for tests. The function dispatch takes the list page by page.

use jiff::Timestamp;

use super::{Dispatched, dispatch};
use crate::{fault::Outcome, integration::Due, order::Rule, ports::Schedule, settings::Calendar};

/// Returns all integrations that are due at `now`, one part of the list after the other.
///
/// # Errors
/// The fault of the store.
pub async fn listed(store: &(impl Schedule + ?Sized), now: Timestamp) -> Outcome<Vec<Due>> {
    let mut all = Vec::new();
    for part in store.parts().await? {
        let mut place = Some(part);
        while let Some(from) = place {
            let (due, next) = store.due(now, &from).await?;
            all.extend(due);
            place = next;
        }
    }
    Ok(all)
}

/// Dispatches the whole list as of `now`, and returns the orders together.
///
/// # Errors
/// The first fault of the store.
pub async fn whole(
    store: &dyn Schedule,
    rule: Rule,
    now: Timestamp,
    calendar: &Calendar,
    random: &(dyn Fn() -> u32 + Sync),
) -> Outcome<Dispatched> {
    let mut all = Dispatched::default();
    for part in store.parts().await? {
        let mut place = Some(part);
        while let Some(from) = place {
            let page = dispatch(store, rule, now, calendar, random, &from).await?;
            if let Some(fault) = page.fault {
                return Err(fault);
            }
            all.orders.extend(page.orders);
            all.begun += page.begun;
            all.resumed += page.resumed;
            all.removing += page.removing;
            all.oldest_removal = all
                .oldest_removal
                .into_iter()
                .chain(page.oldest_removal)
                .min();
            place = page.next;
        }
    }
    Ok(all)
}
