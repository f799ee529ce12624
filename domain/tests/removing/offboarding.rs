//! The end of a tenant: everything of it goes, nothing of another, and whatever breaks, the receipt counts the same.

use domain::{
    allowance::Allowance,
    audit::AuditEntry,
    end_tenant::{self, End, EndLimits, Inventory},
    ended,
    fault::Code,
    offboarding::{Owned, TenantReceipt},
    order::{OffboardingDue, Order},
    ports::{
        Allowances, Audit, Controllers, Legal, Offboardings, Removals, StoredSuppression,
        SuppressionKind, TenantKeyring,
    },
};
use infra::memory::Mode;
use jiff::Timestamp;

use super::*;

const ROUND: usize = 2;

fn limits() -> EndLimits {
    EndLimits {
        round: ROUND,
        ..EndLimits::default()
    }
}

/// A tenant with rows of its own, beside a tenant whose name begins with its name.
async fn peopled(shared: &Shared) -> World {
    let world = World::of(shared.clone(), Ordered, 3).await;
    fill(&world.crm, Account, 2);
    world.pass(HOUR);
    world.run().await;
    for tenant in [&world.scope.tenant, &other()] {
        own_rows(&world, tenant).await;
    }
    world
}

fn other() -> TenantId {
    TenantId::parse("acme-1").unwrap()
}

/// The generation of a connection that was cut off after its keys were made.
fn cut_off(tenant: &TenantId) -> Scope {
    Scope {
        tenant: tenant.clone(),
        integration: IntegrationId::parse("cut-off").unwrap(),
        generation: Generation(1),
    }
}

async fn own_rows(world: &World, tenant: &TenantId) {
    let (store, now) = (&world.store, world.now());
    world.keys.create(&cut_off(tenant)).await.unwrap();
    let keys = world.keys.tenant(tenant).await.unwrap();
    let stated = || {
        let place = Place::of_tenant(tenant, Room::LedgerTenant, "x");
        let mut sealer = Sealer::new(&keys.sealing, 1).unwrap();
        sealer.seal(&place, b"{}").unwrap()
    };
    for kind in [SuppressionKind::Objection, SuppressionKind::Erasure] {
        let marks = ["a", "b", "c"].map(|name| StoredSuppression {
            person: keys.index.hash(HashKind::Email, name),
            at: now,
            sealed: stated(),
        });
        store.suppress(tenant, kind, &marks).await.unwrap();
    }
    for n in 0..5 {
        let entry = AuditEntry::of_request(now, Asker::operator(), "test", None, &format!("r-{n}"));
        store.note_request(tenant, &entry).await.unwrap();
    }
    store.put_controller(tenant, &stated()).await.unwrap();
    store
        .set_allowance(tenant, &Allowance::default())
        .await
        .unwrap();
}

/// One call. `None` if its process was killed.
async fn call(world: &World, faults: &Faults) -> Option<Outcome<end_tenant::Ended>> {
    call_until(world, faults, Timestamp::MAX).await
}

async fn call_until(
    world: &World,
    faults: &Faults,
    deadline: Timestamp,
) -> Option<Outcome<end_tenant::Ended>> {
    let ports = faults.wrap(&world.ports);
    let (limits, clock) = (limits(), || world.now());
    let end = end_tenant::end(End {
        store: &*ports.store,
        keys: &*ports.keys,
        tenant: &world.scope.tenant,
        asked: Asked {
            by: Asker::operator(),
            at: world.now(),
        },
        clock: &clock,
        deadline,
        limits: &limits,
    });
    Box::pin(faults.until_killed(end)).await
}

/// Calls until the receipt is there, with `faults` until they have broken something.
async fn ended(world: &World, mut faults: Faults) -> TenantReceipt {
    for _ in 1..20 {
        match call(world, &faults).await {
            Some(Ok(end_tenant::Ended::Gone(receipt))) => return receipt,
            Some(Ok(end_tenant::Ended::Waits { removing, .. })) if !removing.is_empty() => {
                finish(world, Faults::none()).await;
            }
            Some(Ok(end_tenant::Ended::HandedOver { orders })) => {
                assert_eq!(orders, [goes_on(world)]);
            }
            Some(Ok(end_tenant::Ended::Waits { until, .. })) => {
                assert!(until > world.now(), "{until}");
                world.wait(MINUTE);
            }
            None | Some(Err(_)) => {
                faults = Faults::none();
                world.wait(MINUTE);
            }
        }
    }
    panic!("the tenant does not end");
}

fn goes_on(world: &World) -> Order {
    let tenant = world.scope.tenant.clone();
    Order::OffboardingDue(OffboardingDue { tenant })
}

fn said(receipt: &TenantReceipt) -> serde_json::Value {
    serde_json::from_str(&receipt.document).unwrap()
}

async fn found(world: &World, tenant: &TenantId) -> Inventory {
    end_tenant::look(&*world.ports.store, tenant, ROUND)
        .await
        .unwrap()
}

