//! The least that a function in Rust can be: what the functions' cold starts are held against.

use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;

// As the functions: one thread.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Value>| {
        Ok::<Value, Error>(event.payload)
    }))
    .await
}
