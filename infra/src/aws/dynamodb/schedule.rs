//! Finds due integrations and claims them.

use std::ops::RangeInclusive;

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    fault::Outcome,
    integration::{Due, OpenRun, Status, Unverified},
    offboarding::Ending,
    ports::{DueToken, Schedule},
    tenant::Scope,
};
use jiff::Timestamp;

use super::{
    batch::key,
    item::{Item, number, text, time},
    rows,
    store::AwsStore,
};
use crate::aws::{
    fault::{fault, is_refused, malformed},
    places,
};

/// How many due integrations one answer has.
const DUE_PAGE: i32 = 100;

#[async_trait]
impl Schedule for AwsStore {
    /// Each partition of the index is a part.
    async fn parts(&self) -> Outcome<Vec<DueToken>> {
        let buckets = 0..places::DUE_BUCKETS;
        Ok(buckets.map(|bucket| DueToken(bucket.to_string())).collect())
    }

    async fn due(&self, now: Timestamp, place: &DueToken) -> Outcome<(Vec<Due>, Option<DueToken>)> {
        let (bucket, start) = read_token(place)?;
        let start = start.map(|[pk, due_at]| {
            let mut start = key(pk, places::INTEGRATION);
            start.insert("due_bucket".to_owned(), text(places::due_bucket_of(bucket)));
            start.insert("due_at".to_owned(), text(due_at));
            start
        });
        let answer = self
            .clients
            .dynamodb
            .query()
            .table_name(&self.ledger)
            .index_name("due")
            .key_condition_expression("due_bucket = :bucket AND due_at <= :now")
            .expression_attribute_values(":bucket", text(places::due_bucket_of(bucket)))
            .expression_attribute_values(":now", text(time(now)))
            .set_exclusive_start_key(start)
            .limit(DUE_PAGE)
            .send()
            .await
            .map_err(|error| fault("due_query", &error))?;
        let due = answer
            .items()
            .iter()
            .map(rows::due)
            .collect::<Outcome<Vec<_>>>()?;
        let next = match answer.last_evaluated_key() {
            Some(last) => Some(DueToken(format!(
                "{bucket} {} {}",
                last.text("pk")?,
                last.text("due_at")?
            ))),
            None => None,
        };
        Ok((due, next))
    }

