//! Bad answers of the CRM.
use domain::fault::Code;

use abgleich::sync::Fate;
use domain::record::Object;
use serde_json::json;
use simulator::salesforce::Fault;

use super::world::{N, SECRET, World, put, verdict};

fn error(status: u16, code: &str) -> Fault {
    Fault::Error {
        status,
        code: code.to_owned(),
        message: "sObject type is not supported".to_owned(),
        retry_after: None,
    }
}

#[tokio::test]
async fn an_object_that_the_crm_does_not_have_is_absent_and_the_others_are_copied() {
    let world = World::new().await;
    world.spoil(
        "/sobjects/Lead/describe",
        "Lead",
        1,
        0,
        error(404, "NOT_FOUND"),
    );
    assert_eq!(world.run().await, [Fate::Consumed; 2]);
    assert_eq!(
        world.others_than_verified().await,
        [(Object::Lead, "ABSENT".to_owned())]
    );
    assert_eq!(world.held(Object::Account).await.len(), N);
}

#[test]
fn an_object_that_we_do_not_know_is_refused_with_those_that_we_do() {
    for name in ["account", "NoSuchObject", "Account; DROP", ""] {
        let refused = Object::parse(name).unwrap_err();
        assert_eq!(*refused.code(), Code::ObjectUnknown);
        assert!(refused.detail().unwrap().contains("Account"), "{name}");
    }
}

/// The first query of an object counts, the second one reads. In bulk a job is created and polled before.
const READS: u32 = 2;

#[tokio::test]
async fn an_answer_that_is_spoilt_once_is_asked_for_again() {
    let cut = Fault::Cut {
        after: 700,
        chunked: true,
    };
    let short = |keep| Fault::Truncate { keep };
    for (threshold, path) in [(u64::MAX, "/queryAll"), (1, "/jobs/query")] {
        for fault in [Fault::NonUtf8, short(700), short(1), cut.clone()] {
            // Spoils each answer in turn, until there are no more.
            for nth in 1.. {
                let world = World::with(threshold).await;
                world.spoil(path, "Account", nth, 1, fault.clone());
                let case = format!("{path} {nth} {fault:?}");
                assert_eq!(world.run().await, [Fate::Consumed; 2], "{case}");
                assert_eq!(world.others_than_verified().await, [], "{case}");
                assert_eq!(world.held(Object::Account).await, ids(&world, "Account"));
                if world.n_spoilt() == 0 {
                    assert!(nth > READS, "{case}");
                    break;
                }
            }
        }
    }
}

fn ids(world: &World, object: &str) -> Vec<String> {
    let mut ids = world.crm().ids(object, false).unwrap();
    ids.sort();
    ids
}

#[tokio::test]
async fn an_answer_that_is_always_cut_off_is_never_taken_for_whole_and_the_run_is_tried_again() {
    let world = World::new().await;
    world.spoil(
        "/queryAll",
        "Contact",
        READS,
        0,
        Fault::Truncate { keep: 900 },
    );
    let fates = world.run().await;
    assert!(fates.contains(&Fate::Returned) && fates.contains(&Fate::Consumed));
    assert!(
        world.log().contains("salesforce.page_unreadable"),
        "{}",
        world.log()
    );
    // The objects before it are kept.
    assert_eq!(world.held(Object::Account).await.len(), N);
    assert_eq!(world.held(Object::Contact).await.len(), 0);
    // The trouble is over, and the queue redelivers the message.
    world.crm().clear_faults();
    assert_eq!(world.shown_again().await, Fate::Consumed);
    assert_eq!(world.others_than_verified().await, []);
    assert_eq!(world.held(Object::Contact).await, ids(&world, "Contact"));
}

#[tokio::test]
async fn of_an_answer_that_is_never_utf8_the_bad_record_is_set_aside_by_its_id_and_fetched_singly()
{
    let world = World::new().await;
    world.spoil("/queryAll", "Contact", READS, 0, Fault::NonUtf8);
    assert_eq!(world.run().await, [Fate::Consumed; 2]);
    let set_aside = world.quarantine();
    assert_eq!(set_aside.len(), 1, "{set_aside:?}");
    assert!(set_aside[0].contains("record.not_utf8"), "{set_aside:?}");
    let all = ids(&world, "Contact");
    assert!(all.iter().any(|id| set_aside[0].contains(id)));
    assert_eq!(world.others_than_verified().await, []);
    assert_eq!(world.held(Object::Contact).await, all);
}

