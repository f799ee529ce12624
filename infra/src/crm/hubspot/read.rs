//! Lists, and records by their ids.

use bytes::{Bytes, BytesMut};
use domain::{
    fault::CrmCode,
    record::{Item, Object, RecordId},
};
use serde_json::json;

use super::{
    super::client::{
        paging::for_good,
        refusal::{Action, Refusal},
        session::Call,
    },
    HubSpot,
    associations::parent_names,
    names::path_name,
    page::{Listing, Parents, Told, items, parse},
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
            parse(&body)?.beside.without_trouble()?;
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

    /// Fetches records by their ids in their present state, not from an index. Deleted ones are missing. An answer that is
    /// silent about a record is requested again.
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
            self.pace.request().await;
            let read = |body: Bytes| Ok((of_answer(shape, ids, parents, &body)?, body));
            let answer = self.session.run(&call, |reply| read(reply.body)).await;
            let (items, body) = answer.map_err(|refusal| for_good(&VENDOR, refusal))?;
            all.extend(items);
            if !raw.is_empty() {
                raw.extend_from_slice(b"\n");
            }
            raw.extend_from_slice(&body);
        }
        Ok((all, raw.freeze()))
    }
}

/// Returns the items of those records that were asked for. Each has a row, or the answer says that it is not there, or
/// names the record that it was merged into.
fn of_answer(
    shape: &ObjectShape,
    ids: &[RecordId],
    parents: &Parents,
    body: &[u8],
) -> Result<Vec<Item>, Refusal> {
    let listing = parse(body)?;
    listing.beside.without_trouble()?;
    let (mut all, mut told) = (Vec::with_capacity(ids.len()), Told::default());
    listing.beside.absent().for_each(|id| told.note(id));
    for row in &listing.rows {
        let before = all.len();
        items(shape, row, parents, &mut all);
        let row = all.get(before..).unwrap_or_default();
        let mut is_odd = true;
        for item in row {
            let id = match item {
                Item::Live(record) => Some(&record.id),
                Item::Gone { id, .. } => Some(id),
                Item::Bad { id, .. } => id.as_ref(),
            };
            is_odd &= id.is_none_or(|id| !ids.contains(id));
            id.into_iter().for_each(|id| told.note(id.as_str()));
        }
        if is_odd {
            told.note_odd();
        }
        // The id of a merged record may return its survivor, which is another record's row.
        let is_asked = match row.first() {
            Some(Item::Live(record)) => ids.contains(&record.id),
            Some(Item::Gone { .. }) => false,
            Some(Item::Bad { .. }) | None => true,
        };
        if !is_asked {
            all.truncate(before);
        }
    }
    told.all_of(ids.iter().map(RecordId::as_str))?;
    Ok(all)
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
