//! Runs in which nothing succeeds, and their remedies.

use domain::{
    connect::{Connect, connect},
    fault::{Code, CrmCode, Fault, Outcome},
    integration::{Credentials, Grant, Integration, Lease, Provider, Status, Which},
    order::Order,
    ports::{Integrations, Leases},
    progress::RunReport,
    record::Object::{self, Account, Contact},
    sync::{Alarm, Ended},
    tenant::RunId,
};
use infra::memory::Pages::Ordered;

use crate::world::{DAY, HOUR, World, fill};

async fn copied() -> World {
    let world = World::new(Ordered, 3).await;
    world.crm.set_organisation(Some(OURS));
    fill(&world.crm, Account, 4);
    fill(&world.crm, Contact, 2);
    world.pass(HOUR);
    world.run().await;
    world.pass(DAY);
    world
}

async fn ended(world: &World) -> (RunReport, Order, Option<Alarm>) {
    match world.calm_slice(&world.begin().await).await.unwrap() {
        Ended::Finished {
            report,
            mut orders,
            alarm,
            ..
        } => (report, orders.remove(0), alarm),
        other => panic!("{other:?}"),
    }
}

async fn integration(world: &World) -> Integration {
    let which = Which {
        tenant: world.scope.tenant.clone(),
        integration: world.scope.integration.clone(),
    };
    world.store.integration(&which).await.unwrap().unwrap()
}

async fn reconnect(world: &World, organisation: &str) -> Outcome<Integration> {
    let connected = connect(
        (&world.ports).into(),
        world.now(),
        Connect {
            which: Which {
                tenant: world.scope.tenant.clone(),
                integration: world.scope.integration.clone(),
            },
            provider: Provider::Salesforce,
            credentials: Credentials {
                login_url: "https://login.example".to_owned(),
                instance_url: None,
                client_id: "client".to_owned(),
                grant: Grant::RefreshToken {
                    refresh_token: "another".to_owned(),
                    client_secret: None,
                },
                access_token: None,
                expires: None,
                scope: None,
            },
            organisation: Some(organisation.to_owned()),
        },
    );
    connected.await.map(|connected| connected.integration)
}

const OURS: &str = "00D000000000001AAA";

fn refuse_app(world: &World) {
    let refused = Fault::crm("crm", CrmCode::InvalidClient);
    world.crm.fail("describe", None, Some(refused));
}

fn fail_all(world: &World, code: impl Fn(Object) -> &'static str) {
    for object in Object::ALL {
        let fault = Fault::crm("crm", CrmCode::said(code(object)));
        world.crm.fail("describe", Some(object), Some(fault));
    }
}

#[tokio::test]
async fn a_refused_app_fails_the_run_alarms_the_operator_and_revokes_nobody() {
    let world = copied().await;
    refuse_app(&world);
    let (report, order, alarm) = ended(&world).await;
    assert_eq!(report.failure.as_deref(), Some("crm.invalid_client"));
    let Order::SyncFailed(failed) = order else {
        panic!("{order:?}");
    };
    assert!(!failed.needs_reconnect);
    assert_eq!(alarm, Some(Alarm::AppRefused));
    assert_eq!(integration(&world).await.status, Status::Connected);
    world.crm.fail("describe", None, None);
    world.next_run().await;
    world.assert_is_copy().await;
}

#[tokio::test]
async fn a_run_in_which_every_object_failed_has_failed_with_their_common_code() {
    let world = copied().await;
    fail_all(&world, |_| "forbidden");
    let (report, order, alarm) = ended(&world).await;
    assert_eq!(report.failure.as_deref(), Some("crm.forbidden"));
    assert!(!report.had_success());
    assert_eq!(report.objects.len(), Object::ALL.len());
    assert!(matches!(order, Order::SyncFailed(failed) if failed.code == "crm.forbidden"));
    assert_eq!(alarm, None);

    fail_all(&world, |object| match object {
        Account => "forbidden",
        _ => "malformed",
    });
    world.pass(DAY);
    let (report, order, _) = ended(&world).await;
    assert_eq!(report.failure.as_deref(), Some("sync.every_object_failed"));
    assert!(matches!(order, Order::SyncFailed(_)));
}

#[tokio::test]
async fn a_run_in_which_one_object_succeeded_is_completed() {
    let world = copied().await;
    fail_all(&world, |_| "forbidden");
    world.crm.fail("describe", Some(Contact), None);
    let (report, order, _) = ended(&world).await;
    assert_eq!(report.failure, None);
    assert!(matches!(order, Order::SyncCompleted(_)));
    let again = reconnect(&world, OURS).await;
    assert_eq!(
        *again.err().unwrap().code(),
        Code::IntegrationConnectedAlready
    );
}

#[tokio::test]
async fn a_connected_integration_may_be_connected_again_if_its_last_run_had_no_success() {
    let world = copied().await;
    refuse_app(&world);
    ended(&world).await;
    let before = integration(&world).await;
    let other = reconnect(&world, "00D000000000009AAA").await;
    assert_eq!(
        *other.err().unwrap().code(),
        Code::IntegrationOtherOrganisation
    );
    let again = reconnect(&world, OURS).await.ok().unwrap();
    assert_eq!(again.scope, before.scope, "the copy goes on");
    assert!(again.credentials != before.credentials);
    world.crm.fail("describe", None, None);
    world.run().await;
    world.assert_is_copy().await;
    let fine = reconnect(&world, OURS).await;
    assert_eq!(
        *fine.err().unwrap().code(),
        Code::IntegrationConnectedAlready
    );
}

#[tokio::test]
async fn a_grant_is_not_replaced_while_a_slice_is_working() {
    let world = copied().await;
    refuse_app(&world);
    ended(&world).await;
    let lease = Lease {
        holder: "slice".to_owned(),
        run: RunId::parse("0123456789abcdef").unwrap(),
        deadline: world.now().checked_add(HOUR).unwrap(),
    };
    let taken = world.store.take_lease(&world.scope, &lease, world.now());
    assert!(taken.await.unwrap().is_some());
    let refused = reconnect(&world, OURS).await;
    assert_eq!(
        *refused.err().unwrap().code(),
        Code::IntegrationChangedMeanwhile
    );
    world.wait(HOUR * 2);
    reconnect(&world, OURS).await.ok().unwrap();
}
