//! Requests to an organisation's API.

use reqwest::{Method, RequestBuilder};

use super::{super::http::Http, login::Access};

/// A request to the organisation's API.
pub(in super::super) struct Call {
    method: Method,
    path: String,
    query: Vec<(&'static str, String)>,
    accept: &'static str,
    json: Option<String>,
    batch: Option<u32>,
    /// Whether to save what a rule about duplicates lets be saved.
    save_duplicates: Option<bool>,
}

impl Call {
    fn new(method: Method, path: String) -> Self {
        Self {
            method,
            path,
            query: Vec::new(),
            accept: "application/json",
            json: None,
            batch: None,
            save_duplicates: None,
        }
    }

    pub(in super::super) fn get(path: String) -> Self {
        Self::new(Method::GET, path)
    }

    pub(in super::super) fn delete(path: String) -> Self {
        Self::new(Method::DELETE, path)
    }

    pub(in super::super) fn post(path: String, json: String) -> Self {
        Self {
            json: Some(json),
            ..Self::new(Method::POST, path)
        }
    }

    pub(in super::super) fn patch(path: String, json: String) -> Self {
        Self {
            json: Some(json),
            ..Self::new(Method::PATCH, path)
        }
    }

    pub(in super::super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    pub(in super::super) fn accept(self, accept: &'static str) -> Self {
        Self { accept, ..self }
    }

    /// Asks for pages of so many records. 2,000 is what Salesforce does anyway.
    pub(in super::super) fn batch(self, size: u32) -> Self {
        Self {
            batch: (size != 2_000).then_some(size),
            ..self
        }
    }

    /// What Salesforce's rules about duplicates are told; a rule runs as the user that we are.
    pub(in super::super) fn duplicates(self, save: bool) -> Self {
        Self {
            save_duplicates: Some(save),
            ..self
        }
    }

    pub(super) fn request(&self, http: &Http, access: &Access) -> RequestBuilder {
        let mut url = access.instance.clone();
        url.set_path(&self.path);
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        let mut request = http
            .client
            .request(self.method.clone(), url)
            .bearer_auth(&access.token)
            .header("accept", self.accept);
        if let Some(size) = self.batch {
            request = request.header("sforce-query-options", format!("batchSize={size}"));
        }
        if let Some(save) = self.save_duplicates {
            let rule =
                format!("allowSave={save}; includeRecordDetails=false; runAsCurrentUser=true");
            request = request.header("sforce-duplicate-rule-header", rule);
        }
        if let Some(json) = &self.json {
            request = request
                .header("content-type", "application/json")
                .body(json.clone());
        }
        request
    }
}
