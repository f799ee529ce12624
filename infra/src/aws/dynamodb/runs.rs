//! Runs: the progress of each object, and how runs ended.

use async_trait::async_trait;
use domain::{
    fault::Outcome,
    ports::Runs,
    progress::{Progress, RunReport},
    tenant::{RunId, Scope},
};

use super::{
    batch::key,
    item::{Attributes, Item, text},
    rows,
    store::AwsStore,
};
use crate::aws::{
    fault::{fault, malformed},
    places,
};

#[async_trait]
impl Runs for AwsStore {
    async fn progress(&self, scope: &Scope) -> Outcome<Vec<Progress>> {
        // There are five rows, so they never fill a page.
        self.clients
            .dynamodb
            .query()
            .table_name(&self.ledger)
            .key_condition_expression("pk = :pk AND begins_with(sk, :sk)")
            .expression_attribute_values(":pk", text(places::integration_in(scope)))
            .expression_attribute_values(":sk", text(places::progress_rows(scope.generation)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault("progress_query", &error))?
            .items()
            .iter()
            .map(rows::progress)
            .collect()
    }

    async fn runs(
        &self,
        scope: &Scope,
        after: Option<&RunId>,
        most: u32,
    ) -> Outcome<Vec<RunReport>> {
        let home = places::integration_in(scope);
        let start = after.map(|run| key(home.as_str(), places::run(scope.generation, run)));
        self.clients
            .dynamodb
            .query()
            .table_name(&self.ledger)
            .key_condition_expression("pk = :pk AND begins_with(sk, :sk)")
            .expression_attribute_values(":pk", text(home))
            .expression_attribute_values(":sk", text(places::run_rows(scope.generation)))
            .scan_index_forward(false)
            .set_exclusive_start_key(start)
            .limit(i32::try_from(most).unwrap_or(i32::MAX))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault("runs_query", &error))?
            .items()
            .iter()
            .map(|row| serde_json::from_str(row.text("report")?).map_err(|_| malformed("report")))
            .collect()
    }

    async fn run(&self, scope: &Scope, run: &RunId) -> Outcome<Option<RunReport>> {
        self.read_report(scope, &places::run(scope.generation, run))
            .await?
            .map(|report| serde_json::from_str(&report).map_err(|_| malformed("report")))
            .transpose()
    }
}

impl AwsStore {
    pub(super) async fn read_report(&self, scope: &Scope, sk: &str) -> Outcome<Option<String>> {
        self.clients
            .dynamodb
            .get_item()
            .table_name(&self.ledger)
            .set_key(Some(key(places::integration_in(scope), sk)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault("report_get", &error))?
            .item
            .map(|row: Attributes| row.text("report").map(str::to_owned))
            .transpose()
    }
}
