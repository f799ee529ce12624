//! Tests of the Salesforce simulator over HTTP.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    missing_docs,
    reason = "a test that meets the unexpected should stop"
)]

mod bulk;
mod faults;
mod lifecycle;
mod paging;
#[path = "../shared/mod.rs"]
mod shared;
mod tokens;
mod writes;

use reqwest::StatusCode;
use serde_json::{Value, json};
use shared::{answer, map as fields};
use simulator::salesforce::{Config, Control, Simulator};

type Crm = shared::Crm<Simulator>;

/// Returns the whole path of a path below the version of REST.
fn whole(path: &str) -> String {
    if path.starts_with("/services") {
        path.to_owned()
    } else {
        format!("/services/data/v60.0{path}")
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

    fn control(&self) -> &Control {
        self.simulator.control()
    }

    async fn soql(&self, text: &str) -> (StatusCode, Value) {
        answer(
            self.request("GET", "/query")
                .query(&[("q", text)])
                .send()
                .await
                .unwrap(),
        )
        .await
    }

    async fn ids(&self, text: &str) -> Vec<String> {
        let (status, mut page) = self.soql(text).await;
        assert_eq!(status, 200, "{page}");
        let mut all = Vec::new();
        loop {
            all.extend(
                page["records"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|row| row["Id"].as_str().unwrap().to_owned()),
            );
            match page["nextRecordsUrl"].as_str() {
                Some(next) => page = self.get(next).await.1,
                None => return all,
            }
        }
    }

    async fn token(&self, form: &[(&str, &str)]) -> (StatusCode, Value) {
        self.form("/services/oauth2/token", form).await
    }

    /// Loads accounts named 0 to n.
    fn accounts(&self, n: usize) -> Vec<String> {
        (0..n)
            .map(|n| {
                self.control()
                    .load(
                        "Account",
                        &fields(json!({ "Name": format!("Account {n}") })),
                    )
                    .unwrap()
            })
            .collect()
    }
}

fn code(answer: &Value) -> &str {
    answer[0]["errorCode"].as_str().unwrap_or_default()
}
