//! Whether the suppressions in force are those that the chain of their changes says.

use crate::{
    fault::{Code, Fault, Outcome},
    grounds::{
        chain::ChainHash,
        changes::{Replay, Replayed},
    },
    ports::Legal,
    tenant::TenantId,
};

/// Attempts to read everything between two changes.
const TRIES: u32 = 5;
/// The number of changes read at a time.
const PAGE: usize = 200;

/// Replays the whole chain, and compares the result with what is in force. `kept` is a head that the caller kept earlier.
///
/// # Errors
/// Transient if the suppressions change all the time. Otherwise the fault of the store.
pub async fn verify(
    legal: &(impl Legal + ?Sized),
    tenant: &TenantId,
    kept: Option<(u64, ChainHash)>,
) -> Outcome<Replayed> {
    for _ in 0..TRIES {
        let head = legal.head_of_changes(tenant).await?;
        let standing = legal.standing(tenant).await?;
        let mut replay = Replay::new(tenant, kept);
        let mut after = 0;
        loop {
            let page = legal.changes(tenant, after, PAGE).await?;
            let Some(last) = page.last().map(|change| change.number) else {
                break;
            };
            if !page.iter().all(|change| replay.take(change)) {
                break;
            }
            after = last;
        }
        if legal.head_of_changes(tenant).await? == head {
            return Ok(replay.done(head, &standing));
        }
    }
    Err(Fault::of(Code::SuppressionsContended))
}
