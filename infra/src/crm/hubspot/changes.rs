//! Changes in a window. A first reading lists everything in the order of ids, and later changes are searched.
//!
//! A search never continues by an offset. Records that change meanwhile leave the window, those behind them move up,
//! and an offset would skip as many. HubSpot also ends offsets at 10,000. Each search begins at the time that the one
//! before it reached. If more records share one time than fit on a page, they are read in the order of their ids.

use bytes::Bytes;
use domain::{
    fault::{CrmCode, Outcome},
    ports::{Answer, Changes, Page},
    progress::{PageToken, Position, Window},
    record::{Item, Object, RecordId},
};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    super::client::{
        canonical,
        paging::{Served, for_good, incomplete, is_end},
        refusal::Refusal,
        session::Call,
    },
    HubSpot,
    page::{Row, id, parse},
    page_token::Mark,
    provider::{VENDOR, stamp_name},
    shape::ObjectShape,
};

/// The earliest time in a query, in milliseconds. HubSpot fails at 0.
const FIRST: i64 = 1_000;

/// A record that a search found.
struct Found {
    id: RecordId,
    number: u64,
    /// The time of its last change in the index, in milliseconds.
    at: i64,
}

/// The result of a search.
struct Hits {
    found: Vec<Found>,
    more: bool,
}

/// The position of a search.
#[derive(Clone, Copy)]
struct Place {
    from: i64,
    drained: Option<u64>,
}

impl HubSpot {
    pub(super) async fn changes_of(&self, ask: &Changes<'_>) -> Outcome<Answer> {
        let shape = self.shape(ask.object).await?;
        let at_most = ask.at_most.unwrap_or(u32::MAX).max(1);
        let list = self.options.list_page.min(at_most);
        let search = self.options.search_page.min(at_most);
        let answer = match ask.token.map(Mark::read) {
            Some(Some(mark)) if mark.is_of(&shape) => match mark {
                Mark::List { after, served, .. } => {
                    self.list_page(&shape, ask.window, Some(after), served, list)
                        .await
                }
                Mark::Search { from, drained, .. } => {
                    let place = Place { from, drained };
                    self.search_page(&shape, ask.window, place, search).await
                }
                Mark::Ids { .. } => return Ok(Answer::TokenLost),
            },
            Some(_) => return Ok(Answer::TokenLost),
            None => match &ask.window.after {
                None => {
                    self.list_page(&shape, ask.window, None, Served::default(), list)
                        .await
                }
                Some(after) => {
                    let place = Place {
                        from: after.at.as_millisecond().max(FIRST),
                        drained: None,
                    };
                    self.search_page(&shape, ask.window, place, search).await
                }
            },
        };
        Ok(Answer::Page(answer?))
    }

    /// Returns a page of a first reading.
    async fn list_page(
        &self,
        shape: &ObjectShape,
        window: &Window,
        after: Option<u64>,
        served: Served,
        size: u32,
    ) -> Result<Page, Refusal> {
        let listed = self.listed(shape, after, size).await?;
        let next = match listed.after {
            // Ids ascend, so a page that goes back would never end.
            Some(next) if after.is_some_and(|after| next <= after) => {
                return Err(super::super::client::paging::endless(&VENDOR));
            }
            Some(next) => {
                let mark = Mark::List {
                    after: next,
                    shape: shape.fingerprint(),
                    served: served.and(&VENDOR, listed.n, None)?,
                };
                Some(mark.token())
            }
            None => None,
        };
        let reached = next.is_none().then(|| end_of(window));
        // A list has no window. Changes after the window's end belong to the next window.
        let mut items = listed.items;
        items.retain(|item| match item {
            Item::Live(record) => record.modified < window.until,
            Item::Gone { .. } | Item::Bad { .. } => true,
        });
        Ok(page(items, listed.raw, next, reached))
    }

    /// Returns a page of later changes.
    async fn search_page(
        &self,
        shape: &ObjectShape,
        window: &Window,
        place: Place,
        size: u32,
    ) -> Result<Page, Refusal> {
        // The end of a window is exclusive, and that of a search is inclusive.
        let last = window.until.as_millisecond() - 1;
        if place.from > last {
            return Ok(page(Vec::new(), Bytes::new(), None, Some(end_of(window))));
        }
        let (found, next) = match place.drained {
            Some(drained) => {
                self.drained(shape.object(), place.from, drained, last, size)
                    .await?
            }
            None => match self
                .advanced(shape.object(), place.from, last, size)
                .await?
            {
                Some(advanced) => advanced,
                None => {
                    self.drained(shape.object(), place.from, 0, last, size)
                        .await?
                }
            },
        };
        let ids: Vec<RecordId> = found.into_iter().map(|found| found.id).collect();
        let parents = self.companies_of(shape.object(), &ids).await?;
        let (items, raw) = self.by_ids(shape, &ids, &parents).await?;
        let reached = match next {
            Some(next) => position(next.from),
            None => end_of(window),
        };
        let next = next.map(|Place { from, drained }| {
            let mark = Mark::Search {
                from,
                drained,
                shape: shape.fingerprint(),
            };
            mark.token()
        });
        Ok(page(items, raw, next, Some(reached)))
    }

    /// Returns the records from a time on, up to the next position before which they are certainly complete. `None` if
    /// the page is full of records with that one time.
    async fn advanced(
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
    async fn drained(
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

fn page(items: Vec<Item>, raw: Bytes, next: Option<PageToken>, reached: Option<Position>) -> Page {
    Page {
        items,
        has_parents: true,
        raw,
        next,
        reached,
        resume: None,
    }
}

/// Returns the position before which everything has been read.
fn position(millis: i64) -> Position {
    Position {
        at: Timestamp::from_millisecond(millis).unwrap_or(Timestamp::MAX),
        id: None,
    }
}

fn end_of(window: &Window) -> Position {
    Position {
        at: window.until,
        id: None,
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
