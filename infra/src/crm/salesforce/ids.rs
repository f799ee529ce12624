//! Lists all ids, and fetches records by their ids.

use bytes::BytesMut;
use domain::{
    fault::{CrmCode, Outcome},
    ports::IdPage,
    progress::PageToken,
    record::{Item, Object, RecordId},
};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::{
    super::client::{
        paging::{Served, endless, for_good, incomplete, is_end},
        refusal::{Action, Refusal},
        session::Call,
    },
    Salesforce,
    page::{parse_rest, read_time},
    page_token::{self, Mark},
    provider::VENDOR,
    read::Reach,
    shape::ObjectShape,
    soql,
};

#[derive(Deserialize)]
struct Listed {
    #[serde(default)]
    done: Value,
    #[serde(rename = "totalSize", default)]
    total: Value,
    #[serde(rename = "nextRecordsUrl")]
    next: Option<String>,
    records: Vec<ListedRow>,
}

#[derive(Deserialize)]
struct ListedRow {
    #[serde(rename = "Id")]
    id: String,
    #[serde(
        rename = "SystemModstamp",
        alias = "LastModifiedDate",
        alias = "CreatedDate"
    )]
    stamp: Option<String>,
}

impl Salesforce {
    /// Returns a page of ids in order of the ids, so that a lost page set can be resumed after the last id.
    pub(super) async fn id_page(
        &self,
        object: Object,
        token: Option<&PageToken>,
    ) -> Outcome<IdPage> {
        let mut shape = self.shape(object).await?;
        let (next, after, mut served) = match token.and_then(Mark::read) {
            Some(Mark::Ids {
                next,
                after,
                served,
            }) => (next, Some(after), served),
            _ => (None, None, Served::default()),
        };
        let listed = match next {
            Some(next) => match self.listed(Call::get(next), false).await {
                Err(refusal) if refusal.action == Action::TokenLost => {
                    served = Served::default();
                    None
                }
                other => Some(other?),
            },
            None => None,
        };
        let listed = match listed {
            Some(listed) => listed,
            None => loop {
                match self.listed_after(&shape, after.as_deref()).await {
                    Ok(listed) => break listed,
                    Err(refusal) => shape = self.narrower(&shape, refusal).await?,
                }
            },
        };
        let n = listed.records.len();
        let ids: Vec<_> = listed
            .records
            .into_iter()
            .filter_map(|row| {
                // An unreadable time differs from every other. The record is then compared and found bad.
                let stamp = row
                    .stamp
                    .as_deref()
                    .and_then(read_time)
                    .unwrap_or(Timestamp::UNIX_EPOCH);
                Some((RecordId::parse(&row.id).ok()?, stamp))
            })
            .collect();
        let last = ids.last().map(|(id, _)| id.as_str().to_owned()).or(after);
        let next = match (listed.next, last) {
            (Some(next), Some(after)) => {
                let mark = Mark::Ids {
                    next: Some(next),
                    after,
                    served: served.and(&VENDOR, n, listed.total.as_u64())?,
                };
                Some(mark.token())
            }
            // A list that begins with an empty page and goes on would look like a list without ids.
            (Some(_), None) => return Err(endless(&VENDOR).into()),
            (None, _) => None,
        };
        Ok(IdPage { ids, next })
    }

    async fn listed_after(
        &self,
        shape: &ObjectShape,
        after: Option<&str>,
    ) -> Result<Listed, Refusal> {
        let (reach, live) = Self::live(shape.object());
        let after = after.map(|after| format!("Id > {}", soql::quote(after)));
        let conditions: Vec<&str> = live.into_iter().chain(after.as_deref()).collect();
        let filter = if conditions.is_empty() {
            String::new()
        } else {
            format!(" WHERE {}", conditions.join(" AND "))
        };
        let query = format!(
            "SELECT Id, {} FROM {}{filter} ORDER BY Id",
            shape.stamp(),
            shape.object()
        );
        self.listed(self.query(reach, query), true).await
    }

    /// Fetches one page of a list. A list that ends too early would remove existing records from the copy.
    async fn listed(&self, call: Call, is_first: bool) -> Result<Listed, Refusal> {
        let listed = self.session.run(&call, |reply| {
            let listed: Listed = serde_json::from_slice(&reply.body)
                .map_err(|_| VENDOR.refusal(CrmCode::PageUnreadable))?;
            let (done, total) = (listed.done.as_bool(), listed.total.as_u64());
            let is_whole = is_end(done, is_first, listed.records.len(), total);
            if listed.next.is_none() && !is_whole {
                return Err(incomplete(&VENDOR));
            }
            Ok(listed)
        });
        let listed = listed.await.map_err(|refusal| for_good(&VENDOR, refusal))?;
        match &listed.next {
            Some(next) if !page_token::is_path(next) => {
                Err(VENDOR.refusal(CrmCode::NextPageRefused))
            }
            _ => Ok(listed),
        }
    }

    /// Fetches records in their present state.
    pub(super) async fn fetched(&self, object: Object, ids: &[RecordId]) -> Outcome<Vec<Item>> {
        let mut shape = self.shape(object).await?;
        let reach = Self::live(object).0;
        let (mut items, torn) = loop {
            match self.by_ids(&shape, ids, reach).await {
                Ok(fetched) => break fetched,
                Err(refusal) => shape = self.narrower(&shape, refusal).await?,
            }
        };
        if !torn.is_empty() {
            let (again, still) = self.by_ids(&shape, &torn, reach).await?;
            items.extend(again);
            items.extend(still.into_iter().map(|id| Item::Bad {
                id: Some(id),
                reason: "record.changing",
            }));
        }
        items.retain(|item| !matches!(item, Item::Gone { .. }));
        Ok(items)
    }

    /// Fetches records by their ids. Returns also the ids of records that changed between two queries.
    pub(super) async fn by_ids(
        &self,
        shape: &ObjectShape,
        ids: &[RecordId],
        reach: Reach,
    ) -> Result<(Vec<Item>, Vec<RecordId>), Refusal> {
        // One impossible id makes Salesforce refuse the whole query. No record has such an id.
        let possible = |id: &&RecordId| {
            matches!(id.as_str().len(), 15 | 18) && page_token::is_word(id.as_str())
        };
        let ids: Vec<RecordId> = ids.iter().filter(possible).cloned().collect();
        let (mut items, mut torn) = (Vec::with_capacity(ids.len()), Vec::new());
        for ids in ids.chunks(soql::IDS_PER_QUERY) {
            let mut all = BytesMut::new();
            for chunk in soql::id_chunks(shape) {
                let query = soql::select(shape, &chunk, &soql::one_of(ids), false);
                self.append(
                    shape,
                    self.query(reach, query),
                    self.options.rest_page,
                    &mut all,
                )
                .await?;
            }
            let parsed =
                parse_rest(&all, shape).map_err(|fault| Refusal::new(Action::Retry, fault))?;
            items.extend(parsed.items);
            torn.extend(parsed.torn);
        }
        Ok((items, torn))
    }
}