/// Names of everything that the store has of a tenant.
fn left(world: &World, tenant: &TenantId) -> Vec<String> {
    let is_theirs = |name: &str| {
        name.split([' ', '/', '#'])
            .any(|part| part == tenant.as_str())
    };
    let all = world.store.raw().into_iter().map(|(name, _)| name);
    all.filter(|name| is_theirs(name)).collect()
}

#[tokio::test(start_paused = true)]
async fn everything_of_a_tenant_goes_and_nothing_of_another() {
    let world = peopled(&Shared::new().await).await;
    let (mine, others) = (world.scope.tenant.clone(), left(&world, &other()));
    let before = found(&world, &mine).await;
    assert!(before.offboarding.is_none() && before.integrations.len() == 1);
    let receipt = ended(&world, Faults::none()).await;
    let kept = left(&world, &mine);
    assert_eq!(
        kept,
        [
            format!("offboarding {mine}"),
            format!("receipt {}", world.scope)
        ]
    );
    assert!(world.keys.tenant_versions(&mine).await.unwrap().is_empty());
    assert_eq!(world.keys.scopes(), [cut_off(&other())]);
    assert_eq!(left(&world, &other()), others);
    assert!(others.len() > 10, "{others:?}");
    assert_eq!(world.keys.tenant_versions(&other()).await.unwrap().len(), 1);
    let said = said(&receipt);
    let n_entries = before.rows[&Owned::AuditEntry];
    // The beginning of the removal and its end have entries, too.
    assert_eq!(said["deleted"]["audit_entries"], n_entries + 2, "{said}");
    assert_eq!(said["deleted"]["objections"], 3, "{said}");
    assert_eq!(said["deleted"]["erasures"], 3, "{said}");
    assert_eq!(said["deleted"]["integrations"], 1, "{said}");
    assert_eq!(
        said["keys"]["destroyed"],
        serde_json::json!(["cut-off g1#v1", "TENANT#v1"])
    );
    // It follows the receipt of the removal.
    let head = world.store.last_receipt(&mine).await.unwrap().unwrap();
    assert_eq!(
        (&said["number"], &said["previous"]),
        (&2.into(), &head.hash.into())
    );
    let again = call(&world, &Faults::none()).await.unwrap().unwrap();
    assert!(matches!(again, end_tenant::Ended::Gone(same) if same == receipt));
}

