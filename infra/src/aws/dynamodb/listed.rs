//! Rows of the Ledger whose sort keys begin alike.

use domain::fault::Outcome;

use super::{
    item::{Attributes, text},
    store::AwsStore,
};
use crate::aws::fault::fault;

impl AwsStore {
    /// All rows of the partition `home` whose sort keys begin with `prefix`, in their order, read consistently; of each the
    /// attributes of `projection`, where there is one. `operation` is what a fault calls it.
    pub(super) async fn rows_under(
        &self,
        operation: &'static str,
        home: &str,
        prefix: &str,
        projection: Option<&str>,
    ) -> Outcome<Vec<Attributes>> {
        let (mut rows, mut start) = (Vec::new(), None);
        loop {
            let answer = self
                .clients
                .dynamodb
                .query()
                .table_name(&self.ledger)
                .key_condition_expression("pk = :pk AND begins_with(sk, :sk)")
                .expression_attribute_values(":pk", text(home))
                .expression_attribute_values(":sk", text(prefix))
                .set_projection_expression(projection.map(str::to_owned))
                .set_exclusive_start_key(start)
                .consistent_read(true)
                .send()
                .await
                .map_err(|error| fault(operation, &error))?;
            rows.extend(answer.items.unwrap_or_default());
            start = answer.last_evaluated_key;
            if start.is_none() {
                return Ok(rows);
            }
        }
    }
}
