//! Files that take several invocations.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicI64, Ordering},
};

use super::*;

/// What outlives an invocation.
#[derive(Default)]
struct Outside {
    table: Table,
    stored: Mutex<BTreeMap<String, Vec<u8>>>,
    sent: Mutex<Vec<Order>>,
    fetched: Mutex<Vec<File>>,
}

fn content(n: usize) -> String {
    let rows = (0..n).map(|n| format!("{n},Werk {n} GmbH,10115,Berlin,werk{n}.de\n"));
    format!("id,name,zip,city,domain\n{}", rows.collect::<String>())
}

impl Outside {
    /// One invocation, in which the clock can be read `n_looks` times.
    async fn invoke(&self, event: &Value, n_looks: i64, fetched: Outcome<&str>) -> Outcome<Done> {
        let file = File::all(event, "reference")?.remove(0);
        let now = AtomicI64::new(0);
        let at = |second| Timestamp::from_second(second).unwrap();
        let given = ImportContext {
            companies: &self.table,
            fetch: &|file| {
                self.fetched.lock().unwrap().push(file.clone());
                let local = fetched.clone().map(|content| {
                    let mut local = Local::of(content.as_bytes()).unwrap();
                    local.etag = Some("etag".to_owned());
                    local
                });
                async move { local }.boxed()
            },
            get: &|key| {
                let found = self.stored.lock().unwrap().get(&key).cloned();
                async move { found.ok_or_else(|| Fault::of(Code::ReferenceGet)) }.boxed()
            },
            put: &|key, json| {
                self.stored.lock().unwrap().insert(key, json);
                async { Ok(()) }.boxed()
            },
            send: &|orders| {
                self.sent.lock().unwrap().extend(orders);
                async { Ok(()) }.boxed()
            },
            clock: &|| at(now.fetch_add(1, Ordering::Relaxed)),
            deadline: at(60 + n_looks),
            limits: Limits {
                memory: 100_000,
                ..Limits::default()
            },
        };
        take_in(&given, &file).await
    }

    /// Returns the last order as the bus delivers it.
    fn ordered(&self) -> Value {
        let sent = self.sent.lock().unwrap();
        let order = sent.last().unwrap();
        json!({"source": "abgleich", "detail-type": order.detail_type(), "detail": order.detail().unwrap()})
    }

    fn report(&self, key: &str) -> Option<Value> {
        let stored = self.stored.lock().unwrap();
        Some(serde_json::from_slice(stored.get(key)?).unwrap())
    }
}

#[tokio::test]
async fn a_file_too_large_for_one_invocation_is_handed_over_until_it_is_published() {
    let (outside, text) = (Outside::default(), content(100));
    let mut event = notification("incoming/large.csv", "1");
    let mut n = 0;
    let done = loop {
        n += 1;
        let done = outside.invoke(&event, 100, Ok(&text)).await.unwrap();
        if done.result.is_some() {
            break done;
        }
        assert_eq!(outside.sent.lock().unwrap().len(), n, "one order for each");
        assert_eq!(outside.table.published().await, None);
        assert_eq!(
            outside.report(&done.report),
            None,
            "a report comes at the end"
        );
        event = outside.ordered();
        // What was handed over once may come twice.
        if n == 2 {
            let again = outside.invoke(&event, 100, Ok(&text)).await.unwrap();
            assert_eq!(again.result, None);
            assert_eq!(outside.ordered()["detail"]["slice"], n + 1);
            outside.sent.lock().unwrap().pop();
        }
    };
    assert!(n > 3, "{n}");
    assert_eq!(done.result, Some(Verdict::Published));
    let report = outside.report(&done.report).unwrap();
    assert_eq!(report["report"]["rows"]["n_accepted"], 100);
    assert_eq!(report["report"]["companies_added"], 100);
    let edition = outside.table.published().await.unwrap();
    assert_eq!(report["report"]["version"], edition.version.0);
    let fetched = outside.fetched.lock().unwrap();
    assert_eq!(fetched[0].etag, None, "the first one takes what it finds");
    assert!(
        fetched[1..]
            .iter()
            .all(|file| file.etag.as_deref() == Some("etag"))
    );
}

#[tokio::test]
async fn an_import_whose_file_was_replaced_meanwhile_ends_and_publishes_nothing() {
    let (outside, text) = (Outside::default(), content(100));
    let event = notification("incoming/large.csv", "1");
    let done = outside.invoke(&event, 100, Ok(&text)).await.unwrap();
    assert_eq!(done.result, None);
    let changed = Err(Fault::of(Code::FileChanged));
    let done = outside
        .invoke(&outside.ordered(), 100, changed)
        .await
        .unwrap();
    assert_eq!(done.result, Some(Verdict::Refused));
    let report = outside.report(&done.report).unwrap();
    assert_eq!(report["report"]["problem"]["code"], "import.overtaken");
    assert_eq!(outside.table.published().await, None);
}

#[tokio::test]
async fn a_place_that_cannot_be_read_is_a_fault_and_its_order_may_be_repeated() {
    let (outside, text) = (Outside::default(), content(100));
    let event = notification("incoming/large.csv", "1");
    outside.invoke(&event, 100, Ok(&text)).await.unwrap();
    let kept = std::mem::take(&mut *outside.stored.lock().unwrap());
    let fault = outside.invoke(&outside.ordered(), 100, Ok(&text)).await;
    assert_eq!(*fault.unwrap_err().code(), Code::ReferenceGet);
    *outside.stored.lock().unwrap() = kept;
    let done = outside
        .invoke(&outside.ordered(), 1_000_000, Ok(&text))
        .await
        .unwrap();
    assert_eq!(done.result, Some(Verdict::Published));
}
