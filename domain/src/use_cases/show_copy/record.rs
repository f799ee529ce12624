//! One record, with its relations and why the rule came to them.

use crate::{
    decision::Decision,
    fault::{Code, Fault, Outcome},
    ports::DecisionsOf,
    record::{Object, RecordId},
    view::{Freshness, MAX_ANSWER, Shown, View},
};

/// A record, and what users decided about it.
pub struct Detail {
    /// The record.
    pub record: Shown,
    /// The decisions, those taken back among them.
    pub decisions: Vec<Decision>,
    /// How fresh the copy is.
    pub freshness: Freshness,
}

/// A record.
///
/// # Errors
/// Permanent, when the id cannot be one, when there is no such record in the copy, or nobody may see it: `record.withheld`, where the person objected. Of
/// a person who was erased it is not even said that there is a record.
pub async fn record(view: &View<'_>, object: Object, id: &RecordId) -> Outcome<Detail> {
    let (scope, id) = (view.scope(), &view.spelt(id)?);
    let wanted = [(object, id.clone())];
    let (copied, decisions, freshness, suppressions) = futures::try_join!(
        view.store.copied(scope, &wanted),
        view.store.decisions(scope, DecisionsOf::Record(object, id)),
        view.freshness(),
        view.suppressions(),
    )?;
    let copied: Vec<_> = copied.into_iter().flatten().collect();
    if copied.is_empty() {
        return Err(Fault::of(Code::RecordUnknown));
    }
    let mut opener = view.opener()?;
    let decisions = decisions
        .iter()
        .map(|stored| Decision::open(&mut opener, scope, stored))
        .collect::<Outcome<_>>()?;
    drop(opener);
    let record = view.opened(copied, &freshness).await?.pop();
    let mut record = record.ok_or_else(|| Fault::of(Code::CopiesBodyMissing))?;
    view.admit(&record, &suppressions).await?;
    record.fit(MAX_ANSWER)?;
    Ok(Detail {
        record,
        decisions,
        freshness,
    })
}
