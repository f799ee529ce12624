//! Searches by time. `changes` says why none of them continues by an offset.

use bytes::Bytes;
use domain::{
    fault::CrmCode,
    record::{Object, RecordId},
};
use serde_json::{Value, json};

use super::{
    super::client::{
        canonical,
        paging::{for_good, incomplete, is_end},
        refusal::Refusal,
        session::Call,
    },
    HubSpot,
    names::stamp_name,
    page::{Row, id, parse},
    provider::VENDOR,
};

/// A record that a search found.
pub(super) struct Found {
    pub(super) id: RecordId,
    pub(super) number: u64,
    /// The time of its last change in the index, in milliseconds.
    pub(super) at: i64,
}

/// The result of a search.
pub(super) struct Hits {
    pub(super) found: Vec<Found>,
    pub(super) more: bool,
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
    ) -> Result<Option<(Vec<Found>, Option<Place>)>, Refusal> {
        let stamp = stamp_name(object);
        let between = json!({
            "propertyName": stamp, "operator": "BETWEEN",
            "value": from.to_string(), "highValue": last.to_string(),
        });
        let Hits { mut found, more } = self.search(object, &[between], stamp, size).await?;
        if !more {
            return Ok(Some((found, None)));
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
        Ok(Some((found, Some(next))))
    }

    /// Returns records with one time, after an id.
    pub(super) async fn drained(
        &self,
        object: Object,
        at: i64,
        after: u64,
        last: i64,
        size: u32,
    ) -> Result<(Vec<Found>, Option<Place>), Refusal> {
        let same = json!({
            "propertyName": stamp_name(object), "operator": "EQ", "value": at.to_string(),
        });
        let behind = json!({
            "propertyName": "hs_object_id", "operator": "GT", "value": after.to_string(),
        });
        let hits = self
            .search(object, &[same, behind], "hs_object_id", size)
            .await?;
        let reached = hits.found.iter().map(|found| found.number).max();
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
        Ok((hits.found, next))
    }

    /// Returns the first page of a search.
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
        let read = |body: Bytes| {
            let listing = parse(&body)?;
            let n = listing.rows.len();
            if !listing.more && !is_end(None, true, n, listing.total) {
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
            })
        };
        let hits = self.session.run(&call, |reply| read(reply.body)).await;
        hits.map_err(|refusal| for_good(&VENDOR, refusal))
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

fn found(row: &str, stamp: &str) -> Option<Found> {
    let row: Row<'_> = serde_json::from_str(row).ok()?;
    let id = id(&row.id)?;
    let told = row
        .properties
        .get(stamp)
        .map(|raw| raw.get().trim_matches('"'));
    let at = told
        .and_then(canonical::instant)
        .or_else(|| canonical::instant(row.updated_at.as_deref()?))?;
    Some(Found {
        number: id.as_str().parse().ok()?,
        id,
        at: at.as_millisecond(),
    })
}

/// Returns the time up to which a full page certainly has all records. That is the time of its last record, since more
/// records with it may follow. Rows can be slightly out of order. Then it is the earliest time from the first row on
/// that is out of order.
fn resume_at(found: &[Found]) -> Option<i64> {
    let times: Vec<i64> = found.iter().map(|found| found.at).collect();
    let out_of_order = times.windows(2).position(|pair| pair[0] > pair[1]);
    match out_of_order {
        Some(at) => times.iter().skip(at + 1).min().copied(),
        None => times.last().copied(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn resumed(times: &[i64]) -> Option<i64> {
        let found = times.iter().map(|at| Found {
            id: id("1").unwrap(),
            number: 1,
            at: *at,
        });
        resume_at(&found.collect::<Vec<_>>())
    }

    #[test]
    fn the_next_search_begins_before_whatever_may_have_been_passed_over() {
        assert_eq!(resumed(&[]), None);
        assert_eq!(resumed(&[1, 2, 2, 3]), Some(3));
        assert_eq!(resumed(&[1, 2, 5, 3, 4]), Some(3));
        assert_eq!(resumed(&[7, 7, 7]), Some(7));
    }
}
