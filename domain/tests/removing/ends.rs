use std::io::Write;

use domain::{
    dispatch::whole,
    fault::{AwsCode, Fault},
    integration::{Integration, Lease},
    order::{Order, Rule},
    ports::{Copies, Integrations, Keys, Leases, Removals, Runs, Signatures},
    record::Object::Account,
    removal::What,
    sync::Ended as Synced,
};
use infra::memory::{Faults, Pages::Ordered};

use super::*;
use crate::world::DAILY;

#[tokio::test(start_paused = true)]
async fn everything_is_deleted_and_the_receipt_has_the_counts() {
    let world = copied(&Shared::new().await).await;
    let before = world.store.snapshot();
    let ours = |rows: &std::collections::BTreeMap<String, String>| {
        let prefix = format!("{}/", world.scope);
        rows.keys()
            .filter(|place| place.starts_with(&prefix))
            .count()
    };
    let neighbours = of_neighbours(&world);
    begun(&world).await;
    let (receipt, slices) = finish(&world, Faults::none()).await;
    assert_eq!(slices, 1);
    assert_gone(&world).await;
    assert_eq!(of_neighbours(&world), neighbours);

    let said = document(&receipt);
    let deleted = &said["deleted"];
    for (store, kind, rows) in [
        ("copies", "records", &before.records),
        ("copies", "relations", &before.relations),
        ("pages", "pages", &before.pages),
        ("pages", "bodies", &before.bodies),
        ("ledger", "progress", &before.progress),
        ("ledger", "runs", &before.runs),
        ("ledger", "quarantined", &before.quarantine),
    ] {
        assert!(ours(rows) > 0, "{kind}");
        assert_eq!(deleted[store][kind], ours(rows), "{kind}");
    }
    assert_eq!(deleted["keys"]["key_versions"], 1);
    assert_eq!(deleted["ledger"]["credentials"], 1);
    assert_eq!(
        said["left"],
        serde_json::json!({"copies": 0, "pages": 0, "ledger": 0, "keys": 0})
    );
    assert_eq!(said["keys"]["destroyed"], serde_json::json!(["g1#v1"]));
    assert_eq!(said["revocation"]["confirmed"], true);
    assert_eq!(said["asked"]["by"], "user-7");
    assert_eq!(
        (said["tenant"].as_str(), said["generation"].as_u64()),
        (Some("acme"), Some(1))
    );
}

/// The command from `infra/docs/integrate.md`.
fn openssl(receipt: &[u8], signature: &[u8], pem: &str) -> bool {
    let folder = std::env::temp_dir().join(format!(
        "abgleich-receipt-{}-{}",
        std::process::id(),
        receipt.len()
    ));
    std::fs::create_dir_all(&folder).unwrap();
    for (name, bytes) in [
        ("receipt.json", receipt),
        ("receipt.sig", signature),
        ("receipt-key.pem", pem.as_bytes()),
    ] {
        std::fs::File::create(folder.join(name))
            .unwrap()
            .write_all(bytes)
            .unwrap();
    }
    let done = std::process::Command::new("openssl")
        .args("dgst -sha256 -verify receipt-key.pem -signature receipt.sig receipt.json".split(' '))
        .current_dir(&folder)
        .output()
        .unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    done.status.success() && done.stdout == b"Verified OK\n"
}

#[tokio::test(start_paused = true)]
async fn openssl_verifies_the_receipt_and_refuses_a_changed_one() {
    let world = copied(&Shared::new().await).await;
    begun(&world).await;
    let (receipt, _) = finish(&world, Faults::none()).await;
    let pem = world.keys.public_key(Signed::Receipt).await.unwrap().pem;
    assert!(openssl(
        receipt.document.as_bytes(),
        &receipt.signature,
        &pem
    ));
    let changed = receipt.document.replace("\"records\":11", "\"records\":12");
    assert_ne!(changed, receipt.document, "{}", receipt.document);
    assert!(!openssl(changed.as_bytes(), &receipt.signature, &pem));
    let kept = world.store.receipt(&world.scope).await.unwrap();
    assert_eq!(kept, Some(receipt));
}

