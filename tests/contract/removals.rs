//! The port `Removals`.

use std::collections::BTreeSet;

use domain::{
    dispatch,
    fault::{AwsCode, Code, Kind},
    integration::Status,
    ports::{Copies, Removals},
    progress::Quarantined,
    record::Object,
    removal::{Asked, Asker, Leftover, Part, Removal, SignedReceipt, Stage, What},
    tenant::{Generation, Scope},
    vanished::{Answer, Decided},
};

use infra::aws::AwsStore;

use super::{
    backends::{self, World},
    samples::{at, id, lease, progress, record, report, run, scope, sealed, which},
    store::{ACCOUNT, connected, leased},
};
use crate::support::{
    aws::clients,
    proxy::{Break, Proxy},
    python::Server,
};

pub(super) fn asked(by: &str) -> Asked {
    Asked {
        by: Asker::stored(by).unwrap(),
        at: at(500),
    }
}

async fn removing(world: &World, tenant: &str) -> Scope {
    let scope = leased(world, tenant).await;
    let begun = world
        .store
        .begin_removal(&which(&scope), &asked("u-1"))
        .await
        .unwrap();
    assert_eq!(begun, Some((scope.clone(), Status::Removing)));
    scope
}

pub(super) async fn a_removal_ends_the_generation_and_notes_who_asked(world: &World) {
    let scope = removing(world, "removal-begin").await;
    let row = world
        .store
        .integration(&which(&scope))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (row.status, row.due, row.open_run),
        (Status::Removing, at(500), None)
    );
    assert_eq!(
        row.lease.unwrap().deadline,
        at(100),
        "who may still be writing is noted"
    );
    let fenced = world
        .store
        .take_lease(&scope, &lease("other", 9_000), at(8_000))
        .await
        .err()
        .unwrap();
    assert_eq!(fenced.kind(), Kind::Fenced);
    let step = progress(&scope, 1);
    let step = domain::ports::Checkpoint {
        progress: &step,
        added: 1,
        gone: &[],
    };
    let fenced = world
        .store
        .checkpoint(&scope, "me", step)
        .await
        .err()
        .unwrap();
    assert_eq!(fenced.kind(), Kind::Fenced);

    for (holder, is_left) in [("other", true), ("me", false), ("me", false)] {
        world.store.release_lease(&scope, holder).await.unwrap();
        let row = world.store.integration(&which(&scope)).await.unwrap();
        let lease = row.unwrap().lease;
        assert_eq!(lease.is_some(), is_left, "{holder} gives its own back");
    }

    let again = world
        .store
        .begin_removal(&which(&scope), &asked("u-2"))
        .await
        .unwrap();
    assert_eq!(again, Some((scope.clone(), Status::Removing)));
    let removal = world.store.removal(&scope).await.unwrap().unwrap();
    assert_eq!(removal, Removal::begin(asked("u-1")));
    let mut unknown = which(&scope);
    unknown.tenant = super::samples::scope("removal-unknown").tenant;
    assert_eq!(
        world
            .store
            .begin_removal(&unknown, &asked("u-1"))
            .await
            .unwrap(),
        None
    );
    let due = all_due(world).await;
    assert!(
        due.iter()
            .any(|(found, removing)| *found == scope && *removing)
    );
}

async fn all_due(world: &World) -> Vec<(Scope, bool)> {
    let all = dispatch::listed(&*world.store, at(500)).await.unwrap();
    all.into_iter()
        .map(|due| (due.scope, due.removing))
        .collect()
}

