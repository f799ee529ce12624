//! REST queries: pages and counts.

use bytes::Bytes;
use domain::{fault::CrmCode, progress::Window, record::Object};
use serde::Deserialize;

use super::{
    super::client::{
        http::Reply,
        paging::{for_good, incomplete, is_end},
        refusal::{Action, Cause, Refusal},
        session::Call,
    },
    Salesforce,
    page::{Parsed, mend_utf8, parse_rest},
    page_token,
    provider::VENDOR,
    shape::ObjectShape,
    soql,
};

/// A page, and its bytes as they arrived.
pub(super) type PageOf = (Parsed, Bytes);

#[derive(Deserialize)]
struct Counted {
    #[serde(rename = "totalSize")]
    total: u64,
}

fn read(shape: &ObjectShape, body: Bytes, is_first: bool) -> Result<PageOf, Refusal> {
    let parsed = parse_rest(&body, shape).map_err(|fault| {
        let refusal = Refusal::new(Action::Retry, fault);
        match std::str::from_utf8(&body) {
            Ok(_) => refusal,
            Err(_) => refusal.because(Cause::NotUtf8),
        }
    })?;
    let n = parsed.items.len() + parsed.torn.len();
    if parsed.next.is_none() && !is_end(parsed.done, is_first, n, parsed.total) {
        return Err(incomplete(&VENDOR));
    }
    if parsed
        .next
        .as_deref()
        .is_some_and(|next| !page_token::is_path(next))
    {
        return Err(VENDOR.refusal(CrmCode::NextPageRefused));
    }
    Ok((parsed, body))
}

/// Sets the number of records per page. Salesforce's default is 2,000.
pub(super) fn of_size(call: Call, size: u32) -> Call {
    const NAME: &str = "sforce-query-options";
    match size {
        2_000 => call.without(NAME),
        size => call.header(NAME, format!("batchSize={size}")),
    }
}

/// Which records a query returns.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// Records that are not deleted.
    Live,
    /// Deleted and archived ones, too.
    All,
}

impl Salesforce {
    pub(super) fn query(&self, reach: Reach, soql: String) -> Call {
        let verb = match reach {
            Reach::Live => "/query",
            Reach::All => "/queryAll",
        };
        Call::get(self.options.path(verb)).with("q", soql)
    }

    /// Returns how to query live records of an object. Tasks that were closed more than a year ago are archived.
    /// `query` does not return them, so a copy made with `queryAll` would never agree with its counts.
    pub(super) fn live(object: Object) -> (Reach, Option<&'static str>) {
        match object {
            Object::Task => (Reach::All, Some("IsDeleted = false")),
            Object::Account | Object::Contact | Object::Lead | Object::Opportunity => {
                (Reach::Live, None)
            }
        }
    }

    /// Fetches one page. `is_first` says whether it is the query's first page.
    pub(super) async fn page(
        &self,
        shape: &ObjectShape,
        call: &Call,
        is_first: bool,
    ) -> Result<PageOf, Refusal> {
        let page = self
            .session
            .run(call, |reply| read(shape, reply.body, is_first));
        let page = match page.await {
            // The page was not UTF-8 at any attempt, so its bad records are separated from the others.
            Err(refusal) if refusal.cause == Cause::NotUtf8 => {
                let mended = |reply: Reply| read(shape, mend_utf8(&reply.body).into(), is_first);
                self.session.run(call, mended).await
            }
            page => page,
        };
        page.map_err(|refusal| for_good(&VENDOR, refusal))
    }

    /// Fetches the first page of a window's changes, in the order of changes.
    pub(super) async fn first_page(
        &self,
        shape: &ObjectShape,
        window: &Window,
        batch: u32,
    ) -> Result<PageOf, Refusal> {
        let chunks = soql::window_chunks(shape);
        let narrow = chunks.first().map(Vec::as_slice).unwrap_or_default();
        let query = soql::select(shape, narrow, &soql::window(shape.stamp(), window), true);
        let call = of_size(self.query(Reach::All, query), batch);
        let page = self.page(shape, &call, true).await?;
        self.widen(shape, &chunks, page, batch).await
    }

    /// Fetches the page that an earlier one named.
    pub(super) async fn next_page(
        &self,
        shape: &ObjectShape,
        next: &str,
        batch: u32,
    ) -> Result<PageOf, Refusal> {
        let page = self
            .page(shape, &of_size(Call::get(next.to_owned()), batch), false)
            .await?;
        self.widen(shape, &soql::window_chunks(shape), page, batch)
            .await
    }

    /// Counts the records that meet a condition.
    pub(super) async fn count_where(
        &self,
        object: Object,
        reach: Reach,
        condition: Option<&str>,
    ) -> Result<u64, Refusal> {
        let filter = condition
            .map(|condition| format!(" WHERE {condition}"))
            .unwrap_or_default();
        let call = self.query(reach, format!("SELECT COUNT() FROM {object}{filter}"));
        let counted = self.session.run(&call, |reply| {
            // An answer that is valid JSON without such a number is the same at any further attempt.
            serde_json::from_slice::<Counted>(&reply.body).map_err(|error| {
                let refusal = VENDOR.refusal(CrmCode::CountUnreadable);
                if error.is_data() {
                    refusal.for_good()
                } else {
                    refusal
                }
            })
        });
        Ok(counted.await?.total)
    }
}
