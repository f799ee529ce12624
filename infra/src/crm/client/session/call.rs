//! Requests to an organisation's API.

use reqwest::{Method, RequestBuilder};

use super::{super::http::Http, access::Access};

/// A request to the organisation's API.
pub(in crate::crm) struct Call {
    method: Method,
    path: String,
    query: Vec<(&'static str, String)>,
    /// A query that the vendor wrote itself, which must stay as it is.
    as_given: Option<String>,
    accept: &'static str,
    json: Option<String>,
    headers: Vec<(&'static str, String)>,
}

impl Call {
    fn new(method: Method, path: String) -> Self {
        Self {
            method,
            path,
            query: Vec::new(),
            as_given: None,
            accept: "application/json",
            json: None,
            headers: Vec::new(),
        }
    }

    pub(in crate::crm) fn get(path: String) -> Self {
        Self::new(Method::GET, path)
    }

    /// Goes on where an earlier answer says: `link` is a path, and a query that is sent as it is.
    pub(in crate::crm) fn go_on(link: &str) -> Self {
        let (path, query) = link.split_once('?').unwrap_or((link, ""));
        Self {
            as_given: Some(query.to_owned()).filter(|query| !query.is_empty()),
            ..Self::get(path.to_owned())
        }
    }

    pub(in crate::crm) fn delete(path: String) -> Self {
        Self::new(Method::DELETE, path)
    }

    pub(in crate::crm) fn post(path: String, json: String) -> Self {
        Self {
            json: Some(json),
            ..Self::new(Method::POST, path)
        }
    }

    pub(in crate::crm) fn patch(path: String, json: String) -> Self {
        Self {
            json: Some(json),
            ..Self::new(Method::PATCH, path)
        }
    }

    pub(in crate::crm) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    pub(in crate::crm) fn accept(self, accept: &'static str) -> Self {
        Self { accept, ..self }
    }

    /// Adds a header of the vendor's own. It replaces an earlier one of the same name.
    pub(in crate::crm) fn header(mut self, name: &'static str, value: String) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value));
        self
    }

    /// Removes that header.
    pub(in crate::crm) fn without(mut self, name: &'static str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self
    }

    pub(super) fn request(&self, http: &Http, access: &Access) -> RequestBuilder {
        let mut url = access.instance.clone();
        url.set_path(&self.path);
        url.set_query(self.as_given.as_deref());
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        let mut request = http
            .client
            .request(self.method.clone(), url)
            .bearer_auth(&access.token)
            .header("accept", self.accept);
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        if let Some(json) = &self.json {
            request = request
                .header("content-type", "application/json")
                .body(json.clone());
        }
        request
    }
}
