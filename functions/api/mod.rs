//! Answers requests from API Gateway (payload format 2.0).
//!
//! A request passes these steps: its route ([`routes`]), its caller by the authorizer's claims ([`caller`]), its query,
//! and the handler in the file of its subject. The handler reads what it needs ([`request`]) and returns a [`Reply`] or
//! a [`Problem`]. Nothing is asked of AWS before the caller is known to be allowed.

mod assessments;
mod body;
mod call;
pub mod caller;
mod companies;
mod connections;
mod create;
mod exports;
mod facts;
mod health;
mod held;
mod http;
mod in_time;
mod integrations;
mod objections;
mod pages;
mod preflight;
mod query;
mod records;
mod relations;
mod removal;
mod request;
pub mod routes;
mod runs;
mod settings;
mod shown;
mod subjects;
mod world;

use std::{collections::BTreeMap, future::Future};

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use domain::fault::{Code, Outcome};
use serde_json::Value;
use tracing::Instrument;

pub use self::{
    call::Call,
    http::{Answered, Reply, Response},
    query::Query,
    request::Request,
    world::World,
};
use self::{caller::Caller, routes::Handler};
use crate::{alarm, entry::Invocation, problem::Problem, settings as set};

/// Handles one invocation.
///
/// # Errors
/// Never fails: every event gets an answer.
pub async fn handle(
    settings: &set::Api,
    event: Value,
    invocation: Invocation,
) -> Outcome<Response> {
    // The world's future is boxed: it is large, and Lambda's workers have small stacks.
    let world = Box::pin(world::world(settings));
    Ok(answer(settings, event, invocation, world).await)
}

/// Answers an event. It awaits `world` only if the caller may have an answer.
pub async fn answer<'w>(
    settings: &set::Api,
    mut event: Value,
    invocation: Invocation,
    world: impl Future<Output = &'w World>,
) -> Response {
    // The claims are taken out first, since they may have types that the gateway's event type does not know.
    let authorizer = event
        .pointer_mut("/requestContext")
        .and_then(|context| context.as_object_mut()?.remove("authorizer"));
    let Ok(event) = serde_json::from_value::<ApiGatewayV2httpRequest>(event) else {
        tracing::error!(
            code = %Code::EventMalformed,
            "the event is not a request of payload format 2.0"
        );
        return http::problem(&Problem::internal(), &invocation.request);
    };
    // The gateway's own log has the gateway's request id.
    let id = event
        .request_context
        .request_id
        .clone()
        .unwrap_or(invocation.request);
    let mut request = Request::of(event);
    // The span has the level of errors so that it exists at every log level.
    let span = tracing::error_span!("call", api_request = %id);
    let (operation, answered, requests) = async {
        let route = match routes::find(&mut request) {
            Ok(route) => route,
            Err(problem) => return ("unknown", Err(problem), BTreeMap::new()),
        };
        let mut requests = BTreeMap::new();
        let answered = match route.handler {
            Handler::Open(handler) => handler(settings),
            Handler::Call(handler) => {
                let claims = authorizer
                    .as_ref()
                    .and_then(|authorizer| authorizer.pointer("/jwt/claims")?.as_object());
                match Caller::of(claims).and_then(|caller| {
                    caller.may(route.needs)?;
                    Ok((caller, request.query(route.query)?))
                }) {
                    Ok((caller, query)) => {
                        let world = world.await;
                        let before = world.meter.counts();
                        let answer = async {
                            let ports = (world.ports_of)(caller.tenant.clone()).await?;
                            let call = Call {
                                request: &request,
                                query,
                                caller: &caller,
                                ports: &ports,
                                world,
                                settings,
                                deadline: invocation.deadline,
                            };
                            handler(&call).await
                        };
                        let span = tracing::error_span!("caller", tenant = %caller.tenant);
                        let left = in_time::left(invocation.deadline, (world.clock)());
                        let answered = in_time::in_time(left, answer.instrument(span)).await;
                        requests = world.meter.since(&before);
                        answered
                    }
                    Err(problem) => Err(problem),
                }
            }
        };
        (route.operation, answered, requests)
    }
    .instrument(span.clone())
    .await;
    span.in_scope(|| finish(&id, operation, answered, &requests))
}

/// Makes the response and its one log line: codes, ids and counts, nothing that was sent.
fn finish(
    id: &str,
    operation: &str,
    answered: Answered,
    requests: &BTreeMap<String, u64>,
) -> Response {
    match answered.and_then(Reply::bounded) {
        Ok(reply) => {
            let response = http::reply(reply, id);
            tracing::info!(
                operation,
                status = response.status_code,
                ?requests,
                "the request was answered"
            );
            response
        }
        Err(problem) => {
            let cause = problem.cause.as_ref();
            let code = cause.map_or_else(|| problem.kind.clone(), |fault| fault.code().to_string());
            let field = cause.and_then(|fault| fault.field());
            let detail = cause.and_then(|fault| fault.detail());
            if problem.status >= 500 {
                let (status, alarm) = (problem.status, cause.and_then(alarm::ring));
                tracing::error!(
                    operation,
                    status,
                    code,
                    field,
                    detail,
                    alarm,
                    "the request failed"
                );
            } else {
                tracing::info!(
                    operation,
                    status = problem.status,
                    code,
                    field,
                    detail,
                    "the request was refused"
                );
            }
            http::problem(&problem, id)
        }
    }
}

#[cfg(test)]
mod tests;
