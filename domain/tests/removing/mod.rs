//! Removals of a tenant's integration, in a store with data of others.
//!
//! * `ends`: what is deleted, what is left, and what the receipt says.
//! * `trouble`: temporary and permanent trouble of the other side.
//! * `offboarding`: the end of a tenant.
//! * `broken`: every call broken in turn, in every way.
//! * `interleaved`, `exported`: a removal between the steps of a sync, and of an export, in every order (`orders`).

mod broken;
mod ends;
mod exported;
mod interleaved;
mod offboarding;
mod orders;
mod trouble;

use std::sync::atomic::Ordering;

use domain::{
    fault::Outcome,
    integration::{Credentials, Grant, Integration, Provider, Status, Which},
    ports::{Copies, Integrations, Keys, Leases, Lookups, Signed, StoredRecord, StoredRelation},
    progress::Quarantined,
    record::Object::{Account, Contact, Lead},
    removal::{Asked, Asker, SignedReceipt},
    remove_integration::{Begun, Ended, RemovalLimits, Slice, begin, remove},
    seal::{HashKind, Place, Room, Sealer},
    tenant::{Generation, IntegrationId, RunId, Scope, TenantId},
};
use futures::FutureExt;
use infra::memory::{Faults, Pages::Ordered};
use jiff::SignedDuration;
use matching::RelationStatus;

use crate::world::{HOUR, MINUTE, Shared, World, fill, id, integration, scope, write};

/// The time limit of a slice.
const SLICE: SignedDuration = SignedDuration::from_mins(15);

fn which(scope: &Scope) -> Which {
    Which {
        tenant: scope.tenant.clone(),
        integration: scope.integration.clone(),
    }
}

fn asked(world: &World) -> Asked {
    Asked {
        by: Asker::stored("user-7").unwrap(),
        at: world.now(),
    }
}

fn settings() -> RemovalLimits {
    RemovalLimits {
        deletes_per_second: 100_000,
        ..RemovalLimits::default()
    }
}

/// A synced copy: records with relations, a record that could not be kept, a changed one, a large one, and reports of two runs, in
/// a store that also has data of neighbours with similar names.
async fn copied(shared: &Shared) -> World {
    let world = World::of(shared.clone(), Ordered, 3).await;
    fill(&world.crm, Account, 6);
    fill(&world.crm, Contact, 4);
    fill(&world.crm, Lead, 1);
    world.crm.spoil(Contact, &id(3));
    world.crm.put(
        Account,
        &id(9),
        &[("Name", "Groß"), ("Note", &noise(500_000))],
    );
    world.pass(HOUR);
    world.run().await;
    write(&world.crm, Account, 1, "changed");
    world.next_run().await;
    for scope in neighbours() {
        settle(&world, &scope).await;
    }
    world
}

/// Text that hardly compresses: 6 bits per letter.
fn noise(n: usize) -> String {
    let mut state = 1_u64;
    let mut letter = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        char::from(b'0' + u8::try_from(state >> 58).unwrap())
    };
    (0..n).map(|_| letter()).collect()
}

/// Scopes that could be confused with this one: tenants and integrations with the same prefix, and a later generation of its own.
fn neighbours() -> [Scope; 4] {
    [
        ("acme", "crm-11", 1),
        ("acme-1", "crm-1", 1),
        ("acme2", "crm-1", 1),
        ("acme", "crm-1", 11),
    ]
    .map(|(tenant, integration, generation)| Scope {
        tenant: TenantId::parse(tenant).unwrap(),
        integration: IntegrationId::parse(integration).unwrap(),
        generation: Generation(generation),
    })
}

/// Stores a row of every kind for a neighbour.
async fn settle(world: &World, scope: &Scope) {
    let keys = world.keys.create(scope).await.unwrap();
    if scope.generation == Generation(1) {
        let row = integration(&world.keys, scope).await;
        assert!(world.store.connect(&row, None).await.unwrap());
    }
    let seal = |key: &str| {
        let place = Place::within(scope, Room::CopyRecord, "Account", key);
        Sealer::new(&keys.sealing, 1)
            .unwrap()
            .seal(&place, b"{}")
            .unwrap()
    };
    let run = RunId::begin(world.now(), 1);
    let company = keys.index.hash(HashKind::Company, "1");
    for n in 0..3 {
        let record = StoredRecord {
            id: id(n),
            modified: world.now(),
            digest: keys.index.digest(b"{}"),
            born: 0,
            page: 0,
            sealed: seal(id(n).as_str()),
            projection: None,
            lookups: Lookups::default(),
            relations: vec![StoredRelation {
                company,
                status: RelationStatus::Automatic,
                score: 990,
                link: None,
            }],
            dropped: Vec::new(),
            was_large: false,
            vanished: None,
        };
        world.store.put(scope, Account, vec![record]).await.unwrap();
        world
            .store
            .put_page(scope, Account, &run, n as u64, seal("page"))
            .await
            .unwrap();
    }
    let bad = Quarantined {
        object: Account,
        id: Some(id(8)),
        reason: "test".to_owned(),
        page: 0,
    };
    world.store.quarantine(scope, &run, &[bad]).await.unwrap();
}

