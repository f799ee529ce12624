//! The full picture of one company: its records, and their children.

use std::collections::HashMap;

use futures::future::try_join;
use matching::CompanyId;

use super::status::{CompanyStatus, Doubt, looks_below, status_with};
use crate::{
    fault::{Code, Fault, Outcome},
    record::{Object, RecordId},
    view::{Budget, Freshness, MAX_ANSWER, Shown, View},
};

/// The most children of each kind that are shown, which is the size of a page. The list by parent shows the rest.
const MAX_CHILDREN: usize = 100;
/// Children that are read at a time. A record may have some MB, and a function has little memory.
const AT_ONCE: usize = 100;
/// The smallest remaining budget that is worth a read.
const LEAST_ROOM: usize = MAX_ANSWER / 64;

/// A company's full picture.
pub struct Picture {
    /// Its status, as in a list of companies, except that doubtful records are not left out.
    pub status: CompanyStatus,
    /// Its records, the strongest relation first.
    pub records: Vec<Shown>,
    /// The contacts, tasks and opportunities of each record.
    pub children: HashMap<(Object, RecordId), Vec<Shown>>,
    /// The records of which not all children are shown.
    pub partial: Vec<(Object, RecordId)>,
    /// The freshness of the copy.
    pub freshness: Freshness,
}

/// Returns a company's full picture. It is empty for a company without related records.
///
/// # Errors
/// The fault of the store. Permanent if a body does not open.
pub async fn company(view: &View<'_>, company: &CompanyId) -> Outcome<Picture> {
    let asked = std::slice::from_ref(company);
    let ((mut told, freshness), suppressions) = try_join(
        status_with(view, asked, Doubt::Settled),
        view.suppressions(),
    )
    .await?;
    let Some(status) = told.pop() else {
        // Exactly one company was requested.
        return Err(Fault::of(Code::StoreNoAnswer));
    };
    let places: Vec<(Object, RecordId)> = status
        .records
        .iter()
        .map(|one| (one.object, one.id.clone()))
        .collect();
    let asked = looks_below(view, &places, MAX_CHILDREN);
    let scope = view.scope();
    let (records, found) = try_join(
        view.store.copied(scope, &places),
        view.store.hits(scope, &asked),
    )
    .await?;
    let mut partial = Vec::new();
    let mut parents: HashMap<(Object, RecordId), (Object, RecordId)> = HashMap::new();
    let mut below = Vec::new();
    for (parent, found) in places.iter().zip(found) {
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
        // The company's own records share three quarters of the budget equally.
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
        // A contact that is related to the company itself and belongs to one of its accounts is listed once.
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
