//! Links to other records. A lookup is set by a name of its own for each table that it may lead to.

use domain::{
    ports::{Draft, LinkProblem},
    record::{Object, RecordId},
};

use super::{
    super::names::{id, set, table},
    shape::WriteShape,
};

/// A draft's links as Dataverse takes them.
#[derive(Default)]
pub(super) struct Linked {
    /// The names by which lookups are set, with the records.
    pub(super) bound: Vec<(String, String)>,
    /// Links that Dataverse does not take, by their places in the draft.
    pub(super) refused: Vec<(usize, LinkProblem)>,
}

/// Returns the lookup by which a record of `object` belongs to one of `other`, and the name by which it is set, as Dataverse's own
/// tables have them. A task is about one record.
fn published(object: Object, other: Object) -> Option<(&'static str, &'static str)> {
    use Object::{Account, Contact, Lead, Opportunity, Task};
    Some(match (object, other) {
        (Contact, Account) => ("parentcustomerid", "parentcustomerid_account"),
        (Lead | Opportunity, Account) => ("parentaccountid", "parentaccountid"),
        (Lead | Opportunity, Contact) => ("parentcontactid", "parentcontactid"),
        (Opportunity, Lead) => ("originatingleadid", "originatingleadid"),
        (Task, Account) => ("regardingobjectid", "regardingobjectid_account_task"),
        (Task, Contact) => ("regardingobjectid", "regardingobjectid_contact_task"),
        (Task, Lead) => ("regardingobjectid", "regardingobjectid_lead_task"),
        (Task, Opportunity) => ("regardingobjectid", "regardingobjectid_opportunity_task"),
        _ => return None,
    })
}

/// Puts a draft's links into the names by which Dataverse takes them.
pub(super) fn linked(shape: &WriteShape, draft: &Draft) -> Linked {
    let mut linked = Linked::default();
    let mut taken: Vec<(&str, &RecordId)> = Vec::new();
    for (at, link) in draft.links.iter().enumerate() {
        let Some((attribute, published)) = published(draft.object, link.object) else {
            linked.refused.push((at, LinkProblem::NotPossible));
            continue;
        };
        let Some(to) = id(link.id.as_str()) else {
            linked.refused.push((at, LinkProblem::NoSuchId));
            continue;
        };
        match taken.iter().find(|(lookup, _)| *lookup == attribute) {
            Some((_, there)) if **there == link.id => continue,
            Some(_) => {
                linked.refused.push((at, LinkProblem::Taken));
                continue;
            }
            None => taken.push((attribute, &link.id)),
        }
        let of_table = table(link.object);
        let mut known = shape.navigations.iter();
        let known = known.find(|one| one.attribute == attribute && one.target == of_table);
        let name = known.map_or(published, |one| one.name.as_str());
        let record = format!("/{}({to})", set(link.object));
        linked.bound.push((format!("{name}@odata.bind"), record));
    }
    linked
}
