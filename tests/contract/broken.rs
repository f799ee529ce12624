//! The AWS adapters while AWS is in trouble: lost answers, throttles, batches that are accepted in part.

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicU64, Ordering},
};

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    dispatch,
    fault::Kind,
    integration::{Due, Status},
    order::{Order, SyncDue},
    ports::{Checkpoint, Copies, Integrations, Leases, Runs, Schedule},
    progress::Progress,
    tenant::Scope,
};
use infra::aws::{
    AwsStore,
    clients::Clients,
    events::Bus,
    meter::{BATCHED_ITEMS, Meter},
    patience::Patience,
    places,
};

use super::{
    backends,
    samples::{at, id, integration, lease, open_run, progress, record, report, run, scope, sealed},
    store::{ACCOUNT, all_held},
};
use crate::support::{
    aws::config,
    proxy::{Break, Proxy},
};

/// A store whose DynamoDB is behind a proxy.
pub(super) struct Trouble {
    pub(super) store: AwsStore,
    clients: Clients,
    meter: Meter,
    pub(super) proxy: Proxy,
}

async fn trouble() -> Trouble {
    trouble_for(Patience::SLICE).await
}

/// Makes such a store for a caller with this patience.
pub(super) async fn trouble_for(patience: Patience) -> Trouble {
    trouble_with(patience, Meter::default()).await
}

async fn trouble_with(patience: Patience, meter: Meter) -> Trouble {
    let proxy = Proxy::start(&backends::dynoxide().await).await;
    let clients = Clients::new(&config(&proxy.endpoint), patience, &meter);
    backends::make_tables(&clients).await;
    let [ledger, copies, pages] = ["ledger", "copies", "pages"].map(str::to_owned);
    Trouble {
        store: AwsStore::new(clients.clone(), ledger, copies, pages),
        clients,
        meter,
        proxy,
    }
}

impl Trouble {
    /// Loses the answer to the next call of an operation. The call takes effect.
    fn lose(&self, operation: &str) {
        self.proxy.break_calls(operation, 0, 1, Break::LoseAnswer);
    }

    async fn leased(&self) -> Scope {
        let scope = scope("trouble");
        let row = integration(&scope);
        assert!(self.store.connect(&row, None).await.unwrap());
        let lease = lease("me", 100);
        let taken = self.store.take_lease(&scope, &lease, at(1));
        assert!(taken.await.unwrap().is_some());
        scope
    }

    pub(super) async fn checkpoint(&self, scope: &Scope, progress: &Progress, added: i64) {
        let step = Checkpoint {
            progress,
            added,
            gone: &[],
        };
        self.store.checkpoint(scope, "me", step).await.unwrap();
    }

