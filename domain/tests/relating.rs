//! Users' decisions about relations outlast syncs, new company files and lost cursors.

use std::sync::{Arc, Mutex};

use domain::{
    integration::Which,
    record::{Object, RecordId},
    review_relations::{self, Say},
    show_copy::{self, ShownRelation, View},
};
use futures::FutureExt;
use infra::memory::{Faults, Mode, Pages};
use matching::{
    CompanyId, MatchField,
    RelationStatus::{self, Approved, Automatic, Blocked, Suggested},
};

use crate::world::{DAY, MINUTE, World, id, import_companies, write};

fn company(id: &str) -> CompanyId {
    CompanyId::parse(id).unwrap()
}

fn which(world: &World) -> Which {
    Which {
        tenant: world.scope.tenant.clone(),
        integration: world.scope.integration.clone(),
    }
}

async fn say(world: &World, n: usize, name: &str, say: Say) {
    let view = View::open(&*world.ports.store, &*world.ports.keys, &which(world))
        .await
        .unwrap();
    let record = (Object::Account, &id(n));
    review_relations::decide(&view, record, &company(name), say, ("user-1", world.now()))
        .await
        .unwrap();
}

async fn relations(world: &World, n: usize) -> Vec<(String, RelationStatus)> {
    let view = View::open(&*world.ports.store, &*world.ports.keys, &which(world))
        .await
        .unwrap();
    let detail = show_copy::record(&view, Object::Account, &id(n))
        .await
        .unwrap();
    let relations = detail.record.relations.into_iter();
    relations
        .map(|relation| (relation.company.as_str().to_owned(), relation.status))
        .collect()
}

fn told(list: &[(&str, RelationStatus)]) -> Vec<(String, RelationStatus)> {
    let told = list
        .iter()
        .map(|(name, status)| ((*name).to_owned(), *status));
    told.collect()
}

/// Accounts 1 and 2, each with an automatic relation to its company.
async fn world() -> World {
    let world = World::new(Pages::Ordered, 10).await;
    for n in 1..4 {
        write(&world.crm, Object::Account, n, "new");
    }
    world.crm.advance(MINUTE);
    world.run().await;
    assert_eq!(relations(&world, 1).await, told(&[("1", Automatic)]));
    world
}

#[tokio::test]
async fn a_decision_counts_at_once_and_stays_when_the_record_changes() {
    let world = world().await;
    say(&world, 1, "1", Say::Block).await;
    say(&world, 1, "2", Say::Approve).await;
    let expected = told(&[("2", Approved), ("1", Blocked)]);
    assert_eq!(relations(&world, 1).await, expected);
    write(&world.crm, Object::Account, 1, "changed");
    world.crm.advance(MINUTE);
    world.next_run().await;
    assert_eq!(relations(&world, 1).await, expected);
    let view = View::open(&*world.ports.store, &*world.ports.keys, &which(&world))
        .await
        .unwrap();
    let (told, _) = show_copy::status(&view, &[company("1"), company("2")])
        .await
        .unwrap();
    assert_eq!(
        told[0].in_crm,
        show_copy::InCrm::No,
        "blocked is no relation"
    );
    assert!(told[1].records.iter().any(|one| one.id == id(1)));
    let detail = show_copy::record(&view, Object::Account, &id(1))
        .await
        .unwrap();
    assert_eq!(detail.decisions.len(), 2);
    assert!(
        detail
            .decisions
            .iter()
            .all(|decision| decision.by == "user-1")
    );
}

#[tokio::test]
async fn a_withdrawn_decision_leaves_the_relation_to_matching() {
    let world = world().await;
    say(&world, 1, "2", Say::Approve).await;
    say(&world, 1, "1", Say::Block).await;
    say(&world, 1, "1", Say::TakeBack).await;
    assert_eq!(
        relations(&world, 1).await,
        told(&[("2", Approved), ("1", Automatic)])
    );
    say(&world, 1, "2", Say::TakeBack).await;
    assert_eq!(relations(&world, 1).await, told(&[("1", Automatic)]));
    world.next_run().await;
    assert_eq!(relations(&world, 1).await, told(&[("1", Automatic)]));
}

#[tokio::test]
async fn a_decision_survives_a_lost_cursor() {
    let world = world().await;
    say(&world, 1, "2", Say::Approve).await;
    // A new field makes the run read all records again.
    world
        .crm
        .put(Object::Account, &id(9), &[("Name", "x"), ("New", "y")]);
    world.crm.advance(MINUTE);
    world.next_run().await;
    assert_eq!(
        relations(&world, 1).await,
        told(&[("2", Approved), ("1", Automatic)])
    );
}

