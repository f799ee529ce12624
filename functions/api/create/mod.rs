//! Creates records in the CRM: one, a batch, a preview, and the outcome of an earlier request.

mod context;
mod fields;
mod refusal;
mod wanted;

use domain::{
    create::{self, Answer, CreateContext, CreateOutcome, Known, Preview, Request},
    order::Order,
};
use serde::Serialize;
use serde_json::json;

use self::{
    context::connected,
    refusal::{of_the_one, refusal, refused},
    wanted::Many,
};
use super::{Answered, Call, Changed, Reply};
use crate::{
    metrics::{self, Metric},
    problem::Problem,
};

/// The header with a request's key.
const KEY: &str = "Idempotency-Key";
/// The longest key, in characters.
const LONGEST_KEY: usize = 255;

/// Serialized directly to text. A tree of values would drop digits of numbers.
#[derive(Serialize)]
struct Previews {
    records: Vec<Preview>,
}

/// `POST /v1/integrations/{integration}/creations`.
pub(super) async fn one(call: &Call<'_>) -> Changed {
    let key = call.request.required_header(KEY, LONGEST_KEY)?;
    let many = Many::of_one(call.request)?;
    let integration = connected(call).await?;
    let clock = || call.now();
    let context = context::open(call, &integration, &clock).await?;
    let request = many.request(integration.provider).map_err(of_the_one)?;
    let noted = call.note().await?;
    let answer = made(&context, key, &request).await.map_err(of_the_one)?;
    tell(call, &context, key, answer.orders).await;
    let reply = match answer.items.into_iter().next() {
        Some(outcome @ CreateOutcome::Created { .. }) => Reply::of(201, outcome),
        Some(outcome @ CreateOutcome::Unknown) => Reply::of(202, outcome),
        Some(outcome) => Err(refusal(&outcome)),
        None => Err(Problem::internal()),
    };
    Ok((reply?, noted))
}

/// `POST /v1/integrations/{integration}/creations/batch`.
pub(super) async fn batch(call: &Call<'_>) -> Changed {
    let key = call.request.required_header(KEY, LONGEST_KEY)?;
    let many = Many::of(call.request)?;
    let integration = connected(call).await?;
    let clock = || call.now();
    let context = context::open(call, &integration, &clock).await?;
    let request = many.request(integration.provider)?;
    let noted = call.note().await?;
    let answer = made(&context, key, &request).await?;
    tell(call, &context, key, answer.orders).await;
    Ok((Reply::ok(json!({ "records": answer.items }))?, noted))
}

/// `POST /v1/integrations/{integration}/creations/preview`.
pub(super) async fn preview(call: &Call<'_>) -> Answered {
    let many = Many::of(call.request)?;
    let integration = connected(call).await?;
    let clock = || call.now();
    let context = context::open(call, &integration, &clock).await?;
    let request = many.request(integration.provider)?;
    let previews = create::preview(&context, &request).await;
    let previews = previews.map_err(refused)?;
    Reply::ok(Previews { records: previews })
}

/// `GET /v1/integrations/{integration}/creations`: the outcome of an earlier request, by its key.
pub(super) async fn outcome(call: &Call<'_>) -> Answered {
    let key = call.request.required_header(KEY, LONGEST_KEY)?;
    let integration = connected(call).await?;
    let clock = || call.now();
    let context = context::open(call, &integration, &clock).await?;
    let answer = create::outcome(&context, key).await?;
    let answer = answer.ok_or_else(Problem::not_found)?;
    count(&answer);
    tell(call, &context, key, answer.orders).await;
    Reply::ok(json!({ "records": answer.items }))
}

/// Puts events about created records on the bus, and marks them as sent. If that fails, the next request with this key
/// sends them again.
async fn tell(call: &Call<'_>, context: &CreateContext<'_>, key: &str, orders: Vec<Order>) {
    if orders.is_empty() {
        return;
    }
    let told = async {
        call.send(orders).await?;
        create::told(context, key).await
    };
    if let Err(fault) = told.await {
        tracing::warn!(
            code = %fault.code(),
            "the next request with this key sends the event, perhaps again"
        );
    }
}

async fn made(
    context: &CreateContext<'_>,
    key: &str,
    request: &Request,
) -> Result<Answer, Problem> {
    let answer = create::create(context, key, request).await;
    let answer = answer.map_err(refused)?;
    count(&answer);
    Ok(answer)
}

/// Counts what became known. The same request that is answered again counts nothing.
fn count(answer: &Answer) {
    for known in &answer.learned {
        let metric = match known {
            Known::Created => Metric::CreationsMade,
            Known::NotCreated => Metric::CreationsRefused,
            Known::Unknown => Metric::CreationsUnknown,
        };
        metrics::add(metric, 1);
    }
}
