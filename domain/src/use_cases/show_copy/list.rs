//! Lists records in pages: by object and filter, by e-mail address, by domain.
//!
//! A page continues where the previous one ended, by key. New and deleted records do not shift it, so no record appears twice, and
//! no record that existed all the time is left out. Most conditions can be checked only on the opened record. So a page reads a
//! bounded number of records, may return few or none, and says where to continue. A page also ends at a number of bytes
//! ([`MAX_ANSWER`]), so records with long texts come in smaller pages. Records of people who objected or were erased are left out
//! just like records that the filter excludes.

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

/// The most reads of the copy for one page, with two round trips each.
const MAX_STEPS: usize = 20;
/// Records read first, before their size is known. A record may have some MB, and a function has little memory.
const FIRST_STEP: usize = 50;

/// A page of records.
pub struct Listed {
    /// The records.
    pub records: Vec<Shown>,
    /// The cursor of the next page. `None` on the last page.
    pub next: Option<String>,
    /// The freshness of the copy.
    pub freshness: Freshness,
}

/// Returns a page of at most `most` records. `after` is the cursor of the previous page.
///
/// # Errors
/// Permanent if the filter names neither an object nor an index, if an id is malformed, or if the cursor belongs to another list.
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
        // Reads no more than the page has room for, because the cursor moves past everything that was read.
        let n = step_size.min(most - records.len());
        let read = step(view, filter, index.as_ref(), token.as_ref(), n).await?;
        n_steps += 1;
        step_size = next_size(&read.copied);
        let shown = view.shown(read.copied, &freshness, &suppressions).await?;
        let admitted = shown
            .into_iter()
            .filter(|record| filter.admits(view, record));
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
                // The next page begins with that record. Only the store can give the token for the place before it.
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

/// The records of a step that fit the page.
enum Taken {
    /// All records of the step, and the remaining budget.
    All(Vec<Shown>, Budget),
    /// Only the records before this one.
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
