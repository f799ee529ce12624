//! Parents of records that a CRM keeps as associations beside them. They move no time stamp, so no page of changes can be trusted
//! to have them.

use crate::{
    fault::{CrmCode, Fault, Outcome},
    ports::{Crm, Parents},
    record::{Item, Object, RecordId},
};

/// The parents of these records, in the order given; nothing is asked for where records name their parents themselves.
///
/// # Errors
/// Those of the CRM; permanent, when it answers of more or fewer records than it was asked for.
pub async fn of(crm: &dyn Crm, object: Object, ids: &[RecordId]) -> Outcome<Vec<Option<RecordId>>> {
    let Parents::Associated { at_most } = crm.abilities().reading(object).parents else {
        return Ok(Vec::new());
    };
    let mut all = Vec::with_capacity(ids.len());
    for ids in ids.chunks(at_most.max(1)) {
        let parents = crm.parents(object, ids).await?;
        if parents.len() != ids.len() {
            return Err(Fault::crm("crm", CrmCode::said("parents_incomplete")));
        }
        all.extend(parents);
    }
    Ok(all)
}

/// Completes records as they came from the CRM with their parents, where these are associations.
///
/// # Errors
/// As those of [`of`].
pub async fn complete(crm: &dyn Crm, object: Object, items: &mut [Item]) -> Outcome<()> {
    if crm.abilities().reading(object).parents == Parents::InRecord {
        return Ok(());
    }
    let ids: Vec<RecordId> = items
        .iter()
        .filter_map(|item| match item {
            Item::Live(record) => Some(record.id.clone()),
            Item::Gone { .. } | Item::Bad { .. } => None,
        })
        .collect();
    let mut parents = of(crm, object, &ids).await?.into_iter();
    for item in items {
        if let Item::Live(record) = item {
            record.attributes.parent = parents.next().flatten();
        }
    }
    Ok(())
}
