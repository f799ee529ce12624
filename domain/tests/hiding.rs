//! People who objected are shown nowhere from the next request on, and are shown again when they withdraw the objection.

use domain::{
    fault::Fault,
    integration::Which,
    legal::{Objection, Person, suppressions},
    ports::{SuppressionKind, TenantKeyring},
    record::{Object, RecordId},
    review_relations::{self, Say},
    show_copy::{self, Filter, InCrm, View},
    subject_requests,
};
use infra::memory::Pages;
use matching::CompanyId;

use crate::world::{MINUTE, World};

fn named(text: &str) -> RecordId {
    RecordId::parse(text).unwrap()
}

pub(crate) fn company() -> CompanyId {
    CompanyId::parse("1").unwrap()
}

fn by_email(email: &str) -> Person {
    Person {
        emails: vec![email.to_owned()],
        ..Person::default()
    }
}

fn at_work(name: &str, company: &str) -> Person {
    Person {
        name: Some(name.to_owned()),
        company: Some(company.to_owned()),
        ..Person::default()
    }
}

/// Company 1 with its account. Erika and Max work there, Lena is a lead there, and a task belongs to Erika.
async fn world() -> World {
    let world = World::new(Pages::Ordered, 10).await;
    let crm = &world.crm;
    let account = [
        ("Name", "Werk 1 GmbH"),
        ("Website", "https://werk1.example"),
        ("Zip", "10115"),
        ("City", "Berlin"),
    ];
    crm.put(Object::Account, &named("acc-1"), &account);
    for (id, name, email) in [
        ("erika", "Erika Muster", "erika@werk1.example"),
        ("max", "Max Beispiel", "max@werk1.example"),
    ] {
        let fields = [
            ("Name", name),
            ("Email", email),
            ("Mobile", if id == "erika" { "+49 170 1234567" } else { "" }),
            ("Parent", "acc-1"),
        ];
        crm.put(Object::Contact, &named(id), &fields);
    }
    let lead = [
        ("Name", "Lena Probe"),
        ("Company", "Werk 1 GmbH"),
        ("Email", "lena@werk1.example"),
        ("Zip", "10115"),
        ("City", "Berlin"),
    ];
    crm.put(Object::Lead, &named("lena"), &lead);
    let task = [("Name", "call"), ("Open", "yes"), ("Parent", "erika")];
    crm.put(Object::Task, &named("task"), &task);
    crm.advance(MINUTE);
    world.run().await;
    for (object, id) in [(Object::Contact, "erika"), (Object::Contact, "max")] {
        let view = open(&world).await;
        let (id, by) = (named(id), ("user-1", world.now()));
        review_relations::decide(&view, (object, &id), &company(), Say::Approve, by)
            .await
            .unwrap();
    }
    world
}

pub(crate) async fn open(world: &World) -> View<'_> {
    let which = Which {
        tenant: world.scope.tenant.clone(),
        integration: world.scope.integration.clone(),
    };
    View::open(&*world.ports.store, &*world.ports.keys, &which)
        .await
        .unwrap()
}

pub(crate) async fn object(world: &World, person: &Person) {
    let tenant = &world.scope.tenant;
    let keys = world.keys.tenant(tenant).await.unwrap();
    let noted = Objection {
        person,
        at: world.now(),
        by: "user-1",
        reference: None,
    };
    suppressions::add(
        &world.store,
        &keys,
        tenant,
        SuppressionKind::Objection,
        noted,
    )
    .await
    .unwrap();
}

pub(crate) async fn withdraw(world: &World, person: &Person) -> u64 {
    let tenant = &world.scope.tenant;
    let keys = world.keys.tenant(tenant).await.unwrap();
    let kind = SuppressionKind::Objection;
    suppressions::lift(&world.store, Some(&keys), tenant, kind, person, world.now())
        .await
        .unwrap()
}

async fn listed(world: &World, filter: &Filter) -> Vec<String> {
    let view = open(world).await;
    let (mut ids, mut after): (Vec<String>, _) = (Vec::new(), None);
    loop {
        let page = show_copy::list(&view, filter, after.as_deref(), 1)
            .await
            .unwrap();
        ids.extend(page.records.iter().map(|record| record.id.to_string()));
        after = page.next;
        if after.is_none() {
            ids.sort();
            return ids;
        }
    }
}

