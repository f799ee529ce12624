//! A person is found, erased from the copy, kept away from it, and admitted again when the controller lifts the erasure.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use domain::{
    fault::Code,
    legal::{Objection, Person, suppressions},
    ports::{Deciding, Reading, SuppressionKind, TenantKeyring},
    progress::Verdict,
    record::{Object, RecordId},
    subject_requests::{self, Erased},
};
use futures::FutureExt;
use infra::memory::{Faults, Gate, Pages};

use crate::world::{DAY, MINUTE, World, fill, of, verdict};

fn named(text: &str) -> RecordId {
    RecordId::parse(text).unwrap()
}

fn erika() -> Person {
    Person {
        emails: vec!["erika@werk.example".to_owned()],
        name: Some("Erika Muster".to_owned()),
        ..Person::default()
    }
}

/// Erika is a contact, and a task and an account name her. There are other people, too.
async fn world() -> World {
    let world = World::new(Pages::Ordered, 10).await;
    let crm = &world.crm;
    fill(crm, Object::Contact, 5);
    let erika = [("Name", "Erika Muster"), ("Email", "Erika@werk.example")];
    crm.put(Object::Contact, &named("erika"), &erika);
    crm.put(
        Object::Task,
        &named("call"),
        &[("Name", "Anruf Erika Muster")],
    );
    crm.put(Object::Task, &named("other"), &[("Name", "Anruf Max")]);
    let account = [("Name", "Werk GmbH"), ("Note", "asks for Muster, Erika")];
    crm.put(Object::Account, &named("werk"), &account);
    crm.advance(MINUTE);
    world.run().await;
    world
}

async fn erase(world: &World) -> Erased {
    let person = erika();
    let noted = Objection {
        person: &person,
        at: world.now(),
        by: "user-1",
        reference: Some("case 1"),
    };
    let tenant = &world.scope.tenant;
    subject_requests::erase(
        &*world.ports.store,
        &*world.ports.keys,
        tenant,
        noted,
        false,
        None,
    )
    .await
    .unwrap()
}

async fn found(world: &World) -> Vec<(String, bool)> {
    let tenant = &world.scope.tenant;
    let part = subject_requests::find(
        &*world.ports.store,
        &*world.ports.keys,
        tenant,
        &erika(),
        None,
    )
    .await
    .unwrap();
    assert!(part.next.is_none());
    let records = part.records.iter();
    records
        .map(|(_, record, own)| (record.id.to_string(), *own))
        .collect()
}

#[tokio::test]
async fn a_person_is_found_in_their_own_record_and_in_records_that_name_them() {
    let world = world().await;
    let expected = [("werk", false), ("erika", true), ("call", false)];
    let expected = expected.map(|(id, own)| (id.to_owned(), own));
    assert_eq!(found(&world).await, expected);
    let tenant = &world.scope.tenant;
    let by_name = |name: &str| Person {
        name: Some(name.to_owned()),
        ..Person::default()
    };
    // One word of a name is refused. An empty result would look as if nothing were held.
    for nobody in [Person::default(), by_name("Erika"), by_name("E. Muster")] {
        let nobody = subject_requests::find(
            &*world.ports.store,
            &*world.ports.keys,
            tenant,
            &nobody,
            None,
        )
        .await;
        assert_eq!(*nobody.err().unwrap().code(), Code::PersonUnidentified);
    }
    let named = subject_requests::find(
        &*world.ports.store,
        &*world.ports.keys,
        tenant,
        &by_name("Muster, Erika"),
        None,
    )
    .await;
    assert_eq!(named.unwrap().records.len(), 3);
}

