//! Finds records by what was sent of them. The search reads the index, and associations are read beside it.

use std::collections::HashMap;

use domain::{
    fault::{CrmCode, Outcome},
    ports::{MAX_FOUND, Sought},
    record::{Object, RecordId},
};
use serde_json::{Value, json};

use super::{
    super::{
        super::client::{paging::incomplete, refusal::Refusal, session::Call},
        HubSpot,
        provider::VENDOR,
    },
    natural::{Candidate, Natural},
    unique::rows,
};

/// Records on a page of a search.
const PAGE: usize = 200;
/// The most records that are read of everything that was made in some minutes. HubSpot allows five searches in a second.
const MOST: usize = 2_000;
/// From how many records of one object on everything is read that was made in those minutes.
const MANY: usize = 4;

/// What a lookup found of a record, with the record's place. `None` if nothing that was sent tells it from others, or if too many are
/// like it.
type Found = Vec<(usize, Option<Vec<RecordId>>)>;

impl HubSpot {
    /// Looks records up by their content, each with its place.
    pub(super) async fn by_content(&self, sought: &[(usize, &Sought)]) -> Outcome<Found> {
        let mut found = Vec::with_capacity(sought.len());
        for object in Object::ALL {
            let of_object = sought.iter().filter(|(_, one)| one.draft.object == object);
            let of_object: Vec<_> = of_object.copied().collect();
            let all = self.made_in_time(object, &of_object).await?;
            for (at, one) in of_object {
                let made = match (Natural::of(one), &all) {
                    (None, _) => None,
                    (Some(natural), Some(all)) => Some(ids(&natural, all)),
                    (Some(natural), None) => {
                        let rows = self
                            .search_all(object, &natural.filters(), MAX_FOUND)
                            .await?;
                        rows.map(|rows| ids(&natural, &rows))
                    }
                };
                found.push((at, made.filter(|made| made.len() < MAX_FOUND)));
            }
        }
        self.with_links(sought, found).await
    }

    /// Returns everything of an object that was made while many sought records can have been made. `None` if few are sought, or
    /// if too much was made.
    async fn made_in_time(
        &self,
        object: Object,
        sought: &[(usize, &Sought)],
    ) -> Outcome<Option<Vec<Candidate>>> {
        let since = sought.iter().map(|(_, one)| one.since).min();
        let until = sought.iter().map(|(_, one)| one.until).max();
        let (Some(since), Some(until)) = (since, until) else {
            return Ok(None);
        };
        if sought.len() < MANY {
            return Ok(None);
        }
        let created = Natural::created(object, since, until);
        Ok(self.search_all(object, &[created], MOST).await?)
    }

    /// Returns all records that a search finds, page by page. `None` if there are `most` or more.
    async fn search_all(
        &self,
        object: Object,
        filters: &[Value],
        most: usize,
    ) -> Result<Option<Vec<Candidate>>, Refusal> {
        let mut all: Vec<Candidate> = Vec::new();
        loop {
            let body = json!({
                "filterGroups": [{"filters": filters}],
                "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
                "properties": Natural::read(object),
                "limit": PAGE,
                "after": all.len().to_string(),
            });
            let call = Call::post(self.objects(object, "/search"), body.to_string());
            self.pace.search().await;
            let page = self.session.run(&call, |reply| rows(&reply.body)).await?;
            let total = page.total.and_then(|total| usize::try_from(total).ok());
            let total = total.ok_or_else(|| VENDOR.refusal(CrmCode::CountUnreadable))?;
            if total >= most {
                return Ok(None);
            }
            let is_empty = page.results.is_empty();
            all.extend(page.results);
            if all.len() >= total {
                return Ok(Some(all));
            }
            if is_empty {
                return Err(incomplete(&VENDOR));
            }
        }
    }

    /// Keeps those records that belong to everything that the sought one was linked to.
    async fn with_links(&self, sought: &[(usize, &Sought)], mut found: Found) -> Outcome<Found> {
        let drafts: HashMap<usize, _> = sought.iter().map(|(at, one)| (*at, &one.draft)).collect();
        let mut asked: HashMap<(Object, Object), Vec<RecordId>> = HashMap::new();
        for (at, ids) in &found {
            let Some(draft) = drafts.get(at) else {
                continue;
            };
            for link in &draft.links {
                let ids = ids.iter().flatten().cloned();
                asked
                    .entry((draft.object, link.object))
                    .or_default()
                    .extend(ids);
            }
        }
        let mut ends = HashMap::new();
        for (pair, mut ids) in asked {
            ids.sort_unstable();
            ids.dedup();
            ends.insert(pair, self.ends(pair.0, pair.1, &ids).await?);
        }
        for (at, ids) in &mut found {
            let (Some(draft), Some(ids)) = (drafts.get(at), ids) else {
                continue;
            };
            ids.retain(|id| {
                draft.links.iter().all(|link| {
                    let of = ends.get(&(draft.object, link.object));
                    let of = of.and_then(|of| of.get(id));
                    of.is_some_and(|ends| ends.contains(&link.id))
                })
            });
        }
        Ok(found)
    }
}

fn ids(natural: &Natural<'_>, rows: &[Candidate]) -> Vec<RecordId> {
    let made = rows.iter().filter(|row| natural.is_made_from(row));
    let mut ids: Vec<RecordId> = made.filter_map(Candidate::id).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
