//! The port `Vanishing`: deletions that are held back.

use domain::{
    fault::Kind,
    ports::{Checkpoint, Index, Known, Lookup},
    record::{Object, RecordId},
    removal::{Asked, Asker},
    seal::HashKind,
    tenant::{RunId, Scope},
    vanished::{Answer, Decided, HeldBack, Vanished},
};

use super::{
    backends::World,
    samples::{at, id, keys, progress, record, sealed, which},
    store::{ACCOUNT, all_held, leased},
};

fn run(n: i64) -> RunId {
    RunId::begin(at(n), 1)
}

async fn listed(world: &World, scope: &Scope, object: Object) -> Vec<HeldBack> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let (held, next) = world
            .store
            .held_back(scope, object, after.as_ref(), 10)
            .await
            .unwrap();
        all.extend(held);
        after = next;
        if after.is_none() {
            return all;
        }
    }
}

async fn known(world: &World, scope: &Scope, object: Object, n: u32) -> Known {
    let known = world.store.known(scope, object, &[id(n)]).await.unwrap();
    known.into_iter().next().unwrap().unwrap()
}

fn held(n: u32, run: RunId, vanished: Vanished) -> HeldBack {
    HeldBack {
        id: id(n),
        run,
        vanished,
    }
}

pub(super) async fn a_deletion_is_held_back_once_and_every_reader_of_the_record_sees_it(
    world: &World,
) {
    let scope = leased(world, "held-back").await;
    let store = &world.store;
    let records = (0..60).map(|n| record(&scope, n, b"x", &["C1"])).collect();
    store.put(&scope, ACCOUNT, records).await.unwrap();
    let ids: Vec<RecordId> = (0..45).chain([999]).map(id).collect();
    store
        .hold_back(&scope, ACCOUNT, &run(1), &ids[..30])
        .await
        .unwrap();
    // The later run finds the records of the earlier one, and a record that is not in the copy.
    store
        .hold_back(&scope, ACCOUNT, &run(2), &ids)
        .await
        .unwrap();
    let expected: Vec<HeldBack> = (0..45)
        .map(|n| held(n, run(if n < 30 { 1 } else { 2 }), Vanished::Waiting))
        .collect();
    assert_eq!(listed(world, &scope, ACCOUNT).await, expected);
    assert!(listed(world, &scope, Object::Lead).await.is_empty());
    assert!(store.known(&scope, ACCOUNT, &[id(999)]).await.unwrap()[0].is_none());

    let waiting = Some(Vanished::Waiting);
    assert_eq!(known(world, &scope, ACCOUNT, 3).await.vanished, waiting);
    assert_eq!(known(world, &scope, ACCOUNT, 50).await.vanished, None);
    let copied = store.copied(&scope, &[(ACCOUNT, id(3))]).await.unwrap();
    assert_eq!(copied[0].as_ref().unwrap().known.vanished, waiting);
    let of_held = all_held(store.as_ref(), &scope).await;
    let n_waiting = of_held.iter().filter(|held| held.vanished == waiting);
    assert_eq!((of_held.len(), n_waiting.count()), (60, 45));
    let (scanned, _) = store.scan(&scope, ACCOUNT, None, 5).await.unwrap();
    for copied in &scanned {
        let is_held = (0..45).any(|n| copied.id == id(n));
        assert_eq!(copied.known.vanished.is_some(), is_held, "{}", copied.id);
    }

    // The record is put again without its relations. Its flag stays.
    let mut again = record(&scope, 3, b"x", &[]);
    again.vanished = waiting;
    store.put(&scope, ACCOUNT, vec![again]).await.unwrap();
    assert_eq!(known(world, &scope, ACCOUNT, 3).await.vanished, waiting);
    // The CRM has the record again.
    store.release(&scope, ACCOUNT, &[id(3)]).await.unwrap();
    let live = record(&scope, 3, b"y", &[]);
    store.put(&scope, ACCOUNT, vec![live]).await.unwrap();
    assert_eq!(known(world, &scope, ACCOUNT, 3).await.vanished, None);
    assert_eq!(listed(world, &scope, ACCOUNT).await.len(), 44);
    store.release(&scope, ACCOUNT, &ids).await.unwrap();
    assert!(listed(world, &scope, ACCOUNT).await.is_empty());
}