    async fn claim(&self, seen: &Due, run: &OpenRun, look_again: Timestamp) -> Outcome<bool> {
        let look_again = time(look_again);
        let same_run = match &seen.open_run {
            None => "attribute_not_exists(run_id)",
            Some(_) => "run_id = :run",
        };
        let updated = self
            .clients
            .dynamodb
            .update_item()
            .table_name(&self.ledger)
            .set_key(Some(key(
                places::integration_in(&seen.scope),
                places::INTEGRATION,
            )))
            .update_expression(
                "SET due_at = :again, run_id = :run, run_begun = :begun, run_next = :next, \
                 verified_at = if_not_exists(verified_at, :begun)",
            )
            .condition_expression(format!(
                "#status = :connected AND generation = :g AND due_at = :seen AND {same_run}"
            ))
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":connected", text(Status::Connected.name()))
            .expression_attribute_values(":g", number(seen.scope.generation.0))
            .expression_attribute_values(":seen", text(time(seen.due)))
            .expression_attribute_values(":again", text(&look_again))
            .expression_attribute_values(":run", AttributeValue::S(run.id.to_string()))
            .expression_attribute_values(":begun", text(time(run.begun)))
            .expression_attribute_values(":next", text(time(run.next)))
            .send()
            .await;
        match updated {
            Ok(_) => Ok(true),
            Err(error) if is_refused(&error) => {
                // Our own write may have been applied and its answer lost.
                self.is_claimed(&seen.scope, run, &look_again).await
            }
            Err(error) => Err(fault("claim", &error)),
        }
    }

    /// One short query for each partition of the index, however many integrations there are.
    async fn longest_unverified(&self, most: u32) -> Outcome<Vec<Unverified>> {
        let mut found = Vec::new();
        for bucket in 0..places::DUE_BUCKETS {
            let answer = self
                .clients
                .dynamodb
                .query()
                .table_name(&self.ledger)
                .index_name("unverified")
                .key_condition_expression("due_bucket = :bucket")
                .expression_attribute_values(":bucket", text(places::due_bucket_of(bucket)))
                .limit(i32::try_from(most).unwrap_or(i32::MAX))
                .send()
                .await
                .map_err(|error| fault("unverified_query", &error))?;
            for row in answer.items() {
                found.push(rows::unverified(row)?);
            }
        }
        Ok(longest(found, most))
    }

    async fn unverified_within(
        &self,
        within: RangeInclusive<Timestamp>,
        most: u32,
    ) -> Outcome<(u64, Vec<Unverified>)> {
        let (mut n, mut first) = (0, Vec::new());
        for bucket in 0..places::DUE_BUCKETS {
            let (mut of_bucket, mut start) = (Vec::new(), None);
            loop {
                let answer = self
                    .clients
                    .dynamodb
                    .query()
                    .table_name(&self.ledger)
                    .index_name("unverified")
                    .key_condition_expression(
                        "due_bucket = :bucket AND verified_at BETWEEN :from AND :until",
                    )
                    .expression_attribute_values(":bucket", text(places::due_bucket_of(bucket)))
                    .expression_attribute_values(":from", text(time(*within.start())))
                    .expression_attribute_values(":until", text(time(*within.end())))
                    .set_exclusive_start_key(start)
                    .send()
                    .await
                    .map_err(|error| fault("unverified_query", &error))?;
                n += answer.items().len() as u64;
                let room = (most as usize).saturating_sub(of_bucket.len());
                for row in answer.items().iter().take(room) {
                    of_bucket.push(rows::unverified(row)?);
                }
                start = answer.last_evaluated_key;
                if start.is_none() {
                    break;
                }
            }
            first.append(&mut of_bucket);
        }
        Ok((n, longest(first, most)))
    }

    async fn endings(&self, most: u32) -> Outcome<Vec<Ending>> {
        self.clients
            .dynamodb
            .query()
            .table_name(&self.ledger)
            .index_name("due")
            .key_condition_expression("due_bucket = :bucket")
            .expression_attribute_values(":bucket", text(places::ENDING))
            .limit(i32::try_from(most).unwrap_or(i32::MAX))
            .send()
            .await
            .map_err(|error| fault("endings_query", &error))?
            .items()
            .iter()
            .map(rows::ending)
            .collect()
    }
}

impl AwsStore {
    /// Returns whether an integration's row is as a claim leaves it. It reads these two attributes only: dispatch claims for all
    /// tenants, and its role may not read their grants.
    async fn is_claimed(&self, scope: &Scope, run: &OpenRun, look_again: &str) -> Outcome<bool> {
        let row = self.read_attributes(scope, "claim_get", "due_at, run_id");
        let there = row.await?.unwrap_or_default();
        Ok(there.optional_text("due_at") == Some(look_again)
            && there.optional_text("run_id") == Some(run.id.as_str()))
    }
}

/// Returns those that have waited longest, the longest first.
fn longest(mut found: Vec<Unverified>, most: u32) -> Vec<Unverified> {
    found.sort_by_key(|found| found.since);
    found.truncate(most as usize);
    found
}

/// Parses `bucket` or `bucket partition due-time`. None of the three parts contains a blank.
fn read_token(token: &DueToken) -> Outcome<(u32, Option<[String; 2]>)> {
    let mut parts = token.0.split(' ');
    let bucket = parts
        .next()
        .and_then(|bucket| bucket.parse().ok())
        .ok_or_else(|| malformed("due token"))?;
    let start = match (parts.next(), parts.next()) {
        (Some(pk), Some(due_at)) => Some([pk.to_owned(), due_at.to_owned()]),
        _ => None,
    };
    Ok((bucket, start))
}