/// A user decides at each reading of a run's clock in turn.
#[tokio::test]
async fn a_decision_at_any_moment_of_a_run_is_not_lost() {
    for look in 1..14 {
        let world = Arc::new(world().await);
        world.pass(DAY);
        write(&world.crm, Object::Account, 1, "changed");
        world.crm.advance(MINUTE);
        let due = world.begin().await;
        let (other, done) = (Arc::clone(&world), Arc::new(Mutex::new(false)));
        let flag = Arc::clone(&done);
        world.at_look(look, move || {
            // The ports in memory never wait.
            say(&other, 1, "2", Say::Approve).now_or_never().unwrap();
            *flag.lock().unwrap() = true;
        });
        world.finish(due, Faults::none()).await;
        if *done.lock().unwrap() {
            let expected = told(&[("2", Approved), ("1", Automatic)]);
            assert_eq!(relations(&world, 1).await, expected, "look {look}");
            let ids = [id(1)];
            let known =
                domain::ports::Copies::known(&world.store, &world.scope, Object::Account, &ids);
            let known = known.await.unwrap().remove(0).unwrap();
            assert_eq!(known.relations.len(), 2, "look {look}");
        }
    }
}

/// A slice that had read the record before the decision puts it afterwards and is killed. The next slice repairs it.
#[tokio::test]
async fn a_decision_between_reading_and_putting_is_not_lost_when_the_slice_is_killed() {
    for n in 1..40 {
        let world = world().await;
        world.pass(DAY);
        write(&world.crm, Object::Account, 1, "changed");
        world.crm.advance(MINUTE);
        let due = world.begin().await;
        let _ = world.slice(&due, &Faults::at(n, Mode::KilledAfter)).await;
        say(&world, 1, "2", Say::Approve).await;
        world.wait(domain_slice());
        world.finish(due, Faults::none()).await;
        let expected = told(&[("2", Approved), ("1", Automatic)]);
        assert_eq!(relations(&world, 1).await, expected, "call {n}");
    }
}

fn domain_slice() -> jiff::SignedDuration {
    jiff::SignedDuration::from_mins(16)
}

#[tokio::test]
async fn a_new_company_file_is_matched_without_asking_the_crm_for_a_record() {
    let world = world().await;
    say(&world, 2, "1", Say::Approve).await;
    assert_eq!(relations(&world, 3).await, told(&[]));
    let before = world.store.snapshot();
    let text = "id,name,zip,city,domain\n1,Werk 1 GmbH,10115,Berlin,werk1.example\n3,Werk 3 GmbH,20095,Hamburg,werk3.example\n";
    import_companies(&world, "v2", text).await;
    let (fetched, listed) = (world.crm.calls("fetch"), world.crm.calls("ids"));
    let report = world.next_run().await;
    assert_eq!(
        (world.crm.calls("fetch"), world.crm.calls("ids")),
        (fetched, listed)
    );
    let summary = crate::world::of(&report, Object::Account);
    assert_eq!(
        (summary.written, summary.rematched),
        (0, 2),
        "2 lost its company, 3 found one"
    );
    assert_eq!(relations(&world, 1).await, told(&[("1", Automatic)]));
    assert_eq!(relations(&world, 2).await, told(&[("1", Approved)]));
    assert_eq!(relations(&world, 3).await, told(&[("3", Automatic)]));
    // Unchanged records are not written.
    let after = world.store.snapshot();
    let of = |records: &std::collections::BTreeMap<String, String>| {
        let found = records
            .iter()
            .find(|(place, _)| place.ends_with("Account/id-0001"));
        found.map(|(_, line)| line.clone())
    };
    assert_eq!(of(&before.records), of(&after.records));
    let report = world.next_run().await;
    assert_eq!(crate::world::of(&report, Object::Account).rematched, 0);
    world.assert_is_copy().await;
}

