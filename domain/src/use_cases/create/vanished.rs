//! Records whose deletion in the CRM waits for a decision.

use std::collections::HashSet;

use super::CreateContext;
use crate::{
    fault::Outcome,
    ports::{Hit, Hits, Known},
    record::{Object, RecordId},
    vanished::Vanished,
};

/// Leaves out records whose deletion in the CRM waits for a decision. A record that was deleted there is not a duplicate.
pub(super) async fn not_vanished(
    context: &CreateContext<'_>,
    mut found: Vec<Hits>,
) -> Outcome<Vec<Hits>> {
    let (store, scope) = (context.store, &context.integration.scope);
    for object in Object::ALL {
        let of_object = |hit: &&Hit| hit.object == object;
        let hits = found.iter().flat_map(|hits| &hits.hits).filter(of_object);
        let ids: Vec<RecordId> = hits.map(|hit| hit.id.clone()).collect();
        if ids.is_empty() {
            continue;
        }
        let known = store.known(scope, object, &ids).await?;
        let waits = |known: &Known| known.vanished == Some(Vanished::Waiting);
        let waiting: HashSet<RecordId> = ids
            .into_iter()
            .zip(known)
            .filter(|(_, known)| known.as_ref().is_some_and(waits))
            .map(|(id, _)| id)
            .collect();
        for hits in &mut found {
            hits.hits
                .retain(|hit| hit.object != object || !waiting.contains(&hit.id));
        }
    }
    Ok(found)
}
