//! Responses end at a number of bytes, whatever their records contain.

use domain::{
    integration::Which,
    legal::Person,
    record::{Object, RecordId},
    review_relations,
    show_copy::{self, Filter, MAX_ANSWER, Shown, View},
    subject_requests,
};
use infra::memory::Pages;
use matching::CompanyId;

use crate::world::{MINUTE, World, import_companies};

fn named(text: &str) -> RecordId {
    RecordId::parse(text).unwrap()
}

/// A text of about `bytes` bytes, each line of which takes three more in a response.
fn text(bytes: usize) -> String {
    "line \"quoted\"\n".repeat(bytes / 14)
}

async fn synced(world: &World) -> View<'_> {
    world.crm.advance(MINUTE);
    world.run().await;
    let which = Which {
        tenant: world.scope.tenant.clone(),
        integration: world.scope.integration.clone(),
    };
    View::open(&*world.ports.store, &*world.ports.keys, &which)
        .await
        .unwrap()
}

fn weight(records: &[Shown]) -> usize {
    records.iter().map(Shown::weight).sum()
}

#[tokio::test]
async fn pages_of_records_with_long_texts_end_at_a_number_of_bytes_and_hold_each_record_once() {
    let world = World::new(Pages::Ordered, 50).await;
    let long = text(600_000);
    for n in 0..30 {
        let fields = [
            ("Name", "Werk"),
            ("Parent", "acc-1"),
            ("Description", &long),
        ];
        world
            .crm
            .put(Object::Contact, &named(&format!("con-{n}")), &fields);
    }
    let view = synced(&world).await;
    for filter in [
        Filter {
            object: Some(Object::Contact),
            ..Filter::default()
        },
        Filter {
            parent: Some((Object::Account, named("acc-1"))),
            ..Filter::default()
        },
    ] {
        let (mut seen, mut after, mut n_pages) = (Vec::new(), None, 0);
        loop {
            let page = show_copy::list(&view, &filter, after.as_deref(), 100)
                .await
                .unwrap();
            assert!(
                weight(&page.records) <= MAX_ANSWER,
                "{}",
                weight(&page.records)
            );
            assert!(page.records.iter().all(|record| record.omitted.is_empty()));
            seen.extend(page.records.into_iter().map(|record| record.id));
            n_pages += 1;
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen.len(), 30, "each once");
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 30);
        assert!((6..=14).contains(&n_pages), "{n_pages}");
    }
}

#[tokio::test]
async fn a_record_too_large_for_a_response_comes_without_its_largest_fields_and_names_them() {
    let world = World::new(Pages::Ordered, 50).await;
    let (long, longer) = (text(1_500_000), text(3_000_000));
    let fields = [("Name", "Werk"), ("Notes", &long), ("Description", &longer)];
    for n in 0..3 {
        world
            .crm
            .put(Object::Account, &named(&format!("acc-{n}")), &fields);
    }
    let view = synced(&world).await;
    let detail = show_copy::record(&view, Object::Account, &named("acc-1"))
        .await
        .unwrap();
    assert_eq!(detail.record.omitted, ["Description"]);
    assert!(detail.record.fields.get().contains("\"Notes\""));
    let filter = Filter {
        object: Some(Object::Account),
        ..Filter::default()
    };
    let (mut seen, mut after) = (Vec::new(), None);
    for _ in 0..9 {
        let page = show_copy::list(&view, &filter, after.as_deref(), 10)
            .await
            .unwrap();
        assert!(weight(&page.records) <= MAX_ANSWER);
        for record in page.records {
            assert_eq!(record.omitted, ["Description"]);
            seen.push(record.id);
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!((seen.len(), after), (3, None));
}

#[tokio::test]
async fn a_companys_picture_leaves_out_records_that_do_not_fit_and_says_so() {
    let world = World::new(Pages::Ordered, 50).await;
    let long = text(700_000);
    let account = [
        ("Name", "Werk 1 GmbH"),
        ("Website", "https://werk1.example"),
        ("Zip", "10115"),
        ("City", "Berlin"),
        ("Description", &long),
    ];
    world.crm.put(Object::Account, &named("acc-1"), &account);
    for n in 0..12 {
        let task = [
            ("Name", "call"),
            ("Open", "yes"),
            ("Parent", "acc-1"),
            ("Description", &long),
        ];
        world
            .crm
            .put(Object::Task, &named(&format!("task-{n}")), &task);
    }
    let view = synced(&world).await;
    let company = CompanyId::parse("1").unwrap();
    let picture = show_copy::company(&view, &company).await.unwrap();
    let children = &picture.children[&(Object::Account, named("acc-1"))];
    let told = weight(&picture.records) + weight(children);
    assert!(told <= MAX_ANSWER, "{told}");
    assert!(
        !children.is_empty() && children.len() < 12,
        "{}",
        children.len()
    );
    assert_eq!(picture.partial, [(Object::Account, named("acc-1"))]);
    assert_eq!(picture.status.open_tasks, 12, "the counts are of all");
    assert!(picture.records[0].omitted.is_empty());
}

#[tokio::test]
async fn suggestions_and_the_data_held_about_a_person_come_in_parts_too() {
    let world = World::new(Pages::Ordered, 50).await;
    // A person's name alone never makes an automatic relation.
    let companies = "id,name,zip,city\n1,Erika Muster,10115,Berlin\n2,Werk 2 GmbH,20095,Hamburg\n";
    import_companies(&world, "v2", companies).await;
    let long = text(700_000);
    for n in 0..12 {
        // Possibly company 1, and about the person.
        let fields = [
            ("Name", "Erika Muster"),
            ("Email", "erika@muster.example"),
            ("Description", &long),
        ];
        world
            .crm
            .put(Object::Lead, &named(&format!("lead-{n:02}")), &fields);
    }
    let view = synced(&world).await;
    let person = Person {
        emails: vec!["erika@muster.example".to_owned()],
        ..Person::default()
    };
    let (mut seen, mut after, mut n_parts) = (Vec::new(), None, 0);
    loop {
        let part = subject_requests::find(
            &*world.ports.store,
            &*world.ports.keys,
            &world.scope.tenant,
            &person,
            after.as_deref(),
        )
        .await
        .unwrap();
        let told: usize = part
            .records
            .iter()
            .map(|(_, record, _)| record.weight())
            .sum();
        assert!(told <= MAX_ANSWER, "{told}");
        seen.extend(part.records.into_iter().map(|(_, record, _)| record.id));
        n_parts += 1;
        after = part.next;
        if after.is_none() {
            break;
        }
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 12);
    assert!(n_parts > 2, "{n_parts}");

    let (mut seen, mut after, mut n_pages) = (Vec::new(), None, 0);
    loop {
        let page = review_relations::suggested(&view, after.as_deref(), 100)
            .await
            .unwrap();
        let told: usize = page.suggestions.iter().map(|one| one.record.weight()).sum();
        assert!(told <= MAX_ANSWER, "{told}");
        seen.extend(page.suggestions.into_iter().map(|one| one.record.id));
        n_pages += 1;
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 12);
    assert!(n_pages > 2, "{n_pages}");
}