/// All stored bytes of the neighbours.
fn of_neighbours(world: &World) -> Vec<(String, Vec<u8>)> {
    let places = neighbours().map(|scope| scope.to_string());
    let is_theirs = |place: &str| {
        places.iter().any(|theirs| {
            place.split_once(' ').is_some_and(|(_, rest)| {
                rest == theirs
                    || rest
                        .strip_prefix(theirs.as_str())
                        .is_some_and(|rest| rest.starts_with('/'))
            })
        })
    };
    world
        .store
        .raw()
        .into_iter()
        .filter(|(place, _)| is_theirs(place))
        .collect()
}

/// The stored entries of the integration itself, by kind and place.
fn of_ours(world: &World) -> Vec<String> {
    let ours = world.scope.to_string();
    let is_ours = |place: &str| {
        place.split_once(' ').is_some_and(|(_, rest)| {
            rest == ours
                || rest
                    .strip_prefix(ours.as_str())
                    .is_some_and(|rest| rest.starts_with('/'))
        })
    };
    world
        .store
        .raw()
        .into_iter()
        .map(|(place, _)| place)
        .filter(|place| is_ours(place))
        .collect()
}

/// Asserts that only the integration's row without its grant, the removal's row and the receipt are left.
async fn assert_gone(world: &World) {
    let scope = world.scope.to_string();
    let left = of_ours(world);
    let may: Vec<String> = ["integration", "credentials", "removal", "receipt"]
        .map(|kind| format!("{kind} {scope}"))
        .into();
    assert_eq!(left, may);
    assert!(!world.keys.scopes().contains(&world.scope));
    let row = row(world).await;
    assert_eq!(row.status, Status::Removed);
    assert!(row.credentials.as_bytes().is_empty() && row.lease.is_none() && row.open_run.is_none());
}

async fn row(world: &World) -> Integration {
    world
        .store
        .integration(&which(&world.scope))
        .await
        .unwrap()
        .unwrap()
}

async fn begun(world: &World) {
    let begun = begin(&world.store, &which(&world.scope), &asked(world))
        .await
        .unwrap();
    assert!(matches!(begun, Begun::Removing { .. }), "{begun:?}");
}

/// One slice. `None` if its process was killed.
async fn slice_with(
    world: &World,
    faults: &Faults,
    settings: &RemovalLimits,
    holder: &str,
) -> Option<Outcome<Ended>> {
    let ports = faults.wrap(&world.ports);
    let hand = world.hand();
    let slice = Slice {
        store: &*ports.store,
        keys: &*ports.keys,
        crm: &*ports.crm,
        scope: &world.scope,
        holder: holder.to_owned(),
        deadline: world.now().checked_add(SLICE).unwrap(),
        clock: &|| world.now(),
        sleep: &move |time: SignedDuration| {
            let hand = hand.clone();
            async move {
                tokio::time::sleep(time.try_into().unwrap_or_default()).await;
                hand.fetch_add(
                    i64::try_from(time.as_millis().max(0)).unwrap(),
                    Ordering::SeqCst,
                );
            }
            .boxed()
        },
        settings,
    };
    Box::pin(faults.until_killed(remove(slice))).await
}

/// Runs slices until the removal is over, the first one with `faults`. Returns the receipt and the number of slices.
async fn finish(world: &World, mut faults: Faults) -> (SignedReceipt, usize) {
    for n in 1..60 {
        match slice_with(world, &faults, &settings(), &format!("slice-{n}")).await {
            None | Some(Err(_)) | Some(Ok(Ended::Busy)) => world.wait(SLICE + MINUTE),
            Some(Ok(Ended::HandedOver { .. })) => {}
            Some(Ok(Ended::Finished { receipt, .. })) => return (receipt, n),
            Some(Ok(Ended::Stale)) => panic!("there is a removal"),
        }
        faults = Faults::none();
    }
    panic!("the removal does not end");
}

fn document(receipt: &SignedReceipt) -> serde_json::Value {
    serde_json::from_str(&receipt.document).unwrap()
}
