//! Parents of records that a CRM keeps as associations beside them. They move no time stamp, so a page of changes does not reliably
//! include them.

use crate::{
    fault::{CrmCode, Fault, Outcome},
    ports::{Crm, Parents},
    record::{Item, Object, Parent, RecordId},
};

/// Returns the parents of these records, in the order given. Sends no request if records name their parents themselves.
///
/// # Errors
/// The fault of the CRM. Permanent if the response has more or fewer records than were requested.
pub async fn of(crm: &dyn Crm, object: Object, ids: &[RecordId]) -> Outcome<Vec<Option<Parent>>> {
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

/// Adds the parents to records from the CRM, if these are associations.
///
/// # Errors
/// As for [`of`].
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
