//! Records a page at a time: by object and filter, by e-mail, by domain.
//!
//! A page goes on where the one before ended, by key: what is new or gone meanwhile moves nothing, so that no record comes
//! twice and none that was there all the time is left out. What is in a record can only be asked once it is open: a page
//! looks at a bounded number of records, may come back with few or none, and says where it goes on. It ends at a number of bytes, too
//! ([`MAX_ANSWER`]): records with long texts come in smaller pages. People who objected or
//! were erased are left out as what a filter leaves out is.

use futures::future::try_join;

use super::{
    filter::{Filter, MAX_PAGE},
    step::{next_size, step},
};
use crate::{
    fault::Outcome,
    record::{Object, RecordId},
    view::{Budget, Freshness, MAX_ANSWER, Shown, View, cursor},
};

/// Times that the copy is asked for one page, at most: two round trips each.
const MAX_STEPS: usize = 20;
/// Records that are read before it is known how large they are. A record may have some MB, and a function little memory.
const FIRST_STEP: usize = 50;

/// A page of records.
pub struct Listed {
    /// The records.
    pub records: Vec<Shown>,
    /// The cursor of the next page; none: this was the last.
    pub next: Option<String>,
    /// How fresh the copy is.
    pub freshness: Freshness,
}

/// A page of at most `most` records; `after` is the cursor that the page before ended with.
///
/// # Errors
/// Permanent, when the filter names neither an object nor an index, an id that cannot be one, or the cursor is of another list.
pub async fn list(
    view: &View<'_>,
    filter: &Filter,
    after: Option<&str>,
    most: usize,
) -> Outcome<Listed> {
    let filter = &filter.spelt(view)?;
    let question = filter.question();
    let mut token = after
        .map(|after| cursor::open(view, "records", &question, after))
        .transpose()?;
    let (freshness, suppressions) = try_join(view.freshness(), view.suppressions()).await?;
    let index = filter.index(view);
    let most = most.clamp(1, MAX_PAGE);
    let (mut records, mut n_steps) = (Vec::new(), 0);
    let (mut budget, mut step_size, mut is_full) = (Budget::default(), FIRST_STEP, false);
    loop {
        // No more than there is room for: what was looked at is passed.
        let n = step_size.min(most - records.len());
        let read = step(view, filter, index.as_ref(), token.as_ref(), n).await?;
        n_steps += 1;
        step_size = next_size(&read.copied);
        let shown = view.shown(read.copied, &freshness, &suppressions).await?;
        let admitted = shown.into_iter().filter(|record| filter.admits(record));
        match taken(admitted, budget)? {
            Taken::All(more, left) => {
                records.extend(more);
                budget = left;
                token = read.next;
                is_full |= records.len() >= most || n_steps >= MAX_STEPS;
                if token.is_none() || is_full {
                    break;
                }
            }
            Taken::UpTo(record) => {
                // The next page begins with that record. Where those before it end, only the store can say.
                let n_before = read.places.iter().position(|place| *place == record);
                step_size = n_before.unwrap_or(0);
                is_full = true;
                if step_size == 0 || n_steps > MAX_STEPS {
                    break;
                }
            }
        }
    }
    let next = token
        .map(|token| cursor::seal(view, "records", &question, &token))
        .transpose()?;
    Ok(Listed {
        records,
        next,
        freshness,
    })
}

/// What a page has room for.
enum Taken {
    /// All of the step's records, and the room that is left.
    All(Vec<Shown>, Budget),
    /// Those before this one.
    UpTo((Object, RecordId)),
}

fn taken(records: impl Iterator<Item = Shown>, mut budget: Budget) -> Outcome<Taken> {
    let mut taken = Vec::new();
    for mut record in records {
        record.fit(MAX_ANSWER)?;
        if !budget.take(record.weight()) {
            return Ok(Taken::UpTo((record.object, record.id)));
        }
        taken.push(record);
    }
    Ok(Taken::All(taken, budget))
}