pub(super) async fn a_removal_is_leased_and_noted_by_its_holder_only(world: &World) {
    let scope = removing(world, "removal-lease").await;
    let store = &world.store;
    let take = async |holder: &str, deadline, now| {
        store
            .take_removal(&scope, holder, at(deadline), at(now))
            .await
            .unwrap()
    };
    assert!(take("one", 900, 500).await.is_some());
    assert!(take("one", 900, 500).await.is_some(), "again is harmless");
    assert!(take("two", 950, 510).await.is_none());
    let mut state = Removal::begin(asked("u-1"));
    state.stage = Stage::Sweeping;
    state.count(
        Part::Ledger,
        &[Leftover {
            what: What::Run,
            key: "x".to_owned(),
        }],
    );
    store.note_removal(&scope, "one", &state).await.unwrap();
    assert_eq!(store.removal(&scope).await.unwrap(), Some(state.clone()));
    let fenced = store
        .note_removal(&scope, "two", &state)
        .await
        .err()
        .unwrap();
    assert_eq!(fenced.kind(), Kind::Fenced);
    store.release_removal(&scope, "two").await.unwrap();
    assert!(take("two", 950, 510).await.is_none());
    assert!(
        take("two", 990, 900).await.is_some(),
        "the first one's time is over"
    );
    store.release_removal(&scope, "two").await.unwrap();
    assert!(take("three", 999, 901).await.is_some());
    let never = connected(world, "removal-never").await.0;
    let fenced = store
        .take_removal(&never, "one", at(900), at(500))
        .await
        .err()
        .unwrap();
    assert_eq!(fenced.kind(), Kind::Fenced);
}

/// Writes rows and objects of every kind. The clauses list them by part.
async fn filled(world: &World, scope: &Scope) {
    let store = &world.store;
    let mut state = 1_u64;
    let mut byte = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    let large: Vec<u8> = (0..400_000).map(|_| byte()).collect();
    let records = (0..30)
        .map(|n| record(scope, n, b"x", &["1", "2"]))
        .chain([record(scope, 99, &large, &[])]);
    store.put(scope, ACCOUNT, records.collect()).await.unwrap();
    store
        .put(scope, Object::Task, vec![record(scope, 1, b"t", &[])])
        .await
        .unwrap();
    for page in 0..3 {
        store
            .put_page(scope, ACCOUNT, &run(), page, sealed(scope, b"page"))
            .await
            .unwrap();
    }
    let bad = Quarantined {
        object: ACCOUNT,
        id: Some(id(7)),
        reason: "test".to_owned(),
        page: 1,
    };
    store.quarantine(scope, &run(), &[bad]).await.unwrap();
    store
        .hold_back(scope, ACCOUNT, &run(), &[id(7)])
        .await
        .unwrap();
    let decided = Decided {
        run: run(),
        answer: Answer::Leave,
        left_too: false,
        asked: asked("u-1"),
    };
    let order = domain::order::Order::IntegrationConnected(domain::order::IntegrationConnected {
        scope: scope.clone(),
    });
    store
        .decide_deletions(scope, &decided, &[(ACCOUNT, 1)], &order)
        .await
        .unwrap();
    let step = progress(scope, 1);
    let step = domain::ports::Checkpoint {
        progress: &step,
        added: 1,
        gone: &[],
    };
    store.checkpoint(scope, "me", step).await.unwrap();
    store
        .finish(
            scope,
            "me",
            &report(None),
            at(86_400),
            Status::Connected,
            &[],
        )
        .await
        .unwrap();
}

async fn all_of(world: &World, scope: &Scope, part: Part, most: usize) -> Vec<Leftover> {
    let mut all = Vec::new();
    loop {
        let found = world.store.leftovers(scope, part, most).await.unwrap();
        if found.is_empty() {
            return all;
        }
        world.store.discard(scope, part, &found).await.unwrap();
        // Deleting what is gone already is no fault.
        world.store.discard(scope, part, &found).await.unwrap();
        all.extend(found);
    }
}

