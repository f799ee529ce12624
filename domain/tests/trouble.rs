use domain::{
    fault::{Code, Fault},
    integration::{Status, Which},
    order::Order,
    ports::Integrations,
    progress::Verdict,
    record::Object::{Account, Contact},
    sync::Ended,
};
use infra::memory::{Faults, Mode, Pages::Ordered};

use crate::world::{HOUR, World, fill, id, of, verdict};

async fn copied() -> World {
    let world = World::new(Ordered, 3).await;
    fill(&world.crm, Account, 7);
    fill(&world.crm, Contact, 2);
    world.pass(HOUR);
    world.run().await;
    world.pass(HOUR);
    world
}

#[tokio::test]
async fn a_field_that_disappeared_is_reported_and_one_that_is_back_is_read_for_all_records() {
    let world = copied().await;
    world.crm.hide("Phase", true);
    let report = world.next_run().await;
    assert_eq!(of(&report, Account).vanished_fields, ["Phase"]);
    assert_eq!(of(&report, Account).written, 0);
    world.crm.hide("Phase", false);
    let report = world.next_run().await;
    assert_eq!(of(&report, Account).seen, 7);
    assert!(of(&report, Account).vanished_fields.is_empty());
    world.assert_is_copy().await;
}

#[tokio::test]
async fn a_new_field_makes_the_run_read_all_records_again() {
    let world = copied().await;
    // A field of one record exists for all of them.
    world
        .crm
        .put(Account, &id(1), &[("Name", "A"), ("Colour", "red")]);
    let report = world.next_run().await;
    assert_eq!(of(&report, Account).seen, 7);
    assert_eq!(of(&report, Account).written, 1);
    assert_eq!(verdict(&report, Account), Verdict::Verified);
    world.assert_is_copy().await;
}

#[tokio::test]
async fn a_revoked_grant_asks_for_a_new_one() {
    let world = copied().await;
    world.pass(HOUR * 24);
    let due = world.begin().await;
    world.crm.revoke(true);
    let Ok(Ended::Finished { report, orders, .. }) = world.calm_slice(&due).await else {
        panic!("not finished");
    };
    assert_eq!(report.failure.as_deref(), Some("crm.revoked"));
    let [Order::SyncFailed(failed)] = orders.as_slice() else {
        panic!("{orders:?}");
    };
    assert!(failed.needs_reconnect);
    let which = Which {
        tenant: world.scope.tenant.clone(),
        integration: world.scope.integration.clone(),
    };
    let integration = world.store.integration(&which).await.unwrap().unwrap();
    assert_eq!(integration.status, Status::NeedsReconnect);
    assert_eq!((integration.lease, integration.open_run), (None, None));
    assert_eq!(world.copied(Account).await.len(), 7);
}

#[tokio::test]
async fn an_event_says_no_code_of_ours_and_the_report_does() {
    // Our code, who meets it how often, and what the event says.
    for (code, call, times, told) in [
        (Code::StoreUnreadable, "progress", 9, "internal"),
        (Code::RecordUnreadable, "progress", 9, "record.unreadable"),
        (Code::CopiesUnwritable, "put", 1, "FAILED(internal)"),
        (
            Code::RecordUnreadable,
            "put",
            1,
            "FAILED(record.unreadable)",
        ),
    ] {
        let world = copied().await;
        world.pass(HOUR * 24);
        fill(&world.crm, Account, 9);
        fill(&world.crm, Contact, 9);
        let faults = Faults::refusing(call, times, Fault::of(code.clone()));
        let ended = world.slice(&world.begin().await, &faults).await;
        let Some(Ok(Ended::Finished { report, orders, .. })) = ended else {
            panic!("{ended:?}");
        };
        match &orders[0] {
            Order::SyncFailed(failed) => {
                assert_eq!(failed.code, told);
                assert_eq!(report.failure, Some(code.to_string()));
            }
            Order::SyncCompleted(completed) => {
                let mut counts = completed.objects.iter();
                let account = counts.find(|counts| counts.object == Account).unwrap();
                assert_eq!(account.verdict, told);
                let kept = Verdict::Failed(code.to_string());
                assert_eq!(verdict(&report, Account), kept);
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn the_event_of_a_run_whose_final_answer_was_lost_is_sent() {
    let world = copied().await;
    world.pass(HOUR * 24);
    let calm = Faults::none();
    world.finish(world.begin().await, calm.clone()).await;
    world.pass(HOUR * 24);
    // The end is the last call.
    let faults = Faults::at(calm.n_calls(), Mode::LosesReply);
    let ended = world.slice(&world.begin().await, &faults).await;
    assert_eq!(faults.broke(), Some("finish"));
    let Some(Ok(Ended::Finished { orders, .. })) = ended else {
        panic!("{ended:?}");
    };
    assert!(matches!(orders[..], [Order::SyncCompleted(_)]));
}

#[tokio::test]
async fn an_end_that_cannot_be_stored_gives_the_lease_back_and_the_next_slice_stores_it() {
    let world = copied().await;
    world.pass(HOUR * 24);
    let due = world.begin().await;
    let faults = Faults::refusing("finish", 9, Fault::of(Code::TestFailed));
    let failed = world.slice(&due, &faults).await.unwrap();
    assert!(failed.unwrap_err().is_transient());
    let which = Which {
        tenant: world.scope.tenant.clone(),
        integration: world.scope.integration.clone(),
    };
    let integration = world.store.integration(&which).await.unwrap().unwrap();
    assert!(integration.lease.is_none() && integration.open_run.is_some());
    let n_pages = world.crm.calls("changes");
    let ended = world.calm_slice(&due).await.unwrap();
    assert!(matches!(ended, Ended::Finished { .. }), "{ended:?}");
    assert_eq!(world.crm.calls("changes"), n_pages, "nothing is read again");
}

#[tokio::test]
async fn a_used_up_quota_pauses_the_run_and_releases_the_lease() {
    let world = copied().await;
    world.pass(HOUR * 24);
    let due = world.begin().await;
    world.crm.exhaust(true);
    let ended = world.calm_slice(&due).await.unwrap();
    assert!(
        matches!(&ended, Ended::Paused { code, wait } if code == "crm.quota" && wait.as_secs() == 3_600),
        "{ended:?}"
    );
    world.crm.exhaust(false);
    let ended = world.calm_slice(&due).await.unwrap();
    assert!(matches!(ended, Ended::Finished { .. }), "{ended:?}");
}

#[tokio::test]
async fn an_object_that_cannot_be_read_does_not_stop_the_others() {
    let world = copied().await;
    world.crm.forbid(Account, true);
    world.crm.delete(Contact, &id(0));
    let report = world.next_run().await;
    assert_eq!(
        verdict(&report, Account),
        Verdict::Failed("crm.object_unreadable".to_owned())
    );
    assert_eq!(verdict(&report, Contact), Verdict::Verified);
    assert_eq!(world.copied(Contact).await.len(), 1);
    assert_eq!(world.copied(Account).await.len(), 7);
    world.crm.forbid(Account, false);
    let report = world.next_run().await;
    assert_eq!(verdict(&report, Account), Verdict::Verified);
    world.assert_is_copy().await;
}
