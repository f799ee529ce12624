//! Creating: exactly once, duplicates, links, and notes with legal bases.

use domain::{
    ports::{Crm, Draft, Duplicates, Fields, Link, LinkProblem, NewRecord, Written},
    record::{Object, RecordId},
};
use serde_json::{Value, json};
use simulator::dynamics::{Fault, fault};

use super::World;

const ID: &str = "6e2f5b36-0000-8000-8000-000000000001";

async fn record(crm: &dyn Crm, object: Object, fields: Value, links: Vec<Link>) -> NewRecord {
    let draft = Draft {
        object,
        fields: Fields::from(fields.as_object().unwrap().clone()),
        links,
    };
    let checked = crm.check(std::slice::from_ref(&draft)).await.unwrap();
    assert!(checked[0].refused.is_empty() && checked[0].refused_links.is_empty());
    NewRecord::cleared(&draft, &checked[0], &[], Vec::new())
        .unwrap()
        .with_chosen_id(Some(RecordId::parse(ID).unwrap()))
}

fn account(n: u32) -> Value {
    json!({ "name": format!("Werk {n}") })
}

#[tokio::test]
async fn a_duplicate_may_be_saved_whichever_status_tells_of_it() {
    let world = World::start().await;
    for is_412 in [true, false] {
        world.control().set_duplicate_rules(true);
        world
            .control()
            .set_behaviour(simulator::dynamics::Behaviour {
                duplicate_is_412: is_412,
                ..simulator::dynamics::Behaviour::default()
            });
        world.make("accounts", account(u32::from(is_412)));
        let crm = world.connect();
        let new = record(
            &*crm,
            Object::Account,
            account(u32::from(is_412)),
            Vec::new(),
        )
        .await;
        let told = crm
            .create(std::slice::from_ref(&new), Duplicates::Refuse)
            .await
            .unwrap();
        let duplicate = Written::Duplicate {
            of: Vec::new(),
            may_save: true,
        };
        assert_eq!(told, [duplicate]);
        let saved = crm.create(&[new], Duplicates::Save).await.unwrap();
        assert!(matches!(saved[0], Written::Created(_)), "{saved:?}");
        world.control().delete("accounts", ID).unwrap();
    }
}

#[tokio::test]
async fn what_a_plug_in_refuses_is_refused_and_a_busy_server_has_not_begun() {
    let world = World::start().await;
    let crm = world.connect();
    let new = record(&*crm, Object::Account, account(1), Vec::new()).await;
    let path = "/api/data/v9.2/accounts(";
    for (name, is_refused) in [("plug_in", true), ("limit_requests", false)] {
        world.control().spoil(path, 1, fault::named(name).unwrap());
        let told = crm
            .create(std::slice::from_ref(&new), Duplicates::Refuse)
            .await
            .unwrap();
        let came = match &told[0] {
            Written::Refused { .. } => Some(true),
            Written::NotSent(_) => Some(false),
            _ => None,
        };
        assert_eq!(came, Some(is_refused), "{name}: {told:?}");
    }
    world.control().spoil(
        path,
        1,
        Fault::Error {
            status: 500,
            code: "0x80040216".to_owned(),
            message: "An unexpected error occurred.".to_owned(),
            retry_after: None,
        },
    );
    let told = crm.create(&[new], Duplicates::Refuse).await.unwrap();
    assert!(matches!(told[0], Written::Unknown(_)), "{told:?}");
}

#[tokio::test]
async fn a_batch_is_quiet_once_dataverse_asks_for_that() {
    let world = World::start().await;
    let crm = world.connect();
    let mut batch = Vec::new();
    for n in 1..=100 {
        let new = record(&*crm, Object::Account, account(n), Vec::new()).await;
        let id = format!("6e2f5b36-0000-8000-8000-{n:012}");
        batch.push(new.with_chosen_id(Some(RecordId::parse(&id).unwrap())));
    }
    let path = "/api/data/v9.2/accounts(";
    world
        .control()
        .spoil(path, 1, fault::named("limit_requests").unwrap());
    let told = crm.create(&batch, Duplicates::Refuse).await.unwrap();
    let is_kept = |written: &&Written| matches!(written, Written::NotSent(_));
    let n_kept = told.iter().filter(is_kept).count();
    assert!(n_kept > 50, "{n_kept} of {} were kept back", told.len());
}

#[tokio::test]
async fn a_task_is_about_the_record_that_it_is_linked_to() {
    let world = World::start().await;
    let account = world.make("accounts", account(1));
    let crm = world.connect();
    let links = vec![Link {
        object: Object::Account,
        id: account.clone(),
    }];
    let new = record(&*crm, Object::Task, json!({ "subject": "call" }), links).await;
    let written = crm.create(&[new], Duplicates::Refuse).await.unwrap();
    assert!(matches!(written[0], Written::Created(_)), "{written:?}");
    let items = crm
        .fetch(Object::Task, &[RecordId::parse(ID).unwrap()])
        .await
        .unwrap();
    let [domain::record::Item::Live(task)] = &items[..] else {
        panic!("the task is not there");
    };
    let parent = task.attributes.parent.as_ref().unwrap();
    assert_eq!(parent.account(), Some(&account));
}

#[tokio::test]
async fn a_task_about_a_person_and_the_persons_company_is_about_the_person() {
    let world = World::start().await;
    let (home, other) = (
        world.make("accounts", account(1)),
        world.make("accounts", account(2)),
    );
    let bind = format!("/accounts({home})");
    let person = world.make(
        "contacts",
        json!({ "lastname": "Muster", "parentcustomerid_account@odata.bind": bind }),
    );
    let alone = world.make("contacts", json!({ "lastname": "Beispiel" }));
    let crm = world.connect();
    let link = |object: Object, id: &RecordId| Link {
        object,
        id: id.clone(),
    };
    let ask = async |links: Vec<Link>| {
        let draft = Draft {
            object: Object::Task,
            fields: Fields::from(json!({ "subject": "call" }).as_object().unwrap().clone()),
            links,
        };
        let mut checked = crm.check(std::slice::from_ref(&draft)).await.unwrap();
        (draft, checked.remove(0))
    };
    for (person, company) in [(&person, &other), (&alone, &home)] {
        let links = vec![
            link(Object::Account, company),
            link(Object::Contact, person),
        ];
        let (_, checked) = ask(links).await;
        assert_eq!(checked.refused_links, [(0, LinkProblem::Taken)]);
    }
    let links = vec![link(Object::Account, &home), link(Object::Contact, &person)];
    let (_, checked) = ask(links).await;
    assert_eq!(checked.refused_links, []);
    assert_eq!(checked.people, [(Object::Contact, person)]);
    assert_eq!(checked.accounts, [home]);
}

#[tokio::test]
async fn an_environment_in_which_we_may_make_notes_keeps_legal_bases() {
    let world = World::start().await;
    assert!(world.connect().has_bases().await.unwrap());
    world
        .control()
        .set_depth("annotations", "Create", "None")
        .unwrap();
    assert!(!world.connect().has_bases().await.unwrap());
}
