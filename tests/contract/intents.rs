//! The port `Intents`.

use domain::{
    fault::Kind,
    integration::{Status, Which},
    ports::{Concluded, DecisionsOf, MAX_MADE, Made, StoredDecision, StoredIntent},
    record::Object,
    removal::{Asked, Asker, Part, What},
    seal::{HashKind, KeyedHash},
    tenant::Scope,
};
use matching::RelationStatus;

use super::{
    backends::World,
    samples::{at, id, integration, keys, record, scope, sealed},
};

fn key(name: &str) -> KeyedHash {
    keys().index.hash(HashKind::Request, name)
}

fn intent(scope: &Scope, name: &str, revision: &str) -> StoredIntent {
    StoredIntent {
        key: key(name),
        digest: keys().index.digest(b"a request"),
        revision: revision.to_owned(),
        holder: "holder".to_owned(),
        until: at(29),
        sealed: sealed(scope, revision.as_bytes()),
    }
}

async fn connected(world: &World, tenant: &str) -> Scope {
    let scope = scope(tenant);
    let new = integration(&scope);
    assert!(world.store.connect(&new, None).await.unwrap());
    scope
}

pub(super) async fn an_intent_is_begun_once_and_moves_on_from_what_was_seen(world: &World) {
    let scope = connected(world, "intents-once").await;
    let store = &world.store;
    assert_eq!(store.intent(&scope, &key("a")).await.unwrap(), None);
    let (first, other) = (intent(&scope, "a", "one-1"), intent(&scope, "a", "two-1"));
    assert!(store.put_intent(&scope, &first, None).await.unwrap());
    assert!(
        store.put_intent(&scope, &first, None).await.unwrap(),
        "again"
    );
    assert!(!store.put_intent(&scope, &other, None).await.unwrap());
    assert_eq!(store.intent(&scope, &key("a")).await.unwrap(), Some(first));

    let next = intent(&scope, "a", "two-2");
    assert!(
        !store
            .put_intent(&scope, &next, Some("two-1"))
            .await
            .unwrap()
    );
    assert!(
        store
            .put_intent(&scope, &next, Some("one-1"))
            .await
            .unwrap()
    );
    store.drop_intent(&scope, &key("a"), "one-1").await.unwrap();
    assert_eq!(store.intent(&scope, &key("a")).await.unwrap(), Some(next));
    store.drop_intent(&scope, &key("a"), "two-2").await.unwrap();
    assert_eq!(store.intent(&scope, &key("a")).await.unwrap(), None);
}

pub(super) async fn what_an_intent_made_comes_into_the_copy_with_its_outcome(world: &World) {
    let scope = connected(world, "intents-made").await;
    let store = &world.store;
    let begun = intent(&scope, "a", "one-1");
    assert!(store.put_intent(&scope, &begun, None).await.unwrap());
    let companies = ["c-1", "c-2", "c-3", "c-4", "c-5", "c-6"];
    let made = |numbers: &[u32]| {
        let made = |n: &u32| Made {
            object: Object::Account,
            record: Some(record(&scope, *n, b"made", &companies)),
            decision: Some(StoredDecision {
                object: Object::Account,
                id: id(*n),
                company: keys().index.hash(HashKind::Company, "c-1"),
                verdict: Some(RelationStatus::Approved),
                at: at(0),
                sealed: sealed(&scope, b"who and which"),
            }),
        };
        numbers.iter().map(made).collect::<Vec<_>>()
    };
    let conclude = |intent: StoredIntent, before: &'static str, made: Vec<Made>| {
        let scope = scope.clone();
        async move {
            let concluded = store.conclude(&scope, &intent, before, &made).await;
            concluded.unwrap()
        }
    };
    let done = || intent(&scope, "a", "one-2");
    // The largest number of records, each with the largest number of relations.
    let last = u32::try_from(MAX_MADE).unwrap();
    let all: Vec<u32> = (1..=last).collect();
    assert_eq!(conclude(done(), "one-1", made(&all)).await, Concluded::Kept);
    assert_eq!(
        conclude(done(), "one-1", made(&all)).await,
        Concluded::Kept,
        "again"
    );
    let known = store
        .known(&scope, Object::Account, &[id(1), id(last), id(last + 1)])
        .await
        .unwrap();
    let relations: Vec<_> = known
        .iter()
        .map(|one| one.as_ref().map(|one| one.relations.len()))
        .collect();
    assert_eq!(relations, [Some(6), Some(6), None]);
    let attributes = DecisionsOf::Record(Object::Account, &id(2));
    let decisions = store.decisions(&scope, attributes).await.unwrap();
    let seen = decisions.iter().map(|one| (&one.id, one.verdict, one.at));
    let approved = Some(RelationStatus::Approved);
    assert_eq!(seen.collect::<Vec<_>>(), [(&id(2), approved, at(0))]);

    // One record is in the copy already. Nothing is stored, and storing the records one by one shows which one it is.
    let more = || intent(&scope, "a", "one-3");
    assert_eq!(
        conclude(more(), "one-2", made(&[30, 1])).await,
        Concluded::Known
    );
    let there = store.intent(&scope, &key("a")).await.unwrap().unwrap();
    assert_eq!(there.revision, "one-2");
    assert_eq!(
        conclude(more(), "one-2", made(&[30])).await,
        Concluded::Kept
    );
    // A decision about a record that a run writes needs no record here.
    let mut decided = made(&[1, 31]);
    for one in &mut decided {
        one.record = None;
    }
    let next = || intent(&scope, "a", "one-4");
    assert_eq!(conclude(next(), "one-3", decided).await, Concluded::Kept);
    let attributes = DecisionsOf::Record(Object::Account, &id(31));
    assert_eq!(store.decisions(&scope, attributes).await.unwrap().len(), 1);

    let late = intent(&scope, "a", "two-9");
    assert_eq!(
        conclude(late, "one-2", made(&[20])).await,
        Concluded::Overtaken
    );
    let known = store
        .known(&scope, Object::Account, &[id(20)])
        .await
        .unwrap();
    assert_eq!(known, [None], "nothing comes in without its outcome");
}

