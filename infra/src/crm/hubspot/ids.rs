//! Lists all ids, and fetches records by their ids.

use bytes::Bytes;
use domain::{
    fault::{CrmCode, Outcome},
    ports::IdPage,
    progress::PageToken,
    record::{Item, Object, RecordId},
};
use jiff::Timestamp;

use super::{
    super::client::{
        canonical,
        paging::{Served, endless},
    },
    HubSpot,
    names::stamp_name,
    page::{Row, id, parse},
    page_token::Mark,
    provider::VENDOR,
    read::next_of,
};

impl HubSpot {
    /// Lists ids in ascending order. The list is no index and never lags.
    pub(super) async fn id_page(
        &self,
        object: Object,
        token: Option<&PageToken>,
    ) -> Outcome<IdPage> {
        let (after, served) = match token.and_then(Mark::read) {
            Some(Mark::Ids { after, served }) => (Some(after), served),
            _ => (None, Served::default()),
        };
        let stamp = stamp_name(object);
        let call = self.list(object, stamp, after, self.options.list_page, false);
        let body = self.answer(&call).await?;
        let listing = parse(&body)?;
        let ids: Option<Vec<(RecordId, Timestamp)>> = listing
            .rows
            .iter()
            .map(|row| identified(row.get(), stamp))
            .collect();
        // Skipping an unreadable row would remove its record from the copy.
        let ids = ids.ok_or_else(|| VENDOR.fault(CrmCode::PageUnreadable))?;
        let next = match next_of(&listing)? {
            Some(next) if after.is_some_and(|after| next <= after) => {
                return Err(endless(&VENDOR).into());
            }
            Some(next) => {
                let mark = Mark::Ids {
                    after: next,
                    served: served.and(&VENDOR, ids.len(), None)?,
                };
                Some(mark.token())
            }
            None => None,
        };
        Ok(IdPage { ids, next })
    }

    /// Fetches records in their present state.
    pub(super) async fn fetched(&self, object: Object, ids: &[RecordId]) -> Outcome<Vec<Item>> {
        let shape = self.shape(object).await?;
        // No record has an id that is no number, and such an id might redirect the request.
        let ids: Vec<RecordId> = ids.iter().filter_map(|one| id(one.as_str())).collect();
        let parents = self.parents_of(object, &ids).await?;
        let (mut items, _): (Vec<Item>, Bytes) = self.by_ids(&shape, &ids, &parents).await?;
        items.retain(|item| !matches!(item, Item::Gone { .. }));
        Ok(items)
    }
}

fn identified(row: &str, stamp: &str) -> Option<(RecordId, Timestamp)> {
    let row: Row<'_> = serde_json::from_str(row).ok()?;
    let told = row
        .properties
        .get(stamp)
        .map(|raw| raw.get().trim_matches('"'));
    // An unreadable time differs from every other. The record is then compared and found bad.
    let at = told
        .and_then(canonical::instant)
        .or_else(|| canonical::instant(row.updated_at.as_deref()?))
        .unwrap_or(Timestamp::UNIX_EPOCH);
    Some((id(&row.id)?, at))
}
