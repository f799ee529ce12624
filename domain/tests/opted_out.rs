//! Opt-outs that somebody noted in the CRM: they are shown, and they stop nothing.

use domain::{
    create::CreateOutcome,
    integration::Which,
    ports::Link,
    record::{
        Object::{Account, Contact, Task},
        OptOut, RecordId,
    },
    show_copy::{self, Filter, View},
};
use infra::memory::Pages::Ordered;
use matching::CompanyId;
use serde_json::json;

use crate::{
    creating::{anna, objects, one, previewed},
    world::{HOUR, MINUTE, World, id},
};

const EMAIL: &str = "anna@werk1.example";

fn by_mail() -> Vec<OptOut> {
    vec![OptOut::Email]
}

/// The copy shows one record of a contact in two places.
async fn shown(world: &World) -> Vec<Vec<OptOut>> {
    let which = Which {
        tenant: world.scope.tenant.clone(),
        integration: world.scope.integration.clone(),
    };
    let (store, keys) = (&*world.ports.store, &*world.ports.keys);
    let view = View::open(store, keys, &which).await.unwrap();
    let one = show_copy::record(&view, Contact, &id(3)).await.unwrap();
    let filter = Filter {
        email: Some(EMAIL.to_owned()),
        ..Filter::default()
    };
    let list = show_copy::list(&view, &filter, None, 10).await.unwrap();
    let listed = list.records.iter().map(|one| one.display.opt_out.clone());
    std::iter::once(one.record.display.opt_out.clone())
        .chain(listed)
        .collect()
}

/// A contact who wants no e-mail, in the copy.
async fn world() -> World {
    let world = World::new(Ordered, 5).await;
    let fields = [("Name", "Anna Muster"), ("Email", EMAIL), ("NoMail", "yes")];
    world.crm.put(Contact, &id(3), &fields);
    world.pass(MINUTE);
    world.run().await;
    world.pass(HOUR);
    world
}

#[tokio::test]
async fn whoever_opted_out_in_the_crm_is_shown_as_such_until_that_is_taken_back() {
    let world = world().await;
    assert_eq!(shown(&world).await, [by_mail(), by_mail()]);
    let fields = [("Name", "Anna Muster"), ("Email", EMAIL)];
    world.crm.put(Contact, &id(3), &fields);
    world.next_run().await;
    assert_eq!(shown(&world).await, [vec![], vec![]]);
}

#[tokio::test]
async fn the_status_of_a_company_names_the_opt_outs_of_its_records() {
    let world = World::new(Ordered, 5).await;
    let fields = [
        ("Name", "Werk 1 GmbH"),
        ("Website", "https://werk1.example"),
        ("NoMail", "yes"),
    ];
    world.crm.put(Account, &id(3), &fields);
    world.pass(MINUTE);
    world.run().await;
    let which = Which {
        tenant: world.scope.tenant.clone(),
        integration: world.scope.integration.clone(),
    };
    let (store, keys) = (&*world.ports.store, &*world.ports.keys);
    let view = View::open(store, keys, &which).await.unwrap();
    let company = CompanyId::parse("1").unwrap();
    let (told, _) = show_copy::status(&view, &[company]).await.unwrap();
    assert_eq!(told[0].records[0].opt_out, by_mail());
}

#[tokio::test]
async fn a_preview_shows_who_opted_out_and_the_creation_goes_on() {
    let world = world().await;
    world.assess(EMAIL).await;
    let mut call = one(Task, json!({"Name": "call Anna"}));
    call.items[0].draft.links = vec![Link {
        object: Contact,
        id: id(3),
    }];
    let told = |seen: &domain::create::Preview| -> Vec<(RecordId, Vec<OptOut>)> {
        let all = seen.opted_out.iter();
        all.map(|one| (one.id.clone(), one.opt_out.clone()))
            .collect()
    };
    let seen = previewed(&world, &call).await;
    assert_eq!(told(&seen), [(id(3), by_mail())]);
    assert!(seen.would_create, "{seen:?}");
    let outcome = world.outcome("key-1", &call).await;
    assert!(
        matches!(outcome, CreateOutcome::Created { .. }),
        "{outcome:?}"
    );
    // Somebody with the same address is a duplicate candidate, and may be the same person.
    let seen = previewed(&world, &anna()).await;
    assert_eq!(seen.duplicates.len(), 1);
    assert_eq!(told(&seen), [(id(3), by_mail())]);
}

#[tokio::test]
async fn what_the_crm_says_of_people_who_objected_is_not_shown() {
    let world = world().await;
    world.assess(EMAIL).await;
    objects(&world, EMAIL).await;
    let seen = previewed(&world, &anna()).await;
    assert!(!seen.not_cleared.is_empty() && seen.opted_out.is_empty());
    let mut call = one(Task, json!({"Name": "call Anna"}));
    call.items[0].draft.links = vec![Link {
        object: Contact,
        id: id(3),
    }];
    let seen = previewed(&world, &call).await;
    assert!(!seen.not_cleared.is_empty() && seen.opted_out.is_empty());
}
