//! Copies of an earlier release lack what its connector did not see. They are filled by themselves, once.

use domain::{
    legal::Person,
    order::SyncDue,
    record::{Object, RecordId},
    show_copy,
};
use infra::memory::{Faults, Mode, Pages};

use crate::{
    hiding::{object, open},
    world::{DAY, HOUR, MINUTE, Shared, World, of},
};

fn named(text: &str) -> RecordId {
    RecordId::parse(text).unwrap()
}

fn put(world: &World, lead: &str) {
    let copy = [("Name", "Kim Probe"), ("Copied", "kim")];
    world.crm.put(Object::Lead, &named(lead), &copy);
}

/// Kim is a contact with two addresses, and several leads copy her. The connector is of a release that did not see it.
async fn earlier(shared: Shared, page_size: usize) -> World {
    let world = World::of(shared, Pages::Ordered, page_size).await;
    world.crm.overlook_copies();
    let kim = [
        ("Name", "Kim Probe"),
        ("Email", "kim@werk1.example"),
        ("Second", "kim@home.example"),
    ];
    world.crm.put(Object::Contact, &named("kim"), &kim);
    for lead in ["a", "b", "c", "d"] {
        put(&world, lead);
        world.crm.advance(MINUTE);
    }
    world
}

/// The leads that are shown after Kim objected by her second address.
async fn shown(world: &World) -> Vec<&'static str> {
    let view = open(world).await;
    let mut shown = Vec::new();
    for lead in ["a", "b", "c", "d"] {
        let record = show_copy::record(&view, Object::Lead, &named(lead)).await;
        if record.is_ok() {
            shown.push(lead);
        }
    }
    shown
}

async fn objected(world: &World) {
    let kim = Person {
        emails: vec!["kim@home.example".to_owned()],
        ..Person::default()
    };
    object(world, &kim).await;
}

/// A copy of the earlier release, Kim's objection, and the first order for this release.
async fn upgraded(shared: &Shared) -> (World, SyncDue) {
    let world = earlier(shared.clone(), 3).await;
    world.pass(HOUR);
    world.run().await;
    objected(&world).await;
    assert_eq!(shown(&world).await, ["a", "b", "c", "d"]);
    world.crm.see_copies();
    world.pass(DAY);
    let due = world.begin().await;
    (world, due)
}

#[tokio::test]
async fn leads_that_were_copied_before_their_contact_was_seen_are_read_again_by_themselves_once() {
    let shared = Shared::new().await;
    let (world, due) = upgraded(&shared).await;
    let calm = Faults::none();
    world.finish(due, calm.clone()).await;
    assert_eq!(shown(&world).await, [""; 0]);
    world.assert_is_copy().await;
    let report = world.next_run().await;
    let leads = of(&report, Object::Lead);
    assert_eq!(
        (leads.seen, leads.written),
        (0, 0),
        "they are not read in each run"
    );
    for n in 1..=calm.n_calls() {
        let (world, due) = upgraded(&shared).await;
        let faults = Faults::at(n, Mode::KilledAfter);
        world.finish(due, faults.clone()).await;
        assert_eq!(shown(&world).await, [""; 0], "{n} {:?}", faults.broke());
    }
}

#[tokio::test]
async fn a_first_reading_that_an_earlier_release_began_begins_again() {
    let shared = Shared::new().await;
    let mut n = 0;
    // Each call of a first run of the earlier release is its last one in turn.
    loop {
        n += 1;
        let world = earlier(shared.clone(), 2).await;
        world.pass(HOUR);
        let due = world.begin().await;
        let faults = Faults::at(n, Mode::KilledAfter);
        if world.slice(&due, &faults).await.is_some() {
            break;
        }
        world.wait(HOUR);
        world.crm.see_copies();
        world.finish(due, Faults::none()).await;
        objected(&world).await;
        // Where the earlier release had read the leads already, the next run reads them again.
        world.next_run().await;
        assert_eq!(shown(&world).await, [""; 0], "{n} {:?}", faults.broke());
        world.assert_is_copy().await;
    }
    assert!(n > 20, "{n}");
}