#[tokio::test]
async fn a_broken_rematch_ends_as_an_undisturbed_one() {
    let text = "id,name,zip,city,domain\n1,Werk 1 GmbH,10115,Berlin,werk1.example\n3,Werk 3 GmbH,20095,Hamburg,werk3.example\n";
    for n in 1..60 {
        for mode in [Mode::FailsBefore, Mode::KilledAfter] {
            let world = world().await;
            say(&world, 2, "1", Say::Approve).await;
            import_companies(&world, "v2", text).await;
            world.pass(DAY);
            let due = world.begin().await;
            world.finish(due, Faults::at(n, mode)).await;
            assert_eq!(
                relations(&world, 2).await,
                told(&[("1", Approved)]),
                "{n} {mode:?}"
            );
            assert_eq!(
                relations(&world, 3).await,
                told(&[("3", Automatic)]),
                "{n} {mode:?}"
            );
            world.assert_is_copy().await;
        }
    }
}

#[tokio::test]
async fn suggested_relations_are_listed_until_they_are_decided() {
    let world = World::new(Pages::Ordered, 10).await;
    // A person's name alone never makes an automatic relation.
    let text = "id,name,zip,city\n1,Thomas Müller,10115,Berlin\n2,Werk 2 GmbH,20095,Hamburg\n";
    import_companies(&world, "v2", text).await;
    for n in 0..6 {
        let fields = [("Name", "Thomas Müller")];
        world.crm.put(Object::Account, &id(n), &fields);
    }
    world.crm.advance(MINUTE);
    world.run().await;
    let view = View::open(&*world.ports.store, &*world.ports.keys, &which(&world))
        .await
        .unwrap();
    let listed = |most: usize| {
        let view = &view;
        async move {
            let (mut found, mut after): (Vec<(RecordId, CompanyId)>, _) = (Vec::new(), None);
            loop {
                let page = review_relations::suggested(view, after.as_deref(), most)
                    .await
                    .unwrap();
                let suggestions = page.suggestions.into_iter();
                found.extend(suggestions.map(|one| (one.record.id, one.company)));
                after = page.next;
                if after.is_none() {
                    return found;
                }
            }
        }
    };
    let all = listed(2).await;
    assert!(all.len() >= 6, "{}", all.len());
    assert!(all.iter().all(|(_, company)| company.as_str() == "1"));
    assert_eq!(relations(&world, 0).await, told(&[("1", Suggested)]));
    say(&world, 0, "1", Say::Approve).await;
    say(&world, 1, "1", Say::Block).await;
    let left = listed(100).await;
    assert_eq!(left.len(), all.len() - 2);
}

/// The relations that matching finds for a record of `object` with these fields only.
async fn found(object: Object, fields: &[(&str, &str)]) -> Vec<(String, RelationStatus)> {
    let relations = why(object, fields).await.into_iter();
    relations
        .map(|relation| (relation.company.as_str().to_owned(), relation.status))
        .collect()
}

/// Like [`found`], with the evidence.
async fn why(object: Object, fields: &[(&str, &str)]) -> Vec<ShownRelation> {
    let world = World::new(Pages::Ordered, 10).await;
    world.crm.put(object, &id(1), fields);
    world.crm.advance(MINUTE);
    world.run().await;
    let view = View::open(&*world.ports.store, &*world.ports.keys, &which(&world))
        .await
        .unwrap();
    let detail = show_copy::record(&view, object, &id(1)).await.unwrap();
    detail.record.relations
}

#[tokio::test]
async fn a_record_that_names_no_company_has_no_evidence_of_differing_names() {
    let address = [("Company", ""), ("Email", "anna.muster@werk1.example")];
    for object in [Object::Contact, Object::Lead] {
        let relation = why(object, &address).await.remove(0);
        let fields: Vec<_> = relation.evidence.iter().map(|one| one.field).collect();
        assert!(fields.contains(&MatchField::Domain), "{fields:?}");
        assert!(!fields.contains(&MatchField::Name), "{fields:?}");
    }
}

#[tokio::test]
async fn contacts_and_leads_without_an_account_are_matched_by_company_name_and_address() {
    for object in [Object::Contact, Object::Lead] {
        let known = [
            ("Company", "Werk 1 GmbH"),
            ("Email", "anna.muster@werk1.example"),
        ];
        assert_eq!(found(object, &known).await, told(&[("1", Automatic)]));
        // Only the e-mail address, as with most contacts.
        let address = [("Company", ""), ("Email", "anna.muster@werk1.example")];
        let by_address = found(object, &address).await;
        assert_eq!(by_address[0].0, "1", "{object:?}");
        // A freemail address says nothing about the company, and another company's domain points to that company.
        for email in ["anna.muster@gmail.com", "anna@stranger.example"] {
            let nothing = [("Company", ""), ("Email", email)];
            assert_eq!(found(object, &nothing).await, [], "{object:?} {email}");
        }
    }
}
