//! Accounts that are people are withheld, erased, found and cleared like contacts.

use domain::{
    create::CreateOutcome,
    fault::Code,
    legal::{Missing, Objection, Person},
    ports::{Index, Keys, Lookup, Reading, TenantKeyring},
    progress::Verdict,
    record::{Object, RecordId},
    review_relations::{self, Say},
    seal::HashKind,
    show_copy, subject_requests,
};
use infra::memory::Pages;
use proptest::prelude::*;
use serde_json::json;

use crate::{
    creating::one,
    hiding::{company, everywhere, object, open, withdraw},
    world::{MINUTE, World, of, verdict},
};

const EMAIL: &str = "thomas@werk1.example";

fn named(text: &str) -> RecordId {
    RecordId::parse(text).unwrap()
}

fn reached_by(text: &str) -> Person {
    let text = text.to_owned();
    match text.contains('@') {
        true => Person {
            emails: vec![text],
            ..Person::default()
        },
        false => Person {
            phones: vec![text],
            ..Person::default()
        },
    }
}

fn at(name: &str, company: &str) -> Person {
    Person {
        name: Some(name.to_owned()),
        company: Some(company.to_owned()),
        ..Person::default()
    }
}

/// Thomas is a person account that a user related to company 1, with a task and an opportunity. Werk 1 is a company.
async fn world() -> World {
    let world = World::new(Pages::Ordered, 10).await;
    let crm = &world.crm;
    let werk = [("Name", "Werk 1 GmbH"), ("Phone", "+49 30 1112223")];
    crm.put(Object::Account, &named("werk"), &werk);
    let thomas = [
        ("Name", "Thomas Probe"),
        ("Person", "yes"),
        ("Email", EMAIL),
        ("Second", "Thomas@Home.example; t@other.example"),
        ("Mobile", "+49 170 7654321"),
        ("AssistantPhone", "030 / 445 566 7"),
        ("Assistant", "Ben Beispiel"),
    ];
    crm.put(Object::Account, &named("thomas"), &thomas);
    let beside = [
        ("Name", "Thomas Probe"),
        ("Email", EMAIL),
        ("Parent", "thomas"),
        ("Same", "thomas"),
    ];
    crm.put(Object::Contact, &named("beside"), &beside);
    for (object, id) in [(Object::Task, "task"), (Object::Opportunity, "sale")] {
        let fields = [("Name", "offer"), ("Open", "yes"), ("Parent", "thomas")];
        crm.put(object, &named(id), &fields);
    }
    crm.advance(MINUTE);
    world.run().await;
    let view = open(&world).await;
    let by = ("user-1", world.now());
    let place = (Object::Account, &named("thomas"));
    review_relations::decide(&view, place, &company(), Say::Approve, by)
        .await
        .unwrap();
    drop(view);
    world
}

async fn found(world: &World, person: &Person) -> Vec<(String, bool)> {
    let tenant = &world.scope.tenant;
    let part = subject_requests::find(
        &*world.ports.store,
        &*world.ports.keys,
        tenant,
        person,
        None,
    )
    .await;
    let records = part.unwrap().records.into_iter();
    records
        .map(|(_, record, own)| (record.id.to_string(), own))
        .collect()
}

async fn erase(world: &World, person: &Person) -> subject_requests::Erased {
    let noted = Objection {
        person,
        at: world.now(),
        by: "user-1",
        reference: None,
    };
    let tenant = &world.scope.tenant;
    let told = subject_requests::erase(
        &*world.ports.store,
        &*world.ports.keys,
        tenant,
        noted,
        false,
        None,
    )
    .await;
    told.unwrap()
}

fn ids(found: &[subject_requests::RecordPlace]) -> Vec<&str> {
    found.iter().map(|one| one.id.as_str()).collect()
}

/// All identifications of Thomas.
fn all_of_him() -> Vec<Person> {
    let reached = [
        EMAIL,
        "thomas@home.example",
        "t@other.example",
        "0170 765 43 21",
        "+49 30 4455667",
    ];
    reached.into_iter().map(reached_by).collect()
}

