//! Reads and writes the rows that an import compares.

use std::collections::HashMap;

use domain::{
    fault::{Code, Fault, Outcome},
    ports::{Amended, Begun, RowName, Rows},
};
use futures::{StreamExt, TryStreamExt, stream};
use matching::SharedPostings;

use super::{
    super::{
        batch,
        item::{number, text},
    },
    AwsCompanies, item, partition, row_key,
};
use crate::aws::fault::{fault, is_refused};

/// How many rows are written at a time where each is written by itself.
const AT_A_TIME: usize = 16;

impl AwsCompanies {
    pub(super) async fn rows_of(
        &self,
        begun: &Begun,
        part: u32,
        after: Option<&RowName>,
    ) -> Outcome<Rows> {
        let start = after.map(|name| row_key(&begun.base, name));
        let answer = self
            .clients
            .dynamodb
            .query()
            .table_name(&self.table)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", text(partition(&begun.base, part)))
            .set_exclusive_start_key(start)
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault("rows_query", &error))?;
        let mut shared = SharedPostings::default();
        let rows = answer.items().iter();
        Ok(Rows {
            rows: rows
                .map(|row| item::row(row, &mut shared))
                .collect::<Outcome<_>>()?,
            more: answer.last_evaluated_key.is_some(),
        })
    }

    pub(super) async fn write_rows(&self, begun: &Begun, rows: &[Amended]) -> Outcome<()> {
        if begun.is_shared() {
            let writes = rows.iter().map(|amended| self.write_row(begun, amended));
            return stream::iter(writes.collect::<Vec<_>>())
                .buffer_unordered(AT_A_TIME)
                .try_collect()
                .await;
        }
        // Nobody else has rows of this version, so that they can be written in batches.
        let mut writes = Vec::with_capacity(rows.len());
        for Amended { row, .. } in rows {
            writes.push(if row.layers.is_empty() {
                batch::delete(row_key(&begun.base, &row.name))?
            } else {
                batch::put(item::of(&begun.base, row)?)?
            });
        }
        batch::write(&self.clients.dynamodb, &self.table, writes).await
    }

    /// Writes a row if it is as the import saw it, or as the import has written it already.
    async fn write_row(&self, begun: &Begun, amended: &Amended) -> Outcome<()> {
        let Amended { row, seen } = amended;
        let mine = row.layers.first().map(|layer| layer.number);
        let condition = match (seen, mine) {
            (None, _) => "attribute_not_exists(pk) OR n = :mine",
            // Items of a release without numbers have none.
            (Some(0), Some(_)) => "attribute_not_exists(n) OR n = :seen OR n = :mine",
            (Some(0), None) => "attribute_not_exists(n) OR n = :seen",
            (Some(_), Some(_)) => "n = :seen OR n = :mine",
            (Some(_), None) => "attribute_not_exists(pk) OR n = :seen",
        };
        let numbers = [(":seen", *seen), (":mine", mine)];
        let values = numbers
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), number(value?))))
            .collect::<HashMap<_, _>>();
        let values = Some(values);
        let fenced = || Fault::of(Code::CompaniesFenced);
        let client = &self.clients.dynamodb;
        if row.layers.is_empty() {
            let deleted = client
                .delete_item()
                .table_name(&self.table)
                .set_key(Some(row_key(&begun.base, &row.name)))
                .condition_expression(condition)
                .set_expression_attribute_values(values)
                .send()
                .await;
            return match deleted {
                Ok(_) => Ok(()),
                Err(error) if is_refused(&error) => Err(fenced()),
                Err(error) => Err(fault("row_delete", &error)),
            };
        }
        let put = client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item::of(&begun.base, row)?))
            .condition_expression(condition)
            .set_expression_attribute_values(values)
            .send()
            .await;
        match put {
            Ok(_) => Ok(()),
            Err(error) if is_refused(&error) => Err(fenced()),
            Err(error) => Err(fault("row_put", &error)),
        }
    }
}
