//! Creating makes at most one record, none of a person without a clearance, and reports a true outcome, whatever breaks.

mod abilities;
mod attribution;
mod bases;
mod batches;
mod beside;
mod broken;
mod clocks;
mod companies;
mod counted;
mod interchangeable;
mod learned;
mod links;
mod people;
mod places;

pub(crate) use self::companies::previewed;

use domain::{
    create::{self, Answer, CreateContext, CreateOutcome, Request, Wanted},
    fault::{Code, Kind, Outcome},
    grant,
    integration::Which,
    legal::{
        Assessment, Basis, Missing, Objection, Person, Register, assessment::Purpose, suppressions,
    },
    ports::{Draft, FieldProblem, Fields, Removals, SuppressionKind, TenantKeyring},
    progress::Verdict,
    record::Object::{self, Account, Contact, Task},
    removal::{Asked, Asker},
};
use infra::memory::{Faults, Pages::Ordered};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::world::{HOUR, World, id, write};

/// The time limit of a request to the API.
const CALL: SignedDuration = SignedDuration::from_secs(29);

fn draft(object: Object, fields: &Value) -> Draft {
    let fields = fields.as_object().unwrap().clone();
    Draft {
        object,
        fields: Fields::from(fields),
        links: Vec::new(),
    }
}

fn wanted(object: Object, fields: &Value) -> Wanted {
    Wanted {
        draft: draft(object, fields),
        purpose: Some(Purpose::parse("outreach").unwrap()),
        company: None,
    }
}

pub(crate) fn one(object: Object, fields: Value) -> Request {
    Request {
        items: vec![wanted(object, &fields)],
        allow_duplicate: false,
    }
}

fn werk() -> Request {
    one(
        Account,
        json!({"Name": "Werk 1 GmbH", "Website": "https://werk1.example"}),
    )
}

pub(crate) fn anna() -> Request {
    one(
        Contact,
        json!({"Name": "Anna Muster", "Email": "anna@werk1.example"}),
    )
}

/// Notes a person's objection.
pub(crate) async fn objects(world: &World, email: &str) {
    let keys = world.keys.tenant(&world.scope.tenant).await.unwrap();
    let noted = Objection {
        person: &person(email),
        at: world.now(),
        by: "user-1",
        reference: None,
    };
    let (store, tenant) = (&world.store, &world.scope.tenant);
    suppressions::add(store, &keys, tenant, SuppressionKind::Objection, noted)
        .await
        .unwrap();
}

fn person(email: &str) -> Person {
    Person {
        emails: vec![email.to_owned()],
        ..Person::default()
    }
}

impl World {
    /// One request to the API. `None` if its process was killed.
    async fn creates(
        &self,
        key: &str,
        request: &Request,
        holder: &str,
        faults: &Faults,
    ) -> Option<Outcome<Answer>> {
        let ports = faults.wrap(&self.ports);
        let clock = || self.now();
        let work = async {
            let which = Which {
                tenant: self.scope.tenant.clone(),
                integration: self.scope.integration.clone(),
            };
            let integration = ports.store.integration(&which).await?.unwrap();
            let (crm, keys) = grant::open(
                ports.store.clone(),
                &*ports.keys,
                &*ports.crm,
                &integration,
                holder,
            )
            .await?;
            // The API reads the tenant's keys first, too: without them nothing is created.
            ports.keys.tenant_if_made(&self.scope.tenant).await?;
            let context = CreateContext {
                store: &*ports.store,
                keyring: &*ports.keys,
                companies: &*ports.companies,
                integration: &integration,
                crm,
                keys,
                by: "user-1".to_owned(),
                holder: holder.to_owned(),
                deadline: self.now().checked_add(CALL).unwrap(),
                clock: &clock,
                allowance: self.settings.allowance.as_ref(),
            };
            create::create(&context, key, request).await
        };
        Box::pin(faults.until_killed(work)).await
    }

    async fn create(&self, key: &str, request: &Request) -> Outcome<Answer> {
        let n = self.crm.calls("check");
        let holder = format!("{key}-{n}-{}", self.now().as_millisecond());
        self.creates(key, request, &holder, &Faults::none())
            .await
            .unwrap()
    }

    pub(crate) async fn outcome(&self, key: &str, request: &Request) -> CreateOutcome {
        self.create(key, request).await.unwrap().items.remove(0)
    }

    /// Asserts that the bus gets the events of the request's answer.
    async fn hears(&self, key: &str) {
        let (ports, clock) = (&self.ports, || self.now());
        let which = Which {
            tenant: self.scope.tenant.clone(),
            integration: self.scope.integration.clone(),
        };
        let integration = ports.store.integration(&which).await.unwrap().unwrap();
        let (crm, keys) = grant::open(
            ports.store.clone(),
            &*ports.keys,
            &*ports.crm,
            &integration,
            "bus",
        )
        .await
        .unwrap();
        let context = CreateContext {
            store: &*ports.store,
            keyring: &*ports.keys,
            companies: &*ports.companies,
            integration: &integration,
            crm,
            keys,
            by: "user-1".to_owned(),
            holder: "bus".to_owned(),
            deadline: self.now().checked_add(CALL).unwrap(),
            clock: &clock,
            allowance: None,
        };
        create::told(&context, key).await.unwrap();
    }

