//! Links to other records. A lookup is set by a name of its own for each table that it may lead to.

use domain::{
    fault::Outcome,
    ports::{Draft, Link, LinkProblem},
    record::{Item, Object},
};

use super::{
    super::{
        Dynamics,
        names::{id, set, table},
    },
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
///
/// A task is about one record. Of a company and anything else it is about the other record, whichever was named first: that one may
/// belong to the company, and then Dataverse shows the task there, too.
pub(super) fn linked(shape: &WriteShape, draft: &Draft) -> Linked {
    let mut linked = Linked::default();
    let mut taken: Vec<(&str, &Link)> = Vec::new();
    let mut links: Vec<(usize, &Link)> = draft.links.iter().enumerate().collect();
    links.sort_by_key(|(_, link)| link.object == Object::Account);
    for (at, link) in links {
        let Some((attribute, published)) = published(draft.object, link.object) else {
            linked.refused.push((at, LinkProblem::NotPossible));
            continue;
        };
        let Some(to) = id(link.id.as_str()) else {
            linked.refused.push((at, LinkProblem::NoSuchId));
            continue;
        };
        match taken.iter().find(|(lookup, _)| *lookup == attribute) {
            Some((_, there)) if *there == link => continue,
            Some(_) => {
                linked.refused.push((at, LinkProblem::Taken));
                continue;
            }
            None => taken.push((attribute, link)),
        }
        let of_table = table(link.object);
        let mut known = shape.navigations.iter();
        let known = known.find(|one| one.attribute == attribute && one.target == of_table);
        let name = known.map_or(published, |one| one.name.as_str());
        let record = format!("/{}({to})", set(link.object));
        linked.bound.push((format!("{name}@odata.bind"), record));
    }
    linked.refused.sort_by_key(|(at, _)| *at);
    linked
}

impl Dynamics {
    /// Accepts the link of a task to a company if the record that the task is about belongs to that company.
    pub(super) async fn accept_companies(
        &self,
        draft: &Draft,
        refused: &mut Vec<(usize, LinkProblem)>,
    ) -> Outcome<()> {
        let is_other = |link: &&Link| {
            let is_known = published(draft.object, link.object).is_some();
            link.object != Object::Account && is_known && id(link.id.as_str()).is_some()
        };
        let about = draft.links.iter().find(is_other);
        let is_taken = |(at, problem): &(usize, LinkProblem)| {
            let link = draft.links.get(*at);
            *problem == LinkProblem::Taken
                && link.is_some_and(|link| link.object == Object::Account)
        };
        let (Object::Task, Some(about), true) = (draft.object, about, refused.iter().any(is_taken))
        else {
            return Ok(());
        };
        let found = self.fetched(about.object, std::slice::from_ref(&about.id));
        let company = found.await?.into_iter().find_map(|item| match item {
            Item::Live(record) => record.attributes.parent?.account().cloned(),
            _ => None,
        });
        let belongs = |at: usize| draft.links.get(at).map(|link| &link.id) == company.as_ref();
        refused.retain(|one| !(is_taken(one) && belongs(one.0)));
        Ok(())
    }
}
