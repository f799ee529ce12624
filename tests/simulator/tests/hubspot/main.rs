//! Tests of the HubSpot simulator over HTTP.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    missing_docs,
    reason = "a test that meets the unexpected should stop"
)]

mod associations;
mod batches;
mod history;
mod labels;
mod lifecycle;
mod limits;
mod reading;
mod searching;
#[path = "../shared/mod.rs"]
mod shared;
mod tokens;
mod writing;

use reqwest::StatusCode;
use serde_json::{Value, json};
use shared::{answer, map};
use simulator::hubspot::{Config, Control, Fault, Line, Simulator};

/// The time of the simulator, if a test stops its clock.
const NOW: i64 = 1_790_000_000_000;

type Crm = shared::Crm<Simulator>;

/// Returns the whole path of a path below the objects' root.
fn whole(path: &str) -> String {
    if path.starts_with("/crm") || path.starts_with("/a") {
        path.to_owned()
    } else {
        format!("/crm/objects/2026-03{path}")
    }
}

impl Crm {
    async fn start() -> Self {
        Self::with(Config::default()).await
    }

    async fn with(config: Config) -> Self {
        let simulator = Simulator::start(config).await.unwrap();
        let (url, token) = (simulator.url().to_owned(), simulator.control().session());
        Self::new(simulator, &url, token, whole)
    }

    /// Starts a simulator whose clock is stopped.
    async fn stopped(config: Config) -> Self {
        let crm = Self::with(config).await;
        crm.control().set_clock(Some(NOW));
        crm
    }

    fn control(&self) -> &Control {
        self.simulator.control()
    }

    async fn search(&self, object: &str, body: &Value) -> (StatusCode, Value) {
        self.send("POST", &format!("/{object}/search"), body).await
    }

    /// Returns all ids of a list, page by page.
    async fn listed(&self, path: &str) -> Vec<String> {
        let (mut all, mut after) = (Vec::new(), String::new());
        loop {
            let sign = if path.contains('?') { '&' } else { '?' };
            let (status, page) = self.get(&format!("{path}{sign}after={after}")).await;
            assert_eq!(status, 200, "{page}");
            all.extend(ids(&page));
            match page["paging"]["next"]["after"].as_str() {
                Some(next) => next.clone_into(&mut after),
                None => return all,
            }
        }
    }

    async fn token(&self, form: &[(&str, &str)]) -> (StatusCode, Value) {
        self.form("/oauth/2026-03/token", form).await
    }

    /// Loads companies named 0 to n.
    fn companies(&self, n: usize) -> Vec<String> {
        (0..n)
            .map(|n| {
                self.control()
                    .load("companies", &map(json!({ "name": format!("Werk {n}") })))
                    .unwrap()
            })
            .collect()
    }

    fn create(&self, object: &str, properties: Value) -> String {
        self.control()
            .create(object, &map(properties), &[])
            .unwrap()
    }

    fn load(&self, line: Value) -> String {
        let line: Line = serde_json::from_value(line).unwrap();
        self.control().load_line(&line).unwrap()
    }

    fn spoil(&self, path: &str, times: u32, fault: Fault) {
        self.control().spoil(path, times, fault);
    }
}

fn ids(page: &Value) -> Vec<String> {
    page["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect()
}

fn primary_company(id: &str) -> Value {
    json!([{ "to": { "id": id }, "types": [{ "associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 1 }] }])
}

fn codes(answer: &Value) -> Vec<&str> {
    let errors = answer["errors"].as_array().unwrap();
    errors
        .iter()
        .map(|one| one["code"].as_str().unwrap())
        .collect()
}

fn stamp(crm: &Crm, object: &str, id: &str) -> String {
    let record = crm.control().get(object, id).unwrap();
    let stamp = record
        .get("lastmodifieddate")
        .or_else(|| record.get("hs_lastmodifieddate"));
    stamp.unwrap().as_str().unwrap().to_owned()
}
