//! Changes by REST, in the order of changes.

use domain::{
    ports::{Answer, Page},
    progress::Window,
};

use super::{
    super::{
        super::client::{
            paging::Served,
            refusal::{Action, Refusal},
        },
        Salesforce,
        page_token::Mark,
        provider::VENDOR,
        read::PageOf,
        shape::ObjectShape,
    },
    PageSizes, SMALLEST_PAGE, end_of,
};

impl Salesforce {
    /// Fetches the first page of a window, or a smaller one if it is too large.
    pub(super) async fn first_in_order(
        &self,
        shape: &ObjectShape,
        window: &Window,
        pages: PageSizes,
    ) -> Result<Answer, Refusal> {
        let page = match self.first_page(shape, window, pages.rest).await {
            Err(refusal) if refusal.action == Action::Shrink => {
                self.first_page(shape, window, SMALLEST_PAGE).await
            }
            other => other,
        };
        ordered(shape, window, page?, Served::default())
    }

    /// Fetches the page that an earlier one named. `served` is what the pages before it had.
    pub(super) async fn next_in_order(
        &self,
        shape: &ObjectShape,
        window: &Window,
        (next, served): (&str, Served),
        pages: PageSizes,
    ) -> Result<Answer, Refusal> {
        let page = match self.next_page(shape, next, pages.rest).await {
            Err(refusal) if refusal.action == Action::Shrink => {
                self.next_page(shape, next, SMALLEST_PAGE).await
            }
            other => other,
        };
        ordered(shape, window, page?, served)
    }
}

/// Returns a REST page. All changes up to its last record have been sent, and with the last page all of the window.
/// `served` is what the pages before it had.
fn ordered(
    shape: &ObjectShape,
    window: &Window,
    (parsed, raw): PageOf,
    served: Served,
) -> Result<Answer, Refusal> {
    let mark = |next| {
        let mark = Mark::Rest {
            next,
            shape: shape.fingerprint(),
            served: served.and(&VENDOR, parsed.items.len(), parsed.total)?,
        };
        Ok(mark.token())
    };
    let next = parsed.next.map(mark).transpose()?;
    let reached = if next.is_some() {
        parsed.last
    } else {
        Some(end_of(window))
    };
    Ok(Answer::Page(Page {
        items: parsed.items,
        has_parents: true,
        raw,
        next,
        reached,
        resume: None,
        is_short: false,
    }))
}
