//! Creating for a company of the reference database. Its row fills the fields, and the record is related to the company at once,
//! whatever breaks.

use std::collections::BTreeMap;

use domain::{
    change_settings,
    create::{CreateOutcome, DuplicateCandidate, Preview, Request, Wanted, preview},
    fault::Outcome,
    integration::Which,
    ports::Keys,
    record::{
        Object::{self, Account, Contact, Lead, Opportunity, Task},
        RecordId,
    },
    review_relations::{self, Say},
    settings::{FieldName, Meaning, Settings},
    show_copy::{self, View},
    vanished::Answer,
};
use infra::memory::{Faults, Mode, Pages::Ordered};
use matching::{
    Column, CompanyId,
    RelationStatus::{self, Approved},
};
use serde_json::{Value, json};

use super::{CreateContext, one, wanted};
use crate::{
    holding::answer,
    world::{DAILY, HOUR, MINUTE, World},
};

pub(super) fn company(id: &str) -> CompanyId {
    CompanyId::parse(id).unwrap()
}

/// A request to create a record of an object for a company.
fn of(object: Object, name: &str, fields: Value) -> Request {
    let mut request = one(object, fields);
    request.items[0].company = Some(company(name));
    request
}

pub(super) fn which(world: &World) -> Which {
    Which {
        tenant: world.scope.tenant.clone(),
        integration: world.scope.integration.clone(),
    }
}

pub(super) async fn relations(
    world: &World,
    object: Object,
    id: &RecordId,
) -> Vec<(String, RelationStatus)> {
    let view = View::open(&*world.ports.store, &*world.ports.keys, &which(world))
        .await
        .unwrap();
    let detail = show_copy::record(&view, object, id).await.unwrap();
    let relations = detail.record.relations.into_iter();
    relations
        .map(|relation| (relation.company.as_str().to_owned(), relation.status))
        .collect()
}

pub(crate) async fn previewed(world: &World, request: &Request) -> Preview {
    previews(world, request).await.unwrap().remove(0)
}

pub(super) async fn previews(world: &World, request: &Request) -> Outcome<Vec<Preview>> {
    let clock = || world.now();
    let integration = world.ports.store.integration(&which(world)).await.unwrap();
    let context = CreateContext {
        store: &*world.ports.store,
        keyring: &*world.ports.keys,
        companies: &*world.ports.companies,
        integration: &integration.unwrap(),
        crm: world.crm.session(),
        keys: world.keys.open(&world.scope).await.unwrap().unwrap(),
        by: "user-1".to_owned(),
        holder: "preview".to_owned(),
        deadline: world.now().checked_add(MINUTE).unwrap(),
        clock: &clock,
        allowance: world.settings.allowance.as_ref(),
    };
    preview(&context, request).await
}

/// Creates a record, and returns its id.
async fn made(world: &World, key: &str, request: &Request) -> RecordId {
    match world.outcome(key, request).await {
        CreateOutcome::Created {
            id, in_copy: true, ..
        } => id,
        other => panic!("{other:?}"),
    }
}

fn text(world: &World, object: Object, id: &RecordId) -> Value {
    serde_json::from_str(&world.crm.records(object)[id].0).unwrap()
}

#[tokio::test]
async fn an_account_is_filled_from_its_company_and_related_to_it_for_good() {
    let world = World::new(Ordered, 5).await;
    world.run().await;
    let request = of(Account, "2", json!({"City": "Altona"}));
    let seen = previewed(&world, &request).await;
    let fields = json!({"Name": "Werk 2 GmbH", "Website": "werk2.example", "City": "Altona"});
    assert_eq!(
        serde_json::to_value(&seen.fields).unwrap(),
        fields,
        "what is given wins"
    );
    assert_eq!(
        (seen.company, seen.would_create),
        (Some(company("2")), true)
    );
    assert_eq!(world.n_in_crm(Account), 0);

    let id = made(&world, "key-1", &request).await;
    assert_eq!(text(&world, Account, &id), fields);
    let related = vec![("2".to_owned(), Approved)];
    assert_eq!(relations(&world, Account, &id).await, related);
    world.assert_is_copy().await;
    let report = world.next_run().await;
    assert_eq!(report.objects[0].1.written, 0, "the run finds it as it is");
    assert_eq!(relations(&world, Account, &id).await, related);

    // The user's decision outlasts any later change of the record.
    let fields = [
        ("Name", "Werk 1 GmbH"),
        ("Website", "https://werk1.example"),
    ];
    world.crm.put(Account, &id, &fields);
    world.next_run().await;
    let later = relations(&world, Account, &id).await;
    assert_eq!(later[0], ("2".to_owned(), Approved), "{later:?}");
}

