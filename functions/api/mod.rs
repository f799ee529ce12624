//! Answers requests from API Gateway (payload format 2.0).
//!
//! A request passes these steps: its route ([`routes`]), its caller by the authorizer's claims ([`caller`]), its query,
//! and the handler in the file of its subject. The handler reads what it needs ([`request`]) and returns a [`Reply`] or
//! a [`Problem`]. Nothing is asked of AWS before the caller is known to be allowed.

mod allowed;
mod assessments;
mod audit;
mod body;
mod call;
pub mod caller;
mod companies;
mod connections;
mod create;
mod database;
mod exports;
mod facts;
mod foretold;
mod heads;
mod health;
mod held;
mod http;
mod in_time;
mod integrations;
mod line;
mod noted;
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
mod tenants;
mod world;

use std::{future::Future, sync::OnceLock};

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use domain::{
    ended,
    fault::{Code, Outcome},
};
use serde_json::Value;
use tracing::Instrument;

pub use self::{
    call::Call,
    http::{Answered, Changed, Reply, Response},
    noted::Noted,
    query::Query,
    request::Request,
    world::World,
};
use self::{caller::Caller, line::Line, routes::Handler};
use crate::{entry::Invocation, problem::Problem, settings as set};

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
    let mut line = Line::begin(id);
    let answered = async {
        let route = routes::find(&mut request)?;
        line.operation = route.operation;
        let handler = match route.handler {
            Handler::Open(handler) => return handler(settings),
            handler => handler,
        };
        let named = request.param("tenant");
        let caller = Caller::behind(route.needs, authorizer.as_ref(), named, &settings.account)?;
        line.name(&caller, &settings.caller_key);
        caller.may(route.needs)?;
        let query = request.query(route.query)?;
        let world = world.await;
        let before = world.meter.counts();
        let left = in_time::left(invocation.deadline, (world.clock)());
        let ports = async {
            let ports = (world.ports_of)(caller.tenant.clone()).await?;
            // A token outlives its tenant. Nothing is answered that would begin the tenant anew.
            if !caller.is_operator() {
                ended::refuse(&*ports.store, &caller.tenant).await?;
            }
            Ok(ports)
        };
        let span = tracing::error_span!("caller", tenant = %caller.tenant);
        let answered = async {
            let ports = in_time::in_time(left, ports).await?;
            let call = Call {
                id: &line.id,
                operation: route.operation,
                noted: OnceLock::new(),
                request: &request,
                query,
                caller: &caller,
                ports: &ports,
                world,
                settings,
                deadline: invocation.deadline,
            };
            let left = in_time::left(invocation.deadline, (world.clock)());
            match handler {
                Handler::Open(handler) => handler(settings),
                Handler::Read(handler) => in_time::in_time(left, handler(&call)).await,
                // Its end is noted even if its time is over.
                Handler::Change(handler) => {
                    let changed = in_time::in_time(left, handler(&call)).await;
                    call.conclude(changed).await
                }
            }
        }
        .instrument(span)
        .await;
        line.requests = world.meter.since(&before);
        answered
    }
    .instrument(span.clone())
    .await;
    span.in_scope(|| line.finish(answered))
}

#[cfg(test)]
mod tests;
