//! Lists all ids, in the order of the ids. Merged records are left out, as they are in the copy.

use domain::{
    fault::{CrmCode, Outcome},
    ports::IdPage,
    progress::PageToken,
    record::{Object, RecordId},
};
use jiff::Timestamp;
use serde_json::value::RawValue;

use super::{
    super::client::{canonical, paging::Served, session::Call},
    Dynamics,
    names::{STAMP, id, id_name, set},
    page::{Row, parse},
    page_token::{Mark, Place},
    provider::VENDOR,
    read::data,
};

impl Dynamics {
    pub(super) async fn id_page(
        &self,
        object: Object,
        token: Option<&PageToken>,
    ) -> Outcome<IdPage> {
        let shape = self.shape(object).await?;
        let place = match token.and_then(Mark::read) {
            Some(Mark::Ids(place)) => Some(place),
            _ => None,
        };
        let column = id_name(object);
        let (call, size, served) = match place {
            Some(Place {
                link, size, served, ..
            }) => (Call::go_on(&link), size, served),
            None => {
                let call = Call::get(self.options.path(set(object)))
                    .with("$select", format!("{column},{STAMP}"))
                    .with("$orderby", format!("{column} asc"));
                let call = match shape.live() {
                    Some(live) => call.with("$filter", live),
                    None => call,
                };
                (call, self.options.id_page, Served::default())
            }
        };
        let call = data(call).header("Prefer", format!("odata.maxpagesize={size}"));
        let read = self.session.run(&call, |reply| {
            let listing = parse(&reply.body)?;
            let rows = listing.rows.iter();
            let ids: Option<Vec<_>> = rows.map(|row| identified(row, column)).collect();
            // Skipping an unreadable row would remove its record from the copy.
            let ids = ids.ok_or_else(|| VENDOR.refusal(CrmCode::PageUnreadable))?;
            Ok((ids, listing.next))
        });
        let (ids, next) = read.await?;
        let next = match next {
            Some(next) => {
                let place = Place {
                    link: self.link(&next)?,
                    shape: 0,
                    size,
                    served: served.and(&VENDOR, ids.len(), None)?,
                };
                Some(Mark::Ids(place).token())
            }
            None => None,
        };
        Ok(IdPage { ids, next })
    }
}

fn identified(row: &RawValue, column: &str) -> Option<(RecordId, Timestamp)> {
    let row = Row::parse(row)?;
    // An unreadable time differs from every other. The record is then compared and found bad.
    let at = row.text(STAMP).and_then(|text| canonical::instant(&text));
    Some((id(&row.text(column)?)?, at.unwrap_or(Timestamp::UNIX_EPOCH)))
}
