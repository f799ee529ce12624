//! Links to other records, as the associations of a new record.

use std::collections::HashMap;

use domain::{
    fault::CrmCode,
    ports::{Draft, Link, LinkProblem},
    record::{Object, RecordId},
};
use serde::{Deserialize, Serialize};

use super::{
    super::{
        super::client::{nulls::or_default, refusal::Refusal, session::Call},
        HubSpot,
        names::path_name,
        provider::VENDOR,
    },
    shape::id,
};

const CATEGORY: &str = "HUBSPOT_DEFINED";

/// The types of the associations from one object to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Types {
    /// The type of any association.
    plain: u32,
    /// The type of the first one, where HubSpot tells it from the others.
    primary: Option<u32>,
}

/// An association of a record that is to be created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Association {
    to: To,
    types: [Type; 1],
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct To {
    id: RecordId,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Type {
    association_category: &'static str,
    association_type_id: u32,
}

/// The types by which a new record may belong to others, as HubSpot publishes them (March 2026).
fn published(object: Object, other: Object) -> Option<Types> {
    use Object::{Account, Contact, Lead, Opportunity, Task};
    let (plain, primary) = match (object, other) {
        (Contact, Account) => (279, Some(1)),
        (Opportunity, Account) => (341, Some(5)),
        (Opportunity, Contact) => (3, None),
        (Lead, Contact) => (608, Some(578)),
        (Lead, Account) => (610, Some(580)),
        (Task, Account) => (192, None),
        (Task, Contact) => (204, None),
        (Task, Opportunity) => (216, None),
        (Task, Lead) => (647, None),
        _ => return None,
    };
    Some(Types { plain, primary })
}

/// Returns the links that HubSpot does not take, by their places in the draft.
pub(super) fn refused_links(draft: &Draft) -> Vec<(usize, LinkProblem)> {
    let problem = |link: &Link| match published(draft.object, link.object) {
        None => Some(LinkProblem::NotPossible),
        Some(_) => match id(link.id.as_str()) {
            None => Some(LinkProblem::NoSuchId),
            Some(_) => None,
        },
    };
    let links = draft.links.iter().enumerate();
    links
        .filter_map(|(at, link)| Some((at, problem(link)?)))
        .collect()
}

#[derive(Deserialize)]
struct Labels {
    results: Vec<Label>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Label {
    #[serde(default, deserialize_with = "or_default")]
    category: String,
    type_id: u32,
    #[serde(default)]
    label: Option<String>,
}

impl Types {
    /// The published types, or what an account has instead of them.
    fn of(published: Self, labels: &[Label]) -> Self {
        let defined = || labels.iter().filter(|label| label.category == CATEGORY);
        let has = |id: u32| defined().any(|label| label.type_id == id);
        let said = |is: fn(&str) -> bool| {
            let mut labels = defined();
            let found = labels.find(|one| is(one.label.as_deref().unwrap_or_default()));
            found.map(|label| label.type_id)
        };
        let is_primary = |label: &str| label.to_ascii_lowercase().contains("primary");
        Self {
            plain: match published.plain {
                id if has(id) => id,
                id => said(str::is_empty).unwrap_or(id),
            },
            primary: published.primary.map(|id| match id {
                id if has(id) => id,
                id => said(is_primary).unwrap_or(id),
            }),
        }
    }
}

impl HubSpot {
    /// Returns a draft's links as associations, each once. The first link to an object is the primary one.
    pub(super) async fn associations_of(&self, draft: &Draft) -> Vec<Association> {
        let mut all: Vec<(Object, Association)> = Vec::new();
        for link in &draft.links {
            let is_there = |(object, one): &(Object, Association)| {
                *object == link.object && one.to.id == link.id
            };
            let Some(types) = self.types(draft.object, link.object).await else {
                continue;
            };
            if all.iter().any(is_there) {
                continue;
            }
            let is_first = all.iter().all(|(object, _)| *object != link.object);
            let primary = types.primary.filter(|_| is_first);
            let association = Association {
                to: To {
                    id: link.id.clone(),
                },
                types: [Type {
                    association_category: CATEGORY,
                    association_type_id: primary.unwrap_or(types.plain),
                }],
            };
            all.push((link.object, association));
        }
        all.into_iter()
            .map(|(_, association)| association)
            .collect()
    }

    async fn types(&self, object: Object, other: Object) -> Option<Types> {
        let published = published(object, other)?;
        let mut known = self.types.lock().await;
        if let Some(types) = known.get(&(object, other)) {
            return Some(*types);
        }
        // The published types are good enough where an account does not tell its own.
        let Ok(labels) = self.labels(object, other).await else {
            return Some(published);
        };
        let types = Types::of(published, &labels);
        known.insert((object, other), types);
        Some(types)
    }

    async fn labels(&self, object: Object, other: Object) -> Result<Vec<Label>, Refusal> {
        let version = &self.options.version;
        let (from, to) = (path_name(object), path_name(other));
        let call = Call::get(format!("/crm/associations/{version}/{from}/{to}/labels"));
        self.pace.request().await;
        let labels = self.session.run(&call, |reply| {
            serde_json::from_slice::<Labels>(&reply.body)
                .map_err(|_| VENDOR.refusal(CrmCode::DescribeUnreadable))
        });
        Ok(labels.await?.results)
    }
}

/// The types that are known, by the two objects.
pub(in super::super) type KnownTypes = HashMap<(Object, Object), Types>;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    fn chosen(labels: serde_json::Value) -> Types {
        let labels: Vec<Label> = serde_json::from_value(labels).unwrap();
        Types::of(
            published(Object::Opportunity, Object::Account).unwrap(),
            &labels,
        )
    }

    #[test]
    fn the_published_types_count_unless_the_account_has_others() {
        let of = |plain, primary| Types {
            plain,
            primary: Some(primary),
        };
        assert_eq!(chosen(json!([])), of(341, 5));
        let defined = |id: u32, label: Option<&str>| json!({"category": CATEGORY, "typeId": id, "label": label});
        let theirs =
            json!({"category": "USER_DEFINED", "typeId": 70, "label": "primary contractor"});
        let all = json!([theirs, defined(900, None), defined(901, Some("Primary"))]);
        assert_eq!(chosen(all), of(900, 901));
        let both = json!([
            defined(901, Some("Primary")),
            defined(5, Some("Primary")),
            defined(341, None)
        ]);
        assert_eq!(chosen(both), of(341, 5));
    }
}