#[tokio::test]
async fn an_erased_person_does_not_return_and_the_verdict_accounts_for_that() {
    let world = world().await;
    let told = erase(&world).await;
    let ids = |found: &[subject_requests::RecordPlace]| -> Vec<String> {
        found.iter().map(|one| one.id.to_string()).collect()
    };
    assert_eq!(ids(&told.erased), ["erika", "call"]);
    assert_eq!(ids(&told.left), ["werk"]);
    assert_eq!(found(&world).await, [("werk".to_owned(), false)]);
    for round in 0..3 {
        if round == 1 {
            // A change in the CRM makes the CRM send the record again.
            let fields = [
                ("Name", "Erika Muster"),
                ("Email", "erika@werk.example"),
                ("Phase", "x"),
            ];
            world.crm.put(Object::Contact, &named("erika"), &fields);
            world.crm.advance(MINUTE);
        }
        let report = world.next_run().await;
        for (object, held) in [(Object::Contact, 5), (Object::Task, 1)] {
            assert_eq!(
                verdict(&report, object),
                Verdict::Verified,
                "{round} {object}"
            );
            assert_eq!(of(&report, object).withheld, 1, "{round} {object}");
            assert_eq!(world.held(object).await, held, "{round} {object}");
            assert_eq!(world.copied(object).await.len() as u64, held);
        }
    }
    // A second record of hers is withheld, too.
    let lead = [("Name", "E. M."), ("Email", "ERIKA@werk.example")];
    world.crm.put(Object::Lead, &named("lead"), &lead);
    world.crm.advance(MINUTE);
    let report = world.next_run().await;
    assert_eq!(verdict(&report, Object::Lead), Verdict::Verified);
    assert!(world.copied(Object::Lead).await.is_empty());
}

#[tokio::test]
async fn a_lifted_erasure_brings_the_person_back_with_the_next_run() {
    let world = world().await;
    let told = erase(&world).await;
    world.next_run().await;
    let records: Vec<_> = told
        .erased
        .into_iter()
        .map(|found| (found.integration, found.object, found.id))
        .collect();
    let tenant = &world.scope.tenant;
    let n = subject_requests::lift(
        &*world.ports.store,
        &*world.ports.keys,
        tenant,
        &erika(),
        &records,
        world.now(),
    )
    .await;
    assert_eq!(n.unwrap(), 3, "the address and two records");
    let report = world.next_run().await;
    assert_eq!(verdict(&report, Object::Contact), Verdict::Verified);
    world.assert_is_copy().await;
}

#[tokio::test]
async fn a_person_deleted_in_the_crm_is_no_longer_counted_as_withheld() {
    let world = world().await;
    erase(&world).await;
    world.next_run().await;
    world.crm.delete(Object::Contact, &named("erika"));
    world.crm.advance(MINUTE);
    let report = world.next_run().await;
    let summary = of(&report, Object::Contact);
    assert_eq!(
        (summary.withheld, summary.verdict.clone()),
        (0, Some(Verdict::Verified))
    );
}

/// The number of scans of the copy in a run.
async fn n_scans(world: &World) -> usize {
    world.pass(DAY);
    let due = world.begin().await;
    let (gate, mut n_scans) = (Gate::new(), 0);
    let faults = Faults::behind(&gate);
    let mut slice = Box::pin(world.slice(&due, &faults));
    while (&mut slice).now_or_never().is_none() {
        let (call, name) = gate.waiting()[0];
        n_scans += usize::from(name == "scan");
        gate.let_go(call);
    }
    n_scans
}

#[tokio::test]
async fn an_erasure_makes_a_run_scan_the_copy_and_an_objection_does_not() {
    let world = world().await;
    let keys = world.keys.tenant(&world.scope.tenant).await.unwrap();
    let (person, at) = (erika(), world.now());
    let noted = Objection {
        person: &person,
        at,
        by: "user-1",
        reference: None,
    };
    let (store, tenant) = (&world.store, &world.scope.tenant);
    let suppressed = suppressions::add(store, &keys, tenant, SuppressionKind::Objection, noted);
    suppressed.await.unwrap();
    assert_eq!(n_scans(&world).await, 0);
    erase(&world).await;
    assert!(n_scans(&world).await >= 5, "each object's");
    assert_eq!(n_scans(&world).await, 0);
    let lifted = suppressions::lift(
        store,
        Some(&keys),
        tenant,
        SuppressionKind::Objection,
        &person,
        at,
    );
    assert_eq!(lifted.await.unwrap(), 1);
    assert_eq!(n_scans(&world).await, 0);
}

