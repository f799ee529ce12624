//! Users' decisions about a merged record pass to the survivor.

use domain::{
    integration::Which,
    record::Object::Account,
    review_relations::{self, Say},
    show_copy::{self, InCrm, View},
};
use infra::memory::{
    Faults, Mode,
    Pages::{self, Ordered, Unordered},
};
use matching::{
    CompanyId,
    RelationStatus::{self, Approved, Blocked},
};

use crate::world::{DAY, HOUR, MINUTE, World, id, write};

fn company(name: &str) -> CompanyId {
    CompanyId::parse(name).unwrap()
}

async fn view(world: &World) -> View<'_> {
    let which = Which {
        tenant: world.scope.tenant.clone(),
        integration: world.scope.integration.clone(),
    };
    View::open(&*world.ports.store, &*world.ports.keys, &which)
        .await
        .unwrap()
}

async fn say(world: &World, n: usize, name: &str, say: Say) {
    let view = view(world).await;
    let record = (Account, &id(n));
    review_relations::decide(&view, record, &company(name), say, ("user-1", world.now()))
        .await
        .unwrap();
    world.pass(MINUTE);
}

/// Returns whether a company is in the CRM, and its records.
async fn status(world: &World, name: &str) -> (InCrm, Vec<(String, RelationStatus)>) {
    let view = view(world).await;
    let (mut told, _) = show_copy::status(&view, &[company(name)]).await.unwrap();
    let told = told.remove(0);
    let records = told.records.into_iter();
    let records = records.map(|one| (one.id.to_string(), one.status));
    (told.in_crm, records.collect())
}

/// Asserts that record `n`, and no other, is related to company 77 by a user's decision.
async fn assert_approved(world: &World, n: usize, told: &str) {
    let expected = (InCrm::Yes, vec![(id(n).to_string(), Approved)]);
    assert_eq!(status(world, "77").await, expected, "{told}");
}

/// Records 4 to 8, which matching relates to no company.
async fn world(pages: Pages) -> World {
    let world = World::new(pages, 2).await;
    for n in 4..9 {
        write(&world.crm, Account, n, "new");
    }
    world.pass(HOUR);
    world.run().await;
    say(&world, 4, "77", Say::Approve).await;
    assert_approved(&world, 4, "before").await;
    world
}

#[tokio::test]
async fn an_approval_follows_a_chain_of_merges_in_one_run() {
    for pages in [Ordered, Unordered] {
        let world = world(pages).await;
        world.crm.merge(Account, &id(4), &id(5));
        world.pass(MINUTE);
        world.crm.merge(Account, &id(5), &id(6));
        world.next_run().await;
        assert_approved(&world, 6, &format!("{pages:?}")).await;
        world.next_run().await;
        assert_approved(&world, 6, "a day later").await;
        world.assert_is_copy().await;
    }
}

#[tokio::test]
async fn an_approval_follows_a_chain_of_merges_over_several_runs() {
    let world = world(Ordered).await;
    for (from, to) in [(4, 5), (5, 6), (6, 7)] {
        world.crm.merge(Account, &id(from), &id(to));
        world.next_run().await;
        assert_approved(&world, to, "merged").await;
    }
}

#[tokio::test]
async fn a_chain_in_another_order_ends_at_the_same_record() {
    let world = world(Ordered).await;
    world.crm.merge(Account, &id(5), &id(6));
    world.next_run().await;
    world.crm.merge(Account, &id(6), &id(7));
    world.next_run().await;
    world.crm.merge(Account, &id(4), &id(5));
    world.next_run().await;
    assert_approved(&world, 7, "the first link came last").await;
}

#[tokio::test]
async fn a_decision_waits_for_a_survivor_that_is_not_copied_yet() {
    let world = world(Ordered).await;
    let fields = [("Name", "Spät")];
    world.crm.put_late(Account, &id(20), &fields, DAY * 2);
    world.crm.merge(Account, &id(4), &id(20));
    world.next_run().await;
    assert_eq!(status(&world, "77").await.0, InCrm::No);
    world.pass(DAY * 2);
    write(&world.crm, Account, 20, "new");
    world.next_run().await;
    assert_approved(&world, 20, "it came").await;
}

#[tokio::test]
async fn a_block_passes_to_the_survivor_unless_a_later_decision_about_it_exists() {
    let merged = async |first: (usize, Say), second: (usize, Say)| {
        let world = World::new(Ordered, 10).await;
        for n in [1, 5] {
            write(&world.crm, Account, n, "new");
        }
        world.pass(HOUR);
        world.run().await;
        for (n, what) in [first, second] {
            say(&world, n, "1", what).await;
        }
        world.crm.merge(Account, &id(5), &id(1));
        world.next_run().await;
        status(&world, "1").await.1
    };
    let blocked = merged((1, Say::Approve), (5, Say::Block)).await;
    assert_eq!(blocked, [], "the later word of the record that is gone");
    let approved = merged((5, Say::Block), (1, Say::Approve)).await;
    assert_eq!(approved, [(id(1).to_string(), Approved)]);
    // A withdrawn decision counts as no decision, so the survivor keeps its own.
    let approved = merged((1, Say::Approve), (5, Say::TakeBack)).await;
    assert_eq!(approved, [(id(1).to_string(), Approved)]);
}

#[tokio::test]
async fn a_decision_about_a_deleted_record_returns_with_the_record() {
    let world = world(Ordered).await;
    say(&world, 5, "78", Say::Block).await;
    world.crm.delete(Account, &id(4));
    world.next_run().await;
    assert_eq!(status(&world, "77").await, (InCrm::No, Vec::new()));
    write(&world.crm, Account, 4, "back");
    world.next_run().await;
    assert_approved(&world, 4, "back").await;
    let detail = show_copy::record(&view(&world).await, Account, &id(5)).await;
    let relations = detail.unwrap().record.relations;
    assert!(relations.iter().all(|relation| relation.status == Blocked));
}

#[tokio::test]
async fn a_decision_follows_a_merge_even_if_the_run_is_broken_anywhere() {
    for pages in [Ordered, Unordered] {
        for mode in Mode::ALL {
            for n in 1.. {
                let world = world(pages).await;
                world.crm.merge(Account, &id(4), &id(5));
                world.pass(MINUTE);
                world.crm.merge(Account, &id(5), &id(6));
                world.pass(DAY);
                let faults = Faults::at(n, mode);
                world.finish(world.begin().await, faults.clone()).await;
                let Some(broke) = faults.broke() else {
                    break;
                };
                assert_approved(&world, 6, &format!("{mode:?} {n} {broke}")).await;
                world.assert_is_copy().await;
            }
        }
    }
}
