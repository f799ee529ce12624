//! Answers a request from API Gateway (payload format 2.0).

mod http;

use aws_lambda_events::{apigw::ApiGatewayV2httpRequest, http::Method};
use domain::fault::Outcome;
use serde_json::{Value, json};

pub use self::http::Response;
use crate::{entry::Invocation, problem::Problem, settings::Api};

/// One invocation.
///
/// # Errors
/// None: whatever the event is, there is an answer to it.
pub async fn handle(settings: &Api, event: Value, invocation: Invocation) -> Outcome<Response> {
    let Ok(request) = serde_json::from_value::<ApiGatewayV2httpRequest>(event) else {
        tracing::error!(
            code = "event.malformed",
            "not a request of payload format 2.0"
        );
        return Ok(http::problem(
            &Problem::internal().for_request(invocation.request),
        ));
    };
    let context = &request.request_context;
    // The gateway's id of the request is the one that its own log has.
    let id = context.request_id.clone().unwrap_or(invocation.request);
    let path = request.raw_path.as_deref().unwrap_or_default();
    let response = match route(settings, &context.http.method, path) {
        Ok(response) => response,
        Err(problem) => http::problem(&problem.for_request(&id)),
    };
    tracing::info!(
        api_request = id,
        method = %context.http.method,
        status = response.status_code,
        "answered"
    );
    Ok(response)
}

fn route(settings: &Api, method: &Method, path: &str) -> Result<Response, Problem> {
    match (method.as_str(), path) {
        ("GET" | "HEAD", "/health") => Ok(health(settings)),
        (_, "/health") => Err(Problem::method_not_allowed("GET, HEAD")),
        _ => Err(Problem::not_found()),
    }
}

/// Says that the function runs, and which version of it. Needs no table: an outage of one is not an outage of all.
fn health(settings: &Api) -> Response {
    http::json(
        200,
        &json!({"status": "ok", "stage": settings.stage, "version": env!("CARGO_PKG_VERSION")}),
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    async fn answer(event: Value) -> Value {
        let settings = Api {
            stage: "test".to_owned(),
        };
        let invocation = Invocation {
            request: "lambda-1".to_owned(),
            deadline: Timestamp::MAX,
        };
        serde_json::to_value(handle(&settings, event, invocation).await.unwrap()).unwrap()
    }

    fn request(method: &str, path: &str) -> Value {
        json!({
            "version": "2.0",
            "rawPath": path,
            "rawQueryString": "",
            "headers": {"accept": "*/*"},
            "requestContext": {"http": {"method": method, "path": path}, "requestId": "gateway-1", "timeEpoch": 0},
            "isBase64Encoded": false,
            "unheardOf": {"a": 1},
        })
    }

    fn body(answer: &Value) -> Value {
        serde_json::from_str(answer["body"].as_str().unwrap()).unwrap()
    }

    #[tokio::test]
    async fn health_says_stage_and_version() {
        let answer = answer(request("GET", "/health")).await;
        assert_eq!(answer["statusCode"], 200);
        assert_eq!(answer["headers"]["content-type"], "application/json");
        assert_eq!(
            body(&answer),
            json!({"status": "ok", "stage": "test", "version": env!("CARGO_PKG_VERSION")})
        );
    }

    #[tokio::test]
    async fn an_unknown_path_is_a_problem_that_names_the_request() {
        for path in ["/", "/healthy", "/health/", "/tenants/acme"] {
            let answer = answer(request("GET", path)).await;
            assert_eq!(answer["statusCode"], 404, "{path}");
            assert_eq!(
                answer["headers"]["content-type"],
                "application/problem+json"
            );
            let problem = body(&answer);
            assert_eq!(problem["status"], 404);
            assert_eq!(problem["requestId"], "gateway-1");
            assert!(
                !answer.to_string().contains("tenants"),
                "the path is not sent back"
            );
        }
    }

    #[tokio::test]
    async fn a_method_that_does_not_fit_is_told_what_does() {
        let answer = answer(request("DELETE", "/health")).await;
        assert_eq!(answer["statusCode"], 405);
        assert_eq!(body(&answer)["detail"], "allowed: GET, HEAD");
    }

    #[tokio::test]
    async fn an_event_that_is_no_request_still_gets_an_answer() {
        for event in [
            json!({}),
            json!({"rawPath": 1}),
            json!("x"),
            json!({"Records": []}),
        ] {
            let answer = answer(event).await;
            assert_eq!(answer["statusCode"], 500);
            assert_eq!(body(&answer)["requestId"], "lambda-1");
        }
    }
}
