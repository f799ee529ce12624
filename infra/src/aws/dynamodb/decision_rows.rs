//! The rows of users' decisions about relations.

use domain::{
    fault::Outcome,
    ports::StoredDecision,
    record::{Object, RecordId},
    seal::{KeyedHash, Sealed},
    tenant::Scope,
};
use matching::RelationStatus;

use super::{
    batch::key,
    item::{Attributes, Item, blob, text, time},
};
use crate::aws::{fault::malformed, places};

/// Returns the row of a decision.
pub(super) fn of_decision(scope: &Scope, decision: &StoredDecision) -> Attributes {
    let sk = places::decision(
        scope.generation,
        decision.object,
        &decision.id,
        &decision.company,
    );
    let mut row = key(places::integration_in(scope), sk);
    let verdict = decision.verdict.map_or(WITHDRAWN, RelationStatus::name);
    row.insert("verdict".to_owned(), text(verdict));
    row.insert("decided_at".to_owned(), text(time(decision.at)));
    row.insert("body".to_owned(), blob(decision.sealed.as_bytes()));
    row
}

/// The stored name of a decision that was taken back.
const WITHDRAWN: &str = "withdrawn";

pub(super) fn decision(row: &Attributes) -> Outcome<StoredDecision> {
    let mut parts = row.text("sk")?.split('#').skip(2);
    let mut part = || parts.next().ok_or_else(|| malformed("sk"));
    let (object, id, company) = (part()?, part()?, part()?);
    let verdict: Option<RelationStatus> = match row.text("verdict")? {
        WITHDRAWN => None,
        name => Some(RelationStatus::find(name).ok_or_else(|| malformed("verdict"))?),
    };
    Ok(StoredDecision {
        object: Object::parse(object)?,
        id: RecordId::parse(id)?,
        company: KeyedHash::parse(company).ok_or_else(|| malformed("sk"))?,
        verdict,
        at: row.time("decided_at")?,
        sealed: Sealed::from_stored(row.blob("body")?.to_vec()),
    })
}
