//! Shows how far an integration's objects have come: counts and codes, nothing that has to be opened.

use domain::{fault::Outcome, integration::Which, ports::Store};
use serde_json::{Map, Value, json};

/// The integration's state, and per object what its last or present run did.
pub(super) async fn show(store: &dyn Store, which: &Which) -> Outcome<Value> {
    let integration = super::find(store, which).await?;
    let mut objects = Map::new();
    for progress in store.progress(&integration.scope).await? {
        let verdict = progress.summary.verdict.as_ref().map(ToString::to_string);
        objects.insert(
            progress.object.name().to_owned(),
            json!({
                "run": progress.run,
                "held": progress.held,
                "verdict": verdict,
                "summary": progress.summary,
            }),
        );
    }
    Ok(json!({
        "tenant": which.tenant,
        "integration": which.integration,
        "generation": integration.scope.generation,
        "status": integration.status,
        "due": integration.due,
        "open_run": integration.open_run,
        "objects": objects,
    }))
}
