//! Changes by bulk jobs, whose results come in no order.

use std::sync::PoisonError;

use bytes::Bytes;
use domain::{
    fault::Kind,
    ports::{Answer, Page},
    progress::Window,
    record::Object,
};

use super::{
    super::{
        super::client::{
            paging::{Served, endless},
            refusal::{Action, Refusal},
        },
        Salesforce,
        page_token::Mark,
        provider::VENDOR,
        read::Reach,
        shape::ObjectShape,
        soql,
    },
    PageSizes, end_of,
};

/// A position in a job's results.
pub(super) struct PageAt<'a> {
    pub(super) job: &'a str,
    pub(super) locator: Option<&'a str>,
    pub(super) size: u32,
    pub(super) served: Served,
}

impl Salesforce {
    /// Returns whether the window needs a bulk job. It does if it cannot even be counted in time.
    pub(super) async fn is_large(
        &self,
        shape: &ObjectShape,
        window: &Window,
    ) -> Result<bool, Refusal> {
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

    /// Begins a job and returns its first page.
    pub(super) async fn first_in_bulk(
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

    /// Returns the next page of a job.
    pub(super) async fn next_in_bulk(
        &self,
        shape: &ObjectShape,
        window: &Window,
        place: PageAt<'_>,
    ) -> Result<Answer, Refusal> {
        let (job, is_first, object) = (place.job, place.locator.is_none(), shape.object());
        match self.in_job(shape, window, place).await {
            Err(refusal) if self.is_for_rest(object, &refusal).await => {
                self.never_in_bulk(object);
                self.drop_job(job).await;
                Ok(Answer::TokenLost)
            }
            // A failed job stays failed, even if its reason is transient. Only another job helps.
            Err(refusal) if is_first && refusal.job_failed => {
                self.drop_job(job).await;
                if refusal.fault.is_transient() {
                    Ok(Answer::TokenLost)
                } else {
                    Err(refusal)
                }
            }
            other => other,
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
                is_short: false,
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
            is_short: false,
        }))
    }

    /// Returns whether REST should read what Bulk refused: Bulk does not support it, refuses it with an unknown code, or
    /// lacks a field that REST has. If the object or the query itself is wrong, REST refuses it, too, and gives the
    /// reason that counts.
    pub(super) async fn is_for_rest(&self, object: Object, refusal: &Refusal) -> bool {
        match refusal.action {
            Action::NotInBulk | Action::Shrink => true,
            Action::Stop => refusal.fault.kind() == Kind::Permanent,
            _ => self.is_refused_in_bulk_alone(object, refusal).await,
        }
    }

    pub(super) fn in_bulk(&self, object: Object) -> bool {
        !self
            .rest_only
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(&object)
    }

    pub(super) fn never_in_bulk(&self, object: Object) {
        self.rest_only
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(object);
    }
}