#[tokio::test]
async fn a_person_account_is_shown_nowhere_after_an_objection_by_any_identifier() {
    let by_name = [
        at("Probe, Thomas", "Thomas Probe"),
        at("Ben Beispiel", "Thomas Probe"),
    ];
    let world = world().await;
    let before = everywhere(&world, Object::Account, "thomas", EMAIL).await;
    assert!(before.len() >= 7, "{before:?}");
    for person in all_of_him().into_iter().chain(by_name) {
        object(&world, &person).await;
        let told = format!("{:?} {:?} {:?}", person.emails, person.phones, person.name);
        let shown = everywhere(&world, Object::Account, "thomas", EMAIL).await;
        assert_eq!(shown, [""; 0], "{told}");
        let view = open(&world).await;
        let refused = show_copy::record(&view, Object::Account, &named("thomas")).await;
        assert_eq!(
            *refused.err().unwrap().code(),
            Code::RecordWithheld,
            "{told}"
        );
        let beside = show_copy::record(&view, Object::Contact, &named("beside")).await;
        assert_eq!(
            *beside.err().unwrap().code(),
            Code::RecordWithheld,
            "{told}"
        );
        let (status, _) = show_copy::status(&view, &[company()]).await.unwrap();
        assert_eq!(status[0].open_opportunities, 0, "{told}");
        // The task stays visible, as a contact's task would.
        let task = show_copy::record(&view, Object::Task, &named("task")).await;
        assert!(task.is_ok(), "{told}");
        withdraw(&world, &person).await;
        let shown = everywhere(&world, Object::Account, "thomas", EMAIL).await;
        assert_eq!(shown, before, "{told}");
    }
    // A company's number identifies no person.
    object(&world, &reached_by("+49 30 1112223")).await;
    let view = open(&world).await;
    let shown = show_copy::record(&view, Object::Account, &named("werk")).await;
    assert!(shown.is_ok());
}

#[tokio::test]
async fn a_person_account_is_found_by_each_address_number_and_name_of_the_person() {
    let world = world().await;
    let by_name = Person {
        name: Some("Probe Thomas".to_owned()),
        ..Person::default()
    };
    for person in all_of_him().into_iter().chain([by_name]) {
        let told = format!("{:?} {:?} {:?}", person.emails, person.phones, person.name);
        let own = ("thomas".to_owned(), true);
        assert!(found(&world, &person).await.contains(&own), "{told}");
    }
}

#[tokio::test]
async fn an_erasure_deletes_a_person_account_from_the_copy_for_good() {
    for person in all_of_him() {
        let world = world().await;
        let told = erase(&world, &person).await;
        assert_eq!(
            (ids(&told.erased), ids(&told.left)),
            (vec!["thomas", "beside"], vec![])
        );
        for round in 0..2 {
            if round == 1 {
                // A change in the CRM makes the CRM send the record again.
                let fields = [
                    ("Name", "Thomas Probe"),
                    ("Person", "yes"),
                    ("Email", EMAIL),
                    ("Second", "thomas@home.example;t@other.example"),
                    ("Mobile", "0170 7654321"),
                    ("AssistantPhone", "+49 30 4455667"),
                    ("Phase", "x"),
                ];
                world.crm.put(Object::Account, &named("thomas"), &fields);
                world.crm.advance(MINUTE);
            }
            let report = world.next_run().await;
            let summary = of(&report, Object::Account);
            assert_eq!(verdict(&report, Object::Account), Verdict::Verified);
            assert_eq!(summary.withheld, 1);
            assert_eq!(world.copied(Object::Account).await.len(), 1);
            let view = open(&world).await;
            let refused = show_copy::record(&view, Object::Account, &named("thomas")).await;
            assert_eq!(*refused.err().unwrap().code(), Code::RecordUnknown);
            let keys = world.keys.open(&world.scope).await.unwrap().unwrap();
            let look = Lookup {
                index: Index::Email,
                hash: keys.index.hash(HashKind::Email, EMAIL),
                after: None,
                most: 10,
            };
            let hits = world.store.hits(&world.scope, &[look]).await.unwrap();
            assert!(hits[0].hits.is_empty());
            assert_eq!(found(&world, &person).await, []);
        }
    }
}

