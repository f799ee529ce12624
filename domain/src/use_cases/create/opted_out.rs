//! Opt-outs that somebody noted in the CRM, of people whom a record names. A preview shows them. They stop nothing, since they are no
//! objection that a person declared to us.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{CreateContext, judged::Judged};
use crate::{
    body::Body,
    fault::Outcome,
    legal::Missing,
    record::{Object, OptOut, RecordId},
    seal::Opener,
};

/// A person of the CRM who opted out there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OptedOut {
    /// The person's object.
    pub object: Object,
    /// The person's record.
    pub id: RecordId,
    /// The ways by which the person does not want to be contacted.
    pub opt_out: Vec<OptOut>,
}

/// Opt-outs by record.
type OptOuts = BTreeMap<(Object, RecordId), Vec<OptOut>>;

/// Returns the opt-outs of the people whom each record points at, and of those who look like its own person. What the records of
/// people say who objected or were erased is not shown.
pub(super) async fn opted_out(
    context: &CreateContext<'_>,
    judged: &[Judged],
) -> Outcome<Vec<Vec<OptedOut>>> {
    let shown = judged.iter().filter(|one| may_be_shown(one));
    let like = shown.flat_map(|one| &one.duplicates);
    let mut like: Vec<_> = like.map(|twin| (twin.object, twin.id.clone())).collect();
    like.sort_unstable();
    like.dedup();
    let copied = of_copies(context, &like).await?;
    let of = |one: &Judged| -> Vec<OptedOut> {
        if !may_be_shown(one) {
            return Vec::new();
        }
        let like = one.duplicates.iter();
        let like = like.map(|twin| (twin.object, twin.id.clone()));
        let like = like.filter_map(|place| Some((place.clone(), copied.get(&place)?.clone())));
        let mut all: OptOuts = like.collect();
        all.extend(one.opted_out.clone());
        let all = all.into_iter();
        all.map(|((object, id), opt_out)| OptedOut {
            object,
            id,
            opt_out,
        })
        .collect()
    };
    Ok(judged.iter().map(of).collect())
}

fn may_be_shown(one: &Judged) -> bool {
    let missing = one.cleared.as_ref().err().into_iter().flatten();
    !missing
        .into_iter()
        .any(|one| matches!(one, Missing::Objection | Missing::Erasure))
}

async fn of_copies(context: &CreateContext<'_>, places: &[(Object, RecordId)]) -> Outcome<OptOuts> {
    let mut all = OptOuts::new();
    if places.is_empty() {
        return Ok(all);
    }
    let (store, scope) = (context.store, &context.integration.scope);
    let mut opener = Opener::new(&context.keys.sealing)?;
    for copied in store.copied(scope, places).await?.into_iter().flatten() {
        let (object, id) = (copied.object, copied.id);
        let Some(sealed) = &copied.sealed else {
            continue;
        };
        let body = Body::open(&mut opener, scope, object, &id, sealed)?;
        let opt_out = body.display.unwrap_or_default().opt_out;
        if !opt_out.is_empty() {
            all.insert((object, id), opt_out);
        }
    }
    Ok(all)
}
