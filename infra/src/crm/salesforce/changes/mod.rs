//! Changes in a window: by REST in the order of changes, or by a bulk job if there are many.

mod in_bulk;
mod in_order;

use domain::{
    fault::Outcome,
    ports::{Answer, Changes},
    progress::{Position, Window},
};

use self::in_bulk::PageAt;
use super::{
    super::client::refusal::{Action, Refusal},
    Salesforce,
    page_token::Mark,
    shape::ObjectShape,
};

/// The smallest page size that Salesforce accepts.
const SMALLEST_PAGE: u32 = 200;

/// The number of records on a page.
#[derive(Clone, Copy)]
struct PageSizes {
    rest: u32,
    bulk: u32,
}

impl PageSizes {
    /// Returns the page sizes of the options, or smaller ones if the rules ask for that.
    fn of(salesforce: &Salesforce, at_most: Option<u32>) -> Self {
        let at_most = at_most.unwrap_or(u32::MAX).max(1);
        Self {
            rest: salesforce.options.rest_page.min(at_most).max(SMALLEST_PAGE),
            bulk: salesforce.options.bulk_page.min(at_most),
        }
    }
}

impl Salesforce {
    pub(super) async fn changes_of(&self, ask: &Changes<'_>) -> Outcome<Answer> {
        let mut shape = self.shape(ask.object).await?;
        let pages = PageSizes::of(self, ask.at_most);
        let answer = match ask.token.map(Mark::read) {
            None => loop {
                match self.first(&shape, ask.window, pages).await {
                    Ok(answer) => return Ok(answer),
                    Err(refusal) => shape = self.narrower(&shape, refusal).await?,
                }
            },
            Some(Some(mark)) if mark.is_of(&shape) => {
                self.next(&shape, ask.window, mark, pages).await
            }
            Some(mark) => {
                if let Some(Mark::Bulk { job, .. }) = mark {
                    self.drop_job(&job).await;
                }
                return Ok(Answer::TokenLost);
            }
        };
        match answer {
            // The earlier pages have fields that cannot be read any more.
            Err(refusal) if refusal.action == Action::Redescribe => {
                self.narrower(&shape, refusal).await?;
                Ok(Answer::TokenLost)
            }
            Err(refusal) if refusal.action == Action::TokenLost => Ok(Answer::TokenLost),
            other => Ok(other?),
        }
    }

    async fn first(
        &self,
        shape: &ObjectShape,
        window: &Window,
        pages: PageSizes,
    ) -> Result<Answer, Refusal> {
        let object = shape.object();
        if self.in_bulk(object) && self.is_large(shape, window).await? {
            match self.first_in_bulk(shape, window, pages).await {
                Err(refusal)
                    if refusal.action == Action::TokenLost
                        || self.is_for_rest(object, &refusal).await =>
                {
                    self.never_in_bulk(object);
                }
                other => return other,
            }
        }
        match self.first_in_order(shape, window, pages).await {
            // A query that takes REST too long may work as a job, which has ten times as long and splits by itself.
            Err(refusal) if refusal.action == Action::Shrink && self.in_bulk(object) => {
                self.first_in_bulk(shape, window, pages).await
            }
            other => other,
        }
    }

    async fn next(
        &self,
        shape: &ObjectShape,
        window: &Window,
        mark: Mark,
        pages: PageSizes,
    ) -> Result<Answer, Refusal> {
        match mark {
            Mark::Rest { next, served, .. } => {
                self.next_in_order(shape, window, (&next, served), pages)
                    .await
            }
            Mark::Bulk {
                job,
                locator,
                size,
                served,
                ..
            } => {
                let place = PageAt {
                    job: &job,
                    locator: locator.as_deref(),
                    size: size.min(pages.bulk),
                    served,
                };
                self.next_in_bulk(shape, window, place).await
            }
            Mark::Ids { .. } => Ok(Answer::TokenLost),
        }
    }
}

/// Returns the position at which a window ends.
fn end_of(window: &Window) -> Position {
    Position {
        at: window.until,
        id: None,
    }
}
