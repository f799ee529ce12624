//! A request. It is read and checked against bounds before any work.

use aws_lambda_events::{apigw::ApiGatewayV2httpRequest, http::HeaderMap};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use domain::{
    fault::ProblemType,
    integration::Which,
    tenant::{IntegrationId, TenantId},
};
use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;

use super::query::Query;
use crate::problem::{Problem, types};

/// The largest body that is read, in bytes. A batch of 200 records with long texts stays below it. Lambda's own bound is 6 MB.
const MAX_BODY: usize = 1 << 20;
/// The longest path or query that is read, in bytes.
const MAX_LINE: usize = 8_192;

/// A request.
pub struct Request {
    /// The method, in capitals.
    pub method: String,
    segments: Option<Vec<String>>,
    params: Vec<(&'static str, String)>,
    query: String,
    headers: HeaderMap,
    body: Option<(String, bool)>,
}

impl Request {
    /// Reads the event that API Gateway sent.
    pub(super) fn of(event: ApiGatewayV2httpRequest) -> Self {
        Self {
            method: event.request_context.http.method.as_str().to_owned(),
            segments: segments(event.raw_path.as_deref().unwrap_or_default()),
            params: Vec::new(),
            query: event.raw_query_string.unwrap_or_default(),
            headers: event.headers,
            body: event.body.map(|body| (body, event.is_base64_encoded)),
        }
    }

    /// Returns whether the path matches a route's pattern, such as `/v1/integrations/{integration}`. Keeps the values
    /// of the pattern's names.
    pub(super) fn is_at(&mut self, pattern: &'static str) -> bool {
        let Some(segments) = &self.segments else {
            return false;
        };
        let mut params = Vec::new();
        let mut given = segments.iter();
        for part in pattern.split('/').skip(1) {
            let Some(segment) = given.next() else {
                return false;
            };
            match part
                .strip_prefix('{')
                .and_then(|part| part.strip_suffix('}'))
            {
                Some(name) if !segment.is_empty() => params.push((name, segment.clone())),
                None if part == segment => {}
                _ => return false,
            }
        }
        if given.next().is_some() {
            return false;
        }
        self.params = params;
        true
    }

    /// Returns the value that the path has for a name of the route's pattern.
    pub fn param(&self, name: &str) -> &str {
        self.params
            .iter()
            .find(|(known, _)| *known == name)
            .map_or("", |(_, value)| value)
    }

    /// Returns the integration that the path names, as one of the caller's `tenant`.
    ///
    /// # Errors
    /// Returns 404 if the value cannot be an id.
    pub fn which(&self, tenant: &TenantId) -> Result<Which, Problem> {
        Ok(Which {
            tenant: tenant.clone(),
            integration: IntegrationId::parse(self.param("integration"))?,
        })
    }

    /// Returns the query. It may have the parameters `known`, each once, and no others.
    ///
    /// # Errors
    /// Returns 400, naming the parameter.
    pub(super) fn query(&self, known: &[&str]) -> Result<Query, Problem> {
        if self.query.len() > MAX_LINE {
            return Err(Problem::bad_request(format!(
                "at most {MAX_LINE} bytes of query"
            )));
        }
        Query::read(&self.query, known)
    }

    /// Returns a header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Returns a required header of 1 to `longest` visible ASCII characters.
    ///
    /// # Errors
    /// Returns 400, naming the header.
    pub fn required_header(&self, name: &'static str, longest: usize) -> Result<&str, Problem> {
        self.header(name)
            .filter(|value| (1..=longest).contains(&value.len()))
            .filter(|value| value.bytes().all(|byte| byte.is_ascii_graphic()))
            .ok_or_else(|| {
                Problem::bad_request(format!("1 to {longest} visible ASCII characters"))
                    .with_parameter(name)
            })
    }

    /// Returns the tag of `If-Match` without its quotes.
    ///
    /// # Errors
    /// Returns 428 if the header is missing. A caller who changes something has to say which version it saw.
    pub fn if_match(&self) -> Result<&str, Problem> {
        self.header("if-match")
            .and_then(|tag| tag.strip_prefix('"')?.strip_suffix('"'))
            .ok_or_else(|| {
                Problem::of(types::PRECONDITION_REQUIRED)
                    .with_detail("the ETag of the version that was read, in quotes")
                    .with_parameter("If-Match")
            })
    }

    /// Returns the body as JSON of a type that denies unknown fields.
    ///
    /// # Errors
    /// Returns 413 if the body is too large, 415 if its media type is not JSON, 400 if it is no JSON, and 422 with a
    /// pointer to the field if a value is unacceptable.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        let kind = self.header("content-type").unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/json") {
            return Err(Problem::of(types::UNSUPPORTED_MEDIA_TYPE)
                .with_detail("Content-Type: application/json")
                .with_parameter("Content-Type"));
        }
        super::body::read(&self.bytes()?)
    }

    fn bytes(&self) -> Result<Vec<u8>, Problem> {
        let Some((body, is_base64)) = &self.body else {
            return Ok(Vec::new());
        };
        // Base64 is a third longer than the bytes that it encodes.
        let too_long = body.len()
            > if *is_base64 {
                MAX_BODY / 3 * 4 + 4
            } else {
                MAX_BODY
            };
        if too_long {
            return Err(Problem::of(ProblemType::TOO_LARGE)
                .with_detail(format!("at most {MAX_BODY} bytes")));
        }
        if !is_base64 {
            return Ok(body.clone().into_bytes());
        }
        BASE64
            .decode(body)
            .map_err(|_| Problem::bad_request("the body is not base64, though it is said to be"))
    }
}

/// Returns the path's parts between slashes, each decoded. `None` if it is no path or too long. API Gateway has decoded
/// the path once, so a slash inside a part looks like one between parts. Ids that may contain a slash are therefore
/// query parameters or body fields.
fn segments(path: &str) -> Option<Vec<String>> {
    if path.len() > MAX_LINE {
        return None;
    }
    path.strip_prefix('/')?
        .split('/')
        .map(|part| Some(percent_decode_str(part).decode_utf8().ok()?.into_owned()))
        .collect()
}

#[cfg(test)]
#[path = "request_tests.rs"]
mod tests;