#[tokio::test(start_paused = true)]
async fn a_repeated_request_changes_neither_the_recorded_user_nor_the_time() {
    let world = copied(&Shared::new().await).await;
    begun(&world).await;
    let first = world.store.removal(&world.scope).await.unwrap();
    world.wait(HOUR);
    let again = Asked {
        by: Asker::stored("user-8").unwrap(),
        at: world.now(),
    };
    let begun = begin(&world.store, &which(&world.scope), &again)
        .await
        .unwrap();
    assert!(matches!(begun, Begun::Removing { .. }));
    assert_eq!(world.store.removal(&world.scope).await.unwrap(), first);
    finish(&world, Faults::none()).await;
    let begun = begin(&world.store, &which(&world.scope), &again)
        .await
        .unwrap();
    assert_eq!(begun, Begun::Removed(world.scope.clone()));
    let mut unknown = which(&world.scope);
    unknown.integration = IntegrationId::parse("crm-99").unwrap();
    assert_eq!(
        begin(&world.store, &unknown, &again).await.unwrap(),
        Begun::Unknown
    );
}

#[tokio::test(start_paused = true)]
async fn after_its_beginning_no_slice_can_begin_or_store_a_checkpoint() {
    let world = World::new(Ordered, 2).await;
    fill(&world.crm, Account, 9);
    world.pass(HOUR);
    let due = world.begin().await;
    let (store, which, asked) = (world.store.clone(), which(&world.scope), asked(&world));
    world.at_look(4, move || {
        let begun = begin(&store, &which, &asked)
            .now_or_never()
            .unwrap()
            .unwrap();
        assert!(matches!(begun, Begun::Removing { .. }));
    });
    assert!(matches!(world.calm_slice(&due).await, Ok(Synced::Stale)));
    let held = world.held(Account).await;
    assert!((1..9).contains(&held), "{held}");
    assert!(matches!(world.calm_slice(&due).await, Ok(Synced::Stale)));
    assert_eq!(world.held(Account).await, held);
    finish(&world, Faults::none()).await;
    assert_gone(&world).await;
}

/// A sync meets the removal at its third reading of the clock. Returns the duration of the removal, and the wait until the time
/// from which it expected no writer.
async fn met(faults: Faults) -> (SignedDuration, SignedDuration) {
    let world = World::new(Ordered, 2).await;
    fill(&world.crm, Account, 9);
    world.pass(HOUR);
    let due = world.begin().await;
    let (store, which, asked) = (world.store.clone(), which(&world.scope), asked(&world));
    let begun_at = world.now();
    world.at_look(4, move || {
        let begun = begin(&store, &which, &asked).now_or_never().unwrap();
        assert!(matches!(begun, Ok(Begun::Removing { .. })));
    });
    world.slice(&due, &faults).await;
    finish(&world, Faults::none()).await;
    assert_gone(&world).await;
    let removal = world.store.removal(&world.scope).await.unwrap().unwrap();
    let since = |at: jiff::Timestamp| at.duration_since(begun_at);
    (since(world.now()), since(removal.writers_gone.unwrap()))
}

#[tokio::test(start_paused = true)]
async fn a_slice_that_meets_the_fence_gives_its_lease_back_and_is_not_waited_for() {
    let settle = settings().settle;
    let (took, gone) = met(Faults::none()).await;
    assert!(took < settle + MINUTE, "{took}");
    assert!(gone >= settle, "whoever is not noted is waited for: {gone}");
}

#[tokio::test(start_paused = true)]
async fn a_slice_that_does_not_give_its_lease_back_is_waited_for_until_its_deadline() {
    let down = Fault::aws("lease_release", AwsCode::said("down"))
        .with_kind(domain::fault::Kind::Transient);
    let (took, gone) = met(Faults::refusing("release_lease", 9, down)).await;
    assert!(took >= SLICE && gone >= SLICE, "{took} {gone}");
}

#[tokio::test(start_paused = true)]
async fn both_rules_repeat_a_lost_order_until_the_removal_is_over() {
    let world = copied(&Shared::new().await).await;
    begun(&world).await;
    for kind in [Rule::Hourly, Rule::Daily] {
        let done = whole(&world.store, kind, world.now(), &DAILY, &|| 7)
            .await
            .unwrap();
        let ours: Vec<&Order> = done
            .orders
            .iter()
            .filter(|order| matches!(order, Order::RemovalDue(due) if due.scope == world.scope))
            .collect();
        assert_eq!(ours.len(), 1, "{:?}", done.orders);
        assert!(
            !done
                .orders
                .iter()
                .any(|order| matches!(order, Order::SyncDue(due) if due.scope == world.scope))
        );
    }
    finish(&world, Faults::none()).await;
    let done = whole(&world.store, Rule::Daily, world.now(), &DAILY, &|| 7)
        .await
        .unwrap();
    assert!(
        !done
            .orders
            .iter()
            .any(|order| matches!(order, Order::RemovalDue(_)))
    );
}

