//! Counts calls of ports, and lets them take time.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use domain::{
    fault::{CrmCode, Fault, Kind, Outcome},
    ports::{Call, Hook},
};
use futures::future::BoxFuture;
use tokio::time::sleep;

/// Counts calls by their names. Clones count together.
#[derive(Clone, Default)]
pub(crate) struct Meter(Arc<Mutex<BTreeMap<&'static str, u64>>>);

impl Meter {
    fn count(&self, method: &'static str) {
        *self.0.lock().unwrap().entry(method).or_default() += 1;
    }

    pub(crate) fn counts(&self) -> BTreeMap<&'static str, u64> {
        self.0.lock().unwrap().clone()
    }
}

/// The calls of slices to their store: counted. What they take is part of the time of a run.
impl Hook for Meter {
    fn around<'a, T: Send + 'a>(
        &'a self,
        call: Call<'a>,
        work: BoxFuture<'a, Outcome<T>>,
    ) -> BoxFuture<'a, Outcome<T>> {
        self.count(call.method);
        work
    }
}

/// The calls of dispatch to the Ledger: counted, and each takes 10 ms.
#[derive(Clone, Default)]
pub(crate) struct Distant(pub(crate) Meter);

impl Hook for Distant {
    fn around<'a, T: Send + 'a>(
        &'a self,
        call: Call<'a>,
        work: BoxFuture<'a, Outcome<T>>,
    ) -> BoxFuture<'a, Outcome<T>> {
        self.0.count(match call.method {
            "claim" => "dispatch: claim",
            "due" => "dispatch: due",
            other => other,
        });
        Box::pin(async move {
            sleep(Duration::from_millis(10)).await;
            work.await
        })
    }
}

/// The calls of one slice to its CRM.
pub(crate) struct Slow {
    /// How long requests for changes take.
    pub(crate) changes: Changes,
    /// Whether no request is answered in time.
    pub(crate) fails: bool,
    /// The slices that have read of a first reading, now and at most.
    pub(crate) reading: Arc<Reading>,
}

/// How long requests for changes take.
pub(crate) enum Changes {
    /// The first one takes this long, the others nothing.
    Once(Duration, AtomicBool),
    /// Each one takes this long. It is a first reading.
    Each(Duration),
}

/// How many slices of first readings read at the same time.
#[derive(Default)]
pub(crate) struct Reading {
    now: AtomicUsize,
    most: AtomicUsize,
    seconds: Mutex<f64>,
}

impl Reading {
    pub(crate) fn most(&self) -> usize {
        self.most.load(Ordering::Relaxed)
    }

    pub(crate) fn seconds(&self) -> f64 {
        *self.seconds.lock().unwrap()
    }

    async fn page(&self, time: Duration) {
        let now = self.now.fetch_add(1, Ordering::Relaxed) + 1;
        self.most.fetch_max(now, Ordering::Relaxed);
        sleep(time).await;
        self.now.fetch_sub(1, Ordering::Relaxed);
        *self.seconds.lock().unwrap() += time.as_secs_f64();
    }
}

impl Hook for Slow {
    fn around<'a, T: Send + 'a>(
        &'a self,
        call: Call<'a>,
        work: BoxFuture<'a, Outcome<T>>,
    ) -> BoxFuture<'a, Outcome<T>> {
        Box::pin(async move {
            if self.fails {
                sleep(Duration::from_secs(5)).await;
                let code = CrmCode::said("timeout");
                return Err(Fault::crm("crm", code).with_kind(Kind::Transient));
            }
            if call.method == "changes" {
                match &self.changes {
                    Changes::Once(time, is_over) => {
                        if !is_over.swap(true, Ordering::Relaxed) {
                            sleep(*time).await;
                        }
                    }
                    Changes::Each(time) => self.reading.page(*time).await,
                }
            }
            work.await
        })
    }
}