#[tokio::test]
async fn an_unknown_company_is_reported_and_nothing_is_sent() {
    let world = World::new(Ordered, 5).await;
    let request = of(Account, "99", json!({"Name": "Werk 99"}));
    let refused = CreateOutcome::UnknownCompany {
        company: company("99"),
    };
    assert_eq!(world.outcome("key-1", &request).await, refused);
    let seen = previewed(&world, &request).await;
    assert!(seen.unknown_company && !seen.would_create);
    assert_eq!(world.crm.calls("create") + world.crm.calls("rehearse"), 0);
    // Nothing was created, so the key can be used again.
    made(&world, "key-1", &of(Account, "1", json!({}))).await;
}

#[tokio::test]
async fn an_account_of_a_company_that_has_one_is_a_duplicate_whatever_it_is_called() {
    let world = World::new(Ordered, 5).await;
    let first = of(
        Account,
        "1",
        json!({"Website": null, "Name": "Ganz anders"}),
    );
    let id = made(&world, "key-1", &first).await;
    let fields = text(&world, Account, &id);
    assert_eq!(fields, json!({"Name": "Ganz anders", "City": "Berlin"}));
    let duplicates = vec![DuplicateCandidate {
        object: Account,
        id,
    }];
    let again = of(
        Account,
        "1",
        json!({"Website": null, "Name": "Noch anders"}),
    );
    match world.outcome("key-2", &again).await {
        CreateOutcome::Duplicate { ours, .. } => assert_eq!(ours, duplicates),
        other => panic!("{other:?}"),
    }
    assert_eq!(previewed(&world, &again).await.duplicates, duplicates);
    let allowed = Request {
        allow_duplicate: true,
        ..again
    };
    made(&world, "key-3", &allowed).await;
}

#[tokio::test]
async fn settings_decide_which_fields_are_filled_and_which_stay_empty() {
    let world = World::new(Ordered, 5).await;
    let field = |name| FieldName::parse(name).unwrap();
    let settings = Settings {
        fields: BTreeMap::from([(Account, [(Meaning::Zip, field("Plz"))].into())]),
        company_fields: BTreeMap::from([(
            Account,
            [
                (field("VendorId"), Some(Column::Id)),
                (field("City"), None),
                (field("Lei"), Some(Column::Lei)),
            ]
            .into(),
        )]),
        ..Settings::default()
    };
    let tag = change_settings::read(&*world.ports.store, &*world.ports.keys, &which(&world))
        .await
        .unwrap()
        .tag();
    change_settings::write(
        &*world.ports.store,
        &*world.ports.keys,
        &which(&world),
        &tag,
        settings,
        world.now(),
        &DAILY,
    )
    .await
    .unwrap();
    let id = made(&world, "key-1", &of(Account, "1", json!({}))).await;
    let fields =
        json!({"Name": "Werk 1 GmbH", "Website": "werk1.example", "Plz": "10115", "VendorId": "1"});
    assert_eq!(text(&world, Account, &id), fields);
}

#[tokio::test]
async fn children_of_a_company_go_to_its_only_account_and_people_need_their_clearance() {
    let world = World::new(Ordered, 5).await;
    let deal = of(Opportunity, "1", json!({"Name": "Deal"}));
    match world.outcome("key-0", &deal).await {
        CreateOutcome::Unfit { missing, .. } => {
            assert_eq!(missing, ["Parent"], "it has no account")
        }
        other => panic!("{other:?}"),
    }
    let account = made(&world, "key-1", &of(Account, "1", json!({}))).await;
    for (key, object) in [("key-2", Opportunity), ("key-3", Task)] {
        let id = made(&world, key, &of(object, "1", json!({"Name": "Deal"}))).await;
        assert_eq!(text(&world, object, &id)["Parent"], account.as_str());
    }
    let anna = json!({"Name": "Anna Muster", "Email": "anna@werk1.example"});
    let person = of(Contact, "1", anna.clone());
    let refused = world.outcome("key-4", &person).await;
    assert!(
        matches!(refused, CreateOutcome::NotCleared { .. }),
        "{refused:?}"
    );
    world.assess("anna@werk1.example").await;
    let contact = made(&world, "key-4", &person).await;
    assert_eq!(text(&world, Contact, &contact)["Parent"], account.as_str());
    assert_eq!(
        relations(&world, Contact, &contact).await[0],
        ("1".to_owned(), Approved)
    );
    world.pass(HOUR);

    // With two accounts of the company, the rules cannot choose one.
    let second = Request {
        allow_duplicate: true,
        ..of(Account, "1", json!({"Website": null}))
    };
    made(&world, "key-5", &second).await;
    match world.outcome("key-6", &deal).await {
        CreateOutcome::Unfit { missing, .. } => assert_eq!(missing, ["Parent"]),
        other => panic!("{other:?}"),
    }
    let lead = Request {
        allow_duplicate: true,
        ..of(Lead, "1", anna)
    };
    let lead = made(&world, "key-7", &lead).await;
    assert_eq!(text(&world, Lead, &lead)["City"], "Berlin");
}

