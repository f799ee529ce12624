//! Reads and writes of many items. What DynamoDB leaves unprocessed is sent again after a random pause.

use aws_sdk_dynamodb::{
    Client,
    types::{
        AttributeValue, DeleteRequest, KeysAndAttributes, PutRequest, ReturnConsumedCapacity,
        WriteRequest,
    },
};
use domain::fault::{AwsCode, Fault, Outcome};
use futures::{StreamExt, TryStreamExt, stream};

use super::item::Attributes;
use crate::aws::{
    fault::{fault, malformed},
    pause::pause,
};

/// The most items that BatchWriteItem takes.
const WRITES: usize = 25;
/// The most keys that BatchGetItem takes.
const READS: usize = 100;
/// How many writes are under way at a time.
const IN_FLIGHT: usize = 8;
/// How many reads are under way at a time. A status of 100 companies reads up to 1,000 records.
const READS_IN_FLIGHT: usize = 10;
/// How many rounds are tried while items are left unprocessed. The last pause is at most 3.2 s.
const ROUNDS: u32 = 8;

/// Makes a request that puts an item.
pub(super) fn put(item: Attributes) -> Outcome<WriteRequest> {
    let put = PutRequest::builder()
        .set_item(Some(item))
        .build()
        .map_err(|_| malformed("put"))?;
    Ok(WriteRequest::builder().put_request(put).build())
}

/// Makes a request that deletes an item.
pub(super) fn delete(key: Attributes) -> Outcome<WriteRequest> {
    let delete = DeleteRequest::builder()
        .set_key(Some(key))
        .build()
        .map_err(|_| malformed("delete"))?;
    Ok(WriteRequest::builder().delete_request(delete).build())
}

/// Writes in full batches, several at a time and in no particular order. No key may occur twice in `requests`.
pub(super) async fn write(
    client: &Client,
    table: &str,
    requests: Vec<WriteRequest>,
) -> Outcome<()> {
    write_as_made(client, table, requests.into_iter().map(Ok)).await
}

/// Writes like [`write()`], but makes each request only when its batch is due and drops it once the batch is sent. All
/// requests for the records of one page would take five megabytes.
async fn write_as_made(
    client: &Client,
    table: &str,
    requests: impl Iterator<Item = Outcome<WriteRequest>>,
) -> Outcome<()> {
    stream::iter(batches(requests, WRITES))
        .map(|batch| async move {
            let batch = batch.into_iter().collect::<Outcome<_>>()?;
            write_batch(client, table, batch).await
        })
        .buffer_unordered(IN_FLIGHT)
        .try_collect::<()>()
        .await
}

/// Writes what lies beside items, then the items. `beside` gives for each request the index of its item, in the order
/// of the items. No item is sent before everything that lies beside it has arrived, so a stored item is always
/// complete, even if the work was cut off. All batches are full except the last (or the last two, if there are few
/// items).
pub(super) async fn write_in_order(
    client: &Client,
    table: &str,
    mut beside: Vec<(usize, WriteRequest)>,
    mut items: impl ExactSizeIterator<Item = Outcome<WriteRequest>>,
) -> Outcome<()> {
    let rest = beside.split_off(beside.len() - beside.len() % WRITES);
    let full = beside.into_iter().map(|(_, request)| request).collect();
    write(client, table, full).await?;
    // Requests that do not fill a batch share it with items that depend on none of them. The dependent items follow.
    if let Some((first, _)) = rest.first() {
        let n_sent = rest.len() + first;
        let n_full = n_sent - n_sent % WRITES;
        let n_items = n_full.max(rest.len()) - rest.len();
        let rest = rest.into_iter().map(|(_, request)| Ok(request));
        write_as_made(client, table, rest.chain(items.by_ref().take(n_items))).await?;
    }
    write_as_made(client, table, items).await
}

fn batches<T>(all: impl IntoIterator<Item = T>, n: usize) -> impl Iterator<Item = Vec<T>> {
    let mut rest = all.into_iter();
    std::iter::from_fn(move || {
        let batch: Vec<T> = rest.by_ref().take(n).collect();
        (!batch.is_empty()).then_some(batch)
    })
}

async fn write_batch(client: &Client, table: &str, mut batch: Vec<WriteRequest>) -> Outcome<()> {
    for round in 0..ROUNDS {
        let answer = client
            .batch_write_item()
            .request_items(table, batch)
            .send()
            .await
            .map_err(|error| fault("batch_write", &error))?;
        batch = answer
            .unprocessed_items
            .and_then(|mut items| items.remove(table))
            .unwrap_or_default();
        if batch.is_empty() {
            return Ok(());
        }
        pause(round).await;
    }
    Err(Fault::aws("batch_write", AwsCode::Unprocessed)
        .with_detail(format!("{} items", batch.len())))
}

/// Reads items with consistent reads, in no particular order. The answer leaves out keys that do not exist.
pub(super) async fn read(
    client: &Client,
    table: &str,
    keys: Vec<Attributes>,
    projection: &str,
    names: &[(&str, &str)],
) -> Outcome<Vec<Attributes>> {
    let found: Vec<Vec<Attributes>> = stream::iter(batches(keys, READS))
        .map(|batch| read_batch(client, table, batch, projection, names))
        .buffer_unordered(READS_IN_FLIGHT)
        .try_collect()
        .await?;
    Ok(found.into_iter().flatten().collect())
}

async fn read_batch(
    client: &Client,
    table: &str,
    keys: Vec<Attributes>,
    projection: &str,
    names: &[(&str, &str)],
) -> Outcome<Vec<Attributes>> {
    let names = names
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect::<std::collections::HashMap<_, _>>();
    let mut asked = KeysAndAttributes::builder()
        .set_keys(Some(keys))
        .projection_expression(projection)
        .set_expression_attribute_names((!names.is_empty()).then_some(names))
        .consistent_read(true)
        .build()
        .map_err(|_| malformed("keys"))?;
    let mut found = Vec::new();
    for round in 0..ROUNDS {
        let answer = client
            .batch_get_item()
            .request_items(table, asked)
            // It tells keys that are left for their size from those that are left by a throttle.
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send()
            .await
            .map_err(|error| fault("batch_get", &error))?;
        found.extend(
            answer
                .responses
                .and_then(|mut tables| tables.remove(table))
                .unwrap_or_default(),
        );
        match answer
            .unprocessed_keys
            .and_then(|mut tables| tables.remove(table))
            .filter(|rest| !rest.keys().is_empty())
        {
            None => return Ok(found),
            Some(rest) => asked = rest,
        }
        pause(round).await;
    }
    Err(Fault::aws("batch_get", AwsCode::Unprocessed))
}

/// Returns the key of an item.
pub(in crate::aws) fn key(pk: impl Into<String>, sk: impl Into<String>) -> Attributes {
    Attributes::from([
        ("pk".to_owned(), AttributeValue::S(pk.into())),
        ("sk".to_owned(), AttributeValue::S(sk.into())),
    ])
}
