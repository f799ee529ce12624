//! Views of a copy.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use domain::{
    fault::Code,
    integration::{Status, Which},
    record::{Object, RecordId},
    show_copy::{self, Filter, InCrm, View},
    vanished::Answer,
};
use infra::memory::{Faults, Pages};
use matching::{CompanyId, RelationStatus};

use crate::{
    holding::answer,
    world::{DAY, MINUTE, World, at, fill, id},
};

fn company(id: &str) -> CompanyId {
    CompanyId::parse(id).unwrap()
}

fn which(world: &World) -> Which {
    Which {
        tenant: world.scope.tenant.clone(),
        integration: world.scope.integration.clone(),
    }
}

fn named(text: &str) -> RecordId {
    RecordId::parse(text).unwrap()
}

/// Company 1 with an account, a contact, tasks and opportunities; company 2 with nothing.
async fn world() -> World {
    let world = World::new(Pages::Ordered, 10).await;
    let crm = &world.crm;
    let account = [
        ("Name", "Werk 1 GmbH"),
        ("Website", "https://werk1.example"),
        ("Zip", "10115"),
        ("City", "Berlin"),
        ("Owner", "seller-1"),
        ("Activity", "2026-01-02"),
    ];
    crm.put(Object::Account, &named("acc-1"), &account);
    let contact = [
        ("Name", "Erika Muster"),
        ("Email", "Erika@Werk1.example "),
        ("Parent", "acc-1"),
    ];
    crm.put(Object::Contact, &named("con-1"), &contact);
    for (n, open) in ["yes", "no", "yes"].iter().enumerate() {
        let task = [
            ("Name", "call"),
            ("Open", open),
            ("Parent", "acc-1"),
            ("Activity", "2026-03-04"),
        ];
        crm.put(Object::Task, &named(&format!("task-{n}")), &task);
        let deal = [
            ("Name", "deal"),
            ("Open", open),
            ("Parent", "acc-1"),
            ("Amount", "100"),
        ];
        crm.put(Object::Opportunity, &named(&format!("deal-{n}")), &deal);
    }
    crm.advance(MINUTE);
    world
}

#[tokio::test]
async fn a_company_in_the_crm_is_shown_with_its_owner_and_open_matters() {
    let world = world().await;
    world.run().await;
    let view = View::open(&*world.ports.store, &*world.ports.keys, &which(&world))
        .await
        .unwrap();
    let (told, freshness) = show_copy::status(&view, &[company("1"), company("2")])
        .await
        .unwrap();
    let one = &told[0];
    assert_eq!(one.in_crm, InCrm::Yes);
    assert_eq!(one.owner.as_deref(), Some("seller-1"));
    assert_eq!((one.open_tasks, one.open_opportunities), (2, 2));
    assert_eq!(one.last_activity.as_deref(), Some("2026-03-04"));
    assert_eq!(one.records[0].id, named("acc-1"));
    assert!(!one.is_partial);
    assert_eq!(one.confirmed, freshness.oldest());
    assert!(one.confirmed.is_some());
    assert_eq!((told[1].in_crm, told[1].records.len()), (InCrm::No, 0));
    assert_eq!(told[1].company, company("2"));
    assert!(
        show_copy::status(&view, &vec![company("1"); 101])
            .await
            .is_err()
    );
}

#[tokio::test]
async fn status_takes_three_round_trips_and_the_keys() {
    let world = world().await;
    world.run().await;
    let faults = infra::memory::Faults::none();
    let ports = faults.wrap(&world.ports);
    let view = View::open(&*ports.store, &*ports.keys, &which(&world))
        .await
        .unwrap();
    // In parallel: the integration, its keys and the edition of the suppressions. Then KMS, unless the keys are cached.
    assert_eq!(faults.n_calls(), 4);
    show_copy::status(&view, &[company("1"), company("2")])
        .await
        .unwrap();
    // Beside the index by company: the freshness, and the suppressions, since no row counts them. Then the records and their children.
    assert_eq!(faults.n_calls(), 9);
}

#[tokio::test]
async fn freshness_comes_from_the_last_verified_run() {
    let world = world().await;
    world.run().await;
    let view = View::open(&*world.ports.store, &*world.ports.keys, &which(&world))
        .await
        .unwrap();
    let first = view.freshness().await.unwrap();
    assert_eq!(first.0.len(), 5);
    let confirmed = first.confirmed(Object::Account).unwrap();
    world.crm.forbid(Object::Account, true);
    world.next_run().await;
    let second = view.freshness().await.unwrap();
    assert_eq!(
        second.confirmed(Object::Account),
        Some(confirmed),
        "that run failed"
    );
    assert!(second.confirmed(Object::Contact) > first.confirmed(Object::Contact));
    world.crm.forbid(Object::Account, false);
    world.next_run().await;
    assert!(view.freshness().await.unwrap().confirmed(Object::Account) > Some(confirmed));
}

