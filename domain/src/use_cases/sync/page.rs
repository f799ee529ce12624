//! Stores one page: compares, matches, seals, puts, takes out, and only then moves the cursor.
//!
//! A slice may be ended at any request here. What it stored of a page is stored again by the next slice: the records it
//! wrote carry the page's number, so that they are written and counted as if for the first time.

use std::collections::BTreeSet;

use bytes::Bytes;
use futures::future::try_join;

use crate::{
    fault::Outcome,
    ports::{Candidates, Known, MAX_GONE, StoredRecord},
    progress::{Cursor, Quarantined, Summary},
    record::{Item, Object, Record, RecordId},
    seal::{Place, Room, Sealed},
    steps::{Changed, Compared, Matched, Question, Says, compare, seal, sort},
    sync::{
        context::{Context, State},
        fields,
        holding::{self, Going},
        keep_away, merged,
    },
};

/// Ids of bad records that a cursor keeps: it is one item of the Ledger, at most 400 KB. Beyond them, a record that is met
/// twice in a run counts twice.
const MAX_BAD_NOTED: usize = 5_000;

/// What is to be stored in one step.
pub(super) struct Batch {
    /// The items.
    pub(super) items: Vec<Item>,
    /// The page they were on, as the CRM sent it; none: the comparison fetched them one by one, and what is written is repaired.
    pub(super) text: Option<Text>,
}

/// The text of the page that is to be stored.
pub(super) enum Text {
    /// Sealed when it came.
    Sealed(Sealed),
    /// To be sealed if any of it is put.
    Plain(Bytes),
}

/// Stores a batch and moves the cursor to where `state` says.
pub(super) async fn store(context: &Context<'_>, state: &mut State, batch: Batch) -> Outcome<()> {
    fields::note_lost(context, state).await?;
    state.summary.seen += batch.items.len() as u64;
    let mut sorted = sort(batch.items);
    let withheld = keep_away::keep_away(context, state, &mut sorted).await?;
    let known = known(context, state, &sorted.live).await?;
    holding::release_restored(context, state, &sorted.live, &known).await?;
    let page = state.cursor.pages;
    let Compared {
        changed,
        added,
        unchanged,
    } = compare(
        &context.keys.index,
        &state.cursor.mapping,
        sorted.live,
        known,
        page,
        state.cursor.rewriting,
    );
    state.summary.unchanged += unchanged;
    if batch.text.is_none() {
        state.summary.repaired += changed.len() as u64;
    }
    let sealed_page = match batch.text {
        Some(Text::Sealed(sealed)) => Some(sealed),
        Some(Text::Plain(text)) if !changed.is_empty() => {
            Some(seal_page(context, state.object, page, text)?)
        }
        Some(Text::Plain(_)) | None => None,
    };

    let says = changed.iter().map(|changed| changed.record.says());
    let matched = relate(context, state.object, says).await?;
    count(state, &changed, &matched);
    let stored = context.sealing(|sealer| {
        let sealing = context.sealing_for(state.object, sealer);
        seal(sealing, page, changed, matched)
    })?;
    put(context, state, stored, sealed_page).await?;
    if !sorted.bad.is_empty() {
        state.summary.quarantined += count_bad(&mut state.cursor, &sorted.bad);
        let run = &context.slice.due.run;
        let store = &context.ports().store;
        let bad = sorted.bad.into_iter().map(|(id, reason)| Quarantined {
            object: state.object,
            id,
            reason: reason.to_owned(),
            page,
        });
        let bad: Vec<Quarantined> = bad.collect();
        store.quarantine(context.scope(), run, &bad).await?;
    }
    merged::note(context, state.object, &sorted.merged).await?;
    state.cursor.pages += 1;
    state.first_page = false;
    take_out(context, state, added, &sorted.gone, withheld).await
}

/// How many bad records were not counted in this run yet. One whose id cannot be read is met by pages only, since nothing
/// can ask for it.
fn count_bad(cursor: &mut Cursor, bad: &[(Option<RecordId>, &str)]) -> u64 {
    let mut is_new = |id: &RecordId| {
        let has_room = cursor.quarantined.len() < MAX_BAD_NOTED;
        !cursor.quarantined.contains(id) && (!has_room || cursor.quarantined.insert(id.clone()))
    };
    let new = bad
        .iter()
        .filter(|(id, _)| id.as_ref().is_none_or(&mut is_new));
    new.count() as u64
}

