//! One record, with its relations and their evidence.

use crate::{
    decision::Decision,
    fault::{Code, Fault, Outcome},
    ports::DecisionsOf,
    record::{Object, RecordId},
    view::{Freshness, MAX_ANSWER, Shown, View},
};

/// A record, with users' decisions about it.
pub struct Detail {
    /// The record.
    pub record: Shown,
    /// The decisions, including withdrawn ones.
    pub decisions: Vec<Decision>,
    /// The freshness of the copy.
    pub freshness: Freshness,
}

/// Returns a record.
///
/// # Errors
/// Permanent if the id is malformed, if the copy has no such record, or if nobody may see it: `record.withheld` if the person
/// objected. If the person was erased, the fault does not reveal that the record exists.
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
