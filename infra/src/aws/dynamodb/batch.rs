//! Many items at a time. What DynamoDB leaves unprocessed is sent again, after a pause drawn at random.

use aws_sdk_dynamodb::{
    Client,
    types::{AttributeValue, DeleteRequest, KeysAndAttributes, PutRequest, WriteRequest},
};
use domain::fault::{AwsCode, Fault, Outcome};
use futures::{StreamExt, TryStreamExt, stream};

use super::item::Attributes;
use crate::aws::{
    fault::{fault, malformed},
    pause::pause,
};

/// BatchWriteItem takes so many.
const WRITES: usize = 25;
/// BatchGetItem takes so many.
const READS: usize = 100;
/// Requests under way at a time.
const IN_FLIGHT: usize = 8;
/// A status of 100 companies reads up to 1,000 records, side by side.
const READS_IN_FLIGHT: usize = 10;
/// Rounds for what is left unprocessed: the last pause is at most 3.2 s.
const ROUNDS: u32 = 8;

/// An item to put.
pub(super) fn put(item: Attributes) -> Outcome<WriteRequest> {
    let put = PutRequest::builder()
        .set_item(Some(item))
        .build()
        .map_err(|_| malformed("put"))?;
    Ok(WriteRequest::builder().put_request(put).build())
}

/// An item to delete.
pub(super) fn delete(key: Attributes) -> Outcome<WriteRequest> {
    let delete = DeleteRequest::builder()
        .set_key(Some(key))
        .build()
        .map_err(|_| malformed("delete"))?;
    Ok(WriteRequest::builder().delete_request(delete).build())
}

/// Writes in full batches, several under way at a time, in no order. No key may stand in `requests` twice.
pub(super) async fn write(
    client: &Client,
    table: &str,
    requests: Vec<WriteRequest>,
) -> Outcome<()> {
    write_as_made(client, table, requests.into_iter().map(Ok)).await
}

/// As [`write()`]. A request is made when its batch's turn comes, and is gone when that is sent: those of a page's records would
/// be five megabytes.
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

/// Writes what lies beside items, then the items; `beside` says of which item each of its requests is, in the order of the items.
/// No item is sent before all that lies beside it has arrived: an item that is there is whole, wherever the work was cut off.
/// Batches are full but for the last (two, where there are few).
pub(super) async fn write_in_order(
    client: &Client,
    table: &str,
    mut beside: Vec<(usize, WriteRequest)>,
    mut items: impl ExactSizeIterator<Item = Outcome<WriteRequest>>,
) -> Outcome<()> {
    let rest = beside.split_off(beside.len() - beside.len() % WRITES);
    let full = beside.into_iter().map(|(_, request)| request).collect();
    write(client, table, full).await?;
    // What did not fill a batch goes with items that wait for none of it, and those that do come after that.
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

/// Reads items with consistent reads, in no order; keys that are not there are missing from the answer.
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

/// The key of an item.
pub(in crate::aws) fn key(pk: impl Into<String>, sk: impl Into<String>) -> Attributes {
    Attributes::from([
        ("pk".to_owned(), AttributeValue::S(pk.into())),
        ("sk".to_owned(), AttributeValue::S(sk.into())),
    ])
}
