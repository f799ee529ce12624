//! Queries by the Bulk API 2.0: the job, its results page by page, and its end.

use bytes::Bytes;
use domain::{fault::CrmCode, progress::Window};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::{
    super::client::{
        refusal::{Action, Cause, Refusal},
        session::Call,
    },
    Salesforce,
    errors::judge_job,
    page::{Parsed, parse_csv},
    page_token::is_word,
    shape::ObjectShape,
    soql,
};
use crate::crm::salesforce::provider::VENDOR;

#[derive(Serialize)]
struct NewJob {
    operation: &'static str,
    query: String,
}

#[derive(Deserialize)]
struct Job {
    id: String,
    #[serde(default)]
    state: String,
    #[serde(rename = "errorMessage")]
    error: Option<String>,
}

/// A page of results.
pub(super) struct Results {
    pub(super) parsed: Parsed,
    pub(super) raw: Bytes,
    /// The locator of the next page.
    pub(super) locator: Option<String>,
    /// The number of records per page that worked.
    pub(super) size: u32,
}

impl Salesforce {
    /// Creates a job for a window's changes. Its results come in no order.
    pub(super) async fn begin_job(
        &self,
        shape: &ObjectShape,
        window: &Window,
    ) -> Result<String, Refusal> {
        let fields: Vec<&str> = shape.names().collect();
        let query = soql::select(shape, &fields, &soql::window(shape.stamp(), window), false);
        let job = NewJob {
            operation: "queryAll",
            query,
        };
        let json =
            serde_json::to_string(&job).map_err(|_| VENDOR.refusal(CrmCode::JobMalformed))?;
        let call = Call::post(self.options.path("/jobs/query"), json);
        let job = self
            .session
            .run(&call, |reply| read_job(&reply.body))
            .await?;
        Ok(job.id)
    }

    /// Waits for a job. Returns false if the job takes longer than one call may wait.
    pub(super) async fn job_is_done(&self, job: &str) -> Result<bool, Refusal> {
        let poll = &self.options.poll;
        let deadline = Instant::now() + poll.total;
        let mut wait = poll.first;
        let call = Call::get(self.options.path(&format!("/jobs/query/{job}")));
        loop {
            let now = self
                .session
                .run(&call, |reply| read_job(&reply.body))
                .await
                .map_err(unknown_is_lost)?;
            match now.state.as_str() {
                "JobComplete" => return Ok(true),
                "Failed" => return Err(judge_job(now.error.as_deref().unwrap_or_default())),
                "Aborted" => {
                    return Err(Refusal::new(
                        Action::TokenLost,
                        VENDOR.fault(CrmCode::JobAborted),
                    ));
                }
                _ => {}
            }
            if Instant::now() + wait > deadline {
                return Ok(false);
            }
            tokio::time::sleep(wait).await;
            wait = wait.mul_f64(1.5).min(poll.longest);
        }
    }

    /// Fetches a page of a job's results. It asks for fewer records if they are too large for one page.
    pub(super) async fn results(
        &self,
        shape: &ObjectShape,
        job: &str,
        locator: Option<&str>,
        mut size: u32,
    ) -> Result<Results, Refusal> {
        loop {
            let mut call = Call::get(self.options.path(&format!("/jobs/query/{job}/results")))
                .accept("text/csv")
                .with("maxRecords", size.to_string());
            if let Some(locator) = locator {
                call = call.with("locator", locator);
            }
            let page = self.session.run(&call, |reply| {
                let parsed = parse_csv(&reply.body, shape)
                    .map_err(|fault| Refusal::new(Action::Retry, fault))?;
                // CSV has no end mark, so this header tells whether a page is complete.
                let promised = reply
                    .header("sforce-numberofrecords")
                    .and_then(|count| count.parse().ok());
                if promised.is_some_and(|promised: usize| promised != parsed.items.len()) {
                    let refusal = VENDOR.refusal(CrmCode::PageCutOff);
                    return Err(refusal.because(Cause::Incomplete));
                }
                let locator = reply
                    .header("sforce-locator")
                    .filter(|text| !text.is_empty() && *text != "null");
                let locator = locator.map(str::to_owned);
                Ok(Results {
                    parsed,
                    raw: reply.body,
                    locator,
                    size,
                })
            });
            match page.await {
                Err(refusal) if refusal.action == Action::Shrink && size > 1 => {
                    size = size.div_ceil(4)
                }
                // No attempt returned as many records as promised. The page is wrong, not truncated.
                Err(refusal) if refusal.cause == Cause::Incomplete => {
                    let fault = VENDOR.fault(CrmCode::JobResultsDoNotFit);
                    return Err(Refusal::new(Action::NotInBulk, fault));
                }
                other => return other.map_err(unknown_is_lost),
            }
        }
    }

    /// Deletes a job, since Salesforce stores its results until then. Salesforce refuses to delete a job at work, so
    /// such a job is aborted first. This is best effort: Salesforce forgets jobs after a week by itself.
    pub(super) async fn drop_job(&self, job: &str) {
        let path = self.options.path(&format!("/jobs/query/{job}"));
        let delete = Call::delete(path.clone());
        if self.session.run(&delete, |_| Ok(())).await.is_err() {
            let abort = Call::patch(path, r#"{"state":"Aborted"}"#.to_owned());
            if self.session.run(&abort, |_| Ok(())).await.is_ok() {
                let _ = self.session.run(&delete, |_| Ok(())).await;
            }
        }
    }
}

fn read_job(body: &[u8]) -> Result<Job, Refusal> {
    let job: Job =
        serde_json::from_slice(body).map_err(|_| VENDOR.refusal(CrmCode::JobUnreadable))?;
    if is_word(&job.id) {
        Ok(job)
    } else {
        Err(VENDOR.refusal(CrmCode::JobIdMalformed))
    }
}

/// Converts the refusal for an unknown job or locator into a lost token.
fn unknown_is_lost(refusal: Refusal) -> Refusal {
    match refusal.cause {
        Cause::NotFound => Refusal::new(Action::TokenLost, VENDOR.fault(CrmCode::JobLost)),
        _ => refusal,
    }
}