pub(super) async fn a_record_is_the_making_of_one_intent(world: &World) {
    let scope = connected(world, "intents-makers").await;
    let store = &world.store;
    let of = |n: u32| (Object::Lead, id(n));
    let claim = |name: &'static str, records: Vec<(Object, domain::record::RecordId)>| {
        let scope = scope.clone();
        async move {
            store
                .claim_made(&scope, &key(name), &records)
                .await
                .unwrap()
        }
    };
    assert_eq!(claim("a", vec![of(1), of(2)]).await, None);
    assert_eq!(
        claim("a", vec![of(2), of(3)]).await,
        None,
        "again, and more"
    );
    assert_eq!(claim("b", vec![of(4), of(3)]).await, Some(id(3)));
    let makers = store.makers(&scope, &[of(4), of(1), of(3)]).await.unwrap();
    assert_eq!(
        makers,
        [None, Some(key("a")), Some(key("a"))],
        "all or none"
    );
    // What the CRM itself reported replaces an earlier attribution, in any number.
    let said: Vec<_> = (3..205).map(of).collect();
    for _ in 0..2 {
        store.note_made(&scope, &key("b"), &said).await.unwrap();
    }
    let makers = store.makers(&scope, &[of(1), of(3), of(204)]).await;
    let (a, b) = (Some(key("a")), Some(key("b")));
    assert_eq!(makers.unwrap(), [a, b, b]);
    assert_eq!(claim("a", vec![of(3)]).await, Some(id(3)));
}

pub(super) async fn an_intent_of_an_integration_that_is_not_connected_is_fenced(world: &World) {
    let scope = connected(world, "intents-fenced").await;
    let store = &world.store;
    let begun = intent(&scope, "a", "one-1");
    assert!(store.put_intent(&scope, &begun, None).await.unwrap());
    let mut lost = integration(&scope);
    lost.status = Status::NeedsReconnect;
    lost.credentials = sealed(&scope, b"another grant");
    let seen = Some((scope.generation, Status::Connected));
    assert!(store.connect(&lost, seen).await.unwrap());
    let next = intent(&scope, "a", "one-2");
    let made = vec![Made {
        object: Object::Account,
        record: Some(record(&scope, 1, b"made", &[])),
        decision: None,
    }];
    for fault in [
        store
            .put_intent(&scope, &next, Some("one-1"))
            .await
            .unwrap_err(),
        store
            .conclude(&scope, &next, "one-1", &made)
            .await
            .unwrap_err(),
        store
            .claim_made(&scope, &key("a"), &[(Object::Account, id(1))])
            .await
            .unwrap_err(),
        store
            .note_made(&scope, &key("a"), &[(Object::Account, id(1))])
            .await
            .unwrap_err(),
    ] {
        assert_eq!(fault.kind(), Kind::Fenced, "{fault}");
    }
    let known = store
        .known(&scope, Object::Account, &[id(1)])
        .await
        .unwrap();
    assert_eq!(known, [None]);
}

pub(super) async fn a_removal_counts_an_intent_and_what_came_of_it_by_their_kinds(world: &World) {
    let scope = connected(world, "intents-removed").await;
    let store = &world.store;
    let begun = intent(&scope, "a", "one-1");
    assert!(store.put_intent(&scope, &begun, None).await.unwrap());
    let made = Made {
        object: Object::Account,
        record: Some(record(&scope, 1, b"made", &["c-1"])),
        decision: Some(StoredDecision {
            object: Object::Account,
            id: id(1),
            company: keys().index.hash(HashKind::Company, "c-1"),
            verdict: Some(RelationStatus::Approved),
            at: at(0),
            sealed: sealed(&scope, b"who and which"),
        }),
    };
    let done = intent(&scope, "a", "one-2");
    let concluded = store.conclude(&scope, &done, "one-1", &[made]).await;
    assert_eq!(concluded.unwrap(), Concluded::Kept);
    let noted = [(Object::Account, id(1))];
    store.note_made(&scope, &key("a"), &noted).await.unwrap();
    let which = Which {
        tenant: scope.tenant.clone(),
        integration: scope.integration.clone(),
    };
    let asked = Asked {
        by: Asker::stored("u-1").unwrap(),
        at: at(0),
    };
    store.begin_removal(&which, &asked).await.unwrap();
    let found = store.leftovers(&scope, Part::Ledger, 100).await.unwrap();
    let mut kinds: Vec<What> = found.iter().map(|found| found.what).collect();
    kinds.sort();
    // The row tells which intent made the record.
    assert_eq!(kinds, [What::Intent, What::Decision, What::Row]);
}
