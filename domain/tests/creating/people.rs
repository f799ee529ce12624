//! The people whom a record names, and who of them has to be cleared.

use domain::{
    create::{CreateOutcome, Whom},
    legal::{Missing, Objection, Person, suppressions},
    ports::{SuppressionKind, TenantKeyring},
    record::Object::{Contact, Task},
};
use infra::memory::Pages::Ordered;
use serde_json::json;

use super::{anna, companies::previewed, objects, one, person};
use crate::world::{World, id};

#[tokio::test]
async fn nobody_reaches_the_crm_without_an_assessment_or_against_an_objection() {
    let world = World::new(Ordered, 5).await;
    let refused = |missing| CreateOutcome::NotCleared {
        missing: vec![missing],
    };
    assert_eq!(
        world.outcome("key-1", &anna()).await,
        refused(Missing::Basis)
    );
    let mut without = anna();
    without.items[0].purpose = None;
    assert_eq!(
        world.outcome("key-0", &without).await,
        refused(Missing::Basis)
    );
    assert_eq!(world.crm.calls("create"), 0);

    world.assess("anna@werk1.example").await;
    objects(&world, "anna@werk1.example").await;
    assert_eq!(
        world.outcome("key-1", &anna()).await,
        refused(Missing::Objection)
    );
    let keys = world.keys.tenant(&world.scope.tenant).await.unwrap();
    let anna_herself = person("anna@werk1.example");
    let (store, tenant) = (&world.store, &world.scope.tenant);
    suppressions::lift(
        store,
        Some(&keys),
        tenant,
        SuppressionKind::Objection,
        &anna_herself,
        world.now(),
    )
    .await
    .unwrap();
    // Nothing came of the earlier calls, so the key can be used again.
    assert!(matches!(
        world.outcome("key-1", &anna()).await,
        CreateOutcome::Created { .. }
    ));
    assert_eq!(world.n_in_crm(Contact), 1);
}

#[tokio::test]
async fn a_record_with_any_number_or_address_of_an_objector_is_not_created() {
    let world = World::new(Ordered, 5).await;
    world.assess("anna@werk1.example").await;
    world.assess("ben@werk1.example").await;
    let keys = world.keys.tenant(&world.scope.tenant).await.unwrap();
    let by_number = Person {
        phones: vec!["0170 123 45 67".to_owned()],
        ..Person::default()
    };
    for person in [&by_number, &person("anna@home.example")] {
        let (at, by, reference) = (world.now(), "user-1", None);
        let noted = Objection {
            person,
            at,
            by,
            reference,
        };
        let (store, tenant) = (&world.store, &world.scope.tenant);
        let suppressed = suppressions::add(store, &keys, tenant, SuppressionKind::Objection, noted);
        suppressed.await.unwrap();
    }
    let refused = CreateOutcome::NotCleared {
        missing: vec![Missing::Objection],
    };
    for more in [
        json!({"Direct": "+49 170 1234567"}),
        json!({"Second": "Anna@Home.example"}),
    ] {
        let mut wanted = json!({"Name": "Anna Muster", "Email": "anna@werk1.example"});
        wanted
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        assert_eq!(world.outcome("key-1", &one(Contact, wanted)).await, refused);
    }
    // A record that points at the person is not created either.
    let fields = [
        ("Name", "Ben"),
        ("Email", "ben@werk1.example"),
        ("Direct", "+49 170 1234567"),
    ];
    world.crm.put(Contact, &id(7), &fields);
    let call = one(Task, json!({"Name": "call Ben", "Who": id(7).as_str()}));
    assert_eq!(world.outcome("key-2", &call).await, refused);
    assert_eq!(world.crm.calls("create"), 0);
}

#[tokio::test]
async fn the_address_of_an_assessed_colleague_in_another_field_clears_nobody() {
    let world = World::new(Ordered, 5).await;
    world.assess("ben@werk1.example").await;
    let refused = CreateOutcome::NotCleared {
        missing: vec![Missing::Basis],
    };
    let carla =
        json!({"Name": "Carla", "Email": "carla@werk1.example", "Notes": "ben@werk1.example"});
    assert_eq!(world.outcome("key-1", &one(Contact, carla)).await, refused);
    let nameless = json!({"Name": "Carla", "Notes": "ben@werk1.example"});
    assert_eq!(
        world.outcome("key-2", &one(Contact, nameless)).await,
        refused
    );
    // The same holds for a person whom the record points at.
    let fields = [
        ("Name", "Carla"),
        ("Email", "carla@werk1.example"),
        ("Notes", "ben@werk1.example"),
    ];
    world.crm.put(Contact, &id(7), &fields);
    let call = one(Task, json!({"Name": "call Carla", "Who": id(7).as_str()}));
    assert_eq!(world.outcome("key-3", &call).await, refused);
    assert_eq!(world.crm.calls("create"), 0);
}

#[tokio::test]
async fn another_person_with_a_further_address_of_the_record_needs_a_clearance_too() {
    let world = World::new(Ordered, 5).await;
    world.assess("anna@werk1.example").await;
    let fields =
        json!({"Name": "Anna Muster", "Email": "anna@werk1.example", "Also": "ben@werk1.example"});
    let both = one(Contact, fields);
    let refused = CreateOutcome::NotCleared {
        missing: vec![Missing::Basis],
    };
    assert_eq!(world.outcome("key-1", &both).await, refused);
    world.assess("ben@werk1.example").await;
    assert!(matches!(
        world.outcome("key-1", &both).await,
        CreateOutcome::Created { .. }
    ));
}

#[tokio::test]
async fn a_preview_says_of_each_person_what_is_missing() {
    let world = World::new(Ordered, 5).await;
    world.assess("anna@werk1.example").await;
    let fields =
        json!({"Name": "Anna Muster", "Email": "anna@werk1.example", "Also": "ben@werk1.example"});
    let told = async |call| {
        let preview = previewed(&world, &call).await;
        let all = preview.people_not_cleared.into_iter();
        all.map(|one| (one.whom, one.id, one.emails, one.missing))
            .collect::<Vec<_>>()
    };
    let ben = |missing| {
        (
            Whom::Field,
            None,
            vec!["ben@werk1.example".to_owned()],
            missing,
        )
    };
    let call = || one(Contact, fields.clone());
    assert_eq!(told(call()).await, [ben(vec![Missing::Basis])]);
    objects(&world, "anna@werk1.example").await;
    let anna = |missing| {
        (
            Whom::Own,
            None,
            vec!["anna@werk1.example".to_owned()],
            missing,
        )
    };
    assert_eq!(
        told(call()).await,
        [anna(vec![Missing::Objection]), ben(vec![Missing::Basis])]
    );
    let mut without = call();
    without.items[0].purpose = None;
    let both = [anna(vec![Missing::Basis]), ben(vec![Missing::Basis])];
    assert_eq!(told(without).await, both);
    // A record in the CRM is named by its id: its addresses are not the caller's.
    world.crm.put(
        Contact,
        &id(7),
        &[("Name", "Carla"), ("Email", "carla@werk1.example")],
    );
    let task = one(Task, json!({"Name": "call Carla", "Who": id(7).as_str()}));
    let carla = (Whom::Record, Some(id(7)), Vec::new(), vec![Missing::Basis]);
    assert_eq!(told(task).await, [carla]);
}
