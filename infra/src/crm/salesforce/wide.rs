//! Objects that are too wide for one query: their other fields are fetched by further queries and joined.

use bytes::BytesMut;
use domain::{
    fault::CrmCode,
    record::{Item, RecordId},
};

use super::{
    super::client::{
        paging::Served,
        refusal::{Action, Refusal},
        session::Call,
    },
    Salesforce,
    page::{Parsed, parse_rest},
    provider::VENDOR,
    read::{PageOf, Reach, of_size},
    shape::ObjectShape,
    soql,
};

impl Salesforce {
    /// Fetches the fields that did not fit into the page's own query, for the same part of the order of changes, and
    /// joins them. A record that changed between two queries is fetched on its own.
    pub(super) async fn widen(
        &self,
        shape: &ObjectShape,
        chunks: &[Vec<&str>],
        page: PageOf,
        batch: u32,
    ) -> Result<PageOf, Refusal> {
        let (parsed, raw) = page;
        let (Some(first), Some(last), Some((_, rest))) =
            (&parsed.first, &parsed.last, chunks.split_first())
        else {
            return Ok((parsed, raw));
        };
        if rest.is_empty() {
            return Ok((parsed, raw));
        }
        let mut all = BytesMut::from(&*raw);
        for chunk in rest {
            let query = soql::select(
                shape,
                chunk,
                &soql::between(shape.stamp(), first, last),
                true,
            );
            self.append(shape, self.query(Reach::All, query), batch, &mut all)
                .await?;
        }
        let joined = parse_rest(&all, shape).map_err(|fault| Refusal::new(Action::Retry, fault))?;
        let mut items = joined.items;
        if !joined.torn.is_empty() {
            items.extend(self.untorn(shape, &joined.torn).await?);
        }
        Ok((
            Parsed {
                items,
                torn: Vec::new(),
                ..parsed
            },
            all.freeze(),
        ))
    }

    /// Appends all pages of a query.
    pub(super) async fn append(
        &self,
        shape: &ObjectShape,
        call: Call,
        batch: u32,
        all: &mut BytesMut,
    ) -> Result<(), Refusal> {
        let mut call = of_size(call, batch);
        let mut served = Served::default();
        loop {
            let is_first = served == Served::default();
            let (parsed, raw) = self.page(shape, &call, is_first).await?;
            if all.len() + raw.len() > self.options.client.body_cap {
                return Err(Refusal::new(
                    Action::Shrink,
                    VENDOR.fault(CrmCode::PageTooLarge),
                ));
            }
            // JSON documents may follow each other, separated only by white space.
            all.extend_from_slice(b"\n");
            all.extend_from_slice(&raw);
            match parsed.next {
                Some(next) => {
                    served = served.and(&VENDOR, parsed.items.len(), parsed.total)?;
                    call = of_size(Call::get(next), batch);
                }
                None => return Ok(()),
            }
        }
    }

    /// Fetches records again that changed between two queries. A record that still changes is left to the next window,
    /// which is certain to have it.
    pub(super) async fn untorn(
        &self,
        shape: &ObjectShape,
        torn: &[RecordId],
    ) -> Result<Vec<Item>, Refusal> {
        let (mut items, still) = self.by_ids(shape, torn, Reach::All).await?;
        items.extend(still.into_iter().map(|id| Item::Bad {
            id: Some(id),
            reason: "record.changing",
        }));
        Ok(items)
    }
}
