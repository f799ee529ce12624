//! Shows the progress of an integration's objects: counts and codes, nothing that has to be opened.

use domain::{fault::Outcome, integration::Which, ports::Runs};
use infra::aws::AwsStore;
use serde_json::{Map, Value, json};

/// Shows the integration's state, per object the result of its last or present run, and the report of the last run that
/// ended. Only that report says why a run as a whole failed.
pub(super) async fn show(store: &AwsStore, which: &Which) -> Outcome<Value> {
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
    let last_run = store.runs(&integration.scope, None, 1).await?.pop();
    Ok(json!({
        "tenant": which.tenant,
        "integration": which.integration,
        "generation": integration.scope.generation,
        "status": integration.status,
        "due": integration.due,
        "open_run": integration.open_run,
        "standstill": integration.told_standstill(),
        "objects": objects,
        "last_run": last_run,
    }))
}
