//! A client of a simulator, with a token.

use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::{Map, Value};

/// A simulator and a client with a token.
pub(crate) struct Crm<S> {
    pub(crate) simulator: S,
    pub(crate) http: Client,
    pub(crate) url: String,
    pub(crate) token: String,
    /// Returns the whole path of a path as tests write it.
    pub(crate) whole: fn(&str) -> String,
}

impl<S> Crm<S> {
    pub(crate) fn new(simulator: S, url: &str, token: String, whole: fn(&str) -> String) -> Self {
        Self {
            simulator,
            http: Client::new(),
            url: url.to_owned(),
            token,
            whole,
        }
    }

    pub(crate) fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let url = format!("{}{}", self.url, (self.whole)(path));
        self.http
            .request(method.parse().unwrap(), url)
            .bearer_auth(&self.token)
    }

    pub(crate) async fn get(&self, path: &str) -> (StatusCode, Value) {
        answer(self.request("GET", path).send().await.unwrap()).await
    }

    pub(crate) async fn send(&self, method: &str, path: &str, body: &Value) -> (StatusCode, Value) {
        answer(self.request(method, path).json(body).send().await.unwrap()).await
    }

    /// Sends a form without a token.
    pub(crate) async fn form(&self, path: &str, form: &[(&str, &str)]) -> (StatusCode, Value) {
        let url = format!("{}{path}", self.url);
        answer(self.http.post(url).form(form).send().await.unwrap()).await
    }
}

pub(crate) async fn answer(response: Response) -> (StatusCode, Value) {
    let status = response.status();
    (
        status,
        serde_json::from_slice(&response.bytes().await.unwrap()).unwrap_or_default(),
    )
}

pub(crate) fn map(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}