/// A slice may read the person before the erasure and put them after it. Then the same run deletes them.
#[tokio::test]
async fn a_person_erased_at_any_moment_of_a_run_is_out_of_the_copy_after_it() {
    let mut n_erased = 0;
    for look in 1..40 {
        let world = Arc::new(world().await);
        world.pass(DAY);
        let fields = [
            ("Name", "Erika Muster"),
            ("Email", "erika@werk.example"),
            ("Phase", "x"),
        ];
        world.crm.put(Object::Contact, &named("erika"), &fields);
        world.crm.advance(MINUTE);
        let due = world.begin().await;
        let (other, erased) = (Arc::clone(&world), Arc::new(AtomicBool::new(false)));
        let done = Arc::clone(&erased);
        world.at_look(look, move || {
            erase(&other).now_or_never().unwrap();
            done.store(true, Ordering::SeqCst);
        });
        world.finish(due, Faults::none()).await;
        if !erased.load(Ordering::SeqCst) {
            // The run did not read the clock that often.
            break;
        }
        n_erased += 1;
        assert_eq!(found(&world).await.len(), 1, "look {look}");
        let report = world.next_run().await;
        assert_eq!(
            verdict(&report, Object::Contact),
            Verdict::Verified,
            "look {look}"
        );
        assert_eq!(of(&report, Object::Contact).withheld, 1, "look {look}");
    }
    assert!(n_erased > 8, "{n_erased}");
}

/// A reconciliation puts records that the copy lacks, after the copy was checked for suppressed people.
#[tokio::test]
async fn a_person_erased_at_any_call_of_a_run_that_fetches_them_again_is_out_of_the_copy_after_it()
{
    let mut n = 0;
    loop {
        n += 1;
        let world = world().await;
        // After another run no window includes her record any more. Then the copy loses the record, and the ids are due to be
        // compared. The reconciliation fetches the record after the copy was checked for suppressed people.
        world.next_run().await;
        let (scope, wanted) = (&world.scope, [(Object::Contact, named("erika"))]);
        let lost = world.store.copied(scope, &wanted).await.unwrap().remove(0);
        let known = lost.unwrap().known;
        let erased = world.store.erase(scope, wanted[0].0, &wanted[0].1, &known);
        assert!(erased.await.unwrap());
        world.pass(DAY * 8);
        let due = world.begin().await;
        let (gate, mut n_calls, mut is_fetched) = (Gate::new(), 0, false);
        let faults = Faults::behind(&gate);
        let mut slice = Box::pin(world.slice(&due, &faults));
        while (&mut slice).now_or_never().is_none() {
            let (call, name) = gate.waiting()[0];
            n_calls += 1;
            is_fetched |= name == "fetch";
            if n_calls == n {
                erase(&world).await;
            }
            gate.let_go(call);
        }
        if n_calls < n {
            assert_eq!(found(&world).await.len(), 3, "nobody was erased");
            assert!(is_fetched, "the sweep had something to fetch");
            break;
        }
        assert_eq!(found(&world).await.len(), 1, "call {n} of {n_calls}");
    }
    assert!(n > 40, "{n}");
}

#[tokio::test]
async fn a_person_erased_while_their_deletion_waits_leaves_the_copy_without_a_decision() {
    for by_mark in [false, true] {
        let mut world = world().await;
        world.settings.max_vanishing_percent = 0;
        world.settings.always_may_vanish = 0;
        world.crm.delete(Object::Contact, &named("erika"));
        let held = world.next_run().await;
        assert_eq!(verdict(&held, Object::Contact), Verdict::Held(1));
        assert!(found(&world).await.contains(&("erika".to_owned(), true)));
        if by_mark {
            // The state after an erasure that met a slice: the suppression exists, and the record is still in the copy.
            let person = erika();
            let noted = Objection {
                person: &person,
                at: world.now(),
                by: "user-1",
                reference: None,
            };
            let tenant = &world.scope.tenant;
            let keys = world.ports.keys.tenant(tenant).await.unwrap();
            suppressions::add(&world.store, &keys, tenant, SuppressionKind::Erasure, noted)
                .await
                .unwrap();
        } else {
            erase(&world).await;
        }
        let report = world.next_run().await;
        assert_eq!(verdict(&report, Object::Contact), Verdict::Verified);
        assert!(world.store.snapshot().held_back.is_empty());
        assert!(
            !world
                .copied(Object::Contact)
                .await
                .contains_key(&named("erika"))
        );
    }
}
