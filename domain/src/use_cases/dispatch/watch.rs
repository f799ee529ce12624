//! Looks which integrations have not been in order for too long.
//!
//! One number over all integrations cannot tell that a second one falls silent while the first is known. So those that became
//! overdue since the last look are counted and named by themselves.

use jiff::{SignedDuration, Timestamp};

use crate::{fault::Outcome, integration::Unverified, order::Rule, ports::Schedule, tenant::Scope};

/// For how long an integration counts as newly overdue. Dispatch looks each hour and may be some minutes late. Two looks may find
/// the same integration new, and none may miss it.
const NEW: SignedDuration = SignedDuration::from_mins(65);

/// How many of the overdue integrations are named, those that have waited longest. Grants that nobody renews wait for weeks, and must not
/// hide the integrations that fail.
const NAMED: u32 = 100;

/// How many of the newly overdue ones are named besides.
const NEW_NAMED: u32 = 50;

/// What a look found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watched {
    /// How long the integration that has waited longest has not been in order. Zero if there is none.
    pub longest: SignedDuration,
    /// The number of integrations that are overdue.
    pub overdue: u64,
    /// The number of those that became so since the last look.
    pub new: u64,
    /// The overdue integrations to be named.
    pub named: Vec<Overdue>,
}

/// An integration that has not been in order for too long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overdue {
    /// The scope.
    pub scope: Scope,
    /// For how long it has not been in order.
    pub age: SignedDuration,
    /// Whether it is newly overdue.
    pub is_new: bool,
}

/// Looks which integrations have not been in order for `limit` or longer. As long as there are none, that is one request of the
/// store. Only a look by the hourly rule calls some of them new: the daily rule looks between two of those, and both would count the
/// same ones.
///
/// # Errors
/// The fault of the store.
pub async fn watch(
    store: &dyn Schedule,
    rule: Rule,
    now: Timestamp,
    limit: SignedDuration,
) -> Outcome<Watched> {
    let first = store.longest_unverified(1).await?;
    let mut watched = Watched {
        longest: first
            .first()
            .map_or(SignedDuration::ZERO, |found| age(found, now)),
        overdue: 0,
        new: 0,
        named: Vec::new(),
    };
    if first.is_empty() || watched.longest < limit {
        return Ok(watched);
    }
    let last = before(now, limit);
    let first_new = before(last, NEW);
    let (overdue, longest) = store
        .unverified_within(Timestamp::UNIX_EPOCH..=last, NAMED)
        .await?;
    let (new, latest) = match rule {
        Rule::Hourly => store.unverified_within(first_new..=last, NEW_NAMED).await?,
        Rule::Daily => (0, Vec::new()),
    };
    let known = longest.len();
    for found in longest.into_iter().chain(latest) {
        if watched.named[..known.min(watched.named.len())]
            .iter()
            .any(|named| named.scope == found.scope)
        {
            continue;
        }
        watched.named.push(Overdue {
            age: age(&found, now),
            is_new: rule == Rule::Hourly && found.since >= first_new,
            scope: found.scope,
        });
    }
    (watched.overdue, watched.new) = (overdue, new);
    Ok(watched)
}

fn age(found: &Unverified, now: Timestamp) -> SignedDuration {
    now.duration_since(found.since).max(SignedDuration::ZERO)
}

fn before(time: Timestamp, by: SignedDuration) -> Timestamp {
    time.checked_sub(by).unwrap_or(Timestamp::UNIX_EPOCH)
}
