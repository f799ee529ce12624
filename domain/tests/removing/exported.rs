//! A removal with exports, and a removal between the steps of an export, in every order (see `orders`).

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use domain::{
    export_copy::export,
    ports::{Exports, Removals},
};
use infra::memory::{Faults, Gate, Mode};

use super::{
    orders::{Choices, Race, race, removal},
    *,
};
use crate::exporting::{self, of_export, ordered, small};

/// Calls of a removal whose order relative to an export's calls matters.
const OF_REMOVAL: [&str; 7] = [
    "begin_removal",
    "exports",
    "destroy",
    "pause",
    "leftovers of exports",
    "discard exports",
    "discard ledger",
];
/// Calls of an export whose order relative to a removal's calls matters.
const OF_EXPORT: [&str; 8] = [
    "take_export",
    "open",
    "begin_upload",
    "put_part",
    "note_export",
    "finish_upload",
    "abort_upload",
    "release_export",
];

/// A copy of two records, each of which makes a part of the file.
async fn told(shared: &Shared) -> World {
    let world = World::of(shared.clone(), Ordered, 2).await;
    fill(&world.crm, Account, 2);
    world.pass(HOUR);
    world.run().await;
    world
}

/// Runs one history. Returns the call after which the export was killed, if it came that far.
async fn tell(
    shared: &Shared,
    is_killed: Option<u64>,
    choices: &mut Choices,
) -> Option<&'static str> {
    let world = told(shared).await;
    let due = ordered(&world).await;
    let (gate, of_removal) = (Gate::new(), Gate::new());
    let deadline = world.now().checked_add(SLICE).unwrap();
    let killed = is_killed.map_or(Faults::none(), |n| Faults::at(n, Mode::KilledAfter));
    let killed = killed.and_behind(&gate);
    let ports = killed.wrap(&world.ports);
    let settings = domain::export_copy::ExportLimits { page: 1, ..small() };
    let exporting = async {
        let slice = domain::export_copy::Slice {
            ports: of_export(&ports),
            due: &due,
            holder: "export".to_owned(),
            deadline,
            clock: &|| world.now(),
            settings: &settings,
        };
        killed.until_killed(export(slice)).await;
    };
    let passed = Arc::new(Mutex::new(None));
    race(
        Race {
            theirs: Box::pin(exporting),
            gate: &gate,
            bound: &OF_EXPORT,
            deadline,
            ours: Box::pin(removal(&world, &of_removal, &passed, deadline)),
            of_removal: &of_removal,
            bound_of_removal: &OF_REMOVAL,
            passed: &passed,
        },
        &world,
        choices,
    );
    assert_gone(&world).await;
    killed.broke()
}

/// Runs every history. Returns their number, and the calls after which the export was killed.
async fn explore(is_killed: Option<u64>) -> (u64, BTreeSet<&'static str>) {
    let shared = Shared::new().await;
    let (mut choices, mut n_histories) = (Choices::default(), 0);
    let mut calls = BTreeSet::new();
    loop {
        calls.extend(tell(&shared, is_killed, &mut choices).await);
        n_histories += 1;
        if !choices.again() {
            return (n_histories, calls);
        }
    }
}

#[tokio::test]
async fn an_export_leaves_nothing_behind_whenever_the_removal_comes() {
    let (n_histories, _) = explore(None).await;
    // 5,293 in November 2026.
    assert!(n_histories > 500, "{n_histories}");
}

#[tokio::test]
async fn an_export_that_is_killed_leaves_nothing_behind_whenever_the_removal_comes() {
    // Up to the upload, because nobody aborts the upload of a killed export.
    let mut killed_after = BTreeSet::new();
    for n in 1..=7 {
        killed_after.extend(explore(Some(n)).await.1);
    }
    for call in ["take_export", "begin_upload"] {
        assert!(killed_after.contains(call), "{killed_after:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn exported_files_are_deleted_first_and_counted() {
    let world = exporting::copied(&Shared::new().await).await;
    let due = ordered(&world).await;
    let calm = Faults::none();
    exporting::slice(&world, &due, &calm, &small(), "export")
        .await
        .unwrap()
        .unwrap();
    assert!(world.store.exported(&world.scope, &due.export).is_some());
    let abandoned = world.store.begin_upload(&world.scope, &due.export).await;
    abandoned.unwrap();
    begun(&world).await;
    // The CRM never answers, and KMS does not unwrap. The file in clear is deleted all the same.
    let trouble = Faults::silent("revoke", 1_000);
    let slow = RemovalLimits {
        reserve: SLICE - SignedDuration::from_secs(1),
        ..settings()
    };
    let ended = slice_with(&world, &trouble, &slow, "first").await;
    assert!(
        matches!(ended, Some(Ok(Ended::HandedOver { .. }))),
        "{ended:?}"
    );
    let removal = world.store.removal(&world.scope).await.unwrap().unwrap();
    assert!(removal.keys_destroyed.is_none());
    assert!(world.store.exported(&world.scope, &due.export).is_none());
    let (receipt, _) = finish(&world, Faults::none()).await;
    assert_gone(&world).await;
    let said = &document(&receipt)["deleted"]["pages"];
    assert_eq!(
        (&said["exports"], &said["unfinished_uploads"]),
        (&1.into(), &1.into())
    );
}