pub(super) async fn everything_of_a_generation_is_listed_once_and_swept_and_nothing_of_another(
    world: &World,
) {
    let scope = leased(world, "removal-sweep").await;
    filled(world, &scope).await;
    let neighbours = ["removal-sweep-2", "removal-swee"];
    for tenant in neighbours {
        let neighbour = leased(world, tenant).await;
        filled(world, &neighbour).await;
    }
    let next = Scope {
        generation: Generation(11),
        ..scope.clone()
    };
    world
        .store
        .put(&next, ACCOUNT, vec![record(&next, 1, b"n", &["1"])])
        .await
        .unwrap();
    world
        .store
        .begin_removal(&which(&scope), &asked("u-1"))
        .await
        .unwrap();

    let count = |found: &[Leftover], what| found.iter().filter(|found| found.what == what).count();
    let accounts = all_of(world, &scope, Part::Copies(ACCOUNT), 16).await;
    assert_eq!(
        (
            count(&accounts, What::Record),
            count(&accounts, What::Relation),
            accounts.len()
        ),
        (31, 60, 91)
    );
    let keys: BTreeSet<&String> = accounts.iter().map(|found| &found.key).collect();
    assert_eq!(keys.len(), 91, "each is listed once");
    assert_eq!(
        all_of(world, &scope, Part::Copies(Object::Task), 1)
            .await
            .len(),
        1
    );
    assert_eq!(
        all_of(world, &scope, Part::Copies(Object::Lead), 1)
            .await
            .len(),
        0
    );
    let pages = all_of(world, &scope, Part::Pages, 2).await;
    assert_eq!(
        (
            count(&pages, What::Page),
            count(&pages, What::Body),
            pages.len()
        ),
        (3, 1, 4)
    );
    let ledger = all_of(world, &scope, Part::Ledger, 1).await;
    let kinds = [What::Progress, What::Run, What::Quarantine, What::Row];
    let counts = kinds.map(|what| count(&ledger, what));
    assert_eq!((counts, ledger.len()), ([1, 1, 1, 2], 5));
    assert!(
        world.store.removal(&scope).await.unwrap().is_some(),
        "its own row stays"
    );
    assert_eq!(
        world.store.known(&scope, ACCOUNT, &[id(1)]).await.unwrap(),
        [None]
    );

    for tenant in neighbours {
        let neighbour = super::samples::scope(tenant);
        for (part, n) in [
            (Part::Copies(ACCOUNT), 91),
            (Part::Pages, 4),
            (Part::Ledger, 5),
        ] {
            assert_eq!(
                all_of(world, &neighbour, part, 1_000).await.len(),
                n,
                "{tenant} {part:?}"
            );
        }
    }
    assert_eq!(
        all_of(world, &next, Part::Copies(ACCOUNT), 9).await.len(),
        2
    );
}

fn receipt(scope: &Scope, number: u64, document: &str) -> SignedReceipt {
    SignedReceipt {
        scope: scope.clone(),
        number,
        document: document.to_owned(),
        signature: vec![1, 2],
        key_id: "k".to_owned(),
    }
}

