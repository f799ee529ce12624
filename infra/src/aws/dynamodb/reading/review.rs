//! Suggested relations, which wait for a review.

use domain::{
    fault::Outcome,
    ports::{HeldToken, Suggested},
    seal::KeyedHash,
    tenant::Scope,
};

use super::{
    super::{
        copy_rows::{next_shard, read_token},
        further,
        item::{Item, text},
        store::AwsStore,
    },
    index::{start_at, token_of},
    record_of,
};
use crate::aws::{
    fault::{fault, malformed},
    places,
};

impl AwsStore {
    /// Lists suggested relations, shard by shard.
    pub(super) async fn ask_review(
        &self,
        scope: &Scope,
        after: Option<&HeldToken>,
        most: usize,
    ) -> Outcome<(Vec<Suggested>, Option<HeldToken>)> {
        let (shard, start) = after.map_or(Ok((0, None)), read_token)?;
        let partition = places::review(scope, shard);
        let start = start
            .map(|start| start_at(&start, "hr", &partition))
            .transpose()?;
        let answer = self
            .clients
            .dynamodb
            .query()
            .table_name(&self.copies)
            .index_name("by_review")
            .key_condition_expression("hr = :shard")
            .expression_attribute_values(":shard", text(&partition))
            .set_exclusive_start_key(start)
            .limit(further::limit(most))
            .send()
            .await
            .map_err(|error| fault("review_query", &error))?;
        let rows = answer.items.unwrap_or_default();
        let (rows, last) = further::page(rows, answer.last_evaluated_key, most);
        let mut found = Vec::with_capacity(rows.len());
        for row in &rows {
            let (object, id) = record_of(row)?;
            let (_, company) = row
                .text("sk")?
                .split_once("#R#")
                .ok_or_else(|| malformed("sk"))?;
            found.push(Suggested {
                object,
                id,
                company: KeyedHash::parse(company).ok_or_else(|| malformed("sk"))?,
                score: row.number("sc")?,
            });
        }
        let last = last.as_ref().map(token_of).transpose()?;
        Ok((found, next_shard(shard, last)))
    }
}
