//! The port `Store`: records, relations, bodies.

use domain::{
    ports::{Checkpoint, Held, RelationRow, Relink, StoredRelation},
    record::Object,
    seal::HashKind,
    tenant::{Generation, Scope},
};
use matching::RelationStatus;

use super::{
    backends::World,
    samples::{at, id, keys, progress, record, scope},
    store::{ACCOUNT, all_held, leased},
};

pub(super) async fn records_are_known_and_listed(world: &World) {
    let scope = scope("known");
    let store = &world.store;
    let records: Vec<_> = (0..230)
        .map(|n| {
            let mut record = record(&scope, n, b"body", &["C1"]);
            // Every second one belongs to another record.
            let parent = keys().index.hash(HashKind::Parent, id(n / 7).as_str());
            record.lookups.parent = (n % 2 == 0).then_some(parent);
            record
        })
        .collect();
    let expected: Vec<_> = records
        .iter()
        .map(|record| Held {
            id: record.id.clone(),
            modified: record.modified,
            page: record.page,
            astray: None,
            vanished: None,
            parent: record.lookups.parent,
        })
        .collect();
    store.put(&scope, ACCOUNT, records).await.unwrap();
    assert_eq!(all_held(store.as_ref(), &scope).await, expected);
    let ids: Vec<_> = [229, 3, 999, 3].map(id).to_vec();
    let known = store.known(&scope, ACCOUNT, &ids).await.unwrap();
    assert!(known[2].is_none() && known[1] == known[3]);
    let known = known[0].as_ref().unwrap();
    assert_eq!(
        (known.born, known.page, known.modified, known.large),
        (1, 2, at(229), false)
    );
    assert_eq!(known.digest, keys().index.digest(b"body"));
    assert_eq!(
        known.relations,
        [keys().index.hash(HashKind::Company, "C1")]
    );
    let sent = record(&scope, 3, b"body", &[]);
    let back = store
        .record(&scope, ACCOUNT, &id(3))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(back.as_bytes().len(), sent.sealed.as_bytes().len());
    assert!(
        store
            .record(&scope, ACCOUNT, &id(999))
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        store
            .record(&scope, Object::Contact, &id(3))
            .await
            .unwrap()
            .is_none()
    );
}

pub(super) async fn a_record_put_again_loses_the_relations_it_dropped(world: &World) {
    let scope = scope("dropped");
    let store = &world.store;
    let company = |name| keys().index.hash(HashKind::Company, name);
    store
        .put(
            &scope,
            ACCOUNT,
            vec![record(&scope, 1, b"x", &["C1", "C2"])],
        )
        .await
        .unwrap();
    let mut again = record(&scope, 1, b"y", &[]);
    again.relations = vec![StoredRelation {
        company: company("C2"),
        status: RelationStatus::Suggested,
        score: 500,
        link: None,
    }];
    again.dropped = vec![company("C1")];
    store.put(&scope, ACCOUNT, vec![again]).await.unwrap();
    let known = store
        .known(&scope, ACCOUNT, &[id(1)])
        .await
        .unwrap()
        .remove(0)
        .unwrap();
    assert_eq!(known.relations, [company("C2")]);
    assert_eq!(all_held(store.as_ref(), &scope).await.len(), 1);
}

/// Takes a record out and leaves its relations.
async fn take_out_alone(world: &World, scope: &Scope, n: u32) {
    let known = world.store.known(scope, ACCOUNT, &[id(n)]).await.unwrap();
    let mut known = known[0].clone().unwrap();
    known.relations.clear();
    let step = Checkpoint {
        progress: &progress(scope, u64::from(n)),
        added: 0,
        gone: &[(id(n), known)],
    };
    world.store.checkpoint(scope, "me", step).await.unwrap();
}

pub(super) async fn records_are_listed_with_relations_that_are_not_their_own(world: &World) {
    let scope = leased(world, "astray").await;
    let store = &world.store;
    let company = |name| keys().index.hash(HashKind::Company, name);
    let records = (0..200).map(|n| record(&scope, n, b"x", &["C1", "C2"]));
    store.put(&scope, ACCOUNT, records.collect()).await.unwrap();
    assert!(
        all_held(store.as_ref(), &scope)
            .await
            .iter()
            .all(|held| held.astray.is_none())
    );
    // One record lost a relation, one has a relation too many, and one is gone and left its relations.
    let lost = [(id(3), company("C1"))];
    store.drop_orphans(&scope, ACCOUNT, &lost).await.unwrap();
    take_out_alone(world, &scope, 5).await;
    take_out_alone(world, &scope, 7).await;
    let again = vec![record(&scope, 5, b"x", &["C1"])];
    store.put(&scope, ACCOUNT, again).await.unwrap();

    let (mut astray, mut orphans, mut n, mut token) = (Vec::new(), Vec::new(), 0, None);
    loop {
        let listed = store.held(&scope, ACCOUNT, token.as_ref()).await.unwrap();
        n += listed.held.len();
        orphans.extend(listed.orphans);
        for held in listed.held {
            let rows = held.astray.into_iter().flatten();
            astray.extend(rows.map(|row| (held.id.clone(), row)));
        }
        token = listed.next;
        if token.is_none() {
            break;
        }
    }
    let row = |name| RelationRow {
        company: company(name),
        status: RelationStatus::Automatic,
        score: 990,
    };
    astray.sort();
    let mut expected = [(id(3), row("C2")), (id(5), row("C1")), (id(5), row("C2"))];
    expected.sort();
    assert_eq!((n, astray), (199, expected.to_vec()));
    orphans.sort();
    let mut left = [(id(7), company("C1")), (id(7), company("C2"))];
    left.sort();
    assert_eq!(orphans, left);
    store.drop_orphans(&scope, ACCOUNT, &orphans).await.unwrap();
    let places = left.map(|(id, company)| (ACCOUNT, id, company));
    let gone = store.relations(&scope, &places).await.unwrap();
    assert_eq!(gone, [None, None]);
}