#[tokio::test(start_paused = true)]
async fn a_duplicate_order_leads_to_one_working_slice_and_one_receipt() {
    let world = copied(&Shared::new().await).await;
    begun(&world).await;
    let (calm, settings) = (Faults::none(), settings());
    let (first, second) = tokio::join!(
        slice_with(&world, &calm, &settings, "first"),
        slice_with(&world, &calm, &settings, "second"),
    );
    let is = |ended: &Option<Outcome<Ended>>, finished: bool| match ended {
        Some(Ok(Ended::Finished { is_new, .. })) => finished && *is_new,
        Some(Ok(Ended::Busy)) => !finished,
        _ => false,
    };
    let one_works = |worker, other| is(worker, true) && is(other, false);
    assert!(
        one_works(&first, &second) || one_works(&second, &first),
        "{first:?} {second:?}"
    );
    let before = world.store.snapshot();
    let again = slice_with(&world, &calm, &settings, "third").await;
    assert!(
        matches!(again, Some(Ok(Ended::Finished { is_new: false, .. }))),
        "it tells of it again"
    );
    assert_eq!(world.store.snapshot(), before);
}

#[tokio::test(start_paused = true)]
async fn a_removal_respects_its_budget_and_hands_over_in_time() {
    let world = copied(&Shared::new().await).await;
    begun(&world).await;
    let slow = RemovalLimits {
        deletes_per_second: 1,
        round: 4,
        reserve: SLICE - MINUTE,
        ..settings()
    };
    let begun_at = world.now();
    let mut slices = 0;
    let receipt = loop {
        slices += 1;
        assert!(slices < 60);
        let began = world.now();
        match slice_with(&world, &Faults::none(), &slow, "me")
            .await
            .unwrap()
            .unwrap()
        {
            Ended::Finished { receipt, .. } => break receipt,
            Ended::HandedOver { orders } => assert_eq!(orders.len(), 1),
            other => panic!("{other:?}"),
        }
        // A minute to work in, and the round with which it ends.
        assert!(world.now().duration_since(began) <= MINUTE + SignedDuration::from_secs(5));
    };
    let removal = world.store.removal(&world.scope).await.unwrap().unwrap();
    let n: u64 = What::ALL.iter().map(|what| removal.n_deleted(*what)).sum();
    let took = removal.swept.unwrap().duration_since(begun_at).as_secs();
    assert!(
        took >= i64::try_from(n).unwrap() - 10,
        "{n} things in {took} s"
    );
    assert!(slices > 1 && receipt.number == 1);
    assert_gone(&world).await;
}

#[tokio::test(start_paused = true)]
async fn receipts_of_a_tenant_form_a_chain_and_a_new_connection_begins_empty() {
    let mut world = copied(&Shared::new().await).await;
    begun(&world).await;
    let (first, _) = finish(&world, Faults::none()).await;
    let old = row(&world).await;
    let generation = Integration::next_generation(Some(&old), false, &old.organisation).unwrap();
    assert_eq!(generation, Generation(2));
    assert!(Integration::next_generation(Some(&old), false, "another organisation").is_err());

    let next = scope(2);
    let connected = integration(&world.keys, &next).await;
    let seen = Some((old.scope.generation, old.status));
    assert!(world.store.connect(&connected, seen).await.unwrap());
    assert!(world.store.progress(&next).await.unwrap().is_empty());
    assert_eq!(
        world.store.known(&next, Account, &[id(0)]).await.unwrap(),
        [None]
    );
    let open = world.keys.open(&next).await.unwrap();
    assert!(open.is_some());

    world.scope = next.clone();
    world.crm.revoke(false);
    let due = Lease {
        holder: "x".to_owned(),
        run: RunId::begin(world.now(), 1),
        deadline: world.now(),
    };
    assert!(
        world
            .store
            .take_lease(&next, &due, world.now())
            .await
            .is_ok()
    );
    begun(&world).await;
    let (second, _) = finish(&world, Faults::none()).await;
    assert_eq!((first.number, second.number), (1, 2));
    assert_eq!(document(&first)["previous"], serde_json::Value::Null);
    assert_eq!(document(&second)["previous"], first.head().hash);
    let all = world.store.receipts(&next.tenant).await.unwrap();
    assert_eq!(all, [first, second]);
}