#[tokio::test]
async fn an_erasure_by_name_holds_for_the_record_even_under_another_name() {
    let world = world().await;
    let by_name = Person {
        name: Some("Thomas Probe".to_owned()),
        ..Person::default()
    };
    let told = erase(&world, &by_name).await;
    assert_eq!(ids(&told.erased), ["thomas", "beside"]);
    // The record was erased, whatever name it has now.
    let fields = [("Name", "T. P."), ("Person", "yes")];
    world.crm.put(Object::Account, &named("thomas"), &fields);
    world.crm.advance(MINUTE);
    let report = world.next_run().await;
    assert_eq!(of(&report, Object::Account).withheld, 1);
    let tenant = &world.scope.tenant;
    let records: Vec<_> = told
        .erased
        .into_iter()
        .map(|found| (found.integration, found.object, found.id))
        .collect();
    let nobody = Person::default();
    subject_requests::lift(
        &*world.ports.store,
        &*world.ports.keys,
        tenant,
        &nobody,
        &records,
        world.now(),
    )
    .await
    .unwrap();
    world.next_run().await;
    world.assert_is_copy().await;
}

/// Kim is a contact with two addresses. Her lead is a copy of the contact, with the first address only, and lies under the company.
async fn with_a_copied_lead() -> World {
    let world = world().await;
    let crm = &world.crm;
    let kim = [
        ("Name", "Kim Probe"),
        ("Email", "kim@werk1.example"),
        ("Second", "kim@home.example"),
        ("Parent", "werk"),
    ];
    crm.put(Object::Contact, &named("kim"), &kim);
    let lead = [
        ("Name", "Kim Probe"),
        ("Email", "kim@werk1.example"),
        ("Copied", "kim"),
        ("Parent", "werk"),
    ];
    crm.put(Object::Lead, &named("lead"), &lead);
    crm.advance(MINUTE);
    world.next_run().await;
    world
}

#[tokio::test]
async fn a_lead_that_copies_a_contact_is_withheld_by_each_of_the_contacts_addresses() {
    let world = with_a_copied_lead().await;
    let before = everywhere(&world, Object::Lead, "lead", "kim@werk1.example").await;
    assert!(!before.is_empty());
    for address in ["kim@werk1.example", "kim@home.example"] {
        object(&world, &reached_by(address)).await;
        let shown = everywhere(&world, Object::Lead, "lead", "kim@werk1.example").await;
        assert_eq!(shown, [""; 0], "{address}");
        let view = open(&world).await;
        let refused = show_copy::record(&view, Object::Lead, &named("lead")).await;
        let code = refused.err().unwrap().code().to_string();
        assert_eq!(code, Code::RecordWithheld.to_string(), "{address}");
        withdraw(&world, &reached_by(address)).await;
        let shown = everywhere(&world, Object::Lead, "lead", "kim@werk1.example").await;
        assert_eq!(shown, before, "{address}");
    }
}

#[tokio::test]
async fn a_lead_that_copies_a_contact_is_found_and_erased_by_each_of_the_contacts_addresses() {
    for address in ["kim@werk1.example", "kim@home.example"] {
        let world = with_a_copied_lead().await;
        let own = |id: &str| (id.to_owned(), true);
        let all = found(&world, &reached_by(address)).await;
        assert_eq!(all, [own("kim"), own("lead")], "{address}");
        let told = erase(&world, &reached_by(address)).await;
        assert_eq!(ids(&told.erased), ["kim", "lead"], "{address}");
        // The CRM sends the lead again. Its contact is not in the copy any more.
        let again = [
            ("Name", "Kim Probe"),
            ("Copied", "kim"),
            ("Parent", "werk"),
            ("Phase", "x"),
        ];
        world.crm.put(Object::Lead, &named("lead"), &again);
        world.crm.put(Object::Lead, &named("second"), &again);
        world.crm.advance(MINUTE);
        let report = world.next_run().await;
        assert_eq!(of(&report, Object::Lead).withheld, 2, "{address}");
        assert_eq!(world.copied(Object::Lead).await.len(), 0, "{address}");
    }
}

