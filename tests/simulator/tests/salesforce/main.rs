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
mod tokens;
mod writes;

use std::collections::HashMap;

use reqwest::{Client, Response, StatusCode};
use serde_json::{Map, Value, json};
use simulator::salesforce::{Config, Control, Simulator};

/// A simulator and a client with a session.
struct Crm {
    simulator: Simulator,
    http: Client,
    token: String,
}

impl Crm {
    async fn start() -> Self {
        Self::with(Config::default()).await
    }

    async fn with(config: Config) -> Self {
        let simulator = Simulator::start(config).await.unwrap();
        let token = simulator.control().session();
        Self {
            simulator,
            http: Client::new(),
            token,
        }
    }

    fn control(&self) -> &Control {
        self.simulator.control()
    }

    fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let url = if path.starts_with("/services") {
            format!("{}{path}", self.simulator.url())
        } else {
            format!("{}/services/data/v60.0{path}", self.simulator.url())
        };
        self.http
            .request(method.parse().unwrap(), url)
            .bearer_auth(&self.token)
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        answer(self.request("GET", path).send().await.unwrap()).await
    }

    async fn send(&self, method: &str, path: &str, body: &Value) -> (StatusCode, Value) {
        answer(self.request(method, path).json(body).send().await.unwrap()).await
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
        let form: HashMap<_, _> = form.iter().copied().collect();
        let url = format!("{}/services/oauth2/token", self.simulator.url());
        answer(self.http.post(url).form(&form).send().await.unwrap()).await
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

async fn answer(response: Response) -> (StatusCode, Value) {
    let status = response.status();
    (
        status,
        serde_json::from_slice(&response.bytes().await.unwrap()).unwrap_or_default(),
    )
}

fn fields(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn code(answer: &Value) -> &str {
    answer[0]["errorCode"].as_str().unwrap_or_default()
}
