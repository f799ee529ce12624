//! A record's stored relations, made again from the result of matching and users' decisions.

use matching::Relation;

use super::{Decision, lay_over, stored_relations, unreadable};
use crate::{
    body::Body,
    fault::{Code, Fault, Outcome},
    ports::{Copied, Deciding, DecisionsOf, Reading, Relink},
    record::{Object, RecordId},
    seal::{GenerationKeys, Opener},
    tenant::Scope,
};

/// The most decisions about one record, far more than a person would make.
const MOST: usize = 50;
/// Attempts at a record that a slice or another user is changing.
const TRIES: u32 = 5;

/// Updates a record's stored relations from the result of matching and users' decisions, including the decision `new`. Returns the
/// relations afterwards. `None` if there is no such record.
///
/// # Errors
/// Fenced if the integration's generation has ended. Transient if the record keeps changing.
pub async fn settle(
    store: &(impl Deciding + Reading + ?Sized),
    keys: &GenerationKeys,
    scope: &Scope,
    (object, id): (Object, &RecordId),
    new: Option<&Decision>,
) -> Outcome<Option<Vec<Relation>>> {
    let mut opener = Opener::new(&keys.sealing).map_err(unreadable)?;
    for _ in 0..TRIES {
        let found = store.copied(scope, &[(object, id.clone())]).await?.pop();
        let Some(Copied { known, sealed, .. }) = found.flatten() else {
            return Ok(None);
        };
        // A body that is being moved will be in its place soon.
        let sealed = sealed.ok_or_else(|| Fault::of(Code::CopiesBodyMissing))?;
        let body = Body::open(&mut opener, scope, object, id, &sealed)?;
        let mut decisions = store
            .decisions(scope, DecisionsOf::Record(object, id))
            .await?
            .iter()
            .map(|stored| Decision::open(&mut opener, scope, stored))
            .collect::<Outcome<Vec<_>>>()?;
        if let Some(new) = new {
            decisions.retain(|decision| decision.company != new.company);
            if decisions.len() >= MOST {
                return Err(Fault::of(Code::RelationTooManyDecisions));
            }
            decisions.push(new.clone());
        }
        let laid = lay_over(&body.relations, &decisions);
        let change = Relink {
            object,
            id: id.clone(),
            seen: known,
            relations: stored_relations(keys, scope, (object, id), &body.relations, &laid)?,
            decision: new.map(|new| new.seal(keys, scope)).transpose()?,
        };
        if store.relink(scope, &change).await? {
            return Ok(Some(laid));
        }
    }
    Err(Fault::of(Code::RelationChangedMeanwhile))
}