#[tokio::test]
async fn a_task_of_a_person_account_needs_the_persons_clearance_and_one_of_a_company_does_not() {
    let world = world().await;
    let call = |parent: &str| one(Object::Task, json!({"Name": "call", "Parent": parent}));
    let made = world.outcome("key-1", &call("werk")).await;
    assert!(matches!(made, CreateOutcome::Created { .. }));
    // The person is in the copy, erased from it, or not copied yet.
    erase(&world, &reached_by("t@other.example")).await;
    let new = [
        ("Name", "Nina Neu"),
        ("Person", "yes"),
        ("Email", "nina@home.example"),
    ];
    world.crm.put(Object::Account, &named("nina"), &new);
    for (key, parent, missing) in [
        ("key-2", "thomas", vec![Missing::Basis, Missing::Erasure]),
        ("key-3", "nina", vec![Missing::Basis]),
    ] {
        let refused = CreateOutcome::NotCleared { missing };
        assert_eq!(world.outcome(key, &call(parent)).await, refused);
    }
    world.assess("nina@home.example").await;
    let made = world.outcome("key-3", &call("nina")).await;
    assert!(matches!(made, CreateOutcome::Created { .. }));
    let keys = world.keys.tenant(&world.scope.tenant).await;
    assert!(keys.is_ok());
}

/// An address or a number, as a field has it and as the person states it.
fn reach() -> impl Strategy<Value = (String, String)> {
    let email = ("[a-z]{1,8}", "[a-z]{2,8}");
    let email = email.prop_map(|(local, domain)| format!("{local}@{domain}.example"));
    let email =
        (email, any::<bool>(), "( ?[;,] ?x@y.example)?").prop_map(|(email, upper, more)| {
            let written = if upper {
                email.to_uppercase()
            } else {
                email.clone()
            };
            (format!(" {written}{more}"), email)
        });
    let phone = ("[1-9][0-9]{6,8}", 0..4_u8).prop_map(|(rest, how)| {
        let written = match how {
            0 => format!("+49 171 {rest}"),
            1 => format!("0171/{rest}"),
            2 => format!("(0171) {} {}", &rest[..3], &rest[3..]),
            _ => format!("0049171{rest}; +49 30 1234567"),
        };
        (written, format!("+49171{rest}"))
    });
    prop_oneof![email, phone]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn an_objection_by_an_address_or_number_in_any_field_hides_the_record(
        (written, given) in reach(),
        field in "[A-Z][a-z]{3,12}(__c|__pc)?",
        kind in prop::sample::select(vec![Object::Account, Object::Contact, Object::Lead]),
    ) {
        // These names have another meaning for this CRM.
        prop_assume!(!["Parent", "Name", "Person"].contains(&field.as_str()));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let world = World::new(Pages::Ordered, 10).await;
            let mut fields = vec![("Name", "Thomas Probe"), (field.as_str(), written.as_str())];
            if kind == Object::Account {
                fields.push(("Person", "yes"));
            }
            world.crm.put(kind, &named("thomas"), &fields);
            world.crm.advance(MINUTE);
            world.run().await;
            let shown = || async {
                let view = open(&world).await;
                show_copy::record(&view, kind, &named("thomas")).await.is_ok()
            };
            assert!(shown().await);
            object(&world, &reached_by(&given)).await;
            assert!(!shown().await, "{field}: {written:?} and {given:?}");
            assert_eq!(found(&world, &reached_by(&given)).await.len(), 1);
        });
    }
}