/// A run may take hours. Changes in the CRM meanwhile come with the next run.
#[tokio::test]
async fn changes_that_a_run_did_not_see_are_not_called_confirmed() {
    let (mut n_old, mut n_new) = (0, 0);
    for look in 1..60 {
        let world = Arc::new(world().await);
        world.wait(MINUTE);
        world.run().await;
        world.pass(DAY);
        let due = world.begin().await;
        let (other, changed) = (Arc::clone(&world), Arc::new(Mutex::new(None)));
        let when = Arc::clone(&changed);
        world.at_look(look, move || {
            other.pass(MINUTE * 5);
            *when.lock().unwrap() = Some(other.now());
            let fields = [("Name", "Werk 1 GmbH"), ("Phase", "another")];
            other.crm.put(Object::Account, &named("acc-1"), &fields);
            other.pass(MINUTE);
        });
        world.finish(due, Faults::none()).await;
        let Some(changed) = *changed.lock().unwrap() else {
            break;
        };
        let view = View::open(&*world.ports.store, &*world.ports.keys, &which(&world))
            .await
            .unwrap();
        let told = show_copy::record(&view, Object::Account, &named("acc-1")).await;
        let told = told.unwrap();
        let confirmed = told.record.confirmed.unwrap();
        if told.record.fields.get().contains("another") {
            n_new += 1;
        } else {
            n_old += 1;
            assert!(confirmed < changed, "look {look}: {confirmed} {changed}");
            assert!(told.freshness.confirmed(Object::Account) < Some(changed));
        }
    }
    assert!(n_old > 3 && n_new > 0, "{n_old} {n_new}");
}

#[tokio::test]
async fn a_companys_picture_holds_its_records_and_their_children() {
    let world = world().await;
    world.run().await;
    let view = View::open(&*world.ports.store, &*world.ports.keys, &which(&world))
        .await
        .unwrap();
    let picture = show_copy::company(&view, &company("1")).await.unwrap();
    assert_eq!(picture.records[0].id, named("acc-1"));
    assert_eq!(picture.records[0].relations[0].company, company("1"));
    assert!(!picture.records[0].relations[0].evidence.is_empty());
    let children = &picture.children[&(Object::Account, named("acc-1"))];
    let tasks = children.iter().filter(|child| child.object == Object::Task);
    assert_eq!(tasks.count(), 3);
    assert!(picture.partial.is_empty());
    let empty = show_copy::company(&view, &company("2")).await.unwrap();
    assert!(empty.records.is_empty() && empty.children.is_empty());
}

#[tokio::test]
async fn pages_hold_each_record_once_while_records_come_and_go() {
    let world = World::new(Pages::Ordered, 50).await;
    fill(&world.crm, Object::Account, 60);
    world.crm.advance(MINUTE);
    world.run().await;
    let view = View::open(&*world.ports.store, &*world.ports.keys, &which(&world))
        .await
        .unwrap();
    let filter = Filter {
        object: Some(Object::Account),
        ..Filter::default()
    };
    let (mut seen, mut after) = (Vec::new(), None);
    for round in 0.. {
        let page = show_copy::list(&view, &filter, after.as_deref(), 7)
            .await
            .unwrap();
        seen.extend(page.records.into_iter().map(|record| record.id));
        after = page.next;
        if after.is_none() {
            break;
        }
        if round == 2 {
            // One record before the cursor is deleted, and one after it is created.
            world.crm.delete(Object::Account, &id(0));
            world
                .crm
                .put(Object::Account, &named("id-0000a"), &[("Name", "new")]);
            world.crm.advance(MINUTE);
            world.next_run().await;
        }
    }
    let mut all: Vec<_> = (0..60).map(id).collect();
    assert_eq!(seen.len(), 60);
    seen.sort();
    all.sort();
    assert_eq!(seen, all);
}

#[tokio::test]
async fn a_filter_is_respected_and_a_cursor_fits_only_its_own_list() {
    let world = world().await;
    world.run().await;
    let view = View::open(&*world.ports.store, &*world.ports.keys, &which(&world))
        .await
        .unwrap();
    let open = Filter {
        object: Some(Object::Task),
        open: Some(true),
        ..Filter::default()
    };
    let page = show_copy::list(&view, &open, None, 1).await.unwrap();
    assert_eq!(page.records.len(), 1);
    let cursor = page.next.unwrap();
    let mut other = open.clone();
    other.open = Some(false);
    let code = |outcome: Result<show_copy::Listed, domain::fault::Fault>| {
        outcome.err().map(|fault| fault.code().to_string())
    };
    let refused = Some("cursor_refused".to_owned());
    assert_eq!(
        code(show_copy::list(&view, &other, Some(&cursor), 1).await),
        refused
    );
    assert_eq!(
        code(show_copy::list(&view, &open, Some("AAAA"), 1).await),
        refused
    );
    assert_eq!(
        code(show_copy::list(&view, &Filter::default(), None, 1).await),
        Some("filter_missing".to_owned())
    );
    let mut n = 1;
    let mut after = Some(cursor);
    while let Some(cursor) = after {
        let page = show_copy::list(&view, &open, Some(&cursor), 1)
            .await
            .unwrap();
        n += page.records.len();
        after = page.next;
    }
    assert_eq!(n, 2);
}