#[tokio::test(start_paused = true)]
async fn whatever_call_breaks_the_end_is_the_same_and_counts_the_same() {
    let shared = Shared::new().await;
    let calm = Faults::none();
    let world = peopled(&shared).await;
    let undisturbed = said(&ended(&world, calm.clone()).await)["deleted"].clone();
    let kept = left(&world, &world.scope.tenant);
    let n_calls = calm.n_calls();
    assert!(n_calls > 40, "{n_calls}");
    for mode in Mode::ALL {
        for n in 1..=n_calls {
            let world = peopled(&shared).await;
            let faults = Faults::at(n, mode);
            let receipt = ended(&world, faults.clone()).await;
            let broke = faults.broke().expect("every call is reached");
            let what = format!("{mode:?} at call {n} of {n_calls}, {broke}");
            assert_eq!(said(&receipt)["deleted"], undisturbed, "{what}");
            assert_eq!(left(&world, &world.scope.tenant), kept, "{what}");
            let mine = &world.scope.tenant;
            assert!(world.keys.tenant_versions(mine).await.unwrap().is_empty());
            assert!(world.keys.all_versions(mine).await.unwrap().is_empty());
            let stored = world.store.offboarding(mine).await.unwrap().unwrap();
            assert_eq!(stored.receipt, Some(receipt), "{what}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_there_again_after_the_receipt_is_removed_by_the_next_call_and_proved_anew() {
    let mut world = peopled(&Shared::new().await).await;
    let mine = world.scope.tenant.clone();
    let first = ended(&world, Faults::none()).await;
    let kept = left(&world, &mine);
    let back = Scope {
        generation: Generation(2),
        ..world.scope.clone()
    };
    world.scope = back.clone();
    let row = integration(&world.keys, &back).await;
    assert!(world.store.connect(&row, None).await.unwrap());
    let again = call(&world, &Faults::none()).await.unwrap().unwrap();
    let end_tenant::Ended::Waits { removing, .. } = again else {
        panic!("{again:?}");
    };
    assert_eq!(removing, [back.integration]);
    let refused = ended::refuse(&world.store, &mine).await.unwrap_err();
    assert_eq!(*refused.code(), Code::TenantEnded);
    let second = ended(&world, Faults::none()).await;
    let (first, second) = (said(&first), said(&second));
    assert_eq!(
        (&first["number"], &second["number"]),
        (&2.into(), &3.into())
    );
    assert_eq!(second["deleted"]["integrations"], 1, "{second}");
    assert_eq!(second["deleted"]["objections"], 0, "{second}");
    let now_left = left(&world, &mine);
    assert!(kept.iter().all(|row| now_left.contains(row)));
    assert_eq!(now_left.len(), kept.len() + 1, "{now_left:?}");

    // A row without an integration is enough.
    own_rows(&world, &mine).await;
    let third = said(&ended(&world, Faults::none()).await);
    assert_eq!(third["deleted"]["objections"], 3, "{third}");
    assert_eq!(left(&world, &mine), now_left);
    assert!(world.keys.tenant_versions(&mine).await.unwrap().is_empty());
}

/// A request that began before the end may still write until the time is up.
#[tokio::test(start_paused = true)]
async fn nothing_is_deleted_before_the_last_request_is_over() {
    let world = peopled(&Shared::new().await).await;
    let mine = world.scope.tenant.clone();
    let begun = call(&world, &Faults::none()).await.unwrap().unwrap();
    let end_tenant::Ended::Waits {
        removing, orders, ..
    } = begun
    else {
        panic!("{begun:?}");
    };
    assert_eq!((removing.len(), orders.len()), (1, 1));
    let refused = ended::refuse(&world.store, &mine).await.unwrap_err();
    assert_eq!(*refused.code(), Code::TenantEnded);
    assert!(ended::refuse(&world.store, &other()).await.is_ok());
    // A late request connects an integration.
    let late = Scope {
        integration: IntegrationId::parse("late").unwrap(),
        ..world.scope.clone()
    };
    let row = integration(&world.keys, &late).await;
    assert!(world.store.connect(&row, None).await.unwrap());
    finish(&world, Faults::none()).await;
    let next = call(&world, &Faults::none()).await.unwrap().unwrap();
    let end_tenant::Ended::Waits { removing, .. } = next else {
        panic!("{next:?}");
    };
    assert_eq!(removing, [late.integration]);
    assert_eq!(found(&world, &mine).await.rows[&Owned::Objection], 3);
}

#[tokio::test]
async fn a_tenant_of_whom_nothing_is_stored_does_not_end() {
    let mut world = World::new(Ordered, 3).await;
    world.scope.tenant = TenantId::parse("acmee").unwrap();
    let refused = call(&world, &Faults::none()).await.unwrap().unwrap_err();
    assert_eq!(*refused.code(), Code::TenantUnknown);
    assert!(left(&world, &world.scope.tenant).is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_begins_the_end_orders_it_and_the_end_of_each_removal_orders_it_again() {
    let world = peopled(&Shared::new().await).await;
    let (store, mine) = (&world.store, world.scope.tenant.clone());
    assert!(end_tenant::is_known(store, &mine).await.unwrap());
    let nobody = TenantId::parse("acmee").unwrap();
    assert!(!end_tenant::is_known(store, &nobody).await.unwrap());
    let before = left(&world, &mine);
    let (state, orders) = end_tenant::begin(store, &mine, asked(&world))
        .await
        .unwrap();
    assert_eq!(
        (&state.asked, orders),
        (&asked(&world), vec![goes_on(&world)])
    );
    assert_eq!(
        left(&world, &mine).len(),
        before.len() + 1,
        "only its state"
    );
    let refused = ended::refuse(store, &mine).await.unwrap_err();
    assert_eq!(*refused.code(), Code::TenantEnded);
    // Another request changes nothing, and orders it again.
    let later = Asked {
        by: Asker::operator(),
        ..asked(&world)
    };
    let again = end_tenant::begin(store, &mine, later).await.unwrap();
    assert_eq!(again, (state, vec![goes_on(&world)]));
    let waits = call(&world, &Faults::none()).await.unwrap().unwrap();
    assert!(
        matches!(waits, end_tenant::Ended::Waits { .. }),
        "{waits:?}"
    );
    // Both when the removal ends, and when its order comes once more.
    let mut ends = 0;
    for n in 0..60 {
        let name = format!("slice-{n}");
        let slice = slice_with(&world, &Faults::none(), &settings(), &name).await;
        if let Some(Ok(Ended::Finished { orders, .. })) = slice {
            assert!(orders.contains(&goes_on(&world)), "{orders:?}");
            ends += 1;
            if ends == 2 {
                break;
            }
        }
    }
    assert_eq!(ends, 2);
}

#[tokio::test(start_paused = true)]
async fn an_end_that_runs_out_of_time_goes_on_where_it_stopped() {
    let shared = Shared::new().await;
    let undisturbed =
        said(&ended(&peopled(&shared).await, Faults::none()).await)["deleted"].clone();
    let world = peopled(&shared).await;
    call(&world, &Faults::none()).await.unwrap().unwrap();
    finish(&world, Faults::none()).await;
    world.wait(HOUR);
    let before = left(&world, &world.scope.tenant);
    let over = call_until(&world, &Faults::none(), world.now()).await;
    let Some(Ok(end_tenant::Ended::HandedOver { orders })) = over else {
        panic!("{over:?}");
    };
    assert_eq!(orders, [goes_on(&world)]);
    assert_eq!(left(&world, &world.scope.tenant), before);
    assert_eq!(
        said(&ended(&world, Faults::none()).await)["deleted"],
        undisturbed
    );
}
