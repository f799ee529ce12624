//! The port `Offboardings`.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::{
    audit::AuditEntry,
    end_tenant,
    fault::Outcome,
    offboarding::{Counted, EndStage, Offboarding, Owned, OwnedRow, TenantReceipt},
    ports::{Store, StoredSuppression, SuppressionKind},
    removal::{Asked, Asker},
    seal::{HashKind, TenantKeys},
    tenant::TenantId,
};
use infra::places;

use super::{
    backends::World,
    samples::{at, integration, scope, sealed, which},
    store::{connected, due_tenants},
};

fn tenant(name: &str) -> TenantId {
    TenantId::parse(name).unwrap()
}

fn asked(second: i64) -> Asked {
    Asked {
        by: Asker::operator(),
        at: at(second),
    }
}

pub(super) async fn an_offboarding_comes_after_what_was_seen_and_is_told_yes_when_repeated(
    world: &World,
) {
    let (store, mine) = (&world.store, tenant("end-state"));
    assert_eq!(store.offboarding(&mine).await.unwrap(), None);
    let begun = Offboarding::begin(asked(1));
    let counted = Offboarding {
        counted: Some(Counted {
            at: at(2),
            rows: BTreeMap::from([(Owned::Objection, 3)]),
            keys: vec!["TENANT#v1".to_owned()],
        }),
        ..begun.clone()
    };
    let ended = Offboarding {
        receipt: Some(TenantReceipt {
            document: "{}".to_owned(),
            signature: vec![1, 2],
            key_id: "a-key".to_owned(),
        }),
        ..counted.clone()
    };
    let put = async |before: Option<&Offboarding>, after: &Offboarding| {
        store.put_offboarding(&mine, before, after).await.unwrap()
    };
    assert!(put(None, &begun).await && put(None, &begun).await);
    assert!(!put(None, &Offboarding::begin(asked(9))).await);
    assert!(!put(Some(&counted), &ended).await);
    assert!(put(Some(&begun), &counted).await && put(Some(&begun), &counted).await);
    assert!(!put(Some(&begun), &ended).await);
    assert!(put(Some(&counted), &ended).await);
    assert_eq!(store.offboarding(&mine).await.unwrap(), Some(ended));
    assert_eq!(store.offboarding(&tenant("end-stat")).await.unwrap(), None);
}

pub(super) async fn an_end_that_is_not_over_is_found_with_its_stage_until_its_receipt(
    world: &World,
) {
    let (store, mine) = (&world.store, tenant("end-open"));
    let found = async || {
        let mut all = store.endings(1_000).await.unwrap();
        assert!(all.is_sorted_by_key(|ending| ending.asked));
        all.retain(|ending| ending.tenant == mine);
        all.pop()
            .map(|ending| (ending.asked, ending.stage, ending.since))
    };
    assert_eq!(found().await, None);
    let begun = Offboarding::begin(asked(5));
    let counted = Offboarding {
        counted: Some(Counted {
            at: at(9),
            rows: BTreeMap::new(),
            keys: Vec::new(),
        }),
        ..begun.clone()
    };
    let ended = Offboarding {
        receipt: Some(TenantReceipt {
            document: "{}".to_owned(),
            signature: vec![1],
            key_id: "a-key".to_owned(),
        }),
        ..counted.clone()
    };
    let steps = [
        (None, &begun, Some((at(5), EndStage::Removing, at(5)))),
        (
            Some(&begun),
            &counted,
            Some((at(5), EndStage::Deleting, at(9))),
        ),
        (Some(&counted), &ended, None),
        // What is there again after the receipt is deleted anew.
        (
            Some(&ended),
            &begun,
            Some((at(5), EndStage::Removing, at(5))),
        ),
    ];
    for (before, after, wanted) in steps {
        assert!(store.put_offboarding(&mine, before, after).await.unwrap());
        assert_eq!(found().await, wanted);
    }
    // It is no integration, and is not among those.
    let due = due_tenants(world, 100).await;
    assert!(due.iter().all(|due| due.scope.tenant != mine));
    let unverified = store.longest_unverified(1_000).await.unwrap();
    assert!(unverified.iter().all(|found| found.scope.tenant != mine));
    assert_eq!(store.endings(1).await.unwrap().len(), 1);
}

pub(super) async fn an_end_of_an_earlier_build_is_found_after_it_is_asked_for_again(world: &World) {
    let (store, mine) = (&world.store, tenant("end-old"));
    let is_found = async || {
        let all = store.endings(1_000).await.unwrap();
        all.iter().any(|ending| ending.tenant == mine)
    };
    let begun = Offboarding::begin(asked(5));
    assert!(store.put_offboarding(&mine, None, &begun).await.unwrap());
    // The memory keeps no list beside its rows, so nothing can be missing there.
    if let Some(clients) = &world.clients {
        clients
            .dynamodb
            .update_item()
            .table_name("ledger")
            .key("pk", AttributeValue::S(places::tenant(&mine)))
            .key("sk", AttributeValue::S(places::OFFBOARDING.to_owned()))
            .update_expression("REMOVE due_bucket, due_at, run_begun")
            .send()
            .await
            .unwrap();
        assert!(!is_found().await);
    }
    let again = end_tenant::begin(&**store, &mine, asked(9)).await.unwrap();
    assert_eq!(again.0, begun);
    assert!(is_found().await);
}