/// Every view that may show a person, by name.
pub(crate) async fn everywhere(
    world: &World,
    object: Object,
    id: &str,
    email: &str,
) -> Vec<&'static str> {
    let (view, record) = (open(world).await, named(id));
    let mut places = Vec::new();
    let mut note = |place, is_there: bool| {
        if is_there {
            places.push(place);
        }
    };
    let all = |filter: Filter| async move { listed(world, &filter).await.contains(&id.to_owned()) };
    let by = Filter::default;
    note(
        "object",
        all(Filter {
            object: Some(object),
            ..by()
        })
        .await,
    );
    note(
        "parent",
        all(Filter {
            parent: Some((Object::Account, named("acc-1"))),
            ..by()
        })
        .await,
    );
    note(
        "company",
        all(Filter {
            company: Some(company()),
            ..by()
        })
        .await,
    );
    note(
        "email",
        all(Filter {
            email: Some(email.to_owned()),
            ..by()
        })
        .await,
    );
    note(
        "domain",
        all(Filter {
            domain: Some("werk1.example".to_owned()),
            ..by()
        })
        .await,
    );
    let picture = show_copy::company(&view, &company()).await.unwrap();
    let mut pictured = picture
        .records
        .iter()
        .chain(picture.children.values().flatten());
    note("picture", pictured.any(|shown| shown.id == record));
    let (told, _) = show_copy::status(&view, &[company()]).await.unwrap();
    let mut records = told[0].records.iter();
    note("status", records.any(|one| one.id == record));
    let suggested = review_relations::suggested(&view, None, 100).await.unwrap();
    let mut suggestions = suggested.suggestions.iter();
    note(
        "suggestions",
        suggestions.any(|one| one.record.id == record),
    );
    note(
        "record",
        show_copy::record(&view, object, &record).await.is_ok(),
    );
    places
}

fn code<T>(outcome: Result<T, Fault>) -> Option<String> {
    outcome.err().map(|fault| fault.code().to_string())
}

#[tokio::test]
async fn a_person_who_objects_by_any_identifier_is_shown_nowhere_until_the_withdrawal() {
    let erika = (Object::Contact, "erika", "erika@werk1.example");
    let lena = (Object::Lead, "lena", "lena@werk1.example");
    let by_phone = Person {
        phones: vec!["0170 123 45 67".to_owned()],
        ..Person::default()
    };
    for ((kind, id, email), person, n) in [
        (erika, by_email("Erika@Werk1.example"), 1),
        (erika, by_phone, 1),
        (erika, at_work("Dr. Muster, Erika", "Werk 1"), 1),
        (lena, by_email("lena@werk1.example"), 1),
        (lena, at_work("Lena Probe", "WERK 1 GmbH"), 1),
    ] {
        let world = world().await;
        let before = everywhere(&world, kind, id, email).await;
        assert!(before.len() >= 6, "{id} {before:?}");
        object(&world, &person).await;
        assert_eq!(everywhere(&world, kind, id, email).await, [""; 0], "{id}");
        let max = everywhere(&world, Object::Contact, "max", "max@werk1.example").await;
        assert!(max.len() >= 6, "others are shown: {max:?}");
        let view = open(&world).await;
        let record = (kind, &named(id));
        let shown = show_copy::record(&view, record.0, record.1).await;
        assert_eq!(code(shown).as_deref(), Some("record.withheld"));
        let by = ("user-1", world.now());
        let decided = review_relations::decide(&view, record, &company(), Say::Block, by).await;
        assert_eq!(code(decided).as_deref(), Some("record.withheld"));
        // A run does not change this, and the copy stays complete.
        world.next_run().await;
        assert_eq!(everywhere(&world, kind, id, email).await, [""; 0], "{id}");
        world.assert_is_copy().await;
        // A request for access still reports the held data.
        let tenant = &world.scope.tenant;
        let held = subject_requests::find(
            &*world.ports.store,
            &*world.ports.keys,
            tenant,
            &by_email(email),
            None,
        )
        .await;
        assert!(
            held.unwrap()
                .records
                .iter()
                .any(|(_, one, _)| one.id == named(id))
        );
        assert_eq!(withdraw(&world, &person).await, n);
        assert_eq!(everywhere(&world, kind, id, email).await, before, "{id}");
    }
}

