//! Judges wanted records: whether the CRM accepts them, whether everybody in them is cleared, and which duplicate candidates there
//! are.

use super::{
    CreateContext, Wanted, clearances::clear_all, company, duplicates::find_duplicates,
    judged::Judged, people, pointed,
};
use crate::{
    fault::Outcome,
    ports::{Checked, Draft},
};

/// Judges wanted records, in the order given.
pub(super) async fn judge(context: &CreateContext<'_>, wanted: &[&Wanted]) -> Outcome<Vec<Judged>> {
    let filled = company::fill(context, wanted).await?;
    let drafts: Vec<Draft> = filled.iter().map(|one| one.draft.clone()).collect();
    let checked = context.crm.check(&drafts).await?;
    let mut judged = Judged::all(wanted, filled, checked)?;
    pointed::add_people_among_accounts(context, checked_of(&mut judged)).await?;
    people::name_companies(context, checked_of(&mut judged)).await?;
    for one in &mut judged {
        let Judged {
            filled, checked, ..
        } = one;
        checked.missing.extend(filled.missing.iter().cloned());
        checked.missing.sort_unstable();
        checked.missing.dedup();
        if let (Some(person), Some(company)) = (&mut checked.person, &filled.company) {
            person.company.get_or_insert_with(|| company.name.clone());
        }
    }
    people::name_everybody(context, &mut judged).await?;
    clear_all(context, &mut judged).await?;
    find_duplicates(context, &mut judged).await?;
    Ok(judged)
}

fn checked_of(judged: &mut [Judged]) -> Vec<&mut Checked> {
    judged.iter_mut().map(|one| &mut one.checked).collect()
}