    pub(crate) async fn assess(&self, email: &str) {
        let register = Register::open(&self.store, &self.keys, &self.scope.tenant).await;
        let assessment = Assessment {
            person: person(email),
            purpose: Purpose::parse("outreach").unwrap(),
            basis: Basis::Contract {
                reference: "order 17".to_owned(),
                necessity: "delivery".to_owned(),
                ended: false,
            },
            source: "the order".to_owned(),
            reviewer: "sales".to_owned(),
            assessed: "2026-09-01".parse().unwrap(),
            review: "2027-09-01".parse().unwrap(),
            template: None,
        };
        register
            .unwrap()
            .file(&assessment, self.now())
            .await
            .unwrap();
    }

    fn n_in_crm(&self, object: Object) -> usize {
        self.crm.records(object).len()
    }
}

#[tokio::test]
async fn a_record_is_created_once_and_is_in_the_copy_at_once_with_its_relation() {
    let world = World::new(Ordered, 5).await;
    write(&world.crm, Account, 5, "there before");
    world.pass(HOUR);
    world.run().await;
    world.pass(HOUR);
    let answer = world.create("key-1", &werk()).await.unwrap();
    let CreateOutcome::Created {
        id, in_copy: true, ..
    } = &answer.items[0]
    else {
        panic!("{answer:?}");
    };
    assert_eq!(answer.orders.len(), 1);
    world.assert_is_copy().await;
    let relations = world.store.snapshot().relations;
    assert!(
        relations.keys().any(|place| place.contains(id.as_str())),
        "{relations:?}"
    );

    let again = world.create("key-1", &werk()).await.unwrap();
    assert_eq!(again.items, answer.items);
    assert_eq!(
        again.orders, answer.orders,
        "its caller may have been ended before the bus"
    );
    world.hears("key-1").await;
    let again = world.create("key-1", &werk()).await.unwrap();
    assert_eq!((again.items, again.orders.len()), (answer.items, 0));
    assert_eq!(world.n_in_crm(Account), 2);

    let report = world.next_run().await;
    let (_, accounts) = &report.objects[0];
    assert_eq!(accounts.verdict, Some(Verdict::Verified));
    assert_eq!(accounts.written, 0, "the run finds it as it is");
    world.assert_is_copy().await;
}

#[tokio::test]
async fn another_request_under_the_same_key_is_refused() {
    let world = World::new(Ordered, 5).await;
    world.create("key-1", &werk()).await.unwrap();
    let mut other = werk();
    other.allow_duplicate = true;
    let refused = world.create("key-1", &other).await.unwrap_err();
    assert_eq!(*refused.code(), Code::CreateKeyReused);
    assert_eq!(world.n_in_crm(Account), 1);
}

#[tokio::test]
async fn a_record_that_points_at_a_person_needs_that_persons_clearance() {
    let world = World::new(Ordered, 5).await;
    let fields = [("Name", "Ben"), ("Email", "ben@werk1.example")];
    world.crm.put(Contact, &id(7), &fields);
    let call = one(Task, json!({"Name": "call Ben", "Who": id(7).as_str()}));
    let refused = world.outcome("key-1", &call).await;
    assert_eq!(
        refused,
        CreateOutcome::NotCleared {
            missing: vec![Missing::Basis]
        }
    );
    world.assess("ben@werk1.example").await;
    assert!(matches!(
        world.outcome("key-1", &call).await,
        CreateOutcome::Created { .. }
    ));
    // A person who is not in the copy cannot be cleared.
    let unknown = one(Task, json!({"Name": "call", "Who": id(8).as_str()}));
    assert!(matches!(
        world.outcome("key-2", &unknown).await,
        CreateOutcome::NotCleared { .. }
    ));
}

#[tokio::test]
async fn a_record_that_the_crm_would_reject_is_reported_before_it_is_sent() {
    let world = World::new(Ordered, 5).await;
    let unfit = world
        .outcome("key-1", &one(Account, json!({"Unknown": "x"})))
        .await;
    let CreateOutcome::Unfit {
        missing, refused, ..
    } = unfit
    else {
        panic!("{unfit:?}")
    };
    assert_eq!(missing, ["Name"]);
    assert_eq!(refused[0].problem, FieldProblem::Unknown);
    assert_eq!(world.crm.calls("create"), 0);
}

