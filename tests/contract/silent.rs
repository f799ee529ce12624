//! The AWS adapters while AWS does not answer. A request is sent again within the caller's time, and its earlier
//! effect is recognised.

use std::time::{Duration, Instant};

use domain::{
    fault::{AwsCode, Code, Kind},
    integration::Status,
    ports::{Grants, Integrations, Leases, Runs, Schedule},
};
use futures::future::join_all;
use infra::aws::patience::Patience;

use super::{
    broken::{Trouble, all_due, trouble_for},
    samples::{at, integration, lease, open_run, progress, report, scope, sealed},
};
use crate::support::proxy::Break;

/// One attempt that times out, a pause, and one that is answered.
const AGAIN: Duration = Duration::from_secs(5);

/// Breaks the next call of an operation, does `work`, and asserts that it ends in time.
async fn soon<T>(
    trouble: &Trouble,
    operation: &str,
    how: Break,
    work: impl Future<Output = T>,
) -> T {
    trouble.proxy.break_calls(operation, 0, 1, how);
    let begun = Instant::now();
    let done = work.await;
    let took = begun.elapsed();
    assert!(took < AGAIN, "{operation}, {how:?}: {took:?}");
    assert_eq!(trouble.proxy.calls(operation), 2, "{operation}, {how:?}");
    done
}

/// Makes the writes of a run and of a renewed grant. Each meets silence once.
async fn walk(patience: Patience, how: Break) {
    let trouble = trouble_for(patience).await;
    let (store, scope) = (&trouble.store, scope("silent"));
    assert!(store.connect(&integration(&scope), None).await.unwrap());
    let due = all_due(store).await.remove(0);
    let run = open_run();

    let claimed = store.claim(&due, &run, at(3600));
    assert!(soon(&trouble, "UpdateItem", how, claimed).await.unwrap());
    let mine = lease("me", 100);
    let taken = store.take_lease(&scope, &mine, at(1));
    let taken = soon(&trouble, "UpdateItem", how, taken).await.unwrap();
    assert_eq!(taken.unwrap().lease, Some(mine));

    let right = store.begin_renewal(&scope, "me", at(1), at(60));
    let right = soon(&trouble, "UpdateItem", how, right).await.unwrap();
    assert!(right.is_some());
    let renewed = sealed(&scope, b"renewed");
    let kept = store.keep_credentials(&scope, "me", &renewed);
    soon(&trouble, "UpdateItem", how, kept).await.unwrap();

    let seen = progress(&scope, 1);
    let step = trouble.checkpoint(&scope, &seen, 10);
    soon(&trouble, "TransactWriteItems", how, step).await;
    let held = soon(&trouble, "Query", how, store.progress(&scope)).await;
    assert_eq!(held.unwrap()[0].held, 10, "counted once");

    let report = report(None);
    let finish = store.finish(&scope, "me", &report, at(9), Status::Connected, &[]);
    soon(&trouble, "TransactWriteItems", how, finish)
        .await
        .unwrap();
    assert_eq!(store.runs(&scope, None, 2).await.unwrap(), [report]);
    let which = super::samples::which(&scope);
    let there = store.integration(&which).await.unwrap().unwrap();
    assert_eq!(there.credentials, renewed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_aws_does_not_answer_is_sent_again_in_time_and_done_once() {
    let walks = [Patience::ANSWER, Patience::SLICE]
        .into_iter()
        .flat_map(|patience| [Break::Silence, Break::Swallow].map(|how| walk(patience, how)));
    join_all(walks).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_aws_that_stays_silent_fails_before_whoever_waits_gives_up() {
    let longest = |patience, within: u64| async move {
        let trouble = trouble_for(patience).await;
        trouble
            .proxy
            .break_calls("GetItem", 0, 1_000, Break::Swallow);
        let begun = Instant::now();
        let which = super::samples::which(&scope("silent"));
        let failed = trouble.store.integration(&which).await.err().unwrap();
        assert_eq!(failed.kind(), Kind::Transient);
        assert!(
            matches!(failed.code(), Code::Aws(_, AwsCode::Timeout)),
            "{failed}"
        );
        let took = begun.elapsed();
        assert!(took < Duration::from_secs(within), "{took:?}");
    };
    // The gateway waits half a minute for an answer, and a slice keeps as much back for its end.
    tokio::join!(longest(Patience::ANSWER, 12), longest(Patience::SLICE, 27));
}
