//! Objects that fail transiently, and the effect on the others.

use domain::{
    fault::{CrmCode, Fault, Outcome},
    integration::Which,
    order::{Order, SyncDue},
    ports::{Integrations, Runs},
    progress::{RunReport, Verdict},
    record::Object::{self, Account, Contact, Opportunity},
    sync::{Alarm, Ended},
};
use infra::memory::Pages::Ordered;

use crate::world::{DAY, HOUR, MINUTE, World, due, fill, id, of, verdict, write};

const CODE: &str = "crm.query_timeout";

async fn filled() -> World {
    let world = World::new(Ordered, 3).await;
    for object in Object::ALL {
        fill(&world.crm, object, 4);
    }
    world.pass(HOUR);
    world
}

fn timeout() -> Option<Fault> {
    Some(Fault::crm("crm", CrmCode::QueryTimeout))
}

/// Each object's verdict in the Ledger, and the fault of its last attempt.
async fn standing(world: &World) -> Vec<(Object, Option<Verdict>, Option<String>)> {
    let progress = world.store.progress(&world.scope).await.unwrap();
    let found = progress.into_iter();
    found
        .map(|one| (one.object, one.summary.verdict, one.summary.trouble))
        .collect()
}

/// Repeats an order as the queue does, and afterwards once an hour as dispatch does, until the run ends. Returns the report, the
/// event and the alarm.
async fn ended(world: &World, mut order: SyncDue) -> (RunReport, Order, Option<Alarm>) {
    let mut waits = [1, 3, 9, 27].into_iter();
    for _ in 0..100 {
        let minutes = match world.calm_slice(&order).await {
            Ok(Ended::Finished {
                report,
                mut orders,
                alarm,
                ..
            }) => return (report, orders.remove(0), alarm),
            Ok(Ended::HandedOver { mut orders, .. }) => {
                order = due(orders.remove(0));
                0
            }
            Ok(Ended::Paused { .. }) => 60,
            Ok(other) => panic!("{other:?}"),
            Err(fault) => {
                assert!(fault.is_transient(), "{fault}");
                waits.next().unwrap_or(60)
            }
        };
        world.pass(MINUTE * minutes);
    }
    panic!("the run does not end");
}

#[tokio::test]
async fn an_object_that_fails_transiently_does_not_stop_the_others_and_is_retried_alone() {
    let world = filled().await;
    world.crm.fail("count", Some(Account), timeout());
    let order = world.begin().await;
    let first: Outcome<Ended> = world.calm_slice(&order).await;
    assert_eq!(first.unwrap_err().crm_code(), Some(&CrmCode::QueryTimeout));
    for (object, verdict, trouble) in standing(&world).await {
        let expected = match object {
            Account => (None, Some(CODE.to_owned())),
            _ => (Some(Verdict::Verified), None),
        };
        assert_eq!((verdict, trouble), expected, "{object:?}");
    }
    let which = Which {
        tenant: world.scope.tenant.clone(),
        integration: world.scope.integration.clone(),
    };
    let there = world.store.integration(&which).await.unwrap().unwrap();
    assert!(there.open_run.is_some() && there.lease.is_none());

    let (pages, counts) = (world.crm.calls("changes"), world.crm.calls("count"));
    world.calm_slice(&order).await.unwrap_err();
    assert_eq!(world.crm.calls("changes"), pages, "nothing is read again");
    assert_eq!(world.crm.calls("count"), counts + 1, "only its own");

    world.crm.fail("count", Some(Account), None);
    let (report, _, alarm) = ended(&world, order).await;
    assert!(
        report
            .objects
            .iter()
            .all(|(_, of)| of.verdict == Some(Verdict::Verified))
    );
    assert_eq!((report.failure.as_deref(), alarm), (None, None));
    let objects: Vec<Object> = report.objects.iter().map(|(object, _)| *object).collect();
    assert_eq!(objects, Object::ALL);
    assert_eq!(of(&report, Account).trouble, None);
    world.assert_is_copy().await;
}

#[tokio::test]
async fn an_object_that_fails_every_day_does_not_stop_the_others() {
    let world = filled().await;
    world.crm.fail("count", Some(Account), timeout());
    for day in 0..3 {
        write(&world.crm, Opportunity, 10 + day, "new");
        world.pass(HOUR);
        let begun = world.now();
        let (report, event, alarm) = ended(&world, world.begin().await).await;
        assert!(report.ended.duration_since(begun) > HOUR * 20, "{report:?}");
        assert_eq!(verdict(&report, Account), Verdict::Failed(CODE.to_owned()));
        assert_eq!(verdict(&report, Opportunity), Verdict::Verified);
        assert!(world.copied(Opportunity).await.contains_key(&id(10 + day)));
        assert!(matches!(event, Order::SyncCompleted(_)));
        assert_eq!(alarm, Some(Alarm::GivenUp));
        world.pass(DAY);
    }
}

#[tokio::test]
async fn two_failing_objects_do_not_stop_the_others() {
    let world = filled().await;
    for object in [Account, Contact] {
        world.crm.fail("describe", Some(object), timeout());
    }
    let order = world.begin().await;
    for _ in 0..2 {
        world.calm_slice(&order).await.unwrap_err();
    }
    let verified = standing(&world).await.into_iter();
    let verified = verified.filter(|(_, verdict, _)| *verdict == Some(Verdict::Verified));
    assert_eq!(verified.count(), Object::ALL.len() - 2);
}

#[tokio::test]
async fn a_slice_tries_two_objects_of_a_crm_that_is_down_and_the_next_slice_tries_others() {
    let world = filled().await;
    world.crm.fail("describe", None, timeout());
    let order = world.begin().await;
    for n in 1..4 {
        world.calm_slice(&order).await.unwrap_err();
        assert_eq!(world.crm.calls("describe"), 2 * n);
    }
    assert_eq!(standing(&world).await.len(), Object::ALL.len());
    world.crm.fail("describe", None, None);
    ended(&world, order).await;
    world.assert_is_copy().await;
}

#[tokio::test]
async fn a_crm_that_is_down_for_a_day_fails_the_run_with_its_own_reason() {
    let world = filled().await;
    world.run().await;
    world.pass(DAY);
    world.crm.fail("describe", None, timeout());
    let begun = world.now();
    let (report, event, alarm) = ended(&world, world.begin().await).await;
    let lasted = report.ended.duration_since(begun);
    assert!(HOUR * 20 < lasted && lasted < HOUR * 23, "{lasted}");
    assert_eq!(report.failure.as_deref(), Some(CODE));
    assert_eq!(report.objects.len(), Object::ALL.len());
    assert!(matches!(event, Order::SyncFailed(failed) if failed.code == CODE));
    assert_eq!(alarm, Some(Alarm::GivenUp));
}

#[tokio::test]
async fn a_slice_meets_a_used_up_quota_once_and_the_failed_run_names_it() {
    let world = filled().await;
    world.crm.exhaust(true);
    let order = world.begin().await;
    let paused = world.calm_slice(&order).await.unwrap();
    assert!(matches!(paused, Ended::Paused { .. }), "{paused:?}");
    assert_eq!(world.crm.calls("describe"), 1);
    let (report, event, _) = ended(&world, order).await;
    assert_eq!(report.failure.as_deref(), Some("crm.quota"));
    assert!(matches!(event, Order::SyncFailed(_)));
}
