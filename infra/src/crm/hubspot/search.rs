//! Searches by time. `changes` says why none of them continues by an offset.

use bytes::Bytes;
use domain::{fault::CrmCode, record::Object};
use serde_json::{Value, json};

use super::{
    super::client::{
        paging::{incomplete, is_end},
        refusal::{Cause, Refusal},
        session::Call,
    },
    HubSpot,
    certain::{Found, found, n_certain, resume_at},
    names::stamp_name,
    page::parse,
    provider::VENDOR,
};

/// The result of a search.
struct Hits {
    found: Vec<Found>,
    more: bool,
    /// Whether the index stated more records at every attempt.
    is_short: bool,
}

/// What is certain of a search's result.
pub(super) struct Step {
    pub(super) found: Vec<Found>,
    /// Where the next search begins. `None` at the end.
    pub(super) next: Option<Place>,
    /// Whether the index stated more records than it gave.
    pub(super) is_short: bool,
}

/// The position of a search.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) from: i64,
    pub(super) drained: Option<u64>,
}

impl HubSpot {
    /// Returns the records from a time on, up to the next position before which they are certainly complete. `None` if
    /// the page is full of records with that one time.
    pub(super) async fn advanced(
        &self,
        object: Object,
        from: i64,
        last: i64,
        size: u32,
    ) -> Result<Option<Step>, Refusal> {
        let stamp = stamp_name(object);
        let between = json!({
            "propertyName": stamp, "operator": "BETWEEN",
            "value": from.to_string(), "highValue": last.to_string(),
        });
        let hits = self.search(object, &[between], stamp, size).await?;
        let (mut found, is_short) = (hits.found, hits.is_short);
        if !hits.more {
            return Ok(Some(Step {
                found,
                next: None,
                is_short,
            }));
        }
        let cut = resume_at(&found);
        let Some(cut) = cut.filter(|cut| *cut > from) else {
            return Ok(None);
        };
        found.retain(|found| found.at < cut);
        let next = Place {
            from: cut,
            drained: None,
        };
        Ok(Some(Step {
            found,
            next: Some(next),
            is_short,
        }))
    }

    /// Returns records with one time, after an id.
    pub(super) async fn drained(
        &self,
        object: Object,
        at: i64,
        after: u64,
        last: i64,
        size: u32,
    ) -> Result<Step, Refusal> {
        let same = json!({
            "propertyName": stamp_name(object), "operator": "EQ", "value": at.to_string(),
        });
        let behind = json!({
            "propertyName": "hs_object_id", "operator": "GT", "value": after.to_string(),
        });
        let mut hits = self
            .search(object, &[same, behind], "hs_object_id", size)
            .await?;
        let mut numbers: Vec<u64> = hits.found.iter().map(|found| found.number).collect();
        numbers.sort_unstable();
        let certain = n_certain(numbers.len()).checked_sub(1);
        let reached = certain.and_then(|at| numbers.get(at).copied());
        if let (Some(reached), true) = (reached, hits.more) {
            hits.found.retain(|found| found.number <= reached);
        }
        let next = match reached.filter(|reached| hits.more && *reached > after) {
            Some(reached) => Some(Place {
                from: at,
                drained: Some(reached),
            }),
            None if hits.more => return Err(super::super::client::paging::endless(&VENDOR)),
            None if at >= last => None,
            None => Some(Place {
                from: at + 1,
                drained: None,
            }),
        };
        Ok(Step {
            found: hits.found,
            next,
            is_short: hits.is_short,
        })
    }

    /// Returns the first page of a search. If the index states more records at every attempt, the page counts as it is,
    /// and its result says so.
    async fn search(
        &self,
        object: Object,
        filters: &[Value],
        sort: &str,
        size: u32,
    ) -> Result<Hits, Refusal> {
        let stamp = stamp_name(object);
        let body = json!({
            "filterGroups": [{"filters": filters}],
            "sorts": [{"propertyName": sort, "direction": "ASCENDING"}],
            "properties": [stamp],
            "limit": size,
        });
        let call = Call::post(self.objects(object, "/search"), body.to_string());
        self.pace.search().await;
        let read = |body: Bytes, is_last_try: bool| {
            let listing = parse(&body)?;
            let n = listing.rows.len();
            let is_short = !listing.more && !is_end(None, true, n, listing.total);
            if is_short && !is_last_try {
                return Err(incomplete(&VENDOR));
            }
            let found: Option<Vec<Found>> = listing
                .rows
                .iter()
                .map(|row| found(row.get(), stamp))
                .collect();
            Ok(Hits {
                found: found.ok_or_else(|| VENDOR.refusal(CrmCode::PageUnreadable))?,
                more: listing.more,
                is_short,
            })
        };
        let hits = self
            .session
            .run(&call, |reply| read(reply.body, false))
            .await;
        match hits {
            Err(refusal) if refusal.cause == Cause::Incomplete => {
                self.pace.search().await;
                self.session
                    .run(&call, |reply| read(reply.body, true))
                    .await
            }
            hits => hits,
        }
    }

    /// Returns how many records of an object the index has.
    pub(super) async fn total(&self, object: Object) -> Result<u64, Refusal> {
        let body = json!({"filterGroups": [], "properties": [], "limit": 1});
        let call = Call::post(self.objects(object, "/search"), body.to_string());
        self.pace.search().await;
        let read = |body: Bytes| {
            let listing = parse(&body)?;
            let unreadable = || VENDOR.refusal(CrmCode::CountUnreadable);
            listing.total.ok_or_else(unreadable)
        };
        self.session.run(&call, |reply| read(reply.body)).await
    }
}