/// The row that counts editions is only a cache. The rows of the people say what is in force.
#[tokio::test]
async fn whoever_objected_stays_hidden_though_the_row_that_counts_was_lost() {
    let world = world().await;
    let erika = async || everywhere(&world, Object::Contact, "erika", "erika@werk1.example").await;
    let max = async || everywhere(&world, Object::Contact, "max", "max@werk1.example").await;
    object(&world, &by_email("erika@werk1.example")).await;
    world.store.lose_head(&world.scope.tenant);
    assert_eq!(erika().await, [""; 0]);
    assert!(max().await.len() >= 6);
    object(&world, &by_email("max@werk1.example")).await;
    assert_eq!((erika().await, max().await), (vec![], vec![]));
    world.store.lose_head(&world.scope.tenant);
    assert_eq!((erika().await, max().await), (vec![], vec![]));
    assert_eq!(withdraw(&world, &by_email("erika@werk1.example")).await, 1);
    assert!(erika().await.len() >= 6);
    assert_eq!(max().await, [""; 0]);
}

#[tokio::test]
async fn a_namesake_at_another_company_is_shown() {
    let world = world().await;
    object(&world, &at_work("Erika Muster", "Hof 2 GmbH")).await;
    let places = everywhere(&world, Object::Contact, "erika", "erika@werk1.example").await;
    assert!(places.len() >= 6, "{places:?}");
}

#[tokio::test]
async fn a_status_leaves_out_namesakes_that_only_an_unread_account_could_tell_from_an_objector() {
    let world = world().await;
    let (ben, hof) = (named("ben"), named("acc-2"));
    let account = [("Name", "Hof 2 GmbH"), ("City", "Bonn")];
    world.crm.put(Object::Account, &hof, &account);
    let contact = [("Name", "Ben Probe"), ("Parent", "acc-2")];
    world.crm.put(Object::Contact, &ben, &contact);
    world.crm.advance(MINUTE);
    world.wait(crate::world::DAY);
    world.run().await;
    let company = CompanyId::parse("only Ben's").unwrap();
    let place = (Object::Contact, &ben);
    let by = ("user-1", world.now());
    let view = open(&world).await;
    review_relations::decide(&view, place, &company, Say::Approve, by)
        .await
        .unwrap();
    let status = || async {
        let view = open(&world).await;
        let (mut all, _) = show_copy::status(&view, std::slice::from_ref(&company))
            .await
            .unwrap();
        let told = all.remove(0);
        (told.in_crm, told.n_records, told.is_partial)
    };
    assert_eq!(status().await, (InCrm::Yes, 1, false));
    // A namesake who works elsewhere. Only Ben's account could tell the two apart.
    object(&world, &at_work("Ben Probe", "Werk 1 GmbH")).await;
    assert_eq!(status().await, (InCrm::Perhaps, 0, true));
    let view = open(&world).await;
    let picture = show_copy::company(&view, &company).await.unwrap();
    assert_eq!(picture.records.len(), 1, "the picture has the time to look");
}

#[tokio::test]
async fn the_status_counts_neither_people_who_objected_nor_their_children() {
    let world = world().await;
    let told = |told: show_copy::CompanyStatus| (told.in_crm, told.n_records, told.open_tasks);
    let status = || async {
        let view = open(&world).await;
        let (mut all, _) = show_copy::status(&view, &[company()]).await.unwrap();
        told(all.remove(0))
    };
    let (in_crm, n_records, open_tasks) = status().await;
    assert_eq!((in_crm, open_tasks), (InCrm::Yes, 1));
    object(&world, &by_email("erika@werk1.example")).await;
    assert_eq!(status().await, (InCrm::Yes, n_records - 1, 0));
}
