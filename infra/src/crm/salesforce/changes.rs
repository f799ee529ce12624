//! Changes in a window: by REST in the order of changes, or by a bulk job if there are many.

use std::sync::PoisonError;

use bytes::Bytes;
use domain::{
    fault::{Kind, Outcome},
    ports::{Answer, Changes, Page},
    progress::{Position, Window},
    record::Object,
};

use super::{
    super::client::{
        paging::{Served, endless},
        refusal::{Action, Refusal},
    },
    Salesforce,
    page_token::Mark,
    provider::VENDOR,
    read::{PageOf, Reach},
    shape::ObjectShape,
    soql,
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
        if self.in_bulk(shape.object()) && self.is_large(shape, window).await? {
            match self.first_in_bulk(shape, window, pages).await {
                Err(refusal) if is_for_rest(&refusal) || refusal.action == Action::TokenLost => {
                    self.never_in_bulk(shape.object());
                }
                Err(refusal)
                    if self
                        .is_refused_in_bulk_alone(shape.object(), &refusal)
                        .await =>
                {
                    self.never_in_bulk(shape.object());
                }
                other => return other,
            }
        }
        match self.first_page(shape, window, pages.rest).await {
            Err(refusal) if refusal.action == Action::Shrink => {
                match self.first_page(shape, window, SMALLEST_PAGE).await {
                    // A query that takes REST too long may work as a job, which has ten times as long and splits by itself.
                    Err(refusal)
                        if refusal.action == Action::Shrink && self.in_bulk(shape.object()) =>
                    {
                        self.first_in_bulk(shape, window, pages).await
                    }
                    other => ordered(shape, window, other?, Served::default()),
                }
            }
            other => ordered(shape, window, other?, Served::default()),
        }
    }

    /// Returns whether the window needs a bulk job. It does if it cannot even be counted in time.
    async fn is_large(&self, shape: &ObjectShape, window: &Window) -> Result<bool, Refusal> {
        let condition = soql::window(shape.stamp(), window);
        match self
            .count_where(shape.object(), Reach::All, Some(&condition))
            .await
        {
            Ok(count) => Ok(count >= self.options.bulk_threshold),
            Err(refusal) if refusal.action == Action::Shrink => Ok(true),
            Err(refusal) => Err(refusal),
        }
    }

    async fn first_in_bulk(
        &self,
        shape: &ObjectShape,
        window: &Window,
        pages: PageSizes,
    ) -> Result<Answer, Refusal> {
        let job = self.begin_job(shape, window).await?;
        let size = pages.bulk;
        let place = PageAt {
            job: &job,
            locator: None,
            size,
            served: Served::default(),
        };
        let answer = self.in_job(shape, window, place).await;
        // Nobody holds a token of a job that was answered in one page or that failed.
        if !matches!(&answer, Ok(Answer::Page(Page { next: Some(_), .. }))) {
            self.drop_job(&job).await;
        }
        answer
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
                let page = match self.next_page(shape, &next, pages.rest).await {
                    Err(refusal) if refusal.action == Action::Shrink => {
                        self.next_page(shape, &next, SMALLEST_PAGE).await
                    }
                    other => other,
                };
                ordered(shape, window, page?, served)
            }
            Mark::Bulk {
                job,
                locator,
                size,
                served,
                ..
            } => {
                let size = size.min(pages.bulk);
                let place = PageAt {
                    job: &job,
                    locator: locator.as_deref(),
                    size,
                    served,
                };
                match self.in_job(shape, window, place).await {
                    Err(refusal) if is_for_rest(&refusal) => {
                        self.never_in_bulk(shape.object());
                        self.drop_job(&job).await;
                        Ok(Answer::TokenLost)
                    }
                    Err(refusal)
                        if self
                            .is_refused_in_bulk_alone(shape.object(), &refusal)
                            .await =>
                    {
                        self.never_in_bulk(shape.object());
                        self.drop_job(&job).await;
                        Ok(Answer::TokenLost)
                    }
                    // A failed job stays failed, even if its reason is transient. Only another job helps.
                    Err(refusal) if locator.is_none() && refusal.job_failed => {
                        self.drop_job(&job).await;
                        if refusal.fault.is_transient() {
                            Ok(Answer::TokenLost)
                        } else {
                            Err(refusal)
                        }
                    }
                    other => other,
                }
            }
            Mark::Ids { .. } => Ok(Answer::TokenLost),
        }
    }

    async fn in_job(
        &self,
        shape: &ObjectShape,
        window: &Window,
        place: PageAt<'_>,
    ) -> Result<Answer, Refusal> {
        let PageAt {
            job,
            locator,
            size,
            served,
        } = place;
        let mark = |locator, size, served| {
            Mark::Bulk {
                job: job.to_owned(),
                locator,
                size,
                shape: shape.fingerprint(),
                served,
            }
            .token()
        };
        if locator.is_none() && !self.job_is_done(job).await? {
            return Ok(Answer::Page(Page {
                items: Vec::new(),
                has_parents: true,
                raw: Bytes::new(),
                next: Some(mark(None, size, served)),
                reached: None,
                resume: None,
            }));
        }
        let results = self.results(shape, job, locator, size).await?;
        let next = match results.locator {
            // A locator is a position. If it leads to itself, the pages have no end.
            Some(next) if Some(&*next) == locator => return Err(endless(&VENDOR)),
            Some(next) => {
                let served = served.and(&VENDOR, results.parsed.items.len(), None)?;
                Some(mark(Some(next), results.size, served))
            }
            None => None,
        };
        let reached = next.is_none().then(|| end_of(window));
        Ok(Answer::Page(Page {
            items: results.parsed.items,
            has_parents: true,
            raw: results.raw,
            next,
            reached,
            resume: None,
        }))
    }

    fn in_bulk(&self, object: Object) -> bool {
        !self
            .rest_only
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(&object)
    }

    fn never_in_bulk(&self, object: Object) {
        self.rest_only
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(object);
    }
}

/// A position in a job's results.
struct PageAt<'a> {
    job: &'a str,
    locator: Option<&'a str>,
    size: u32,
    served: Served,
}

/// Returns whether REST should read what Bulk refused: Bulk does not support it, or refuses it with an unknown code. If
/// the object or the query itself is wrong, REST refuses it, too, and gives the reason that counts.
fn is_for_rest(refusal: &Refusal) -> bool {
    match refusal.action {
        Action::NotInBulk | Action::Shrink => true,
        Action::Stop => refusal.fault.kind() == Kind::Permanent,
        _ => false,
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
    }))
}

fn end_of(window: &Window) -> Position {
    Position {
        at: window.until,
        id: None,
    }
}
