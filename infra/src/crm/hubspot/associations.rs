//! The parents of records, where only associations tell them: the primary company, else another company, else a contact. Companies
//! and contacts have the same numbers, so a parent always comes with its object.

use std::collections::HashMap;

use bytes::Bytes;
use domain::{
    fault::CrmCode,
    record::{Object, Parent, RecordId},
};
use serde::Deserialize;
use serde_json::json;

use super::{
    super::client::{nulls::or_default, paging::for_good, refusal::Refusal, session::Call},
    HubSpot,
    names::path_name,
    page::{Beside, Listing, Parents, Row, SaidOfOne, Told, chosen, id, text_or_number},
    provider::{LINKS_PER_REQUEST, VENDOR, is_linked},
};

/// The most requests for further associations of the same records. A deal of 50,000 companies is beyond this connector.
const MORE_LINKS: usize = 100;
/// The type of the association between a deal and its primary company. Labels that an account made have ids of their own category,
/// which may be the same, and names that may be anything.
const PRIMARY_OF_DEAL: (&str, u32) = ("HUBSPOT_DEFINED", 5);
const NAME_OF_PRIMARY_OF_DEAL: &str = "deal_to_company";

#[derive(Deserialize)]
struct Associations {
    results: Vec<Associated>,
    /// Records without associations come as errors beside the others.
    #[serde(default, deserialize_with = "or_default")]
    errors: Vec<SaidOfOne>,
}

#[derive(Deserialize)]
struct Associated {
    from: From,
    #[serde(default, deserialize_with = "or_default")]
    to: Vec<To>,
    #[serde(default)]
    paging: Option<Paging>,
}

