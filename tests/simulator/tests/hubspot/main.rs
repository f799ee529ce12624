//! Tests of the HubSpot simulator over HTTP.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    missing_docs,
    reason = "a test that meets the unexpected should stop"
)]

mod associations;
mod batches;
mod lifecycle;
mod limits;
mod reading;
mod searching;
mod tokens;
mod writing;

use reqwest::{Client, Response, StatusCode};
use serde_json::{Map, Value, json};
use simulator::hubspot::{Config, Control, Fault, FaultRule, Line, Match, Simulator};

/// The time of the simulator, if a test stops its clock.
const NOW: i64 = 1_790_000_000_000;

/// A simulator and a client with a token.
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

    /// Starts a simulator whose clock is stopped.
    async fn stopped(config: Config) -> Self {
        let crm = Self::with(config).await;
        crm.control().set_clock(Some(NOW));
        crm
    }

    fn control(&self) -> &Control {
        self.simulator.control()
    }

    fn request(&self, method: &str, path: &str) -> reqwest::RequestBuilder {
        let path = if path.starts_with("/crm") || path.starts_with("/a") {
            path.to_owned()
        } else {
            format!("/crm/objects/2026-03{path}")
        };
        self.http
            .request(
                method.parse().unwrap(),
                format!("{}{path}", self.simulator.url()),
            )
            .bearer_auth(&self.token)
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        answer(self.request("GET", path).send().await.unwrap()).await
    }

    async fn send(&self, method: &str, path: &str, body: &Value) -> (StatusCode, Value) {
        answer(self.request(method, path).json(body).send().await.unwrap()).await
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
        let url = format!("{}/oauth/2026-03/token", self.simulator.url());
        answer(self.http.post(url).form(form).send().await.unwrap()).await
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
        let matches = Match {
            path: Some(path.to_owned()),
            ..Match::default()
        };
        self.control().add_faults([FaultRule {
            matches,
            times,
            fault,
            seen: 0,
            struck: 0,
        }]);
    }
}

async fn answer(response: Response) -> (StatusCode, Value) {
    let status = response.status();
    (
        status,
        serde_json::from_slice(&response.bytes().await.unwrap()).unwrap_or_default(),
    )
}

fn map(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
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