#[tokio::test]
async fn a_record_that_is_never_utf8_is_missed_by_number_and_kept_once_it_can_be() {
    let world = World::new().await;
    world.spoil("/queryAll", "Contact", READS, 0, Fault::NonUtf8);
    // One query counts and four read (three attempts, and one for the sake of the other records). One counts again, and
    // two list the ids. The next four fetch what is missing.
    world.spoil("/query", "Contact", 9, 4, Fault::NonUtf8);
    assert_eq!(world.run().await, [Fate::Consumed; 2]);
    assert_eq!(
        world.others_than_verified().await,
        [(Object::Contact, "DRIFT(1)".to_owned())]
    );
    let (held, set_aside) = (world.held(Object::Contact).await, world.quarantine());
    assert_eq!((held.len(), set_aside.len()), (N - 1, 1), "{set_aside:?}");
    let all = ids(&world, "Contact");
    let missed = all.iter().find(|id| !held.contains(id)).unwrap();
    assert!(set_aside[0].contains(missed), "{set_aside:?}");
    world.crm().clear_faults();
    world.run_again().await;
    assert_eq!(world.others_than_verified().await, []);
    assert_eq!(world.held(Object::Contact).await, all);
}

#[tokio::test]
async fn a_field_of_two_megabytes_sets_its_record_aside_by_its_id() {
    for threshold in [u64::MAX, 1] {
        let world = World::with(threshold).await;
        let large = json!("x".repeat(2 << 20));
        let id = put(world.crm(), "Account", &[("Note__c", large)]);
        assert_eq!(world.run().await, [Fate::Consumed; 2]);
        let set_aside = world.quarantine();
        assert_eq!(set_aside.len(), 1, "{set_aside:?}");
        assert!(set_aside[0].contains(&id) && set_aside[0].contains("record.field_too_large"));
        assert_eq!(
            world.others_than_verified().await,
            [(Object::Account, "DRIFT(1)".to_owned())]
        );
        assert_eq!(world.held(Object::Account).await.len(), N);
        // After a change the record is read again, and kept if it can be.
        let short = json!({"Note__c": "kurz"}).as_object().unwrap().clone();
        world.crm().edit("Account", &id, &short).unwrap();
        world.run_again().await;
        assert_eq!(world.others_than_verified().await, []);
        assert_eq!(world.held(Object::Account).await.len(), N + 1);
    }
}

#[tokio::test]
async fn an_id_with_odd_characters_sets_its_record_aside() {
    let world = World::new().await;
    for id in ["../001", "a#b", "001/002", "Ä", "", " "] {
        let row =
            json!({"Id": id, "SystemModstamp": "2026-11-24T09:00:00.000+0000", "Name": SECRET});
        let page = json!({"totalSize": 1, "done": true, "records": [row]});
        world.crm().clear_faults();
        let body = page.to_string();
        world.spoil(
            "/queryAll",
            "Account",
            READS,
            1,
            Fault::OddBody { status: 200, body },
        );
        world.run_again().await;
        assert_eq!(world.n_spoilt(), 1);
        // The page lacked the real record. The comparison of ids found that, too.
        assert_eq!(world.others_than_verified().await, [], "{id}");
        assert_eq!(world.held(Object::Account).await, ids(&world, "Account"));
        let set_aside = world.quarantine();
        let reason = if id.is_empty() {
            "record.id_missing"
        } else {
            "record.id_malformed"
        };
        assert!(
            set_aside.iter().any(|line| line.contains(reason)),
            "{set_aside:?}"
        );
        assert!(set_aside.iter().all(|line| !line.contains(SECRET)));
    }
}

#[tokio::test]
async fn a_page_that_repeats_a_record_is_copied_once() {
    let world = World::new().await;
    world.spoil("/queryAll", "Account", READS, 1, Fault::RepeatRecord);
    assert_eq!(world.run().await, [Fate::Consumed; 2]);
    assert_eq!(world.n_spoilt(), 1);
    assert_eq!(world.others_than_verified().await, []);
    let summary = &world.summaries("acme").await[&Object::Account];
    assert_eq!((summary.seen, summary.written), (N as u64 + 1, N as u64));
    assert_eq!(verdict(summary), "VERIFIED");
}
