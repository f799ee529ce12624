//! Requests for records: pages, and records by their ids.

use bytes::Bytes;
use domain::{
    fault::{CrmCode, Outcome},
    record::{Item, Object, RecordId},
};

use super::{
    super::client::{
        paging::{Served, for_good, incomplete},
        refusal::{Action, Refusal},
        session::Call,
    },
    Dynamics,
    link::within,
    names::{self, set},
    page::{items, parse},
    page_token::Place,
    provider::VENDOR,
    shape::ObjectShape,
};

/// The most records in one request by ids. Each takes some 45 bytes of a URL, which may have 32 KB.
const IDS_PER_REQUEST: usize = 100;
/// The most bytes of names in a URL. A table with more columns is read with all that it has.
const NAMES_PER_URL: usize = 20_000;
/// What an answer says beside a lookup: the table of the record that it names.
const ANNOTATIONS: &str = "odata.include-annotations=\"Microsoft.Dynamics.CRM.lookuplogicalname\"";

/// One page of records.
pub(super) struct Listed {
    pub(super) items: Vec<Item>,
    pub(super) raw: Bytes,
    /// Where the next page is.
    pub(super) next: Option<Place>,
    /// Where the next window of tracked changes begins.
    pub(super) delta: Option<Place>,
}

/// Returns the header by which pages of a size are asked for. It has to be the same for all pages of a list.
fn prefer(size: u32, tracked: bool) -> String {
    let track = if tracked { "odata.track-changes," } else { "" };
    format!("{track}odata.maxpagesize={size},{ANNOTATIONS}")
}

/// Adds what every request for data has.
pub(super) fn data(call: Call) -> Call {
    call.header("OData-Version", "4.0".to_owned())
        .header("OData-MaxVersion", "4.0".to_owned())
        // Some proxies keep answers otherwise.
        .header("If-None-Match", "null".to_owned())
}

/// Makes the request for a list of a table's records, with all columns that are read.
pub(super) fn listing(dynamics: &Dynamics, shape: &ObjectShape) -> Call {
    let call = Call::get(dynamics.options.path(set(shape.object())));
    let names: Vec<&str> = shape.names().collect();
    let names = names.join(",");
    match names.len() <= NAMES_PER_URL {
        true => call.with("$select", names),
        false => call,
    }
}

impl Dynamics {
    /// Fetches one page. An unreadable answer is requested again.
    pub(super) async fn listed(
        &self,
        shape: &ObjectShape,
        call: Call,
        size: u32,
        tracked: bool,
        served: Served,
    ) -> Result<Listed, Refusal> {
        // Dataverse takes the wish to track with the first page. It stands in the links of all others.
        let call = data(call).header("Prefer", prefer(size, tracked));
        let body = self.session.run(&call, |reply| {
            parse(&reply.body)?;
            Ok(reply.body)
        });
        let body = body.await?;
        let listing = parse(&body)?;
        let n = listing.rows.len();
        let place = |link: Option<String>, served| -> Result<Option<Place>, Refusal> {
            let link = link.map(|link| self.link(&link)).transpose()?;
            Ok(link.map(|link| Place {
                link,
                shape: shape.fingerprint(),
                size,
                served,
            }))
        };
        let served = match listing.next {
            Some(_) => served.and(&VENDOR, n, None)?,
            None => Served::default(),
        };
        let (next, delta) = (
            place(listing.next, served)?,
            place(listing.delta, Served::default())?,
        );
        let mut all = Vec::with_capacity(n);
        for row in listing.rows {
            items(shape, row, &mut all);
        }
        Ok(Listed {
            items: all,
            raw: body.clone(),
            next,
            delta,
        })
    }

    /// Returns path and query of a link in an answer. A link that leads elsewhere is not followed.
    pub(super) fn link(&self, link: &str) -> Result<String, Refusal> {
        within(&self.origin, link).ok_or_else(|| {
            let fault = VENDOR.fault(CrmCode::NextPageRefused);
            Refusal::new(Action::Stop, fault)
        })
    }

    /// Fetches records in their present state. Those that are gone or merged are missing.
    pub(super) async fn fetched(&self, object: Object, ids: &[RecordId]) -> Outcome<Vec<Item>> {
        // No record has an id that is no GUID, and such an id might change the filter.
        let ids: Vec<RecordId> = ids
            .iter()
            .filter_map(|one| names::id(one.as_str()))
            .collect();
        let mut shape = self.shape(object).await?;
        let mut all = loop {
            match self.by_ids(&shape, &ids).await {
                Ok(all) => break all,
                Err(refusal) => shape = self.without(object, refusal).await?,
            }
        };
        all.retain(|item| !matches!(item, Item::Gone { .. }));
        Ok(all)
    }

    async fn by_ids(&self, shape: &ObjectShape, ids: &[RecordId]) -> Result<Vec<Item>, Refusal> {
        let mut all = Vec::with_capacity(ids.len());
        for ids in ids.chunks(IDS_PER_REQUEST) {
            let call = data(listing(self, shape))
                .with("$filter", one_of(shape.id(), ids))
                .header("Prefer", ANNOTATIONS.to_owned());
            let read = self.session.run(&call, |reply| {
                let listing = parse(&reply.body)?;
                if listing.next.is_some() {
                    return Err(incomplete(&VENDOR));
                }
                let mut all = Vec::with_capacity(listing.rows.len());
                for row in listing.rows {
                    items(shape, row, &mut all);
                }
                Ok(all)
            });
            all.extend(read.await.map_err(|refusal| for_good(&VENDOR, refusal))?);
        }
        Ok(all)
    }
}

/// Returns the filter for records with one of these ids.
pub(super) fn one_of(column: &str, ids: &[RecordId]) -> String {
    let ids: Vec<String> = ids.iter().map(|id| format!("'{id}'")).collect();
    let ids = ids.join(",");
    format!("Microsoft.Dynamics.CRM.In(PropertyName='{column}',PropertyValues=[{ids}])")
}
