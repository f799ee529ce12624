//! Finds everybody whom records name in their fields, and everybody whom they point at.

use std::collections::HashMap;

use super::{
    CreateContext,
    fetch::{Fetched, fetched},
    judged::Judged,
};
use crate::{
    fault::Outcome,
    legal::Named,
    ports::Checked,
    record::{Object, OptOut, RecordId},
};

/// Adds the company to people who have none: the name of their account. Name and company together identify a person.
pub(super) async fn name_companies(
    context: &CreateContext<'_>,
    checked: Vec<&mut Checked>,
) -> Outcome<()> {
    let lacks = |one: &Checked| {
        let person = one.person.as_ref()?;
        let account = one.account.clone()?;
        person.company.is_none().then_some(account)
    };
    let accounts: Vec<RecordId> = checked.iter().filter_map(|one| lacks(one)).collect();
    let found = fetched(context, Object::Account, accounts).await?;
    for one in checked {
        let name =
            lacks(one).and_then(|account| found.get(&account)?.checked.attributes.company.clone());
        if let (Some(person), Some(name)) = (&mut one.person, name) {
            person.company = Some(name.into());
        }
    }
    Ok(())
}

/// Adds to each record everybody whom it names: its own person, others in its fields, and the people whom it points at.
pub(super) async fn name_everybody(
    context: &CreateContext<'_>,
    judged: &mut [Judged],
) -> Outcome<()> {
    let mut known: HashMap<(Object, RecordId), Named> = HashMap::new();
    let mut opted_out: HashMap<(Object, RecordId), Vec<OptOut>> = HashMap::new();
    for object in Object::ALL {
        let pointed = judged.iter().flat_map(|one| &one.checked.people);
        let ids = pointed.filter(|(of, _)| *of == object);
        let ids = ids.map(|(_, id)| id.clone()).collect();
        let mut found = fetched(context, object, ids).await?;
        let checked = found.values_mut().map(|one| &mut one.checked).collect();
        name_companies(context, checked).await?;
        for (id, one) in found {
            let Fetched {
                checked,
                beside,
                opt_out,
            } = one;
            if !opt_out.is_empty() {
                opted_out.insert((object, id.clone()), opt_out);
            }
            let person = checked.person.unwrap_or_default();
            known.insert((object, id), Named { person, beside });
        }
    }
    for one in judged {
        let own = one.checked.person.clone().map(|person| Named {
            person,
            beside: one.beside.clone(),
        });
        let others = one.checked.others.iter().cloned().map(Named::from);
        // A person whose record cannot be found cannot be cleared.
        let pointed = one.checked.people.iter();
        let pointed = pointed.map(|place| known.get(place).cloned().unwrap_or_default());
        one.named = own.into_iter().chain(others).chain(pointed).collect();
        let said = one.checked.people.iter();
        let said = said.filter_map(|place| Some((place.clone(), opted_out.get(place)?.clone())));
        one.opted_out = said.collect();
    }
    Ok(())
}
