//! The ports `Reading` and `Deciding`: indexes, records, relations, decisions.

use domain::{
    fault::Kind,
    integration::Status,
    ports::{
        DecisionsOf, HeldToken, Hits, Index, Lookup, Merged, Related, Relink, StoredDecision,
        StoredRelation,
    },
    record::Object,
    seal::{HashKind, KeyedHash},
    tenant::Scope,
};
use matching::RelationStatus;

use super::{
    backends::World,
    samples::{at, id, integration, keys, record, scope, sealed},
    store::{ACCOUNT, leased},
};

fn company(name: &str) -> KeyedHash {
    keys().index.hash(HashKind::Company, name)
}

fn ask(index: Index, kind: HashKind, value: &str, most: usize) -> Lookup {
    Lookup {
        index,
        hash: keys().index.hash(kind, value),
        after: None,
        most,
    }
}

pub(super) async fn records_are_found_by_each_index(world: &World) {
    let (scope, other) = (scope("indexes"), scope("indexes-2"));
    let store = &world.store;
    let mut child = record(&scope, 9, b"child", &[]);
    child.lookups.email = None;
    child.lookups.domain = None;
    child.lookups.parent = Some(keys().index.hash(HashKind::Parent, id(1).as_str()));
    child.projection = Some(sealed(&scope, b"brief"));
    let projection = child.projection.clone();
    let records = (0..5).map(|n| record(&scope, n, b"x", &["C1"])).collect();
    store.put(&scope, ACCOUNT, records).await.unwrap();
    store.put(&scope, Object::Task, vec![child]).await.unwrap();
    let stranger = record(&other, 7, b"x", &["C1"]);
    store.put(&other, ACCOUNT, vec![stranger]).await.unwrap();

    let asked = [
        ask(Index::Company, HashKind::Company, "C1", 100),
        ask(Index::Company, HashKind::Company, "C2", 100),
        ask(Index::Email, HashKind::Email, "a@b.example", 2),
        ask(Index::Domain, HashKind::Domain, "b.example", 100),
        ask(Index::Parent, HashKind::Parent, id(1).as_str(), 100),
    ];
    let found = store.hits(&scope, &asked).await.unwrap();
    let ids = |hits: &Hits| -> Vec<_> { hits.hits.iter().map(|hit| hit.id.clone()).collect() };
    assert_eq!(ids(&found[0]), (0..5).map(id).collect::<Vec<_>>());
    assert_eq!(
        found[0].hits[0].relation,
        Some((RelationStatus::Automatic, 990))
    );
    assert_eq!(found[0].hits[0].object, ACCOUNT);
    assert!(found[1].hits.is_empty() && found[1].next.is_none());
    assert_eq!(found[3].hits.len(), 5);
    assert_eq!(ids(&found[4]), [id(9)]);
    assert_eq!(found[4].hits[0].object, Object::Task);
    assert!(projection.is_some() && found[4].hits[0].projection == projection);

    let mut all = ids(&found[2]);
    let mut next = found[2].next.clone();
    assert_eq!(all.len(), 2);
    while let Some(after) = next {
        let mut again = asked[2].clone();
        again.after = Some(after);
        let found = store.hits(&scope, &[again]).await.unwrap().remove(0);
        all.extend(ids(&found));
        next = found.next;
    }
    assert_eq!(all, (0..5).map(id).collect::<Vec<_>>());
    // A page that ends where the list ends has no successor.
    let whole = ask(Index::Email, HashKind::Email, "a@b.example", 5);
    let found = store.hits(&scope, &[whole]).await.unwrap().remove(0);
    assert_eq!((found.hits.len(), found.next), (5, None));
}

