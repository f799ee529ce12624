//! Answers of API Gateway's HTTP API, payload format 2.0.

use aws_lambda_events::{
    apigw::ApiGatewayV2httpResponse,
    encodings::Body,
    http::{
        HeaderValue,
        header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS},
    },
};
use serde_json::Value;

use crate::problem::{self, Problem};

/// An answer.
pub type Response = ApiGatewayV2httpResponse;

/// An answer of JSON.
pub(super) fn json(status: u16, body: &Value) -> Response {
    response(status, "application/json", body.to_string())
}

/// A problem as an answer.
pub(super) fn problem(problem: &Problem) -> Response {
    response(problem.status, problem::CONTENT_TYPE, problem.to_json())
}

fn response(status: u16, content_type: &'static str, body: String) -> Response {
    let mut response = Response::default();
    response.status_code = status.into();
    response.body = Some(Body::Text(body));
    for (name, value) in [
        (CONTENT_TYPE, content_type),
        // An answer is about one customer at one moment.
        (CACHE_CONTROL, "no-store"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        response
            .headers
            .insert(name, HeaderValue::from_static(value));
    }
    response
}