#[tokio::test]
async fn a_person_is_found_by_address_and_domain_however_they_are_written() {
    let world = world().await;
    world.run().await;
    let view = View::open(&*world.ports.store, &*world.ports.keys, &which(&world))
        .await
        .unwrap();
    let by_email = Filter {
        email: Some(" ERIKA@werk1.example".to_owned()),
        ..Filter::default()
    };
    let found = show_copy::list(&view, &by_email, None, 10).await.unwrap();
    assert_eq!(found.records[0].id, named("con-1"));
    let by_domain = Filter {
        domain: Some("www.werk1.example".to_owned()),
        ..Filter::default()
    };
    let found = show_copy::list(&view, &by_domain, None, 10).await.unwrap();
    assert!(
        found
            .records
            .iter()
            .any(|record| record.id == named("acc-1"))
    );
    let by_parent = Filter {
        object: Some(Object::Contact),
        parent: Some((Object::Account, named("acc-1"))),
        ..Filter::default()
    };
    let found = show_copy::list(&view, &by_parent, None, 10).await.unwrap();
    assert_eq!(found.records.len(), 1);
}

#[tokio::test]
async fn a_record_is_shown_with_its_relation_and_evidence() {
    let world = world().await;
    world.run().await;
    let view = View::open(&*world.ports.store, &*world.ports.keys, &which(&world))
        .await
        .unwrap();
    let detail = show_copy::record(&view, Object::Account, &named("acc-1"))
        .await
        .unwrap();
    let relation = &detail.record.relations[0];
    assert_eq!(
        (&relation.company, relation.status),
        (&company("1"), RelationStatus::Automatic)
    );
    assert!(detail.record.fields.get().contains("werk1.example"));
    assert!(detail.record.copied.unwrap() >= at(0));
    assert!(detail.record.confirmed.is_some());
    let code = show_copy::record(&view, Object::Account, &named("nobody")).await;
    assert_eq!(
        code.err().map(|fault| fault.code().to_string()).as_deref(),
        Some("record.unknown")
    );
}

#[tokio::test]
async fn an_integration_that_is_being_removed_shows_nothing() {
    let world = world().await;
    world.run().await;
    let integration = domain::ports::Integrations::integration(&world.store, &which(&world))
        .await
        .unwrap()
        .unwrap();
    for (status, code) in [
        (Status::Removing, Code::IntegrationRemoving),
        (Status::Removed, Code::IntegrationRemoved),
    ] {
        let other = World::new(Pages::Ordered, 10).await;
        let mut row = integration.clone();
        row.status = status;
        let before = Some((row.scope.generation, Status::Connected));
        assert!(
            domain::ports::Integrations::connect(&other.store, &row, before)
                .await
                .unwrap()
        );
        let fault = View::open(&*other.ports.store, &*other.ports.keys, &which(&other))
            .await
            .err()
            .unwrap();
        assert_eq!(*fault.code(), code);
    }
}

#[tokio::test]
async fn a_record_whose_deletion_waits_is_not_displayed_until_it_is_left() {
    let mut world = world().await;
    world.settings.max_vanishing_percent = 0;
    world.settings.always_may_vanish = 0;
    world.run().await;
    for (object, id) in [
        (Object::Task, "task-0"),
        (Object::Opportunity, "deal-0"),
        (Object::Contact, "con-1"),
    ] {
        world.crm.delete(object, &named(id));
    }
    let held = world.next_run().await;
    let displayed = async || {
        let view = View::open(&*world.ports.store, &*world.ports.keys, &which(&world))
            .await
            .unwrap();
        let (told, _) = show_copy::status(&view, &[company("1")]).await.unwrap();
        let filter = Filter {
            email: Some("erika@werk1.example".to_owned()),
            ..Filter::default()
        };
        let found = show_copy::list(&view, &filter, None, 10).await.unwrap();
        let picture = show_copy::company(&view, &company("1")).await.unwrap();
        let below = picture.children.values().flatten();
        let pictured: BTreeSet<_> = picture
            .records
            .iter()
            .chain(below)
            .map(|record| record.id.clone())
            .collect();
        (
            told[0].in_crm,
            told[0].open_tasks,
            told[0].open_opportunities,
            found.records.len(),
            pictured.len(),
        )
    };
    assert_eq!(displayed().await, (InCrm::Yes, 1, 1, 0, 5));
    answer(&world, &held, Answer::Leave).await.unwrap();
    world.next_run().await;
    assert_eq!(displayed().await, (InCrm::Yes, 2, 2, 1, 8));

    world.crm.delete(Object::Account, &named("acc-1"));
    world.next_run().await;
    let told = displayed().await;
    assert_eq!((told.1, told.2), (0, 0), "its tasks are nobody's");
    let view = View::open(&*world.ports.store, &*world.ports.keys, &which(&world))
        .await
        .unwrap();
    let (told, _) = show_copy::status(&view, &[company("1")]).await.unwrap();
    let accounts = told[0]
        .records
        .iter()
        .filter(|one| one.object == Object::Account);
    assert_eq!(accounts.count(), 0);
}
