//! Tests of the simulator of Dynamics 365 over HTTP.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    missing_docs,
    reason = "a test that meets the unexpected should stop"
)]

mod batches;
mod counting;
mod creating;
mod lifecycle;
mod limits;
mod metadata;
mod reading;
#[path = "../shared/mod.rs"]
mod shared;
mod tokens;
mod tracking;

use reqwest::StatusCode;
use serde_json::{Value, json};
use shared::{answer, map};
use simulator::dynamics::{Config, Control, Simulator};

/// The time of the simulator, if a test stops its clock.
const NOW: i64 = 1_790_000_000_000;
/// An id of the client's own.
const OWN: &str = "c0ffee00-1234-4567-89ab-0123456789ab";

type Crm = shared::Crm<Simulator>;

/// Returns the whole path of a path below the root of the API.
fn whole(path: &str) -> String {
    format!("/api/data/v9.2{path}")
}

impl Crm {
    async fn start() -> Self {
        Self::with(Config::default()).await
    }

    async fn with(config: Config) -> Self {
        let simulator = Simulator::start(config).await.unwrap();
        let (url, token) = (simulator.url().to_owned(), simulator.control().session());
        let crm = Self::new(simulator, &url, token, whole);
        crm.control().set_clock(Some(NOW));
        crm
    }

    fn control(&self) -> &Control {
        self.simulator.control()
    }

    async fn token(&self, form: &[(&str, &str)]) -> (StatusCode, Value) {
        self.form("/organizations/oauth2/v2.0/token", form).await
    }

    /// Gets a path with a Prefer header.
    async fn prefer(&self, path: &str, prefer: &str) -> (StatusCode, Value) {
        let request = self.request("GET", path).header("prefer", prefer);
        answer(request.send().await.unwrap()).await
    }

    /// Gets an absolute link of an answer.
    async fn follow(&self, link: &Value, prefer: &str) -> Value {
        let link = link.as_str().unwrap();
        let path = link
            .strip_prefix(&format!("{}{}", self.url, whole("")))
            .unwrap();
        let (status, page) = self.prefer(path, prefer).await;
        assert_eq!(status, 200, "{page}");
        page
    }

    /// Returns all pages' rows, and the last page.
    async fn all(&self, path: &str, prefer: &str) -> (Vec<Value>, Value) {
        let (status, mut page) = self.prefer(path, prefer).await;
        assert_eq!(status, 200, "{page}");
        let mut rows = page["value"].as_array().unwrap().clone();
        while page["@odata.nextLink"].is_string() {
            page = self.follow(&page["@odata.nextLink"].clone(), prefer).await;
            rows.extend(page["value"].as_array().unwrap().iter().cloned());
        }
        (rows, page)
    }

    fn load(&self, object: &str, columns: Value) -> String {
        self.control().load(object, &map(columns)).unwrap()
    }

    /// Loads accounts named Werk 0 to n.
    fn accounts(&self, n: usize) -> Vec<String> {
        let one = |n| self.load("account", json!({ "name": format!("Werk {n}") }));
        (0..n).map(one).collect()
    }

    async fn patch(&self, path: &str, header: (&str, &str), body: &Value) -> (StatusCode, Value) {
        let request = self
            .request("PATCH", path)
            .header(header.0, header.1)
            .json(body);
        answer(request.send().await.unwrap()).await
    }
}

fn column(rows: &[Value], name: &str) -> Vec<String> {
    rows.iter()
        .map(|row| row[name].as_str().unwrap().to_owned())
        .collect()
}

fn sorted(mut texts: Vec<String>) -> Vec<String> {
    texts.sort();
    texts
}

fn code(body: &Value) -> &str {
    body["error"]["code"].as_str().unwrap()
}