    /// Returns the sort keys of all items in Copies.
    async fn copies(&self) -> BTreeSet<String> {
        let scan = self.clients.dynamodb.scan().table_name("copies");
        let items = scan.send().await.unwrap().items.unwrap();
        items
            .iter()
            .map(|item| item["sk"].as_s().unwrap().clone())
            .collect()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_loses_an_answer_finds_that_it_was_first() {
    let trouble = trouble().await;
    let (store, scope) = (&trouble.store, scope("trouble"));
    // The first PutItem lists the integration among its tenant's. The second writes its row.
    trouble
        .proxy
        .break_calls("PutItem", 1, 1, Break::LoseAnswer);
    assert!(store.connect(&integration(&scope), None).await.unwrap());
    assert_eq!(trouble.proxy.calls("PutItem"), 1 + 2, "the SDK asked again");

    let due = all_due(store).await.remove(0);
    trouble.lose("UpdateItem");
    assert!(store.claim(&due, &open_run(), at(3600)).await.unwrap());

    trouble.lose("UpdateItem");
    let taken = store.take_lease(&scope, &lease("me", 100), at(1)).await;
    assert_eq!(taken.unwrap().unwrap().lease, Some(lease("me", 100)));

    trouble.lose("TransactWriteItems");
    trouble.checkpoint(&scope, &progress(&scope, 1), 10).await;
    assert_eq!(store.progress(&scope).await.unwrap()[0].held, 10);

    trouble.lose("TransactWriteItems");
    let report = report(None);
    let finish = store.finish(&scope, "me", &report, at(9), Status::Connected, &[]);
    finish.await.unwrap();
    assert_eq!(store.runs(&scope, None, 1).await.unwrap(), [report]);
}

pub(super) async fn all_due(store: &AwsStore) -> Vec<Due> {
    dispatch::listed(store, at(0)).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_batch_leaves_unprocessed_is_sent_again() {
    let trouble = trouble().await;
    let scope = trouble.leased().await;
    let how = Break::LeaveUnprocessed;
    trouble.proxy.break_calls("BatchWriteItem", 0, 6, how);
    let records = (0..60).map(|n| record(&scope, n, b"x", &["C1"])).collect();
    trouble.store.put(&scope, ACCOUNT, records).await.unwrap();
    assert_eq!(trouble.copies().await.len(), 120);

    trouble.proxy.break_calls("BatchWriteItem", 0, 1_000, how);
    let records = (0..60).map(|n| record(&scope, n, b"x", &["C1"])).collect();
    let given_up = trouble.store.put(&scope, ACCOUNT, records).await;
    assert_eq!(given_up.unwrap_err().kind(), Kind::Transient);
}

/// Asserts that each record in Copies has all the relations that it was put with.
async fn assert_records_are_whole(trouble: &Trouble, told: &str) {
    let there = trouble.copies().await;
    for key in there.iter().filter(|key| !key.contains('#')) {
        let n_beside = there
            .iter()
            .filter(|other| other.starts_with(&format!("{key}#R#")))
            .count();
        assert_eq!(n_beside, 2, "{told}: {key}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slice_that_is_cut_off_leaves_no_record_without_its_relations() {
    let trouble = trouble().await;
    let scope = trouble.leased().await;
    let records = || (0..60).map(|n| record(&scope, n, b"x", &["C1", "C2"]));
    // 60 records and 120 relations make 8 batches.
    for cut_at in 0..8 {
        trouble
            .proxy
            .break_calls("BatchWriteItem", cut_at, 1_000, Break::Refuse);
        let cut_off = trouble.store.put(&scope, ACCOUNT, records().collect());
        assert_eq!(cut_off.await.unwrap_err().kind(), Kind::Permanent);
        assert_records_are_whole(&trouble, &format!("cut at {cut_at}")).await;
    }
    // A put fails in the end if its batches keep coming back with unprocessed items.
    trouble.proxy.mend();
    let how = Break::LeaveUnprocessed;
    trouble.proxy.break_calls("BatchWriteItem", 3, 1_000, how);
    let others = (100..160).map(|n| record(&scope, n, b"x", &["C1", "C2"]));
    let given_up = trouble.store.put(&scope, ACCOUNT, others.collect()).await;
    assert_eq!(given_up.unwrap_err().kind(), Kind::Transient);
    assert_records_are_whole(&trouble, "in part").await;
    trouble.proxy.mend();
    let before = trouble.meter.counts();
    let put = trouble.store.put(&scope, ACCOUNT, records().collect());
    put.await.unwrap();
    let sent = |name: &str| trouble.meter.counts()[name] - before[name];
    assert_eq!((sent("BatchWriteItem"), sent(BATCHED_ITEMS)), (8, 180));
    assert_records_are_whole(&trouble, "mended").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_put_sends_no_more_batches_than_its_items_fill_and_two() {
    let trouble = trouble().await;
    let scope = trouble.leased().await;
    // The number of records, and which of them have relations.
    for (n, related) in [
        (1, 0..1),
        (30, 0..30),
        (30, 29..30),
        (30, 0..1),
        (70, 20..45),
    ] {
        let related: std::ops::Range<u32> = related;
        let records = (0..n).map(|n| {
            let companies: &[&str] = if related.contains(&n) {
                &["C1", "C2"]
            } else {
                &[]
            };
            record(&scope, n, b"x", companies)
        });
        let before = trouble.meter.counts();
        let count = |name: &str| before.get(name).copied().unwrap_or_default();
        let earlier = (count("BatchWriteItem"), count(BATCHED_ITEMS));
        let put = trouble.store.put(&scope, ACCOUNT, records.collect());
        put.await.unwrap();
        let after = trouble.meter.counts();
        let n_items = u64::from(n) + 2 * related.len() as u64;
        assert_eq!(after[BATCHED_ITEMS] - earlier.1, n_items);
        let n_batches = after["BatchWriteItem"] - earlier.0;
        assert!(
            n_batches <= n_items.div_ceil(25) + 2,
            "{n} {related:?}: {n_batches}"
        );
    }
}

/// Items from before fingerprints existed. Nothing says whether the relations beside them are complete.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_item_without_a_fingerprint_is_listed_as_one_to_look_at() {
    let trouble = trouble().await;
    let scope = trouble.leased().await;
    let records = (0..2).map(|n| record(&scope, n, b"x", &["C1", "C2"]));
    let put = trouble.store.put(&scope, ACCOUNT, records.collect());
    put.await.unwrap();
    let of_before = trouble
        .clients
        .dynamodb
        .update_item()
        .table_name("copies")
        .key(
            "pk",
            AttributeValue::S(places::record_shard(&scope, ACCOUNT, &id(1))),
        )
        .key("sk", AttributeValue::S(id(1).to_string()))
        .update_expression("REMOVE f");
    of_before.send().await.unwrap();
    let held = all_held(&trouble.store, &scope).await;
    let rows = |n: usize| held[n].astray.as_ref().map(Vec::len);
    assert_eq!((rows(0), rows(1)), (None, Some(2)));
}

/// How many throttles the meter of the next test told of.
static THROTTLES: AtomicU64 = AtomicU64::new(0);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_throttle_is_told_of_though_the_request_succeeds_in_the_end() {
    let meter = Meter::telling(|| _ = THROTTLES.fetch_add(1, Ordering::SeqCst));
    let trouble = trouble_with(Patience::SLICE, meter).await;
    let scope = trouble.leased().await;
    let told = |before: u64| THROTTLES.load(Ordering::SeqCst) - before;
    let now = || told(0);
    for (operation, how, n) in [
        ("UpdateItem", Break::Throttle, 2),
        ("BatchWriteItem", Break::LeaveUnprocessed, 1),
        ("UpdateItem", Break::LoseAnswer, 0),
    ] {
        let before = now();
        trouble.proxy.break_calls(operation, 0, n.max(1), how);
        if operation == "UpdateItem" {
            trouble.store.release_lease(&scope, "me").await.unwrap();
        } else {
            let records = (0..5).map(|n| record(&scope, n, b"x", &[])).collect();
            trouble.store.put(&scope, ACCOUNT, records).await.unwrap();
        }
        assert_eq!(told(before), n as u64, "{operation}");
        let lease = lease("me", 100);
        let taken = trouble.store.take_lease(&scope, &lease, at(1));
        assert!(taken.await.unwrap().is_some());
    }
    let before = now();
    trouble.proxy.break_calls("UpdateItem", 0, 1, Break::Refuse);
    assert!(trouble.store.release_lease(&scope, "me").await.is_err());
    assert_eq!(told(before), 0, "a refusal is none");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_throttle_that_does_not_end_is_transient_and_a_refusal_is_lasting() {
    let trouble = trouble().await;
    let scope = trouble.leased().await;
    for operation in ["BatchGetItem", "TransactWriteItems", "UpdateItem"] {
        for (how, kind) in [
            (Break::Throttle, Kind::Transient),
            (Break::Refuse, Kind::Permanent),
        ] {
            trouble.proxy.break_calls(operation, 0, 1_000, how);
            let failed = match operation {
                "BatchGetItem" => trouble.store.known(&scope, ACCOUNT, &[id(1)]).await.err(),
                "UpdateItem" => trouble.store.release_lease(&scope, "me").await.err(),
                _ => {
                    let progress = progress(&scope, 1);
                    let step = Checkpoint {
                        progress: &progress,
                        added: 1,
                        gone: &[],
                    };
                    trouble.store.checkpoint(&scope, "me", step).await.err()
                }
            };
            let failed = failed.unwrap();
            assert_eq!(failed.kind(), kind, "{operation}: {failed}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bucket_in_trouble_is_transient_and_a_refusal_is_lasting() {
    let trouble = trouble().await;
    let scope = trouble.leased().await;
    let page = sealed(&scope, b"a page");
    for (how, kind) in [
        (Break::LoseAnswer, Kind::Transient),
        (Break::Refuse, Kind::Permanent),
    ] {
        trouble.proxy.break_calls("PUT", 0, 1_000, how);
        let run = run();
        let put = trouble
            .store
            .put_page(&scope, ACCOUNT, &run, 1, page.clone());
        assert_eq!(put.await.unwrap_err().kind(), kind);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_that_the_bus_did_not_take_are_sent_again_and_those_it_took_are_not() {
    let trouble = trouble().await;
    let bus = Bus::new(trouble.clients.clone(), "bus".to_owned());
    let order = Order::SyncDue(SyncDue {
        scope: scope("trouble"),
        run: run(),
        slice: 0,
    });
    let how = Break::RefuseEntries;
    // The bus takes one order per call, so three orders need three calls.
    trouble.proxy.break_calls("PutEvents", 0, 1_000, how);
    bus.send(&vec![order.clone(); 3]).await.unwrap();
    assert_eq!(trouble.proxy.calls("PutEvents"), 3);

    trouble.proxy.break_calls("PutEvents", 0, 1_000, how);
    let given_up = bus.send(&vec![order; 10]).await.unwrap_err();
    assert_eq!(given_up.kind(), Kind::Transient);
}
