//! A large removal, for `tests/bench/removed.py`. `removed store` is the DynamoDB that it works on (in memory: 4 GB for
//! a million records). `removed fill N` puts a copy of N records there. `removed remove` removes it as the function
//! would, slice by slice, and reports the cost. Each is a process of its own, so that the memory of the last one is
//! that of the removal alone.

mod fill;
mod remove;
mod world;

use std::env;

/// The functions' allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A result whose error ends the benchmark.
type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let mut arguments = env::args().skip(1);
    match (arguments.next().as_deref(), arguments.next()) {
        (Some("store"), None) => store().await,
        (Some("fill"), Some(n)) => fill::fill(n.parse()?).await,
        (Some("remove"), None) => remove::remove().await,
        _ => Err("removed store | fill N | remove".into()),
    }
}

/// Prints its address and serves.
async fn store() -> Outcome<()> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let database = dynoxide::Database::memory()?;
    world::say(&format!("http://{}", listener.local_addr()?))?;
    dynoxide::server::serve_on(listener, database).await;
    Ok(())
}