/// What the copy has of the records. A first reading brings nothing that is there, but for a slice's first page, which
/// the slice before may have stored in part.
async fn known(
    context: &Context<'_>,
    state: &State,
    live: &[Record],
) -> Outcome<Vec<Option<Known>>> {
    if live.is_empty() || (state.cursor.first_reading && !state.first_page) {
        return Ok(vec![None; live.len()]);
    }
    let ids: Vec<RecordId> = live.iter().map(|record| record.id.clone()).collect();
    let store = &context.ports().store;
    store.known(context.scope(), state.object, &ids).await
}

/// Decides which companies the records are. The company database is asked once for the whole page.
pub(super) async fn relate(
    context: &Context<'_>,
    object: Object,
    says: impl ExactSizeIterator<Item = Says<'_>>,
) -> Outcome<Vec<Matched>> {
    let question = Question::new(object, says);
    let found = match question.keys() {
        [] => Vec::new(),
        keys => context.ports().companies.candidates(keys).await?,
    };
    Ok(question.decide(|place| match found.get(place) {
        Some(Candidates::Some(postings)) => postings,
        Some(Candidates::TooCommon | Candidates::None) | None => &[],
    }))
}

fn count(state: &mut State, changed: &[Changed], matched: &[Matched]) {
    state.summary.written += changed.len() as u64;
    for matched in matched {
        state.summary.automatic += matched.n_automatic();
        state.summary.suggested += matched.n_suggested();
    }
}

/// Seals the text of the page of this number.
pub(super) fn seal_page(
    context: &Context<'_>,
    object: Object,
    page: u64,
    text: Bytes,
) -> Outcome<Sealed> {
    let name = page.to_string();
    let place = Place::within(context.scope(), Room::Page, object.name(), &name);
    Ok(context.sealing(|sealer| sealer.seal(&place, &text))?)
}

/// Puts records, and the page they were on, side by side.
async fn put(
    context: &Context<'_>,
    state: &mut State,
    records: Vec<StoredRecord>,
    sealed_page: Option<Sealed>,
) -> Outcome<()> {
    if records.is_empty() {
        return Ok(());
    }
    let (store, scope, run) = (
        &context.ports().store,
        context.scope(),
        &context.slice.due.run,
    );
    let (object, page) = (state.object, state.cursor.pages);
    let bodies = records.iter().map(|record| &record.sealed);
    state.summary.sealed_bytes += bodies
        .chain(&sealed_page)
        .map(|sealed| sealed.as_bytes().len() as u64)
        .sum::<u64>();
    let Some(sealed_page) = sealed_page else {
        return store.put(scope, object, records).await;
    };
    try_join(
        store.put(scope, object, records),
        store.put_page(scope, object, run, page, sealed_page),
    )
    .await
    .map(|_| ())
}

/// Takes records out, some with each checkpoint; the last one moves the cursor. Deletions beyond what may vanish are held
/// back: all else goes on. `erased` are those of `gone` that somebody ordered to be erased: they go whatever may vanish.
pub(super) async fn take_out(
    context: &Context<'_>,
    state: &mut State,
    added: i64,
    gone: &[RecordId],
    erased: BTreeSet<RecordId>,
) -> Outcome<()> {
    for id in gone {
        state.cursor.withheld.remove(id);
    }
    let going = holding::sort_gone(context, state, gone, &erased).await?;
    state.cursor.withheld.extend(erased);
    // The last checkpoint takes what is left along.
    let mut rest = going.as_slice();
    while rest.len() > MAX_GONE {
        let (some, later) = rest.split_at(MAX_GONE);
        let (n, by_order) = count_gone(some);
        let gone = bare(some);
        let note = |summary: &mut Summary| {
            summary.deleted += n;
            summary.by_order += by_order;
        };
        state.checkpoint_ahead(context, &gone, note).await?;
        rest = later;
    }
    let (n, by_order) = count_gone(rest);
    state.summary.deleted += n;
    state.summary.by_order += by_order;
    state.checkpoint(context, added, &bare(rest)).await
}

/// How many leave, and how many of these somebody ordered to.
fn count_gone(going: &[Going]) -> (u64, u64) {
    let by_order = going.iter().filter(|going| going.by_order).count();
    (going.len() as u64, by_order as u64)
}

fn bare(going: &[Going]) -> Vec<(RecordId, Known)> {
    let bare = going.iter();
    bare.map(|going| (going.id.clone(), going.known.clone()))
        .collect()
}