/// Writes what outlives integrations, in both of a tenant's kinds of partitions.
async fn write(world: &World, name: &str, n_entries: i64) {
    let (store, mine) = (&world.store, tenant(name));
    let (scope, _) = connected(world, name).await;
    let (removing, _) = store
        .begin_removal(&which(&scope), &asked(1))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(removing, scope);
    for n in 0..n_entries {
        let by = Asker::operator();
        let entry = AuditEntry::of_request(at(n), by, "test", None, &format!("r-{n}"));
        store.note_request(&mine, &entry).await.unwrap();
    }
    let keys = TenantKeys::from_bytes(&mut [3; 64]).unwrap();
    let mark = StoredSuppression {
        person: keys.index.hash(HashKind::Email, "a@example.com"),
        at: at(1),
        sealed: sealed(&scope, b"a note"),
    };
    let kind = SuppressionKind::Objection;
    store.suppress(&mine, kind, &[mark]).await.unwrap();
    let stated = sealed(&scope, b"we");
    store.put_controller(&mine, &stated).await.unwrap();
}

/// All rows, `most` at a time, each read on from the last.
async fn all(store: &dyn Store, tenant: &TenantId, most: usize) -> Outcome<Vec<OwnedRow>> {
    let mut rows: Vec<OwnedRow> = Vec::new();
    loop {
        let found = store.owned_rows(tenant, rows.last(), most).await?;
        if found.is_empty() {
            return Ok(rows);
        }
        rows.extend(found);
    }
}

fn counts(rows: &[OwnedRow]) -> BTreeMap<Owned, usize> {
    let mut counts = BTreeMap::new();
    for row in rows {
        *counts.entry(row.kind).or_default() += 1;
    }
    // The backends have different rows beside those that mean something.
    counts.remove(&Owned::Other);
    counts
}

pub(super) async fn the_rows_of_a_tenant_are_listed_once_and_swept_and_nothing_of_another(
    world: &World,
) {
    let (store, mine, twin) = (&*world.store, tenant("end-rows"), tenant("end-rows2"));
    write(world, "end-rows", 12).await;
    write(world, "end-rows2", 1).await;
    let state = Offboarding::begin(asked(1));
    assert!(store.put_offboarding(&mine, None, &state).await.unwrap());
    let theirs = all(store, &twin, 5).await.unwrap();
    // The beginning of the removal has an entry, too.
    let counted = BTreeMap::from([
        (Owned::Integration, 1),
        (Owned::Objection, 1),
        (Owned::AuditEntry, 13),
        (Owned::Controller, 1),
    ]);
    let whole = all(store, &mine, 1_000).await.unwrap();
    assert_eq!(counts(&whole), counted);
    for most in [1, 2, 7] {
        assert_eq!(all(store, &mine, most).await.unwrap(), whole, "{most}");
    }
    // Any part may be gone when the next call begins.
    let first = store.owned_rows(&mine, None, 3).await.unwrap();
    store.discard_owned(&mine, &first).await.unwrap();
    store.discard_owned(&mine, &first).await.unwrap();
    let rest = all(store, &mine, 4).await.unwrap();
    assert_eq!(rest, whole[first.len()..]);
    loop {
        let found = store.owned_rows(&mine, None, 4).await.unwrap();
        if found.is_empty() {
            break;
        }
        store.discard_owned(&mine, &found).await.unwrap();
    }
    let (found, next) = store.integrations(&mine, None).await.unwrap();
    assert!(found.is_empty() && next.is_none());
    assert_eq!(store.offboarding(&mine).await.unwrap(), Some(state));
    assert_eq!(all(store, &twin, 5).await.unwrap(), theirs);
    let neighbour = store.integration(&which(&scope("end-rows2"))).await;
    let organisation = neighbour.unwrap().unwrap().organisation;
    assert_eq!(organisation, integration(&scope("end-rows2")).organisation);
}

pub(super) async fn a_tenants_keys_are_destroyed_and_then_never_were(world: &World) {
    let (mine, twin) = (tenant("end-keys"), tenant("end-keys2"));
    let keys = &world.keys;
    keys.destroy_tenant(&mine).await.unwrap();
    let before = keys.tenant(&mine).await.unwrap();
    let theirs = keys.tenant(&twin).await.unwrap();
    assert_eq!(keys.tenant_versions(&mine).await.unwrap(), ["TENANT#v1"]);
    keys.destroy_tenant(&mine).await.unwrap();
    keys.destroy_tenant(&mine).await.unwrap();
    for keys in [keys, &(world.fresh_keys)()] {
        assert!(keys.tenant_versions(&mine).await.unwrap().is_empty());
        assert!(keys.tenant_if_made(&mine).await.unwrap().is_none());
        let there = keys.tenant_if_made(&twin).await.unwrap().unwrap();
        assert_eq!(there.check(), theirs.check());
    }
    let after = keys.tenant(&mine).await.unwrap();
    assert_ne!(after.check(), before.check());
}
