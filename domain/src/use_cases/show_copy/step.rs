//! One step of a list: reads the store after a cursor, by an index or by object.

use super::filter::{Filter, MAX_PAGE};
use crate::{
    fault::{Code, Fault, Outcome},
    ports::{Copied, HeldToken, Index, Lookup},
    record::{Object, RecordId},
    seal::KeyedHash,
    view::View,
};

/// The approximate number of sealed bytes that a step reads.
const STEP_BYTES: usize = 8 << 20;

/// Returns how many records the next step should read, given the size of the last step's records.
pub(super) fn next_size(copied: &[Copied]) -> usize {
    let sealed = copied.iter().filter_map(|copied| copied.sealed.as_ref());
    let bytes: usize = sealed.map(|sealed| sealed.as_bytes().len()).sum();
    let average = bytes / copied.len().max(1);
    (STEP_BYTES / average.max(1)).clamp(1, MAX_PAGE)
}

/// The result of one step.
#[derive(Default)]
pub(super) struct Read {
    /// The records that were looked at, in the store's order.
    pub(super) places: Vec<(Object, RecordId)>,
    /// Those of them that exist and pass the filter's checks on unopened records.
    pub(super) copied: Vec<Copied>,
    /// The token of the next step.
    pub(super) next: Option<HeldToken>,
}

/// Reads on after a token.
pub(super) async fn step(
    view: &View<'_>,
    filter: &Filter,
    index: Option<&(Index, Vec<KeyedHash>)>,
    token: Option<&HeldToken>,
    most: usize,
) -> Outcome<Read> {
    let scope = view.scope();
    let Some((index, hashes)) = index else {
        let object = filter
            .object
            .ok_or_else(|| Fault::of(Code::FilterMissing))?;
        let (copied, next) = view.store.scan(scope, object, token, most).await?;
        return Ok(Read {
            places: copied.iter().map(id_of).collect(),
            copied,
            next,
        });
    };
    let (nth, after) = place(token);
    let Some(hash) = hashes.get(nth) else {
        return Ok(Read::default());
    };
    let ask = Lookup {
        index: *index,
        hash: *hash,
        after,
        most,
    };
    let found = view.store.hits(scope, &[ask]).await?.pop();
    let found = found.unwrap_or_default();
    let hits = found.hits.into_iter();
    let places: Vec<(Object, RecordId)> = hits.map(|hit| (hit.object, hit.id)).collect();
    let is_wanted = |(object, _): &&(Object, RecordId)| {
        let only = filter.object;
        only.is_none_or(|only| *object == only)
    };
    let wanted: Vec<(Object, RecordId)> = places.iter().filter(is_wanted).cloned().collect();
    let copied = if wanted.is_empty() {
        Vec::new()
    } else {
        view.store.copied(scope, &wanted).await?
    };
    let next = match found.next {
        Some(next) => Some(placed(nth, &next.0)),
        None if nth + 1 < hashes.len() => Some(placed(nth + 1, "")),
        None => None,
    };
    Ok(Read {
        places,
        copied: copied.into_iter().flatten().collect(),
        next,
    })
}

fn id_of(copied: &Copied) -> (Object, RecordId) {
    (copied.object, copied.id.clone())
}

/// Returns the index of the hash at which a token continues, and the position there. A token of the first hash is the index's own.
fn place(token: Option<&HeldToken>) -> (usize, Option<HeldToken>) {
    let Some(token) = token else {
        return (0, None);
    };
    let later = token.0.split_once(BEHIND);
    let later = later.and_then(|(nth, token)| Some((nth.parse().ok()?, token)));
    match later {
        Some((nth, "")) => (nth, None),
        Some((nth, token)) => (nth, Some(HeldToken(token.to_owned()))),
        None => (0, Some(token.clone())),
    }
}

fn placed(nth: usize, token: &str) -> HeldToken {
    match nth {
        0 => HeldToken(token.to_owned()),
        _ => HeldToken(format!("{nth}{BEHIND}{token}")),
    }
}

/// Separates the number of a hash from the index's token. No token of an index contains it.
const BEHIND: char = '\n';
