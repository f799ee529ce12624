//! Changes in a window. A first reading lists everything in the order of ids, and later changes are searched.
//!
//! A search never continues by an offset. Records that change meanwhile leave the window, those behind them move up,
//! and an offset would skip as many. HubSpot also ends offsets at 10,000. Each search begins at the time that the one
//! before it reached. If more records share one time than fit on a page, they are read in the order of their ids.

use bytes::Bytes;
use domain::{
    fault::Outcome,
    ports::{Answer, Changes, Page},
    progress::{PageToken, Position, Window},
    record::{Item, RecordId},
};
use jiff::Timestamp;

use super::{
    super::client::{paging::Served, refusal::Refusal},
    HubSpot,
    page_token::Mark,
    provider::VENDOR,
    search::{Place, Step},
    shape::ObjectShape,
};

/// The earliest time in a query, in milliseconds. HubSpot fails at 0.
const FIRST: i64 = 1_000;

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
        let step = match place.drained {
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
        let Step {
            found,
            next,
            is_short,
        } = step;
        let ids: Vec<RecordId> = found.into_iter().map(|found| found.id).collect();
        let parents = self.parents_of(shape.object(), &ids).await?;
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
        Ok(Page {
            is_short,
            ..page(items, raw, next, Some(reached))
        })
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
        is_short: false,
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