#[tokio::test]
async fn a_request_that_no_row_can_hold_is_refused_before_anything_is_done() {
    let world = World::new(Ordered, 5).await;
    // A text without any pattern hardly compresses.
    let mut state = 1_u64;
    let mut letter = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        char::from(b'0' + u8::try_from((state >> 33) % 64).unwrap())
    };
    let text: String = (0..900_000).map(|_| letter()).collect();
    let large = one(Account, json!({"Name": "Werk 1 GmbH", "Note": text}));
    let refused = world.create("key-1", &large).await.unwrap_err();
    assert_eq!(*refused.code(), Code::CreateTooLarge);
    assert_eq!(world.crm.calls("check") + world.crm.calls("create"), 0);
    // The key can be used again, and as much text of an ordinary kind fits.
    let text = "Zimmer mit Aussicht auf den Hof. ".repeat(25_000);
    let plain = one(Account, json!({"Name": "Werk 1 GmbH", "Note": text}));
    let outcome = world.outcome("key-1", &plain).await;
    assert!(
        matches!(outcome, CreateOutcome::Created { .. }),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn duplicates_are_found_by_us_or_by_the_crm_and_may_be_overridden() {
    let world = World::new(Ordered, 5).await;
    world.create("key-1", &werk()).await.unwrap();
    let again = world.outcome("key-2", &werk()).await;
    assert!(
        matches!(&again, CreateOutcome::Duplicate { ours, .. } if ours.len() == 1),
        "{again:?}"
    );

    world.assess("anna@werk1.example").await;
    // This record is not in the copy yet, so only the CRM's own rule finds it.
    world.crm.put(
        Contact,
        &id(3),
        &[("Name", "A. Muster"), ("Email", "anna@werk1.example")],
    );
    world.crm.refuse_duplicates(true);
    let refused = world.outcome("key-3", &anna()).await;
    assert_eq!(
        refused,
        CreateOutcome::Duplicate {
            ours: vec![],
            crm: vec![id(3)],
            may_save: true
        }
    );
    let allowed = Request {
        allow_duplicate: true,
        ..anna()
    };
    let outcome = world.outcome("key-3", &allowed).await;
    let CreateOutcome::Created { id: made, .. } = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(world.n_in_crm(Contact), 2);

    // Both find this record. Both verdicts are reported, and nothing is sent.
    let sent = world.crm.calls("create");
    let CreateOutcome::Duplicate { ours, mut crm, .. } = world.outcome("key-4", &anna()).await
    else {
        panic!("it is there twice");
    };
    assert_eq!(
        ours.iter()
            .map(|duplicate| &duplicate.id)
            .collect::<Vec<_>>(),
        [&made]
    );
    crm.sort();
    assert_eq!(crm, [id(3), made]);
    assert_eq!(world.crm.calls("create"), sent);
}

#[tokio::test]
async fn a_batch_reports_the_outcome_of_each_record() {
    let world = World::new(Ordered, 5).await;
    world.assess("anna@werk1.example").await;
    let mut items: Vec<Wanted> = (0..40)
        .map(|n| wanted(Account, &json!({"Name": format!("Firma {n}")})))
        .collect();
    items.push(wanted(
        Contact,
        &json!({"Name": "Ben", "Email": "ben@x.example"}),
    ));
    items.push(anna().items.remove(0));
    items.push(wanted(Account, &json!({"Unknown": 1})));
    let request = Request {
        items,
        allow_duplicate: false,
    };
    let answer = world.create("key-1", &request).await.unwrap();
    let is_made =
        |outcome: &CreateOutcome| matches!(outcome, CreateOutcome::Created { in_copy: true, .. });
    let made: Vec<bool> = answer.items.iter().map(is_made).collect();
    let mut expected = vec![true; 43];
    expected[40] = false;
    expected[42] = false;
    assert_eq!(made, expected);
    assert_eq!((world.n_in_crm(Account), world.n_in_crm(Contact)), (40, 1));
    let again = world.create("key-1", &request).await.unwrap();
    assert_eq!(again.items, answer.items);
    assert_eq!(world.n_in_crm(Account), 40);
}

#[tokio::test]
async fn two_callers_with_one_key_at_once_make_one_record() {
    let world = World::new(Ordered, 5).await;
    let faults = Faults::none();
    let request = werk();
    let (first, second) = futures::join!(
        world.creates("key-1", &request, "one", &faults),
        world.creates("key-1", &request, "two", &faults),
    );
    let answers = [first.unwrap(), second.unwrap()];
    let created = answers.iter().filter(|answer| answer.is_ok()).count();
    assert!(created >= 1, "{answers:?}");
    for answer in &answers {
        match answer {
            Ok(answer) => assert!(matches!(answer.items[0], CreateOutcome::Created { .. })),
            Err(fault) => assert_eq!(*fault.code(), Code::CreateInProgress),
        }
    }
    assert_eq!(world.n_in_crm(Account), 1);
}

#[tokio::test]
async fn nothing_is_sent_for_an_integration_that_is_being_removed() {
    let world = World::new(Ordered, 5).await;
    let created = world.outcome("key-1", &werk()).await;
    assert!(matches!(created, CreateOutcome::Created { .. }));
    let which = Which {
        tenant: world.scope.tenant.clone(),
        integration: world.scope.integration.clone(),
    };
    let asked = Asked {
        by: Asker::stored("user-1").unwrap(),
        at: world.now(),
    };
    world.store.begin_removal(&which, &asked).await.unwrap();
    let later = one(Account, json!({"Name": "Later GmbH"}));
    let fenced = world.create("key-2", &later).await.unwrap_err();
    assert_eq!(fenced.kind(), Kind::Fenced);
    assert_eq!(world.n_in_crm(Account), 1);
}