#[tokio::test]
async fn an_objection_by_name_and_company_holds_for_the_chosen_company() {
    use domain::{
        legal::{Objection, Person, suppressions},
        ports::{SuppressionKind, TenantKeyring},
    };
    let world = World::new(Ordered, 5).await;
    world.assess("anna@werk1.example").await;
    let keys = world.keys.tenant(&world.scope.tenant).await.unwrap();
    let objection = Objection {
        person: &Person {
            name: Some("Muster, Anna".to_owned()),
            company: Some("Werk 1".to_owned()),
            ..Person::default()
        },
        at: world.now(),
        by: "user-1",
        reference: None,
    };
    let tenant = &world.scope.tenant;
    suppressions::add(
        &world.store,
        &keys,
        tenant,
        SuppressionKind::Objection,
        objection,
    )
    .await
    .unwrap();
    let anna = json!({"Name": "Anna Muster", "Email": "anna@werk1.example"});
    let refused = world.outcome("key-1", &of(Contact, "1", anna)).await;
    let missing = vec![domain::legal::Missing::Objection];
    assert_eq!(refused, CreateOutcome::NotCleared { missing });
}

#[tokio::test]
async fn a_batch_for_companies_relates_each_to_its_own() {
    let world = World::new(Ordered, 5).await;
    let for_company = |n: usize| {
        let fields = json!({"Name": format!("Niederlassung {n}"), "Website": null});
        Wanted {
            company: Some(company(if n.is_multiple_of(2) { "2" } else { "1" })),
            ..wanted(Account, &fields)
        }
    };
    let mut items: Vec<Wanted> = (0..40).map(for_company).collect();
    items[5].company = Some(company("77"));
    let request = Request {
        items,
        allow_duplicate: true,
    };
    let answer = world.create("key-1", &request).await.unwrap();
    for (n, outcome) in answer.items.iter().enumerate() {
        match outcome {
            CreateOutcome::Created {
                id, in_copy: true, ..
            } => {
                let of = if n.is_multiple_of(2) { "2" } else { "1" };
                let first = relations(&world, Account, id).await.remove(0);
                assert_eq!(first, (of.to_owned(), Approved));
            }
            other => assert!(
                n == 5 && matches!(other, CreateOutcome::UnknownCompany { .. }),
                "{other:?}"
            ),
        }
    }
    assert_eq!(world.n_in_crm(Account), 39);
}

/// Any call breaks in any way. In the end there is one record, which is related to the company at the latest after the next run.
#[tokio::test]
async fn whatever_call_breaks_the_one_record_is_related_to_its_company() {
    let request = of(
        Account,
        "2",
        json!({"Name": "Ganz anders", "Website": null}),
    );
    for external in [false, true] {
        for mode in Mode::ALL {
            let mut n = 1;
            while broken_at(n, mode, external, &request).await {
                n += 1;
            }
            assert!(n > 12, "{n} calls only");
        }
    }
}

async fn broken_at(n: u64, mode: Mode, external: bool, request: &Request) -> bool {
    let world = World::new(Ordered, 5).await;
    world.run().await;
    world.crm.keep_external_ids(external);
    let faults = Faults::at(n, mode);
    let told = super::broken::told(&world, request, Account, &faults).await;
    let Some(broke) = faults.broke() else {
        return false;
    };
    let told = told.last().unwrap().as_ref().unwrap();
    let Ok(CreateOutcome::Created { id, .. }) = told.as_ref().map(|answer| &answer.items[0]) else {
        panic!("{broke} {mode:?}: {told:?}");
    };
    world.next_run().await;
    let first = relations(&world, Account, id).await;
    assert_eq!(first, [("2".to_owned(), Approved)], "{broke} {mode:?}");
    true
}

