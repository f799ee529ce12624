//! Bulk jobs.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::error::Refusal;
use super::id::Id;
use super::query::Snapshot;
use super::soql::Query;

/// All jobs by id.
#[derive(Default)]
pub(crate) struct Jobs {
    pub(crate) all: BTreeMap<String, Job>,
    pub(crate) made: u64,
}

/// One job.
pub(crate) struct Job {
    pub(crate) query: Query,
    pub(crate) object: String,
    pub(crate) all_rows: bool,
    pub(crate) version: String,
    pub(crate) created: String,
    pub(crate) state: &'static str,
    pub(crate) polls: u32,
    pub(crate) fails: bool,
    pub(crate) error: Option<String>,
    pub(crate) snapshot: Option<Snapshot>,
}

impl Jobs {
    /// Forgets all jobs and their results, as Salesforce does after a week.
    pub(crate) fn forget(&mut self) {
        self.all.clear();
    }

    /// Returns how many jobs were created so far, including deleted ones.
    pub(crate) fn made(&self) -> u64 {
        self.made
    }

    pub(crate) fn object(&self, id: &str) -> Option<String> {
        self.all.get(id).map(|job| job.object.clone())
    }

    /// Returns a job.
    pub(crate) fn get(&mut self, id: &str) -> Result<&mut Job, Refusal> {
        self.all.get_mut(id).ok_or_else(Refusal::not_found)
    }
}

impl Job {
    /// Returns the answer about a job. `user` is the user for whom it runs.
    pub(crate) fn describe(&self, id: &str, user: Id) -> Value {
        let mut answer = json!({
            "id": id, "operation": if self.all_rows { "queryAll" } else { "query" }, "object": self.object, "createdById": user.as_str(),
            "createdDate": self.created, "systemModstamp": self.created, "state": self.state, "concurrencyMode": "Parallel",
            "contentType": "CSV", "apiVersion": self.version.trim_start_matches('v').parse::<f64>().unwrap_or(60.0), "lineEnding": "LF",
            "columnDelimiter": "COMMA",
        });
        if self.state != "UploadComplete" {
            answer["jobType"] = json!("V2Query");
            answer["retries"] = json!(0);
            answer["totalProcessingTime"] = json!(0);
            answer["isPkChunkingSupported"] = json!(true);
            let done = self.state == "JobComplete";
            answer["numberRecordsProcessed"] = json!(
                self.snapshot
                    .as_ref()
                    .filter(|_| done)
                    .map_or(0, |snapshot| snapshot.rows.len())
            );
        }
        if let Some(error) = &self.error {
            answer["errorMessage"] = json!(error);
        }
        answer
    }
}