#[derive(Deserialize)]
struct From {
    #[serde(deserialize_with = "text_or_number")]
    id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct To {
    #[serde(deserialize_with = "text_or_number")]
    to_object_id: String,
    #[serde(default, deserialize_with = "or_default")]
    association_types: Vec<AssociationType>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AssociationType {
    #[serde(default, deserialize_with = "or_default")]
    category: String,
    type_id: u32,
}

#[derive(Deserialize)]
struct Paging {
    next: Option<Next>,
}

#[derive(Deserialize)]
struct Next {
    after: String,
}

/// The objects of parents, the preferred one first.
const PARENTS: [Object; 2] = [Object::Account, Object::Contact];

/// Returns the objects of parents as a request for a list names them.
pub(super) fn parent_names() -> String {
    PARENTS.map(path_name).join(",")
}

/// Returns the parent that a row names. An error if the row names only some of its associations.
fn named(row: &Row<'_>) -> Result<Option<Parent>, Cut> {
    for object in PARENTS {
        let Some(linked) = row.associations.get(path_name(object)) else {
            continue;
        };
        if linked.paging.is_some() {
            return Err(Cut);
        }
        let of = linked.results.iter().filter_map(|link| {
            // A company is listed once for each type.
            Some((id(&link.id)?, link.kind == NAME_OF_PRIMARY_OF_DEAL))
        });
        if let Some(parent) = chosen(of) {
            return Ok(Some(Parent::of(object, parent)));
        }
    }
    Ok(None)
}

/// A row names only some of its associations.
struct Cut;

impl HubSpot {
    /// Returns the ids of a list's rows and the parents that the rows name. If a row names only some of its associations,
    /// all of them are requested.
    pub(super) async fn linked(
        &self,
        object: Object,
        listing: &Listing<'_>,
    ) -> Result<(Vec<RecordId>, Parents), Refusal> {
        let (mut ids, mut parents, mut more) = (Vec::new(), Parents::default(), Vec::new());
        let rows = listing.rows.iter();
        for row in rows.filter_map(|row| serde_json::from_str::<Row<'_>>(row.get()).ok()) {
            let Some(record) = id(&row.id) else {
                continue;
            };
            ids.push(record.clone());
            match named(&row) {
                Ok(Some(parent)) => parents.note(record, parent),
                Ok(None) => {}
                Err(Cut) => more.push(record),
            }
        }
        let rest = self.parents_of(object, &more).await?;
        parents.extend(rest);
        Ok((ids, parents))
    }

    /// Returns the parents of records, as far as only associations tell them. Contacts are requested only of records that
    /// have no company.
    pub(super) async fn parents_of(
        &self,
        object: Object,
        ids: &[RecordId],
    ) -> Result<Parents, Refusal> {
        let (mut parents, mut rest) = (Parents::default(), ids.to_vec());
        if !is_linked(object) {
            return Ok(parents);
        }
        for of in PARENTS {
            let found = self.all_ends(object, of, &rest).await?.into_iter();
            let found = found.filter_map(|(record, ends)| {
                let parent = chosen(ends.into_iter())?;
                Some((record, Parent::of(of, parent)))
            });
            parents.extend(found.collect());
            rest.retain(|record| parents.of(record).is_none());
        }
        Ok(parents)
    }

    /// Returns the records of an object with which others are associated.
    pub(super) async fn ends(
        &self,
        from: Object,
        to: Object,
        ids: &[RecordId],
    ) -> Result<HashMap<RecordId, Vec<RecordId>>, Refusal> {
        let found = self.all_ends(from, to, ids).await?.into_iter();
        let ids = |of: Vec<(RecordId, bool)>| of.into_iter().map(|(id, _)| id).collect();
        Ok(found.map(|(record, of)| (record, ids(of))).collect())
    }

    /// Returns the same, each with whether it is a deal's primary company.
    async fn all_ends(
        &self,
        from: Object,
        to: Object,
        ids: &[RecordId],
    ) -> Result<HashMap<RecordId, Vec<(RecordId, bool)>>, Refusal> {
        let mut found: HashMap<RecordId, Vec<(RecordId, bool)>> = HashMap::new();
        for ids in ids.chunks(LINKS_PER_REQUEST) {
            let mut inputs: Vec<_> = ids.iter().map(|id| json!({"id": id.as_str()})).collect();
            for _ in 0..MORE_LINKS {
                if inputs.is_empty() {
                    break;
                }
                let mut next = Vec::new();
                for one in self.associations(from, to, &inputs).await? {
                    let Some(record) = id(&one.from.id) else {
                        continue;
                    };
                    let ends = one.to.iter().filter_map(|to| {
                        let types = to.association_types.iter();
                        let mut types = types.map(|one| (one.category.as_str(), one.type_id));
                        let is_primary = types.any(|one| one == PRIMARY_OF_DEAL);
                        Some((id(&to.to_object_id)?, is_primary))
                    });
                    found.entry(record).or_default().extend(ends);
                    if let Some(more) = one.paging.and_then(|paging| paging.next) {
                        next.push(json!({"id": one.from.id, "after": more.after}));
                    }
                }
                inputs = next;
            }
        }
        Ok(found)
    }

    async fn associations(
        &self,
        from: Object,
        to: Object,
        inputs: &[serde_json::Value],
    ) -> Result<Vec<Associated>, Refusal> {
        let asked = || inputs.iter().filter_map(|input| input["id"].as_str());
        let (from, to) = (path_name(from), path_name(to));
        let version = &self.options.version;
        let path = format!("/crm/associations/{version}/{from}/{to}/batch/read");
        let call = Call::post(path, json!({"inputs": inputs}).to_string());
        self.pace.request().await;
        let read = |body: Bytes| {
            let answer: Associations = serde_json::from_slice(&body)
                .map_err(|_| VENDOR.refusal(CrmCode::PageUnreadable))?;
            let beside = Beside::of(answer.errors);
            beside.without_trouble()?;
            // A record about which the answer is silent may have associations.
            let mut told = Told::default();
            beside.absent().for_each(|id| told.note(id));
            answer
                .results
                .iter()
                .for_each(|one| told.note(&one.from.id));
            told.all_of(asked())?;
            Ok(answer.results)
        };
        let answer = self.session.run(&call, |reply| read(reply.body)).await;
        answer.map_err(|refusal| for_good(&VENDOR, refusal))
    }
}
