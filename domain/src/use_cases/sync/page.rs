//! Stores one page: compares, matches, seals, puts, takes out, and only then moves the cursor.
//!
//! A slice may be ended at any request here. Then the next slice stores the page again. The records that were written already have
//! the page's number, so they are written and counted as if for the first time.

use std::collections::BTreeSet;

use bytes::Bytes;
use futures::future::try_join;

use crate::{
    fault::Outcome,
    ports::{Candidates, Known, MAX_GONE, StoredRecord},
    progress::{Quarantined, Summary},
    record::{Item, Object, Record, RecordId},
    seal::{Place, Room, Sealed},
    steps::{Changed, Compared, Digests, Matched, Question, Says, compare, seal, sort},
    sync::{
        context::Context,
        fields,
        holding::{self, Going},
        keep_away, merged, outdated,
        state::State,
    },
};

/// The items that are stored in one step.
pub(super) struct Batch {
    /// The items.
    pub(super) items: Vec<Item>,
    /// Their page, as the CRM sent it. `None` if they were fetched by their ids. Then written records count as repaired.
    pub(super) text: Option<Text>,
    /// Whether unchanged records are written, too, because their bodies are of an older format. The cursor may already be past the
    /// reading that writes them.
    pub(super) rewriting: bool,
}

/// The text of a page for the store.
pub(super) enum Text {
    /// The text was sealed when the page arrived.
    Sealed(Sealed),
    /// The text is sealed if a record of the page is put.
    Plain(Bytes),
}

/// Stores a batch and moves the cursor to the position in `state`.
pub(super) async fn store(context: &Context<'_>, state: &mut State, batch: Batch) -> Outcome<()> {
    fields::note_lost(context, state).await?;
    state.summary.seen += batch.items.len() as u64;
    let mut sorted = sort(batch.items);
    let withheld = keep_away::keep_away(context, state, &mut sorted).await?;
    outdated::note(context, state, &sorted).await?;
    let known = known(context, state, &sorted.live).await?;
    holding::release_restored(context, state, &sorted.live, &known).await?;
    let page = state.cursor.reading.pages();
    let digests = Digests {
        index: &context.keys.index,
        mapping: state.cursor.fields.mapping(),
        are_associated: state.are_associated,
    };
    let Compared {
        changed,
        added,
        unchanged,
    } = compare(digests, sorted.live, known, page, batch.rewriting);
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
        let ids = sorted.bad.iter().map(|(id, _)| id.as_ref());
        state.summary.quarantined += state.cursor.quarantine.count_new(ids);
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
    state.cursor.reading.page_stored();
    state.first_page = false;
    take_out(context, state, added, &sorted.gone, withheld).await
}

/// Returns what the copy knows of the records. A first reading brings only new records. The exception is a slice's first page, which
/// the previous slice may have stored in part.
async fn known(
    context: &Context<'_>,
    state: &State,
    live: &[Record],
) -> Outcome<Vec<Option<Known>>> {
    if live.is_empty() || (state.cursor.reading.is_first() && !state.first_page) {
        return Ok(vec![None; live.len()]);
    }
    let ids: Vec<RecordId> = live.iter().map(|record| record.id.clone()).collect();
    let store = &context.ports().store;
    store.known(context.scope(), state.object, &ids).await
}

/// Decides which companies the records are, with one query to the company database for the whole page.
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

/// Seals the text of the page with this number.
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

/// Puts records and their page in parallel.
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
    let (object, page) = (state.object, state.cursor.reading.pages());
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

/// Takes records out, some with each checkpoint. The last checkpoint moves the cursor. The deletion guard holds deletions above its
/// limit back, and the rest goes on. `erased` names those in `gone` that somebody ordered to erase. They leave regardless of the
/// limit.
pub(super) async fn take_out(
    context: &Context<'_>,
    state: &mut State,
    added: i64,
    gone: &[RecordId],
    erased: BTreeSet<RecordId>,
) -> Outcome<()> {
    for id in gone {
        state.cursor.withholding.lift(id);
        state.cursor.comparison.is_renewed(id);
    }
    let going = holding::sort_gone(context, state, gone, &erased).await?;
    state.cursor.withholding.withhold(erased);
    // The last checkpoint takes the remaining records out.
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

/// Counts the records that leave, and those of them whose deletion somebody ordered.
fn count_gone(going: &[Going]) -> (u64, u64) {
    let by_order = going.iter().filter(|going| going.by_order).count();
    (going.len() as u64, by_order as u64)
}

fn bare(going: &[Going]) -> Vec<(RecordId, Known)> {
    let bare = going.iter();
    bare.map(|going| (going.id.clone(), going.known.clone()))
        .collect()
}
