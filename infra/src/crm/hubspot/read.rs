//! Lists, and records by their ids.

use bytes::{Bytes, BytesMut};
use domain::{
    fault::CrmCode,
    record::{Item, Object, RecordId},
};
use serde_json::json;

use super::{
    super::client::{
        refusal::{Action, Refusal},
        session::Call,
    },
    HubSpot,
    associations::parent_names,
    names::path_name,
    page::{Listing, Parents, items, parse},
    provider::{VENDOR, is_linked},
    shape::ObjectShape,
};

/// The most records in one request by ids.
const IDS_PER_REQUEST: usize = 100;
/// The most bytes of property names in a URL. HubSpot refuses longer URLs with 414.
const NAMES_PER_URL: usize = 5_000;

/// One page of a list.
pub(super) struct Listed {
    pub(super) items: Vec<Item>,
    pub(super) raw: Bytes,
    /// The id of the next record. `None` at the end of the list.
    pub(super) after: Option<u64>,
    /// The number of rows on the page.
    pub(super) n: usize,
}

impl HubSpot {
    /// Returns `/crm/objects/{version}/{object}` followed by `rest`.
    pub(super) fn objects(&self, object: Object, rest: &str) -> String {
        let (version, name) = (&self.options.version, path_name(object));
        format!("/crm/objects/{version}/{name}{rest}")
    }

    /// Sends a request for records. An unreadable answer is requested again.
    pub(super) async fn answer(&self, call: &Call) -> Result<Bytes, Refusal> {
        self.pace.request().await;
        self.paced_answer(call).await
    }

    pub(super) async fn paced_answer(&self, call: &Call) -> Result<Bytes, Refusal> {
        let read = |body: Bytes| {
            let listing = parse(&body)?;
            if listing.has_trouble {
                return Err(VENDOR.refusal(CrmCode::OddAnswer));
            }
            Ok(body)
        };
        self.session.run(call, |reply| read(reply.body)).await
    }

    /// Returns a page of the list of live records, by ascending ids.
    pub(super) async fn listed(
        &self,
        shape: &ObjectShape,
        after: Option<u64>,
        size: u32,
    ) -> Result<Listed, Refusal> {
        let object = shape.object();
        let names: Vec<&str> = shape.names().collect();
        let names = names.join(",");
        let fits = names.len() <= NAMES_PER_URL;
        let asked = if fits { &names } else { shape.stamp() };
        let mut call = self.list(object, asked, after, size, false);
        if is_linked(object) {
            call = call.with("associations", parent_names());
        }
        let body = self.answer(&call).await?;
        let listing = parse(&body)?;
        let (after, n) = (next_of(&listing)?, listing.rows.len());
        let (ids, parents) = self.linked(object, &listing).await?;
        let (items, raw) = if fits {
            let mut all = Vec::with_capacity(n);
            for row in &listing.rows {
                items(shape, row, &parents, &mut all);
            }
            (all, body.clone())
        } else {
            // The names do not fit into a URL. Each record comes whole from one answer, so that none is torn. A record
            // that was deleted since is missing.
            self.by_ids(shape, &ids, &parents).await?
        };
        Ok(Listed {
            items,
            raw,
            after,
            n,
        })
    }

    /// Makes a request for a list.
    pub(super) fn list(
        &self,
        object: Object,
        properties: &str,
        after: Option<u64>,
        size: u32,
        archived: bool,
    ) -> Call {
        let call = Call::get(self.objects(object, ""))
            .with("limit", size.to_string())
            .with("archived", archived.to_string())
            .with("properties", properties);
        match after {
            Some(after) => call.with("after", after.to_string()),
            None => call,
        }
    }

    /// Fetches records by their ids in their present state, not from an index. Deleted ones are missing.
    pub(super) async fn by_ids(
        &self,
        shape: &ObjectShape,
        ids: &[RecordId],
        parents: &Parents,
    ) -> Result<(Vec<Item>, Bytes), Refusal> {
        let names: Vec<&str> = shape.names().collect();
        let (mut all, mut raw) = (Vec::with_capacity(ids.len()), BytesMut::new());
        for ids in ids.chunks(IDS_PER_REQUEST) {
            let inputs: Vec<_> = ids.iter().map(|id| json!({"id": id.as_str()})).collect();
            let body = json!({"properties": names, "inputs": inputs}).to_string();
            let call = Call::post(self.objects(shape.object(), "/batch/read"), body);
            let body = self.answer(&call).await?;
            for row in parse(&body)?.rows {
                let before = all.len();
                items(shape, row, parents, &mut all);
                // The id of a merged record may return its survivor, which is another record's row.
                let is_asked = match all.get(before) {
                    Some(Item::Live(record)) => ids.contains(&record.id),
                    Some(Item::Gone { .. }) => false,
                    Some(Item::Bad { .. }) | None => true,
                };
                if !is_asked {
                    all.truncate(before);
                }
            }
            if !raw.is_empty() {
                raw.extend_from_slice(b"\n");
            }
            raw.extend_from_slice(&body);
        }
        Ok((all, raw.freeze()))
    }
}

/// Returns where a list goes on. A list that goes on without naming the next record would never end.
pub(super) fn next_of(listing: &Listing<'_>) -> Result<Option<u64>, Refusal> {
    match (listing.more, listing.after) {
        (false, _) => Ok(None),
        (true, Some(after)) => Ok(Some(after)),
        (true, None) => {
            let fault = VENDOR.fault(CrmCode::NextPageRefused);
            Err(Refusal::new(Action::Stop, fault))
        }
    }
}
