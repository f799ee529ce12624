//! Finds the people among the accounts that records point at.
//!
//! A task or an opportunity of a person account is about that person, as a contact's task is. So it needs the person's clearance.
//! Most accounts are companies, and the copy shows that without a request to the CRM.

use std::collections::BTreeSet;

use super::{CreateContext, fetch::fetched};
use crate::{
    body::Body,
    fault::Outcome,
    ports::Checked,
    record::{Object, RecordId},
    seal::Opener,
};

/// Adds person accounts to the people whom records point at.
pub(super) async fn add_people_among_accounts(
    context: &CreateContext<'_>,
    checked: Vec<&mut Checked>,
) -> Outcome<()> {
    let accounts = checked.iter().flat_map(|one| &one.accounts);
    let mut asked: BTreeSet<RecordId> = accounts.cloned().collect();
    if asked.is_empty() {
        return Ok(());
    }
    let companies = companies(context, &asked).await?;
    asked.retain(|id| !companies.contains(id));
    if asked.is_empty() {
        return Ok(());
    }
    // People who were erased are not in the copy, and new accounts are not there yet.
    let found = fetched(context, Object::Account, asked.into_iter().collect()).await?;
    let is_person = |id: &&RecordId| {
        let found = found.get(*id);
        found.is_some_and(|one| one.checked.reached.is_person())
    };
    for one in checked {
        let people = one.accounts.iter().filter(is_person);
        let people = people.map(|id| (Object::Account, id.clone()));
        one.people.extend(people);
    }
    Ok(())
}

/// Returns the accounts that are companies according to the copy.
async fn companies(
    context: &CreateContext<'_>,
    asked: &BTreeSet<RecordId>,
) -> Outcome<BTreeSet<RecordId>> {
    let wanted: Vec<(Object, RecordId)> = asked
        .iter()
        .map(|id| (Object::Account, id.clone()))
        .collect();
    let (store, scope) = (context.store, &context.integration.scope);
    let mut opener = Opener::new(&context.keys.sealing)?;
    let mut companies = BTreeSet::new();
    for copied in store.copied(scope, &wanted).await?.into_iter().flatten() {
        let Some(sealed) = &copied.sealed else {
            continue;
        };
        let body = Body::open(&mut opener, scope, Object::Account, &copied.id, sealed)?;
        // A body of an older format does not list its people.
        if body.people.is_some_and(|people| !people.is_person()) {
            companies.insert(copied.id);
        }
    }
    Ok(companies)
}