pub(super) async fn records_are_read_by_key_and_object_by_object(world: &World) {
    let scope = scope("copied");
    let store = &world.store;
    let large = super::copies::nothing_to_compress(2_000_000);
    let records: Vec<_> = (0..120)
        .map(|n| match n {
            5 => record(&scope, n, &large, &["C1"]),
            _ => record(&scope, n, b"x", &["C1"]),
        })
        .collect();
    let sent: Vec<_> = records.iter().map(|record| record.sealed.clone()).collect();
    store.put(&scope, ACCOUNT, records).await.unwrap();
    let asked = [
        (ACCOUNT, id(5)),
        (ACCOUNT, id(999)),
        (ACCOUNT, id(5)),
        (ACCOUNT, id(7)),
    ];
    let found = store.copied(&scope, &asked).await.unwrap();
    assert!(found[1].is_none() && found[0] == found[2] && found[0].is_some());
    let five = found[0].as_ref().unwrap();
    assert!(five.known.large && five.sealed.as_ref() == Some(&sent[5]));
    assert_eq!(five.known.relations, [company("C1")]);
    assert!(found[3].as_ref().unwrap().sealed.as_ref() == Some(&sent[7]));

    let mut all = Vec::new();
    let mut after: Option<HeldToken> = None;
    loop {
        let (copied, next) = store
            .scan(&scope, ACCOUNT, after.as_ref(), 50)
            .await
            .unwrap();
        all.extend(copied);
        after = next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(all.len(), 120);
    let mut ids: Vec<_> = all.iter().map(|copied| copied.id.clone()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 120, "each once");
    assert!(all.iter().all(|copied| copied.sealed.is_some()));
}

pub(super) async fn suggested_relations_are_listed_and_no_others(world: &World) {
    let scope = scope("suggested");
    let store = &world.store;
    let records = (0..40).map(|n| {
        let mut record = record(&scope, n, b"x", &["C1"]);
        if n % 2 == 0 {
            record.relations[0].status = RelationStatus::Suggested;
            record.relations[0].score = 400;
        }
        record
    });
    store.put(&scope, ACCOUNT, records.collect()).await.unwrap();
    let mut all = Vec::new();
    let mut after: Option<HeldToken> = None;
    loop {
        let (found, next) = store.suggested(&scope, after.as_ref(), 3).await.unwrap();
        all.extend(found);
        after = next;
        if after.is_none() {
            break;
        }
    }
    let mut ids: Vec<_> = all.iter().map(|found| found.id.clone()).collect();
    ids.sort();
    assert_eq!(ids, (0..20).map(|n| id(2 * n)).collect::<Vec<_>>());
    let expected = (ACCOUNT, company("C1"), 400);
    assert!(
        all.iter()
            .all(|f| (f.object, f.company, f.score) == expected)
    );
}

fn decision(scope: &Scope, n: u32, verdict: Option<RelationStatus>) -> StoredDecision {
    StoredDecision {
        object: ACCOUNT,
        id: id(n),
        company: company("C2"),
        verdict,
        at: at(5),
        sealed: sealed(scope, b"who"),
    }
}

pub(super) async fn a_decision_changes_relations_and_is_noted(world: &World) {
    let scope = leased(world, "deciding").await;
    let store = &world.store;
    let records = (1..3).map(|n| record(&scope, n, b"x", &["C1"])).collect();
    store.put(&scope, ACCOUNT, records).await.unwrap();
    let seen = store.copied(&scope, &[(ACCOUNT, id(1))]).await.unwrap();
    let seen = seen[0].as_ref().unwrap().known.clone();
    let change = Relink {
        object: ACCOUNT,
        id: id(1),
        seen: seen.clone(),
        relations: vec![StoredRelation {
            company: company("C2"),
            status: RelationStatus::Approved,
            score: 1_000,
            link: Some(sealed(&scope, b"C2")),
        }],
        decision: Some(decision(&scope, 1, Some(RelationStatus::Approved))),
    };
    assert!(store.relink(&scope, &change).await.unwrap());
    assert!(
        !store.relink(&scope, &change).await.unwrap(),
        "it is not as it was seen"
    );

    let places = [
        (ACCOUNT, id(1), company("C1")),
        (ACCOUNT, id(1), company("C2")),
    ];
    let found = store.relations(&scope, &places).await.unwrap();
    let linked = Related {
        status: RelationStatus::Approved,
        score: 1_000,
        link: change.relations[0].link.clone(),
    };
    assert_eq!(found, [None, Some(linked)]);
    let known = store.known(&scope, ACCOUNT, &[id(1)]).await.unwrap();
    assert_eq!(known[0].as_ref().unwrap().relations, [company("C2")]);

    let everything = store.decisions(&scope, DecisionsOf::Everything);
    let noted = [change.decision.clone().unwrap()];
    assert_eq!(everything.await.unwrap(), noted);
    let (one, two) = (id(1), id(2));
    for (of, n) in [
        (DecisionsOf::Object(ACCOUNT), 1),
        (DecisionsOf::Object(Object::Lead), 0),
        (DecisionsOf::Record(ACCOUNT, &one), 1),
        (DecisionsOf::Record(ACCOUNT, &two), 0),
    ] {
        assert_eq!(
            store.decisions(&scope, of).await.unwrap().len(),
            n,
            "{of:?}"
        );
    }

    // The decision is taken back, and no relation is left.
    let back = Relink {
        seen: known[0].clone().unwrap(),
        relations: Vec::new(),
        decision: Some(decision(&scope, 1, None)),
        ..change
    };
    assert!(store.relink(&scope, &back).await.unwrap());
    let known = store.known(&scope, ACCOUNT, &[id(1)]).await.unwrap();
    assert!(known[0].as_ref().unwrap().relations.is_empty());
    let found = store.relations(&scope, &places).await.unwrap();
    assert_eq!(found, [None, None]);
    let noted = store
        .decisions(&scope, DecisionsOf::Everything)
        .await
        .unwrap();
    assert_eq!(noted.len(), 1);
    assert_eq!(noted[0].verdict, None);
}

pub(super) async fn no_decision_is_taken_for_a_generation_that_has_ended(world: &World) {
    let scope = scope("undecided");
    let store = &world.store;
    let mut row = integration(&scope);
    row.status = Status::Removing;
    assert!(store.connect(&row, None).await.unwrap());
    store
        .put(&scope, ACCOUNT, vec![record(&scope, 1, b"x", &[])])
        .await
        .unwrap();
    let known = store.known(&scope, ACCOUNT, &[id(1)]).await.unwrap();
    let change = Relink {
        object: ACCOUNT,
        id: id(1),
        seen: known[0].clone().unwrap(),
        relations: Vec::new(),
        decision: Some(decision(&scope, 1, Some(RelationStatus::Blocked))),
    };
    let fault = store.relink(&scope, &change).await.unwrap_err();
    assert_eq!(fault.kind(), Kind::Fenced);
    let noted = store
        .decisions(&scope, DecisionsOf::Everything)
        .await
        .unwrap();
    assert!(noted.is_empty());
}

pub(super) async fn an_erased_record_leaves_nothing_beside_it(world: &World) {
    let scope = leased(world, "erasing").await;
    let store = &world.store;
    let large = super::copies::nothing_to_compress(1_000_000);
    let records = vec![
        record(&scope, 1, &large, &["C1", "C2"]),
        record(&scope, 2, b"x", &["C1"]),
    ];
    store.put(&scope, ACCOUNT, records).await.unwrap();
    let seen = store.copied(&scope, &[(ACCOUNT, id(1))]).await.unwrap();
    let seen = seen[0].as_ref().unwrap().known.clone();
    let change = Relink {
        object: ACCOUNT,
        id: id(1),
        seen: seen.clone(),
        relations: vec![StoredRelation {
            company: company("C2"),
            status: RelationStatus::Approved,
            score: 1_000,
            link: None,
        }],
        decision: Some(decision(&scope, 1, Some(RelationStatus::Approved))),
    };
    assert!(store.relink(&scope, &change).await.unwrap());
    assert!(
        !store.erase(&scope, ACCOUNT, &id(1), &seen).await.unwrap(),
        "it is not as it was seen"
    );
    let known = store.known(&scope, ACCOUNT, &[id(1)]).await.unwrap();
    let known = known[0].clone().unwrap();
    assert!(store.erase(&scope, ACCOUNT, &id(1), &known).await.unwrap());
    assert!(!store.erase(&scope, ACCOUNT, &id(1), &known).await.unwrap());
    let places = [(ACCOUNT, id(1), company("C2"))];
    assert_eq!(store.relations(&scope, &places).await.unwrap(), [None]);
    let decided = store
        .decisions(&scope, DecisionsOf::Everything)
        .await
        .unwrap();
    assert!(decided.is_empty());
    let left = store
        .copied(&scope, &[(ACCOUNT, id(1)), (ACCOUNT, id(2))])
        .await
        .unwrap();
    assert!(left[0].is_none() && left[1].is_some());
}

pub(super) async fn what_a_record_was_merged_into_is_noted_and_noted_again(world: &World) {
    let scope = leased(world, "merged").await;
    let store = &world.store;
    let merged = |n, survivor| Merged {
        id: id(n),
        survivor: id(survivor),
    };
    let many: Vec<_> = (0..60).map(|n| merged(n, n + 100)).collect();
    for _ in 0..2 {
        store.note_merged(&scope, ACCOUNT, &many).await.unwrap();
    }
    let later = [merged(7, 300)];
    store.note_merged(&scope, ACCOUNT, &later).await.unwrap();
    for (n, expected) in [(7, Some(300)), (59, Some(159)), (60, None)] {
        let found = store.merged_into(&scope, ACCOUNT, &id(n)).await.unwrap();
        assert_eq!(found, expected.map(id), "{n}");
    }
    let other = store.merged_into(&scope, Object::Contact, &id(7)).await;
    assert_eq!(other.unwrap(), None);
}
