//! Looks in which stages removals are, and for how long. The rows say it, so a removal that nobody works on is seen as well.

use jiff::{SignedDuration, Timestamp};

use crate::{fault::Outcome, ports::Removals, removal::Stage, tenant::Scope};

/// A removal that has not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staged {
    /// The scope.
    pub scope: Scope,
    /// The stage that it is in.
    pub stage: Stage,
    /// For how long it has been in that stage.
    pub age: SignedDuration,
}

/// Returns where the removals of `scopes` stand. One that has ended meanwhile is left out.
///
/// # Errors
/// The fault of the store.
pub async fn stages(
    store: &dyn Removals,
    scopes: Vec<Scope>,
    now: Timestamp,
) -> Outcome<Vec<Staged>> {
    let mut staged = Vec::with_capacity(scopes.len());
    for scope in scopes {
        let Some(removal) = store.removal(&scope).await? else {
            continue;
        };
        if removal.stage != Stage::Done {
            let age = now.duration_since(removal.in_stage_since());
            staged.push(Staged {
                scope,
                stage: removal.stage,
                age: age.max(SignedDuration::ZERO),
            });
        }
    }
    Ok(staged)
}
