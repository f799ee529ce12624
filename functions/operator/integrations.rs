//! Lists the integrations that are synced.

use domain::{dispatch, fault::Outcome, integration::Which, ports::DispatchStore};
use jiff::Timestamp;
use serde_json::{Value, json};

/// Lists all integrations that dispatch would find some day.
pub(super) async fn list(store: &dyn DispatchStore) -> Outcome<Value> {
    let mut found = Vec::new();
    for due in dispatch::listed(store, Timestamp::MAX).await? {
        let which = Which {
            tenant: due.scope.tenant.clone(),
            integration: due.scope.integration.clone(),
        };
        // An integration that was removed meanwhile is left out.
        let Some(integration) = store.integration(&which).await? else {
            continue;
        };
        found.push(json!({
            "tenant": due.scope.tenant,
            "integration": due.scope.integration,
            "generation": integration.scope.generation,
            "provider": integration.provider,
            "organisation": integration.organisation,
            "status": integration.status,
            "due": integration.due,
            "open_run": integration.open_run,
            "leased_until": integration.lease.map(|lease| lease.deadline),
        }));
    }
    Ok(Value::Array(found))
}
