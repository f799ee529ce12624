//! Checks drafts: their content, the people whom they name, and what the CRM would refuse.

use domain::{
    legal::Person,
    ports::{Checked, Draft, FieldProblem, FieldValue, Link, LinkProblem},
    record::{MatchingAttributes, Object, Parent, RecordId},
};

use super::{org::Org, people::people};

/// Checks a draft. Every record needs a `Name`. `Also` is the e-mail address of another person, and `Unknown` is a
/// field that does not exist.
pub(super) fn checked(org: &Org, draft: &Draft) -> Checked {
    let text = |name: &str| draft.fields.0.get(name).and_then(FieldValue::as_str);
    let filled = draft.fields.0.iter();
    let filled = filled.filter(|(name, _)| *name != "Unknown");
    let filled = filled.filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)));
    let reached = people(draft.object, filled);
    let is_person = reached.is_person();
    let owned = |name: &str| text(name).map(str::to_owned);
    let pointed = text("Who").and_then(|id| RecordId::parse(id).ok());
    let mut checked = Checked {
        attributes: MatchingAttributes {
            company: text("Name").filter(|_| !is_person).map(Box::from),
            website: text("Website").map(Box::from),
            email: text("Email").map(Box::from),
            parent: text("Parent")
                .and_then(|id| RecordId::parse(id).ok())
                .map(Parent::named_by_id),
            ..MatchingAttributes::default()
        },
        person: (is_person || text("Email").is_some()).then(|| Person {
            emails: owned("Email").into_iter().collect(),
            name: owned("Name"),
            company: owned("Company"),
            ..Person::default()
        }),
        others: owned("Also")
            .map(|email| Person {
                emails: vec![email],
                ..Person::default()
            })
            .into_iter()
            .collect(),
        people: pointed
            .map(|id| (Object::Contact, id))
            .into_iter()
            .collect(),
        accounts: text("Parent")
            .and_then(|id| RecordId::parse(id).ok())
            .into_iter()
            .collect(),
        reached,
        account: text("Parent").and_then(|id| RecordId::parse(id).ok()),
        missing: if text("Name").is_none() {
            vec!["Name".to_owned()]
        } else {
            Vec::new()
        },
        refused: refused(org, draft),
        refused_links: refused_links(draft),
        has_external_id: org.has_external,
        kept_bases: org.kept_bases.clone(),
    };
    checked.add_links(&draft.links);
    if checked.attributes.parent.is_none() {
        let account = draft
            .links
            .iter()
            .find(|link| link.object == Object::Account);
        checked.attributes.parent = account.map(|link| Parent::of(link.object, link.id.clone()));
    }
    checked
}

fn refused(org: &Org, draft: &Draft) -> Vec<(String, FieldProblem)> {
    let problem = |name: &str, value: &FieldValue| match value {
        _ if name == "Unknown" => Some(FieldProblem::Unknown),
        // Only the field `Lines` takes lists and objects.
        FieldValue::Other(_) if !org.nested || name != "Lines" => Some(FieldProblem::WrongType),
        _ => None,
    };
    let fields = draft.fields.0.iter();
    fields
        .filter_map(|(name, value)| Some((name.clone(), problem(name, value)?)))
        .collect()
}

/// Returns the links that the CRM refuses. An Account belongs to nothing. A Contact, a Lead or an Opportunity belongs to
/// one Account, and a Task to records of every object but Task.
fn refused_links(draft: &Draft) -> Vec<(usize, LinkProblem)> {
    let is_one = |object| object == Object::Account && draft.object != Object::Task;
    let earlier = |at: usize, link: &Link| {
        let mut earlier = draft.links.iter().take(at);
        earlier.any(|one| is_one(one.object) && one.id != link.id)
    };
    let says_other = |field: &str, link: &Link| {
        let field = draft.fields.0.get(field).and_then(FieldValue::as_str);
        field.is_some_and(|there| there != link.id.as_str())
    };
    let problem = |at: usize, link: &Link| match (draft.object, link.object) {
        (Object::Task, Object::Contact) if says_other("Who", link) => {
            Some(LinkProblem::Contradicted)
        }
        (Object::Task, of) if of != Object::Task => None,
        (Object::Contact | Object::Lead | Object::Opportunity, Object::Account) => {
            if says_other("Parent", link) {
                Some(LinkProblem::Contradicted)
            } else {
                earlier(at, link).then_some(LinkProblem::Taken)
            }
        }
        _ => Some(LinkProblem::NotPossible),
    };
    let links = draft.links.iter().enumerate();
    links
        .filter_map(|(at, link)| Some((at, problem(at, link)?)))
        .collect()
}
