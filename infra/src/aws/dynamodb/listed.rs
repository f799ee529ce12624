//! Reads rows of the Ledger whose sort keys share a prefix.

use domain::fault::Outcome;

use super::{
    item::{Attributes, text},
    store::AwsStore,
};
use crate::aws::fault::fault;

impl AwsStore {
    /// Reads all rows of the partition `home` whose sort keys begin with `prefix`, in order and consistently.
    /// `projection` limits the attributes. `operation` names the call in a fault.
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
