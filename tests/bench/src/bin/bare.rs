//! The minimal function in Rust. The functions' cold starts are compared with it.

use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;

// It has one thread, like the functions.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Value>| {
        Ok::<Value, Error>(event.payload)
    }))
    .await
}
