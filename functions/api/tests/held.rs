//! Held-back deletions, viewed and decided through the API.

use std::sync::{Arc, Mutex};

use domain::{
    integration::{Lease, Status},
    order::Order,
    ports::Checkpoint,
    progress::{HeldBackCounts, Progress, RunReport, Summary},
    record::{Object, RecordId},
    seal::Sealed,
    tenant::RunId,
    vanished::Decided,
};
use futures::FutureExt;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::{
    showing::{HERE, get, house, post, scope},
    world::House,
};

fn run(n: u32) -> RunId {
    RunId::begin(Timestamp::from_second(1_763_000_000).unwrap(), n)
}

/// Runs a run that holds back the deletion of the one account, and ends.
async fn held(house: &House) {
    let (store, scope) = (&house.ports.store, scope());
    let now = (house.world.clock)();
    let lease = Lease {
        holder: "me".to_owned(),
        run: run(1),
        deadline: now,
    };
    store.take_lease(&scope, &lease, now).await.unwrap();
    let ids = [RecordId::parse("001A").unwrap()];
    store
        .hold_back(&scope, Object::Account, &run(1), &ids)
        .await
        .unwrap();
    let summary = Summary {
        held_back: HeldBackCounts {
            waiting: 1,
            new: 1,
            run: Some(run(1)),
            since: run(1).begun(),
            ..HeldBackCounts::default()
        },
        ..Summary::default()
    };
    let progress = Progress {
        object: Object::Account,
        run: run(1),
        cursor: Sealed::from_stored(vec![1]),
        held: 1,
        summary: summary.clone(),
    };
    let step = Checkpoint {
        progress: &progress,
        added: 1,
        gone: &[],
    };
    store.checkpoint(&scope, "me", step).await.unwrap();
    for (n, objects) in [(0, Vec::new()), (1, vec![(Object::Account, summary)])] {
        let report = RunReport {
            run: run(n),
            begun: now,
            ended: now,
            objects,
            failure: None,
        };
        store.take_lease(&scope, &lease, now).await.unwrap();
        store
            .finish(&scope, "me", &report, now, Status::Connected, &[])
            .await
            .unwrap();
    }
}

/// Makes a house that keeps what goes to the bus.
async fn heard() -> (House, Arc<Mutex<Vec<Order>>>) {
    let mut house = house().await;
    let sent: Arc<Mutex<Vec<Order>>> = Arc::default();
    let bus = Arc::clone(&sent);
    house.world.send = Box::new(move |orders| {
        bus.lock().unwrap().extend(orders);
        async { Ok(()) }.boxed()
    });
    (house, sent)
}

async fn decide(house: &House, run: &RunId, decision: &str) -> super::world::Answer {
    let body = json!({"run": run, "decision": decision});
    post(house, &format!("{HERE}/held"), body).await
}

#[tokio::test]
async fn what_is_held_back_is_shown_with_ids_and_an_answer_begins_a_run() {
    let (house, sent) = heard().await;
    let nothing = get(&house, &format!("{HERE}/held")).await;
    assert_eq!(
        nothing.body,
        json!({"run": null, "since": null, "objects": [], "decision": null})
    );
    held(&house).await;
    let question = get(&house, &format!("{HERE}/held")).await;
    assert_eq!(question.status, 200);
    assert_eq!(question.body["run"], json!(run(1)));
    assert_eq!(
        question.body["objects"],
        json!([{"object": "Account", "waiting": 1, "left": 0, "sample": ["001A"]}])
    );
    let record = get(&house, &format!("{HERE}/records/Account/001A")).await;
    assert_eq!(
        (record.status, &record.body["type"]),
        (404, &"urn:abgleich:problem:record-vanished".into())
    );
    let shown = get(&house, HERE).await.body;
    assert_eq!(shown["objects"][0]["deletionsWaiting"], 1);
    let done = get(&house, &format!("{HERE}/runs/{}", run(1))).await.body;
    assert_eq!(done["objects"][0]["deletionsHeld"], 1);

    let noted = decide(&house, &run(1), "confirm").await;
    assert_eq!(noted.status, 202, "{}", noted.body);
    assert_eq!(noted.body["decision"]["decision"], "confirm");
    let there: Option<Decided> = house.ports.store.deletions_decided(&scope()).await.unwrap();
    assert_eq!(
        noted.body["decision"]["decidedBy"],
        json!(there.unwrap().asked.by)
    );
    let kinds: Vec<_> = sent
        .lock()
        .unwrap()
        .iter()
        .map(Order::detail_type)
        .collect();
    assert_eq!(kinds, ["DeletionsDecided", "SyncDue"]);
    // The same decision again is no new one. A run is open by now.
    let again = decide(&house, &run(1), "confirm").await;
    assert_eq!((again.status, &again.body), (202, &noted.body));
    let n_decided = sent
        .lock()
        .unwrap()
        .iter()
        .filter(|order| {
            let kind = order.detail_type();
            kind == "DeletionsDecided"
        })
        .count();
    assert_eq!(n_decided, 1);
}

#[tokio::test]
async fn an_answer_that_fits_no_question_is_refused_by_name() {
    let (house, sent) = heard().await;
    let refused = async |run: &RunId, decision| {
        let answer = decide(&house, run, decision).await;
        (answer.status, answer.body["type"].clone())
    };
    let problem = |kind: &str| Value::from(format!("urn:abgleich:problem:{kind}"));
    assert_eq!(refused(&run(9), "leave").await, (404, problem("not-found")));
    held(&house).await;
    assert_eq!(refused(&run(9), "leave").await, (404, problem("not-found")));
    assert_eq!(
        refused(&run(0), "confirm").await,
        (409, problem("held-other-run"))
    );
    assert_eq!(refused(&run(1), "both").await.0, 422);
    let ids = [RecordId::parse("001A").unwrap()];
    let store = &house.ports.store;
    store
        .release(&scope(), Object::Account, &ids)
        .await
        .unwrap();
    assert_eq!(
        refused(&run(1), "confirm").await,
        (409, problem("held-nothing"))
    );
    assert!(sent.lock().unwrap().is_empty());
}
