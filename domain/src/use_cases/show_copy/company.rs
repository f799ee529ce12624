//! All there is of one company: its records, and what belongs to them.

use std::collections::HashMap;

use futures::future::try_join;
use matching::CompanyId;

use super::status::{CompanyStatus, Doubt, looks_below, status_with};
use crate::{
    fault::{Code, Fault, Outcome},
    record::{Object, RecordId},
    view::{Budget, Freshness, MAX_ANSWER, Shown, View},
};

/// Records of each kind that are shown: what a page can hold. The list by parent goes on where this ends.
const MAX_CHILDREN: usize = 100;
/// Records below the company's own that are read at a time. They may have some MB each, and a function little memory.
const AT_ONCE: usize = 100;
/// Room that is not worth reading for.
const LEAST_ROOM: usize = MAX_ANSWER / 64;

/// A company's full picture.
pub struct Picture {
    /// Its status, as in a list of companies, but that nobody is left out for doubt.
    pub status: CompanyStatus,
    /// Its records, the firmest relation first.
    pub records: Vec<Shown>,
    /// What belongs to each of them: contacts, tasks, opportunities.
    pub children: HashMap<RecordId, Vec<Shown>>,
    /// The records that more belongs to than is shown here.
    pub partial: Vec<RecordId>,
    /// How fresh the copy is.
    pub freshness: Freshness,
}

/// A company's full picture. A company that no record is related to has an empty one.
///
/// # Errors
/// Those of the store; permanent, for what does not open.
pub async fn company(view: &View<'_>, company: &CompanyId) -> Outcome<Picture> {
    let asked = std::slice::from_ref(company);
    let ((mut told, freshness), suppressions) = try_join(
        status_with(view, asked, Doubt::Settled),
        view.suppressions(),
    )
    .await?;
    let Some(status) = told.pop() else {
        // One was asked for.
        return Err(Fault::of(Code::StoreNoAnswer));
    };
    let places: Vec<(Object, RecordId)> = status
        .records
        .iter()
        .map(|(object, id, ..)| (*object, id.clone()))
        .collect();
    let asked = looks_below(view, &places, MAX_CHILDREN);
    let scope = view.scope();
    let (records, found) = try_join(
        view.store.copied(scope, &places),
        view.store.hits(scope, &asked),
    )
    .await?;
    let mut partial = Vec::new();
    let mut parents: HashMap<(Object, RecordId), RecordId> = HashMap::new();
    let mut below = Vec::new();
    for ((_, parent), found) in places.iter().zip(found) {
        if found.next.is_some() {
            partial.push(parent.clone());
        }
        for hit in found.hits {
            let place = (hit.object, hit.id);
            if !places.contains(&place) && !parents.contains_key(&place) {
                below.push(place.clone());
            }
            parents.insert(place, parent.clone());
        }
    }
    let (mut budget, mut shown) = (Budget::default(), Vec::new());
    let copied = records.into_iter().flatten().collect();
    let mut own = view.shown(copied, &freshness, &suppressions).await?;
    let n_own = own.len().max(1);
    for record in &mut own {
        // A fair share each of what the company's own records may take: three quarters.
        record.fit(MAX_ANSWER / 4 * 3 / n_own)?;
        budget.take(record.weight());
    }
    shown.extend(own);
    let (mut unread, mut at_once) = (below.as_slice(), AT_ONCE);
    while !unread.is_empty() && budget.left() > LEAST_ROOM {
        let (page, later) = unread.split_at(at_once.min(unread.len()));
        let found = view.store.copied(scope, page).await?;
        let found = found.into_iter().flatten().collect();
        let mut bytes = 0;
        for record in view.shown(found, &freshness, &suppressions).await? {
            bytes += record.weight();
            if budget.take(record.weight()) {
                shown.push(record);
            } else if let Some(parent) = parents.get(&(record.object, record.id)) {
                partial.push(parent.clone());
            }
        }
        at_once = budget.left() / (bytes / page.len()).max(1) + 1;
        unread = later;
    }
    partial.extend(
        unread
            .iter()
            .filter_map(|place| parents.get(place))
            .cloned(),
    );
    partial.sort_unstable();
    partial.dedup();
    shown.sort_by(|left, right| {
        (left.object, std::cmp::Reverse(left.modified), &left.id).cmp(&(
            right.object,
            std::cmp::Reverse(right.modified),
            &right.id,
        ))
    });
    let mut picture = Picture {
        status,
        records: Vec::new(),
        children: HashMap::new(),
        partial,
        freshness,
    };
    for record in shown {
        let place = (record.object, record.id.clone());
        // A contact that is related itself and belongs to an account stands with the account, too, once.
        match parents.get(&place) {
            _ if places.contains(&place) => picture.records.push(record),
            Some(parent) => picture
                .children
                .entry(parent.clone())
                .or_default()
                .push(record),
            None => {}
        }
    }
    let rank = |record: &Shown| {
        let place = (record.object, record.id.clone());
        places.iter().position(|there| *there == place)
    };
    picture.records.sort_by_key(rank);
    Ok(picture)
}
