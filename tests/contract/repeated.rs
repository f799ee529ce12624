//! The port `Store`: a repeated call takes effect once, and what is taken out is gone.

use domain::{
    ports::{Checkpoint, Known},
    progress::Progress,
    record::RecordId,
    tenant::Scope,
};

use super::{
    backends::World,
    samples::{at, id, open_run, progress, record},
    store::{ACCOUNT, all_held, connected, due_tenants, leased},
};

async fn checkpoint(
    world: &World,
    scope: &Scope,
    progress: &Progress,
    added: i64,
    gone: &[(RecordId, Known)],
) {
    let step = Checkpoint {
        progress,
        added,
        gone,
    };
    world.store.checkpoint(scope, "me", step).await.unwrap();
}

async fn known(world: &World, scope: &Scope, n: u32) -> Option<Known> {
    let ids = [id(n)];
    let mut known = world.store.known(scope, ACCOUNT, &ids).await.unwrap();
    known.remove(0)
}

pub(super) async fn a_checkpoint_that_is_asked_for_twice_counts_once(world: &World) {
    let scope = leased(world, "checkpoint-twice").await;
    let (first, second) = (progress(&scope, 1), progress(&scope, 2));
    checkpoint(world, &scope, &first, 10, &[]).await;
    checkpoint(world, &scope, &first, 10, &[]).await;
    assert_eq!(world.store.progress(&scope).await.unwrap()[0].held, 10);
    checkpoint(world, &scope, &second, 5, &[]).await;
    checkpoint(world, &scope, &second, 5, &[]).await;
    assert_eq!(world.store.progress(&scope).await.unwrap()[0].held, 15);
}

pub(super) async fn a_claim_that_resumes_a_run_is_told_apart_from_anothers(world: &World) {
    let (scope, _) = connected(world, "claim-resumed").await;
    let found = due_tenants(world, 0).await;
    let seen = found.iter().find(|due| due.scope == scope).unwrap();
    assert!(world.store.claim(seen, &open_run(), at(100)).await.unwrap());

    let found = due_tenants(world, 100).await;
    let seen = found.iter().find(|due| due.scope == scope).unwrap();
    assert!(world.store.claim(seen, &open_run(), at(200)).await.unwrap());
    // Another dispatch saw the same due time and comes too late, with the same run.
    assert!(!world.store.claim(seen, &open_run(), at(201)).await.unwrap());
    // The first dispatch repeats its claim, since the answer was lost.
    assert!(world.store.claim(seen, &open_run(), at(200)).await.unwrap());
}

pub(super) async fn records_put_twice_are_there_once(world: &World) {
    let scope = leased(world, "put-twice").await;
    for _ in 0..2 {
        let records = (0..60)
            .map(|n| record(&scope, n, b"x", &["C1", "C2"]))
            .collect();
        world.store.put(&scope, ACCOUNT, records).await.unwrap();
    }
    assert_eq!(all_held(world.store.as_ref(), &scope).await.len(), 60);
    assert_eq!(known(world, &scope, 59).await.unwrap().relations.len(), 2);
}

pub(super) async fn a_body_that_was_large_is_gone_with_its_record(world: &World) {
    let scope = leased(world, "large-gone").await;
    // Half a megabyte that cannot be compressed.
    let mut state = 1_u64;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        u8::try_from(state >> 56).unwrap()
    })
    .take(500_000)
    .collect();
    let records = vec![record(&scope, 1, &noise, &["C1"])];
    world.store.put(&scope, ACCOUNT, records).await.unwrap();
    let there = known(world, &scope, 1).await.unwrap();
    assert!(there.large);
    checkpoint(world, &scope, &progress(&scope, 1), 1, &[(id(1), there)]).await;
    assert!(known(world, &scope, 1).await.is_none());

    // The record is put again with a small body. The old body must not show.
    let records = vec![record(&scope, 1, b"small", &[])];
    world.store.put(&scope, ACCOUNT, records).await.unwrap();
    let body = world.store.record(&scope, ACCOUNT, &id(1)).await.unwrap();
    assert!(body.unwrap().as_bytes().len() < 1_000);
}