pub(super) async fn a_removal_is_closed_once_and_its_receipt_becomes_the_last(world: &World) {
    let scope = removing(world, "removal-close").await;
    let store = &world.store;
    store.drop_credentials(&scope).await.unwrap();
    store.drop_credentials(&scope).await.unwrap();
    let row = store.integration(&which(&scope)).await.unwrap().unwrap();
    assert!(row.credentials.as_bytes().is_empty());
    let (first, second) = (
        receipt(&scope, 1, "{\"a\":1}"),
        receipt(&scope, 2, "{\"a\":2}"),
    );
    let mut done = Removal::begin(asked("u-1"));
    done.stage = Stage::Done;
    let fenced = store
        .close_removal("me", &done, &first, None, at(900))
        .await
        .err()
        .unwrap();
    assert_eq!(fenced.kind(), Kind::Fenced, "without a lease");
    store
        .take_removal(&scope, "me", at(900), at(500))
        .await
        .unwrap()
        .unwrap();
    let stale = second.head();
    assert!(
        !store
            .close_removal("me", &done, &first, Some(&stale), at(900))
            .await
            .unwrap()
    );
    assert_eq!(store.last_receipt(&scope.tenant).await.unwrap(), None);
    assert!(
        store
            .close_removal("me", &done, &first, None, at(900))
            .await
            .unwrap()
    );

    assert_eq!(
        store.last_receipt(&scope.tenant).await.unwrap(),
        Some(first.head())
    );
    assert_eq!(store.receipt(&scope).await.unwrap(), Some(first.clone()));
    assert_eq!(store.receipts(&scope.tenant).await.unwrap(), [first]);
    assert_eq!(store.removal(&scope).await.unwrap(), Some(done.clone()));
    let row = store.integration(&which(&scope)).await.unwrap().unwrap();
    assert_eq!((row.status, row.lease), (Status::Removed, None));
    assert!(
        !all_due(world)
            .await
            .iter()
            .any(|(found, _)| *found == scope)
    );
    for fenced in [
        store
            .take_removal(&scope, "me", at(990), at(950))
            .await
            .err(),
        store
            .close_removal("me", &done, &second, Some(&stale), at(950))
            .await
            .err(),
        store.note_removal(&scope, "me", &done).await.err(),
    ] {
        assert_eq!(fenced.unwrap().kind(), Kind::Fenced);
    }
    let begun = store
        .begin_removal(&which(&scope), &asked("u-9"))
        .await
        .unwrap();
    assert_eq!(begun, Some((scope.clone(), Status::Removed)));
    let again = super::samples::integration(&Scope {
        generation: Generation(2),
        ..scope.clone()
    });
    assert!(
        store
            .connect(&again, Some((Generation(1), Status::Removed)))
            .await
            .unwrap()
    );
}

pub(super) async fn versions_of_keys_are_listed_until_they_are_destroyed(world: &World) {
    let scope = scope("removal-keys");
    assert!(world.keys.versions(&scope).await.unwrap().is_empty());
    world.keys.create(&scope).await.unwrap();
    assert_eq!(world.keys.versions(&scope).await.unwrap(), ["g1#v1"]);
    world.keys.destroy(&scope).await.unwrap();
    assert!(world.keys.versions(&scope).await.unwrap().is_empty());
}

/// S3 answers 200 and names the objects that it did not delete.
pub(super) async fn objects_that_were_not_deleted_are_tried_again_and_told_of() {
    let moto = Server::start("removal-objects", "moto");
    let proxy = Proxy::start(&moto.endpoint).await;
    let clients = clients(&backends::dynoxide().await, &proxy.endpoint);
    backends::make_tables(&clients).await;
    backends::make_bucket(&clients).await;
    let [ledger, copies, pages] = ["ledger", "copies", "pages"].map(str::to_owned);
    let store = AwsStore::new(clients, ledger, copies, pages);
    let scope = scope("removal-objects");
    for page in 0..3 {
        let (run, sealed) = (run(), sealed(&scope, b"page"));
        let put = store.put_page(&scope, ACCOUNT, &run, page, sealed);
        put.await.unwrap();
    }
    let found = store.leftovers(&scope, Part::Pages, 10).await.unwrap();
    assert_eq!(found.len(), 3);
    for (code, n, kind) in [
        ("InternalError", 1_000, Kind::Transient),
        ("AccessDenied", 1, Kind::Permanent),
    ] {
        proxy.break_calls("POST", 0, n, Break::RefuseObjects(code));
        let fault = store
            .discard(&scope, Part::Pages, &found)
            .await
            .unwrap_err();
        assert_eq!(fault.kind(), kind, "{fault}");
        assert_eq!(
            *fault.code(),
            Code::Aws("objects_delete".into(), AwsCode::said(code))
        );
        let still = store.leftovers(&scope, Part::Pages, 10).await.unwrap();
        assert_eq!(still, found);
    }
    proxy.break_calls("POST", 0, 2, Break::RefuseObjects("SlowDown"));
    store.discard(&scope, Part::Pages, &found).await.unwrap();
    assert_eq!(proxy.calls("POST"), 3, "twice refused, and tried again");
    assert!(
        store
            .leftovers(&scope, Part::Pages, 10)
            .await
            .unwrap()
            .is_empty()
    );
}
