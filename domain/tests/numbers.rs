//! A CRM in which a company and a contact may have the same number: what belongs to one of them is never taken for the other's.

use domain::{
    integration::{Provider, Which},
    record::{
        Object::{self, Account, Contact, Opportunity, Task},
        Parent, RecordId,
    },
    show_copy::{self, Filter, View},
};
use infra::memory::Pages::Ordered;
use matching::CompanyId;

use crate::world::{HOUR, Shared, World};

const AT_MOST: usize = 10;

fn number(n: usize) -> RecordId {
    RecordId::parse(&n.to_string()).unwrap()
}

fn parent(object: Object, n: usize) -> Parent {
    Provider::HubSpot.parent(object, number(n))
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

/// Account 5 and contact 5, both related to company 1. Task 1 belongs to the account, tasks 2 and 3 belong to the contact.
async fn world() -> World {
    let shared = Shared::new().await;
    let world = World::of_provider(shared, Provider::HubSpot, Ordered, 10).await;
    let crm = &world.crm;
    crm.keep_associations(AT_MOST, false);
    let account = [
        ("Name", "Werk 1 GmbH"),
        ("Website", "https://werk1.example"),
    ];
    crm.put(Account, &number(5), &account);
    let contact = [
        ("Name", "Erika Muster"),
        ("Company", "Werk 1 GmbH"),
        ("Email", "erika@werk1.example"),
    ];
    crm.put(Contact, &number(5), &contact);
    for (n, object) in [(1, Account), (2, Contact), (3, Contact)] {
        crm.put(Task, &number(n), &[("Name", "call"), ("Open", "yes")]);
        crm.associate_with(Task, &number(n), vec![parent(object, 5)]);
    }
    world.pass(HOUR);
    world.run().await;
    world
}

async fn listed(world: &World, object: Object) -> Vec<(RecordId, Option<Object>)> {
    let filter = Filter {
        parent: Some((object, number(5))),
        ..Filter::default()
    };
    let page = show_copy::list(&view(world).await, &filter, None, 10).await;
    let records = page.unwrap().records.into_iter();
    let records = records.map(|record| (record.id, record.parent_object));
    records.collect()
}

#[tokio::test]
async fn a_list_by_parent_has_what_belongs_to_that_record_only() {
    let world = world().await;
    let account = Some(Account);
    assert_eq!(listed(&world, Account).await, [(number(1), account)]);
    let contact = Some(Contact);
    let of_contact = [(number(2), contact), (number(3), contact)];
    assert_eq!(listed(&world, Contact).await, of_contact);
    assert_eq!(listed(&world, Opportunity).await, []);
}

#[tokio::test]
async fn a_company_s_picture_shows_each_record_with_what_belongs_to_it() {
    let world = world().await;
    let company = CompanyId::parse("1").unwrap();
    let view = view(&world).await;
    let picture = show_copy::company(&view, &company).await.unwrap();
    let records = picture.records.iter();
    let records: Vec<_> = records.map(|one| (one.object, one.id.clone())).collect();
    assert_eq!(records, [(Account, number(5)), (Contact, number(5))]);
    let below = |object: Object| -> Vec<RecordId> {
        let children = &picture.children[&(object, number(5))];
        children.iter().map(|child| child.id.clone()).collect()
    };
    assert_eq!(below(Account), [number(1)]);
    assert_eq!(below(Contact), [number(2), number(3)]);
    let (told, _) = show_copy::status(&view, &[company]).await.unwrap();
    assert_eq!(told[0].open_tasks, 3, "each is counted once");
}

#[tokio::test]
async fn a_task_that_moves_between_two_records_of_one_number_is_written_again() {
    let mut world = world().await;
    world.settings.compare_ids_up_to = 20;
    // No time stamp moves, and the number is the same.
    world
        .crm
        .associate_with(Task, &number(2), vec![parent(Account, 5)]);
    world.next_run().await;
    let account = Some(Account);
    let of_account = [(number(1), account), (number(2), account)];
    assert_eq!(listed(&world, Account).await, of_account);
    assert_eq!(listed(&world, Contact).await, [(number(3), Some(Contact))]);
}
