//! The check of the copy for erased people takes several slices, and somebody is erased in between.

use domain::{
    legal::{Objection, Person, suppressions},
    ports::{SuppressionKind, TenantKeyring},
    progress::Verdict,
    record::Object::Account,
    sync::Ended,
};
use infra::memory::Pages::Ordered;
use serde_json::Value;

use crate::{
    stored::cursor,
    world::{DAY, HOUR, World, due, id, of, verdict},
};

const PEOPLE: usize = 40;

/// Accounts that are people. The store lists four of them at a time.
async fn world() -> World {
    let world = World::new(Ordered, 20).await;
    for n in 0..PEOPLE {
        let (name, email) = (format!("Person {n}"), format!("person{n}@home.example"));
        let fields = [("Name", &*name), ("Person", "yes"), ("Email", &*email)];
        world.crm.put(Account, &id(n), &fields);
    }
    world.pass(HOUR);
    world.run().await;
    world.pass(DAY);
    world
}

/// An erasure whose function is killed after it noted the person and before it deleted anything.
async fn note_erasure(world: &World, n: usize) {
    let person = Person {
        emails: vec![format!("person{n}@home.example")],
        ..Person::default()
    };
    let noted = Objection {
        person: &person,
        at: world.now(),
        by: "user-1",
        reference: None,
    };
    let tenant = &world.scope.tenant;
    let keys = world.keys.tenant(tenant).await.unwrap();
    let kind = SuppressionKind::Erasure;
    suppressions::add(&world.store, &keys, tenant, kind, noted)
        .await
        .unwrap();
}

/// The position of the check, if one is open.
async fn position(world: &World) -> Option<String> {
    let cursor: Value = serde_json::from_str(&cursor(world).await).unwrap();
    cursor["withholding"][0].as_str().map(str::to_owned)
}

#[tokio::test]
async fn whoever_is_erased_between_two_slices_of_the_check_leaves_the_copy_in_the_same_run() {
    let mut world = world().await;
    note_erasure(&world, PEOPLE - 1).await;
    // A slice has time for six readings of the clock, and each step of the check takes one.
    world.tick = 15 * 60 * 1_000 / 7;
    let mut order = world.begin().await;
    let mut erased_at = None;
    let report = loop {
        match world.calm_slice(&order).await.unwrap() {
            Ended::HandedOver { mut orders, .. } => order = due(orders.remove(0)),
            Ended::Finished { report, .. } => break report,
            other => panic!("{other:?}"),
        }
        if erased_at.is_none() {
            erased_at = position(&world).await;
            if erased_at.is_some() {
                // The check has passed this person already.
                note_erasure(&world, 0).await;
            }
        }
    };
    assert!(erased_at.is_some(), "the check took one slice only");
    let copied = world.copied(Account).await;
    let left: Vec<_> = copied.into_keys().collect();
    assert_eq!(left, (1..PEOPLE - 1).map(id).collect::<Vec<_>>());
    assert_eq!(verdict(&report, Account), Verdict::Verified);
    assert_eq!(of(&report, Account).withheld, 2);
}