#[tokio::test]
async fn a_run_that_copies_the_record_first_leaves_the_relation_to_the_request() {
    let request = of(
        Account,
        "2",
        json!({"Name": "Ganz anders", "Website": null}),
    );
    let mut n_met = 0;
    for n in 1..60 {
        let world = World::new(Ordered, 5).await;
        world.run().await;
        // The caller is killed at its n-th call, a run copies the record, and then the caller asks again.
        let killed = Faults::at(n, Mode::KilledAfter);
        let _ = world.creates("key-1", &request, "a", &killed).await;
        world.next_run().await;
        n_met += usize::from(world.held(Account).await == 1);
        world.pass(HOUR);
        let id = match world.outcome("key-1", &request).await {
            CreateOutcome::Created { id, .. } => id,
            other => panic!("{n}: {other:?}"),
        };
        assert_eq!(world.n_in_crm(Account), 1);
        world.next_run().await;
        assert_eq!(
            relations(&world, Account, &id).await,
            [("2".to_owned(), Approved)],
            "{n}"
        );
    }
    assert!(n_met > 2, "{n_met}");
}

#[tokio::test]
async fn a_user_may_decide_otherwise_later() {
    let world = World::new(Ordered, 5).await;
    let id = made(&world, "key-1", &of(Account, "2", json!({"Website": null}))).await;
    let view = View::open(&*world.ports.store, &*world.ports.keys, &which(&world))
        .await
        .unwrap();
    let (record, by) = ((Account, &id), ("user-2", world.now()));
    review_relations::decide(&view, record, &company("2"), Say::Block, by)
        .await
        .unwrap();
    let after = relations(&world, Account, &id).await;
    assert!(
        after.iter().all(|(_, status)| *status != Approved),
        "{after:?}"
    );
    // A repeated request returns the stored answer, and does not undo the user's later decision.
    world.pass(HOUR);
    let again = of(Account, "2", json!({"Website": null}));
    assert!(matches!(
        world.outcome("key-1", &again).await,
        CreateOutcome::Created { .. }
    ));
    assert_eq!(relations(&world, Account, &id).await, after);
}

#[tokio::test]
async fn outcomes_are_in_the_order_of_the_request() {
    let world = World::new(Ordered, 5).await;
    let mut request = of(Account, "1", json!({}));
    request.items.push(wanted(
        Account,
        &json!({"Name": "Frei", "Website": "frei.example"}),
    ));
    request
        .items
        .push(of(Account, "2", json!({})).items.remove(0));
    let answer = world.create("key-1", &request).await.unwrap();
    let mut names = Vec::new();
    for outcome in &answer.items {
        let CreateOutcome::Created { id, .. } = outcome else {
            panic!("{answer:?}");
        };
        names.push(text(&world, Account, id)["Name"].clone());
    }
    assert_eq!(names, ["Werk 1 GmbH", "Frei", "Werk 2 GmbH"]);
}

#[tokio::test]
async fn a_record_whose_deletion_waits_for_a_decision_is_not_a_duplicate() {
    let mut world = World::new(Ordered, 5).await;
    world.settings.max_vanishing_percent = 0;
    world.settings.always_may_vanish = 0;
    let fields = [
        ("Name", "Werk 1 GmbH"),
        ("Website", "https://werk1.example"),
    ];
    let there = RecordId::parse("there").unwrap();
    world.crm.put(Account, &there, &fields);
    world.pass(HOUR);
    world.run().await;
    let duplicates = vec![DuplicateCandidate {
        object: Account,
        id: there.clone(),
    }];
    let by_company = of(Account, "1", json!({}));
    let by_domain = one(Account, json!({"Name": "Neu", "Website": "werk1.example"}));
    for request in [&by_company, &by_domain] {
        assert_eq!(previewed(&world, request).await.duplicates, duplicates);
    }
    world.crm.delete(Account, &there);
    let held = world.next_run().await;
    for request in [&by_company, &by_domain] {
        assert_eq!(previewed(&world, request).await.duplicates, []);
    }
    answer(&world, &held, Answer::Leave).await.unwrap();
    world.next_run().await;
    for request in [&by_company, &by_domain] {
        assert_eq!(previewed(&world, request).await.duplicates, duplicates);
    }
}
