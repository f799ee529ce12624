//! Responses of API Gateway's HTTP API, payload format 2.0.

use aws_lambda_events::{
    apigw::ApiGatewayV2httpResponse,
    encodings::Body,
    http::{
        HeaderName, HeaderValue,
        header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, ETAG, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS},
    },
};
use domain::show_copy::weight;
use serde::Serialize;

use super::noted::Noted;
use crate::problem::{self, Problem};

/// A response in the form that API Gateway takes.
pub type Response = ApiGatewayV2httpResponse;

/// What a handler answers.
pub type Answered = Result<Reply, Problem>;

/// What a handler answers that changes something.
pub type Changed = Result<(Reply, Noted), Problem>;

/// The header with the request's id. Every response has it.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The largest body that is given to Lambda. Lambda takes 6 MB (6,291,556 bytes), including the headers and the
/// envelope. For a larger response the caller would get a 502 without a reason.
const MAX_BODY: usize = 6_000_000;

/// The reply of a handler that succeeded.
#[derive(Clone, Debug)]
pub struct Reply {
    status: u16,
    /// The body as it is sent. A `Value` would round numbers with more digits than a float has.
    body: Option<String>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Reply {
    /// Makes a reply with status 200 and a body.
    ///
    /// # Errors
    /// Returns an error if the body does not serialize, which is a bug.
    pub fn ok(body: impl Serialize) -> Result<Self, Problem> {
        Self::of(200, body)
    }

    /// Makes a reply with a status and a body.
    ///
    /// # Errors
    /// Returns an error if the body does not serialize, which is a bug.
    pub fn of(status: u16, body: impl Serialize) -> Result<Self, Problem> {
        Ok(Self {
            status,
            body: Some(serde_json::to_string(&body).map_err(|_| Problem::internal())?),
            headers: Vec::new(),
        })
    }

    /// Makes a reply with status 204.
    pub fn no_content() -> Self {
        Self {
            status: 204,
            body: None,
            headers: Vec::new(),
        }
    }

    /// Returns the status.
    pub(super) fn status(&self) -> u16 {
        self.status
    }

    /// Refuses a body that Lambda would not take. Lists end far below that size. This check is for all other bodies.
    ///
    /// # Errors
    /// Returns 500, `answer-too-large`.
    pub(super) fn bounded(self) -> Result<Self, Problem> {
        match self.body.as_deref().map(weight) {
            Some(size) if size > MAX_BODY => Err(Problem::answer_too_large()),
            _ => Ok(self),
        }
    }

    /// Adds the version of the resource. `tag` comes without quotes.
    ///
    /// # Errors
    /// Returns an error if no header can hold the tag, which is a bug.
    pub fn with_etag(self, tag: &str) -> Result<Self, Problem> {
        self.with_header(ETAG, &format!("\"{tag}\""))
    }

    /// Adds a header.
    ///
    /// # Errors
    /// Returns an error if no header can hold the value, which is a bug.
    pub fn with_header(mut self, name: HeaderName, value: &str) -> Result<Self, Problem> {
        let value = HeaderValue::from_str(value).map_err(|_| Problem::internal())?;
        self.headers.push((name, value));
        Ok(self)
    }
}

/// Converts a handler's reply to API Gateway's form. `request` is the request's id.
pub(super) fn reply(reply: Reply, request: &str) -> Response {
    let mut response = response(reply.status, request);
    if let Some(body) = reply.body {
        set(&mut response, CONTENT_TYPE, "application/json");
        response.body = Some(Body::Text(body));
    }
    response.headers.extend(reply.headers);
    response
}

/// Converts a problem to API Gateway's form.
pub(super) fn problem(problem: &Problem, request: &str) -> Response {
    let mut response = response(problem.status, request);
    set(&mut response, CONTENT_TYPE, problem::CONTENT_TYPE);
    if let Some(wait) = problem.retry_after {
        response
            .headers
            .insert(RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
    }
    if let Some(allow) = problem
        .allow
        .as_deref()
        .and_then(|allow| HeaderValue::from_str(allow).ok())
    {
        response.headers.insert(ALLOW, allow);
    }
    let problem = problem.clone().for_request(request);
    response.body = Some(Body::Text(problem.to_json()));
    response
}

fn response(status: u16, request: &str) -> Response {
    let mut response = Response::default();
    response.status_code = status.into();
    // A response describes one tenant at one moment.
    set(&mut response, CACHE_CONTROL, "no-store");
    set(&mut response, X_CONTENT_TYPE_OPTIONS, "nosniff");
    if let Ok(id) = HeaderValue::from_str(request) {
        response.headers.insert(REQUEST_ID, id);
    }
    response
}

fn set(response: &mut Response, name: HeaderName, value: &'static str) {
    response
        .headers
        .insert(name, HeaderValue::from_static(value));
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_lambda_would_not_take_is_a_problem_that_says_so() {
        let text = "x".repeat(MAX_BODY - 5);
        assert!(Reply::ok(&text).unwrap().bounded().is_ok());
        // This text is as short, but its quotes are escaped.
        let quotes = "\"".repeat(MAX_BODY / 4);
        for text in [text + "more", quotes] {
            let problem = Reply::ok(text).unwrap().bounded().unwrap_err();
            let kind = "urn:abgleich:problem:answer-too-large";
            assert_eq!((problem.status, problem.kind.as_str()), (500, kind));
        }
    }
}