pub(super) async fn relations_are_the_record_s_own_wherever_a_page_of_the_list_ends(world: &World) {
    let scope = scope("long-list");
    let store = &world.store;
    // Each partition gets more than a megabyte.
    let body = nothing_to_compress(300_000);
    for from in (0..96).step_by(16) {
        let records = (from..from + 16).map(|n| record(&scope, n, &body, &["C1", "C2", "C3"]));
        store.put(&scope, ACCOUNT, records.collect()).await.unwrap();
    }
    let held = all_held(store.as_ref(), &scope).await;
    assert_eq!(held.len(), 96);
    assert!(held.iter().all(|held| held.astray.is_none()));
}

pub(super) async fn a_decision_leaves_the_record_with_relations_of_its_own(world: &World) {
    let scope = leased(world, "decided").await;
    let store = &world.store;
    let records = vec![record(&scope, 1, b"x", &["C1", "C2"])];
    store.put(&scope, ACCOUNT, records).await.unwrap();
    for companies in [&["C2", "C3"][..], &[]] {
        let known = store.known(&scope, ACCOUNT, &[id(1)]).await.unwrap();
        let change = Relink {
            object: ACCOUNT,
            id: id(1),
            seen: known[0].clone().unwrap(),
            relations: record(&scope, 1, b"x", companies).relations,
            decision: None,
        };
        assert!(store.relink(&scope, &change).await.unwrap());
        let held = all_held(store.as_ref(), &scope).await;
        assert_eq!(held[0].astray, None, "{companies:?}");
    }
}

/// Returns the output of a random number generator, which zstd cannot compress.
pub(super) fn nothing_to_compress(len: usize) -> Vec<u8> {
    std::iter::successors(Some(1_u64), |x| {
        let x = x ^ (x << 13);
        let x = x ^ (x >> 7);
        Some(x ^ (x << 17))
    })
    .flat_map(u64::to_le_bytes)
    .take(len)
    .collect()
}

pub(super) async fn a_body_too_large_for_an_item_comes_back(world: &World) {
    let scope = leased(world, "large").await;
    let store = &world.store;
    let body = nothing_to_compress(2_000_000);
    let large = record(&scope, 1, &body, &[]);
    let sent = large.sealed.clone();
    store.put(&scope, ACCOUNT, vec![large]).await.unwrap();
    assert!(
        store
            .record(&scope, ACCOUNT, &id(1))
            .await
            .unwrap()
            .unwrap()
            == sent
    );
    let known = store
        .known(&scope, ACCOUNT, &[id(1)])
        .await
        .unwrap()
        .remove(0)
        .unwrap();
    assert!(known.large);

    let mut small = record(&scope, 1, b"small", &[]);
    small.was_large = true;
    store.put(&scope, ACCOUNT, vec![small]).await.unwrap();
    let known = store
        .known(&scope, ACCOUNT, &[id(1)])
        .await
        .unwrap()
        .remove(0)
        .unwrap();
    assert!(!known.large);
    let gone = [(id(1), known)];
    let progress = progress(&scope, 1);
    let checkpoint = Checkpoint {
        progress: &progress,
        added: 1,
        gone: &gone,
    };
    store.checkpoint(&scope, "me", checkpoint).await.unwrap();
    assert!(
        store
            .record(&scope, ACCOUNT, &id(1))
            .await
            .unwrap()
            .is_none()
    );
}

pub(super) async fn one_tenants_records_are_not_anothers(world: &World) {
    let (mine, theirs) = (scope("mine"), scope("mine-2"));
    world
        .store
        .put(&mine, ACCOUNT, vec![record(&mine, 1, b"x", &[])])
        .await
        .unwrap();
    assert!(all_held(world.store.as_ref(), &theirs).await.is_empty());
    assert!(
        world
            .store
            .record(&theirs, ACCOUNT, &id(1))
            .await
            .unwrap()
            .is_none()
    );
    let mut next = mine.clone();
    next.generation = Generation(2);
    assert!(all_held(world.store.as_ref(), &next).await.is_empty());
}