pub(super) async fn a_record_whose_deletion_waits_has_no_brief_until_it_is_left(world: &World) {
    let scope = leased(world, "held-brief").await;
    let store = &world.store;
    let parent = keys().index.hash(HashKind::Parent, id(1).as_str());
    let task = |n, projection: bool| {
        let mut task = record(&scope, n, b"task", &[]);
        task.lookups.parent = Some(parent);
        task.projection = projection.then(|| sealed(&scope, b"brief"));
        task
    };
    let tasks = vec![task(7, true), task(8, true), task(9, false)];
    let projection = tasks[0].projection.clone();
    store.put(&scope, Object::Task, tasks).await.unwrap();
    let look = Lookup {
        index: Index::Parent,
        hash: parent,
        after: None,
        most: 10,
    };
    let projections = async || {
        let found = store.hits(&scope, std::slice::from_ref(&look)).await;
        let hits = found.unwrap().remove(0).hits;
        hits.into_iter()
            .map(|hit| hit.projection)
            .collect::<Vec<_>>()
    };
    let ids = [id(7), id(9)];
    for _ in 0..2 {
        store
            .hold_back(&scope, Object::Task, &run(1), &ids)
            .await
            .unwrap();
        let projections = projections().await;
        assert!(projections[0].is_none() && projections[1].is_some() && projections[2].is_none());
    }
    let waiting: Vec<HeldBack> = listed(world, &scope, Object::Task).await;
    for _ in 0..2 {
        store.leave(&scope, Object::Task, &waiting).await.unwrap();
        assert!(projections().await[0] == projection);
        let left = listed(world, &scope, Object::Task).await;
        let expected = [7, 9].map(|n| held(n, run(1), Vanished::Left));
        assert_eq!(left, expected);
        let known = known(world, &scope, Object::Task, 7).await;
        assert_eq!(known.vanished, Some(Vanished::Left));
        // A later run that finds them does not change the decision.
        store
            .hold_back(&scope, Object::Task, &run(2), &ids)
            .await
            .unwrap();
    }
}

pub(super) async fn what_was_held_back_goes_with_its_record(world: &World) {
    let scope = leased(world, "held-gone").await;
    let store = &world.store;
    let records = (0..2).map(|n| record(&scope, n, b"x", &["C1"])).collect();
    store.put(&scope, ACCOUNT, records).await.unwrap();
    let ids = [id(0), id(1)];
    store
        .hold_back(&scope, ACCOUNT, &run(1), &ids)
        .await
        .unwrap();
    let seen = known(world, &scope, ACCOUNT, 0).await;
    assert!(store.erase(&scope, ACCOUNT, &id(0), &seen).await.unwrap());
    let left = listed(world, &scope, ACCOUNT).await;
    assert_eq!(left, [held(1, run(1), Vanished::Waiting)]);
    let gone = [(id(1), known(world, &scope, ACCOUNT, 1).await)];
    let step = progress(&scope, 1);
    let step = Checkpoint {
        progress: &step,
        added: 2,
        gone: &gone,
    };
    store.checkpoint(&scope, "me", step).await.unwrap();
    store.release(&scope, ACCOUNT, &[id(1)]).await.unwrap();
    assert!(listed(world, &scope, ACCOUNT).await.is_empty());
    // Holding back the deletion of a record that is gone must not bring it back.
    store
        .hold_back(&scope, ACCOUNT, &run(1), &ids)
        .await
        .unwrap();
    assert!(all_held(store.as_ref(), &scope).await.is_empty());
    assert!(listed(world, &scope, ACCOUNT).await.is_empty());
}

pub(super) async fn an_answer_comes_in_place_of_the_last_one_and_ends_with_the_generation(
    world: &World,
) {
    let scope = leased(world, "held-answer").await;
    let store = &world.store;
    let asked = Asked {
        by: Asker::stored("admin-1").unwrap(),
        at: at(5),
    };
    let decided = |answer| Decided {
        run: run(1),
        answer,
        left_too: false,
        asked: asked.clone(),
    };
    let counts = [(ACCOUNT, 200), (Object::Lead, 0)];
    let order = domain::order::Order::IntegrationConnected(domain::order::IntegrationConnected {
        scope: scope.clone(),
    });
    assert_eq!(store.deletions_decided(&scope).await.unwrap(), None);
    for answer in [Answer::Leave, Answer::Confirm, Answer::Confirm] {
        let decided = decided(answer);
        let noted = store.decide_deletions(&scope, &decided, &counts, &order);
        noted.await.unwrap();
        let there = store.deletions_decided(&scope).await.unwrap();
        assert_eq!(there, Some(decided));
    }
    store.begin_removal(&which(&scope), &asked).await.unwrap();
    let decided = decided(Answer::Leave);
    let fenced = store
        .decide_deletions(&scope, &decided, &counts, &order)
        .await;
    assert_eq!(fenced.unwrap_err().kind(), Kind::Fenced);
    if let Some(clients) = &world.clients {
        assert_audited(clients, &scope).await;
    }
}

/// Asserts that the audit trail says who decided, for which run, and for how many deletions.
async fn assert_audited(clients: &infra::aws::clients::Clients, scope: &Scope) {
    let rows = clients
        .dynamodb
        .query()
        .table_name("ledger")
        .key_condition_expression("pk = :pk AND begins_with(sk, :sk)")
        .expression_attribute_values(
            ":pk",
            aws_sdk_dynamodb::types::AttributeValue::S(format!("T#{}", scope.tenant)),
        )
        .expression_attribute_values(
            ":sk",
            aws_sdk_dynamodb::types::AttributeValue::S("AUDIT#".to_owned()),
        )
        .send()
        .await
        .unwrap();
    let of = |what: &str| {
        let found = rows.items().iter();
        let mut found = found.filter(|row| row["what"].as_s().unwrap() == what);
        found.next().unwrap()
    };
    for what in ["deletions_leave", "deletions_confirm"] {
        let entry = of(what);
        assert_eq!(
            entry["by"].as_s().unwrap(),
            Asker::stored("admin-1").unwrap().as_str()
        );
        assert_eq!(entry["run"].as_s().unwrap(), run(1).as_str());
        assert_eq!(entry["n_Account"].as_n().unwrap(), "200");
    }
}
